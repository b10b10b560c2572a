#pragma once
/** The metrics page of a centre: Prometheus text format 0.0.4. Pure. */
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/instant.h"

namespace changtong::metrics {

inline constexpr std::array<std::string_view, 4> shipment_outcomes{"taken", "standing", "fork", "refused"};

inline constexpr std::array<std::string_view, 3> line_states{"up", "down", "unknown"};

/** A node as the database had it last, and what this process has counted of it. */
struct centre_row {
  std::string node;
  std::int64_t branch = 0, entries = 0;
  std::optional<wall_t> heartbeat{}, received{};  ///< none: nothing was shipped yet
  std::optional<wall_t> awaited{};                ///< since when, which its lag is then counted from
  bool forked = false;
  std::array<std::uint64_t, shipment_outcomes.size()> shipments{};
  std::int64_t folded = 0;            ///< of the entries
  std::optional<wall_t> folded_to{};  ///< none: figures know nothing of it yet
  bool stuck = false;                 ///< at an entry that cannot be folded
  bool retired = false;               ///< nobody expects it any more: it lags behind nothing
  bool apart = false;                 ///< its clock is too far from that of the first of its pair: it does not count
};

/** Lines of a node, or of a pair by its own name. */
struct centre_lines {
  std::string node;
  std::array<std::int64_t, line_states.size()> count{};  ///< by line_states
};

struct centre_figures {
  bool database_up = false;
  bool folding = false;  ///< this process folds, of those that could
  bool sealed = false;   ///< the day's seal is there
  std::vector<centre_row> nodes;
  std::vector<centre_lines> lines{};
  std::string version;
};

/** `now`: what lag is counted up to. */
[[nodiscard]] std::string centre_page(const centre_figures& of, wall_t now);

}  // namespace changtong::metrics
