#include "daemon/availability/groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "daemon/availability/intervals.h"
#include "daemon/core/exact.h"

namespace changtong::availability {
namespace {

__extension__ using wide = __int128;

constexpr std::array<std::string_view, 4> names{"R1", "R2", "R3", "R4"};
constexpr std::array<std::string_view, 4> texts{"R1 = ΣU/Σ(U+D)", "R2 = (1/N)·ΣA_i", "R3 = mean(up/observed)",
                                                "R4 = |A_i ≥ target_i|/N"};

part ratio(wide numerator, wide denominator) {
  return {static_cast<std::int64_t>(numerator * part::one / denominator)};
}

milliseconds measured(const seconds& s) { return s.up + s.down; }
milliseconds counted(const seconds& s) { return s.up + s.down + s.unknown; }

/** A mean of ratios of whole numbers: exact to the end, where it is rounded down once. */
class mean {
 public:
  /** `whole` > 0. */
  void add(std::int64_t part, std::int64_t whole) {
    ratios_[whole] += part;
    ++n_;
  }
  [[nodiscard]] std::int64_t counted() const { return n_; }
  [[nodiscard]] std::optional<part> value() const {
    if (n_ == 0) return std::nullopt;
    std::vector<std::pair<std::int64_t, std::int64_t>> all;
    for (const auto& [whole, sum] : ratios_) all.emplace_back(sum, whole);
    return part{mean_of(sum_of(std::move(all)), n_, part::one)};
  }

