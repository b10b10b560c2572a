#pragma once
/** How far each node's journal is folded into figures. */
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/centre/database.h"
#include "daemon/core/phrase.h"
#include "daemon/ledger/shipment.h"

namespace changtong::centre {

/** The version of the projections that this program folds: another one's are made anew from the journal. */
inline constexpr int projections_version = 1;

/** Of a node, the branch that goes on. */
struct folded_head {
  std::string node;
  std::int32_t number = 0, branch = 0;
  std::int64_t entries = 0;             ///< that the centre has
  wall_t heartbeat{};                   ///< everything is here up to it; 1970: nothing was shipped yet
  int version = 0;                      ///< of what is folded; 0: nothing is, or it is being taken away
  std::int64_t folded = 0;              ///< of the entries
  wall_t folded_to{};                   ///< the figures know everything up to it; 1970: not all of it yet
  std::optional<std::int64_t> stuck{};  ///< an entry that this or another version could not fold: figures end before it
  phrase why{};                         ///< it could not
  bool forked = false;                  ///< a fork waits for a person
  /** How far the centre's clock is ahead of its, as it said last; none: never. */
  std::optional<ledger::clock_exchanged> clock{};
  std::optional<wall_t> retired{};  ///< a person said then that it ships no more
  friend bool operator==(const folded_head&, const folded_head&) = default;
};

/** In order of their names. */
[[nodiscard]] result<std::vector<folded_head>> folded_heads(database& db);

}  // namespace changtong::centre
