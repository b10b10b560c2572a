#pragma once
/** What messages are written from, kept from the records that lead to them: the latest outage of each target, and what
 * of each alert is not well. The same for the daemon and for a simulation. Not thread-safe. */
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/core/alert_settings.h"
#include "daemon/core/record.h"
#include "daemon/publish/alerts/words.h"

namespace changtong::alerts {

class kept_facts {
 public:
  /** False: it was said before and would be taken for an outage or its end. What was announced while the ledger was
   * away is announced once more when it has it; by then the line may be up. A target's transitions are in order of
   * `at`. */
  [[nodiscard]] bool take(const transition& t);
  /** False: it is not of the target's latest outage. */
  [[nodiscard]] bool take(const cause_found& c);
  /** begun and cause; others change nothing. */
  void take(const trace_record& t);
  /** The last few of each target that say something of an outage. */
  void take(const trap_record& t);
  /** What the visit saw that began the outage of this site. */
  void saw(const std::string& site, std::string what);
  /** All of before is of another run of the daemon: how often a line went down is not all known. */
  void forget_runs();
  /** opened, grown, resolved; others change nothing. */
  void take(const alert_record& step);
  /** An outage that was open when the ledger was opened. */
  void recall(const std::string& target, const outage_facts& open) {
    outages_.insert_or_assign(target, open).first->second.recalled = true;
  }

  static constexpr std::size_t most_of_a_run = 1000;  ///< outages of a target that are kept one by one

  /** Outages that have not ended, each as the transition that began it. */
  [[nodiscard]] std::vector<transition> open_outages() const;
  [[nodiscard]] std::size_t open_alerts() const { return open_.size(); }
  [[nodiscard]] bool is_open(std::string_view alert) const { return open_.contains(alert); }
  /** Until when the end of an alert, known `now`, is worth waiting for its cause: the device's own clock, which its
   * next answer brings, tells whether it restarted. `now`: there is nothing to wait for. At most longest_wait after it.
   */
  [[nodiscard]] wall_t cause_expected(const alert_record& end, const inventory& targets, wall_t now) const;
  static constexpr milliseconds longest_wait{10'000};

  /** Without `state`, `month`, `measured` and `own_ended`, which are not known here, nor `course`. It refers to this
   * and to its arguments. */
  [[nodiscard]] told_world world(const inventory& targets, const civil_zone& zone, const alert_settings& s,
                                 wall_t now) const;

 private:
  struct stretch {
    wall_t began{};
    std::optional<wall_t> ended{};
  };
  /** The last outages of a target, a day long; of one that is told to flap since a day before it was told. */
  struct target_run {
    std::vector<stretch> last;
    std::string alert;          ///< that says that it flaps; empty: none, or it is over
    wall_t told{};              ///< when that was said
    std::size_t more = 0;       ///< outages since then for which `last` had no room …
    milliseconds more_last{0};  ///< … and how long they were together
  };
  void went_down(target_run& r, wall_t at) const;
  [[nodiscard]] std::optional<alert_course> run(const alert_record& step, const together_limits& limits,
                                                wall_t now) const;
  std::map<std::string, outage_facts, std::less<>> outages_;  ///< the latest of each that had one
  std::map<std::string, target_run, std::less<>> runs_;
  /** The latest transition of each target that was ever said to be anything but up. */
  std::map<std::string, std::pair<wall_t, line_state>, std::less<>> latest_;
  std::map<std::string, std::set<std::string>, std::less<>> open_;     ///< alert -> what of it is not well
  std::map<std::string, std::vector<heard_trap>, std::less<>> traps_;  ///< by target, in the order heard
};

}  // namespace changtong::alerts
