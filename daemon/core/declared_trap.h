#pragma once
/** A trap 陷阱通知: what a line's device said of itself without being asked. The monitor enters it; it changes no
 * verdict and no figure. */
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include "daemon/core/fields.h"
#include "daemon/core/instant.h"
#include "daemon/core/known_trap.h"

namespace changtong {

/** One trap, or several of one kind from one line that came too fast to be kept one by one. */
struct trap_record {
  wall_t at{};         ///< when it was entered
  std::string target;  ///< whose address it came from
  wall_t about{};      ///< when it came; of several the first
  std::string trap;    ///< its object identifier, "1.3.6.1.6.3.1.1.5.3"; "other": several kinds in one storm
  trap_class what = trap_class::other;
  std::string via;        ///< v1, v2c, v3, and "inform" where it was one
  std::int64_t more = 0;  ///< so many came after it and are not kept one by one
  wall_t last{};          ///< the last of those
  std::string uptime_s;   ///< sysUpTime as the device said it, whole seconds; empty: it did not
  std::string text;       ///< what it names, at most 300 bytes: ifIndex=3 ifDescr=GE0/0/1
  friend bool operator==(const trap_record&, const trap_record&) = default;
};

template <>
struct description<trap_record> {
  static constexpr std::string_view kind = "trap";
  static constexpr std::string_view table = "traps", order = "about";
  static constexpr std::array<std::string_view, 1> rows_by{"about"};
  static constexpr int since = 6;  ///< format of the ledger
  static constexpr bool whole_rows = true;
  static constexpr std::string_view schema = "Trap", list = "Traps", path = "/api/v1/traps";
  static constexpr std::tuple fields{
      field{&trap_record::at, "at", "登记", "entered"},
      field{&trap_record::target, "target", "线路", "line"},
      field{&trap_record::about, "about", "时间", "time"},
      field{&trap_record::trap, "trap", "陷阱", "trap"}.meaning(
          "its object identifier; other: several kinds in one storm"),
      field{&trap_record::what, "class", "类型", "class"},
      field{&trap_record::via, "via", "协议", "protocol"}.meaning("v1, v2c or v3, and `inform` where it was one"),
      field{&trap_record::more, "more", "其后", "more", presence::if_any}.meaning(
          "so many of the kind came after it and are not kept one by one"),
      field{&trap_record::last, "last", "最后", "last", presence::if_any},
      field{&trap_record::uptime_s, "uptime_s", "运行时间", "uptime", presence::if_any}.meaning(
          "sysUpTime as the device said it, whole seconds"),
      field{&trap_record::text, "text", "内容", "content", presence::if_any}};
};

/** How long before an outage began, and after it ended, a trap is near it. */
inline constexpr milliseconds trap_nearness{60'000};

}  // namespace changtong
