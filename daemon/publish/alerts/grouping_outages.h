#pragma once
/** Outages into alerts: what waits, which alerts are open, when they grow and end. Timers run on `now` as grouping.cpp
 * hands it in, which never goes back; `began` is a label. */
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "daemon/core/alert_settings.h"
#include "daemon/core/record.h"
#include "daemon/publish/alerts/grouping_burst.h"
#include "daemon/publish/alerts/grouping_numbers.h"
#include "daemon/publish/alerts/grouping_terrain.h"

namespace changtong::alerts::fold {

/** One open alert. */
struct story {
  std::string id;
  alert_subject subject = alert_subject::line;
  std::string name;
  wall_t began{};                     ///< of the earliest outage in it, a label
  wall_t window{};                    ///< companions began within `within` of it, a label
  wall_t opened{};                    ///< when it was told
  wall_t joined_until{};              ///< companions of its carrier or town come until then
  std::vector<target_index> members;  ///< each once
  std::size_t down = 0;               ///< of them
  wall_t down_since{};                ///< one of them has been down all the time since
  wall_t first_well{}, last_well{};   ///< when members came back that are not told as well yet
  bool any_well = false;
  bool grows = false;  ///< it has members that were not told
  bool grown = false;  ///< … that is said once
  wall_t first_added{}, last_added{};
  int partly = 0;                  ///< resolved steps that left some of it down
  bool held = false;               ///< it comes and goes: stays open until it has been well for long
  bool sweep = false;              ///< held, and somebody who came along is well
  std::vector<target_index> left;  ///< who came along and left
  std::size_t lost = 0;            ///< who was told and is in no inventory any more, or closed
  struct ended {
    std::string id;
    alert_subject subject;
    std::string name;
    wall_t began;
  };
  std::vector<ended> swallowed;  ///< alerts that became part of it, and end once it has said so
};

class outages {
 public:
  outages(terrain land, const together_limits& limits) : land_(std::move(land)), limits_(limits) { resize(); }

  void recall(std::span<const alert_record> steps, std::span<const transition> open, wall_t now);
  /** The inventory is another one, or the limits are. */
  void adopt(terrain land, const together_limits& limits, wall_t now);

  /** Whether lines are in doubt that may be down in a moment. */
  void doubts(bool any, wall_t now);
  void took_down(target_index t, wall_t began, wall_t now);
  void came_up(target_index t, wall_t now);
  /** Its cause is known: `upstream` is down, or no_index. */
  void decided(target_index t, target_index upstream, wall_t now);
  /** Nobody will ever say that it is well: it leaves its alert without a word. */
  void gone(target_index t);

  void due(wall_t now, sheet& out);
  [[nodiscard]] wall_t until() const { return until_; }
  [[nodiscard]] bool down(target_index t) const { return of_[t].down; }
  [[nodiscard]] const terrain& land() const { return land_; }

 private:
  static constexpr int none = -1;
  struct line {
    bool down = false;            ///< in an outage, or in a hole of one
    bool waits = false;           ///< to be told; it may be over already
    bool is_decided = false;      ///< waits: its cause is known
    bool recalled = false;        ///< waits: since before a restart
    int story = none;             ///< the alert it is in
    wall_t began{};               ///< of the outage, a label
    wall_t seen{};                ///< when it was confirmed
    std::vector<wall_t> outages;  ///< when its own last ones were confirmed, as many as make it a flapping one
  };
  using stories = std::map<int, story>;

  void resize() { of_.resize(land_.inv->targets.size()); }
  void soon(wall_t at) { until_ = std::min(until_, at); }

  // grouping_outages.cpp: what one target does
  void count_outage(line& l, wall_t now) const;
  [[nodiscard]] bool flapping(const line& l, wall_t now) const;
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
  bool join_recent(target_index root, wall_t now);
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
