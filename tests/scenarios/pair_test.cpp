// What the other machine of an office brings, as the door takes it or does not.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <future>

#include "daemon/ledger/ledger_files.h"
#include "daemon/ledger/store.h"
#include "daemon/run/copy_check.h"
#include "daemon/run/peer_door.h"
#include "tests/ledger/desk.h"

namespace changtong {
namespace {

using namespace ledger::desk;

struct PeerDoor : testing::Test {
  folder ours, theirs;
  peer_tallies tallies;
  std::optional<std::uint64_t> free = std::uint64_t{1} << 40;
  std::unique_ptr<peer_door> door = made();
  std::unique_ptr<ledger::writer> own = opened(ours), other = opened(theirs);

  PeerDoor() {
    commit(*own, 10, {started{at(0), "0.7.0", "", 3, "甲机"}, up("L1", 1)});
    commit(*other, 10, {started{at(1), "0.7.0", "", 3, "乙机"}, up("L1", 1)});
  }
  std::unique_ptr<peer_door> made() {
    return std::make_unique<peer_door>(ours.ledger(), secret("of the pair"), tallies,
                                       [this](const std::string&) { return free; });
  }
  static web_request head(const std::string& token) {
    web_request r;
    r.method = "POST";
    r.path = peer_path;
    r.headers.emplace("authorization", "Bearer " + token);
    return r;
  }
  web_response ship(const std::string& body, const std::string& token = "of the pair") {
    web_request r = head(token);
    r.body = body;
    return door->route().answer(r);
  }
  static std::string all_of(const folder& f) {
    const auto book = ledger::journal::open(f.ledger()).value();
    ledger::shipment s{.after = 0, .hash = {}, .heartbeat = book->head().value().heartbeat, .entries = {}};
    (void)book->read(0, 1000, [&](const ledger::stored_entry& e) {
      s.entries.push_back(
          {.seq = e.seq, .at = e.at, .kind = std::string(e.kind), .body = std::string(e.body), .hash = {}});
      std::ranges::copy(e.hash, s.entries.back().hash.begin());
    });
    return text_of(s);
  }
  std::string copy = ledger::peer_file_of(ours.ledger());
};

TEST_F(PeerDoor, TakesTheOthersJournalAndSaysWhereItStands) {
  const auto answer = ship(all_of(theirs));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(ledger::read_shipment_answer(answer.body)->head.seq, 2);
  EXPECT_GT(tallies.received_ms.load(), 0);
  EXPECT_EQ(ledger::journal::open(copy).value()->head().value().seq, 2);
}

TEST_F(PeerDoor, WhoDoesNotShareTheTokenLeavesNoFile) {
  for (const std::string token : {"", "of the pai", "of the pair ", "OF THE PAIR"}) {
    const auto before_its_body = door->route().keeper(head(token));
    ASSERT_TRUE(before_its_body) << token;
    EXPECT_EQ(before_its_body->status, 401) << token;
    EXPECT_EQ(ship(all_of(theirs), token).status, 401) << token;
  }
  EXPECT_FALSE(door->route().keeper(head("of the pair"))) << "its body is waited for";
  EXPECT_FALSE(std::filesystem::exists(copy));
}

TEST_F(PeerDoor, OurOwnLedgerIsNobodysSecondBook) {
  const auto answer = ship(all_of(ours));
  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.body, testing::HasSubstr("peer.url"));
  EXPECT_FALSE(std::filesystem::exists(copy));
}

TEST_F(PeerDoor, TheLastOfTheDiskIsForOurOwnLedger) {
  free = peer_door::least_free - 1;
  const auto answer = ship(all_of(theirs));
  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.body, testing::HasSubstr("255 MB"));
  EXPECT_FALSE(std::filesystem::exists(copy));
  free = std::nullopt;  // where nobody can say, it is taken
  EXPECT_EQ(ship(all_of(theirs)).status, 200);
}

TEST_F(PeerDoor, AFileThatIsNoLedgerIsSaidAndTakenOnceItIsAway) {
  std::filesystem::create_directory(copy);
  EXPECT_EQ(ship(all_of(theirs)).status, 503);
  std::filesystem::remove(copy);
  EXPECT_EQ(ship(all_of(theirs)).status, 200);
}

struct DamagedCopy : PeerDoor {
  DamagedCopy() {
    EXPECT_EQ(ship(all_of(theirs)).status, 200);
    commit(*other, 20, {up("L2", 15)});
  }
  /** Nobody has it open while bytes of it are overwritten. */
  void damage(std::streamoff at, std::size_t length) {
    door.reset();
    std::fstream file(copy, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(at);
    file << std::string(length, '#');
    file.close();
    door = made();
  }
  [[nodiscard]] std::int64_t taken(const web_response& answer) const {
    EXPECT_EQ(answer.status, 200) << answer.body;
    return ledger::read_shipment_answer(answer.body)->head.seq;
  }
};

TEST_F(DamagedCopy, IsSetAsideAndBegunAnewFromTheFirstEntry) {
  damage(0, 4096);
  EXPECT_EQ(taken(ship(all_of(theirs))), 0) << "the other node goes on from its first entry";
  EXPECT_EQ(ledger::copies_set_aside(copy).size(), 1u);
  EXPECT_GT(tallies.begun_anew_ms.load(), 0);
  EXPECT_EQ(tallies.set_aside.load(), 1u);
  EXPECT_EQ(door->copies(), 1u) << "readers open the new one";
  EXPECT_EQ(taken(ship(all_of(theirs))), 3);
}

TEST_F(DamagedCopy, IsSetAsideOnceADay) {
  damage(0, 4096);
  (void)ship(all_of(theirs));
  (void)ship(all_of(theirs));
  damage(0, 4096);
  EXPECT_EQ(ship(all_of(theirs)).status, 503);
  EXPECT_EQ(ledger::copies_set_aside(copy).size(), 1u);
}

TEST_F(DamagedCopy, IsFoundByALookAtAllOfIt) {
  std::promise<std::string> told;
  door.reset();
  {
    ledger::store s(copy, ledger::store::mode::write);  // what is on the disk has changed, and SQLite does not know
    s.execute("DROP TRIGGER journal_is_append_only_update");
    s.execute("UPDATE journal SET body = replace(body, 'L1', 'L9') WHERE seq = 2");
  }
  door = made();
  const copy_check check(copy, [&](const phrase& what) {
    door->begin_anew_if_damaged(what);
    told.set_value(what.cn);
  });
  EXPECT_THAT(told.get_future().get(), testing::HasSubstr("第 2 条"));
  EXPECT_EQ(ledger::copies_set_aside(copy).size(), 1u);
  EXPECT_EQ(taken(ship(all_of(theirs))), 3) << "it takes all of it again";
}

TEST(CopyIsDamaged, SaysWhatCanBeGoneOnWith) {
  const folder f;
  EXPECT_FALSE(ledger::copy_is_damaged(f.ledger()).value()) << "there is none";
  commit(*opened(f), 10, {up("L1", 1)});
  EXPECT_FALSE(ledger::copy_is_damaged(f.ledger()).value());
  std::filesystem::resize_file(f.ledger(), 40'000);
  EXPECT_TRUE(ledger::copy_is_damaged(f.ledger()).value()) << "its end is gone";
}

}  // namespace
}  // namespace changtong
