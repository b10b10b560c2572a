#include <algorithm>

#include "daemon/core/line_state_named.h"
#include "daemon/ledger/sql_tables.h"

namespace changtong::ledger {
namespace {

using availability::outage;

/** One state of the books: a read transaction. */
struct read_transaction final : tables::moment {
  explicit read_transaction(store& s) : open(s, "BEGIN") {}
  transaction open;
};

/** The last outage before the period may reach into it by its bracket, and so may the first one after it. */
constexpr const char* outages_near =
    "SELECT began, ended, confirmed, began_after, began_until, ended_after, ended_until, why, found, upstream, "
    "decided_by, after_own_uplink, rules "
    "FROM outages WHERE target=?1 AND began >= coalesce((SELECT began FROM outages WHERE target=?1 AND began <= ?2 "
    "ORDER BY began DESC LIMIT 1 OFFSET 1), ?3) ORDER BY began";
/** The same of a file of format 3. */
constexpr const char* outages_near_in_3 =
    "SELECT began, ended, confirmed, began_after, began_until, ended_after, ended_until, why, found, upstream, "
    "decided_by, 0, 1 "
    "FROM outages WHERE target=?1 AND began >= coalesce((SELECT began FROM outages WHERE target=?1 AND began <= ?2 "
    "ORDER BY began DESC LIMIT 1 OFFSET 1), ?3) ORDER BY began";
constexpr const char* unknowns_near =
    "SELECT at, till, why FROM unknowns WHERE target=?1 AND at < ?3 AND at >= coalesce((SELECT at FROM unknowns "
    "WHERE target=?1 AND at <= ?2 ORDER BY at DESC LIMIT 1 OFFSET 2), ?4) ORDER BY at";

outage outage_from(statement& row) {
  outage o;
  o.began = row.instant(0);
  o.confirmed = row.instant(2);
  o.began_edge = {row.instant(3), row.instant(4)};
  if (!row.is_null(1)) {
    o.ended = row.instant(1);
    o.ended_edge = {row.instant(5), row.instant(6)};
  }
  o.why = row.why(7);
  o.found = row.why(8);
  o.upstream = row.text(9);
  o.decided_by = row.text(10);
  o.after_own_uplink = row.integer(11) != 0;
  o.rules = static_cast<std::int32_t>(row.integer(12));
  return o;
}

}  // namespace

std::unique_ptr<tables::moment> sql_tables::hold() const { return std::make_unique<read_transaction>(store_); }

wall_t sql_tables::heartbeat() const {
  statement& head = store_.prepared("SELECT heartbeat FROM head");
  const wall_t at = head.rows().step() ? head.instant(0) : wall_t{};
  head.reset();
  return at;
}

wall_t sql_tables::first_entry() const {
  statement& first = store_.prepared("SELECT at FROM journal ORDER BY seq LIMIT 1");
  const wall_t at = first.rows().step() ? first.instant(0) : wall_max;
  first.reset();
  return at;
}

std::int64_t sql_tables::last_inventory() const {
  statement& last = store_.prepared("SELECT max(seq) FROM inventory");
  const std::int64_t seq = last.rows().step() && !last.is_null(0) ? last.integer(0) : 0;
  last.reset();
  return seq;
}

std::vector<std::pair<std::string, state_row>> sql_tables::states() const {
  std::vector<std::pair<std::string, state_row>> all;
  statement& row = store_.prepared(
      "SELECT t.id, t.target, s.state, s.since, s.why, s.seq, s.first, s.outage FROM targets t LEFT JOIN states s "
      "USING(target) ORDER BY t.target");
  for (row.rows(); row.step();) {
    state_row s;
    s.number = row.integer(1);
    s.known = !row.is_null(2);
    if (s.known) {
      s.state = line_state_named(row.text(2));
      s.since = row.instant(3);
      s.why = row.why(4);
      s.seq = row.integer(5);
      s.first = row.instant(6);
      if (!row.is_null(7)) s.outage = row.instant(7);
    }
    all.emplace_back(row.text(0), s);
  }
  row.reset();
  return all;
}

std::vector<gap_row> sql_tables::gaps() const {
  std::vector<gap_row> all;
  statement& row = store_.prepared("SELECT seq, at, till, why, text FROM gaps ORDER BY seq");
  for (row.rows(); row.step();)
    all.push_back({row.integer(0),
                   {row.instant(1), row.is_null(2) ? wall_max : row.instant(2)},
                   row.why(3),
                   std::string(row.text(4))});
  row.reset();
  return all;
}

std::vector<policy_row> sql_tables::policies() const {
  std::vector<policy_row> all;
  statement& row = store_.prepared("SELECT seq, at, zone, policy FROM policies ORDER BY seq");
  for (row.rows(); row.step();)
    all.push_back({row.integer(0), row.instant(1), std::string(row.text(2)), std::string(row.text(3))});
  row.reset();
  return all;
}

std::vector<start_row> sql_tables::starts() const {
  std::vector<start_row> all;
  if (store_.format() < 4) return all;
  statement& row = store_.prepared(
      "SELECT seq, at, version, text, rules, node, branch, parent_branch, parent_seq, parent_hash FROM starts ORDER BY "
      "seq");
  for (row.rows(); row.step();)
    all.push_back({row.integer(0),
                   {.at = row.instant(1),
                    .version = std::string(row.text(2)),
                    .text = std::string(row.text(3)),
                    .rules = static_cast<std::int32_t>(row.integer(4)),
                    .node = std::string(row.text(5)),
                    .branch = std::string(row.text(6)),
                    .parent = {std::string(row.text(7)), row.integer(8), std::string(row.text(9))}}});
  row.reset();
  return all;
}

void sql_tables::versions(const std::function<void(std::int64_t, const std::string&, const version_row&)>& each) const {
  statement& row = store_.prepared(
      "SELECT i.target, t.id, i.seq, i.at, i.json, i.author FROM inventory i JOIN targets t USING(target) ORDER BY "
      "i.target, i.seq");
  for (row.rows(); row.step();)
    each(row.integer(0), std::string(row.text(1)),
         {row.integer(2), row.instant(3), std::string(row.text(4)), std::string(row.text(5))});
  row.reset();
}

void sql_tables::read(std::int64_t number, period p, target_rows& into) const {
  statement& outages = store_.prepared(store_.format() < 4 ? outages_near_in_3 : outages_near);
  for (outages.rows(number, p.from, wall_min); outages.step();) {
    const bool beyond = outages.instant(0) >= p.to;
    into.outages.push_back(outage_from(outages));
    if (beyond) break;
  }
  outages.reset();
  statement& unknown = store_.prepared(unknowns_near);
  for (unknown.rows(number, p.from, p.to, wall_min); unknown.step();)
    into.unknown.push_back({{unknown.instant(0), unknown.instant(1)}, unknown.why(2)});
  unknown.reset();
  statement& runs = store_.prepared("SELECT at, runs FROM unconfirmed WHERE target=? AND at >= ? AND at < ?");
  for (runs.rows(number, p.from, p.to); runs.step();)
    into.unconfirmed.insert(into.unconfirmed.end(), static_cast<std::size_t>(runs.integer(1)), runs.instant(0));
  runs.reset();
}

std::vector<std::pair<std::int64_t, wall_t>> sql_tables::outages_touching(period p, std::int64_t number,
                                                                          std::size_t limit) const {
  std::vector<std::pair<std::int64_t, wall_t>> all;
  statement& row = store_.prepared(
      "SELECT target, began FROM outages WHERE began < ? AND (ended IS NULL OR ended > ?) AND (?3 = 0 OR target = "
      "?3) "
      "ORDER BY began DESC, target");
  for (row.rows(p.to, p.from, number); all.size() < limit && row.step();)
    all.emplace_back(row.integer(0), row.instant(1));
  row.reset();
  return all;
}

}  // namespace changtong::ledger
