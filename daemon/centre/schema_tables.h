#pragma once
/** The tables of the centre, in PostgreSQL's words. Internal to daemon/centre; README.md says what each is for.
 * Instants are milliseconds since 1970 UTC; `node`, `branch` and `target` are numbers of ours, so that no row repeats
 * a name. */
#include <string_view>

namespace changtong::centre {

/** Entries are text, as they are hashed. */
inline constexpr std::string_view journal_tables = R"sql(
CREATE TABLE lease(one integer PRIMARY KEY CHECK (one = 1), version integer NOT NULL, epoch bigint NOT NULL);
INSERT INTO lease VALUES (1, 1, 1);
CREATE TABLE nodes(node integer PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TABLE branches(node integer NOT NULL REFERENCES nodes, branch integer NOT NULL, began bigint NOT NULL,
  by_whom text NOT NULL, why text NOT NULL, PRIMARY KEY (node, branch));
CREATE TABLE heads(node integer NOT NULL, branch integer NOT NULL, seq bigint NOT NULL, hash bytea NOT NULL,
  heartbeat bigint NOT NULL, received bigint NOT NULL,
  forked_first bigint, forked_last bigint, forked_times bigint NOT NULL DEFAULT 0, forked_seq bigint, forked_hash bytea,
  PRIMARY KEY (node, branch), FOREIGN KEY (node, branch) REFERENCES branches) WITH (fillfactor = 50);
CREATE TABLE journal(node integer NOT NULL, branch integer NOT NULL, seq bigint NOT NULL, at bigint NOT NULL,
  kind text NOT NULL, body text NOT NULL, hash bytea NOT NULL, PRIMARY KEY (node, branch, seq)) PARTITION BY LIST (node);
)sql";

/** Version 2: what is folded from the journal, and who may fold; who is no longer expected. What people wrote is bytes
 * here: an entry may name a character that a text of PostgreSQL cannot have. The index by time is one of an expression,
 * so that no planner takes it for the outages of one target. */
inline constexpr std::string_view projection_tables = R"sql(
ALTER TABLE nodes ADD retired bigint, ADD retired_by text NOT NULL DEFAULT '', ADD retired_why text NOT NULL DEFAULT '';
CREATE TABLE folder(one integer PRIMARY KEY CHECK (one = 1), epoch bigint NOT NULL, holder text NOT NULL,
  until bigint NOT NULL);
INSERT INTO folder VALUES (1, 0, '', 0);
CREATE TABLE folded(node integer NOT NULL, branch integer NOT NULL, version integer NOT NULL, seq bigint NOT NULL,
  heartbeat bigint NOT NULL, stuck bigint, why_cn text NOT NULL DEFAULT '', why_en text NOT NULL DEFAULT '',
  PRIMARY KEY (node, branch)) WITH (fillfactor = 50);
CREATE TABLE targets(node integer NOT NULL, branch integer NOT NULL, target bigint NOT NULL, id bytea NOT NULL,
  PRIMARY KEY (node, branch, target));
CREATE TABLE states(node integer NOT NULL, branch integer NOT NULL, target bigint NOT NULL, state text NOT NULL,
  since bigint NOT NULL, why text NOT NULL, seq bigint NOT NULL, first bigint NOT NULL, outage bigint,
  PRIMARY KEY (node, branch, target));
CREATE TABLE outages(node integer NOT NULL, branch integer NOT NULL, target bigint NOT NULL, began bigint NOT NULL,
  ended bigint, confirmed bigint NOT NULL, began_after bigint NOT NULL, began_until bigint NOT NULL,
  ended_after bigint, ended_until bigint, why text NOT NULL, found text NOT NULL, upstream bytea NOT NULL,
  decided_by bytea NOT NULL, after_own_uplink bigint NOT NULL, rules bigint NOT NULL,
  PRIMARY KEY (node, branch, target, began));
CREATE INDEX outages_by_began ON outages(node, branch, (began + 0));
CREATE INDEX outages_open ON outages(node, branch) WHERE ended IS NULL;
CREATE TABLE unknowns(node integer NOT NULL, branch integer NOT NULL, target bigint NOT NULL, at bigint NOT NULL,
  till bigint NOT NULL, why text NOT NULL, PRIMARY KEY (node, branch, target, at));
CREATE TABLE unconfirmed(node integer NOT NULL, branch integer NOT NULL, target bigint NOT NULL, at bigint NOT NULL,
  runs bigint NOT NULL, PRIMARY KEY (node, branch, target, at));
CREATE TABLE said(node integer NOT NULL, branch integer NOT NULL, kind text NOT NULL, seq bigint NOT NULL,
  target bigint NOT NULL, about bigint NOT NULL, key bytea NOT NULL, PRIMARY KEY (node, branch, kind, seq));
)sql";

