#pragma once
/** What a branch's tables hold, as text, whatever keeps them: PostgreSQL, a node's own file, or memory. */
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "daemon/centre/pg_tables.h"
#include "daemon/ledger/memory_tables.h"
#include "daemon/ledger/sql_tables.h"
#include "tests/centre/folded.h"
#include "tests/centre/postgres.h"
#include "tests/centre/shipped.h"
#include "tests/ledger/any_declared.h"
#include "tests/ledger/desk.h"

namespace changtong::centre::fakes {

inline std::string text_of(const availability::outage& o) {
  return fmt::format("outage {} {} {} [{} {}] [{} {}] {} {} {} {} {} {}\n", ms_of(o.began), ms_of(o.ended),
                     ms_of(o.confirmed), ms_of(o.began_edge.after), ms_of(o.began_edge.until),
                     o.ended == wall_max ? 0 : ms_of(o.ended_edge.after),
                     o.ended == wall_max ? 0 : ms_of(o.ended_edge.until), name_of(o.why), name_of(o.found),
                     host::hex(o.upstream), host::hex(o.decided_by), o.after_own_uplink, o.rules);
}

/** Those that have to do with the period; tables may say more. */
inline std::string text_of(const ledger::target_rows& rows, period p) {
  std::string out;
  for (const auto& o : rows.outages)
    if (o.began_edge.after < p.to && std::max(o.ended, o.ended_edge.until) > p.from && o.began < p.to)
      out += text_of(o);
  for (const auto& u : rows.unknown)
    if (!intersect(u.when, p).empty())
      out += fmt::format("unknown {} {} {}\n", ms_of(u.when.from), ms_of(u.when.to), name_of(u.why));
  for (const wall_t at : rows.unconfirmed) out += fmt::format("run {}\n", ms_of(at));
  return out;
}

template <class... T>
std::string declared_text(const ledger::tables& t, types<T...> /*all*/) {
  std::string out;
  const auto add = [&]<class D>(types<D>) {
    if constexpr (has_table<D>)
      t.declared(description<D>::kind, {}, 0, [&](std::int64_t seq, std::int64_t number, record&& what) {
        if constexpr (requires(D& d) { d.packed; }) std::get<D>(what).packed = {};
        ledger::entry e = std::get<D>(std::move(what));
        out += fmt::format("{} {} {}\n", seq, number, host::hex(ledger::encode(e, {}).body));
      });
  };
  (add(types<T>{}), ...);
  return out;
}

inline std::string all_rows(const ledger::tables& t, const std::vector<period>& periods) {
  std::string out = fmt::format("{} {}\n", ms_of(t.first_entry()), t.last_inventory());
  std::vector<std::int64_t> numbers;
  for (const auto& [id, s] : t.states()) {
    numbers.push_back(s.number);
    out += fmt::format("{} {} {}", host::hex(id), s.number, s.known);
    if (s.known)
      out += fmt::format(" {} {} {} {} {} {}", name_of(s.state), ms_of(s.since), name_of(s.why), s.seq, ms_of(s.first),
                         s.outage ? ms_of(*s.outage) : 0);
    out += '\n';
  }
  for (const auto& g : t.gaps())
    out += fmt::format("gap {} {} {} {} {}\n", g.seq, ms_of(g.when.from), ms_of(g.when.to), name_of(g.why), g.text);
  for (const auto& p : t.policies()) out += fmt::format("policy {} {} {} {}\n", p.seq, ms_of(p.at), p.zone, p.policy);
  for (const auto& s : t.starts())
    out += fmt::format("start {} {}\n", s.seq, ledger::encode(ledger::entry(s.what), {}).body);
  t.versions([&](std::int64_t number, const std::string& id, const ledger::version_row& v) {
    out += fmt::format("version {} {} {} {} {} {}\n", number, host::hex(id), v.seq, ms_of(v.at), v.json, v.author);
  });
  for (const period p : periods) {
    for (const std::int64_t n : numbers) {
      ledger::target_rows rows;
      t.read(n, p, rows);
      out += fmt::format("of {}\n", n) + text_of(rows, p);
    }
    for (const auto& [n, began] : t.outages_touching(p, 0, 5)) out += fmt::format("touching {} {}\n", n, ms_of(began));
  }
  out += declared_text(t, declarations{});
  return out;
}

inline std::string rows_of(const centre_of_one& c, const std::vector<period>& periods) {
  const auto db = database::open(c.where).value();
  const folded_head h = c.head();
  const pg_tables t(*db, h.number, h.branch);
  return all_rows(t, periods);
}

/** A node with a journal of its own, and a centre that has none of it yet. */
struct node_and_centre : testing::Test {
  ledger::desk::folder own;
  std::unique_ptr<ledger::writer> w = ledger::desk::opened(own);
  centre_of_one centre{server().empty()};

  [[nodiscard]] std::string own_rows(const std::vector<period>& periods) const {
    ledger::store s(own.ledger(), ledger::store::mode::read);
    return all_rows(ledger::sql_tables(s), periods);
  }
};

inline const std::vector<period> some_periods{{ledger::desk::at(0), ledger::desk::at(100)},
                                              {ledger::desk::at(12), ledger::desk::at(13)},
                                              {ledger::desk::at(25), ledger::desk::at(40)},
                                              {wall_min, wall_max}};

}  // namespace changtong::centre::fakes
