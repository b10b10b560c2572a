#pragma once
/** How lines go on after the last sheet: of most of them the books say nothing from then on but that they are up, or
 * unknown, for ever. Until an entry says something else of a line, its figures are arithmetic. Pure. */
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/availability/figures.h"
#include "daemon/centre/cell_sums.h"
#include "daemon/core/record.h"
#include "daemon/ledger/entry.h"
#include "daemon/ledger/reader.h"

namespace changtong::centre {

/** Lines of which people say the same, and which stay as they are. */
struct steady_lines {
  cell_words words;
  line_state state = line_state::unknown;
  friend auto operator<=>(const steady_lines&, const steady_lines&) = default;
};

/** By numbers of targets; one that is not in it, or not in scope from `at` on, is in no figure. */
struct standing {
  wall_t at{};           ///< from then on
  std::int64_t seq = 0;  ///< as the entries up to this one have it
  std::vector<steady_lines> cells;
  static constexpr std::uint16_t no_line = 0, to_be_read = 1, first_cell = 2;
  static constexpr std::size_t most_cells = 0x10000 - first_cell;  ///< lines of any more are to be read
  std::vector<std::uint16_t>
      lines;  ///< by number less one: one of those, and from `first_cell` on the place of its cell
};

/** Lays one down from the histories of all lines after `at`, of books without an end (pg_tables::part). */
class standing_made {
 public:
  standing_made(wall_t at, std::int64_t seq) { made_.at = at, made_.seq = seq; }
  void add(std::int64_t number, const ledger::known_target& t, const availability::target_history& h);
  [[nodiscard]] standing taken() { return std::move(made_); }

 private:
  [[nodiscard]] std::uint16_t place_of(const ledger::known_target& t, const availability::target_history& h);

  standing made_;
  std::map<steady_lines, std::uint16_t> places_;
};

/** Of which lines an entry says something that a figure may rest on; nothing: perhaps of all. */
[[nodiscard]] std::optional<std::vector<std::string_view>> lines_of(const ledger::entry& e);

/** What one such line counts in `cell`, a part of [at, cut): up to `known` it is as it is, then unknown. */
[[nodiscard]] availability::seconds steady_seconds(line_state state, period cell, wall_t known);
[[nodiscard]] availability::seconds times(availability::seconds one, std::int64_t lines);

}  // namespace changtong::centre
