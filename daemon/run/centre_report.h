#pragma once
/** The report of a period over the nodes of a centre: each node's own report, by its own rules, added up; whose month
 * is closed at the centre, by the closing. One thread; blocks on the database. */
#include <functional>
#include <string>
#include <vector>

#include "daemon/books/report_figures.h"
#include "daemon/centre/asked_books.h"
#include "daemon/core/web.h"
#include "daemon/settings/centre_file.h"

namespace changtong {

/** Those whose places or names are asked for (node_parameters). */
struct centre_scope {
  std::vector<centre::asked_node> nodes;
  std::vector<centre::asked_node> absent;  ///< of the settings, and the database has no such node yet
};
/** A problem where nobody is of that name or place. */
[[nodiscard]] result<centre_scope> scope_of(centre::database& db, const centre_file& s, const web_request& asked);

/** How far a node, or each of a pair, is known in a period, for people: 东城区 全期；西城区 至 2026-10-03 12:00. */
[[nodiscard]] std::string known_text(const centre::asked_node& n, period when, const civil_zone& zone);
/** Everything of the period is here, or up to when it was said that it ships no more; also of who never shipped and is
 * not expected any more. */
[[nodiscard]] bool is_known_to_the_end(const centre::asked_node& n, period when);

struct centre_report_wanted {
  report_period when;
  wall_t now{};
  milliseconds step = availability::default_step;
  web_request of{};               ///< only its parameters count
  std::function<void()> go_on{};  ///< called now and then; what it throws ends the making
};
/** Of one state of the books. Throws std::runtime_error with a sentence where the database does not do it. */
[[nodiscard]] result<report::availability_report> centre_report(centre::database& db, const centre_file& s,
                                                                const centre_report_wanted& w);

}  // namespace changtong
