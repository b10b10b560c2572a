#include <fmt/format.h>

#include "daemon/ledger/schema.h"
#include "daemon/ledger/sql_tables.h"

namespace changtong::ledger {

void sql_tables::clear() {
  for (const kept_table& t : kept_tables()) store_.execute(fmt::format("DELETE FROM {}", t.name).c_str());
}

void sql_tables::add_target(std::int64_t number, const std::string& id) {
  store_.prepared("INSERT INTO targets(target, id) VALUES(?, ?)").run(number, id);
}

void sql_tables::put_state(const state_row& s) {
  statement& put = store_.prepared(
      "INSERT OR REPLACE INTO states(target, state, since, why, seq, first, outage) VALUES(?, ?, ?, ?, ?, ?, ?)");
  const std::string name(name_of(s.state));
  if (s.outage)
    put.run(s.number, name, s.since, s.why, s.seq, s.first, *s.outage);
  else
    put.run(s.number, name, s.since, s.why, s.seq, s.first, nullptr);
}

void sql_tables::begin_outage(std::int64_t number, const availability::outage& o) {
  store_
      .prepared(
          "INSERT OR REPLACE INTO outages(target, began, confirmed, began_after, began_until, why, found, upstream, "
          "decided_by, after_own_uplink, rules) VALUES(?, ?, ?, ?, ?, ?, 'none', '', ?, ?, ?)")
      .run(number, o.began, o.confirmed, o.began_edge.after, o.began_edge.until, o.why, o.decided_by,
           o.after_own_uplink ? 1 : 0, o.rules);
}

void sql_tables::end_outage(std::int64_t number, wall_t began, wall_t ended, bracket edge) {
  store_.prepared("UPDATE outages SET ended=?, ended_after=?, ended_until=? WHERE target=? AND began=?")
      .run(ended, edge.after, edge.until, number, began);
}

void sql_tables::explain_outage(std::int64_t number, wall_t began, cause found, const std::string& upstream) {
  store_.prepared("UPDATE outages SET found=?, upstream=? WHERE target=? AND began=?")
      .run(found, upstream, number, began);
}

void sql_tables::add_unknown(std::int64_t number, const unknown_row& u) {
  store_
      .prepared(
          "INSERT INTO unknowns(target, at, till, why) VALUES(?, ?, ?, ?) "
          "ON CONFLICT(target, at) DO UPDATE SET till = max(till, excluded.till)")
      .run(number, u.when.from, u.when.to, u.why);
}

void sql_tables::add_unconfirmed(std::int64_t number, wall_t at) {
  store_
      .prepared(
          "INSERT INTO unconfirmed(target, at, runs) VALUES(?, ?, 1) ON CONFLICT(target, at) DO UPDATE SET runs = "
          "runs + 1")
      .run(number, at);
}

void sql_tables::add_gap(const gap_row& g) {
  statement& put = store_.prepared("INSERT INTO gaps(seq, at, till, why, text) VALUES(?, ?, ?, ?, ?)");
  if (g.when.to == wall_max)
    put.run(g.seq, g.when.from, nullptr, g.why, g.text);
  else
    put.run(g.seq, g.when.from, g.when.to, g.why, g.text);
}

void sql_tables::add_version(std::int64_t number, const version_row& v) {
  store_.prepared("INSERT INTO inventory(target, seq, at, json, author) VALUES(?, ?, ?, ?, ?)")
      .run(number, v.seq, v.at, v.json, v.author);
}

void sql_tables::add_policy(const policy_row& p) {
  store_.prepared("INSERT INTO policies(seq, at, zone, policy) VALUES(?, ?, ?, ?)").run(p.seq, p.at, p.zone, p.policy);
}

void sql_tables::add_start(const start_row& s) {
  store_
      .prepared(
          "INSERT INTO starts(seq, at, version, text, rules, node, branch, parent_branch, parent_seq, parent_hash) "
          "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .run(s.seq, s.what.at, s.what.version, s.what.text, s.what.rules, s.what.node, s.what.branch,
           s.what.parent.branch, s.what.parent.seq, s.what.parent.hash);
}

wall_t sql_tables::unknown_before(std::int64_t number, wall_t at) const {
  statement& touching = store_.prepared("SELECT min(at) FROM unknowns WHERE target=? AND at < ? AND till >= ?");
  wall_t from = at;
  if (touching.rows(number, at, at).step() && !touching.is_null(0)) from = touching.instant(0);
  touching.reset();
  return from;
}

std::optional<std::string> sql_tables::newest_version(std::int64_t number) const {
  statement& last = store_.prepared("SELECT json FROM inventory WHERE target=? ORDER BY seq DESC LIMIT 1");
  std::optional<std::string> json;
  if (last.rows(number).step()) json = std::string(last.text(0));
  last.reset();
  return json;
}

}  // namespace changtong::ledger
