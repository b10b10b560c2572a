// A heartbeat before what the journal itself says of that time (last_word.h) is objected to, and no genuine one is.
#include <gmock/gmock.h>

#include "daemon/ledger/store.h"
#include "daemon/ledger/verify.h"
#include "tests/ledger/desk.h"

namespace changtong::ledger {
namespace {

using namespace desk;
using testing::HasSubstr;

TEST(Heartbeat, ClearlyBeforeATransitionOfTheJournalIsObjectedTo) {
  const folder f;
  const auto w = opened(f);
  commit(*w, 100, {started{at(0), "0.4.0", ""}, line("L1", 0), up("L1", 1), down("L1", 398, 397)});
  EXPECT_TRUE(prove(f.ledger(), {}, {})->ok) << "what waits for an answer may be five minutes behind";
  commit(*w, 100, {up_again("L1", 399.001, 398.5)});
  const auto p = prove(f.ledger(), {}, {});
  EXPECT_FALSE(p->ok);
  EXPECT_EQ(p->first_bad, 5);
  EXPECT_THAT(p->text, HasSubstr("心跳早于第 5 条"));
  commit(*w, 100, {gap{at(400), at(400), cause::clock_step, "clock stepped by -300.000 s"}});
  EXPECT_TRUE(prove(f.ledger(), {}, {})->ok) << "labels repeat after a backward step";
}

TEST(Heartbeat, BeforeACleanStopIsObjectedToToTheMillisecondAlsoAfterAStepOfTheClock) {
  const folder f;
  commit(*opened(f), 100, {started{at(0), "0.4.0", ""}, line("L1", 0), up("L1", 1)});
  ASSERT_TRUE(opened(f)->stop(at(200)));
  EXPECT_TRUE(prove(f.ledger(), {}, {})->ok);
  const auto moved_to = [&](double s) {
    std::filesystem::remove(f.ledger() + ".pub");  // nothing says that the row was signed
    store(f.ledger(), store::mode::write)
        .execute(fmt::format("UPDATE head SET signature = NULL, heartbeat = {}", ms_of(at(s))).c_str());
    return prove(f.ledger(), {}, {}).value();
  };
  EXPECT_TRUE(moved_to(200).ok);
  EXPECT_EQ(moved_to(199.999).first_bad, 4);
  EXPECT_THAT(moved_to(199.999).text, HasSubstr("heartbeats never go back"));
  moved_to(200);
  commit(*opened(f), 300, {gap{at(150), at(150), cause::clock_step, "clock stepped by -50.000 s"}});
  EXPECT_FALSE(moved_to(199).ok);
}

TEST(Heartbeat, BeforeThatOfACommitThatLabelledAGapOrACauseIsObjectedTo) {
  for (const record& r : {record(stopped_watching(50, 60)), record(cause_found{"L1", at(50), cause::own_line, ""})}) {
    const folder f;
    commit(*opened(f), 400, {started{at(0), "0.4.0", ""}, line("L1", 0), down("L1", 50, 49), r});
    EXPECT_TRUE(prove(f.ledger(), {}, {})->ok);
    store(f.ledger(), store::mode::write)
        .execute(fmt::format("UPDATE head SET signature = NULL, heartbeat = {}", ms_of(at(399.999))).c_str());
    EXPECT_EQ(prove(f.ledger(), {}, {})->first_bad, 4) << "four minutes behind no transition, but behind a label";
  }
}

}  // namespace
}  // namespace changtong::ledger