/** Version 3: how far the centre's clock is ahead of a node's; closed outages by their end; the sums of months that lie
 * wholly behind what is folded. A sheet that is not `ready` is being made. */
inline constexpr std::string_view sheet_tables = R"sql(
ALTER TABLE heads ADD clock_ahead bigint, ADD clock_within bigint;
CREATE INDEX outages_by_ended ON outages(node, branch, ended) WHERE ended IS NOT NULL;
CREATE TABLE sheets(node integer NOT NULL, branch integer NOT NULL, began bigint NOT NULL, till bigint NOT NULL,
  ready boolean NOT NULL, PRIMARY KEY (node, branch, began));
CREATE TABLE sheet_cells(node integer NOT NULL, branch integer NOT NULL, sheet bigint NOT NULL, level integer NOT NULL,
  cell bigint NOT NULL, category bytea, town bytea, carrier bytea, up bigint NOT NULL, down bigint NOT NULL, excluded bigint NOT NULL,
  unknown bigint NOT NULL, down_min bigint NOT NULL, down_mid bigint NOT NULL, down_max bigint NOT NULL,
  outages bigint NOT NULL, unconfirmed bigint NOT NULL, scope_from bigint NOT NULL, scope_to bigint NOT NULL,
  PRIMARY KEY (node, branch, sheet, level, cell));
CREATE TABLE sheet_outages(node integer NOT NULL, branch integer NOT NULL, sheet bigint NOT NULL, cell bigint NOT NULL,
  line bytea NOT NULL, began bigint NOT NULL, category_since bigint NOT NULL, town_since bigint NOT NULL,
  carrier_since bigint NOT NULL, PRIMARY KEY (node, branch, sheet, cell, line, began));
)sql";

/** Version 4: sheets of days beside those of months, which go by a number of their own; how lines go on after the last
 * of them. What was summed before is made anew. */
inline constexpr std::string_view standing_tables = R"sql(
TRUNCATE sheets, sheet_cells, sheet_outages;
ALTER TABLE sheets DROP CONSTRAINT sheets_pkey, ADD sheet bigint NOT NULL, ADD day boolean NOT NULL, ADD PRIMARY KEY (node, branch, sheet);
CREATE TABLE standing(node integer NOT NULL, branch integer NOT NULL, at bigint NOT NULL, seq bigint NOT NULL,
  lines bytea NOT NULL, PRIMARY KEY (node, branch));
CREATE TABLE standing_cells(node integer NOT NULL, branch integer NOT NULL, cell integer NOT NULL, state text NOT NULL,
  category bytea, town bytea, carrier bytea, PRIMARY KEY (node, branch, cell));
)sql";

/** Version 3: the centre's own journal, as a node's with the number 0 and a name that no node of the settings has. */
inline constexpr std::string_view own_journal = R"sql(
INSERT INTO nodes(node, name) VALUES (0, '');
CREATE TABLE journal_0 PARTITION OF journal FOR VALUES IN (0);
INSERT INTO branches VALUES (0, 1, 0, '', '');
INSERT INTO heads(node, branch, seq, hash, heartbeat, received) VALUES (0, 1, 0, decode(repeat('00', 32), 'hex'), 0, 0);
)sql";

}  // namespace changtong::centre
