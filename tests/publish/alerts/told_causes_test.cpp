// What was told beside what is known by now: who is told once more, and when not.
#include "daemon/publish/alerts/told_causes.h"

#include <gmock/gmock.h>

#include "daemon/core/cause_words.h"

namespace changtong::alerts {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

constexpr wall_t three = wall_from_ms(1'773'417'600'000);

struct ToldCauses : testing::Test {
  told_causes told;
  alert_record step;
  cause known = cause::restart;
  bool open = true;

  ToldCauses() {
    step.alert = "A20260314-0001";
    step.step = alert_step::opened;
    step.targets = "V1";
  }
  std::vector<alert_record> due(wall_t now) {
    return told.due(now, [this](std::string_view) { return open; }, [this](const alert_record&) { return known; });
  }
  void finds(cause c) {
    known = c;
    told.stir();
  }
};

TEST_F(ToldCauses, AnotherCauseThatStaysIsToldOnce) {
  told.said(step, cause::restart);
  finds(cause::access);
  EXPECT_THAT(due(three), IsEmpty());
  EXPECT_THAT(due(three + 2'999ms), IsEmpty());
  const auto all = due(three + 3s);
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].step, alert_step::grown);
  EXPECT_EQ(all[0].of, another_cause);
  EXPECT_EQ(all[0].targets, "V1");
  EXPECT_EQ(all[0].at, three + 3s);
  told.said(all[0], cause::access);
  finds(cause::middle);
  EXPECT_THAT(due(three + 10s), IsEmpty());
  EXPECT_THAT(due(three + 20s), IsEmpty());
}

TEST_F(ToldCauses, OneThatIsTheSameAgainIsNot) {
  told.said(step, cause::restart);
  finds(cause::access);
  EXPECT_THAT(due(three), IsEmpty());
  finds(cause::restart);
  EXPECT_THAT(due(three + 1s), IsEmpty());
  finds(cause::access);
  EXPECT_THAT(due(three + 4s), IsEmpty());
}

TEST_F(ToldCauses, WhoWasToldNoneIsToldWithTheEnd) {
  told.said(step, cause::none);
  finds(cause::middle);
  EXPECT_THAT(due(three), IsEmpty());
  EXPECT_THAT(due(three + 10s), IsEmpty());
}

TEST_F(ToldCauses, ThatAParentIsDownIsToldAsGrowth) {
  told.said(step, cause::restart);
  finds(cause::upstream);
  EXPECT_THAT(due(three), IsEmpty());
  finds(cause::upstream);
  EXPECT_THAT(due(three + 10s), IsEmpty());
}

TEST_F(ToldCauses, WhatIsOverIsForgotten) {
  told.said(step, cause::restart);
  open = false;
  finds(cause::access);
  EXPECT_THAT(due(three), IsEmpty());
  open = true;
  told.stir();
  EXPECT_THAT(due(three + 10s), IsEmpty());
}

}  // namespace
}  // namespace changtong::alerts
