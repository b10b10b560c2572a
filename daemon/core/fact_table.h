#pragma once
/** How each number that comes with an answer is told: the table that fact.def makes. */
#include <array>
#include <cstdint>
#include <string_view>

#include "daemon/core/fact.h"

namespace changtong {

/** Whom it is shown for. */
enum class fact_of : std::uint8_t { nobody, line, interface, site };
enum class fact_unit : std::uint8_t { number, nanoseconds, unix_seconds, counter, thousandths, millionths };

/** What the bits of a counter's value say. */
constexpr std::uint64_t counter_of(std::int64_t value) { return static_cast<std::uint64_t>(value); }

struct fact_row {
  fact_name name;
  std::string_view text;               ///< the name
  fact_of of = fact_of::nobody;        ///< nobody: it is not shown
  fact_unit unit = fact_unit::number;  ///< told as: itself, seconds, an instant, without a sign, a decimal
  std::int64_t least = 0;              ///< the smallest value that means anything; counters have none
  std::string_view metric{};           ///< empty: no scrape has it; several rows may share one, told apart by …
  std::string_view label{};            ///< … this, as the exposition has it
  std::string_view field{};            ///< in the API's answer about a line; empty: it has none
  bool zero_is_unknown = false;        ///< the API says 0, not null, for a value that is not known
};

inline constexpr std::array fact_table{
#define FACT(name, of, unit, least, metric, label, field, zero) \
  fact_row{fact_name::name, #name, fact_of::of, fact_unit::unit, least, metric, label, field, zero},
#include "daemon/core/fact.def"
#undef FACT
};

/** A fact's place in the table. */
constexpr std::size_t place_of(fact_name n) { return static_cast<std::size_t>(n); }
constexpr const fact_row& row_of(fact_name n) { return fact_table[place_of(n)]; }
constexpr std::string_view name_of(fact_name n) { return row_of(n).text; }

static_assert(
    [] {
      for (std::size_t i = 0; i < fact_table.size(); ++i)
        if (place_of(fact_table[i].name) != i) return false;
      return true;
    }(),
    "rows in the order of the names");

}  // namespace changtong