 private:
  std::unordered_map<std::int64_t, std::int64_t> ratios_;  ///< by whole: the sum of the parts
  std::int64_t n_ = 0;
};

}  // namespace

std::optional<formula> formula_named(std::string_view name) {
  const auto* const at = std::ranges::find(names, name);
  if (at == names.end()) return std::nullopt;
  return static_cast<formula>(at - names.begin());
}

std::string_view text_of(formula f) { return texts.at(static_cast<std::size_t>(f)); }

group_value r1(const std::vector<member>& lines) {
  group_value v{.by = formula::r1};
  seconds all;
  for (const member& m : lines) {
    all += m.sums;
    if (measured(m.sums).count() > 0)
      ++v.counted;
    else
      v.without_value.push_back(m.id);
  }
  if (measured(all).count() > 0) v.value = ratio(all.up.count(), measured(all).count());
  if (counted(all).count() > 0) {
    v.lower = ratio(all.up.count(), counted(all).count());
    v.upper = ratio((all.up + all.unknown).count(), counted(all).count());
  }
  return v;
}

group_value r2(const std::vector<member>& lines) {
  group_value v{.by = formula::r2};
  mean value, lower, upper;
  for (const member& m : lines) {
    if (measured(m.sums).count() > 0)
      value.add(m.sums.up.count(), measured(m.sums).count());
    else
      v.without_value.push_back(m.id);
    if (counted(m.sums).count() == 0) continue;  // all of it excluded: nothing that a bound could speak of
    lower.add(m.sums.up.count(), counted(m.sums).count());
    upper.add((m.sums.up + m.sums.unknown).count(), counted(m.sums).count());
  }
  v.value = value.value();
  v.lower = lower.value();
  v.upper = upper.value();
  v.counted = value.counted();
  return v;
}

namespace {

/** Whether every part reaches its target when `good` of `of` milliseconds are up; parts of which there is none do not
 * speak. */
template <class Good, class Of>
bool all_reach(const member& m, Good good, Of of) {
  return std::ranges::all_of(m.agreed, [&](const agreed_part& p) {
    return of(p.sums).count() == 0 || reaches(good(p.sums).count(), of(p.sums).count(), p.target);
  });
}

}  // namespace

line_judgement judgement_of(const member& m) {
  const auto up = [](const seconds& s) { return s.up; };
  const auto not_down = [](const seconds& s) { return s.up + s.unknown; };
  const auto any = [&](auto of) {
    return std::ranges::any_of(m.agreed, [&](const agreed_part& p) { return of(p.sums).count() > 0; });
  };
  line_judgement v;
  v.has_value = any(measured);
  v.has_bounds = any(counted);
  v.reached = v.has_value && all_reach(m, up, measured);
  v.surely = v.has_bounds && all_reach(m, up, counted);
  v.perhaps = v.has_bounds && all_reach(m, not_down, counted);
  return v;
}

group_value r4(const std::vector<member>& lines) {
  group_value v{.by = formula::r4};
  mean value, lower, upper;
  for (const member& m : lines) {
    if (m.agreed.empty()) {
      v.without_target.push_back(m.id);
      continue;
    }
    const line_judgement one = judgement_of(m);
    if (one.has_value) {
      v.reached += one.reached ? 1 : 0;
      value.add(one.reached ? 1 : 0, 1);
    } else {
      v.without_value.push_back(m.id);
    }
    if (!one.has_bounds) continue;
    lower.add(one.surely ? 1 : 0, 1);
    upper.add(one.perhaps ? 1 : 0, 1);
  }
  v.value = value.value();
  v.lower = lower.value();
  v.upper = upper.value();
  v.counted = value.counted();
  return v;
}

snapshots::snapshots(period p, milliseconds step) : period_(p), step_(std::max(step, milliseconds{1000})) {
  constexpr std::int64_t most = 10'000'000;
  step_ = std::max(step_, milliseconds{(p.length().count() + most - 1) / most});
  const auto n = static_cast<std::size_t>((p.length().count() + step_.count() - 1) / step_.count());
  for (auto* counts : {&up_, &down_, &unknown_}) counts->assign(n + 1, 0);
}

void snapshots::mark(std::vector<std::int32_t>& counts, period when) const {
  const period inside = intersect(when, period_);
  if (inside.empty()) return;
  const auto first_at_or_after = [&](wall_t at) {
    return static_cast<std::size_t>(((at - period_.from).count() + step_.count() - 1) / step_.count());
  };
  const std::size_t from = first_at_or_after(inside.from), to = first_at_or_after(inside.to);
  if (from >= to) return;
  ++counts[from];
  --counts[to];
}

void snapshots::add(const target_history& line) {
  const period scope = intersect(line.scope, period_);
  if (scope.empty()) return;
  std::vector<period> states[3];  // up, down, either
  for (const state_span& s : line.spans) {
    const period inside = intersect(s.when, scope);
    if (inside.empty() || s.state == line_state::unknown) continue;
    states[s.state == line_state::up ? 0 : 1].push_back(inside);
    states[2].push_back(inside);
  }
  const std::vector<period> excluded = united(line.excluded);
  const auto counts = {&up_, &down_};
  for (std::size_t i = 0; i < 2; ++i)
    for (const period& p : without(united(states[i]), excluded)) mark(**(counts.begin() + i), p);
  for (const period& p : without(without({scope}, excluded), united(states[2]))) mark(unknown_, p);
}

group_value snapshots::value() const {
  group_value v{.by = formula::r3, .step = step_};
  mean value, lower, upper;
  std::int64_t up = 0, down = 0, unknown = 0;
  for (std::size_t i = 0; i + 1 < up_.size(); ++i) {
    up += up_[i];
    down += down_[i];
    unknown += unknown_[i];
    if (up + down > 0)
      value.add(up, up + down);
    else
      ++v.unobserved_instants;
    if (up + down + unknown == 0) continue;
    lower.add(up, up + down + unknown);
    upper.add(up + unknown, up + down + unknown);
  }
  v.value = value.value();
  v.lower = lower.value();
  v.upper = upper.value();
  v.counted = value.counted();
  return v;
}

std::string chinese_part(const group_value& v, int decimals) {
  const auto text = [&](part p) { return truncated_percent(p.units, part::one, decimals); };
  if (!v.value) return v.lower ? "无观测" : "—";
  if (v.value->units < part::one) return text(*v.value) + " %";
  if (v.lower && v.lower->units == part::one) return "100 %";
  return fmt::format("未观测到中断（下限 {} %）", v.lower ? text(*v.lower) : "0");
}

}  // namespace changtong::availability
