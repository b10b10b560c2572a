#pragma once
/** Figures over many nodes, by the functions that a node's own books use. What a node has not shipped is unknown.
 * Throws std::runtime_error with a sentence where the database does not do it, or somebody has waited long enough. */
#include <array>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/availability/row.h"
#include "daemon/centre/asked_books.h"
#include "daemon/core/civil.h"

namespace changtong::centre {

/** By what rows are grouped; a place is one of its province and city, a line one of its node. A pair is one node, by
 * its own name. */
enum class grouping : std::uint8_t { node, province, city, district, town, category, carrier, line, day, month };
[[nodiscard]] std::string_view name_of(grouping by);
/** `district`, or two with a comma between them (`district,category`); a problem for anything else. */
[[nodiscard]] result<std::vector<grouping>> groupings_named(std::string_view names);

/** The members of a group, as an answer names them: node, province, city, district, town, category, carrier, line,
 * period; those that its grouping does not ask for are not in it. */
using group_members = std::vector<std::pair<std::string_view, std::string>>;
struct figure_row {
  group_members of;
  availability::availability_row what;  ///< its key is the last member; a category has its Chinese name
};

struct figures_wanted {
  period when;
  wall_t now{};
  civil_zone zone;  ///< of days and months
  std::vector<grouping> by;
  std::size_t most_rows = 100'000;       ///< more is a refusal
  std::function<void()> still_wanted{};  ///< called now and then; throws where nobody waits any more
};

/** In order of their members, categories in the order in which nodes show them. By line alone formula A, else R1. The
 * caller has one state of the books. */
[[nodiscard]] std::vector<figure_row> figures(database& db, std::span<const asked_node> nodes, const figures_wanted& f);

}  // namespace changtong::centre
