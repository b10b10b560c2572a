#include "daemon/availability/figures.h"

#include <fmt/format.h>

#include "daemon/core/clock_text.h"

namespace changtong::availability {
namespace {

__extension__ using wide = __int128;  // a province's year in milliseconds times 10^7 does not fit into 64 bits

std::optional<double> ratio(milliseconds part, milliseconds whole) {
  if (whole.count() == 0) return std::nullopt;
  return static_cast<double>(part.count()) / static_cast<double>(whole.count());
}

}  // namespace

figures compute(const seconds& s, bool group) {
  const milliseconds measured = s.up + s.down;
  const milliseconds counted = measured + s.unknown;
  figures f;
  f.availability = ratio(s.up, measured);
  f.lower = ratio(s.up, counted);
  f.upper = ratio(s.up + s.unknown, counted);
  f.coverage = ratio(measured, counted);  // the scope less excluded time is up + down + unknown
  if (s.outages > 0) f.mttr_s = static_cast<double>(s.down.count()) / 1000.0 / static_cast<double>(s.outages);
  f.formula = group ? "R1 = ΣU/Σ(U+D)" : "A = U/(U+D)";
  return f;
}

std::string truncated_percent(std::int64_t numerator, std::int64_t denominator, int decimals) {
  if (denominator <= 0) return "—";
  wide scale = 100;
  for (int i = 0; i < decimals; ++i) scale *= 10;
  const wide units = wide{numerator} * scale / wide{denominator};
  const wide one = scale / 100;
  const auto whole = static_cast<std::int64_t>(units / one);
  if (decimals == 0) return fmt::format("{}", whole);
  return fmt::format("{}.{:0{}}", whole, static_cast<std::int64_t>(units % one), decimals);
}

std::string chinese_ratio(const seconds& s, int decimals) {
  const std::int64_t up = s.up.count();
  const std::int64_t measured = up + s.down.count();
  const std::int64_t counted = measured + s.unknown.count();
  if (counted == 0) return "—";
  if (measured == 0) return fmt::format("无观测（未观测 {}）", clock_text(s.unknown));
  if (s.down.count() > 0) return truncated_percent(up, measured, decimals) + " %";
  if (s.unknown.count() == 0) return "100 %";
  return fmt::format("未观测到中断（下限 {} %，未观测 {}）", truncated_percent(up, counted, decimals),
                     clock_text(s.unknown));
}

}  // namespace changtong::availability
