#pragma once
/** What somebody at the centre may have a node do, and what it answers. Pure; any thread. */
#include <optional>
#include <string>
#include <string_view>

#include "daemon/centre/live_text.h"

namespace changtong::centre {

/** {"command":"probe","target":"V014"} */
struct node_command {
  std::string what, target;
};
[[nodiscard]] std::string text_of(const node_command& c);
[[nodiscard]] std::optional<node_command> read_command(std::string_view text);

/** A target as a node shows it after it was asked. */
struct probe_seen {
  live_line line;
  wall_t asked{};
  std::optional<wall_t> sampled{};  ///< the newest sample's question was sent then; none: nothing came of it in time
  double rtt_seconds = -1;          ///< of the last good one; negative: there was none
  double loss_ratio = -1;           ///< of the last 64; negative: nothing was measured
};
/** {"target":…,"name":…,"state":…,"since":…,"cause":…,"asked":…,"sampled":…,"rtt_ms":…,"loss":…}, instants in
 * milliseconds, null for what there is none of. */
[[nodiscard]] std::string text_of(const probe_seen& p);
/** None for anything else, such as the node's problem. */
[[nodiscard]] std::optional<probe_seen> read_probe_seen(std::string_view text);

}  // namespace changtong::centre
