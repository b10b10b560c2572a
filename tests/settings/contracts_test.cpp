// Contracts are data: what they state reaches the journal's policy, what they do not state stays unsaid.
#include <gmock/gmock.h>

#include "tests/settings/world.h"

namespace changtong {
namespace {

using namespace fakes;
using testing::HasSubstr;
using testing::Not;

const std::string lines =
    "id,category,carrier,grade,address\nV1,village,电信,铜,192.0.2.7\nT1,township,电信,银,192.0.2.8\n";

TEST(Contracts, ReachTheSettingsWithEveryField) {
  const settings s = good(with(R"(contracts:
  - { id: dx, carrier: 电信, categories: [village], grades: [铜], lines: [V1], grade: AA, availability_target: 99.90,
      period: year, max_single_outage: 8h, response_limit: 30m, repair_limit: 4h, report_deadline: 120h,
      report_to: baozhang@example.cn,
      repair_clock: report, windows: shown, user_power: excluded, monthly_fee: 280.5, credit_cap: 100%,
      credit_bands: [ { below: 99.9, credit: "10%" }, { outage_longer_than: 4h, credit: 1 day } ],
      source: 合同〔2026〕12号, clause: 第六条, valid_from: 2026-01-01, valid_to: 2026-12-31 }
)",
                               lines))
                         .value;
  ASSERT_EQ(s.contracts.size(), 1U);
  const contract& c = s.contracts[0];
  EXPECT_EQ(c.availability_target, (share{999, 1000}));
  EXPECT_EQ(c.period, contract_period::year);
  EXPECT_EQ(c.repair_limit, milliseconds{4 * 3'600'000});
  EXPECT_EQ(c.report_to, "baozhang@example.cn");
  EXPECT_EQ(c.clock, repair_clock::report);
  EXPECT_EQ(c.windows, window_treatment::shown);
  EXPECT_EQ(c.user_power, power_treatment::excluded);
  EXPECT_EQ(c.monthly_fee, 28'050);
  ASSERT_EQ(c.credit_bands.size(), 2U);
  EXPECT_EQ(c.credit_bands[0].of_fee, (share{10, 100}));
  EXPECT_EQ(c.credit_bands[1].days, 1);
  EXPECT_EQ(s.zone.format(*c.valid_from), "2026-01-01T00:00:00.000+08:00");
  EXPECT_EQ(s.zone.format(*c.valid_to), "2027-01-01T00:00:00.000+08:00") << "the last day belongs to it";
  EXPECT_THAT(policy_json(s), HasSubstr(R"("contracts":[{"id":"dx","carrier":"电信","lines":["V1"],)"));
}

TEST(Contracts, WhatIsNotStatedHasNoDefault) {
  const settings s = good(with("contracts: [ { id: dx, carrier: 电信, source: 合同 } ]\n", lines)).value;
  const contract& c = s.contracts.at(0);
  EXPECT_FALSE(c.availability_target || c.repair_limit || c.monthly_fee || c.user_power || c.clock || c.credit_cap);
  EXPECT_EQ(c.windows, window_treatment::removed);
}

TEST(Contracts, AnAddressForTicketsWithoutAMailChannelIsWarnedOf) {
  const std::string contracts = "contracts: [ { id: dx, carrier: 电信, source: 合同, report_to: bz@example.cn } ]\n";
  const auto warned = [&](const std::string& more) {
    std::string all;
    for (const problem& p : good(with(contracts + more, lines)).warnings) all += p.text_en + "\n";
    return all;
  };
  EXPECT_THAT(warned(""), HasSubstr("has report_to, but alerts has no channel of kind mail"));
  EXPECT_THAT(
      warned("alerts: { channels: { post: { kind: mail, url: \"smtps://m.example\", from: a@b.cn, to: [c@b.cn] } "
             "} }\n"),
      Not(HasSubstr("report_to")));
}

TEST(Contracts, MayFollowEachOtherWithoutADayBetween) {
  good(
      with("contracts:\n  - { id: a, carrier: 电信, source: 合同, valid_to: 2026-06-30 }\n"
           "  - { id: b, carrier: 电信, source: 合同, valid_from: 2026-07-01 }\n",
           lines));
}

TEST(Contracts, TwoThatDivideTheLinesByGradeDoNotOverlap) {
  good(
      with("contracts:\n  - { id: a, carrier: 电信, source: 合同, grades: [铜] }\n"
           "  - { id: b, carrier: 电信, source: 合同, grades: [银, 金] }\n",
           lines));
}

TEST(Contracts, WithACarrierOfWhomThereIsNoLineIsAWarning) {
  const loaded l = good(with("contracts: [ { id: a, carrier: 广电, source: 合同 } ]\n", lines));
  ASSERT_EQ(l.warnings.size(), 1U);
  EXPECT_THAT(l.warnings[0].text_en, HasSubstr("of whom there is no line"));
}

TEST(Contracts, AChangedTermIsSaidByAReload) {
  const settings a =
      good(with("contracts: [ { id: a, carrier: 电信, source: 合同, repair_limit: 4h, repair_clock: report } ]\n",
                lines))
          .value;
  const settings b =
      good(with("contracts: [ { id: a, carrier: 电信, source: 合同, repair_limit: 8h, repair_clock: report } ]\n",
                lines))
          .value;
  ASSERT_EQ(compare(a, b).size(), 1U);
  EXPECT_EQ(compare(a, b)[0].subject, "contracts.a");
}

TEST(PolicyJson, NamesTheTimingsThatChecksReallyHaveOnce) {
  const std::string many =
      "id,category,address,checks\nV1,village,192.0.2.7,icmp:interval=2s\n"
      "V2,village,192.0.2.8,icmp:interval=2s\nT1,township,192.0.2.9,icmp\n";
  const std::string policy = policy_json(good(with("", many)).value);
  EXPECT_THAT(policy, HasSubstr(R"("classes":[{"category":"township","kind":"icmp","interval_ms":1000,)"));
  EXPECT_THAT(policy, HasSubstr(R"({"category":"village","kind":"icmp","interval_ms":2000,"timeout_ms":1000,)"
                                R"("fast_interval_ms":250,"down_after":3,"up_after":2}])"));
  EXPECT_THAT(policy, Not(HasSubstr("contracts")));
}

TEST(Report, WishesAreReadAndKept) {
  const settings s = good(with("report: { office: 区数据局, repeat_outages: 5 }\n")).value;
  EXPECT_EQ(s.report, (report_wishes{.office = "区数据局", .repeat_outages = 5}));
  EXPECT_THAT(policy_json(s), HasSubstr(R"("report":{"office":"区数据局","repeat_outages":5})"));
}

}  // namespace
}  // namespace changtong
