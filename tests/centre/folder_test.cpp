// What a centre folds from a node's journal is what the node's own file has, row by row, however it was interrupted.
#include "daemon/centre/folder.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "daemon/centre/archive.h"
#include "daemon/centre/one_state.h"
#include "daemon/centre/schema.h"
#include "daemon/ledger/memory_tables.h"
#include "daemon/ledger/sql_tables.h"
#include "tests/centre/folded.h"
#include "tests/centre/postgres.h"
#include "tests/centre/shipped.h"
#include "tests/ledger/any_daemon.h"
#include "tests/ledger/any_declared.h"

namespace changtong::centre {
namespace {

using namespace fakes;
using namespace ledger::desk;
using centre::folder;
using testing::HasSubstr;

constexpr wall_t now = wall_from_ms(1'773'500'000'000);

// ---- rows as text

std::string text_of(const availability::outage& o) {
  return fmt::format("outage {} {} {} [{} {}] [{} {}] {} {} {} {} {} {}\n", ms_of(o.began), ms_of(o.ended),
                     ms_of(o.confirmed), ms_of(o.began_edge.after), ms_of(o.began_edge.until),
                     o.ended == wall_max ? 0 : ms_of(o.ended_edge.after),
                     o.ended == wall_max ? 0 : ms_of(o.ended_edge.until), name_of(o.why), name_of(o.found),
                     host::hex(o.upstream), host::hex(o.decided_by), o.after_own_uplink, o.rules);
}

/** Those that have to do with the period; tables may say more. */
std::string text_of(const ledger::target_rows& rows, period p) {
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

std::string all_rows(const ledger::tables& t, const std::vector<period>& periods) {
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

// ---- a node and its centre

const std::string node = "东城区";

std::string rows_of(const centre_of_one& c, const std::vector<period>& periods) {
  const auto db = database::open(c.where).value();
  const folded_head h = c.head();
  const pg_tables t(*db, h.number, h.branch);
  return all_rows(t, periods);
}

std::unique_ptr<ledger::memory_tables> in_memory(const ledger::shipment& s) {
  auto rows = std::make_unique<ledger::memory_tables>();
  ledger::projections fold(*rows);
  for (const auto& e : s.entries) {
    if (e.seq == 1) rows->set_first_entry(e.at);
    fold.apply(e.seq, ledger::decode(e.kind, e.at, e.body).value());
  }
  return rows;
}

struct Folder : testing::Test {
  ledger::desk::folder own;
  std::unique_ptr<ledger::writer> w = opened(own);
  centre_of_one centre{server().empty()};

  [[nodiscard]] std::string own_rows(const std::vector<period>& periods) const {
    ledger::store s(own.ledger(), ledger::store::mode::read);
    return all_rows(ledger::sql_tables(s), periods);
  }
};

const std::vector<period> some_periods{{at(0), at(100)}, {at(12), at(13)}, {at(25), at(40)}, {wall_min, wall_max}};

TEST_F(Folder, HasTheRowsOfTheNodesOwnFile) {
  commit(*w, 10, {started{at(0), "0.7.0", "", 3, node}, line("L1", 0), up("L1", 1), up("L2", 1)});
  commit(*w, 20,
         {down("L1", 12, 11), window("W1", "L1", 12, 30, 40, "approved"),
          annotation{at(15), "L1", at(12), "雷击", "李工"}});
  centre.take(all_of(own.ledger()));
  const auto f = a_folder(centre.where);
  fold_all(*f);
  EXPECT_EQ(rows_of(centre, some_periods), own_rows(some_periods));
  commit(*w, 30, {up_again("L1", 25, 24), cause_found{"L1", at(12), cause::upstream, "T\x01"}});
  commit(*w, 31, {unconfirmed_run{"L2", "L2/icmp", at(26), at(27), 1, cause::timeout}, stopped_watching(29)});
  auto rest = all_of(own.ledger());
  const auto had = centre.head().entries;
  rest.after = had, rest.hash = rest.entries[static_cast<std::size_t>(had - 1)].hash;
  rest.entries.erase(rest.entries.begin(), rest.entries.begin() + had);
  centre.take(rest);
  fold_all(*f);
  EXPECT_EQ(rows_of(centre, some_periods), own_rows(some_periods));
  EXPECT_EQ(centre.head().folded_to, at(31));
  EXPECT_EQ(centre.head().folded, centre.head().entries);
}

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
TEST_F(Folder, ARowThatChangesLaterIsTheSameAsInMemory) {
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

TEST_F(Folder, WhatIsOpenIsAskedForWithoutReadingWhatIsOver) {
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

TEST_F(Folder, AnInventoryThatIsMoreThanOneAnswerIsReadWhole) {
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

TEST_F(Folder, TheFirstHundredsOfANodeAreCountedForThePlannerAndThenWhatDoubles) {
  const auto counted = [this] {
    const auto db = database::open(centre.where).value();
    return db->ask("SELECT reltuples::bigint FROM pg_class WHERE relname = 'outages'").value().front().front()[0];
  };
  std::vector<record> first{started{at(0), "0.7.0", "", 3, node}, line("L1", 0)};
  const auto f = a_folder(centre.where);
  std::int64_t had = 0;
  const auto fold_outages = [&](int from, int to) {
    std::vector<record> all = std::exchange(first, {});
    for (int i = from; i < to; ++i) {
      all.push_back(down("L1", 10 * i + 2, 10 * i + 1));
      all.push_back(up_again("L1", 10 * i + 7, 10 * i + 6));
    }
    commit(*w, 10 * to, std::move(all));
    auto rest = all_of(own.ledger());
    const auto end = static_cast<std::int64_t>(rest.entries.size());
    if (had > 0) {
      rest.after = had, rest.hash = rest.entries[static_cast<std::size_t>(had - 1)].hash;
      rest.entries.erase(rest.entries.begin(), rest.entries.begin() + had);
    }
    had = end;
    centre.take(rest);
    fold_all(*f);
  };
  fold_outages(1, 20);
  EXPECT_EQ(counted(), "-1") << "of few nothing is counted";
  fold_outages(20, 121);
  EXPECT_EQ(counted(), "120");
  fold_outages(121, 150);
  EXPECT_EQ(counted(), "120") << "not with each shipment";
  fold_outages(150, 261);
  EXPECT_EQ(counted(), "260");
}

TEST_F(Folder, OfTwoOneFoldsAndTheOtherTakesOverWhenTheLeaseEnds) {
  commit(*w, 10, {started{at(0), "0.7.0", "", 3, node}, up("L1", 1)});
  centre.take(all_of(own.ledger()));
  auto first = a_folder(centre.where, {.term = std::chrono::hours{1}});
  const auto second = a_folder(centre.where);
  fold_all(*first);
  EXPECT_TRUE(first->holds_lease());
  fold_all(*second);
  EXPECT_FALSE(second->holds_lease());
  first.reset();  // gives it back
  fold_all(*second);
  EXPECT_TRUE(second->holds_lease());
}

TEST_F(Folder, WhoComesTooLateWritesNothing) {
  commit(*w, 10, {started{at(0), "0.7.0", "", 3, node}, up("L1", 1)});
  auto whole = all_of(own.ledger());
  const auto f = a_folder(centre.where, {.term = std::chrono::hours{1}});
  centre.take({.after = 0, .hash = {}, .heartbeat = {}, .entries = {whole.entries[0]}});
  fold_all(*f);
  centre.take({.after = 1,
               .hash = whole.entries[0].hash,
               .heartbeat = whole.heartbeat,
               .entries = {whole.entries.begin() + 1, whole.entries.end()}});
  const auto db = database::open(centre.where).value();
  ASSERT_TRUE(db->ask("UPDATE folder SET epoch = epoch + 1, holder = 'somebody else'"));
  fold_all(*f);
  EXPECT_FALSE(f->holds_lease());
  EXPECT_EQ(centre.head().folded, 1);
  ASSERT_TRUE(db->ask("UPDATE folder SET until = 0"));
  fold_all(*f);
  EXPECT_TRUE(f->holds_lease());
  EXPECT_EQ(rows_of(centre, some_periods), own_rows(some_periods));
}

TEST_F(Folder, AnotherVersionsTablesAreMadeAnew) {
  commit(*w, 10, {started{at(0), "0.7.0", "", 3, node}, line("L1", 0), up("L1", 1)});
  commit(*w, 20, {down("L1", 12, 11)});
  centre.take(all_of(own.ledger()));
  fold_all(*a_folder(centre.where));
  const auto db = database::open(centre.where).value();
  ASSERT_TRUE(
      db->ask("UPDATE folded SET version = 77; UPDATE outages SET began = began + 1; INSERT INTO unknowns VALUES (1, "
              "1, 1, 5, 6, 'none')"));
  fold_all(*a_folder(centre.where));
  EXPECT_EQ(rows_of(centre, some_periods), own_rows(some_periods));
  EXPECT_EQ(centre.head().version, projections_version);
}

TEST_F(Folder, AnEntryThatItCannotReadEndsTheFiguresOfThatNodeAlone) {
  commit(*w, 10, {started{at(0), "0.7.0", "", 3, node}, line("L1", 0), up("L1", 1)});
  auto whole = all_of(own.ledger());
  ledger::shipped_entry odd{
      .seq = whole.entries.back().seq + 1, .at = at(11), .kind = "dream", .body = "{}", .hash = {}};
  odd.hash = ledger::chain(whole.entries.back().hash, odd.seq, odd.at, odd.kind, odd.body);
  whole.entries.push_back(odd);
  centre.take(whole);
  centre_of_one other(centre.where, "西城区");
  other.take(all_of(own.ledger()));
  const auto f = a_folder(centre.where);
  fold_all(*f);
  EXPECT_EQ(centre.head().stuck, odd.seq);
  EXPECT_EQ(centre.head().folded, odd.seq - 1);
  EXPECT_EQ(centre.head().folded_to, wall_t{}) << "nobody knows how far it would be true";
  EXPECT_FALSE(centre.head().why.cn.empty());
  EXPECT_EQ(other.head().folded, other.head().entries);
  EXPECT_EQ(other.head().folded_to, at(10));
  EXPECT_FALSE(other.head().stuck);
}

TEST_F(Folder, ANodeThatTheDatabaseCannotFoldHoldsUpNoOther) {
  commit(*w, 10, {started{at(0), "0.8.0", "", 3, node}, line("L1", 0), up("L1", 1)});
  centre.take(all_of(own.ledger()));
  centre_of_one other(centre.where, "西城区");
  other.take(all_of(own.ledger()));
  const auto db = database::open(centre.where).value();
  ASSERT_TRUE(db->ask(fmt::format(
      "CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'invalid page'; END $$; "
      "CREATE TRIGGER ill BEFORE INSERT ON targets FOR EACH ROW WHEN (NEW.node = {}) EXECUTE FUNCTION fails()",
      centre.head().number)));
  const auto f = a_folder(centre.where);
  fold_all(*f);
  EXPECT_EQ(centre.head().folded, 0);
  EXPECT_EQ(other.head().folded, other.head().entries);
  ASSERT_TRUE(db->ask("DROP TRIGGER ill ON targets"));
  fold_all(*f);
  EXPECT_EQ(rows_of(centre, some_periods), own_rows(some_periods));
}

TEST_F(Folder, TheReasonIsNoLongerThanAReaderNeeds) {
  commit(*w, 10, {started{at(0), "0.8.0", "", 3, node}});
  auto whole = all_of(own.ledger());
  ledger::shipped_entry odd{
      .seq = whole.entries.back().seq + 1, .at = at(11), .kind = std::string(100'000, 'k'), .body = "{}", .hash = {}};
  odd.hash = ledger::chain(whole.entries.back().hash, odd.seq, odd.at, odd.kind, odd.body);
  whole.entries.push_back(odd);
  centre.take(whole);
  const auto f = a_folder(centre.where);
  fold_all(*f);
  EXPECT_EQ(centre.head().stuck, odd.seq);
  EXPECT_LT(centre.head().why.cn.size(), 2'000U);
  EXPECT_LT(centre.head().why.en.size(), 2'000U);
}

TEST_F(Folder, ANewBranchIsFoldedBesideTheOldOne) {
  commit(*w, 10, {started{at(0), "0.7.0", "", 3, node}, line("L1", 0), up("L1", 1)});
  const auto whole = all_of(own.ledger());
  centre.take(whole);
  const auto f = a_folder(centre.where);
  fold_all(*f);
  told_journal other;
  other.write(3);
  ASSERT_TRUE(centre.books->take(node, other.after(1), now)->fork);
  ASSERT_EQ(centre.books->begin_branch(node, "王工", "恢复了备份", now).value(), 2);
  centre.take(whole);
  fold_all(*f);
  EXPECT_EQ(centre.head().branch, 2);
  EXPECT_EQ(rows_of(centre, some_periods), own_rows(some_periods));
  const auto db = database::open(centre.where).value();
  EXPECT_EQ(all_rows(pg_tables(*db, 1, 1), some_periods), own_rows(some_periods)) << "it stays";
}

TEST_F(Folder, ADatabaseThatDiesInTheMiddleCostsNothingButTime) {
  commit(*w, 10, {started{at(0), "0.7.0", "", 3, node}, line("L1", 0), up("L1", 1), down("L1", 5, 4)});
  centre.take(all_of(own.ledger()));
  auto f = a_folder(centre.where, {.entries = 1});
  ASSERT_TRUE(f->round({}));
  server().kill();
  server().start();
  EXPECT_FALSE(f->round({}));
  f.reset();
  const auto db = database::open(centre.where).value();
  ASSERT_TRUE(db->ask("UPDATE folder SET until = 0")) << "the lease has ended";
  fold_all(*a_folder(centre.where));
  EXPECT_EQ(rows_of(centre, some_periods), own_rows(some_periods));
}

}  // namespace
}  // namespace changtong::centre
