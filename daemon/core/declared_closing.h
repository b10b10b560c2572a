#pragma once
/** The closing 结账 of a period's books. */
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include "daemon/core/declared_fields.h"
#include "daemon/core/fields.h"
#include "daemon/core/instant.h"

namespace changtong {

/** Close 结账 a civil period: its figures stand from then on (promise 6). */
struct close_command {
  std::string period;  ///< 2026, 2026-Q1, 2026-03 or 2026-03-14
  std::string reason;  ///< must be given from the second version on
};

template <>
struct description<close_command> {
  static constexpr std::string_view path = "/api/v1/closings", schema = "ClosingRequest";
  static constexpr bool nothing_else = true;
  static constexpr std::tuple fields{
      field{&close_command::period, "period", "期间", "period"}.meaning("2026, 2026-Q1, 2026-03 or 2026-03-14"),
      field{&close_command::reason, "reason", "原因", "reason", presence::if_any}};
};

/** A period was closed 结账: its figures stand as of the entry before this one, whatever is entered later; a second
 * closing of the same period is a new version and says what it changes (design.md 1, promise 6). */
struct period_closed {
  wall_t at{};
  period when;
  std::int64_t version = 1;  ///< counts from 1 for each period
  std::string author;
  std::string reason;
  std::string figures;  ///< canonical JSON of the group rows at this version
  std::string sheet;    ///< SHA-256, hex, over the rows of all lines (canonical JSON): too many to keep here
  std::string changes;  ///< canonical JSON array: what differs from the version before; "[]" for version 1
  std::string via{};    ///< as in annotation
  friend bool operator==(const period_closed&, const period_closed&) = default;
};

[[nodiscard]] constexpr bool counts_from_one(const std::int64_t& version) { return version >= 1; }

template <>
struct description<period_closed> {
  static constexpr std::string_view kind = "closed", schema = "Closing", list = "Closings";
  static constexpr std::string_view table = "closings";
  using command = close_command;
  static constexpr std::tuple fields{
      field{&period_closed::at, "at", "登记时间", "entered"},
      field{inside{&period_closed::when, &period::from}, "from", "起", "from"},
      field{inside{&period_closed::when, &period::to}, "to", "止", "to"},
      field{&period_closed::version, "version", "版本", "version", presence::always, counts_from_one},
      field{&period_closed::author, "author", "经办人", "author"},
      field{&period_closed::reason, "reason", "原因", "reason"},
      field{&period_closed::figures, "figures", "数据", "figures", presence::as_json},
      field{&period_closed::sheet, "sheet", "明细摘要", "sheet"}.meaning("SHA-256 over the rows of all lines"),
      field{&period_closed::changes, "changes", "变化", "changes", presence::as_json},
      field{&period_closed::via, "via", "途径", "via", presence::if_any}.meaning(via_means)};
};

}  // namespace changtong
