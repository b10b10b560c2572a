// The centre's own journal: what its people say, one chain whoever writes, and seals that find what was rewritten.
#include "daemon/centre/own_journal.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <thread>

#include "daemon/centre/archive.h"
#include "daemon/centre/folded_heads.h"
#include "daemon/centre/own_proof.h"
#include "tests/centre/postgres.h"
#include "tests/centre/shipped.h"

namespace changtong::centre {
namespace {

using namespace fakes;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr wall_t now = wall_from_ms(1'773'500'000'000);  // 2026-03-14 22:53:20 in Shanghai
const std::vector<std::string> names{"东城区", "西城区"};
bool go_on(std::int64_t /*done*/, std::int64_t /*all*/) { return true; }

struct OwnJournal : testing::Test {
  database_place where = server().empty();
  std::unique_ptr<archive> books = archive::open(where, names).value();
  std::unique_ptr<database> db = database::open(where).value();
  ledger::signing_key key = ledger::signing_key::make(ledger::algorithm::ed25519).value();
  told_journal east;

  void ship(int entries) {
    const std::int64_t had = east.end().seq;
    east.write(entries);
    ASSERT_TRUE(books->take("东城区", east.after(had), now));
  }
  result<std::optional<last_seal>> seal(sealed_when when = sealed_when::at_once, wall_t at = now) {
    return seal_heads(*db, {.key = key, .centre = "某市", .zone = civil_zone::named("Asia/Shanghai").value()}, when,
                      at);
  }
  std::vector<own_entry> entries() {
    std::vector<own_entry> out;
    const auto head = own_head(*db).value();
    for (std::int64_t last = 0; last < head.seq;)
      last = read_own(*db, last, head.seq, [&](const auto& e) { out.push_back(decode(e).value()); }).value();
    return out;
  }
  own_found found(const std::vector<std::string>& fingerprints = {}) {
    const auto done = verify_own(*db, fingerprints, now, go_on);
    if (!done) ADD_FAILURE() << to_string(done.error());
    return done ? *done : own_found{};
  }
  /** What a person has to answer. */
  static std::vector<std::string> told(const own_found& f) {
    std::vector<std::string> out;
    for (const phrase& one : f.asked) out.push_back(one.en);
    return out;
  }
  void spoil(const std::string& statement) {
    const auto done = db->ask(statement);
    ASSERT_TRUE(done) << to_string(done.error());
  }
  /** As somebody would who knows how hashes are made: every entry from `from` on, and the head. */
  void rewrite_east(std::int64_t from) {
    ledger::digest last = east.at(from - 1).hash;
    for (std::int64_t seq = from; seq <= east.end().seq; ++seq) {
      auto& e = east.all[static_cast<std::size_t>(seq - 1)];
      e.body = "{\"text\":\"一直通\"}";
      e.hash = last = ledger::chain(last, e.seq, e.at, e.kind, e.body);
      spoil(fmt::format("UPDATE journal SET body = '{}', hash = '\\x{}' WHERE node = 1 AND seq = {}", e.body,
                        host::hex(ledger::bytes_of(e.hash)), seq));
    }
    spoil(fmt::format("UPDATE heads SET hash = '\\x{}' WHERE node = 1", host::hex(ledger::bytes_of(last))));
  }
};

TEST_F(OwnJournal, HasWhatPeopleSayOfNodesInOrder) {
  ship(3);
  told_journal other;
  other.write(3, "断");
  EXPECT_TRUE(books->take("东城区", other.after(3), now)->fork);
  ASSERT_TRUE(books->begin_branch("东城区", "王工", "恢复了\"备份\"", now));
  ASSERT_TRUE(books->retire("西城区", "李工", "并入东城区", now, now));
  ASSERT_TRUE(books->retire("西城区", "李工", "没有并", std::nullopt, now));
  std::vector<std::string> bodies;
  for (const own_entry& e : entries()) bodies.push_back(encode(e).kind + encode(e).body);
  EXPECT_THAT(
      bodies,
      testing::ElementsAre(
          R"(centre_branch{"at":1773500000000,"node":"东城区","branch":2,"author":"王工","reason":"恢复了\"备份\""})",
          R"(centre_retired{"at":1773500000000,"node":"西城区","since":1773500000000,"author":"李工","reason":"并入东城区"})",
          R"(centre_retired{"at":1773500000000,"node":"西城区","since":null,"author":"李工","reason":"没有并"})"));
  EXPECT_EQ(found().entries, 3);
  EXPECT_TRUE(found().wrong.empty());
}

