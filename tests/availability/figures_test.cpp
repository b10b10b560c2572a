#include "daemon/availability/figures.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "daemon/availability/intervals.h"

namespace changtong::availability {
namespace {

wall_t at(std::int64_t s) { return wall_from_ms(s * 1000); }
milliseconds sec(std::int64_t s) { return milliseconds{s * 1000}; }
state_span up(std::int64_t from, std::int64_t to) { return {{at(from), at(to)}, line_state::up, cause::none}; }
state_span down(std::int64_t from, std::int64_t to) { return {{at(from), at(to)}, line_state::down, cause::timeout}; }
state_span unknown(std::int64_t from, std::int64_t to) {
  return {{at(from), at(to)}, line_state::unknown, cause::silent};
}

outage out(std::int64_t last_good, std::int64_t began, std::int64_t last_bad, std::int64_t ended) {
  outage o;
  o.began = at(began);
  o.began_edge = {at(last_good), at(began)};
  o.ended = at(ended);
  o.ended_edge = {at(last_bad), at(ended)};
  return o;
}

/** A day of one outage from 1000 to 1600 s. */
target_history plain_day() {
  target_history h;
  h.scope = {at(0), at(86400)};
  h.spans = {up(0, 1000), down(1000, 1600), up(1600, 86400)};
  h.outages = {out(990, 1000, 1590, 1600)};
  return h;
}
const period day{at(0), at(86400)};

TEST(Measure, EverySecondIsInExactlyOneClass) {
  const seconds s = measure(plain_day(), day);
  EXPECT_EQ(s.up, sec(85800));
  EXPECT_EQ(s.down, sec(600));
  EXPECT_EQ(s.excluded + s.unknown, sec(0));
  EXPECT_EQ(s.outages, 1);
}

TEST(Measure, P01_TimeNobodyObservedIsUnknownNeverUp) {
  target_history h = plain_day();
  h.spans = {up(0, 1000), down(1000, 1600), up(1600, 40000)};
  const seconds s = measure(h, day);
  EXPECT_EQ(s.unknown, sec(46400));
  EXPECT_EQ(s.up, sec(39400));
  EXPECT_EQ(s.down, sec(600));
  EXPECT_LT(*compute(s, false).coverage, 0.47);
}

TEST(Measure, P02_GapIsShownByBoundsAndCoverage) {
  target_history h = plain_day();
  h.spans = {up(0, 1000), down(1000, 1600), up(1600, 76400), unknown(76400, 86400)};
  const figures f = compute(measure(h, day), false);
  EXPECT_DOUBLE_EQ(*f.availability, 75800.0 / 76400);
  EXPECT_DOUBLE_EQ(*f.lower, 75800.0 / 86400);
  EXPECT_DOUBLE_EQ(*f.upper, 85800.0 / 86400);
  EXPECT_DOUBLE_EQ(*f.coverage, 76400.0 / 86400);
}

TEST(Measure, P04_UnconfirmedRunsAreCountedInScopeAlsoInsideAWindow) {
  target_history h = plain_day();
  h.scope = {at(100), at(86400)};
  h.excluded = {{at(200), at(300)}};
  h.unconfirmed = {at(50), at(250), at(400), at(86400)};
  const seconds s = measure(h, {at(0), at(90000)});
  EXPECT_EQ(s.unconfirmed, 2);
  EXPECT_EQ(s.down, sec(600));
}

TEST(Measure, UnconfirmedRunsBetweenTwoStretchesOfScopeAreNotCounted) {
  target_history h = plain_day();
  h.outside = {{at(2000), at(3000)}};
  h.unconfirmed = {at(1999), at(2000), at(2999), at(3000)};
  EXPECT_EQ(measure(h, day).unconfirmed, 2);
}

TEST(Measure, TheHullOfTheScopeBeginsAndEndsInsideIt) {
  target_history h = plain_day();
  h.outside = {{at(2000), at(3000)}};
  EXPECT_EQ(measure(h, {at(2500), at(4000)}).scope, (period{at(3000), at(4000)}));
  EXPECT_EQ(measure(h, {at(1500), at(2500)}).scope, (period{at(1500), at(2000)}));
  EXPECT_EQ(measure(h, {at(1500), at(4000)}).scope, (period{at(1500), at(4000)}));
  EXPECT_FALSE(measure(h, {at(2000), at(3000)}).scope);
}

TEST(Measure, P06_BeforeAcceptanceIsNotInThePeriod) {
  target_history h = plain_day();
  h.scope.from = at(1300);
  const seconds s = measure(h, day);
  EXPECT_EQ(s.down, sec(300));
  EXPECT_EQ(s.up, sec(84800));
  EXPECT_EQ(s.scope->from, at(1300));
}

TEST(Measure, P07_AfterNowIsNotInThePeriod) {
  target_history h = plain_day();
  h.scope.to = at(2000);
  const seconds s = measure(h, day);
  EXPECT_EQ(s.up + s.down, sec(2000));
  EXPECT_EQ(s.unknown, sec(0));
}

TEST(Measure, EmptyScopeHasNoSumsAndNoFigures) {
  target_history h = plain_day();
  h.scope = {at(100), at(100)};
  const seconds s = measure(h, day);
  EXPECT_FALSE(s.scope);
  EXPECT_EQ(s.outages, 0);
  const figures f = compute(s, false);
  EXPECT_FALSE(f.availability || f.lower || f.upper || f.coverage || f.mttr_s);
}

TEST(Measure, P08_ExcludedTimeLeavesNumeratorAndDenominator) {
  target_history h = plain_day();
  h.excluded = {{at(900), at(1700)}};
  const seconds s = measure(h, day);
  EXPECT_EQ(s.excluded, sec(800));
  EXPECT_EQ(s.down, sec(0));
  EXPECT_EQ(s.up, sec(85600));
  EXPECT_EQ(s.outages, 0) << "its down time after exclusion is empty";
  EXPECT_EQ(s.down_max, sec(0));
  EXPECT_EQ(*compute(s, false).availability, 1.0);
}

TEST(Measure, OverrunOfAWindowIsDown) {
  target_history h = plain_day();
  h.excluded = {{at(900), at(1500)}};
  const seconds s = measure(h, day);
  EXPECT_EQ(s.down, sec(100));
  EXPECT_EQ(s.outages, 1);
}

TEST(Measure, ExcludedGoesBeforeUnknown) {
  target_history h = plain_day();
  h.spans = {up(0, 1000)};
  h.excluded = {{at(2000), at(3000)}};
  EXPECT_EQ(measure(h, day).excluded, sec(1000));
  EXPECT_EQ(measure(h, day).unknown, sec(84400));
}

TEST(Measure, OutageOverMidnightCountsOnBothDays) {
  target_history h;
  h.scope = {at(0), at(2 * 86400)};
  h.spans = {up(0, 86000), down(86000, 87000), up(87000, 2 * 86400)};
  h.outages = {out(85990, 86000, 86990, 87000)};
  EXPECT_EQ(measure(h, day).outages, 1);
  EXPECT_EQ(measure(h, {at(86400), at(2 * 86400)}).outages, 1);
  EXPECT_EQ(measure(h, {at(0), at(2 * 86400)}).outages, 1);
}

TEST(Brackets, LeastMiddleAndGreatestComeFromBothEdges) {
  const seconds s = measure(plain_day(), day);
  EXPECT_EQ(s.down_min, sec(590));
  EXPECT_EQ(s.down_mid, sec(600));
  EXPECT_EQ(s.down_max, sec(610));
}

TEST(Brackets, WithoutAnythingGoodBeforeTheBeginningIsTheFirstBadSample) {
  target_history h = plain_day();
  h.outages[0].began_edge.after = wall_min;
  const seconds s = measure(h, day);
  EXPECT_EQ(s.down_min, sec(590));
  EXPECT_EQ(s.down_mid, sec(595));
  EXPECT_EQ(s.down_max, sec(600));
}

TEST(Brackets, HoleIsInNoneOfTheSums) {
  target_history h = plain_day();
  h.spans = {up(0, 1000), down(1000, 1100), unknown(1100, 1500), down(1500, 1600), up(1600, 86400)};
  h.outages[0].holes = {{at(1100), at(1500)}};
  const seconds s = measure(h, day);
  EXPECT_EQ(s.down, sec(200));
  EXPECT_EQ(s.down_min, sec(190));
  EXPECT_EQ(s.down_mid, sec(200));
  EXPECT_EQ(s.down_max, sec(210));
}

/** Down from 1000; nobody looked from 1500 to 1700, where it was good again (rule 9: it ended at 1500), nor from 900 to
 * 960, before its first bad sample. */
target_history unseen_edges() {
  target_history h;
  h.scope = {at(0), at(86400)};
  h.spans = {up(0, 900), unknown(900, 960), up(960, 1000), down(1000, 1500), unknown(1500, 1700), up(1700, 86400)};
  h.outages = {out(890, 1000, 1500, 1500)};
  h.outages[0].ended_edge = {at(1500), at(1700)};
  return h;
}

TEST(Brackets, TakeOnlyTimeThatTheBooksShowAsUpOrDown) {
  target_history h = unseen_edges();
  h.outages[0].rules = 2;
  const seconds s = measure(h, day);
  EXPECT_EQ(s.down, sec(500));
  EXPECT_EQ(s.down_min, sec(500)) << "[1000, 1500)";
  EXPECT_EQ(s.down_mid, sec(500 + 40)) << "[945, 1600) less [945, 960) and [1500, 1600)";
  EXPECT_EQ(s.down_max, sec(500 + 50)) << "[890, 1700) less the 60 s and the 200 s that nobody saw";
}

TEST(Brackets, OfAnOutageRecordedUnderTheFirstRulesStayAsTheyWere) {
  const seconds s = measure(unseen_edges(), day);
  EXPECT_EQ(s.down_min, sec(500));
  EXPECT_EQ(s.down_mid, sec(655)) << "[945, 1600)";
  EXPECT_EQ(s.down_max, sec(810)) << "[890, 1700)";
}

TEST(Brackets, OfOldAndNewOutagesEachGoByTheirOwnRules) {
  target_history h = unseen_edges();
  h.spans.back() = up(1700, 5000);
  h.spans.push_back(down(5000, 5100));
  h.spans.push_back(unknown(5100, 5200));
  h.spans.push_back(up(5200, 86400));
  h.outages.push_back(out(4990, 5000, 5100, 5100));
  h.outages[1].ended_edge = {at(5100), at(5200)};
  h.outages[1].rules = 2;
  EXPECT_EQ(measure(h, day).down_max, sec(810 + 110));
}

TEST(Brackets, AWindowAndUnknownTimeOverOneEdgeAreTakenOnce) {
  target_history h = unseen_edges();
  h.outages[0].rules = 2;
  h.excluded = {{at(1400), at(1600)}};
  EXPECT_EQ(measure(h, day).down_max, sec(450));
}

TEST(Brackets, OpenOutageEndsWhereItsKnownPartEnds) {
  target_history h = plain_day();
  h.spans = {up(0, 1000), down(1000, 5000)};
  h.outages[0].ended = wall_max;
  h.outages[0].holes = {{at(5000), wall_max}};
  const seconds s = measure(h, day);
  EXPECT_EQ(s.down, sec(4000));
  EXPECT_EQ(s.down_min, sec(4000));
  EXPECT_EQ(s.down_mid, sec(4005));
  EXPECT_EQ(s.down_max, sec(4010));
}

TEST(Measure, P12_EdgesAreClippedExactly) {
  const target_history h = plain_day();
  const seconds a = measure(h, {at(0), wall_from_ms(1'234'567)});
  const seconds b = measure(h, {wall_from_ms(1'234'567), at(86400)});
  EXPECT_EQ(a.down.count(), 234'567);
  EXPECT_EQ(a.down + b.down, sec(600));
}

TEST(Measure, P14_GroupIsTheRatioOfSumsAndSaysSo) {
  seconds one, other;
  one.up = sec(90), one.down = sec(10), one.outages = 1, one.scope = period{at(0), at(100)};
  other.up = sec(1000), other.outages = 0, other.scope = period{at(50), at(1050)};
  seconds both = one;
  both += other;
  const figures f = compute(both, true);
  EXPECT_DOUBLE_EQ(*f.availability, 1090.0 / 1100) << "not the mean of 0.9 and 1";
  EXPECT_EQ(f.formula, "R1 = ΣU/Σ(U+D)");
  EXPECT_EQ(compute(one, false).formula, "A = U/(U+D)");
  EXPECT_DOUBLE_EQ(*f.mttr_s, 10);
  EXPECT_EQ(*both.scope, (period{at(0), at(1050)}));
}

TEST(Printing, P18_TruncatesAndNeverRoundsUp) {
  EXPECT_EQ(truncated_percent(999'996, 1'000'000, 2), "99.99");
  EXPECT_EQ(truncated_percent(9'999'999'999, 10'000'000'000, 5), "99.99999");
  EXPECT_EQ(truncated_percent(1, 1, 5), "100.00000");
  EXPECT_EQ(truncated_percent(0, 7, 5), "0.00000");
  EXPECT_EQ(truncated_percent(1, 3, 0), "33");
  EXPECT_EQ(truncated_percent(0, 0, 5), "—");
  const std::int64_t province = 100'000LL * 366 * 86'400'000;
  EXPECT_EQ(truncated_percent(province - 1, province, 5), "99.99999");
}

TEST(Printing, HundredPercentOnlyWithoutDownAndWithoutUnknown) {
  seconds s;
  EXPECT_EQ(chinese_ratio(s), "—");
  s.up = sec(86400);
  EXPECT_EQ(chinese_ratio(s), "100 %");
  s.unknown = sec(3725);
  EXPECT_EQ(chinese_ratio(s), "未观测到中断（下限 95.86685 %，未观测 1:02:05）");
  s.down = sec(1);
  EXPECT_EQ(chinese_ratio(s), "99.99884 %");
  s = {};
  s.unknown = sec(60);
  EXPECT_EQ(chinese_ratio(s), "无观测（未观测 0:01:00）");
}

// ---- any history ---------------------------------------------------------------------------------------------------

/** Up, down and unknown in turn with random lengths; outages as rule 7 says, with random brackets; windows; a scope. */
target_history any_history() {
  target_history h;
  const auto length = rc::gen::inRange<std::int64_t>(1, 5000);
  std::int64_t t = 0;
  for (int i = 0, n = *rc::gen::inRange(1, 25); i < n; ++i) {
    const auto state = *rc::gen::element(line_state::up, line_state::down, line_state::unknown);
    const std::int64_t end = t + *length;
    if (!h.spans.empty() && h.spans.back().state == state)
      h.spans.back().when.to = wall_from_ms(end);
    else
      h.spans.push_back({{wall_from_ms(t), wall_from_ms(end)}, state, cause::none});
    t = end;
  }
  std::optional<outage> open;
  std::vector<period> pending;
  const auto close = [&] {
    if (!open) return;
    const auto edge = [&] { return milliseconds{*rc::gen::inRange<std::int64_t>(0, 400)}; };
    open->began_edge = {*rc::gen::inRange(0, 5) == 0 ? wall_min : open->began - edge(), open->began};
    open->ended_edge = {std::max(open->began, open->ended - edge()), open->ended + edge()};
    open->rules = *rc::gen::inRange(1, 3);
    h.outages.push_back(*open);
    open.reset();
    pending.clear();
  };
  for (const state_span& s : h.spans) {
    if (s.state == line_state::up) close();
    if (s.state == line_state::unknown && open) pending.push_back(s.when);
    if (s.state != line_state::down) continue;
    if (!open) open.emplace(), open->began = s.when.from;
    std::ranges::copy(pending, std::back_inserter(open->holes));
    pending.clear();
    open->ended = s.when.to;
  }
  close();
  for (int i = 0, n = *rc::gen::inRange(0, 5); i < n; ++i) {
    const auto from = *rc::gen::inRange<std::int64_t>(0, t);
    h.excluded.push_back({wall_from_ms(from), wall_from_ms(from + *length)});
  }
  for (int i = 0, n = *rc::gen::inRange(0, 5); i < n; ++i)
    h.unconfirmed.push_back(wall_from_ms(*rc::gen::inRange<std::int64_t>(0, t)));
  h.scope = {wall_from_ms(*rc::gen::inRange<std::int64_t>(-100, t)),
             wall_from_ms(*rc::gen::inRange<std::int64_t>(0, t + 3000))};
  return h;
}

period any_period() {
  const auto from = *rc::gen::inRange<std::int64_t>(-1000, 50'000);
  return {wall_from_ms(from), wall_from_ms(from + *rc::gen::inRange<std::int64_t>(0, 60'000))};
}

RC_GTEST_PROP(AnyHistory, SecondsAddUpToTheScope, ()) {
  const target_history h = any_history();
  const period p = any_period();
  const seconds s = measure(h, p);
  RC_ASSERT(s.up + s.down + s.excluded + s.unknown == intersect(p, h.scope).length());
  RC_ASSERT(s.up.count() >= 0 && s.down.count() >= 0 && s.excluded.count() >= 0 && s.unknown.count() >= 0);
}

RC_GTEST_PROP(AnyHistory, P13_LowerAndUpperBoundHoldTheFigureInside0And1, ()) {
  const figures f = compute(measure(any_history(), any_period()), false);
  if (!f.availability) return;
  RC_ASSERT(0 <= *f.lower && *f.lower <= *f.availability);
  RC_ASSERT(*f.availability <= *f.upper && *f.upper <= 1);
  RC_ASSERT(0 <= *f.coverage && *f.coverage <= 1);
}

RC_GTEST_PROP(AnyHistory, MeasuredDownTimeLiesBetweenLeastAndGreatest, ()) {
  const seconds s = measure(any_history(), any_period());
  RC_ASSERT(s.down_min <= s.down_mid && s.down_mid <= s.down_max);
  RC_ASSERT(s.down_min <= s.down && s.down <= s.down_max);
}

RC_GTEST_PROP(AnyHistory, UnderTheNewRulesTheBracketsTakeNothingOfUnknownTime, ()) {
  target_history h = any_history();
  for (outage& o : h.outages) o.rules = 2;
  const period p = any_period();
  const seconds s = measure(h, p);
  RC_ASSERT(s.down_min <= s.down && s.down <= s.down_max);
  RC_ASSERT(s.down_min <= s.down_mid && s.down_mid <= s.down_max);
  RC_ASSERT(s.down_max <= s.up + s.down);
  for (outage& o : h.outages) o.rules = 1;
  const seconds old = measure(h, p);
  RC_ASSERT(s.down_min <= old.down_min && s.down_mid <= old.down_mid && s.down_max <= old.down_max);
}

RC_GTEST_PROP(AnyHistory, P12_SplittingAPeriodNeverChangesASum, ()) {
  const target_history h = any_history();
  const period p = any_period();
  const wall_t cut = wall_from_ms(*rc::gen::inRange<std::int64_t>(ms_of(p.from), ms_of(p.to) + 1));
  const seconds whole = measure(h, p);
  seconds parts = measure(h, {p.from, cut});
  parts += measure(h, {cut, p.to});
  RC_ASSERT(parts.up == whole.up && parts.down == whole.down);
  RC_ASSERT(parts.excluded == whole.excluded && parts.unknown == whole.unknown);
  RC_ASSERT(parts.down_min == whole.down_min);
  RC_ASSERT(parts.down_mid == whole.down_mid);
  RC_ASSERT(parts.down_max == whole.down_max);
  RC_ASSERT(parts.unconfirmed == whole.unconfirmed);
  RC_ASSERT(parts.outages >= whole.outages);
  RC_ASSERT(parts.scope == whole.scope);
}

RC_GTEST_PROP(AnyHistory, OrderOfWindowsDoesNotMatter, ()) {
  target_history h = any_history();
  const period p = any_period();
  const seconds one = measure(h, p);
  std::ranges::reverse(h.excluded);
  const seconds other = measure(h, p);
  RC_ASSERT(one.up == other.up && one.down == other.down && one.excluded == other.excluded &&
            one.down_mid == other.down_mid);
}

RC_GTEST_PROP(Intervals, WhatIsLeftAndWhatWasTakenAddUp, ()) {
  const auto any = [] {
    std::vector<period> list;
    for (int i = 0, n = *rc::gen::inRange(0, 12); i < n; ++i) {
      const auto from = *rc::gen::inRange<std::int64_t>(0, 1000);
      list.push_back({wall_from_ms(from), wall_from_ms(from + *rc::gen::inRange<std::int64_t>(-5, 200))});
    }
    return list;
  };
  const std::vector<period> a = united(any()), b = united(any());
  const auto all = [&] {
    std::vector<period> both = a;
    both.insert(both.end(), b.begin(), b.end());
    return united(both);
  }();
  RC_ASSERT(total(without(a, b)) + total(b) == total(all));
  RC_ASSERT(without(a, a).empty());
}

}  // namespace
}  // namespace changtong::availability
