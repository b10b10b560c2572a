// What is said to be durable outlives a power cut: commits, the key, the file of seals.
#include "tests/ledger/power_cut.h"

#include <gmock/gmock.h>

#include "daemon/host/plain_file.h"
#include "daemon/ledger/key.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/ledger/seal.h"
#include "daemon/ledger/verify.h"
#include "tests/ledger/desk.h"

namespace changtong::ledger {
namespace {

using namespace desk;

constexpr double day = 86'400;

struct PowerCut : testing::Test {
  folder before, after;
  power_cut cut{before.path};
};

TEST_F(PowerCut, EveryCommitThatReturnedIsThere) {
  const auto w = opened(before);
  commit(*w, 10, {line("L1", 0), up("L1", 1)});
  const auto last = w->commit(batch(3000, {down("L1", 2000, 1999)}));
  ASSERT_TRUE(last);
  cut.after_a_cut(after.path);
  const auto p = prove(after.ledger(), {}, {});
  ASSERT_TRUE(p) << to_string(p.error());
  EXPECT_TRUE(p->ok) << p->text;
  EXPECT_EQ(p->entries, *last);
  EXPECT_EQ(reading(after)->heartbeat(), at(3000));
}

TEST_F(PowerCut, TheKeyAndTheSealsBesideTheLedgerAreThereToo) {
  const auto w = opened(before);
  commit(*w, 10, {line("L1", 0), up("L1", 1)});
  for (int d = 1; d <= 2; ++d) {
    ledger_batch b = batch(d * day + 5);
    b.decided = at(d * day + 5);
    ASSERT_TRUE(w->commit(b));
  }
  cut.after_a_cut(after.path);
  const auto seals = host::read_plain_file(seals_file_of(after.ledger()), 1 << 20);
  ASSERT_TRUE(seals) << seals.error().text;
  EXPECT_EQ(lines_in(*seals).size(), 2U);
  const auto p = prove(after.ledger(), {}, {});
  ASSERT_TRUE(p) << to_string(p.error());
  EXPECT_TRUE(p->ok) << p->text;
  EXPECT_EQ(p->seals, 2);
  const auto again = opened(after);
  ASSERT_TRUE(again->commit(batch(3 * day + 3700)));
  EXPECT_EQ(prove(after.ledger(), {}, {})->keys.size(), 1U) << "the private key was not lost: nobody made another";
}

}  // namespace
}  // namespace changtong::ledger