TEST_F(OwnJournal, TakesNoWordsThatNoNodeWouldTake) {
  ship(3);
  ASSERT_TRUE(seal(sealed_when::at_once, now + std::chrono::hours{1}));
  const std::vector<std::pair<std::string, std::string>> all{{std::string(65, 'a'), "并入"},   {"李\x1b[2J工", "并入"},
                                                             {"李\u200b工", "并入"},           {"李工", "一\n二"},
                                                             {"李工", "\u202e并入"},           {"", "并入"},
                                                             {"李工", std::string(1'001, 'x')}};
  const auto before = own_head(*db).value();
  for (const auto& [by, why] : all) {
    const auto approved = written(*db, [&] {
      return add_own(*db, approval_said{.at = now,
                                        .order = "0123456789abcdef",
                                        .node = "东城区",
                                        .window = "W1",
                                        .version = "1",
                                        .author = by,
                                        .reason = why});
    });
    ASSERT_FALSE(approved) << by << why;
    EXPECT_EQ(approved.error().what, problem_class::usage);
    EXPECT_FALSE(books->retire("西城区", by, why, now, now));
    EXPECT_FALSE(explain_ahead(*db, by, why, now));
  }
  EXPECT_EQ(own_head(*db).value(), before);
  EXPECT_TRUE(books->retire("西城区", std::string(64, 'a'), std::string(1'000, 'x'), now, now));
}

TEST_F(OwnJournal, WhoeverBeginsABranchAndWhoeverAddsANodeDoNotWaitInACircle) {
  ship(3);
  told_journal other;
  other.write(3, "断");
  EXPECT_TRUE(books->take("东城区", other.after(3), now)->fork);
  spoil("BEGIN; SELECT epoch FROM lease FOR UPDATE");  // as add_node() begins
  result<std::int32_t> begun = std::int32_t{0};
  std::atomic<bool> over = false;
  std::thread person([&] {
    begun = books->begin_branch("东城区", "王工", "恢复了备份", now);
    over = true;
  });
  const auto onlooker = database::open(where).value();
  const auto waits = [&] {
    return whole_in(onlooker->ask("SELECT count(*) FROM pg_locks WHERE NOT granted")->front().front().front()) > 0;
  };
  while (!waits() && !over) std::this_thread::yield();
  const auto added = db->ask("CREATE TABLE journal_9 PARTITION OF journal FOR VALUES IN (9); COMMIT");
  person.join();
  EXPECT_TRUE(added) << to_string(added.error());
  ASSERT_TRUE(begun) << to_string(begun.error());
  EXPECT_EQ(*begun, 2);
}

TEST_F(OwnJournal, WhatPeopleSayIsConfirmedOnceItIsDurable) {
  spoil(fmt::format("ALTER DATABASE {} SET synchronous_commit = off",
                    db->ask("SELECT current_database()")->front().front().front().value_or("")));
  const auto read = archive::open_to_read(where).value();
  EXPECT_EQ(read->conversation().ask("SHOW synchronous_commit")->front().front().front(), "on");
}

TEST_F(OwnJournal, WhatIsRefusedIsNoEntry) {
  EXPECT_FALSE(books->begin_branch("东城区", "王工", "没有分叉", now));
  EXPECT_FALSE(books->retire("西城区", "王工", "没有停用", std::nullopt, now));
  EXPECT_EQ(own_head(*db)->seq, 0);
}

TEST_F(OwnJournal, IsNoNodeOfAnybodys) {
  ASSERT_TRUE(seal());
  const auto heads = books->heads().value();
  EXPECT_THAT(heads, testing::ElementsAre(testing::Field(&node_head::node, "东城区"),
                                          testing::Field(&node_head::node, "西城区")));
  EXPECT_EQ(folded_heads(*db)->size(), 2U) << "nobody folds it";
  EXPECT_FALSE(books->take("", east.after(0), now));
  EXPECT_FALSE(books->retire("", "王工", "无", now, now));
}

TEST_F(OwnJournal, ASealHasTheHeadOfEveryBranchAndIsSigned) {
  ship(5);
  const auto made = seal().value().value();
  EXPECT_EQ(made.number, 1);
  EXPECT_EQ(made.day, "2026-03-14");
  EXPECT_EQ(made.key, key.half().fingerprint());
  EXPECT_EQ(made.heads, 2U);
  const auto all = entries();
  const auto& s = std::get<heads_sealed>(all.front());
  EXPECT_EQ(s.centre, "某市");
  EXPECT_THAT(s.heads, testing::ElementsAre(sealed_head{"东城区", 1, east.end(), east.after(5).heartbeat},
                                            sealed_head{"西城区", 1, {}, wall_t{}}));
  EXPECT_TRUE(key.half().verifies(signed_text(s), s.signature));
  EXPECT_EQ(newest_seal(*db)->value().hash, own_head(*db)->hash);
  EXPECT_EQ(found().seals, 1);
  EXPECT_THAT(found().keys, testing::ElementsAre(key.half().fingerprint()));
}

TEST_F(OwnJournal, IsSealedOnceACivilDayWhoeverAsks) {
  const auto daily = [&](wall_t at) { return seal(sealed_when::once_a_day, at).value().has_value(); };
  const wall_t midnight = wall_from_ms(1'773'504'000'000);
  EXPECT_TRUE(daily(now));
  EXPECT_FALSE(daily(now));
  EXPECT_FALSE(daily(midnight - milliseconds{1}));
  EXPECT_TRUE(daily(midnight));
  EXPECT_FALSE(daily(now)) << "a clock that was set back";
  EXPECT_TRUE(seal()) << "a person may, whenever";
  EXPECT_EQ(found().seals, 3);
}

TEST_F(OwnJournal, AClockThatWasAheadDoesNotEndSealing) {
  const auto daily = [&](wall_t at) { return seal(sealed_when::once_a_day, at).value().has_value(); };
  EXPECT_FALSE(sealed_ahead(*db, now).value());
  const wall_t ahead = now + std::chrono::hours{24 * 365};
  ASSERT_TRUE(seal(sealed_when::at_once, ahead));
  EXPECT_EQ(sealed_ahead(*db, now).value(), ahead);
  EXPECT_TRUE(daily(now));
  EXPECT_FALSE(daily(now)) << "once";
  EXPECT_FALSE(daily(now + milliseconds{5}));
  EXPECT_TRUE(daily(now + std::chrono::hours{24}));
  EXPECT_EQ(sealed_ahead(*db, now).value(), ahead) << "it is said for as long as it is so";
  EXPECT_FALSE(sealed_ahead(*db, ahead).value());
  EXPECT_TRUE(found().wrong.empty()) << found().wrong.en;
}

TEST_F(OwnJournal, OneThatIsAheadIsOverOnceAPersonSaysWhy) {
  EXPECT_THAT(to_string(explain_ahead(*db, "王工", "时钟", now).error()), HasSubstr("no seal is ahead of now"));
  const wall_t ahead = now + std::chrono::hours{24 * 365};
  ASSERT_TRUE(seal(sealed_when::at_once, ahead));
  EXPECT_THAT(told(found()), ElementsAre(HasSubstr("seal 1 is labelled later than now")));
  ASSERT_TRUE(explain_ahead(*db, "王工", "时钟曾设错一年", now));
  EXPECT_FALSE(sealed_ahead(*db, now).value());
  EXPECT_THAT(found().asked, IsEmpty());
  EXPECT_EQ(std::get<ahead_explained>(entries().back()).ahead, ahead);
  EXPECT_FALSE(explain_ahead(*db, "王工", "再说", now)) << "once";
  EXPECT_TRUE(seal(sealed_when::once_a_day).value());
  EXPECT_TRUE(found().wrong.empty()) << found().wrong.en;
  ASSERT_TRUE(seal(sealed_when::at_once, ahead + milliseconds{1}));
  EXPECT_TRUE(sealed_ahead(*db, now).value()) << "another one is another one's word";
}

TEST_F(OwnJournal, AWordOfAClockThatIsAheadItselfExplainsNothing) {
  const wall_t ahead = now + std::chrono::hours{24};
  ASSERT_TRUE(seal(sealed_when::at_once, ahead + milliseconds{1}));
  ASSERT_TRUE(explain_ahead(*db, "王工", "时钟", ahead));
  EXPECT_TRUE(sealed_ahead(*db, now).value());
  EXPECT_EQ(told(found()).size(), 1U);
}

TEST_F(OwnJournal, SealingGoesOnOverASealThatCannotBeRead) {
  ASSERT_TRUE(seal());
  spoil("UPDATE journal SET body = replace(body, '{\"seal\"', '{\"later\":1,\"seal\"') WHERE node = 0");
  const auto last = newest_seal(*db).value().value();
  EXPECT_THAT(last.unread.en, HasSubstr("is not an entry of a centre's"));
  EXPECT_EQ(last.at, now);
  EXPECT_FALSE(seal(sealed_when::once_a_day).value()) << "it is there all the same";
  const auto made = seal(sealed_when::once_a_day, now + std::chrono::hours{24}).value().value();
  EXPECT_EQ(made.number, 2);
  EXPECT_TRUE(newest_seal(*db)->value().unread.en.empty());
}

TEST_F(OwnJournal, OfManyProcessesOneSealsAndTheChainStaysOne) {
  std::vector<std::thread> all;
  std::atomic<int> sealed = 0;
  for (int i = 0; i < 4; ++i)
    all.emplace_back([&, i] {
      const auto mine = database::open(where).value();
      const auto done =
          seal_heads(*mine, {.key = key, .centre = {}, .zone = civil_zone::named("Asia/Shanghai").value()},
                     sealed_when::once_a_day, now);
      ASSERT_TRUE(done) << to_string(done.error());
      sealed += done->has_value() ? 1 : 0;
      for (int k = 0; k < 5; ++k) {
        const own_entry e =
            node_retired{.at = now, .node = fmt::format("{} {}", i, k), .since = {}, .author = "王工", .reason = "无"};
        const auto added = written(*mine, [&] { return add_own(*mine, e); });
        ASSERT_TRUE(added) << to_string(added.error());
      }
    });
  for (std::thread& t : all) t.join();
  EXPECT_EQ(sealed, 1);
  EXPECT_EQ(found().entries, 21);
  EXPECT_TRUE(found().wrong.empty()) << found().wrong.en;
}

TEST_F(OwnJournal, ANodesJournalThatWasRewrittenAtTheCentreIsFound) {
  ship(10);
  ASSERT_TRUE(seal());
  ship(5);
  ASSERT_TRUE(seal(sealed_when::at_once, now + std::chrono::hours{24}));
  EXPECT_TRUE(found().wrong.empty());
  rewrite_east(12);
  const auto walked = verify(*books, books->heads()->front(), go_on);
  EXPECT_EQ(walked->bad, 0) << "its chain says nothing: it was hashed anew";
  EXPECT_THAT(found().wrong.en,
              HasSubstr("seal 2: the journal of 东城区, branch 1, was rewritten or cut after it: entry 15"));
  EXPECT_EQ(found().seals, 1) << "what is older stands";
  rewrite_east(3);
  EXPECT_THAT(found().wrong.en, HasSubstr("seal 1"));
}

TEST_F(OwnJournal, ANodesJournalThatWasCutOrTakenAwayIsFound) {
  ship(10);
  ASSERT_TRUE(seal());
  spoil("DELETE FROM journal WHERE node = 1 AND seq > 7");
  EXPECT_THAT(found().wrong.en, HasSubstr("entry 10"));
  spoil("UPDATE nodes SET name = '南城区' WHERE node = 1");
  EXPECT_THAT(found().wrong.en, HasSubstr("东城区 is not there any more"));
}

TEST_F(OwnJournal, WhoeverRewritesItsOwnPastIsFound) {
  ASSERT_TRUE(books->retire("西城区", "李工", "并入东城区", now, now));
  ASSERT_TRUE(seal());
  spoil("UPDATE journal SET body = replace(body, '李工', '张工') WHERE node = 0 AND seq = 1");
  EXPECT_THAT(found().wrong.en, HasSubstr("breaks at entry 1"));
  // hashed anew, the seal says otherwise
  std::vector<ledger::shipped_entry> all;
  (void)read_own(*db, 0, 2, [&](const ledger::shipped_entry& e) { all.push_back(e); });
  ledger::digest last{};
  for (ledger::shipped_entry& e : all) {
    last = ledger::chain(last, e.seq, e.at, e.kind, e.body);
    spoil(fmt::format("UPDATE journal SET hash = '\\x{}' WHERE node = 0 AND seq = {}",
                      host::hex(ledger::bytes_of(last)), e.seq));
  }
  spoil(fmt::format("UPDATE heads SET hash = '\\x{}' WHERE node = 0", host::hex(ledger::bytes_of(last))));
  EXPECT_THAT(found().wrong.en, HasSubstr("seal 1: it does not follow from what is before it"));
  spoil("DELETE FROM journal WHERE node = 0 AND seq = 2");
  EXPECT_THAT(found().wrong.en, HasSubstr("has 1 entries where there should be 2"));
}

TEST_F(OwnJournal, WhatStandsInTheTablesAndNobodyEnteredIsFound) {
  ship(3);
  ASSERT_TRUE(seal());
  ASSERT_TRUE(books->retire("西城区", "李工", "并入东城区", now, now));
  EXPECT_TRUE(found().wrong.empty()) << found().wrong.en;
  spoil("UPDATE nodes SET retired = NULL WHERE node = 2");
  EXPECT_THAT(found().wrong.en, HasSubstr("whether 西城区 is retired"));
  spoil(fmt::format("UPDATE nodes SET retired = {}", ms_of(now)));
  EXPECT_THAT(found().wrong.en, HasSubstr("whether 东城区 is retired"));
  spoil("UPDATE nodes SET retired = NULL WHERE node <> 2");
  EXPECT_TRUE(found().wrong.empty()) << found().wrong.en;
  spoil("INSERT INTO branches VALUES (1, 2, 0, '', '')");
  EXPECT_THAT(found().wrong.en, HasSubstr("东城区 has a branch 2 that nobody entered"));
  spoil("DELETE FROM branches WHERE branch = 2; UPDATE heads SET seq = 2 WHERE node = 1");
  EXPECT_THAT(found().wrong.en, HasSubstr("东城区 has entries beyond its head"));
}

TEST_F(OwnJournal, HowFarANodeIsKnownNeverGoesBack) {
  ship(5);
  ASSERT_TRUE(seal());
  spoil("UPDATE heads SET heartbeat = heartbeat - 1 WHERE node = 1");
  EXPECT_THAT(found().wrong.en, HasSubstr("seal 1: 东城区 branch 1 was known up to"));
  ASSERT_TRUE(seal());
  spoil("UPDATE heads SET heartbeat = heartbeat + 1 WHERE node = 1");
  EXPECT_THAT(found().wrong.en, HasSubstr("seal 2: 东城区 branch 1 was known up to")) << "it was less far then";
}

TEST_F(OwnJournal, WhoeverIsKnownFartherThanAnybodyCanHaveSaidIsAskedAbout) {
  ship(5);
  ASSERT_TRUE(seal());
  EXPECT_THAT(found().asked, IsEmpty());
  spoil(fmt::format("UPDATE heads SET heartbeat = {} WHERE node = 1", ms_of(now + std::chrono::seconds{61})));
  EXPECT_THAT(told(found()), ElementsAre(HasSubstr("later than it was received")));
  spoil(fmt::format("UPDATE heads SET clock_ahead = -3600000, clock_within = 5, heartbeat = {} WHERE node = 1",
                    ms_of(now + std::chrono::minutes{59})));
  EXPECT_THAT(found().asked, IsEmpty());
  spoil("UPDATE heads SET clock_ahead = 3600000 WHERE node = 1");
  EXPECT_THAT(told(found()), ElementsAre(HasSubstr("later than it was received"))) << "its clock is an hour behind";
  ASSERT_TRUE(seal());
  EXPECT_THAT(told(found()), ElementsAre(HasSubstr("seal 2"), HasSubstr("later than it was received")));
  EXPECT_TRUE(found().wrong.empty()) << "a clock may be the reason";
}

TEST_F(OwnJournal, ASealOfBeforeIsReadAsItWasWritten) {
  const heads_sealed old{.at = now,
                         .centre = {},
                         .day = "2026-03-14",
                         .zone = "Asia/Shanghai",
                         .own = {},
                         .heads = {{"东城区", 1, {.seq = 2, .hash = {}}}},
                         .key = "k",
                         .signature = "s"};
  EXPECT_THAT(encode(old).body, HasSubstr(R"("hash":")" + std::string(64, '0') + R"("}],"key")"));
  EXPECT_EQ(std::get<heads_sealed>(decode(encode(old)).value()).heads, old.heads);
}

TEST_F(OwnJournal, WhatNoEntryAndNoSealSpeaksOfIsAskedAbout) {
  ship(4);
  spoil(fmt::format("UPDATE nodes SET retired = {} WHERE node = 2", ms_of(now - milliseconds{1})));
  EXPECT_THAT(told(found()),
              ElementsAre(HasSubstr("西城区 is retired since before"), HasSubstr("branch 1 of 东城区 was never sealed"),
                          HasSubstr("branch 1 of 西城区 was never sealed")));
  EXPECT_EQ(found().unsealed, 4);
  spoil(
      "INSERT INTO branches VALUES (2, 2, 0, '', ''); INSERT INTO heads(node, branch, seq, hash, heartbeat, received) "
      "SELECT node, 2, seq, hash, heartbeat, received FROM heads WHERE node = 2");
  ASSERT_TRUE(seal());
  EXPECT_THAT(told(found()), ElementsAre(HasSubstr("branch 2 of 西城区 is older than"), HasSubstr("is retired since")));
  EXPECT_EQ(found().unsealed, 0);
  ship(3);
  EXPECT_EQ(found().unsealed, 3);
  EXPECT_TRUE(found().wrong.empty());
}

TEST_F(OwnJournal, HasWhatWasSaidOfAWindowBeforeItIsAskedAndWhatCameOfIt) {
  const auto enter = [&](const approval_said& a) { ASSERT_TRUE(written(*db, [&] { return add_own(*db, a); })); };
  approval_said a{.at = now,
                  .order = "0123456789abcdef",
                  .node = "东城区",
                  .window = "W20260314-01",
                  .version = "fedcba9876543210",
                  .author = "李工",
                  .reason = "市里同意"};
  enter(a);
  EXPECT_EQ(
      encode(entries().back()).body,
      R"({"at":1773500000000,"answer":"asked","order":"0123456789abcdef","node":"东城区","window":"W20260314-01","version":"fedcba9876543210","approved":true,"author":"李工","reason":"市里同意","words":"","words_en":""})");
  a.answer = approval_answer::refused;
  a.words = {"须由另一人批准", "a second person must"};
  enter(a);
  ASSERT_TRUE(seal());
  EXPECT_TRUE(found().wrong.empty()) << found().wrong.en;
  a.window = "W20260314-02";
  enter(a);
  EXPECT_THAT(found().wrong.en, HasSubstr("entry 4 of the centre's own journal answers an approval that nobody asked"));
  ledger::shipped_entry odd = encode(a);
  odd.body.replace(odd.body.find("refused"), 7, "perhaps");
  EXPECT_FALSE(decode(odd)) << "an answer that there is not";
}

TEST_F(OwnJournal, TheLastSealAndTheHashesOfAllAreTold) {
  EXPECT_FALSE(found().last);
  const auto first = seal().value().value();
  const auto second = seal(sealed_when::at_once, now + std::chrono::hours{24}).value().value();
  EXPECT_THAT(found().hashes, testing::ElementsAre(first.hash, second.hash));
  EXPECT_EQ(found().last->number, 2);
  EXPECT_EQ(found().last->day, "2026-03-15");
  EXPECT_EQ(found().last->hash, second.hash);
}

TEST_F(OwnJournal, ASealThatSomebodyElseSignedIsBelievedByNobodyWhoNamesTheKey) {
  ASSERT_TRUE(seal());
  const std::string mine(ledger::bytes_of(key.half().fingerprint()));
  EXPECT_TRUE(found({mine}).wrong.empty());
  EXPECT_TRUE(found({mine.substr(0, 16)}).wrong.empty());
  key = ledger::signing_key::make(ledger::algorithm::ed25519).value();
  ASSERT_TRUE(seal());
  EXPECT_EQ(found().keys.size(), 2U) << "two machines may have a key each";
  EXPECT_THAT(found({mine}).wrong.en, HasSubstr("seal 2: signed with another key"));
}

TEST_F(OwnJournal, TablesOfTheSecondVersionGetIt) {
  ship(4);
  spoil(
      "DELETE FROM heads WHERE node = 0; DELETE FROM branches WHERE node = 0; DELETE FROM nodes WHERE node = 0; "
      "DROP TABLE journal_0, sheets, sheet_cells, sheet_outages, standing, standing_cells; DROP INDEX "
      "outages_by_ended; ALTER TABLE heads DROP "
      "clock_ahead, DROP clock_within; UPDATE lease SET version = 2");
  EXPECT_THAT(to_string(archive::open_to_read(where).error()), HasSubstr("an older version's"));
  books = archive::open(where, names).value();
  ASSERT_TRUE(seal());
  ship(4);
  EXPECT_TRUE(found().wrong.empty());
}

std::string some_text() { return *rc::gen::container<std::string>(rc::gen::inRange<char>(32, 127)); }
wall_t some_instant() { return wall_from_ms(*rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000)); }

own_entry any_entry() {
  switch (*rc::gen::inRange(0, 6)) {
    case 0:
      return branch_begun{some_instant(), some_text(), *rc::gen::inRange<std::int64_t>(1, 99), some_text(),
                          some_text()};
    case 1:
      return node_retired{some_instant(), some_text(), some_instant(), some_text(), some_text()};
    case 2:
      return ahead_explained{some_instant(), some_instant(), some_text(), some_text()};
    case 3: {
      heads_sealed s{.at = some_instant(),
                     .centre = some_text(),
                     .day = some_text(),
                     .zone = some_text(),
                     .own = {},
                     .heads = {},
                     .key = some_text(),
                     .signature = some_text()};
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
        s.heads.push_back(
            {some_text(), i, {.seq = i, .hash = {}}, i % 2 == 0 ? std::optional(some_instant()) : std::nullopt});
      return s;
    }
    case 4:
      return approval_said{some_instant(),
                           static_cast<approval_answer>(*rc::gen::inRange(0, 4)),
                           some_text(),
                           some_text(),
                           some_text(),
                           some_text(),
                           *rc::gen::arbitrary<bool>(),
                           some_text(),
                           some_text(),
                           {some_text(), some_text()}};
    default: {
      month_closed c{.at = some_instant(),
                     .month = some_text(),
                     .zone = some_text(),
                     .when = {some_instant(), some_instant()},
                     .author = some_text(),
                     .reason = some_text(),
                     .figures = {},
                     .nodes = {},
                     .changes = {}};
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
        c.figures.push_back({some_text(), some_text(), some_text(), some_text(), some_text(), {}});
        c.figures.back().sums.up = milliseconds{i}, c.figures.back().sums.outages = i;
        if (i % 2 == 0) c.figures.back().sums.scope = period{some_instant(), some_instant()};
        c.nodes.push_back({some_text(), i, i, i % 2 == 0 ? std::optional(some_instant()) : std::nullopt});
        c.changes.push_back({some_text(), "up_ms", i, i + 1});
      }
      return c;
    }
  }
}

RC_GTEST_PROP(OwnEntries, AreReadAsTheyWereWrittenAndAsNothingElse, ()) {
  const ledger::shipped_entry e = encode(any_entry());
  const auto read = decode(e);
  RC_ASSERT(read.has_value());
  RC_ASSERT(encode(*read) == e);
  ledger::shipped_entry other = e;
  other.body.insert(static_cast<std::size_t>(*rc::gen::inRange<std::size_t>(0, e.body.size())), " ");
  const auto changed = decode(other);
  if (changed) RC_ASSERT(encode(*changed) == other);  // a blank inside a text is another text
  other = e;
  other.at += milliseconds{1};
  RC_ASSERT(!decode(other).has_value());
  other = e;
  other.kind = "transition";
  RC_ASSERT(!decode(other).has_value());
}

}  // namespace
}  // namespace changtong::centre
