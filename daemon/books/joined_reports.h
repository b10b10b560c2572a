#pragma once
/** The reports of several nodes as one: what each node's own rules, contracts and windows gave is added up, and nothing
 * is judged anew. Pure. */
#include <string>
#include <vector>

#include "daemon/books/report_figures_types.h"

namespace changtong {

struct report_of_node {
  std::string node;  ///< different of each
  report::availability_report what;
};

/** Of the same period; at least one. Of one alone it is what it was. Of several, ids of lines, targets of windows and
 * numbers of tickets say their node (core/ids_of_node.h), towns are each node's own, carriers and categories of the
 * same name one. It is known to where the first of them ends, and complete if all are; the head's remaining words are
 * the first one's. `instants`: to which the lines of all were added (report_request). */
[[nodiscard]] report::availability_report joined(std::vector<report_of_node> all,
                                                 const availability::snapshots& instants);

}  // namespace changtong
