// Journals of many nodes in a real PostgreSQL: what is taken and what is not, whatever happens to either side.
#include "daemon/centre/archive.h"

#include <gmock/gmock.h>

#include "daemon/centre/archives.h"
#include "tests/centre/postgres.h"
#include "tests/centre/shipped.h"

namespace changtong::centre {
namespace {

using namespace fakes;
using testing::HasSubstr;
using testing::StartsWith;

constexpr wall_t now = wall_from_ms(1'773'500'000'000);
const std::vector<std::string> names{"东城区", "西城区"};

struct Archive : testing::Test {
  database_place where = server().empty();
  std::unique_ptr<archive> books = opened(where);
  told_journal east;

  static std::unique_ptr<archive> opened(const database_place& place) {
    auto made = archive::open(place, names);
    if (!made) ADD_FAILURE() << to_string(made.error());
    return made ? std::move(*made) : nullptr;
  }
  ledger::taken take(const ledger::shipment& s, const std::string& node = "东城区") {
    const auto done = books->take(node, s, now);
    if (!done) ADD_FAILURE() << to_string(done.error());
    return done ? *done : ledger::taken{};
  }
  std::string refusal(const ledger::shipment& s) {
    const auto done = books->take("东城区", s, now);
    return done ? "it was taken" : to_string(done.error());
  }
  node_head head_of(const std::string& node = "东城区") {
    const auto all = books->heads();
    for (const node_head& one : *all)
      if (one.node == node) return one;
    ADD_FAILURE() << "no such node";
    return {};
  }
  std::vector<ledger::shipped_entry> kept(const std::string& node = "东城区") {
    std::vector<ledger::shipped_entry> all;
    const node_head h = head_of(node);
    for (std::int64_t last = 0; last < h.head.seq;)
      last = books->read(h, last, h.head.seq, [&](const ledger::shipped_entry& e) { all.push_back(e); }).value();
    return all;
  }
};

TEST_F(Archive, TakesAJournalPieceByPieceAndGivesItBackByteByByte) {
  east.write(3'001);
  for (std::int64_t at = 0; at < 3'001;) {
    const auto done = take(east.after(at));
    ASSERT_GT(done.head.seq, at);
    at = done.head.seq;
    EXPECT_EQ(done.head, east.at(at));
    EXPECT_FALSE(done.fork);
  }
  EXPECT_EQ(kept(), east.all);
  const node_head h = head_of();
  EXPECT_EQ(h.head, east.end());
  EXPECT_EQ(h.heartbeat, east.after(3'001).heartbeat);
  EXPECT_EQ(h.received, now);
  EXPECT_EQ(h.branch, 1);
  EXPECT_FALSE(h.fork);
}

TEST_F(Archive, KeepsEachNodesJournalApart) {
  told_journal west;
  east.write(3);
  west.write(5, "断");
  take(east.after(0));
  take(west.after(0), "西城区");
  EXPECT_EQ(kept(), east.all);
  EXPECT_EQ(kept("西城区"), west.all);
}

TEST_F(Archive, ANodeThatNobodyNamedIsRefused) {
  EXPECT_THAT(to_string(books->take("南城区", east.after(0), now).error()), HasSubstr("no node 南城区"));
}

TEST_F(Archive, SaysWhereItStandsToWhoBeginsElsewhereAndTakesNothingTwice) {
  east.write(10);
  take(east.after(0));
  for (const std::int64_t from : {0, 4, 9}) {
    const auto done = take(east.after(from));
    EXPECT_EQ(done.head, east.end()) << from;
    EXPECT_FALSE(done.fork) << from;
  }
  east.write(5);
  const auto ahead = take(east.after(12));
  EXPECT_EQ(ahead.head, east.at(10)) << "it lacks what is between";
  EXPECT_FALSE(ahead.fork);
  EXPECT_EQ(take(east.after(10)).head, east.end());
  EXPECT_EQ(kept(), east.all);
}

TEST_F(Archive, AHeartbeatGoesForwardAndNeverBack) {
  east.write(2);
  take(east.after(0));
  ledger::shipment beat = east.after(2);
  beat.heartbeat = *beat.heartbeat + std::chrono::seconds{7};
  take(beat);
  EXPECT_EQ(head_of().heartbeat, beat.heartbeat);
  take(east.after(2));
  EXPECT_EQ(head_of().heartbeat, beat.heartbeat);
}

TEST_F(Archive, NothingOfAShipmentWhoseChainIsBrokenIsThere) {
  east.write(4);
  ledger::shipment s = east.after(0);
  s.entries[2].body += ' ';
  EXPECT_THAT(refusal(s), HasSubstr("entry 3 does not chain"));
  EXPECT_EQ(head_of().head.seq, 0);
  EXPECT_TRUE(kept().empty());
  s = east.after(0);
  s.entries[2].body += std::string(1, '\0');  // text as no database keeps it
  s.entries[2].hash = ledger::chain(s.entries[1].hash, 3, s.entries[2].at, s.entries[2].kind, s.entries[2].body);
  s.entries.resize(3);
  EXPECT_THAT(refusal(s), HasSubstr("22021"));
  EXPECT_EQ(head_of().head.seq, 0);
  EXPECT_EQ(take(east.after(0)).head, east.end()) << "and the conversation goes on";
}

TEST_F(Archive, AForkIsShownAndNothingOfItIsTakenUntilAPersonBeginsABranch) {
  east.write(10);
  told_journal restored = east;
  restored.all.resize(6);
  take(east.after(0));
  restored.write(2, "恢复之后");
  EXPECT_FALSE(take(restored.after(6)).fork) << "the sixth is common to both";
  EXPECT_TRUE(take(restored.after(7)).fork);
  EXPECT_TRUE(take(restored.after(8)).fork);
  const node_head h = head_of();
  ASSERT_TRUE(h.fork);
  EXPECT_EQ(h.fork->times, 2);
  EXPECT_EQ(h.fork->theirs, restored.at(8));
  EXPECT_EQ(h.head, east.end());
  EXPECT_EQ(kept(), east.all);

  EXPECT_EQ(books->begin_branch("东城区", "王工", "恢复了上周的备份", now).value(), 2);
  EXPECT_EQ(head_of().branch, 2);
  EXPECT_FALSE(head_of().fork);
  EXPECT_EQ(take(restored.after(8)).head, ledger::shipped_head{}) << "it is to ship all of it";
  EXPECT_EQ(take(restored.after(0)).head, restored.end());
  EXPECT_EQ(kept(), restored.all);
  node_head old = h;
  std::size_t before = 0;
  EXPECT_EQ(books->read(old, 0, 10, [&](const ledger::shipped_entry& e) { before += e == east.all[before]; }).value(),
            10);
  EXPECT_EQ(before, 10U) << "the first branch is still there";
}

TEST_F(Archive, WithoutAForkThereIsNoBranchToBegin) {
  east.write(1);
  take(east.after(0));
  EXPECT_THAT(to_string(books->begin_branch("东城区", "王工", "", now).error()), HasSubstr("has not forked"));
  EXPECT_EQ(head_of().branch, 1);
}

TEST_F(Archive, WhatIsGoneFromTheDatabaseIsShippedAnewOnABranch) {
  east.write(6);
  take(east.after(0));
  auto db = database::open(where).value();
  ASSERT_TRUE(db->ask("DELETE FROM journal WHERE node = 1 AND seq > 4"));
  EXPECT_EQ(books->begin_branch("东城区", "王工", "数据库被人删过", now).value(), 2);
  EXPECT_EQ(take(east.after(0)).head, east.end());
  EXPECT_EQ(kept(), east.all);
}

TEST_F(Archive, WhoRestsOnAnOlderEpochWritesNothingAnyMore) {
  east.write(3);
  take(east.after(0));
  told_journal other;
  other.write(1, "另一本");
  EXPECT_TRUE(take(other.after(1)).fork);
  const auto late = opened(where);
  ASSERT_TRUE(books->begin_branch("东城区", "王工", "", now));
  EXPECT_EQ(take(other.after(0)).head, other.end()) << "who raised it goes on";
  const auto refused = late->take("东城区", other.after(1), now);
  ASSERT_FALSE(refused);
  EXPECT_THAT(to_string(refused.error()), HasSubstr("ship again"));
  EXPECT_TRUE(opened(where)->take("东城区", other.after(1), now)) << "opened anew it is up to date";
}

TEST_F(Archive, OfTwoThatWriteOneNodeAtOnceOneTakesItAndTheOtherSaysWhereItStands) {
  east.write(2'000);
  const auto second = opened(where);
  const auto ship = [&](archive& to) {
    for (std::int64_t at = 0; at < 2'000;) {
      const auto done = to.take("东城区", east.after(at, 100), now);
      if (!done || done->fork) return false;
      at = done->head.seq;
    }
    return true;
  };
  bool other = false;
  std::thread beside([&] { other = ship(*second); });
  EXPECT_TRUE(ship(*books));
  beside.join();
  EXPECT_TRUE(other);
  EXPECT_EQ(kept(), east.all);
}

TEST_F(Archive, TwoThatBeginAtOnceMakeTheTablesAndTheNodesOnce) {
  const database_place fresh = server().empty();
  bool other = false;
  std::thread beside([&] { other = bool(archive::open(fresh, names)); });
  const auto one = archive::open(fresh, names);
  beside.join();
  ASSERT_TRUE(one) << to_string(one.error());
  EXPECT_TRUE(other);
  EXPECT_EQ((*one)->heads()->size(), 2U);
}

TEST_F(Archive, AServerThatHangsIsAProblemInTimeAndNothingIsLost) {
  east.write(3);
  take(east.after(0));
  where.patience = milliseconds{300};
  books = opened(where);
  server().pause();
  east.write(1);
  EXPECT_THAT(refusal(east.after(3)), HasSubstr("did not answer within 300 ms"));
  EXPECT_FALSE(books->good());
  EXPECT_THAT(to_string(archive::open(where, names).error()), HasSubstr("did not answer within 300 ms"));
  server().go_on();
  where.patience = std::chrono::seconds{60};
  books = opened(where);
  const auto stands = take(east.after(0));
  EXPECT_EQ(take(east.after(stands.head.seq)).head, east.end());
  EXPECT_EQ(kept(), east.all);
}

TEST_F(Archive, AServerThatIsKilledKeepsWhatItHasConfirmed) {
  east.write(700);
  take(east.after(0));
  server().kill();
  EXPECT_THAT(refusal(east.after(500)), HasSubstr("database"));
  EXPECT_FALSE(books->good());
  server().start();
  books = opened(where);
  EXPECT_EQ(head_of().head, east.at(500));
  EXPECT_EQ(take(east.after(500)).head, east.end());
  EXPECT_EQ(kept(), east.all);
}

TEST_F(Archive, AConversationThatEndedWhileNobodyHadItCostsNobodyAnAnswer) {
  archives some(where, names);
  const auto heads = [&] { return some.with([](archive& a) { return a.heads(); }); };
  ASSERT_TRUE(heads());
  server().kill();
  server().start();
  EXPECT_TRUE(heads()) << to_string(heads().error());
}

TEST_F(Archive, TheFirstShipmentAfterABranchIsTaken) {
  east.write(3);
  told_journal other;
  other.write(2, "另一本");
  archives some(where, names);
  ASSERT_TRUE(some.take("东城区", east.after(0), now));
  // Two of them lie idle, as when two threads have worked.
  EXPECT_TRUE(some.with([&](archive&) { return some.take("东城区", other.after(1), now); })->fork);
  ASSERT_TRUE(opened(where)->begin_branch("东城区", "王工", "", now));
  const auto done = some.take("东城区", other.after(0), now);
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_EQ(done->head, other.end());
}

TEST_F(Archive, ADatabaseThatLosesWhatItHasConfirmedIsRefused) {
  server().kill();
  server().start({"-c", "fsync=off"});
  EXPECT_THAT(to_string(archive::open(where, names).error()), HasSubstr("fsync off"));
  EXPECT_THAT(to_string(archive::open_to_read(where).error()), HasSubstr("fsync off"))
      << "people's word is confirmed too";
  server().kill();
  server().start();
  EXPECT_TRUE(archive::open(where, names));
}

TEST_F(Archive, ADatabaseOfAnotherEncodingIsRefused) {
  const auto db = database::open(server().place("postgres"));
  ASSERT_TRUE((*db)->ask("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"));
  EXPECT_THAT(to_string(archive::open(server().place("latin"), names).error()), HasSubstr("not UTF8"));
}

TEST_F(Archive, TablesOfANewerVersionAreLeftAlone) {
  const auto db = database::open(where);
  ASSERT_TRUE((*db)->ask("UPDATE lease SET version = 99"));
  EXPECT_THAT(to_string(archive::open(where, names).error()), HasSubstr("of version 99"));
}

TEST_F(Archive, TablesOfTheFirstVersionGetWhatTheyLackAndWhoKnewOnlyThoseWritesNothingMore) {
  east.write(10);
  take(east.after(0));
  const auto db = database::open(where);
  ASSERT_TRUE((*db)->ask(
      "DELETE FROM heads WHERE node = 0; DELETE FROM branches WHERE node = 0; DELETE FROM nodes WHERE node = 0; "
      "DROP TABLE journal_0; DROP TABLE folder, folded, targets, states, outages, unknowns, unconfirmed, said, sheets, "
      "sheet_cells, sheet_outages, standing, standing_cells; ALTER TABLE nodes DROP retired, DROP retired_by, DROP "
      "retired_why; ALTER TABLE "
      "heads DROP clock_ahead, DROP clock_within; UPDATE lease SET "
      "version = 1"));
  EXPECT_THAT(to_string(archive::open_to_read(where).error()), HasSubstr("an older version's"));
  const auto now_known = opened(where);
  ASSERT_NE(now_known, nullptr);
  east.write(5);
  EXPECT_THAT(refusal(east.after(10)), HasSubstr("ship again")) << "it has the old epoch";
  EXPECT_EQ(now_known->take("东城区", east.after(10), now)->head, east.end());
  EXPECT_TRUE(archive::open_to_read(where));
}

TEST_F(Archive, TablesOfTheSecondVersionGetWhatTheyLack) {
  const auto db = database::open(where);
  ASSERT_TRUE((*db)->ask(
      "DELETE FROM heads WHERE node = 0; DELETE FROM branches WHERE node = 0; DELETE FROM nodes WHERE node = "
      "0; DROP TABLE journal_0; DROP TABLE sheets, sheet_cells, sheet_outages, standing, standing_cells; DROP INDEX "
      "outages_by_ended; ALTER "
      "TABLE heads DROP clock_ahead, DROP clock_within; "
      "UPDATE lease SET version = 2"));
  EXPECT_THAT(to_string(archive::open_to_read(where).error()), HasSubstr("an older version's"));
  ASSERT_NE(opened(where), nullptr);
  EXPECT_TRUE(archive::open_to_read(where));
  EXPECT_TRUE((*db)->ask("SELECT began, day FROM sheets"));
}

TEST_F(Archive, OfTablesOfTheThirdVersionSheetsAreMadeAnew) {
  const auto db = database::open(where);
  ASSERT_TRUE((*db)->ask(
      "DROP TABLE standing, standing_cells; ALTER TABLE sheets DROP CONSTRAINT sheets_pkey, DROP sheet, DROP day, ADD "
      "PRIMARY KEY (node, branch, began); INSERT INTO sheets VALUES (1, 1, 0, 1, true); UPDATE lease SET version = 3"));
  EXPECT_THAT(to_string(archive::open_to_read(where).error()), HasSubstr("an older version's"));
  ASSERT_NE(opened(where), nullptr);
  EXPECT_TRUE(archive::open_to_read(where));
  EXPECT_TRUE((*db)->ask("SELECT sheet FROM sheets").value()[0].empty());
}

TEST_F(Archive, ANodeIsRetiredByAPersonAndShipsAllTheSame) {
  const auto done = [&](const std::string& node, std::optional<wall_t> since) {
    const auto r = books->retire(node, "王工", "并入西城区", since, now);
    return r ? "done" : to_string(r.error());
  };
  EXPECT_THAT(done("东城区", std::nullopt), HasSubstr("is not retired"));
  EXPECT_EQ(done("东城区", now), "done");
  EXPECT_THAT(done("东城区", now), HasSubstr("retired already"));
  EXPECT_THAT(done("南城区", now), HasSubstr("has no node"));
  EXPECT_EQ(head_of().retired, now);
  EXPECT_FALSE(head_of("西城区").retired);
  east.write(2);
  EXPECT_EQ(take(east.after(0)).head, east.end());
  EXPECT_EQ(done("东城区", std::nullopt), "done");
  EXPECT_FALSE(head_of().retired);
}

TEST_F(Archive, WhoOnlyReadsMakesNoTables) {
  EXPECT_THAT(to_string(archive::open_to_read(server().empty()).error()), HasSubstr("start `changtong serve"));
  EXPECT_EQ((*archive::open_to_read(where))->heads()->size(), 2U);
}

TEST_F(Archive, WhatLibpqSaysIsOneLineThatPeopleCanRead) {
  const auto made = archive::open_to_read({.connect = "host=127.0.0.1 port=1 dbname=changtong", .password = {}});
  ASSERT_FALSE(made);
  EXPECT_THAT(to_string(made.error()),
              testing::AllOf(StartsWith("数据库"), HasSubstr("failed: Connection refused Is the server"),
                             testing::Not(HasSubstr("\xef\xbf\xbd")), testing::Not(HasSubstr("  "))));
}

TEST_F(Archive, APasswordStandsInItsOwnPlaceAlone) {
  where.connect += " password=geheim";
  const std::string said = to_string(archive::open(where, names).error());
  EXPECT_THAT(said, HasSubstr("database.password_file"));
  EXPECT_THAT(said, testing::Not(HasSubstr("geheim")));
  where.connect = "no connection = at all = geheim";
  EXPECT_THAT(to_string(archive::open(where, names).error()), testing::Not(HasSubstr("geheim")));
}

}  // namespace
}  // namespace changtong::centre
