#pragma once
/** Outages into alerts: what waits, which alerts are open, when they grow and end. Timers run on `now` as grouping.cpp
 * hands it in, which never goes back; `began` is a label. */
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "daemon/core/alert_settings.h"
#include "daemon/core/rare.h"
#include "daemon/core/record.h"
#include "daemon/publish/alerts/grouping_burst.h"
#include "daemon/publish/alerts/grouping_numbers.h"
#include "daemon/publish/alerts/grouping_story.h"
#include "daemon/publish/alerts/grouping_terrain.h"

namespace changtong::alerts::fold {

class outages {
 public:
  outages(terrain land, const together_limits& limits) : land_(std::move(land)), limits_(limits) { resize(); }

  void recall(std::span<const alert_record> steps, std::span<const transition> open, wall_t now);
  void adopt(terrain land, const together_limits& limits, wall_t now);  ///< another inventory, or other limits

  void doubts(bool any, wall_t now);  ///< whether lines are in doubt that may be down in a moment
  /** `began` is a label, and so is `good`, when it was seen well last, wall_min: nobody knows; `age`: so long ago it
   * began. */
  void took_down(target_index t, wall_t began, wall_t good, milliseconds age, wall_t now);
  void came_up(target_index t, wall_t now);
  /** Its cause is known: `upstream` is down, or no_index. */
  void decided(target_index t, target_index upstream, wall_t now);
  void gone(target_index t);  ///< nobody will ever say that it is well

  void due(wall_t now, sheet& out);
  [[nodiscard]] wall_t until() const { return until_; }
  [[nodiscard]] bool down(target_index t) const { return of_[t].down; }
  [[nodiscard]] const terrain& land() const { return land_; }

 private:
  static constexpr int none = -1;
  /** The last outage of a line: most lines never have one. */
  struct outage {
    wall_t began{};               ///< a label
    wall_t good = wall_min;       ///< when the line was seen well last before it, a label
    wall_t seen{};                ///< when it was confirmed
    wall_t bad{};                 ///< when its first bad sample was, on the same time
    std::vector<wall_t> flapped;  ///< when its own last ones were confirmed, as many as make it a flapping one
  };
  struct line {
    bool down = false;        ///< in an outage, or in a hole of one
    bool waits = false;       ///< to be told; it may be over already
    bool is_decided = false;  ///< waits: its cause is known
    bool recalled = false;    ///< waits: since before a restart
    int story = none;         ///< the alert it is in
    rare<outage> last;
  };
  static_assert(sizeof(line) <= 16);  // there is one for every target
  using stories = std::map<int, story>;

  void resize() { of_.resize(land_.inv->targets.size()); }
  void soon(wall_t at) { until_ = std::min(until_, at); }

  // grouping_outages.cpp: what one target does
  void count_outage(line& l, wall_t now) const;
  [[nodiscard]] bool flapping(const line& l, wall_t now) const;
  static void not_its_own(line& l);
  void down_again(line& l, wall_t now);
  bool join_ancestor(target_index t, target_index upstream, wall_t now);
  void leave(target_index t);
  [[nodiscard]] target_index top(target_index t) const;

  // grouping_outages_recall.cpp
  void take_over(story s, wall_t now);
  void found_down(target_index t, wall_t began, wall_t now);

  // grouping_outages_open.cpp: from what waits to alerts
  void open_ripe(wall_t now, sheet& out);
  [[nodiscard]] std::vector<waiting> list_waiting(wall_t now);
  void place(wall_t now, sheet& out);
  bool take_children(target_index root, wall_t now);
  using company = std::map<int, std::size_t>;  ///< by alert: how many of what is placed now could be part of it
  [[nodiscard]] company count_company() const;
  bool join_recent(target_index root, const company& with, wall_t now);
  void place_together(std::vector<unit> units, wall_t now, sheet& out);
  bool join_told(const cluster& c, const std::vector<unit>& units, wall_t now);
  void open(const cluster& c, const std::vector<unit>& units, wall_t now, sheet& out);
  void merge(int from, int into, wall_t now);
  void add_all(int to, target_index root, wall_t now);
  void add(int to, target_index t, wall_t now);
  void spread_storm(std::vector<cluster>& all, const std::vector<unit>& units, wall_t now);
  void forget_old(wall_t now);
  [[nodiscard]] bool of_sites(const story& s) const { return land_.site(s.members.front()); }
  [[nodiscard]] bool joinable(const story& s, target_index root) const;
  [[nodiscard]] bool fell_with(const story& s, target_index root) const;
  [[nodiscard]] bool companion(const story& s, target_index root) const;
  [[nodiscard]] bool below(const story& s, target_index root) const;
  [[nodiscard]] int storm_host(target_index root) const;
  [[nodiscard]] std::size_t opened_lately(bool sites, wall_t now) const;
  [[nodiscard]] std::vector<unit> told_alone(const std::vector<unit>& beside) const;

  // grouping_outages_due.cpp: what open alerts have to say
  void grow(story& s, wall_t now, sheet& out) const;
  [[nodiscard]] bool stays_down(const story& s, wall_t now) const;
  [[nodiscard]] bool below_all(const story& s, target_index root) const;
  void sweep(story& s);
  void resolve(story& s, wall_t now, sheet& out);
  void end(story& s, std::vector<target_index> well, sheet& out) const;
  void end_swallowed(story& s, sheet& out) const;
  static void tell_removed(story& s, sheet& out);
  void tell(const story& s, alert_step step, const std::vector<target_index>& targets, sheet& out) const;
  [[nodiscard]] wall_t growth(const story& s) const;
  [[nodiscard]] wall_t recovery(const story& s) const;
  [[nodiscard]] static bool is_held(const story& s);
  [[nodiscard]] wall_t next(const story& s) const;

  terrain land_;
  together_limits limits_;
  bool alone_ = false;               ///< no other line is in doubt
  std::vector<line> of_;             ///< by target
  std::vector<target_index> waits_;  ///< in the order in which they came; some may not wait any more
  std::map<target_index, std::vector<target_index>> behind_;  ///< scratch of place(): by root, what waits with it
  stories stories_;
  std::vector<int> recent_;  ///< stories that others may still join, oldest first
  int next_story_ = 0;
  wall_t until_ = wall_max;
  wall_t rest_until_ = wall_min;  ///< looking at thousands that wait takes a moment: not before that
};

}  // namespace changtong::alerts::fold
