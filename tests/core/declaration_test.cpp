#include "daemon/core/declaration.h"

#include <gmock/gmock.h>

namespace changtong {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Attainment, IsKnownByEachOfItsNamesAndByNoOther) {
  for (const attainment a : {attainment::achieved, attainment::partly, attainment::missed}) {
    EXPECT_EQ(attainment_named(name_of(a)), a);
    EXPECT_EQ(attainment_named(chinese_of(a)), a);
  }
  EXPECT_EQ(attainment_named("部分达成"), attainment::partly);
  EXPECT_FALSE(attainment_named("达"));
  EXPECT_FALSE(attainment_named("Achieved"));
  EXPECT_FALSE(attainment_named(""));
}

counter_record reading(std::string counter, std::int64_t about) {
  counter_record r;
  r.counter = std::move(counter);
  r.about = wall_from_ms(about);
  return r;
}

TEST(Counting, OfReadingsTheLastOneOfACounterAndInstantCounts) {
  EXPECT_THAT(counting(std::vector<counter_record>{}), IsEmpty());
  EXPECT_THAT(counting({reading("a", 1), reading("b", 1), reading("a", 2), reading("a", 1), reading("a", 1)}),
              ElementsAre(false, true, true, false, true));
}

TEST(Counting, OfVerdictsTheLastOneOfAPlansIndicatorCounts) {
  const auto verdict = [](std::string plan, std::string indicator) {
    indicator_verdict v;
    v.plan = std::move(plan);
    v.indicator = std::move(indicator);
    return v;
  };
  EXPECT_THAT(counting({verdict("2025", "X"), verdict("2026", "X"), verdict("2026", "Y"), verdict("2026", "X")}),
              ElementsAre(true, false, true, true));
}

}  // namespace
}  // namespace changtong
