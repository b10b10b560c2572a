#pragma once
/** The tables of a ledger, in SQLite's words. Internal to daemon/ledger; README.md says what each is for.
 * Instants are milliseconds since 1970 UTC; `target` is the number `targets` gives to an id. */
namespace changtong::ledger {

inline constexpr int application_id = 0x43544c47;  // "CTLG"
inline constexpr int format_version = 4;
inline constexpr int oldest_readable = 3;  // it lacks the table starts and the last two columns of outages

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

/** Rebuilt from the journal at any time. */
inline constexpr const char* projection_schema = R"(
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
CREATE TABLE windows(target INTEGER NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
  begins INTEGER NOT NULL, ends INTEGER NOT NULL, state TEXT NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL,
  PRIMARY KEY(target, id, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE policies(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, zone TEXT NOT NULL, policy TEXT NOT NULL) STRICT;
CREATE TABLE annotations(target INTEGER NOT NULL, about INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
  author TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY(target, about, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE duties(day TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, person TEXT NOT NULL, source TEXT NOT NULL,
  author TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY(day, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE starts(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, version TEXT NOT NULL, text TEXT NOT NULL,
  rules INTEGER NOT NULL, node TEXT NOT NULL, branch TEXT NOT NULL, parent_branch TEXT NOT NULL,
  parent_seq INTEGER NOT NULL, parent_hash TEXT NOT NULL) STRICT;
CREATE TABLE closings(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, begins INTEGER NOT NULL, ends INTEGER NOT NULL,
  version INTEGER NOT NULL, author TEXT NOT NULL, reason TEXT NOT NULL, figures TEXT NOT NULL, sheet TEXT NOT NULL,
  changes TEXT NOT NULL) STRICT;
CREATE TABLE counters(counter TEXT NOT NULL, about INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
  value TEXT NOT NULL, unit TEXT NOT NULL, source TEXT NOT NULL, author TEXT NOT NULL, via TEXT NOT NULL,
  PRIMARY KEY(counter, about, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE verdicts(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, plan TEXT NOT NULL, indicator TEXT NOT NULL,
  verdict TEXT NOT NULL, points TEXT NOT NULL, text TEXT NOT NULL, document TEXT NOT NULL, sha256 TEXT NOT NULL,
  author TEXT NOT NULL, via TEXT NOT NULL) STRICT;
)";

inline constexpr const char* projection_names[] = {"targets", "states",    "outages",  "unknowns", "unconfirmed",
                                                   "gaps",    "inventory", "windows",  "policies", "annotations",
                                                   "duties",  "closings",  "counters", "verdicts", "starts"};

}  // namespace changtong::ledger
