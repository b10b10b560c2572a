#pragma once
/** Tells, in Chinese, what was done to the district and how long the monitor took to see it, and keeps the reckoning.
 *
 * Pure: it is told what happened and when, and returns the lines to print ("" or whole lines with their newline). Not
 * thread-safe; the demo calls it under one lock. */
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/simulate/district.h"
#include "daemon/simulate/reckoning.h"
#include "daemon/simulate/story.h"

namespace changtong::simulate {

class narrator {
 public:
  /** `d` must outlive it. `patience`: how long the monitor may take before an outage counts as missed. */
  narrator(const district& d, civil_zone zone, milliseconds patience);

  /** `t` has just begun; `edges` are the true instants of its targets, in the order of t.lines (one for a site). */
  std::string began(const trouble& t, std::span<const wall_t> edges, wall_t now);
  /** As above, for its end. */
  std::string ended(const trouble& t, std::span<const wall_t> edges, wall_t now);
  /** The monitor has announced a change of belief. */
  std::string announced(const transition& said, wall_t now);
  /** What a minute brought; "" as long as nothing has been done. */
  [[nodiscard]] std::string summary(wall_t now) const;
  [[nodiscard]] reckoning so_far(wall_t now) const;

 private:
  /** One trouble that the monitor is still busy with. */
  struct under_way {
    trouble what;
    std::vector<std::size_t> outages;  ///< into reckoning_.outages; empty for what is no outage
    std::size_t seen = 0, seen_up = 0;
    bool over = false;
  };

  [[nodiscard]] std::string went_down(const transition& said, wall_t now);
  [[nodiscard]] std::string came_up(const transition& said, wall_t now);
  [[nodiscard]] std::string all_seen(const under_way& u, wall_t now) const;
  [[nodiscard]] std::string all_seen_up(const under_way& u, wall_t now) const;
  [[nodiscard]] std::string title(const trouble& t) const;
  [[nodiscard]] std::string name_of_target(std::string_view id) const;
  [[nodiscard]] std::string clock(wall_t at) const;

  const district& d_;
  civil_zone zone_;
  milliseconds patience_;
  reckoning reckoning_;
  std::map<std::uint32_t, under_way> under_way_;            ///< by number of the trouble
  std::map<std::string, std::size_t, std::less<>> latest_;  ///< target -> its latest outage in the reckoning
  std::map<std::string, std::string, std::less<>> names_;   ///< target -> name(id)
  std::map<std::string, wall_t, std::less<>> lossy_until_;  ///< wall_max while it lasts
};

/** The whole reckoning as text: a line per outage, then the sums. */
[[nodiscard]] std::string write_reckoning(const reckoning& a, const civil_zone& zone);

}  // namespace changtong::simulate
