// What the proof of a centre's own journal finds: what was rewritten, cut, entered by nobody, or is known too far.
#include "daemon/centre/own_proof.h"

#include <gmock/gmock.h>

#include "tests/centre/own_world.h"

namespace changtong::centre {
namespace {

using namespace fakes;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct OwnProof : own_world {};

TEST_F(OwnProof, ANodesJournalThatWasRewrittenAtTheCentreIsFound) {
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

TEST_F(OwnProof, ANodesJournalThatWasCutOrTakenAwayIsFound) {
  ship(10);
  ASSERT_TRUE(seal());
  spoil("DELETE FROM journal WHERE node = 1 AND seq > 7");
  EXPECT_THAT(found().wrong.en, HasSubstr("entry 10"));
  spoil("UPDATE nodes SET name = '南城区' WHERE node = 1");
  EXPECT_THAT(found().wrong.en, HasSubstr("东城区 is not there any more"));
}

TEST_F(OwnProof, WhoeverRewritesItsOwnPastIsFound) {
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

TEST_F(OwnProof, WhatStandsInTheTablesAndNobodyEnteredIsFound) {
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

TEST_F(OwnProof, HowFarANodeIsKnownNeverGoesBack) {
  ship(5);
  ASSERT_TRUE(seal());
  spoil("UPDATE heads SET heartbeat = heartbeat - 1 WHERE node = 1");
  EXPECT_THAT(found().wrong.en, HasSubstr("seal 1: 东城区 branch 1 was known up to"));
  ASSERT_TRUE(seal());
  spoil("UPDATE heads SET heartbeat = heartbeat + 1 WHERE node = 1");
  EXPECT_THAT(found().wrong.en, HasSubstr("seal 2: 东城区 branch 1 was known up to")) << "it was less far then";
}

TEST_F(OwnProof, WhoeverIsKnownFartherThanAnybodyCanHaveSaidIsAskedAbout) {
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

TEST_F(OwnProof, WhatNoEntryAndNoSealSpeaksOfIsAskedAbout) {
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

TEST_F(OwnProof, TheLastSealAndTheHashesOfAllAreTold) {
  EXPECT_FALSE(found().last);
  const auto first = seal().value().value();
  const auto second = seal(sealed_when::at_once, now + std::chrono::hours{24}).value().value();
  EXPECT_THAT(found().hashes, testing::ElementsAre(first.hash, second.hash));
  EXPECT_EQ(found().last->number, 2);
  EXPECT_EQ(found().last->day, "2026-03-15");
  EXPECT_EQ(found().last->hash, second.hash);
}

TEST_F(OwnProof, ASealThatSomebodyElseSignedIsBelievedByNobodyWhoNamesTheKey) {
  ASSERT_TRUE(seal());
  const std::string mine(ledger::bytes_of(key.half().fingerprint()));
  EXPECT_TRUE(found({mine}).wrong.empty());
  EXPECT_TRUE(found({mine.substr(0, 16)}).wrong.empty());
  key = ledger::signing_key::make(ledger::algorithm::ed25519).value();
  ASSERT_TRUE(seal());
  EXPECT_EQ(found().keys.size(), 2U) << "two machines may have a key each";
  EXPECT_THAT(found({mine}).wrong.en, HasSubstr("seal 2: signed with another key"));
}

}  // namespace
}  // namespace changtong::centre
