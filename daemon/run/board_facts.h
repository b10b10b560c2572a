#pragma once
/** What answers carried, on the board: facts (core/fact_table.h) and a site's visits, each as long as it is known to be
 * true. The board_keeper's. Probe thread; time is handed in.
 *
 * A value lasts for 2.5 regular intervals of its check after its sample was sent. Before that:
 *   facts         of the last sample of the check that brings them: what it did not carry is gone; where several of a
 *                 line's do, which may ask different devices, of the first of them alone
 *   whole page    of the last visit alone */
#include <vector>

#include "daemon/core/board.h"
#include "daemon/core/sample.h"

namespace changtong {

class brought_facts;

class board_facts {
 public:
  static constexpr mono_t never = mono_t::max();  ///< nothing that could retire
  /** 2.5 regular intervals: two slots may be late or lost before a value is forgotten. */
  static mono_t lasts_until(const sample& s) { return s.sent + s.interval * 5 / 2; }
  template <class Forget>
  static void retire_one(mono_t& until, mono_t now, Forget forget) {
    if (now < until) return;
    until = never;
    forget();
  }

  /** Gives the board its places for them; it outlives this. */
  explicit board_facts(board& b);
  /** All that is known of a target that was another's place before. */
  void carry(const board_facts& before, target_index was, target_index is);
  void take(const sample& s, target_index of);
  /** A sample of this check may come in a moment; then the same again, once its target is known. */
  void expect(check_index c) const;
  void expect_target(target_index of) const;
  void retire(mono_t now);
  /** No interface of the target is known to be other than up. */
  [[nodiscard]] bool interfaces_well(target_index t) const;

 private:
  struct site_times {
    mono_t visit = never;
    mono_t counted{};  ///< the last visit that counted
  };
  /** Where a check's fact is shown. */
  struct shown_at {
    std::uint32_t view;  ///< among those of its target
    fact_name name;
    friend auto operator<=>(const shown_at&, const shown_at&) = default;
  };
  /** All places of a check; most checks have the same as others, so each list is kept once. */
  using places = std::vector<shown_at>;
  void make_views(brought_facts& brought);
  void make_sites();
  [[nodiscard]] std::vector<places> places_of(target_index t, brought_facts& brought) const;
  void note_places(brought_facts& brought);
  /** Where the view of a target's facts is, or the end of its views. */
  [[nodiscard]] std::uint32_t view_of(target_index t, std::uint32_t index) const;
  void take_facts(const sample& s, target_index of);
  void take_visit(const sample& s, std::uint32_t place);
  void count_visit(const sample& s, std::uint32_t place);
  [[nodiscard]] bool brings_visits(check_index c) const;
  void carry_facts(const board_facts& before, target_index was, target_index is);
  void carry_site(const board_facts& before, target_index was, target_index is);

  board* board_;
  std::vector<mono_t> facts_;              ///< by place in board::facts: when the last sample's are too old
  std::vector<std::uint32_t> first_view_;  ///< by target, into board::facts, and the end
  std::vector<site_times> sites_;          ///< by place in board::sites
  std::vector<places> places_;             ///< all there are
  std::vector<std::uint32_t> has_places_;  ///< by check, into places_
  std::vector<std::uint32_t> site_;        ///< by target, into board::sites; no_index = none
};

}  // namespace changtong
