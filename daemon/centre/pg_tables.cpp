// What the projections of a branch say, and how they are asked.
#include "daemon/centre/pg_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <ranges>

#include "daemon/centre/one_state.h"
#include "daemon/centre/pg_cells.h"
#include "daemon/core/line_state_named.h"
#include "daemon/ledger/memory_tables.h"
#include "daemon/ledger/projections.h"

namespace changtong::centre {
namespace {

using availability::outage;
using namespace ledger;

constexpr std::int64_t read_ahead = 500;  // targets
constexpr std::size_t said_at_once =
    50'000;  // entries: the inventory of a large node is more than one question has time for

struct read_transaction final : tables::moment {
  explicit read_transaction(database& db) : open(db) {}
  one_state open;
};

/** Whether declarations of that kind are about an instant, and whether they have a key. */
struct can_be_asked {
  bool about = false, key = false;
};
template <class... T>
can_be_asked asked_by(std::string_view kind, types<T...> /*all*/) {
  can_be_asked out;
  const auto look =
                 [&]<class D>(types<D>) {
                   if (kind == description<D>::kind) out = {.about = requires(const D& d){d.about;
                 },
             .key = requires { description<D>::key; }
};
};
(look(types<T>{}), ...);
return out;
}

}  // namespace

outage outage_in(const table_row& row) {
  outage o;
  o.began = instant_in(row[1]);
  o.confirmed = instant_in(row[3]);
  o.began_edge = {instant_in(row[4]), instant_in(row[5])};
  if (row[2]) {
    o.ended = instant_in(row[2]);
    o.ended_edge = {instant_in(row[6]), instant_in(row[7])};
  }
  o.why = cause_in(row[8]);
  o.found = cause_in(row[9]);
  o.upstream = bytes_in(row[10]);
  o.decided_by = bytes_in(row[11]);
  o.after_own_uplink = whole_in(row[12]) != 0;
  o.rules = static_cast<std::int32_t>(whole_in(row[13]));
  return o;
}

table_rows pg_tables::asked(const std::string& statement, const std::vector<std::string>& values) const {
  auto rows = db_.ask(statement, values);
  if (!rows) throw database_refusal(words_of(rows.error()));
  return std::move(*rows);
}

std::string pg_tables::here(std::string_view table) const {
  const std::string_view dot = table.empty() ? "" : ".";
  return fmt::format("{0}{1}node = {2} AND {0}{1}branch = {3}", table, dot, node_, branch_);
}

std::unique_ptr<tables::moment> pg_tables::hold() const {
  ahead_ = {};
  if (by_ == transactions::of_caller) return std::make_unique<moment>();
  return std::make_unique<read_transaction>(db_);
}

std::string pg_tables::among_read(std::string_view table) const {
  if (!part_.only) return {};
  return fmt::format(" AND {}.target = ANY ('{}'::bigint[])", table, list_of(*part_.only, std::identity{}));
}

wall_t pg_tables::heartbeat() const {
  if (part_.endless) return wall_max;
  const auto rows = asked("SELECT heartbeat FROM folded WHERE " + here());
  return rows.empty() ? wall_t{} : instant_in(rows[0][0]);
}

wall_t pg_tables::first_entry() const {
  const auto rows = asked("SELECT at FROM journal WHERE " + here() +
                          " AND seq = 1 AND EXISTS (SELECT 1 FROM folded f WHERE f.seq > 0 AND " + here("f") + ")");
  return rows.empty() ? wall_max : instant_in(rows[0][0]);
}

std::int64_t pg_tables::last_inventory() const {
  return whole_in(asked("SELECT max(seq) FROM said WHERE kind = 'inventory' AND " + here())[0][0]);
}

std::vector<std::pair<std::string, state_row>> pg_tables::states() const {
  std::vector<std::pair<std::string, state_row>> all;
  const auto rows = asked(
      "SELECT t.id, t.target, s.state, s.since, s.why, s.seq, s.first, s.outage FROM targets t LEFT JOIN states s ON "
      "s.node = t.node AND s.branch = t.branch AND s.target = t.target WHERE " +
      here("t") + among_read("t") + " ORDER BY t.target");
  for (const table_row& row : rows) {
    state_row s;
    s.number = whole_in(row[1]);
    s.known = row[2].has_value();
    if (s.known) {
      s.state = line_state_named(row[2].value_or(""));
      s.since = instant_in(row[3]);
      s.why = cause_in(row[4]);
      s.seq = whole_in(row[5]);
      s.first = instant_in(row[6]);
      if (row[7]) s.outage = instant_in(row[7]);
    }
    all.emplace_back(bytes_in(row[0]), s);
  }
  return all;
}

void pg_tables::each_said(std::string_view kind, const std::string& more, const std::vector<std::string>& values,
                          const std::function<void(std::int64_t, std::int64_t, entry&&)>& each) const {
  std::int64_t last = 0;
  for (bool more_of_them = true; more_of_them;) {
    // OFFSET 0: each entry by its number, whatever the planner thinks of a journal that has just been filled.
    const auto rows = asked(
        fmt::format("SELECT s.seq, s.target, j.kind, j.at, j.body FROM said s CROSS JOIN LATERAL (SELECT x.kind, x.at, "
                    "x.body FROM journal x WHERE {} AND x.seq = s.seq OFFSET 0) j WHERE {} AND s.kind = '{}' AND s.seq "
                    "> {}{} ORDER BY s.seq LIMIT {}",
                    here("x"), here("s"), kind, last, more, said_at_once),
        values);
    for (const table_row& row : rows) {
      last = whole_in(row[0]);
      auto e = decode(row[2].value_or(""), instant_in(row[3]), row[4].value_or(""));
      if (!e) throw refusal(both("第 {} 条读不懂：{}", "entry {}: {}", last, words_of(e.error())));
      each(last, whole_in(row[1]), std::move(*e));
    }
    more_of_them = rows.size() == said_at_once;
  }
}

std::vector<gap_row> pg_tables::gaps() const {
  std::vector<gap_row> all;
  each_said("gap", {}, {}, [&](std::int64_t seq, std::int64_t, entry&& e) {
    if (const auto* stop = std::get_if<stopped>(&e)) e = open_gap_of(*stop);
    auto& g = std::get<gap>(e);
    all.push_back({seq, {g.from, g.to}, g.why, std::move(g.text)});
  });
  return all;
}

std::vector<policy_row> pg_tables::policies() const {
  std::vector<policy_row> all;
  each_said(description<policy_version>::kind, {}, {}, [&](std::int64_t seq, std::int64_t, entry&& e) {
    auto& p = std::get<policy_version>(e);
    all.push_back({seq, p.at, std::move(p.zone), std::move(p.policy)});
  });
  return all;
}

std::vector<start_row> pg_tables::starts() const {
  std::vector<start_row> all;
  each_said("start", {}, {},
            [&](std::int64_t seq, std::int64_t, entry&& e) { all.push_back({seq, std::move(std::get<started>(e))}); });
  return all;
}

void pg_tables::versions(const std::function<void(std::int64_t, const std::string&, const version_row&)>& each) const {
  struct of_number {
    std::int64_t number;
    std::string id;
    version_row what;
  };
  std::vector<of_number> all;
  each_said(description<inventory_version>::kind, among_read("s"), {},
            [&](std::int64_t seq, std::int64_t number, entry&& e) {
              auto& v = std::get<inventory_version>(e);
              all.push_back({number, std::move(v.target), {seq, v.at, std::move(v.json), std::move(v.author)}});
            });
  std::ranges::sort(all, [](const of_number& a, const of_number& b) {
    return a.number != b.number ? a.number < b.number : a.what.seq < b.what.seq;
  });
  for (const of_number& one : all) each(one.number, one.id, one.what);
}

/** The database leaves out what need not be read; order and the rest of the question are memory's. */
void pg_tables::declared(std::string_view kind, const declared_query& q, std::int64_t target,
                         const std::function<void(std::int64_t, std::int64_t, record&&)>& each) const {
  const can_be_asked by = asked_by(kind, declarations{});
  std::string more = target == 0 ? "" : fmt::format(" AND s.target = {}", target);
  std::vector<std::string> values;
  if (by.about) more += fmt::format(" AND s.about >= {} AND s.about < {}", ms_of(q.about.from), ms_of(q.about.to));
  if (by.key && q.keys) {
    more += " AND s.key >= $1::bytea AND s.key <= $2::bytea";
    values = {as_bytea(q.keys->first), as_bytea(q.keys->second)};
  }
  memory_tables found;
  each_said(kind, more, values, [&](std::int64_t seq, std::int64_t number, entry&& e) {
    std::visit(
        [&]<class T>(T& what) {
          if constexpr (requires { description<T>::table; }) found.add_declared(seq, number, record(std::move(what)));
        },
        e);
  });
  found.declared(kind, q, target, each);
}

// ---- of a target

/** A walk asks for one period, target by target; between them for the whole of an outage now and then. */
bool pg_tables::is_walk(period p) const {
  const bool again = std::ranges::find(lately_, p) != lately_.end();
  lately_.at(next_++ % lately_.size()) = p;
  return again;
}

void pg_tables::read(std::int64_t number, period p, target_rows& into) const {
  auto at = std::ranges::find_if(ahead_,
                                 [&](const ahead& a) { return a.when == p && a.first <= number && number <= a.last; });
  if (at == ahead_.end()) {
    const bool walk = is_walk(p);
    const auto same = std::ranges::find(ahead_, p, &ahead::when);
    at = same != ahead_.end() ? same : ahead_.begin() + static_cast<std::ptrdiff_t>(turn_++ % ahead_.size());
    fetch(*at, p, number, walk ? last_ahead_of(number) : number);
  }
  if (const auto rows = at->rows.find(number); rows != at->rows.end()) {
    into.outages.insert(into.outages.end(), rows->second.outages.begin(), rows->second.outages.end());
    into.unknown.insert(into.unknown.end(), rows->second.unknown.begin(), rows->second.unknown.end());
    into.unconfirmed.insert(into.unconfirmed.end(), rows->second.unconfirmed.begin(), rows->second.unconfirmed.end());
  }
}

/** The last of those that are read with it in a walk. */
std::int64_t pg_tables::last_ahead_of(std::int64_t number) const {
  if (!part_.only) return number + read_ahead - 1;
  const auto first = std::ranges::lower_bound(*part_.only, number);
  const auto last = std::ranges::next(first, read_ahead - 1, part_.only->end());
  return last == part_.only->end() ? std::max(number, part_.only->back()) : *last;
}

void pg_tables::fetch(ahead& into, period p, std::int64_t first, std::int64_t last) const {
  into = {.when = p, .first = first, .last = last, .rows = {}};
  // Of each target the last rows before the period: one may reach into it by its bracket.
  const auto from_of = [&](std::string_view table, std::string_view column, int back) {
    return fmt::format(
        "coalesce((SELECT x.{1} FROM {0} x WHERE {2} AND x.target = g.target AND x.{1} <= {3} ORDER BY x.{1} DESC "
        "OFFSET {4} LIMIT 1), {5}) AS lo",
        table, column, here("x"), ms_of(p.from), back, ms_of(wall_min));
  };
  const std::string some = part_.only ? list_of(std::ranges::subrange(std::ranges::lower_bound(*part_.only, first),
                                                                      std::ranges::upper_bound(*part_.only, last)),
                                                std::identity{})
                                      : "";
  const std::string numbers = part_.only ? fmt::format("unnest('{}'::bigint[])", some)
                                         : fmt::format("generate_series({}::bigint, {}::bigint)", first, last);
  // OFFSET 0: what is formed of a target is formed once.
  const std::string walked = fmt::format("(SELECT {} AS target) g", numbers);
  // And so may the first outage after it.
  const std::string outages = fmt::format(
      "SELECT {0} FROM (SELECT g.target, {1}, coalesce((SELECT min(n.began) FROM outages n WHERE {2} AND n.target = "
      "g.target AND n.began >= {3}), {4}) AS hi FROM {5} OFFSET 0) e JOIN outages o ON {6} AND o.target = e.target AND "
      "o.began "
      "BETWEEN e.lo AND e.hi ORDER BY o.target, o.began",
      outage_columns, from_of("outages", "began", 1), here("n"), ms_of(p.to), ms_of(wall_max), walked, here("o"));
  const std::string unknown = fmt::format(
      "SELECT u.target, u.at, u.till, u.why FROM (SELECT g.target, {} FROM {} OFFSET 0) e JOIN unknowns u ON {} AND "
      "u.target = "
      "e.target AND u.at >= e.lo AND u.at < {} ORDER BY u.target, u.at",
      from_of("unknowns", "at", 2), walked, here("u"), ms_of(p.to));
  const std::string of_these =
      part_.only ? fmt::format("= ANY ('{}'::bigint[])", some) : fmt::format("BETWEEN {} AND {}", first, last);
  const std::string runs = fmt::format(
      "SELECT target, at, runs FROM unconfirmed WHERE {} AND target {} AND at >= {} AND at < {} ORDER BY target, at",
      here(), of_these, ms_of(p.from), ms_of(p.to));
  const auto all = db_.ask(fmt::format("{}; {}; {}", outages, unknown, runs));
  if (!all) throw database_refusal(words_of(all.error()));
  for (const table_row& row : all->at(0)) into.rows[whole_in(row[0])].outages.push_back(outage_in(row));
  for (const table_row& row : all->at(1))
    into.rows[whole_in(row[0])].unknown.push_back({{instant_in(row[1]), instant_in(row[2])}, cause_in(row[3])});
  for (const table_row& row : all->at(2)) {
    auto& list = into.rows[whole_in(row[0])].unconfirmed;
    list.insert(list.end(), static_cast<std::size_t>(whole_in(row[2])), instant_in(row[1]));
  }
}

std::vector<std::pair<std::int64_t, wall_t>> pg_tables::outages_touching(period p, std::int64_t number,
                                                                         std::size_t limit) const {
  std::vector<std::pair<std::int64_t, wall_t>> all;
  const std::string whose = number == 0 ? "" : fmt::format(" AND target = {}", number);
  // Open ones, and closed ones by their end: of a year of them nearly all are over before the period.
  const auto rows = asked(fmt::format(
      "SELECT target, began FROM ((SELECT target, began FROM outages WHERE {0} AND ended IS NULL AND began < {1}{3}) "
      "UNION ALL (SELECT target, began FROM outages WHERE {0} AND ended > {2} AND began + 0 < {1}{3} ORDER BY began + "
      "0 DESC, target LIMIT {4})) x ORDER BY began DESC, target LIMIT {4}",
      here(), ms_of(p.to), ms_of(p.from), whose, std::min<std::size_t>(limit, 1'000'000)));
  for (const table_row& row : rows) all.emplace_back(whole_in(row[0]), instant_in(row[1]));
  return all;
}

}  // namespace changtong::centre
