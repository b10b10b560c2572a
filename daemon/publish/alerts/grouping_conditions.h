#pragma once
/** What is up and not well: degraded lines, certificates that end. One alert a target and name; many of a name at once
 * are one. Down targets are left alone: what they had open waits for them to come back. */
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "daemon/core/alert_settings.h"
#include "daemon/publish/alerts/grouping_burst.h"
#include "daemon/publish/alerts/grouping_numbers.h"
#include "daemon/publish/alerts/grouping_terrain.h"

namespace changtong::alerts::fold {

class conditions {
 public:
  using is_down = std::function<bool(target_index)>;

  explicit conditions(const together_limits& limits) : limits_(limits) {}
  void recall(std::span<const alert_record> steps, const terrain& land, wall_t now);
  /** `place`: where a target of before is now, no_index: nowhere. */
  void adopt(const together_limits& limits, const std::function<target_index(target_index)>& place);

  void take(alert_subject what, target_index t, std::string_view name, bool wrong, wall_t label, wall_t now);
  void came_up(target_index t, wall_t now);

  void due(wall_t now, const terrain& land, const is_down& down, sheet& out);
  [[nodiscard]] wall_t until() const { return until_; }

 private:
  static constexpr int none = -1;
  struct fact {
    bool wrong = false, waits = false;
    wall_t since{};          ///< it is wrong, and the target up
    wall_t began{};          ///< when it became wrong, a label
    wall_t told = wall_min;  ///< last
    std::string name;        ///< of the condition, as it began
    int alert = none;
  };
  struct alert {
    std::string id, name;
    wall_t began{}, opened{};
    std::vector<target_index> members;
    std::size_t right = 0;  ///< of them
    wall_t last_right{};
    milliseconds after{0};  ///< all of it has been right for so long: over
    bool grows = false, grown = false;
  };
  /** Degraded lines by what is wrong with them; certificates all, for their name may be how many days are left. */
  struct topic {
    alert_subject subject = alert_subject::degraded;
    std::unordered_map<target_index, fact> of;
    std::vector<target_index> waits;
    std::map<int, alert> open;
  };

  [[nodiscard]] topic& about(alert_subject what, std::string_view name);
  [[nodiscard]] wall_t ready(const topic& about, const fact& f) const;
  [[nodiscard]] milliseconds away(const topic& about) const;
  void soon(wall_t at) { until_ = std::min(until_, at); }

  void recall(const alert_record& r, const terrain& land);
  [[nodiscard]] std::vector<target_index> ripe(topic& about, const is_down& down, wall_t now);
  void open_ripe(topic& about, const terrain& land, const is_down& down, wall_t now, sheet& out);
  void open(topic& about, const std::vector<target_index>& of, wall_t now, const terrain& land, sheet& out);
  [[nodiscard]] static int storm_host(topic& about, wall_t now);
  void grow(topic& about, alert& a, wall_t now, const terrain& land, sheet& out);
  [[nodiscard]] bool over(const alert& a, const is_down& down, wall_t now);
  void end(topic& about, const alert& a, const terrain& land, sheet& out) const;
  static void add(topic& about, int number, target_index t, wall_t now);
  static void tell(const topic& about, const alert& a, alert_step step, const terrain& land, sheet& out);

  together_limits limits_;
  std::map<std::pair<alert_subject, std::string>, topic> topics_;
  int next_ = 0;
  wall_t until_ = wall_max;
};

}  // namespace changtong::alerts::fold
