#pragma once
/** Closings 结账 of civil months, quarters and years at the centre, after a node's own (entries/closing.h): the figures
 * of all nodes as they are known then, by district and category, are an entry of the centre's own journal, and what is
 * told of exactly that period from then on: a quarter is closed of the books, whatever was closed of its months. What
 * is shipped later changes the books and not the closing, until the period is closed anew. */
#include <array>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/centre/figures.h"
#include "daemon/centre/own_entry.h"

namespace changtong::centre {

struct closing_wanted {
  std::string month;  ///< 2026-10, 2026-Q3 or 2026
  std::string author;
  std::string reason;  ///< must be given from the second version on
  civil_zone zone;
  /** Which nodes, and where their lines are. */
  std::function<std::vector<asked_node>(std::vector<folded_head>)> nodes;
  /** Something of the period that is here is being folded, of that node: true looks again; false, and none: refused. */
  std::function<bool(const std::string& node)> waits{};
};
/** How a closing of that period is called: `2026-10`, `2026-Q3` or `2026`; empty: it is none of these in that zone. */
[[nodiscard]] std::string closed_name(const civil_zone& zone, period when);
/** Enters it. Refused, with a sentence: what is no such period, one that is not over, one without any scope, one of
 * which a node has shipped something that is not folded, a second version without a reason or without any difference.
 * Over versions that cannot be read it goes on: what differs is then told from the newest that can, if any. Nodes that
 * have not shipped all of it hinder nothing: `nodes` of what it gives says how far each was known. */
[[nodiscard]] result<month_closed> close_month(database& db, const closing_wanted& w, wall_t now);

struct told_closing {
  std::int64_t seq = 0;
  ledger::digest hash{};  ///< of its entry
  month_closed what;
  phrase unread{};  ///< why it cannot be read (somebody changed it, or a later version made it): then of `what` only
                    ///< `at` and the month are known, the latter if it stands where it should; empty: all is
};
/** Latest first, at most so many; of one period where it is named. */
[[nodiscard]] result<std::vector<told_closing>> closings(database& db, std::string_view month, std::size_t most);
/** None: it is not closed. */
[[nodiscard]] result<std::optional<told_closing>> newest_closing(database& db, std::string_view month);

/** By what the rows of a closing are grouped. */
inline constexpr std::array closed_by{grouping::district, grouping::category};
/** Figures that are grouped so, as closings have them. */
[[nodiscard]] std::vector<closed_row> rows_of(std::span<const figure_row> figures);
/** In order of their places and categories. */
[[nodiscard]] std::vector<entries::difference> what_differs(std::span<const closed_row> before,
                                                            std::span<const closed_row> after);

/** Whether rows of a closing can be grouped so: by places down to the district, and by category. */
[[nodiscard]] bool groups_closed(std::span<const grouping> by);
/** As figures() groups them. */
[[nodiscard]] std::vector<figure_row> grouped(std::span<const closed_row> rows, std::span<const grouping> by);

}  // namespace changtong::centre
