#include "daemon/ledger/books.h"

#include <gmock/gmock.h>

#include "tests/ledger/desk.h"

namespace changtong::ledger {
namespace {

using namespace desk;
using testing::ElementsAre;

struct Books : testing::Test {
  folder f;

  void SetUp() override {
    inventory_version site{at(0), "portal",
                           R"({"id":"portal","kind":"site","name":"门户网站","accepted":1773417600000})", "test"};
    inventory_version health{at(0), "H1",
                             R"({"id":"H1","category":"health","carrier":"移动","accepted":1773417600000})", "test"};
    inventory_version anchor{at(0), "anchor-1", R"({"id":"anchor-1","kind":"anchor"})", "test"};
    const policy_version policy{
        at(0), "Asia/Shanghai",
        R"({"zone":"Asia/Shanghai","categories":[{"id":"village","name":"村/社区"},{"id":"health","name":"卫生"}]})",
        "x"};
    const auto w = opened(f);
    commit(*w, 3 * 86400,
           {policy, line("V2", 0), line("V1", 0), site, health, anchor, up("V1", 0), up("V2", 0), up("portal", 0),
            up("H1", 0), down("V1", 86000, 85999), up_again("V1", 87000, 86999)});
  }
  [[nodiscard]] std::vector<availability::availability_row> rows(grouping by, double from = 0,
                                                                 double to = 2 * 86400) const {
    return books(*reading(f), {at(from), at(to)}, at(3 * 86400), by);
  }
  template <class Rows>
  static std::vector<std::string> keys(const Rows& rows) {
    std::vector<std::string> all;
    for (const auto& r : rows) all.push_back(r.key);
    return all;
  }
};

TEST_F(Books, ByLineHasEveryLineAndSiteInOrderOfId) {
  const auto all = rows(grouping::line);
  EXPECT_THAT(keys(all), ElementsAre("H1", "V1", "V2", "portal"));
  EXPECT_EQ(all[1].title, "线路V1");
  EXPECT_EQ(all[1].values.formula, "A = U/(U+D)");
  EXPECT_EQ(all[1].sums.down, milliseconds{1'000'000});
}

TEST_F(Books, ByCategorySitesAreWebsiteAndNamesAreChinese) {
  const auto all = rows(grouping::category);
  EXPECT_THAT(keys(all), ElementsAre("village", "health", "website"));
  EXPECT_EQ(all[0].title, "村/社区");
  EXPECT_EQ(all[0].values.formula, "R1 = ΣU/Σ(U+D)");
  EXPECT_DOUBLE_EQ(*all[0].values.availability, (4.0 * 86400 - 1000) / (4.0 * 86400));
}

TEST_F(Books, ByCarrierAndTownLeaveSitesOutAndShowWhatIsNotFilledIn) {
  EXPECT_THAT(keys(rows(grouping::carrier)), ElementsAre("电信", "移动"));
  const auto towns = rows(grouping::town);
  EXPECT_THAT(keys(towns), ElementsAre("", "城南镇"));
  EXPECT_EQ(towns[0].title, "（未填写）");
}

TEST_F(Books, P11_DaysAreThoseOfTheZone) {
  const auto days = rows(grouping::day);
  EXPECT_THAT(keys(days), ElementsAre("2026-03-14", "2026-03-15"));
  EXPECT_EQ(days[0].sums.down, milliseconds{400'000});
  EXPECT_EQ(days[1].sums.down, milliseconds{600'000});
  EXPECT_EQ(days[0].sums.outages, 1);
  EXPECT_EQ(days[1].sums.outages, 1) << "one over midnight counts on both days";
  EXPECT_EQ(days[0].sums.up + days[0].sums.down, milliseconds{4 * 86'400'000LL});
}

TEST_F(Books, ByMonthSumsToTheSameAsByDay) {
  const auto months = rows(grouping::month);
  EXPECT_THAT(keys(months), ElementsAre("2026-03"));
  EXPECT_EQ(months[0].sums.down, milliseconds{1'000'000});
}

TEST_F(Books, PeriodBeforeTheScopeHasNoRow) {
  EXPECT_TRUE(rows(grouping::line, -1000, 0).empty());
  EXPECT_TRUE(rows(grouping::day, -1000, 0).empty());
  EXPECT_TRUE(rows(grouping::day, 4 * 86400, 5 * 86400).empty()) << "nor has the future";
}

TEST(Grouping, UnknownNameIsRefused) {
  EXPECT_EQ(*grouping_named("month"), grouping::month);
  EXPECT_FALSE(grouping_named("week"));
}

}  // namespace
}  // namespace changtong::ledger
