#pragma once
/** What messages that left have named as the cause, beside what is known since: whoever was told another one is told so
 * once, as long as the alert is open; the recovery says what it was in any case. Pure; one thread. */
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/cause.h"
#include "daemon/core/declared_alert.h"

namespace changtong::alerts {

class told_causes {
 public:
  static constexpr milliseconds settles{3'000};  ///< a cause that is another for so long is another

  /** A message about this step leaves: opened, or grown. `named`: words.h */
  void said(const alert_record& step, cause named);
  /** A cause was found: due() has something to compare. */
  void stir() { stirred_ = true; }
  /** Steps that are to be entered: grown, another_cause. What is not open is forgotten. Costs nothing while nothing was
   * found. */
  [[nodiscard]] std::vector<alert_record> due(wall_t now, const std::function<bool(std::string_view alert)>& open,
                                              const std::function<cause(const alert_record&)>& named);

 private:
  struct told {
    alert_record step;
    cause named = cause::none;
    std::optional<wall_t> differs_since;
    bool corrected = false;
  };
  std::map<std::string, told> all_;  ///< by alert
  bool stirred_ = false;
};

}  // namespace changtong::alerts
