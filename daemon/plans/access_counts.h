#pragma once
/** What access logs came to; see access_log.h for the rule. Values. */
#include <cstdint>
#include <string>

namespace changtong::plans {

struct access_counts {
  std::int64_t views = 0, visits = 0;
  std::int64_t lines = 0;  ///< all of the files, blank lines and comments of W3C left out
  std::int64_t unreadable = 0, outside_period = 0, robots = 0, other_method = 0, other_status = 0, no_page = 0;
  std::string first{}, last{};  ///< instants of the views, ISO 8601; empty without any
};

}  // namespace changtong::plans
