#include "daemon/books/books.h"

#include <gmock/gmock.h>

#include "daemon/books/formulas.h"
#include "tests/ledger/desk.h"

namespace changtong::books {
namespace {

using namespace ledger;

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

/** Two lines of one carrier, each down 100 s of 1000, V1's inside an approved window; V1 is renamed while it is down.
 */
struct Contracts : testing::Test {
  folder f;
  std::vector<dated_policy> policies;

  void write(const std::string& windows) {
    const policy_version policy{
        at(0), "Asia/Shanghai",
        R"({"zone":"Asia/Shanghai","contracts":[{"id":"dx","carrier":"电信","availability_target":[99,100],"windows":")" +
            windows + R"(","source":"合同"}]})",
        "x"};
    const auto w = opened(f);
    commit(*w, 500,
           {policy, line("V1", 0), line("V2", 0), up("V1", 0), up("V2", 0),
            window("W1", "V1", 10, 100, 250, "approved"), down("V1", 120, 119)});
    inventory_version renamed = line("V1", 0);
    renamed.at = at(150);
    renamed.json.replace(renamed.json.find("线路V1"), std::string("线路V1").size(), "龙河镇专线");
    commit(*w, 1000, {renamed, up_again("V1", 220, 219), down("V2", 400, 399), up_again("V2", 500, 499)});
    const auto read = read_policies(reading(f)->policies());
    ASSERT_TRUE(read) << read.error().text;
    policies = *read;
  }
  [[nodiscard]] group_books electric(availability::formula by) const {
    return books_by(*reading(f), {at(0), at(1000)}, at(1000), grouping::carrier, by, availability::default_step,
                    policies)
        .at(0);
  }
};

TEST_F(Contracts, R4JudgesALineAsItsContractTreatsWindows) {
  write("counted");
  const auto counted = electric(availability::formula::r4);
  EXPECT_EQ(counted.value.reached, 0) << "what happened in the window counts against V1";
  EXPECT_EQ(counted.row.sums.down, milliseconds{100'000}) << "the books are the same under every contract (rule 8)";
  EXPECT_EQ(counted.row.sums.excluded, milliseconds{150'000});
}

struct RemovingContracts : Contracts, testing::WithParamInterface<const char*> {};

TEST_P(RemovingContracts, LeaveWindowsOutOfR4) {
  write(GetParam());
  const auto v = electric(availability::formula::r4).value;
  EXPECT_EQ(v.reached, 1) << "V1 was down in its window only";
  EXPECT_EQ(v.counted, 2);
}
INSTANTIATE_TEST_SUITE_P(Treatments, RemovingContracts, testing::Values("removed", "shown"),
                         [](const auto& treatment) { return std::string(treatment.param); });

TEST_F(Contracts, AnOutageOverARenamingCountsOnceInItsGroup) {
  write("removed");
  const auto all = reading(f)->outages({at(0), at(1000)}, {}, 10);
  ASSERT_EQ(all.size(), 2U);
  for (const auto by : {availability::formula::r1, availability::formula::r2, availability::formula::r4})
    EXPECT_EQ(electric(by).row.sums.outages, 1) << "V2's; V1's lies in its window whole";
  EXPECT_EQ(books_by(*reading(f), {at(0), at(1000)}, at(1000), grouping::day, availability::formula::r2,
                     availability::default_step, policies)
                .at(0)
                .row.sums.outages,
            1);
}

TEST(Grouping, UnknownNameIsRefused) {
  EXPECT_EQ(*grouping_named("month"), grouping::month);
  EXPECT_FALSE(grouping_named("week"));
}

}  // namespace
}  // namespace changtong::books
