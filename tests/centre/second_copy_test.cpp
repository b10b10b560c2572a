// What a centre has of a node, as a ledger that every command reads; and what its verification finds.
#include "daemon/centre/second_copy.h"

#include <gmock/gmock.h>

#include <thread>

#include "daemon/centre/archives.h"
#include "daemon/ledger/reader.h"
#include "tests/centre/postgres.h"
#include "tests/centre/shipped.h"
#include "tests/ledger/desk.h"

namespace changtong::centre {
namespace {

using namespace fakes;
using testing::HasSubstr;

constexpr wall_t now = wall_from_ms(1'773'500'000'000);
bool go_on(std::int64_t /*done*/, std::int64_t /*all*/) { return true; }

struct SecondCopy : testing::Test {
  database_place where = server().empty();
  archives all{where, {"东城区"}};
  ledger::desk::folder own, out;
  std::string file = (out.path / "copy.db").string();

  SecondCopy() {
    using namespace ledger::desk;
    const auto w = opened(own);
    commit(*w, 10, {started{at(0), "0.7.0", "", 3, "东城区"}, up("L1", 1)});
    commit(*w, 20, {down("L1", 12, 11)});
    commit(*w, 30, {up_again("L1", 25, 24)});
  }
  void ship() {
    const auto done = all.with([&](archive& a) { return a.take("东城区", all_of(own.ledger()), now); });
    ASSERT_TRUE(done) << to_string(done.error());
  }
  node_head head() {
    return all.with([](archive& a) { return a.heads(); }).value().front();
  }
  chain_found verified() {
    return all.with([&](archive& a) { return verify(a, head(), go_on); }).value();
  }
  void spoil(const std::string& statement) {
    const auto db = database::open(where);
    const auto done = (*db)->ask(statement);
    ASSERT_TRUE(done) << to_string(done.error());
  }
};

TEST_F(SecondCopy, IsALedgerThatSaysWhatTheNodesOwnSays) {
  ship();
  const auto n = all.with([&](archive& a) { return copy_out(a, head(), file, go_on); });
  ASSERT_TRUE(n) << to_string(n.error());
  EXPECT_EQ(all_of(file), all_of(own.ledger()));
  EXPECT_EQ(*n, head().head.seq);
  const auto ours = ledger::reader::open(own.ledger()).value(), theirs = ledger::reader::open(file).value();
  EXPECT_EQ(ours->zone().name(), theirs->zone().name());
}

TEST_F(SecondCopy, EveryEntryIsVerifiedAndTheFirstThatIsWrongIsNamed) {
  ship();
  const std::int64_t entries = head().head.seq;
  EXPECT_EQ(verified().entries, entries);
  EXPECT_EQ(verified().bad, 0);
  spoil("UPDATE journal SET body = body || ' ' WHERE seq = 2");
  EXPECT_EQ(verified().bad, 2);
  const auto refused = all.with([&](archive& a) { return copy_out(a, head(), file, go_on); });
  ASSERT_FALSE(refused);
  EXPECT_THAT(to_string(refused.error()), HasSubstr("entry 2 does not chain"));
  spoil("DELETE FROM journal WHERE seq >= 2");
  EXPECT_EQ(verified().bad, 2);
}

TEST_F(SecondCopy, AHeadThatSaysAnotherHashThanTheLastEntryIsFound) {
  ship();
  spoil("UPDATE heads SET hash = decode(repeat('00', 32), 'hex')");
  EXPECT_EQ(verified().bad, head().head.seq + 1);
}

TEST_F(SecondCopy, EndsWhenItIsToldTo) {
  ship();
  const auto ended = all.with([&](archive& a) { return verify(a, head(), [](auto, auto) { return false; }); });
  EXPECT_FALSE(ended);
}

TEST_F(SecondCopy, AConversationThatIsOverIsOpenedAnew) {
  ship();
  server().kill();
  EXPECT_FALSE(all.with([](archive& a) { return a.heads(); }));
  server().start();
  const auto answers = [&] { return bool(all.with([](archive& a) { return a.heads(); })); };
  bool answered = answers();
  for (int i = 0; i < 100 && !answered; ++i) {
    std::this_thread::sleep_for(milliseconds{50});  // after a failure to open one nobody tries for a second
    answered = answers();
  }
  EXPECT_TRUE(answered);
}

}  // namespace
}  // namespace changtong::centre
