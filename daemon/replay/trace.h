#pragma once
/** One line of a trace (JSON lines, in order of happening) -> what happened. Pure; any bytes are safe.
 *
 * Knows what a line says, not whether it can have happened: order, running and stopped are tape.h's, who exists is
 * replay.h's. Instants are ISO 8601 with offset or a civil date, its midnight in the given zone. */
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/core/record.h"
#include "daemon/core/result.h"
#include "daemon/core/sample.h"

namespace changtong::replay {

inline constexpr std::size_t most_line_bytes = 64 * 1024;  ///< of a trace

enum class monitor_act : std::uint8_t { start, stop, crash };
struct trace_monitor {
  wall_t at{};
  monitor_act what{};
};

/** What was asked and seen. `rtt` of good samples only; `why` is never of the wrong class for the outcome. */
struct trace_answer {
  std::string target, check;  ///< the check by the end of its id: icmp, snmp#2
  outcome what{};
  cause why = cause::none;
  nanoseconds rtt{0};
  std::optional<milliseconds> took{};  ///< of bad samples only: until it was known; none: the check's timeout
};
struct trace_single {
  wall_t at{};
  trace_answer seen;
};
/** Samples at from + k * every < to. `target` "*": every target with that check. */
struct trace_range {
  wall_t from{}, to{};
  milliseconds every{};  ///< 1 ms .. 366 days
  trace_answer seen;
};
/** `at` is the label before the step. */
struct trace_step {
  wall_t at{};
  milliseconds by{};  ///< at most ten years, never 0
};
/** A step of a maintenance window. Targets and edges that are not given are those of the id's record before. */
struct trace_window {
  wall_t at{};
  std::string id;
  std::vector<std::string> targets;
  std::optional<wall_t> from, to;
  window_state state = window_state::requested;
  std::string by, text;
};
struct trace_inventory {
  wall_t at{};
  std::vector<std::pair<std::string, std::string>> cells;  ///< heading -> text, as in lines.csv
};
/** Not given: as before; empty: none. */
struct trace_scope {
  wall_t at{};
  std::string target;
  std::optional<std::string> accepted, closed;
};

using trace_event =
    std::variant<trace_monitor, trace_single, trace_range, trace_step, trace_window, trace_inventory, trace_scope>;

/** The label that the line carries: `at`, of a range `from`. */
[[nodiscard]] wall_t label_of(const trace_event& e);

/** A problem is a sentence with its remedy; the caller knows file and line. */
[[nodiscard]] result<trace_event> read_trace_line(std::string_view line, const civil_zone& zone);

}  // namespace changtong::replay
