#include "daemon/availability/certainty.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

namespace changtong::availability {
namespace {

TEST(Certainty, OfTheDefaultsIsWhatItsDerivationSays) {
  // 1.2 s + 1 s + 2 · 250 ms + 3 ticks; without fast questions 3 s + 0.2 s + 3 ticks.
  const certain_length c = certain_outage({});
  EXPECT_EQ(c.confirmed, milliseconds{2730});
  EXPECT_EQ(c.without_budget, milliseconds{3230});
}

TEST(Certainty, OfOneMinuteAndThreeSamplesFastQuestionsMakeItNearlyThreeTimesShorter) {
  // rules.md 4.8: from 3 min certain without them.
  const timing t{.interval = milliseconds{60'000}, .timeout = milliseconds{1000}, .fast_interval = milliseconds{1000}};
  EXPECT_EQ(certain_outage(t).without_budget, milliseconds{3 * 60'000 + 12'000 + 30});
  EXPECT_EQ(certain_outage(t).confirmed, milliseconds{72'000 + 1000 + 2000 + 30});
}

TEST(Certainty, WhereOneSampleIsEnoughTheTimeoutDoesNotMatter) {
  const timing t{.interval = milliseconds{1000}, .timeout = milliseconds{5000}, .down_after = 1};
  EXPECT_EQ(certain_outage(t).confirmed, milliseconds{1210});
}

/** How many bad questions a simulated check sends in an outage [began, began + length), as the schedule would. */
int bad_questions(const timing& t, const std::vector<std::int64_t>& jitter, std::int64_t began, std::int64_t length,
                  bool budget) {
  const std::int64_t end = began + length;
  std::vector<std::int64_t> regular;
  for (std::size_t k = 0; k < jitter.size(); ++k)
    regular.push_back(static_cast<std::int64_t>(k) * t.interval.count() + jitter[k]);
  int sent = 0;
  std::int64_t first = -1, fast = -1;
  for (std::size_t k = 0; k < regular.size();) {
    const bool is_fast = fast >= 0 && fast < regular[k];
    const std::int64_t at = is_fast ? fast : regular[k];
    if (at >= end) break;
    if (at >= began) {
      ++sent;
      if (first < 0) first = at;
    }
    if (!is_fast) ++k;
    if (budget && first >= 0) fast = std::max(at, first + t.timeout.count()) + t.fast_interval.count();
  }
  return sent;
}

RC_GTEST_PROP(CertaintyProperty, AnOutageOfThatLengthGetsEnoughBadQuestionsWhereverItBegins, ()) {
  timing t;
  t.interval = milliseconds{*rc::gen::inRange(100, 5000)};
  t.timeout = milliseconds{*rc::gen::inRange(50, 5000)};
  t.fast_interval = milliseconds{*rc::gen::inRange<std::int64_t>(50, t.interval.count() + 1)};
  t.down_after = static_cast<std::uint16_t>(*rc::gen::inRange(1, 8));
  const auto reach = t.interval.count() / 10;
  const auto jitter = *rc::gen::container<std::vector<std::int64_t>>(40, rc::gen::inRange(-reach, reach + 1));
  const auto began = *rc::gen::inRange<std::int64_t>(t.interval.count(), 10 * t.interval.count());
  const certain_length c = certain_outage(t);
  RC_ASSERT(bad_questions(t, jitter, began, c.confirmed.count(), true) >= t.down_after);
  RC_ASSERT(bad_questions(t, jitter, began, c.without_budget.count(), false) >= t.down_after);
}

}  // namespace
}  // namespace changtong::availability
