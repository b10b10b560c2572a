// What a centre folds from a node's journal is what the node's own file has, row by row, however it was interrupted.
#include "daemon/centre/folder.h"

#include <gmock/gmock.h>

#include "daemon/centre/archive.h"
#include "daemon/centre/schema.h"
#include "tests/centre/rows_as_text.h"

namespace changtong::centre {
namespace {

using namespace fakes;
using namespace ledger::desk;
using centre::folder;
using testing::HasSubstr;

constexpr wall_t now = wall_from_ms(1'773'500'000'000);

const std::string node = "东城区";

struct Folder : node_and_centre {};

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
