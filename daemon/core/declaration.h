#pragma once
/** What people declare and no probe can see: settings, inventory, maintenance windows, annotations, duty, closings,
 * readings of counters, verdicts on indicators. Each is a journal entry of its own, made at `at`, and never changed: a
 * later one says it anew (promise 6). Their fields, one by one: record_fields.h. */
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/fields.h"
#include "daemon/core/instant.h"

namespace changtong {

/** Settings as they were from `at` on. `policy` is canonical JSON without secrets; `zone` an IANA name. */
struct policy_version {
  wall_t at{};
  std::string zone;
  std::string policy;
  std::string author;
  friend bool operator==(const policy_version&, const policy_version&) = default;
};

/** One target as it was from `at` on: canonical JSON as core/target.h makes it; empty json = removed. */
struct inventory_version {
  wall_t at{};
  std::string target;
  std::string json;
  std::string author;
  friend bool operator==(const inventory_version&, const inventory_version&) = default;
};

/** The target of a window that is for every line and site in scope at its time, also for those that the inventory gets
 * later: one record, not one a target. No id of an inventory. */
inline constexpr std::string_view every_target = "*";

/** A step of an approved maintenance window 计划停机; the last record of its id made before it begins decides (rule 8).
 */
struct window_record {
  wall_t at{};  ///< when the record was made
  std::string id;
  std::string target;  ///< or every_target
  wall_t from{};
  wall_t to{};
  std::string state;  ///< requested, approved, revised, cancelled
  std::string by;
  std::string text;
  /** Words, separated by blanks: `already_down` (the target, or one of every_target, had an open outage when this was
   * entered), `late_notice` (approved less than an hour before it begins). Empty: none. */
  std::string flags{};
  std::string via{};  ///< as author::via (command.h); empty in entries of before it was kept
  friend bool operator==(const window_record&, const window_record&) = default;
};

struct annotation {
  wall_t at{};
  std::string target;
  wall_t about{};
  std::string author;
  std::string text;
  std::string via{};  ///< as in window_record
  friend bool operator==(const annotation&, const annotation&) = default;
};

/** Somebody was on duty 值班 on a civil day, or the daily check was made (rules.md 4.5). Several a day are allowed. */
struct duty_record {
  wall_t at{};         ///< when the record was made
  std::string day;     ///< civil, of the ledger's zone: 2026-03-14
  std::string person;  ///< on duty; "automatic" for a daily check that no person made
  std::string source;  ///< api, duty.csv, cli, automatic
  std::string author;  ///< who entered it
  std::string text;
  std::string via{};  ///< as in window_record; empty for the automatic check
  friend bool operator==(const duty_record&, const duty_record&) = default;
};

/** How long after the end of a day its duty record may be entered without being marked as late 迟登. */
inline constexpr milliseconds duty_grace = std::chrono::hours{24};
/** Whether a person entered it later than that; `day_ends`: the end of its civil day. */
[[nodiscard]] bool entered_late(const duty_record& d, wall_t day_ends);

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
  std::string via{};    ///< as in window_record
  friend bool operator==(const period_closed&, const period_closed&) = default;
};

/** What a counter of another system (公众号服务人数, 网站点击) stood at, as a person or a file says. Of several
 * readings of one counter and instant the one entered last counts; all stay. */
struct counter_reading {
  wall_t at{};          ///< when it was entered
  std::string counter;  ///< A-Z a-z 0-9 - _, 1 to 64
  wall_t about{};       ///< the instant at which the counter was read
  std::string value;    ///< as written; parse_exact (exact.h) reads it, never negative
  std::string unit;     ///< 人, 次; may be empty
  std::string source;   ///< where it stands: 平台后台, 截图; may be empty
  std::string author;   ///< who entered it
  std::string via;      ///< as in window_record; in older entries api, counters.csv, cli
  friend bool operator==(const counter_reading&, const counter_reading&) = default;
};

/** What a person found an indicator to be: 达成, 部分达成, 未达成. */
enum class attainment : std::uint8_t { achieved, partly, missed };
[[nodiscard]] std::string_view name_of(attainment a);     ///< achieved, partly, missed
[[nodiscard]] std::string_view chinese_of(attainment a);  ///< 达成, 部分达成, 未达成
/** By either name. */
[[nodiscard]] std::optional<attainment> attainment_named(std::string_view name);

/** A person's verdict on an indicator of an evaluation (绩效自评), and the document it stands on. The last one entered
 * for a plan's indicator counts; all stay. */
struct indicator_verdict {
  wall_t at{};            ///< when it was entered
  std::string plan;       ///< the year, or the plan's name
  std::string indicator;  ///< id in the plan
  attainment verdict = attainment::achieved;
  std::string points;    ///< as written; parse_exact reads it, never negative; empty: the plan's rule gives them
  std::string text;      ///< why
  std::string document;  ///< name of the file, which stays where it is; may be empty
  std::string sha256;    ///< of its bytes, 64 lower-case hexadecimal digits; may be empty
  std::string author;    ///< whose verdict it is
  std::string via;       ///< as in window_record; in older entries api, cli
  friend bool operator==(const indicator_verdict&, const indicator_verdict&) = default;
};

/** All of them; a new one is added at the end, and becomes a `record` and an entry of the journal by it. */
using declarations = types<policy_version, inventory_version, window_record, annotation, duty_record, period_closed,
                           counter_reading, indicator_verdict>;

/** For each, in the order in which they were entered: whether no later one is about the same counter and instant. */
[[nodiscard]] std::vector<bool> counting(const std::vector<counter_reading>& entered);
/** For each, in the order in which they were entered: whether no later one is about the same plan and indicator. */
[[nodiscard]] std::vector<bool> counting(const std::vector<indicator_verdict>& entered);

}  // namespace changtong
