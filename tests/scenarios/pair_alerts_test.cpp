// The alert desk of one node of a pair: what people enter on the other one counts here, and is told there.
#include <gtest/gtest.h>

#include "tests/scenarios/alert_office.h"

namespace changtong {
namespace {

struct PairAlerts : RunningAlertDesk {
  /** What nobody has taken over for ten minutes is told again. */
  static alert_settings told_twice() {
    alert_settings more = one_webhook().alerts;
    more.rules[0].steps.push_back({.after = 10min, .tell = {}, .by = {"hook"}});
    return more;
  }
  PairAlerts() {
    o.reload(told_twice());
    o.pass(1s);
  }
  [[nodiscard]] std::string alert() const {
    for (const record& r : books.kept)
      if (const auto* step = std::get_if<alert_record>(&r)) return step->alert;
    return {};
  }
  static acknowledgement by(const std::string& author, const std::string& alert, wall_t at) {
    return {.at = at, .alert = alert, .line = {}, .began = {}, .author = author, .text = {}, .via = "api"};
  }
};

TEST_F(PairAlerts, WhatNobodyTakesOverIsToldAgain) {
  o.down("A");
  o.pass(11min);
  EXPECT_EQ(o.told("opened", "A"), 2);
}

TEST_F(PairAlerts, WhoTookItOverOnTheOtherNodeStopsItHereAndIsToldOfThere) {
  o.down("A");
  o.pass(1min);
  ASSERT_EQ(o.told("opened", "A"), 1);
  const std::size_t before = o.sent.size();
  o.happens_elsewhere({by("王工", alert(), now)});
  o.pass(20min);
  EXPECT_EQ(o.sent.size(), before);
}

TEST_F(PairAlerts, ItIsHeardOnceHereToo) {
  o.down("A");
  o.pass(1min);
  o.happens_elsewhere({by("王工", alert(), now)});
  o.pass(1s);
  o.happens({by("李工", alert(), now)});  // takes it from them, here: told
  o.pass(1s);
  o.happens_elsewhere({});
  o.pass(1min);
  EXPECT_EQ(o.told("acknowledged", "A"), 1);
}

TEST_F(PairAlerts, WhatWasTakenOverThereBeforeItWasAnAlertHere) {
  books.elsewhere.push_back(by("王工", "A20260314-0001", now));
  o.down("A");
  o.pass(11min);
  ASSERT_EQ(alert(), "A20260314-0001");
  EXPECT_EQ(o.told("opened", "A"), 1);
}

TEST_F(PairAlerts, AWindowOfTheOtherNodeKeepsThisOneSilent) {
  o.happens_elsewhere({window_record{.at = begin,
                                     .id = "W1",
                                     .target = "A",
                                     .from = now - 10min,
                                     .to = now + 1h,
                                     .state = window_state::approved,
                                     .by = "李工",
                                     .text = {}}});
  o.pass(1s);
  o.down("A");
  o.down("B");
  o.pass(1min);
  EXPECT_EQ(o.told("opened", "A"), 0);
  EXPECT_EQ(o.told("opened", "B"), 1);
}

TEST_F(PairAlerts, AStartKnowsWhatWasTakenOverThereAndSaysNothingOfIt) {
  o.down("A");
  o.pass(1min);
  const acknowledgement theirs = by("王工", alert(), now);
  books.kept.emplace_back(theirs);
  books.elsewhere.push_back(theirs);
  office again(books, now, {"A"});
  again.reload(told_twice());
  again.pass(20min);
  EXPECT_EQ(again.sent.size(), 0);
}

}  // namespace
}  // namespace changtong
