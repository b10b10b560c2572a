#pragma once
/** What samples show on the board beside the state: delays, counters of interfaces, a site's last visit - each as long
 * as it is known to be true, and no longer. Makes the board of an inventory. Probe thread; time is handed in.
 *
 * A value of a check lasts for 2.5 of its regular intervals after its sample was sent. Before that:
 *   interfaces (snmp)            gone at the next sample of the check that is not good, or does not carry them
 *   page, status, phases (http)  of the last visit alone: what it did not bring is gone, and all of it if not measured
 *   certificate                  of the last visit that saw one, for a day: a site that is down still has it
 *   round trip                   of the last good sample of the leading check; one lost packet does not take it
 *   loss                         of the leading check's last measured samples */
#include <memory>
#include <vector>

#include "daemon/core/board.h"
#include "daemon/core/sample.h"
#include "daemon/ledger/writer.h"

namespace changtong {

class board_facts {
 public:
  /** Makes a board where nothing is known yet. */
  explicit board_facts(std::shared_ptr<const inventory> inv);
  [[nodiscard]] const std::shared_ptr<board>& shown() const { return board_; }

  /** What the ledger knows when a run begins: the outages that are open, and why. */
  void recall(const std::vector<ledger::restored::state>& states);
  /** All that is known of targets that are still there (by id). Nobody writes to the board before meanwhile. */
  void carry(const board_facts& before);

  /** Any sample, as it was seen. */
  void take(const sample& s);
  /** A sample of a target's leading check; `loss` as line_view has it. */
  void take_delay(const sample& s, float loss);
  /** Forgets what has not been said again for too long. */
  void retire(mono_t now);
  /** No interface of the target is known to be other than up. */
  [[nodiscard]] bool interfaces_well(target_index t) const;

 private:
  static constexpr mono_t never = mono_t::max();  ///< nothing that could retire
  struct line_times {
    mono_t rtt = never, loss = never;
  };
  struct interface_times {
    check_index check = no_index;
    mono_t until = never;
  };
  struct site_times {
    mono_t visit = never, certificate = never;
    mono_t counted{};  ///< the last visit that counted
  };
  void take_interfaces(const sample& s, const check& c);
  void take_visit(const sample& s, std::uint32_t place);
  void count_visit(const sample& s, std::uint32_t place);
  void carry_line(const board_facts& before, target_index was, target_index is);
  void carry_interfaces(const board_facts& before, target_index was, target_index is);
  void carry_site(const board_facts& before, target_index was, target_index is);

  std::shared_ptr<board> board_;
  std::vector<line_times> lines_;               ///< by target
  std::vector<interface_times> interfaces_;     ///< by place in board::interfaces
  std::vector<site_times> sites_;               ///< by place in board::sites
  std::vector<std::uint32_t> first_interface_;  ///< by target, into board::interfaces; no_index = none
  std::vector<std::uint32_t> site_;             ///< by target, into board::sites
};

}  // namespace changtong
