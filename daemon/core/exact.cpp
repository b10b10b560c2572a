#include "daemon/core/exact.h"

#include <algorithm>
#include <cctype>

namespace changtong {

namespace {

using boost::multiprecision::cpp_int;

constexpr std::size_t max_digits = 40;

cpp_int power_of_ten(int places) { return boost::multiprecision::pow(cpp_int{10}, static_cast<unsigned>(places)); }

bool digits_only(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c) != 0; });
}

/** The digits before the point without their commas; nullopt where a comma does not part thousands. */
std::optional<std::string> without_commas(std::string_view whole) {
  if (whole.find(',') == std::string_view::npos) return std::string{whole};
  std::string digits;
  std::size_t group = whole.find(',');
  if (group == 0 || group > 3) return std::nullopt;
  digits = whole.substr(0, group);
  for (whole.remove_prefix(group); !whole.empty(); whole.remove_prefix(4)) {
    if (whole.size() < 4 || whole[0] != ',') return std::nullopt;
    digits += whole.substr(1, 3);
  }
  return digits;
}

cpp_int nearest(const exact& scaled, rounding how) {
  const cpp_int top = numerator(scaled);
  const cpp_int bottom = denominator(scaled);
  const bool negative = top < 0;
  const cpp_int size = negative ? cpp_int{-top} : top;
  cpp_int quotient = size / bottom;
  const cpp_int twice = (size % bottom) * 2;
  const bool up = how == rounding::half_up     ? twice >= bottom
                  : how == rounding::half_even ? twice > bottom || (twice == bottom && (quotient % 2) != 0)
                                               : false;
  if (up) ++quotient;
  return negative ? cpp_int{-quotient} : quotient;
}

/** Halves are added in pairs, so that the numbers stay short as long as they can. */
fraction sum_between(const std::vector<fraction>& all, std::size_t from, std::size_t to) {
  if (to == from) return {};
  if (to - from == 1) return all[from];
  const std::size_t middle = from + (to - from) / 2;
  const fraction a = sum_between(all, from, middle), b = sum_between(all, middle, to);
  return {a.part * b.whole + b.part * a.whole, a.whole * b.whole};
}

}  // namespace

fraction sum_of(std::vector<std::pair<std::int64_t, std::int64_t>> ratios) {
  std::ranges::sort(ratios, {}, &std::pair<std::int64_t, std::int64_t>::second);
  std::vector<fraction> all;  // of each whole one
  for (const auto& [part, whole] : ratios) {
    if (all.empty() || all.back().whole != whole) all.push_back({0, whole});
    all.back().part += part;
  }
  return sum_between(all, 0, all.size());
}

std::int64_t mean_of(const fraction& sum, std::int64_t count, std::int64_t scale) {
  return static_cast<std::int64_t>(cpp_int{sum.part * scale / (sum.whole * count)});
}

std::optional<exact> parse_exact(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto point = text.find('.');
  const auto whole = without_commas(text.substr(0, point));
  const std::string_view after = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  if (!whole || whole->empty() || !digits_only(*whole) || !digits_only(after)) return std::nullopt;
  if (point != std::string_view::npos && after.empty()) return std::nullopt;
  if (whole->size() + after.size() > max_digits) return std::nullopt;
  std::string digits = *whole + std::string{after};
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));  // "010" would be read as octal
  const exact value{cpp_int{digits}, power_of_ten(static_cast<int>(after.size()))};
  return negative ? exact{-value} : value;
}

exact rounded(const exact& value, int places, rounding how) {
  const cpp_int scale = power_of_ten(places);
  return exact{nearest(value * exact{scale}, how), scale};
}

std::string fixed(const exact& value, int places, rounding how) {
  cpp_int units = nearest(value * exact{power_of_ten(places)}, how);
  const bool negative = units < 0;
  if (negative) units = -units;
  std::string digits = units.str();
  const auto least = static_cast<std::size_t>(places) + 1;
  if (digits.size() < least) digits.insert(0, least - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - static_cast<std::size_t>(places), 1, '.');
  return negative ? "-" + digits : digits;
}

std::string shortest(const exact& value) {
  std::string text = fixed(value, 12, rounding::down);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

}  // namespace changtong
