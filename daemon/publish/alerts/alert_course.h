#pragma once
/** What of an alert its steps do not say: how it went. Kept while it is told; a restart forgets it. */
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/instant.h"

namespace changtong::alerts {

struct alert_course {
  /** When all of it was well, before it was waited whether it stays so, a label; none: it goes on, or is not known. */
  std::optional<wall_t> ended{};
  std::optional<wall_t> began{};  ///< of the first of these times, a label; none: as the steps have it
  std::size_t times = 0;          ///< how often it came; 0: nobody counted
  milliseconds lasted{0};         ///< all of these together; `times` 0: no meaning
};

/** Of the alerts that were opened last. Not thread-safe. */
class alert_courses {
 public:
  void note(const std::string& alert, const alert_course& course) {
    of_.insert_or_assign(alert, course);
    if (of_.size() > most) of_.erase(of_.begin());  // ids are in order of the days
  }
  /** None: nothing is known besides its steps. */
  [[nodiscard]] std::optional<alert_course> of(std::string_view alert) const {
    const auto at = of_.find(alert);
    return at == of_.end() ? std::nullopt : std::optional(at->second);
  }

 private:
  static constexpr std::size_t most = 1000;
  std::map<std::string, alert_course, std::less<>> of_;
};

}  // namespace changtong::alerts
