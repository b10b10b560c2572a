#pragma once
/** Faults of our own: one alert a name. */
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/alert_settings.h"
#include "daemon/publish/alerts/alert_course.h"
#include "daemon/publish/alerts/grouping_numbers.h"

namespace changtong::alerts::fold {

/** Told at once, however short it was; over when it has been away for a while. One that comes and goes stays one alert
 * until it has been away for half the flapping window. */
class own_faults {
 public:
  explicit own_faults(const together_limits& limits) : limits_(limits) {}
  void recall(std::span<const alert_record> steps, wall_t now);
  void adopt(const together_limits& limits) { limits_ = limits; }
  /** `label`: since when it is wrong, or well again. */
  void take(std::string_view name, bool wrong, wall_t label, wall_t now);
  void due(wall_t now, sheet& out);
  [[nodiscard]] wall_t until() const { return until_; }

 private:
  struct fault {
    bool wrong = false;
    bool untold = false;        ///< it was wrong, and no alert says so
    std::string alert;          ///< open; empty: none
    wall_t began{};             ///< a label
    wall_t came{};              ///< the last time, a label
    alert_course course{};      ///< of this alert
    bool recalled = false;      ///< how often it came before a restart nobody knows
    wall_t away{};              ///< since then
    milliseconds after{0};      ///< … for so long: over
    std::vector<wall_t> times;  ///< when it came, as many as make it a flapping one
  };
  [[nodiscard]] milliseconds hold(const fault& f, wall_t now) const;

  together_limits limits_;
  std::map<std::string, fault, std::less<>> of_;
  wall_t until_ = wall_max;
};

}  // namespace changtong::alerts::fold
