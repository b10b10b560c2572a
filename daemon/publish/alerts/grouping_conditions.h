#pragma once
/** What is up and not well: degraded targets, certificates that end. What ripens at once is one alert a target,
 * whatever is wrong with it; many targets at once are one. Down targets are left alone: what they had open waits for
 * them to come back. */
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "daemon/core/alert_settings.h"
#include "daemon/publish/alerts/grouping.h"
#include "daemon/publish/alerts/grouping_burst.h"
#include "daemon/publish/alerts/grouping_numbers.h"
#include "daemon/publish/alerts/grouping_terrain.h"

namespace changtong::alerts::fold {

class conditions {
 public:
  using is_down = std::function<bool(target_index)>;
  struct news {
    alert_subject about = alert_subject::degraded;
    target_index target = no_index;
    std::string_view name;
    bool wrong = false;
  };

  explicit conditions(const together_limits& limits) : limits_(limits) {}
  void recall(std::span<const alert_record> steps, const terrain& land, wall_t now);
  /** `place`: where a target of before is now, no_index: nowhere. */
  void adopt(const together_limits& limits, const terrain& before,
             const std::function<target_index(target_index)>& place);
  /** The same under the limits of before: of whom nobody asks any more what was open ends as `removed`. */
  void move(const terrain& before, const std::function<target_index(target_index)>& place);

  void take(const news& what, const condition_patience& patience, wall_t label, wall_t now);
  void came_up(target_index t, wall_t now);

  void due(wall_t now, const terrain& land, const is_down& down, sheet& out);
  [[nodiscard]] wall_t until() const { return until_; }

 private:
  static constexpr int none = -1;
  /** A target, and what is wrong with it by the number of its name, from 1. Of a certificate how far it is: its name
   * may be how many days are left. */
  using key = std::pair<target_index, std::size_t>;
  struct hash {
    std::size_t operator()(const key& k) const { return k.first * 31 + k.second; }
  };
  struct fact {
    bool wrong = false, waits = false;
    wall_t since{};          ///< it is wrong, and the target up
    wall_t began{};          ///< when it became wrong, a label
    wall_t ended{};          ///< when it became right again, a label
    wall_t told = wall_min;  ///< last
    std::string name;        ///< as it began
    condition_patience patience;
    int alert = none;
  };
  struct alert {
    std::string id, name;
    wall_t began{}, opened{};
    std::vector<key> members;
    std::size_t right = 0;  ///< of them
    wall_t last_right{};
    milliseconds after{0};  ///< all of it has been right for so long: over
    bool grows = false, grown = false;
    bool recalled = false;             ///< nothing of it has been wrong since a restart
    bool lost = false;                 ///< a member left it without a word
    std::vector<std::string> removed;  ///< ids that are in no inventory any more
  };
  struct topic {
    alert_subject subject = alert_subject::degraded;
    std::unordered_map<key, fact, hash> of;
    std::vector<key> waits;
    std::map<int, alert> open;
  };

  [[nodiscard]] std::size_t number(alert_subject what, std::string_view name);
  [[nodiscard]] topic& about(alert_subject what);
  [[nodiscard]] wall_t ready(const topic& about, const fact& f) const;
  [[nodiscard]] milliseconds away(const topic& about, const fact& f) const;
  void soon(wall_t at) { until_ = std::min(until_, at); }

  void recall(const alert_record& r, const terrain& land);
  [[nodiscard]] std::vector<key> ripe(topic& about, const is_down& down, wall_t now);
  void open_ripe(topic& about, const terrain& land, const is_down& down, wall_t now, sheet& out);
  void open(topic& about, const std::vector<key>& of, const std::string& name, wall_t now, const terrain& land,
            sheet& out);
  static void supersede(topic& about, int by, sheet& out);
  [[nodiscard]] std::string name_of(const topic& about, std::vector<key> of) const;
  [[nodiscard]] static int storm_host(topic& about, std::string_view name, wall_t now);
  void grow(topic& about, alert& a, wall_t now, const terrain& land, sheet& out);
  [[nodiscard]] bool over(const alert& a, const is_down& down, wall_t now);
  static void end(topic& about, const alert& a, const terrain& land, sheet& out);
  void add(topic& about, int number, const key& k, wall_t now) const;
  static void tell(const topic& about, const alert& a, alert_step step, const terrain& land, sheet& out);
  static void tell_removed(const topic& about, alert& a, sheet& out);

  together_limits limits_;
  std::map<alert_subject, topic> topics_;
  std::vector<std::string> names_;  ///< by number
  int next_ = 0;
  wall_t until_ = wall_max;
};

}  // namespace changtong::alerts::fold
