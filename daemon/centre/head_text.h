#pragma once
/** How the copy of a node's journal stands, as the centre's door and the command line say it. Pure. */
#include <string>

#include "daemon/centre/archive.h"
#include "daemon/core/civil.h"

namespace changtong::centre {

/** {"node":…,"branch":1,"entries":9,"hash":"<64
 * hex>","heartbeat":…,"lag_ms":…,"received":…,"retired":null,"fork":null}; what is not known is null, a fork says since
 * when, how often, and which entry the node has instead. */
[[nodiscard]] std::string to_json(const node_head& h, const civil_zone& zone, wall_t now);

}  // namespace changtong::centre
