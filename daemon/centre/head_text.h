#pragma once
/** How the copy of a node's journal stands, as the centre's door and the command line say it. Pure. */
#include <optional>
#include <string>

#include "daemon/centre/archive.h"
#include "daemon/centre/own_journal.h"
#include "daemon/core/civil.h"

namespace changtong::centre {

/** {"node":…,"branch":1,"entries":9,"hash":"<64
 * hex>","heartbeat":…,"lag_ms":…,"received":…,"retired":null,"fork":null}; what is not known is null, a fork says since
 * when, how often, and which entry the node has instead. */
[[nodiscard]] std::string to_json(const node_head& h, const civil_zone& zone, wall_t now);

/** {"number":1,"at":…,"day":"2026-03-14","heads":2,"hash":"<64 hex>","key":"<64 hex>","fingerprint":"3b6a 27bc …"};
 * null where nothing was sealed yet. */
[[nodiscard]] std::string to_json(const std::optional<last_seal>& s, const civil_zone& zone);

}  // namespace changtong::centre
