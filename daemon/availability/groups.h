#pragma once
/** Group formulas of rules.md 4.4: four numbers that differ, never interchanged (P14). Pure.
 *
 *   R1 = ΣU / Σ(U+D)         line-time, the default for 政务专线畅通率
 *   R2 = (1/N) Σ A_i         mean of lines; lines without a value of A leave N and are listed
 *   R3 = mean over instants of (lines up / lines observed), instants from + k·step; those at which nobody was observed
 *        are left out and counted
 *   R4 = lines with A_i >= target_i / N, compared by integers (E-23); lines without a target or without A are listed;
 *        A_i is the contract's own figure, as the target is: windows as it treats them, and only of the time in which
 *        the contract covers the line, contract period by contract period. A line with several (the months of a
 *        quarter, one contract after another) reaches its target if it does so in each that has a value: what its
 *        carrier's sheet says
 *
 * Sums stay whole milliseconds and means fractions of whole numbers, rounded down once at the end.
 *
 * Bounds: R1 and its bounds are ratios of the same sums. R2 and R4 take A_low (A_high) of each line in place of A,
 * lines of which nothing was observed as 0 (1). R3 takes lines not observed as down (up). So lower <= value <= upper
 * always. */
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/availability/figures.h"
#include "daemon/core/contract.h"

namespace changtong::availability {

enum class formula : std::uint8_t { r1, r2, r3, r4 };
[[nodiscard]] std::optional<formula> formula_named(std::string_view name);  ///< R1, R2, R3, R4
/** As printed: "R1 = ΣU/Σ(U+D)". */
[[nodiscard]] std::string_view text_of(formula f);

/** A value between 0 and 1 as a fraction of 10^15, rounded down: exact enough that truncating it to a percentage with
 * five decimals never rounds up. */
struct part {
  static constexpr std::int64_t one = 1'000'000'000'000'000;
  std::int64_t units = 0;
  [[nodiscard]] double value() const { return static_cast<double>(units) / static_cast<double>(one); }
  friend auto operator<=>(const part&, const part&) = default;
};

struct group_value {
  formula by = formula::r1;
  std::optional<part> value{}, lower{}, upper{};
  std::int64_t counted = 0;                   ///< R1, R2, R4: lines in N; R3: instants
  std::int64_t reached = 0;                   ///< R4: lines that reach their target
  std::vector<std::string> without_value{};   ///< R2, R4: ids of lines of which nothing was measured
  std::vector<std::string> without_target{};  ///< R4
  std::int64_t unobserved_instants = 0;       ///< R3
  milliseconds step{0};                       ///< R3
};

/** What a line is held against its target by: one contract period as the contract counts it. */
struct agreed_part {
  seconds sums;
  share target;
};

/** One line's share in a group. */
struct member {
  std::string id;
  seconds sums;
  std::vector<agreed_part> agreed{};  ///< for R4; empty: no target
};

/** A line against its targets. `reached`: by what was observed; `surely`: even if all unknown time was down; `perhaps`:
 * if it was up. */
struct line_judgement {
  bool has_value = false, has_bounds = false;
  bool reached = false, surely = false, perhaps = false;
};
[[nodiscard]] line_judgement judgement_of(const member& m);

[[nodiscard]] group_value r1(const std::vector<member>& lines);
[[nodiscard]] group_value r2(const std::vector<member>& lines);
[[nodiscard]] group_value r4(const std::vector<member>& lines);

inline constexpr milliseconds default_step{300'000};

/** R3's count over the instants of one period; lines are added one by one. Memory: 12 bytes an instant. */
class snapshots {
 public:
  /** step at least 1 s, at most 10 million instants (a year every 5 s is 6.3 million). */
  snapshots(period p, milliseconds step);
  void add(const target_history& line);
  [[nodiscard]] group_value value() const;

 private:
  /** Instants inside `when` get `by`; cost does not depend on its length. */
  void mark(std::vector<std::int32_t>& counts, period when) const;
  period period_;
  milliseconds step_;
  std::vector<std::int32_t> up_, down_, unknown_;  ///< differences from one instant to the next
};

/** As chinese_ratio(), for a value that is no ratio of two sums: truncated percentage, 100 only for exactly one whose
 * lower bound is one too; 「未观测到中断（下限 …）」 where only the lower bound falls short. "—" without a value. */
[[nodiscard]] std::string chinese_part(const group_value& v, int decimals = 5);

}  // namespace changtong::availability
