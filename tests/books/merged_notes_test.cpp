// What was said of one node's outages, of those that two nodes have together.
#include "daemon/books/merged_notes.h"

#include <gmock/gmock.h>

#include "tests/ledger/desk.h"

namespace changtong::books {
namespace {

using namespace ledger;
using namespace desk;
using testing::ElementsAre;
using testing::IsEmpty;

/** Both together have L1 down from 1000 to 2000, where this node saw it twice, and L2 down, which it did not see. */
struct MergedNotes : testing::Test {
  folder both, here;
  std::unique_ptr<writer> merged = opened(both), own = opened(here);

  MergedNotes() {
    commit(*merged, 30'000,
           {line("L1", 0), line("L2", 0), up("L1", 0), up("L2", 0), down("L1", 1000, 999), down("L2", 5000, 4999),
            up_again("L1", 2000, 1999)});
    commit(*own, 30'000,
           {line("L1", 0), line("L2", 0), up("L1", 0), up("L2", 0), down("L1", 1000.4, 999.4),
            up_again("L1", 1200, 1199), down("L1", 1500, 1499), up_again("L1", 2000.4, 1999.4)});
  }
  static acknowledgement taken(const std::string& line, double began, double s, const std::string& who) {
    acknowledgement a;
    a.at = at(s), a.line = line, a.began = at(began), a.author = who;
    return a;
  }
  /** In order of time. */
  [[nodiscard]] std::vector<merged_listed> all() const {
    const auto of = reading(both);
    auto found = merged_noted(*of, *reading(here), of->outages({at(0), at(86'400)}, {}, 100));
    std::ranges::reverse(found);
    return found;
  }
};

TEST_F(MergedNotes, AnOutageHasTheIdsOfThoseHereThatLieOverItAndWhatWasSaidOfThem) {
  alert_record told;
  told.at = at(1003), told.alert = "A20260314-0001", told.began = at(1000.4), told.targets = "L1";
  commit(*own, 30'001, {told, taken("L1", 1000.4, 1100, "王工"), taken("L1", 1500, 1600, "李工")});
  const auto found = all();
  ASSERT_EQ(found.size(), 2u);
  EXPECT_THAT(found[0].own, ElementsAre("L1@2026-03-14T00:16:40.400+08:00", "L1@2026-03-14T00:25:00.000+08:00"));
  EXPECT_THAT(found[0].row.note.alerts, ElementsAre("A20260314-0001"));
  ASSERT_EQ(found[0].row.note.taken.size(), 2u);
  EXPECT_EQ(found[0].row.note.taken[0].author, "王工");
  EXPECT_EQ(found[0].row.note.taken[1].author, "李工");
  EXPECT_EQ(found[0].row.name, "线路L1");
}

TEST_F(MergedNotes, OfOneThatThisNodeDidNotSeeNothingCanBeAcknowledgedHere) {
  const auto found = all();
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[1].row.what.target, "L2");
  EXPECT_THAT(found[1].own, IsEmpty());
  EXPECT_TRUE(found[1].row.note.empty());
  EXPECT_EQ(found[1].row.scope_ended, wall_max);
}

TEST_F(MergedNotes, OfNoOutageNothingIsRead) {
  EXPECT_THAT(merged_noted(*reading(both), *reading(here), {}), IsEmpty());
}

}  // namespace
}  // namespace changtong::books
