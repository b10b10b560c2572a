#pragma once
/** The tables of a ledger, in SQLite's words. Internal to daemon/ledger; README.md says what each is for.
 * Instants are milliseconds since 1970 UTC; `target` is the number `targets` gives to an id. */
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/declaration.h"

namespace changtong::ledger {

inline constexpr int application_id = 0x43544c47;  // "CTLG"
inline constexpr int format_version = std::max(4, format_with_all(declarations{}));
inline constexpr int oldest_readable = oldest_format;  // it lacks starts and the last two columns of outages

/** The truth, and the one mutable row beside it. */
inline constexpr const char* journal_schema = R"(
CREATE TABLE journal(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,
  prev BLOB NOT NULL, hash BLOB NOT NULL) STRICT;
CREATE TRIGGER journal_is_append_only_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_is_append_only_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TABLE head(one INTEGER PRIMARY KEY CHECK(one = 1), heartbeat INTEGER NOT NULL, clean INTEGER NOT NULL,
  seq INTEGER NOT NULL, hash BLOB NOT NULL, signature TEXT) STRICT;
CREATE TABLE memory(check_id TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
)";

/** Signed lines over the journal; not in the chain, not touched by a rebuild. A ledger from before seals gets it when
 * it is next written. */
inline constexpr const char* seal_schema = R"(
CREATE TABLE IF NOT EXISTS seals(number INTEGER PRIMARY KEY, line TEXT NOT NULL) STRICT;
CREATE TRIGGER IF NOT EXISTS seals_are_append_only_update BEFORE UPDATE ON seals BEGIN SELECT RAISE(ABORT, 'seals are append-only'); END;
CREATE TRIGGER IF NOT EXISTS seals_are_append_only_delete BEFORE DELETE ON seals BEGIN SELECT RAISE(ABORT, 'seals are append-only'); END;
)";

/** What the monitor writes, and what is asked for in another shape than it was declared. */
inline constexpr const char* monitored_schema = R"(
CREATE TABLE targets(target INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE states(target INTEGER PRIMARY KEY, state TEXT NOT NULL, since INTEGER NOT NULL, why TEXT NOT NULL,
  seq INTEGER NOT NULL, first INTEGER NOT NULL, outage INTEGER) STRICT;
CREATE TABLE outages(target INTEGER NOT NULL, began INTEGER NOT NULL, ended INTEGER, confirmed INTEGER NOT NULL,
  began_after INTEGER NOT NULL, began_until INTEGER NOT NULL, ended_after INTEGER, ended_until INTEGER,
  why TEXT NOT NULL, found TEXT NOT NULL, upstream TEXT NOT NULL, decided_by TEXT NOT NULL,
  after_own_uplink INTEGER NOT NULL, rules INTEGER NOT NULL, PRIMARY KEY(target, began)) STRICT, WITHOUT ROWID;
CREATE INDEX outages_by_began ON outages(began, ended);
CREATE TABLE unknowns(target INTEGER NOT NULL, at INTEGER NOT NULL, till INTEGER NOT NULL, why TEXT NOT NULL,
  PRIMARY KEY(target, at)) STRICT, WITHOUT ROWID;
CREATE TABLE unconfirmed(target INTEGER NOT NULL, at INTEGER NOT NULL, runs INTEGER NOT NULL,
  PRIMARY KEY(target, at)) STRICT, WITHOUT ROWID;
CREATE TABLE gaps(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, till INTEGER, why TEXT NOT NULL, text TEXT NOT NULL) STRICT;
CREATE TABLE inventory(target INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, json TEXT NOT NULL,
  author TEXT NOT NULL, PRIMARY KEY(target, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE policies(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, zone TEXT NOT NULL, policy TEXT NOT NULL) STRICT;
CREATE TABLE starts(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, version TEXT NOT NULL, text TEXT NOT NULL,
  rules INTEGER NOT NULL, node TEXT NOT NULL, branch TEXT NOT NULL, parent_branch TEXT NOT NULL,
  parent_seq INTEGER NOT NULL, parent_hash TEXT NOT NULL) STRICT;
)";

/** Of those, and of what people declare (core/declaration.h): `since`, the first format that has it. */
struct kept_table {
  std::string_view name;
  int since = oldest_readable;
};
inline constexpr std::array<kept_table, 9> monitored_tables{{{"targets"},
                                                             {"states"},
                                                             {"outages"},
                                                             {"unknowns"},
                                                             {"unconfirmed"},
                                                             {"gaps"},
                                                             {"inventory"},
                                                             {"policies"},
                                                             {"starts", 4}}};

/** All tables that are rebuilt from the journal at any time. */
[[nodiscard]] const std::string& projection_schema();
[[nodiscard]] const std::vector<kept_table>& kept_tables();

}  // namespace changtong::ledger
