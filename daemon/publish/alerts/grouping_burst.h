#pragma once
/** Which outages that wait to be told are one burst, and which of a burst are one alert. Pure arithmetic on a list;
 * the time it takes grows with the list, not with its square. */
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "daemon/core/alert_settings.h"
#include "daemon/core/declared_alert.h"
#include "daemon/publish/alerts/grouping_terrain.h"

namespace changtong::alerts::fold {

/** An outage that waits. */
struct waiting {
  target_index target = no_index;
  target_index root = no_index;  ///< the uppermost ancestor that waits with it, else itself
  wall_t seen{};                 ///< when it was confirmed
  wall_t bad{};                  ///< when its first bad sample was
  bool decided = false;          ///< its cause is known
};

/** Outages that have a carrier, a town or an ancestor in common with one another, over however many of them; more than
 * `most` such bursts at once are one. Sites have each other in common. */
struct burst {
  std::vector<std::size_t> of;  ///< indices into the list
  wall_t first = wall_max, last = wall_min;
  wall_t bad = wall_max;   ///< the first bad sample of all
  bool undecided = false;  ///< the cause of one is not known yet
  bool expects = false;    ///< hangs below one of it what is not down yet
};
inline constexpr std::size_t most_alerts = 3;  ///< of one burst; more are one alert
[[nodiscard]] std::vector<burst> bursts(const terrain& land, std::span<const waiting> all);

/** When it may be told: no member came for `quiet` (twice that below a line that is down), or it has waited enough.
 * `alone`: no line is in doubt that could join a single one. */
[[nodiscard]] wall_t ripe(const burst& b, std::span<const waiting> all, const together_limits& limits, bool alone);

/** What is grouped: an outage with what hangs below it, or an alert of one line that was told a moment ago. */
struct unit {
  target_index root = no_index;
  bool told = false;
};
struct cluster {
  alert_subject subject = alert_subject::line;  ///< line: by itself
  std::string name;
  std::vector<std::size_t> of;  ///< indices into the units
};
/** All lines, or all sites. Clusters of what was told alone are left out. */
[[nodiscard]] std::vector<cluster> together(const terrain& land, std::span<const unit> units, std::size_t enough);

}  // namespace changtong::alerts::fold
