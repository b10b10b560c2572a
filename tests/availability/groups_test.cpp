#include "daemon/availability/groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace changtong::availability {
namespace {

using testing::ElementsAre;

wall_t at(std::int64_t s) { return wall_from_ms(s * 1000); }
member line(std::string id, std::int64_t up, std::int64_t down, std::int64_t unknown = 0,
            std::optional<share> target = {}) {
  member m{.id = std::move(id), .sums = {}};
  m.sums.up = milliseconds{up};
  m.sums.down = milliseconds{down};
  m.sums.unknown = milliseconds{unknown};
  if (target) m.agreed.push_back({m.sums, *target});
  return m;
}
const share ninety_nine_nine = *parse_percent("99.9");

TEST(Groups, P14_FourNumbersOfOneGroupDifferAndEachNamesItsFormula) {
  // A long line with little down time and a short one with much.
  const std::vector<member> lines{line("a", 999'000, 1000, 0, ninety_nine_nine),
                                  line("b", 5000, 5000, 0, ninety_nine_nine)};
  const auto pooled = r1(lines), averaged = r2(lines), meeting = r4(lines);
  EXPECT_DOUBLE_EQ(pooled.value->value(), 1004.0 / 1010);
  EXPECT_DOUBLE_EQ(averaged.value->value(), (0.999 + 0.5) / 2);
  EXPECT_DOUBLE_EQ(meeting.value->value(), 0.5);
  EXPECT_EQ(text_of(pooled.by), "R1 = ΣU/Σ(U+D)");
  EXPECT_EQ(text_of(averaged.by), "R2 = (1/N)·ΣA_i");
  EXPECT_EQ(text_of(meeting.by), "R4 = |A_i ≥ target_i|/N");
}

TEST(Groups, R2LeavesOutAndListsLinesOfWhichNothingWasMeasured) {
  const auto v = r2({line("a", 900, 100), line("dark", 0, 0, 1000)});
  EXPECT_DOUBLE_EQ(v.value->value(), 0.9);
  EXPECT_EQ(v.counted, 1);
  EXPECT_THAT(v.without_value, ElementsAre("dark"));
  EXPECT_DOUBLE_EQ(v.lower->value(), 0.45);
  EXPECT_DOUBLE_EQ(v.upper->value(), 0.95);
}

TEST(Groups, E23_R4ComparesByIntegersExactlyAtTheTarget) {
  // 999 of 1000 is 99.9 % exactly; one millisecond in a year less is not.
  const auto exactly = r4({line("a", 999'000'000, 1'000'000, 0, ninety_nine_nine)});
  EXPECT_EQ(exactly.reached, 1);
  const auto under = r4({line("a", 31'504'463'999, 31'536'001, 0, ninety_nine_nine)});
  EXPECT_EQ(under.reached, 0);
  EXPECT_EQ(r4({line("a", 1000, 0, 0, parse_percent("100"))}).reached, 1);
  EXPECT_EQ(r4({line("a", 31'535'999'999, 1, 0, parse_percent("100"))}).reached, 0);
}

TEST(Groups, R4LinesWithoutATargetAreListedNotCounted) {
  const auto v =
      r4({line("a", 1000, 0, 0, ninety_nine_nine), line("free", 1, 999), line("dark", 0, 0, 5, ninety_nine_nine)});
  EXPECT_EQ(v.counted, 1);
  EXPECT_DOUBLE_EQ(v.value->value(), 1);
  EXPECT_THAT(v.without_target, ElementsAre("free"));
  EXPECT_THAT(v.without_value, ElementsAre("dark"));
  EXPECT_DOUBLE_EQ(v.lower->value(), 0.5) << "the unobserved line may have missed its target";
  EXPECT_FALSE(r4({line("free", 1, 999)}).value) << "no target is never met";
}

TEST(Groups, R4ALineWithSeveralContractPeriodsReachesItsTargetIfItDoesSoInEach) {
  member m = line("a", 1000, 0, 0, ninety_nine_nine);
  m.agreed.push_back(line("", 998, 2, 0, ninety_nine_nine).agreed[0]);
  EXPECT_EQ(r4({m}).reached, 0) << "the month missed is not made good by the others";
  m.agreed[1].target = *parse_percent("99");
  EXPECT_EQ(r4({m}).reached, 1) << "each against its own target";
  m.agreed.push_back(line("", 0, 0, 500, ninety_nine_nine).agreed[0]);
  EXPECT_EQ(r4({m}).reached, 1) << "a period of which nothing was seen does not speak";
  EXPECT_EQ(r4({m}).lower->units, 0);
}

TEST(Groups, R2IsExactToTheLastPrintedDigit) {
  const auto half = r2({line("a", 1, 2), line("b", 2, 1)});
  EXPECT_EQ(half.value->units, part::one / 2) << "1/3 and 2/3, not 0.333… and 0.666…";
  EXPECT_EQ(chinese_part(half), "50.00000 %");
  std::vector<member> sevenths;
  for (int i = 0; i < 7; ++i) sevenths.push_back(line("l", i, 7 - i));
  EXPECT_EQ(chinese_part(r2(sevenths)), "42.85714 %") << "3/7";
  EXPECT_EQ(r2({line("a", 999'999, 1), line("b", 1, 0)}).value->units, 999'999'500'000'000);
}

TEST(Snapshots, R3IsExactToTheLastPrintedDigit) {
  snapshots all({at(0), at(900)}, milliseconds{300'000});  // 1/3, 2/3 and 1/2 up
  const auto part_up = [](std::initializer_list<int> ups) {
    target_history h;
    h.scope = {at(0), at(900)};
    int k = 0;
    for (const int up : ups) {
      if (up >= 0) h.spans.push_back({{at(k * 300), at(k * 300 + 300)}, up > 0 ? line_state::up : line_state::down});
      ++k;
    }
    return h;
  };
  all.add(part_up({1, 1, 1}));
  all.add(part_up({0, 1, 0}));
  all.add(part_up({0, 0, -1}));
  EXPECT_EQ(all.value().value->units, part::one / 2);
}

TEST(Groups, NobodyObservedHasNoValue) {
  EXPECT_FALSE(r1({}).value);
  EXPECT_FALSE(r2({}).value);
  EXPECT_EQ(chinese_part(r2({})), "—");
  EXPECT_EQ(chinese_part(r2({line("a", 0, 0, 5)})), "无观测");
}

target_history day(std::vector<state_span> spans, period scope = {at(0), at(86400)}) {
  target_history h;
  h.scope = scope;
  h.spans = std::move(spans);
  return h;
}

TEST(Snapshots, R3TakesTheLinesObservedAtEachInstant) {
  snapshots all({at(0), at(1200)}, milliseconds{300'000});  // 0, 300, 600, 900
  all.add(day({{{at(0), at(86400)}, line_state::up}}));
  all.add(day({{{at(0), at(300)}, line_state::up}, {{at(300), at(600)}, line_state::down}}));  // then nobody looks
  const auto v = all.value();
  EXPECT_DOUBLE_EQ(v.value->value(), (1.0 + 0.5 + 1 + 1) / 4);
  EXPECT_DOUBLE_EQ(v.lower->value(), (1.0 + 0.5 + 0.5 + 0.5) / 4);
  EXPECT_EQ(v.counted, 4);
  EXPECT_EQ(v.step, default_step);
}

TEST(Snapshots, InstantsAtWhichNobodyWasObservedAreLeftOutAndCounted) {
  snapshots all({at(0), at(1200)}, milliseconds{300'000});
  target_history h = day({{{at(250), at(700)}, line_state::up}});
  h.excluded = {{at(590), at(650)}};
  all.add(h);
  const auto v = all.value();
  EXPECT_DOUBLE_EQ(v.value->value(), 1);
  EXPECT_EQ(v.counted, 1) << "only 300: 0 and 900 are unknown, 600 is a window";
  EXPECT_EQ(v.unobserved_instants, 3);
  EXPECT_THAT(chinese_part(v), testing::StartsWith("未观测到中断（下限"));
}

TEST(Snapshots, SpansAreHalfOpenAndAnInstantOnTheirEndIsNotTheirs) {
  snapshots all({at(0), at(900)}, milliseconds{300'000});
  all.add(day({{{at(0), at(300)}, line_state::down}, {{at(300), at(900)}, line_state::up}}));
  EXPECT_NEAR(all.value().value->value(), 2.0 / 3, 1e-14);
}

TEST(Snapshots, ASpanBetweenTwoInstantsIsSeenAtNone) {
  snapshots all({at(0), at(900)}, milliseconds{300'000});
  all.add(day({{{at(0), at(150)}, line_state::up},
               {{at(150), at(300)}, line_state::down},
               {{at(300), at(900)}, line_state::up}}));
  const auto v = all.value();
  EXPECT_EQ(v.value->units, part::one);
  EXPECT_EQ(v.counted, 3);
}

TEST(Snapshots, APeriodThatIsNoWholeNumberOfStepsHasItsLastInstantToo) {
  snapshots all({at(0), at(450)}, milliseconds{300'000});  // 0, 300
  all.add(day({{{at(0), at(200)}, line_state::up}, {{at(200), at(450)}, line_state::down}}));
  EXPECT_DOUBLE_EQ(all.value().value->value(), 0.5);
}

TEST(ChineseText, P18_AMeanJustUnderOneIsNotPrintedAsHundred) {
  std::vector<member> lines;
  for (int i = 0; i < 1000; ++i) lines.push_back(line("l", 31'536'000'000, 0));
  lines.push_back(line("cut", 31'535'999'999, 1));
  EXPECT_EQ(chinese_part(r2(lines)), "99.99999 %");
  EXPECT_EQ(chinese_part(r1(lines)), "99.99999 %");
  lines.pop_back();
  EXPECT_EQ(chinese_part(r2(lines)), "100 %");
}

rc::Gen<std::int64_t> length() {
  return rc::gen::weightedOneOf<std::int64_t>(
      {{1, rc::gen::just<std::int64_t>(0)}, {4, rc::gen::inRange<std::int64_t>(0, 31'622'400'000)}});
}
rc::Gen<std::vector<member>> group() {
  return rc::gen::container<std::vector<member>>(
      rc::gen::map(rc::gen::tuple(length(), length(), length(), rc::gen::inRange(0, 1001)), [](const auto& t) {
        const int target = std::get<3>(t);
        return line("x", std::get<0>(t), std::get<1>(t), std::get<2>(t),
                    target == 0 ? std::nullopt : std::optional(share{target, 1000}));
      }));
}

RC_GTEST_PROP(GroupsProperty, R1IsTheMeanOfAWeightedWithObservedTime, ()) {
  const auto lines = *group();
  long double sum = 0, weights = 0;
  for (const member& m : lines) {
    const auto weight = static_cast<long double>((m.sums.up + m.sums.down).count());
    if (weight == 0) continue;
    sum += weight * (static_cast<long double>(m.sums.up.count()) / weight);
    weights += weight;
  }
  const auto v = r1(lines);
  RC_ASSERT(v.value.has_value() == (weights > 0));
  if (v.value) RC_ASSERT(std::abs(v.value->value() - static_cast<double>(sum / weights)) < 1e-12);
}

RC_GTEST_PROP(GroupsProperty, OfOneLineR1AndR2AreItsA, ()) {
  const member m = line("x", *length(), *length(), *length());
  const auto a = compute(m.sums, false).availability;
  RC_ASSERT(r1({m}).value == r2({m}).value);
  RC_ASSERT(r2({m}).value.has_value() == a.has_value());
  if (a) RC_ASSERT(std::abs(r2({m}).value->value() - *a) < 1e-12);
}

RC_GTEST_PROP(GroupsProperty, LowerNeverExceedsValueNorValueUpper, ()) {
  const auto lines = *group();
  for (const auto& v : {r1(lines), r2(lines), r4(lines)}) {
    if (!v.value) continue;
    RC_ASSERT(v.lower->units <= v.value->units);
    RC_ASSERT(v.value->units <= v.upper->units);
    RC_ASSERT(v.value->units >= 0 && v.value->units <= part::one);
  }
}

RC_GTEST_PROP(GroupsProperty, R2LiesBetweenTheWorstAndTheBestLine, ()) {
  const auto lines = *group();
  const auto v = r2(lines);
  if (!v.value) return;
  part worst{part::one}, best{0};
  for (const member& m : lines)
    if (const auto a = r2({m}).value) {
      worst = std::min(worst, *a);
      best = std::max(best, *a);
    }
  RC_ASSERT(worst <= *v.value && *v.value <= best);
}

RC_GTEST_PROP(SnapshotsProperty, WithAStepOfOneSecondR3OfOneLineIsItsA, ()) {
  target_history h;
  h.scope = {at(0), at(600)};
  std::int64_t from = 0;
  while (from < 600) {
    const std::int64_t to = from + *rc::gen::inRange<std::int64_t>(1, 200);
    h.spans.push_back({{at(from), at(to)}, *rc::gen::element(line_state::up, line_state::down, line_state::unknown)});
    from = to;
  }
  if (*rc::gen::arbitrary<bool>()) h.excluded = {{at(100), at(150)}};
  const period p{at(0), at(600)};
  snapshots all(p, milliseconds{1000});
  all.add(h);
  const auto a = compute(measure(h, p), false);
  const auto v = all.value();
  RC_ASSERT(v.value.has_value() == a.availability.has_value());
  if (a.availability) RC_ASSERT(std::abs(v.value->value() - *a.availability) < 1e-12);
  if (a.lower) RC_ASSERT(std::abs(v.lower->value() - *a.lower) < 1e-12);
  if (a.upper) RC_ASSERT(std::abs(v.upper->value() - *a.upper) < 1e-12);
}

}  // namespace
}  // namespace changtong::availability
