// How figures are printed, and whether one can be the quotient of two others as they are printed.
#include <algorithm>
#include <utility>

#include "daemon/claims/relations.h"

namespace changtong::claims {
namespace {

/** Whether a figure is exact: one that is printed in 万 or 亿 leaves half of its last digit open. */
bool in_full(const quantity& q) { return q.what == measure::money ? q.grain <= 10'000 : q.grain <= 1; }

std::pair<exact, exact> open_bounds(const quantity& q) {
  const exact half = in_full(q) ? exact(0) : q.grain / 2;
  return {q.value - half, q.value + half};
}

}  // namespace

bool is_slip(std::string a, std::string b) {
  constexpr std::size_t fewest = 4;
  std::erase(a, '.'), std::erase(b, '.');
  if (a.size() != b.size() || a.size() < fewest || a == b) return false;
  const auto [p, q] = std::ranges::mismatch(a, b);
  const auto rest = static_cast<std::size_t>(p - a.begin()) + 1;
  if (a.substr(rest) == b.substr(rest)) return true;
  return rest < a.size() && *p == *(q + 1) && *(p + 1) == *q && a.substr(rest + 1) == b.substr(rest + 1);
}

const rate_row* row_of(std::string_view label, std::string_view& scope) {
  for (const rate_row& row : words().rates)
    for (const std::string& n : row.names)
      if (label.ends_with(n)) {
        scope = label.size() == n.size() ? std::string_view()
                                         : stripped(label.substr(0, label.size() - n.size()), words().of("neutral"));
        return &row;
      }
  return nullptr;
}

std::string printed(const inspection& r, const claim& c) {
  return std::string(r.report.paragraphs[c.paragraph].words(c.what.at));
}

int places_of(const quantity& q) {
  int n = 0;
  exact grain = q.grain;
  if (q.what == measure::money) grain /= q.scale;
  for (; grain < 1 && n < 9; grain *= 10) ++n;
  return n;
}

bool prints(const quantity& printed, const exact& value) {
  const exact low = printed.how == bound::about ? printed.value - printed.grain : printed.value,
              high = printed.how == bound::about ? printed.value + printed.grain : printed.value;
  const exact half = printed.grain / 2;
  return value >= low - half &&
         (value <= high + half || (printed.how != bound::about && value < high + printed.grain));  // or cut
}

bool is_ratio(const quantity& rate, const quantity& part, const quantity& whole) {
  if (whole.value <= 0) return false;
  if (prints(rate, part.value * 100 / whole.value)) return true;
  if (in_full(part) && in_full(whole)) return false;
  const auto [part_low, part_high] = open_bounds(part);
  const auto [whole_low, whole_high] = open_bounds(whole);
  if (whole_low <= 0) return false;
  const exact low = part_low * 100 / whole_high, high = part_high * 100 / whole_low, half = rate.grain / 2;
  return low <= rate.value + half && high >= rate.value - half;
}

}  // namespace changtong::claims
