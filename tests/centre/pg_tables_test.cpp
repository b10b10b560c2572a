// Rows in PostgreSQL are those of a file and of memory, whatever is folded, and are read without reading all.
#include "daemon/centre/pg_tables.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "daemon/centre/one_state.h"
#include "daemon/centre/schema.h"
#include "tests/centre/rows_as_text.h"
#include "tests/ledger/any_daemon.h"

namespace changtong::centre {
namespace {

using namespace fakes;
using namespace ledger::desk;

const std::string node = "东城区";

std::unique_ptr<ledger::memory_tables> in_memory(const ledger::shipment& s) {
  auto rows = std::make_unique<ledger::memory_tables>();
  ledger::projections fold(*rows);
  for (const auto& e : s.entries) {
    if (e.seq == 1) rows->set_first_entry(e.at);
    fold.apply(e.seq, ledger::decode(e.kind, e.at, e.body).value());
  }
  return rows;
}

struct PgTables : node_and_centre {};

RC_GTEST_PROP(Folding, AnyJournalGivesTheSameRowsInAFileInMemoryAndInThePostgres, ()) {
  static const database_place where = server().empty();
  static int nodes = 0;
  ledger::desk::folder own;
  {
    const auto w = opened(own);
    any_daemon daemon;
    std::vector<record> all{started{at(0), "0.7.0", "", 3, node}};
    const auto more = *rc::gen::inRange(0, 60);
    for (int i = 0; i < more; ++i) all.push_back(daemon.next());
    if (*rc::gen::arbitrary<bool>()) add_what_is_missing(all, declarations{});
    for (record& r : all) (void)w->commit({wall_from_ms(daemon.now), {std::move(r)}, {}});
  }
  const auto whole = all_of(own.ledger());
  centre_of_one centre(where, fmt::format("节点{}", ++nodes));
  // It comes in pieces, is folded in others, and whoever folds may end at any moment.
  ledger::shipment piece{.after = 0, .hash = {}, .heartbeat = {}, .entries = {}};
  auto f = a_folder(where);
  for (const auto& e : whole.entries) {
    piece.entries.push_back(e);
    const bool last = e.seq == whole.entries.back().seq;
    if (!last && *rc::gen::inRange(0, 6) != 0) continue;
    if (last) piece.heartbeat = whole.heartbeat;
    centre.take(piece);
    piece = {.after = e.seq, .hash = e.hash, .heartbeat = {}, .entries = {}};
    if (*rc::gen::arbitrary<bool>()) {
      f.reset();
      f = a_folder(where, {.entries = *rc::gen::inRange(1, 10)});
    }
    if (last || *rc::gen::arbitrary<bool>()) fold_all(*f);
  }
  const wall_t from = wall_from_ms(midnight_ms + *rc::gen::inRange(0, 60'000));
  const std::vector<period> periods{{wall_min, wall_max}, {from, from + milliseconds{*rc::gen::inRange(1, 30'000)}}};
  ledger::store s(own.ledger(), ledger::store::mode::read);
  const std::string here = rows_of(centre, periods);
  RC_ASSERT(here == all_rows(ledger::sql_tables(s), periods));
  RC_ASSERT(here == all_rows(*in_memory(whole), periods));
  RC_ASSERT(centre.head().folded_to == *whole.heartbeat);
}

/** What is written again in a later transaction becomes what it would be in memory. */
TEST_F(PgTables, ARowThatChangesLaterIsTheSameAsInMemory) {
  const auto db = database::open(centre.where).value();
  pg_tables kept(*db, 1, 1);
  ledger::memory_tables memory;
  const auto both = [&](const auto& write) {
    write(static_cast<ledger::tables&>(memory));
    write(static_cast<ledger::tables&>(kept));
    kept.flush();
  };
  both([](ledger::tables& t) { t.add_target(1, "L1"); });
  for (const auto& [till, reason] :
       {std::pair(20, cause::own_uplink), std::pair(30, cause::late), std::pair(25, cause::none)})
    both([to = till, why = reason](ledger::tables& t) { t.add_unknown(1, {{at(10), at(to)}, why}); });
  for (int i = 0; i < 3; ++i) both([](ledger::tables& t) { t.add_unconfirmed(1, at(50)); });
  for (const double began : {60.0, 80.0}) {
    availability::outage o;
    o.began = o.confirmed = at(began);
    o.began_edge = {at(began - 1), at(began)};
    both([&](ledger::tables& t) { t.begin_outage(1, o); });
    both([&](ledger::tables& t) { t.explain_outage(1, at(began), cause::upstream, "T1"); });
    both([&](ledger::tables& t) { t.end_outage(1, at(began), at(began + 5), {at(began + 4), at(began + 5)}); });
    if (began > 70) both([&](ledger::tables& t) { t.explain_outage(1, at(began), cause::own_line, ""); });
    both([&](ledger::tables& t) { t.explain_outage(1, at(began + 1), cause::own_line, "nothing began then"); });
  }
  for (const line_state to : {line_state::up, line_state::down}) {
    ledger::state_row s{.number = 1, .since = at(90), .seq = 7, .first = at(1), .outage = {}, .known = true};
    s.state = to;
    both([&](ledger::tables& t) { t.put_state(s); });
  }
  EXPECT_EQ(kept.unknown_before(1, at(15)), memory.unknown_before(1, at(15)));
  EXPECT_EQ(all_rows(kept, some_periods), all_rows(memory, some_periods));
}

/** Rows of outages that were read in this transaction. */
std::int64_t outages_read(database& db) {
  return whole_in(
      db.ask("SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables WHERE relname = "
             "'outages'")
          .value()[0][0][0]);
}

TEST_F(PgTables, WhatIsOpenIsAskedForWithoutReadingWhatIsOver) {
  commit(*w, 10, {started{at(0), "0.9.0", "", 3, node}, line("L1", 0), up("L1", 1), down("L1", 5, 4)});
  centre.take(all_of(own.ledger()));
  fold_all(*a_folder(centre.where));
  const auto db = database::open(centre.where).value();
  const folded_head h = centre.head();
  ASSERT_TRUE(
      db->ask(fmt::format("INSERT INTO outages SELECT {}, {}, 1 + i % 100, {} - 100000000 + i * 1000, {} - 99999500 + "
                          "i * 1000, 0, 0, 0, 0, "
                          "0, 'timeout', 'none', '', '', 0, 2 FROM generate_series(1, 50000) i",
                          h.number, h.branch, ms_of(at(5)), ms_of(at(5)))));
  ASSERT_TRUE(db->ask("ANALYZE outages"));
  ASSERT_TRUE(ask_by_index(*db));
  const one_state held(*db);
  const pg_tables rows(*db, h.number, h.branch, pg_tables::transactions::of_caller);
  const std::vector<std::pair<std::int64_t, wall_t>> open{{1, at(5)}};
  EXPECT_EQ(rows.outages_touching({at(9), at(10)}, 0, 2'000), open);
  EXPECT_LT(outages_read(*db), 100);
  EXPECT_EQ(rows.outages_touching({at(-60'000), at(10)}, 0, 2'000).size(), 2'000U);
  EXPECT_LT(outages_read(*db), 10'000);
}

TEST_F(PgTables, AnInventoryThatIsMoreThanOneAnswerIsReadWhole) {
  commit(*w, 10, {started{at(0), "0.9.0", "", 3, node}, line("L1", 0)});
  centre.take(all_of(own.ledger()));
  fold_all(*a_folder(centre.where));
  const auto db = database::open(centre.where).value();
  const folded_head h = centre.head();
  const pg_tables rows(*db, h.number, h.branch);
  std::int64_t all = 1;
  for (const std::int64_t more : {49'999, 1}) {  // one whole answer, and one beyond it
    for (const char* copied :
         {"INSERT INTO journal SELECT node, branch, {} + i, at, kind, body, hash FROM journal, generate_series(1, {}) "
          "i "
          "WHERE kind = 'inventory' AND seq = 2",
          "INSERT INTO said SELECT node, branch, kind, {} + i, target, about, key FROM said, generate_series(1, {}) i "
          "WHERE kind = 'inventory' AND seq = 2"})
      ASSERT_TRUE(db->ask(fmt::format(fmt::runtime(copied), all + 1, more)));
    all += more;
    std::int64_t read = 0;
    rows.versions([&](std::int64_t, const std::string&, const ledger::version_row&) { ++read; });
    EXPECT_EQ(read, all);
  }
}

}  // namespace
}  // namespace changtong::centre
