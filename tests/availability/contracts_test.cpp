#include "daemon/availability/contracts.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace changtong::availability {
namespace {

constexpr std::int64_t day_s = 86'400, month_s = 31 * day_s;

wall_t at(std::int64_t s) { return wall_from_ms(s * 1000); }
const contract_bucket march{{at(0), at(month_s)}, 31};

/** A month of one line, up but for these outages. */
target_history month_with(std::vector<std::pair<std::int64_t, std::int64_t>> down,
                          period scope = {at(-day_s), at(2 * month_s)}) {
  target_history h;
  h.target = "V1";
  h.scope = scope;
  std::int64_t last = -day_s;
  for (const auto& [from, to] : down) {
    h.spans.push_back({{at(last), at(from)}, line_state::up});
    h.spans.push_back({{at(from), at(to)}, line_state::down, cause::timeout});
    outage o;
    o.target = "V1";
    o.began = at(from);
    o.confirmed = at(from + 2);
    o.ended = at(to);
    o.began_edge = {at(from - 1), at(from)};
    o.ended_edge = {at(to - 1), at(to)};
    h.outages.push_back(o);
    last = to;
  }
  h.spans.push_back({{at(last), at(2 * month_s)}, line_state::up});
  return h;
}

contract village() {
  contract c{.id = "dx", .carrier = "电信", .source = "合同"};
  c.availability_target = parse_percent("99.9");
  return c;
}

contract_result judged(const contract& c, const target_history& h, period part = march.when,
                       wall_t known_to = at(2 * month_s)) {
  return judge(c, h, march, {.measured = {part}}, known_to);
}

TEST(Judgement, IsMetExactlyAtTheTargetAndMissedAMillisecondBelow) {
  // 0.1 % of 31 days is 2678.4 s.
  target_history h = month_with({{1000, 3678}});
  h.spans[1].when.to = h.spans[2].when.from = h.outages[0].ended = wall_from_ms(3'678'400);
  EXPECT_EQ(judged(village(), h).target, judgement::met);
  h.spans[1].when.to = h.spans[2].when.from = h.outages[0].ended = wall_from_ms(3'678'401);
  EXPECT_EQ(judged(village(), h).target, judgement::missed);
}

TEST(Judgement, WithoutATargetIsNeverMet) {
  contract c = village();
  c.availability_target.reset();
  EXPECT_EQ(judged(c, month_with({})).target, judgement::no_target);
}

TEST(Judgement, IsProvenOnlyWhereTheLowerBoundReachesTheTargetToo) {
  target_history h = month_with({});
  EXPECT_TRUE(judged(village(), h).proven);
  h.spans[0].when.to = at(month_s - day_s);
  EXPECT_EQ(judged(village(), h).target, judgement::met);
  EXPECT_FALSE(judged(village(), h).proven) << "nobody looked for a day";
}

TEST(Judgement, OfALineThatNobodyObservedHasNoValue) {
  target_history h = month_with({});
  h.spans.clear();
  EXPECT_EQ(judged(village(), h).target, judgement::no_value);
}

TEST(Judgement, SpeaksOnlyOfTheTimeInWhichTheContractWasValidAndTheLineInScope) {
  contract c = village();
  c.valid_from = at(day_s);
  const auto r = judged(c, month_with({{1000, day_s}}, {at(0), at(10 * day_s)}));
  EXPECT_EQ(r.when, (period{at(day_s), at(10 * day_s)}));
  EXPECT_EQ(r.sums.down.count(), 0);
  EXPECT_EQ(r.target, judgement::met);
}

TEST(Judgement, OfAPartOfThePeriodIsThatPartsAndSaysSo) {
  contract c = village();
  c.valid_from = at(2 * day_s);
  const auto r = judged(c, month_with({{day_s, day_s + 10'800}}));
  EXPECT_EQ(r.target, judgement::met) << "three hours before it began are none of its own";
  EXPECT_EQ(r.only, (std::vector<period>{{at(2 * day_s), at(month_s)}}));
  EXPECT_TRUE(judged(village(), month_with({})).only.empty());
  const auto accepted = judged(village(), month_with({}, {at(day_s), at(2 * month_s)}));
  EXPECT_TRUE(accepted.only.empty()) << "all of the time in which there was a line";
}

TEST(Judgement, OfALineThatLeftTheContractAndCameBackIsOneFigure) {
  const std::vector<period> parts{{at(0), at(10 * day_s)}, {at(20 * day_s), at(month_s)}};
  const auto h = month_with({{1000, 2000}, {12 * day_s, 14 * day_s}, {21 * day_s, 21 * day_s + 500}});
  const auto r = judge(village(), h, march, {.measured = parts}, at(2 * month_s));
  EXPECT_EQ(r.sums.down, milliseconds{1'500'000});
  EXPECT_EQ(r.sums.up, milliseconds{(21 * day_s - 1500) * 1000});
  EXPECT_EQ(r.sums.outages, 2);
  EXPECT_EQ(r.only, parts);
  EXPECT_EQ(r.repairs.size(), 2U);
}

/** 0.1 % of 31 days is 2678.4 s. */
TEST(Budget, IsThatOfTheWholePeriodFromItsFirstDayOn) {
  const auto first_day = judged(village(), month_with({{1000, 1600}}, {at(-day_s), at(day_s)}), march.when, at(day_s));
  EXPECT_EQ(first_day.budget, milliseconds{2'678'400});
  EXPECT_EQ(first_day.target, judgement::missed) << "so far: 600 s of a day";
  EXPECT_LT(first_day.sums.down, *first_day.budget) << "and yet a part of the month's budget only";
  EXPECT_EQ(judged(village(), month_with({})).budget, milliseconds{2'678'400}) << "and the same when it is over";
}

TEST(Budget, OfAPeriodThatIsOverIsExceededExactlyWhereTheTargetWasMissed) {
  target_history h = month_with({{1000, 3678}});
  for (const std::int64_t end : {3'678'400, 3'678'401}) {
    h.spans[1].when.to = h.spans[2].when.from = h.outages[0].ended = wall_from_ms(end);
    const auto r = judged(village(), h);
    EXPECT_EQ(r.sums.down > *r.budget, r.target == judgement::missed);
  }
}

TEST(Budget, LeavesOutWhatTheContractDoesNotCoverWindowsAndTimeNobodyObserved) {
  contract c = village();
  c.valid_from = at(day_s);
  c.valid_to = at(11 * day_s);
  target_history h = month_with({}, {at(-day_s), at(5 * day_s)});
  EXPECT_EQ(judged(c, h, march.when, at(5 * day_s)).budget, milliseconds{864'000}) << "0.1 % of ten days";
  h.excluded = {{at(7 * day_s), at(9 * day_s)}};
  EXPECT_EQ(judged(c, h, march.when, at(5 * day_s)).budget, milliseconds{691'200}) << "two of them a window to come";
  h.spans[0].when.to = at(4 * day_s);
  EXPECT_EQ(judged(c, h, march.when, at(5 * day_s)).budget, milliseconds{604'800}) << "and one gone unseen";
}

TEST(Budget, OfAYearSpeaksOfTheYearNotOfTheMonthReported) {
  const contract_bucket year{{at(0), at(365 * day_s)}, 365};
  const contract_time q{.measured = {march.when}, .later = {{at(month_s), at(365 * day_s)}}};
  EXPECT_EQ(judge(village(), month_with({}), year, q, at(month_s)).budget, milliseconds{31'536'000});
  contract c = village();
  c.availability_target.reset();
  EXPECT_FALSE(judge(c, month_with({}), year, q, at(month_s)).budget);
}

TEST(Windows, AreRemovedCountedOrShownAsTheContractSays) {
  target_history h = month_with({{10'000, 20'000}});
  h.excluded = {{at(9000), at(19'000)}};
  contract c = village();
  EXPECT_EQ(judged(c, h).sums.down, milliseconds{1'000'000});
  EXPECT_EQ(judged(c, h).sums.excluded, milliseconds{10'000'000});
  EXPECT_FALSE(judged(c, h).with_windows);
  c.windows = window_treatment::counted;
  EXPECT_EQ(judged(c, h).sums.down, milliseconds{10'000'000});
  EXPECT_EQ(judged(c, h).sums.excluded.count(), 0);
  c.windows = window_treatment::shown;
  EXPECT_EQ(judged(c, h).sums.down, milliseconds{1'000'000});
  EXPECT_EQ(judged(c, h).with_windows->down, milliseconds{10'000'000});
}

TEST(UserPower, IsRemovedOnlyWhereTheContractExcludesIt) {
  target_history h = month_with({{10'000, 20'000}, {50'000, 51'000}});
  h.outages[0].found = cause::site_power;
  contract c = village();
  EXPECT_EQ(judged(c, h).sums.down, milliseconds{11'000'000}) << "not stated: it counts";
  c.user_power = power_treatment::counted;
  EXPECT_EQ(judged(c, h).sums.down, milliseconds{11'000'000});
  c.user_power = power_treatment::excluded;
  EXPECT_EQ(judged(c, h).sums.down, milliseconds{1'000'000});
  EXPECT_EQ(judged(c, h).power, milliseconds{10'000'000});
  EXPECT_EQ(judged(c, h).repairs.size(), 1U);
}

contract with_bands() {
  contract c = village();
  c.monthly_fee = 28'000;
  c.credit_bands = {{.below = parse_percent("99.9"), .outage_longer_than = {}, .of_fee = parse_percent("10")},
                    {.below = parse_percent("99"), .outage_longer_than = {}, .of_fee = parse_percent("30")},
                    {.below = {}, .outage_longer_than = milliseconds{4 * 3'600'000}, .of_fee = {}, .days = 1},
                    {.below = {}, .outage_longer_than = milliseconds{24 * 3'600'000}, .of_fee = {}, .days = 3}};
  return c;
}

TEST(Credits, ByAvailabilityTakeTheLowestBandAndNoneAtItsEdge) {
  EXPECT_EQ(judged(with_bands(), month_with({})).total, 0);
  EXPECT_EQ(judged(with_bands(), month_with({{1000, 1000 + 2678}})).total, 0) << "just above 99.9 %";
  EXPECT_EQ(judged(with_bands(), month_with({{1000, 1000 + 2679}})).total, 2800);
  // 1 % of the month is 26,784 s in two outages, each under four hours.
  EXPECT_EQ(judged(with_bands(), month_with({{1000, 14'392}, {100'000, 113'392}})).total, 2800) << "exactly 99 %";
  EXPECT_EQ(judged(with_bands(), month_with({{1000, 14'392}, {100'000, 113'393}})).total, 8400)
      << "30 %, not 10 and 30";
}

TEST(Credits, ByLengthTakeTheLongestBandOfEachOutageAndAddUp) {
  const std::int64_t four = 4 * 3600;
  EXPECT_EQ(judged(with_bands(), month_with({{1000, 1000 + four}})).total, 2800) << "not longer than four hours";
  EXPECT_EQ(judged(with_bands(), month_with({{1000, 1001 + four}})).total, 2800 + 903) << "280 yuan / 31 days";
  EXPECT_EQ(judged(with_bands(), month_with({{1000, 1001 + day_s}})).total, 8400 + 2710) << "three days: 27.096… yuan";
}

TEST(Credits, AreCappedAtTheContractsShareOfTheFee) {
  contract c = with_bands();
  c.credit_bands = {{.below = {}, .outage_longer_than = milliseconds{1000}, .of_fee = parse_percent("40")}};
  const auto h = month_with({{1000, 2000}, {3000, 4000}, {5000, 6000}});
  EXPECT_EQ(judged(c, h).total, 33'600) << "no cap stated, none taken";
  c.credit_cap = parse_percent("100");
  EXPECT_EQ(judged(c, h).total, 28'000);
}

TEST(Credits, WithoutAFeeTheBandIsNamedButNoMoney) {
  contract c = with_bands();
  c.monthly_fee.reset();
  const auto r = judged(c, month_with({{1000, 1000 + 2679}}));
  ASSERT_EQ(r.credits.size(), 1U);
  EXPECT_FALSE(r.credits[0].amount);
  EXPECT_FALSE(r.total);
}

TEST(Credits, OfAPeriodThatHasNotEndedAreNotDueYet) {
  const auto r = judged(with_bands(), month_with({{1000, 100'000}}), march.when, at(month_s - 1));
  EXPECT_FALSE(r.complete);
  EXPECT_EQ(r.target, judgement::missed) << "so far";
  EXPECT_TRUE(r.credits.empty());
  EXPECT_FALSE(r.total);
}

TEST(Credits, AreDueOnceThePeriodIsKnownToItsVeryEnd) {
  const auto r = judged(with_bands(), month_with({{1000, 100'000}}), march.when, at(month_s));
  EXPECT_TRUE(r.complete);
  EXPECT_FALSE(r.credits.empty());
}

TEST(Credits, AnOutageOverTheEndOfAMonthCountsOnceWhereItBegan) {
  const target_history h = month_with({{month_s - 7200, month_s + 7201}});
  contract c = with_bands();
  c.credit_bands = {{.below = {}, .outage_longer_than = milliseconds{4 * 3'600'000}, .of_fee = parse_percent("10")}};
  EXPECT_EQ(judged(c, h).total, 2800) << "two hours in March and two in April are one outage";
  const contract_bucket april{{at(month_s), at(month_s + 30 * day_s)}, 30};
  EXPECT_EQ(judge(c, h, april, {.measured = {april.when}}, at(3 * month_s)).total, 0);
}

TEST(Repairs, AreTimedFromDiscoveryToTheFirstGoodSample) {
  contract c = village();
  c.repair_limit = milliseconds{1'000'000};
  c.clock = repair_clock::discovery;
  const auto exactly = judged(c, month_with({{1000, 2002}}));
  ASSERT_EQ(exactly.repairs.size(), 1U);
  EXPECT_EQ(exactly.repairs[0].took, milliseconds{1'000'000}) << "confirmed two seconds after it began";
  EXPECT_EQ(exactly.repairs[0].judgement, repair_judgement::within);
  EXPECT_EQ(judged(c, month_with({{1000, 2003}})).repairs[0].judgement, repair_judgement::over);
}

TEST(Repairs, CountedFromAReportThatNobodyEnteredAreUndecidedWhereTheyMayBeTooLong) {
  contract c = village();
  c.repair_limit = milliseconds{1'000'000};
  c.clock = repair_clock::report;
  EXPECT_EQ(judged(c, month_with({{1000, 2000}})).repairs[0].judgement, repair_judgement::within)
      << "reported not before discovered";
  EXPECT_EQ(judged(c, month_with({{1000, 9000}})).repairs[0].judgement, repair_judgement::undecided);
}

TEST(Repairs, OfAnOutageInsideAWindowAreNotJudged) {
  contract c = village();
  c.repair_limit = milliseconds{1};
  c.clock = repair_clock::discovery;
  target_history h = month_with({{1000, 9000}});
  h.excluded = {{at(500), at(9000)}};
  EXPECT_TRUE(judged(c, h).repairs.empty());
}

TEST(Repairs, OfAnOpenOutageAreTimedAsFarAsIsKnown) {
  contract c = village();
  c.repair_limit = milliseconds{1'000'000};
  c.clock = repair_clock::discovery;
  c.max_single_outage = milliseconds{1'000'000};
  target_history h = month_with({{1000, month_s}});
  h.outages[0].ended = wall_max;
  h.outages[0].holes = {{at(5000), wall_max}};
  const auto r = judged(c, h, march.when, at(5000));
  EXPECT_EQ(r.repairs.at(0).took, milliseconds{3'998'000});
  EXPECT_EQ(r.repairs.at(0).down, milliseconds{4'000'000});
  EXPECT_EQ(r.repairs.at(0).judgement, repair_judgement::over);
  EXPECT_TRUE(r.repairs.at(0).too_long);
}

RC_GTEST_PROP(CreditsProperty, NeverFallWhenTheLineIsDownLonger, ()) {
  const auto length = *rc::gen::inRange<std::int64_t>(1, 20 * day_s);
  const auto more = *rc::gen::inRange<std::int64_t>(0, 9 * day_s);
  const contract c = with_bands();
  RC_ASSERT(judged(c, month_with({{1000, 1000 + length}})).total <=
            judged(c, month_with({{1000, 1000 + length + more}})).total);
}

}  // namespace
}  // namespace changtong::availability
