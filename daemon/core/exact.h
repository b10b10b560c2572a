// Exact numbers: money, targets, actual values and points of an evaluation. Binary floating point would make the last
// printed digit depend on the order of operations (rules.md E-22, E-24), so a value stays a fraction until it is
// printed, and printing names its rounding. Pure; any thread.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace changtong {

/** A fraction of unlimited size, always in lowest terms. */
using exact = boost::multiprecision::cpp_rational;

/** What happens to the digits that are not printed. half_up is 四舍五入 (away from zero at the half, E-25); down cuts.
 */
enum class rounding : std::uint8_t { half_up, half_even, down };

/**
 * A decimal number as people write it: "919.94", "-3", "+0.5", "1,234.50" (groups of three only). At most 40 digits.
 * Nothing else: no exponent, no unit, no percent sign. nullopt if the text is not exactly one such number.
 */
std::optional<exact> parse_exact(std::string_view text);

/** `value` with `places` (0..18) digits behind the point, rounded by `how`. */
exact rounded(const exact& value, int places, rounding how = rounding::half_up);

/** The same as text, with exactly `places` digits: 9.98 -> "9.980". Never "-0.00". */
std::string fixed(const exact& value, int places, rounding how = rounding::half_up);

/** The shortest text: a finite decimal in full ("919.94", "10"), any other fraction cut after 12 digits. */
std::string shortest(const exact& value);

/** part / whole, not in lowest terms: of a hundred thousand lines that would cost more than all the rest. */
struct fraction {
  boost::multiprecision::cpp_int part = 0, whole = 1;
};

/** Σ part/whole, exactly; every whole > 0. */
fraction sum_of(std::vector<std::pair<std::int64_t, std::int64_t>> ratios);

/** floor(scale · sum / count): the mean of `count` ratios in units of 1/scale, rounded down once. It must fit. */
std::int64_t mean_of(const fraction& sum, std::int64_t count, std::int64_t scale);

}  // namespace changtong
