#pragma once
/** The final reckoning of a demo: what was really done to the district against what the books say. A value; a test or a
 * bench asserts on it. */
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/record.h"
#include "daemon/simulate/story.h"

namespace changtong::simulate {

/** One outage of one target, true and booked. */
struct caused_outage {
  std::uint32_t trouble = 0;  ///< its number in the story
  trouble_kind kind = trouble_kind::village_cut;
  std::string target;
  std::string name;
  wall_t began{};                  ///< true
  std::optional<wall_t> ended;     ///< true; none = still cut
  std::optional<transition> down;  ///< as announced
  std::optional<wall_t> seen;      ///< when it was announced
  std::optional<transition> up;
  std::optional<wall_t> seen_up;
};

struct false_alarm {
  transition said;
  wall_t at{};
};

struct reckoning {
  std::vector<caused_outage> outages;     ///< in order of begin
  std::vector<false_alarm> false_alarms;  ///< announced down without a cut
  std::uint32_t excused = 0;              ///< announced down while the line lost packets: neither right nor wrong
  std::uint32_t seen = 0;                 ///< announced
  std::uint32_t missed = 0;               ///< not announced although there was time to
  std::uint32_t pending = 0;              ///< too young at the end to be judged
  std::uint32_t unended = 0;              ///< over, and the end not announced although there was time to
  std::uint32_t edges = 0;                ///< true edges that the books have a bracket for
  std::uint32_t edges_inside = 0;         ///< of these, inside it (rule 9)
  std::optional<milliseconds> median_detection;  ///< from the true begin to the announcement
  std::optional<milliseconds> worst_detection;
};

/** Whether the true edge lies in (after, until], give or take the millisecond lost to rounding. */
[[nodiscard]] bool inside(const bracket& b, wall_t edge);

/** Sums `a` up from its outages; one younger than `patience` at `now` is pending, not missed. */
void settle(reckoning& a, wall_t now, milliseconds patience);

}  // namespace changtong::simulate
