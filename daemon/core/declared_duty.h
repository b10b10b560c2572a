#pragma once
/** Who was on duty 值班. */
#include <array>
#include <string>
#include <string_view>
#include <tuple>

#include "daemon/core/declared_fields.h"
#include "daemon/core/fields.h"
#include "daemon/core/instant.h"

namespace changtong {

/** Somebody was, or will be, on duty on a civil day of the ledger's zone. */
struct duty_command {
  std::string day;     ///< 2026-03-14; empty: today; up to a year ahead: the roster
  std::string person;  ///< empty: the author
  std::string text;
  bool withdraw = false;  ///< they will not be: takes their roster entry of a day to come back
};

template <>
struct description<duty_command> {
  static constexpr std::string_view path = "/api/v1/duty", schema = "DutyRequest";
  static constexpr std::tuple fields{
      field{&duty_command::day, "day", "日期", "day", presence::if_any}.meaning(
          "2026-03-14; default today; a day to come is the roster"),
      field{&duty_command::person, "person", "值班人", "on duty", presence::if_any}.meaning("default: who asks"),
      field{&duty_command::text, "text", "备注", "text", presence::if_any},
      field{&duty_command::withdraw, "withdraw", "撤回", "withdraw", presence::if_any}.meaning(
          "takes the person's roster entry of a day that has not begun back")};
};

/** Somebody was on duty 值班 on a civil day, or the daily check was made (rules.md 4.5). Several a day are allowed. */
struct duty_record {
  wall_t at{};         ///< when the record was made
  std::string day;     ///< civil, of the ledger's zone: 2026-03-14
  std::string person;  ///< on duty; "automatic" for a daily check that no person made
  std::string source;  ///< api, duty.csv, cli, automatic; withdrawn_duty: what was entered of them before it is void
  std::string author;  ///< who entered it
  std::string text;
  std::string via{};  ///< as in annotation; empty for the automatic check
  friend bool operator==(const duty_record&, const duty_record&) = default;
};

template <>
struct description<duty_record> {
  static constexpr std::string_view kind = "duty", schema = "DutyRecord", list = "Duty";
  static constexpr std::string_view table = "duties", key = "day", order = "day";
  static constexpr std::array<std::string_view, 1> rows_by{"day"};
  using command = duty_command;
  static constexpr std::tuple fields{
      field{&duty_record::at, "at", "登记时间", "entered"},
      field{&duty_record::day, "day", "日期", "day"},
      field{&duty_record::person, "person", "值班人", "on duty"},
      field{&duty_record::source, "source", "来源", "source"},
      field{&duty_record::author, "author", "登记人", "author"},
      field{&duty_record::text, "text", "备注", "text"},
      field{&duty_record::via, "via", "途径", "via", presence::if_any}.meaning(via_means)};
};

/** How long after the end of a day its duty record may be entered without being marked as late 迟登. */
inline constexpr milliseconds duty_grace = std::chrono::hours{24};
/** Whether a person entered it later than that; `day_ends`: the end of its civil day. */
[[nodiscard]] bool entered_late(const duty_record& d, wall_t day_ends);

/** `source` of a record that takes the same person's earlier ones of that day back. Made before the day begins, so
 * that it makes no day of operation (is_roster), whoever reads it. */
inline constexpr std::string_view withdrawn_duty = "withdrawn";

/** How far ahead a roster may be entered. */
inline constexpr milliseconds longest_roster = std::chrono::hours{24 * 366};
/** Whether it was entered before its civil day began: who will be on duty, and who alerts go to; that somebody was is
 * not said by it, and it makes no day of operation (rules.md 4.5). */
[[nodiscard]] inline bool is_roster(const duty_record& d, wall_t day_begins) { return d.at < day_begins; }

}  // namespace changtong
