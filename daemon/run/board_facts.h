#pragma once
/** What samples show on the board beside the state: delays, what answers carried (core/fact.h), a site's visits - each
 * as long as it is known to be true, and no longer. Makes the board of an inventory. Probe thread; time is handed in.
 *
 * A value of a check lasts for 2.5 of its regular intervals after its sample was sent. Before that:
 *   facts         of the last sample of a check that brings them: what it did not carry is gone
 *   certificate   (fact_row::for_a_day) of the last visit that saw one, for a day: a site that is down still has it
 *   whole page    of the last visit alone
 *   round trip    of the last good sample of the leading check; one lost packet does not take it
 *   loss          of the leading check's last measured samples */
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
  struct fact_times {
    mono_t sample = never, day = never;  ///< of the facts of the last sample, and of those that last for a day
  };
  struct site_times {
    mono_t visit = never;
    mono_t counted{};  ///< the last visit that counted
  };
  /** Where a check's facts are shown. */
  struct shown_at {
    std::uint32_t view;  ///< into board::facts
    fact_name name;
  };
  void make_views();
  void make_sites();
  void note_places(check_index c);
  /** Where the view of a target's facts is, or the end of its views. */
  [[nodiscard]] std::uint32_t view_of(target_index t, std::uint32_t index) const;
  void take_facts(const sample& s);
  void count_visit(const sample& s, std::uint32_t place);
  void forget(fact_view& v, bool for_a_day);
  [[nodiscard]] bool brings_visits(check_index c) const;
  void carry_line(const board_facts& before, target_index was, target_index is);
  void carry_facts(const board_facts& before, target_index was, target_index is);
  void carry_site(const board_facts& before, target_index was, target_index is);

  std::shared_ptr<board> board_;
  std::vector<line_times> lines_;           ///< by target
  std::vector<fact_times> facts_;           ///< by place in board::facts
  std::vector<std::uint32_t> first_view_;   ///< by target, into board::facts, and the end
  std::vector<site_times> sites_;           ///< by place in board::sites
  std::vector<shown_at> places_;            ///< of all checks, in their order
  std::vector<std::uint32_t> first_place_;  ///< by check, and the end
  std::vector<std::uint32_t> site_;         ///< by target, into board::sites; no_index = none
};

}  // namespace changtong
