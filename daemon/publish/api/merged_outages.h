#pragma once
/** Outages as JSON, of the books that are asked for. */
#include <string>
#include <vector>

#include "daemon/publish/api/views.h"

namespace changtong::api {

struct outage_list {
  std::string all;   ///< an array of the schema Outage
  std::string open;  ///< the first of them, if it is open; else null
};
/** Of a merged book each has `own`, the ids of this node's own that lie over it. */
[[nodiscard]] outage_list listed(const asked_books& of, std::vector<availability::outage> outages);

}  // namespace changtong::api
