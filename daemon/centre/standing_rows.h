#pragma once
/** Where a branch's standing (standing.h) is kept, in PostgreSQL, and what of it still holds. Throws a database_refusal
 * where the database does not do it. */
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "daemon/centre/database.h"
#include "daemon/centre/sheets.h"
#include "daemon/centre/standing.h"

namespace changtong::centre {

/** Of targets by their names, in order of number. */
[[nodiscard]] std::unordered_map<std::string, std::int64_t> numbers_of_targets(database& db, branch_of_node of);

/** The last of the entries that are folded, as this state of the books has it. */
[[nodiscard]] std::int64_t folded_up_to(database& db, branch_of_node of);

/** In place of the one before. Inside the transaction of whoever folds. */
void keep_standing(database& db, branch_of_node of, const standing& s);

/** As it is there, whether or not it holds; none: there is none. */
[[nodiscard]] std::optional<standing> kept_standing(database& db, branch_of_node of);

/** Which lines entries speak of that were folded since `seq`; nothing: perhaps of all, or too many. */
[[nodiscard]] std::optional<std::unordered_set<std::string>> lines_said_since(database& db, branch_of_node of,
                                                                              std::int64_t seq, std::int64_t folded);

/** How the lines go on as far as is folded. */
struct standing_now {
  struct counted {
    steady_lines of;
    std::int64_t lines = 0;
  };
  wall_t at{};
  std::vector<counted> steady;
  std::vector<std::int64_t> read;  ///< numbers of those whose books are to be read, in order
};
/** Of the entries up to `folded`; nothing: there is none that begins before `end`, or more was said since than is worth
 * looking through, or something that may be of all lines. */
[[nodiscard]] std::optional<standing_now> standing_up_to(database& db, branch_of_node of, std::int64_t folded,
                                                         wall_t end);
/** Its beginning, under the same conditions. */
[[nodiscard]] std::optional<wall_t> standing_from(database& db, branch_of_node of, std::int64_t folded);

}  // namespace changtong::centre
