#include "daemon/availability/groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/availability/intervals.h"

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
part low(const seconds& s) { return ratio(s.up.count(), counted(s).count()); }
part high(const seconds& s) { return ratio((s.up + s.unknown).count(), counted(s).count()); }

/** A mean of parts, rounded down. */
struct mean {
  wide sum = 0;
  std::int64_t n = 0;
  void add(part p, std::int64_t times = 1) {
    sum += wide{p.units} * times;
    n += times;
  }
  [[nodiscard]] std::optional<part> value() const {
    return n == 0 ? std::nullopt : std::optional(part{static_cast<std::int64_t>(sum / n)});
  }
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
    v.lower = low(all);
    v.upper = high(all);
  }
  return v;
}

group_value r2(const std::vector<member>& lines) {
  group_value v{.by = formula::r2};
  mean value, lower, upper;
  for (const member& m : lines) {
    if (measured(m.sums).count() > 0)
      value.add(ratio(m.sums.up.count(), measured(m.sums).count()));
    else
      v.without_value.push_back(m.id);
    if (counted(m.sums).count() == 0) continue;  // all of it excluded: nothing that a bound could speak of
    lower.add(low(m.sums));
    upper.add(high(m.sums));
  }
  v.value = value.value();
  v.lower = lower.value();
  v.upper = upper.value();
  v.counted = value.n;
  return v;
}

group_value r4(const std::vector<member>& lines) {
  group_value v{.by = formula::r4};
  mean value, lower, upper;
  for (const member& m : lines) {
    if (!m.target) {
      v.without_target.push_back(m.id);
      continue;
    }
    const auto judge = [&](milliseconds good, milliseconds of) {
      return part{reaches(good.count(), of.count(), *m.target) ? part::one : 0};
    };
    if (measured(m.by_contract()).count() > 0) {
      const part p = judge(m.by_contract().up, measured(m.by_contract()));
      v.reached += p.units > 0;
      value.add(p);
    } else {
      v.without_value.push_back(m.id);
    }
    if (counted(m.by_contract()).count() == 0) continue;
    lower.add(judge(m.by_contract().up, counted(m.by_contract())));
    upper.add(judge(m.by_contract().up + m.by_contract().unknown, counted(m.by_contract())));
  }
  v.value = value.value();
  v.lower = lower.value();
  v.upper = upper.value();
  v.counted = value.n;
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
      value.add(ratio(up, up + down));
    else
      ++v.unobserved_instants;
    if (up + down + unknown == 0) continue;
    lower.add(ratio(up, up + down + unknown));
    upper.add(ratio(up + unknown, up + down + unknown));
  }
  v.value = value.value();
  v.lower = lower.value();
  v.upper = upper.value();
  v.counted = value.n;
  return v;
}

std::optional<double> mtbf_s(const seconds& s) {
  if (s.outages == 0) return std::nullopt;
  return static_cast<double>(s.up.count()) / 1000.0 / static_cast<double>(s.outages);
}

std::string chinese_part(const group_value& v, int decimals) {
  const auto text = [&](part p) { return truncated_percent(p.units, part::one, decimals); };
  if (!v.value) return v.lower ? "无观测" : "—";
  if (v.value->units < part::one) return text(*v.value) + " %";
  if (v.lower && v.lower->units == part::one) return "100 %";
  return fmt::format("未观测到中断（下限 {} %）", v.lower ? text(*v.lower) : "0");
}

}  // namespace changtong::availability
