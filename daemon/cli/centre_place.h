#pragma once
/** Where the books of a report or an evaluation are, if they are a centre's: its settings, and which nodes of it. */
#include <string>

#include "daemon/cli/grammar.h"
#include "daemon/core/result.h"
#include "daemon/core/web.h"

namespace changtong {

struct centre_place {
  std::string config;                          ///< empty: the books are not a centre's
  std::string node, district, city, province;  ///< empty: all; of a pair its own name
};
/** --centre, --node, --district, --city, --province. */
void centre_place_options(grammar sub, centre_place& into);
/** Of a place without a centre. */
[[nodiscard]] result<void> is_of_a_centre(const centre_place& p);
/** As node_parameters has them. */
[[nodiscard]] web_request asked_of(const centre_place& p);

}  // namespace changtong
