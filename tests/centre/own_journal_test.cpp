// The centre's own journal: what its people say, one chain whoever writes, and seals that find what was rewritten.
#include "daemon/centre/own_journal.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <thread>

#include "daemon/centre/archive.h"
#include "daemon/centre/folded_heads.h"
#include "daemon/centre/own_proof.h"
#include "tests/centre/own_world.h"

namespace changtong::centre {
namespace {

using namespace fakes;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct OwnJournal : own_world {};

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

}  // namespace
}  // namespace changtong::centre
