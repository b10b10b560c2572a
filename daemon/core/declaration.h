#pragma once
/** What people declare and no probe can see: settings, inventory, maintenance windows, annotations, duty, closings.
 * Each is a journal entry of its own, made at `at`, and never changed: a later one says it anew (promise 6). */
#include <cstdint>
#include <string>

#include "daemon/core/instant.h"

namespace changtong {

/** Settings as they were from `at` on. `policy` is canonical JSON without secrets; `zone` an IANA name. */
struct policy_version {
  wall_t at{};
  std::string zone;
  std::string policy;
  std::string author;
};

/** One target as it was from `at` on: canonical JSON as core/target.h makes it; empty json = removed. */
struct inventory_version {
  wall_t at{};
  std::string target;
  std::string json;
  std::string author;
};

/** A step of an approved maintenance window 计划停机; the last record of its id made before it begins decides (rule 8).
 */
struct window_record {
  wall_t at{};  ///< when the record was made
  std::string id;
  std::string target;
  wall_t from{};
  wall_t to{};
  std::string state;  ///< requested, approved, revised, cancelled
  std::string by;
  std::string text;
};

struct annotation {
  wall_t at{};
  std::string target;
  wall_t about{};
  std::string author;
  std::string text;
};

/** Somebody was on duty 值班 on a civil day, or the daily check was made (rules.md 4.5). Several a day are allowed. */
struct duty_record {
  wall_t at{};         ///< when the record was made
  std::string day;     ///< civil, of the ledger's zone: 2026-03-14
  std::string person;  ///< on duty; "automatic" for a daily check that no person made
  std::string source;  ///< api, duty.csv, cli, automatic
  std::string author;  ///< who entered it
  std::string text;
  friend bool operator==(const duty_record&, const duty_record&) = default;
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
  friend bool operator==(const period_closed&, const period_closed&) = default;
};

}  // namespace changtong
