#pragma once
/** What somebody at the centre may have a node do, and what it answers. Pure; any thread. */
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/centre/live_text.h"
#include "daemon/core/phrase.h"

namespace changtong::centre {

/** {"command":"probe","target":"V014"}, or
 * {"command":"window","target":"","by":"李工","until":1773417600000,"entry":"{…}"} with the request
 * as the node's own API takes it (entries/command_json.h), or, of a window that waits,
 * {"command":"approve"|"refuse","target":"W20260314-01","by":"李工","until":…,"centre":"某市","text":"市里同意",
 * "version":"…","order":"…"}. */
struct node_command {
  std::string what, target;
  std::string by{}, entry{};      ///< of a window: who asks, at the centre, and what
  std::optional<wall_t> until{};  ///< later it is not wanted any more: nobody waits for the answer
  // of an approval:
  std::string centre{}, text{};  ///< the centre's name, which may be empty; why
  std::string version{};         ///< of the window, as whoever decides has seen it (entries/window_steps.h)
  std::string order{};           ///< the same for the same wish
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

/** A window that a node has entered as requested, approved or refused, and what whoever asks should know of it. */
struct window_requested {
  std::string id;
  std::int64_t targets = 0;
  std::vector<phrase> notices;
  friend bool operator==(const window_requested&, const window_requested&) = default;
};
/** {"window":"20260314-01","targets":2,"notices":[{"text":…,"text_en":…}]} */
[[nodiscard]] std::string text_of(const window_requested& w);
[[nodiscard]] std::optional<window_requested> read_window_requested(std::string_view text);

}  // namespace changtong::centre
