#pragma once
/** What a node says of itself by way of a broker, for those who look on: that it is there and how far its journal goes,
 * every few seconds, and which of its lines and sites are not up, as soon as that is durable. Nothing of it is proof,
 * and what gets lost is said again by the next sheet: the journal is what counts. Pure; any thread. */
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/cause.h"
#include "daemon/core/instant.h"
#include "daemon/core/record.h"
#include "daemon/ledger/shipment.h"

namespace changtong::centre {

/** {"clock":…,"heartbeat":…,"seq":13,"hash":"<64 hex>"}; no heartbeat, null: nothing was committed yet. */
struct beat {
  wall_t clock{};
  std::optional<wall_t> heartbeat;
  ledger::shipped_head head;
  friend bool operator==(const beat&, const beat&) = default;
};
[[nodiscard]] std::string text_of(const beat& b);
[[nodiscard]] std::optional<beat> read_beat(std::string_view text);

/** How many lines a sheet has at most; texts are cut to `most_live_text` bytes. */
inline constexpr std::size_t most_live_lines = 1'000, most_live_text = 120;

struct live_line {
  std::string target, name, category, town;
  line_state state = line_state::unknown;
  wall_t since{};
  cause why = cause::none;
  friend bool operator==(const live_line&, const live_line&) = default;
};

/** {"clock":…,"whole":true,"up":120,"down":1,"unknown":0,"left_out":0,"lines":[{"target":…,"name":…,"category":…,
 * "town":…,"state":"down","since":…,"cause":…}]} */
struct live_sheet {
  wall_t clock{};
  bool whole = false;                          ///< these are all that are not up; else what changed, be it to up
  std::int64_t up = 0, down = 0, unknown = 0;  ///< of all that are in scope, at `clock`
  std::int64_t left_out = 0;                   ///< there was no room for so many more
  std::vector<live_line> lines;
  friend bool operator==(const live_sheet&, const live_sheet&) = default;
};
[[nodiscard]] std::string text_of(const live_sheet& s);
/** A later version may say more. Any input is safe. */
[[nodiscard]] std::optional<live_sheet> read_live_sheet(std::string_view text);

}  // namespace changtong::centre
