#pragma once
/** The routers of the demo's story. Everything in 127/8 is next to us, so no packet meets one: what a trace sees is
 * told by the district's shape and by what is cut - the district's core, the carrier's, the township's device. Pure. */
#include <cstdint>
#include <map>

#include "daemon/core/path.h"
#include "daemon/simulate/story.h"

namespace changtong::simulate {

/** Position in district::lines -> what cuts it; only outages. */
using cut_lines = std::map<std::uint32_t, trouble_kind>;

/** What a trace of that line sees. */
[[nodiscard]] seen_path traced(const district& d, const cut_lines& cut, std::uint32_t line);
/** Whose address it is; no_line: nobody's. */
[[nodiscard]] std::uint32_t line_at(const district& d, const ip_address& address);

}  // namespace changtong::simulate
