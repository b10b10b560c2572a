#pragma once
/** What was seen on the way to a line: its usual path, the path at the beginning of an outage and after it, and what
 * observations said of an outage's cause. The monitor enters it; no figure depends on it. A path is told as its hops in
 * order, separated by blanks, each an address or `*` (no answer), without the line's own address. */
#include <array>
#include <string>
#include <string_view>
#include <tuple>

#include "daemon/core/fields.h"
#include "daemon/core/instant.h"

namespace changtong {

enum class trace_step : std::uint8_t {
  usual,  ///< `path` is that of a line that is up
  begun,  ///< `path` is as far as it could be followed at the beginning of an outage; `last` the last hop that answered
  ended,  ///< the same, after it
  cause,  ///< `observed` is why the last `cause` entry of that outage says what it says
};
[[nodiscard]] constexpr std::string_view name_of(trace_step s) {
  constexpr std::string_view names[]{"usual", "begun", "ended", "cause"};
  return names[static_cast<std::size_t>(s)];
}
template <>
struct values_of<trace_step> {
  static constexpr std::array all{trace_step::usual, trace_step::begun, trace_step::ended, trace_step::cause};
};

struct trace_record {
  wall_t at{};      ///< when it was seen
  std::string day;  ///< the civil day of it, YYYY-MM-DD
  trace_step step = trace_step::usual;
  std::string targets;  ///< ids separated by blanks: lines of which it holds
  /** Of the earliest of their outages; the others began within trace_together after it. Not of usual. */
  wall_t began{};
  std::string path;      ///< not for cause
  std::string last;      ///< the last hop that answered; empty: none did. Of usual: the line's own address
  std::string next;      ///< begun: what follows `last` in the usual path; empty: the line itself, or not known
  std::string found;     ///< cause: name of the cause
  std::string observed;  ///< one sentence, for people
  friend bool operator==(const trace_record&, const trace_record&) = default;
};

/** How far apart the beginnings of outages may lie that one record is about. */
inline constexpr milliseconds trace_together{10'000};

template <>
struct description<trace_record> {
  static constexpr std::string_view kind = "trace";
  static constexpr std::string_view table = "traces", key = "day";
  static constexpr int since = 6;  ///< format of the ledger
  static constexpr bool whole_rows = true;
  static constexpr std::array<std::string_view, 1> rows_by{"day"};
  static constexpr std::tuple fields{
      field{&trace_record::at, "at", "时间", "at"},
      field{&trace_record::day, "day", "日期", "day"},
      field{&trace_record::step, "step", "步骤", "step"},
      field{&trace_record::targets, "targets", "线路", "lines"},
      field{&trace_record::began, "began", "开始", "began", presence::if_any},
      field{&trace_record::path, "path", "路径", "path", presence::if_any},
      field{&trace_record::last, "last", "最后应答的一跳", "last hop that answered", presence::if_any},
      field{&trace_record::next, "next", "其后一跳", "hop after it", presence::if_any},
      field{&trace_record::found, "found", "原因", "cause", presence::if_any},
      field{&trace_record::observed, "observed", "依据", "observed", presence::if_any}};
};

}  // namespace changtong
