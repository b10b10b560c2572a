#pragma once
/** Sums that can be added up: of the time of lines in which people said the same of them, month by month. All of a
 * row's figures can, but the count of outages: one that reaches over an edge is kept by its name, and counts once
 * however many cells it lies in. Pure. */
#include <array>
#include <compare>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/availability/figures.h"
#include "daemon/ledger/reader.h"

namespace changtong::centre {

/** What lines are grouped by; a site without a town or carrier is in no group of it. */
struct cell_words {
  std::string category;
  std::optional<std::string> town, carrier;
  friend auto operator<=>(const cell_words&, const cell_words&) = default;
};
[[nodiscard]] cell_words cell_of(const ledger::known_target& t, const ledger::target_words& words);

/** Since when category, town and carrier of a line have been as they are at an instant; wall_min: ever. */
using words_since = std::array<wall_t, 3>;
class word_runs {
 public:
  explicit word_runs(const ledger::known_target& t);
  [[nodiscard]] words_since at(wall_t when) const;

 private:
  std::array<std::vector<wall_t>, 3> begins_;  ///< in order; empty: they never changed
};

/** An outage over the edge of a cell, which counts in it. */
struct edge_outage {
  std::string line;
  wall_t began{};
  words_since since{};
  friend auto operator<=>(const edge_outage&, const edge_outage&) = default;
};

struct cell_sums {
  availability::seconds sums;  ///< outages: those that lie wholly in it
  std::vector<edge_outage> over_edge;
};
/** `cell`: inside one stretch of words. */
[[nodiscard]] cell_sums sums_in(const availability::target_history& h, period cell, const word_runs& words);

/** The cells of a month. */
struct sheet {
  period when;
  std::map<cell_words, cell_sums> cells;
};
/** Adds a line's part to each of them. */
void add_to_sheets(std::vector<sheet>& sheets, const ledger::known_target& t, const availability::target_history& h);

}  // namespace changtong::centre
