#pragma once
/** How lines go on after the last sheet (standing.h), as it is in the database, and as the books say it line by line.
 * Internal to daemon/centre; one thread. */
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/centre/folded_heads.h"
#include "daemon/centre/row_check.h"
#include "daemon/centre/sheets.h"
#include "daemon/centre/standing.h"

namespace changtong::centre {

class standing_check {
 public:
  /** Inside one state of the database. What differs is told to `into`, which outlives it. Throws a database_refusal. */
  standing_check(database& db, const folded_head& of, row_differences& into);

  /** From when on the books are wanted, as if they had no end; none: no figure rests on it. */
  [[nodiscard]] std::optional<wall_t> from() const { return kept_ ? std::optional(kept_->at) : std::nullopt; }
  /** Of every line of the books that has any time from then on; what lies before it does not matter. */
  void add(const ledger::known_target& t, const availability::target_history& h);
  /** After the last one: of no other line anything may be said. */
  void finish();

 private:
  void check_cells(database& db, branch_of_node of);
  /** Whether figures take that line for what it is at `should`, a place among `cells`. */
  [[nodiscard]] bool is_as(std::int64_t number, std::uint16_t should, const std::vector<steady_lines>& cells) const;
  [[nodiscard]] std::uint16_t place_of(std::int64_t number) const;
  void tell(std::int64_t number, std::string_view id, const phrase& should);

  row_differences& into_;
  std::optional<standing> kept_;
  std::unordered_map<std::string, std::int64_t> numbers_;  ///< of targets
  std::vector<bool> said_;  ///< by number less one: an entry spoke of it since, and whoever asks reads its books
  std::vector<bool> seen_;  ///< the same: it was compared
};

}  // namespace changtong::centre
