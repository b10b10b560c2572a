#include "daemon/books/policy.h"

#include <gmock/gmock.h>

#include "tests/ledger/desk.h"

namespace changtong::books {
namespace {

using namespace ledger;

using namespace desk;
using testing::ElementsAre;
using testing::HasSubstr;

contract full_contract() {
  contract c{.id = "dx", .carrier = "电信", .source = "合同〔2026〕12号"};
  c.lines = {"V1", "V2"};
  c.categories = {"village"};
  c.grades = {"铜"};
  c.grade = "AA";
  c.availability_target = parse_percent("99.95");
  c.period = contract_period::year;
  c.max_single_outage = milliseconds{1};
  c.response_limit = milliseconds{2};
  c.repair_limit = milliseconds{3};
  c.report_deadline = milliseconds{4};
  c.report_to = "baozhang@example.cn";
  c.clock = repair_clock::report;
  c.windows = window_treatment::shown;
  c.user_power = power_treatment::excluded;
  c.monthly_fee = 28'050;
  c.credit_bands = {{.below = parse_percent("99"), .outage_longer_than = {}, .of_fee = parse_percent("10")},
                    {.below = {}, .outage_longer_than = milliseconds{5}, .of_fee = {}, .days = 1}};
  c.credit_cap = parse_percent("100");
  c.clause = "第六条";
  c.valid_from = at(0);
  c.valid_to = at(86400);
  return c;
}

std::string policy_with(const std::vector<contract>& contracts) {
  std::string list;
  for (const contract& c : contracts) list += (list.empty() ? "" : ",") + to_json(c);
  return R"({"zone":"Asia/Shanghai","contracts":[)" + list + "]}";
}

TEST(ReadPolicy, GivesBackEveryFieldOfAContract) {
  const auto p = read_policy(policy_with({full_contract()}));
  ASSERT_TRUE(p) << p.error().text;
  EXPECT_THAT(p->contracts, ElementsAre(full_contract()));
}

TEST(ReadPolicy, TakesTheTimingsFromTheClassesAndOfAnOlderLedgerFromTheCategories) {
  const std::string timing =
      R"("interval_ms":2000,"timeout_ms":500,"fast_interval_ms":100,"down_after":4,"up_after":1)";
  const auto p = read_policy(R"({"classes":[{"category":"village","kind":"icmp",)" + timing + "}]}");
  ASSERT_TRUE(p);
  ASSERT_EQ(p->classes.size(), 1U);
  EXPECT_EQ(p->classes[0].kind, "icmp");
  EXPECT_EQ(p->classes[0].when, (changtong::timing{milliseconds{2000}, milliseconds{500}, milliseconds{100}, 4, 1}));
  const auto old =
      read_policy(R"({"categories":[{"id":"village","name":"村",)" + timing + R"(},{"id":"x","name":"y"}]})");
  ASSERT_TRUE(old);
  ASSERT_EQ(old->classes.size(), 1U);
  EXPECT_EQ(old->classes[0].category, "village");
}

TEST(ReadPolicy, RefusesWhatItCannotReadAndNamesIt) {
  for (const char* bad : {"", "[]", R"({"contracts":1})", R"({"contracts":[{"id":"a"}]})",
                          R"({"contracts":[{"id":"a","carrier":"b","source":"c","availability_target":[1000,999]}]})",
                          R"({"contracts":[{"id":"a","carrier":"b","source":"c","windows":"ignored"}]})",
                          R"({"contracts":[{"id":"a","carrier":"b","source":"c","credit_bands":[{"days":1}]}]})"})
    EXPECT_FALSE(read_policy(bad)) << bad;
  EXPECT_THAT(read_policy(R"({"contracts":[{"id":"a","carrier":"b","source":"c","windows":"ignored"}]})").error().text,
              HasSubstr("windows"));
}

dated_policy version(double made, std::vector<contract> contracts) {
  dated_policy v{.at = at(made), .what = {}};
  v.what.contracts = std::move(contracts);
  return v;
}
contract plain(std::string id, const char* target) {
  contract c{.id = std::move(id), .carrier = "电信", .source = "合同"};
  c.availability_target = parse_percent(target);
  return c;
}
const contract_subject village{"V1", "电信", "village", "铜"};

/** `id target [from,to)` of each, in seconds, with `late` where the journal learnt of it later. */
std::string found(const std::vector<dated_policy>& versions, double from, double to, double end = -1,
                  const contract_subject& line = village) {
  std::string out;
  for (const contract_in_force& c : contracts_for(versions, line, {at(from), at(to)}, at(end < 0 ? to : end)))
    out += fmt::format("{}{} {} [{},{}){}", out.empty() ? "" : "; ", c.what->id,
                       percent_text(*c.what->availability_target), (c.when.from - at(0)).count() / 1000,
                       (c.when.to - at(0)).count() / 1000, c.recorded_late ? " late" : "");
  return out;
}
contract valid(contract c, std::optional<double> from, std::optional<double> to) {
  if (from) c.valid_from = at(*from);
  if (to) c.valid_to = at(*to);
  return c;
}

TEST(ContractsFor, TakesTheVersionThatStoodAtTheEndOfThePeriod) {
  const std::vector<dated_policy> versions{version(0, {plain("a", "99")}), version(100, {plain("a", "99.9")})};
  EXPECT_EQ(found(versions, 0, 50), "a 99 [0,50)");
  EXPECT_EQ(found(versions, 50, 150), "a 99.9 [50,150)");
  EXPECT_EQ(found(versions, 50, 80, 150), "a 99.9 [50,80)") << "a part of a contract period goes by the period's end";
}

TEST(ContractsFor, P15_ATermChangedLaterDoesNotRewriteAnEarlierPeriod) {
  const std::vector<dated_policy> versions{version(0, {plain("a", "99.9")}), version(1000, {plain("a", "90")})};
  EXPECT_EQ(found(versions, 0, 900), "a 99.9 [0,900)");
}

TEST(ContractsFor, OneEnteredLateCountsAndIsMarked) {
  const std::vector<dated_policy> versions{version(0, {}), version(1000, {plain("a", "99.9")})};
  EXPECT_EQ(found(versions, 0, 900), "a 99.9 [0,900) late");
  EXPECT_EQ(found(versions, 0, 2000), "a 99.9 [0,2000)");
  EXPECT_EQ(contracts_for(versions, village, {at(0), at(900)}, at(900)).at(0).recorded_late, at(1000));
}

TEST(ContractsFor, ValidityAndLineDecide) {
  const std::vector<dated_policy> versions{version(0, {valid(plain("a", "99"), {}, 100)})};
  EXPECT_EQ(found(versions, 0, 200), "a 99 [0,100)");
  EXPECT_EQ(found(versions, 100, 200), "");
  EXPECT_EQ(found(versions, 0, 50, 50, {"M1", "移动", "village", ""}), "");
  EXPECT_EQ(found({}, 0, 50), "");
}

TEST(ContractsFor, OneAfterAnotherEachHasItsOwnTime) {
  const std::vector<dated_policy> both{
      version(0, {valid(plain("b", "99.9"), 60, {}), valid(plain("a", "99"), 10, 40)})};
  EXPECT_EQ(found(both, 0, 100), "a 99 [10,40); b 99.9 [60,100)");
}

TEST(ContractsFor, OneThatEndedIsNotForgottenWhenTheSettingsDropIt) {
  const std::vector<dated_policy> versions{version(0, {valid(plain("a", "99"), {}, 40)}),
                                           version(50, {valid(plain("b", "99.9"), 40, {})})};
  EXPECT_EQ(found(versions, 0, 100), "a 99 [0,40); b 99.9 [40,100)");
}

TEST(ContractsFor, WhatTheDecidingVersionEndedOrNarrowedStaysSo) {
  const std::vector<dated_policy> narrowed{
      version(0, {plain("a", "99")}), version(50, {valid(plain("a", "99"), 60, 70)}), version(200, {plain("a", "90")})};
  EXPECT_EQ(found(narrowed, 0, 100), "a 99 [60,70)");
  EXPECT_EQ(found({version(0, {plain("a", "99")}), version(50, {})}, 0, 100), "") << "withdrawn";
}

TEST(ReadPolicies, ComeFromTheJournalInItsOrder) {
  const folder f;
  const auto w = opened(f);
  commit(*w, 1000,
         {policy_version{at(0), "Asia/Shanghai", policy_with({plain("a", "99")}), "x"},
          policy_version{at(900), "Asia/Shanghai", policy_with({plain("a", "99.9")}), "x"}});
  const auto all = read_policies(reading(f)->policies());
  ASSERT_TRUE(all) << all.error().text;
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ(all->at(1).at, at(900));
  EXPECT_EQ(all->at(1).what.contracts.at(0).availability_target, parse_percent("99.9"));
}

TEST(ReadPolicies, OneThatCannotBeReadIsAProblemNotAnEmptyPolicy) {
  EXPECT_FALSE(read_policies({{at(0), "Asia/Shanghai", R"({"contracts":[{}]})", "x"}}));
  EXPECT_TRUE(read_policies({{at(0), "Asia/Shanghai", "", "x"}})) << "an empty one has no contracts";
}

}  // namespace
}  // namespace changtong::books
