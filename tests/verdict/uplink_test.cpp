// Rule 10: silences and whose they are. The live object, which hears answers in any order, against the rule's words.
#include "daemon/verdict/uplink.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace changtong::verdict {
namespace {

using tick = uplink::tick;

uplink::known all_known(const std::vector<tick>& anchors) { return {.signs = tick{1} << 40, .anchors = anchors}; }

struct two_anchors {
  uplink u{2};
  std::vector<tick> known{uplink::never, uplink::never};
  uplink::whose of(tick sent, tick until) { return u.of(sent, until, all_known(known)); }
};

TEST(Uplink, ASilenceInWhichEveryAnchorWasBadIsOurs) {
  two_anchors w;
  for (const std::size_t a : {0UL, 1UL}) w.u.anchor_sign(a, 1000);
  w.u.anchor_bad(0, 2000);
  EXPECT_EQ(w.of(1800, 2800), uplink::whose::open) << "the other anchor has not been heard of";
  w.u.anchor_bad(1, 2100);
  EXPECT_EQ(w.of(1800, 2800), uplink::whose::ours);
  EXPECT_TRUE(w.u.silent());
  w.u.sign(3000);
  EXPECT_FALSE(w.u.silent());
  EXPECT_EQ(w.of(1800, 2800), uplink::whose::ours) << "the silence (1000, 3000) stays ours";
  EXPECT_EQ(w.of(3000, 3500), uplink::whose::open) << "what comes after its last sign is not known yet";
  w.u.sign(3600);
  EXPECT_EQ(w.of(3000, 3500), uplink::whose::theirs);
}

TEST(Uplink, AQuestionThatWasStillOpenWhenTheSilenceBeganIsOurs) {
  two_anchors w;
  for (const std::size_t a : {0UL, 1UL}) w.u.anchor_sign(a, 1000);
  w.u.sign(1700);
  for (const std::size_t a : {0UL, 1UL}) w.u.anchor_bad(a, 1800);
  EXPECT_EQ(w.of(900, 1900), uplink::whose::ours);
  EXPECT_EQ(w.of(600, 1600), uplink::whose::theirs) << "it was known before";
}

TEST(Uplink, ABadSampleOfAnAnchorAtTheInstantOfASignIsInNoSilence) {
  two_anchors w;
  for (const std::size_t a : {0UL, 1UL}) w.u.anchor_sign(a, 1000);
  w.u.anchor_bad(0, 1500);
  w.u.anchor_bad(1, 2000);
  w.u.sign(1500);
  w.u.sign(3000);
  EXPECT_EQ(w.of(1600, 2600), uplink::whose::theirs);
}

TEST(Uplink, AnAnchorWithoutASignForTenMinutesDoesNotCount) {
  two_anchors w;
  w.u.anchor_sign(0, 1000);
  for (tick t = 1000; t <= 700'000; t += 1000) w.u.anchor_sign(1, t), w.u.anchor_bad(0, t + 500);
  w.u.anchor_bad(1, 700'500);
  EXPECT_EQ(w.of(700'400, 701'400), uplink::whose::ours) << "the dead one is not asked for its opinion";
  two_anchors nine;
  nine.u.anchor_sign(0, 1000);
  for (tick t = 1000; t <= 540'000; t += 1000) nine.u.anchor_sign(1, t);
  nine.u.anchor_bad(1, 540'500);
  nine.u.sign(541'500);
  EXPECT_EQ(nine.of(540'400, 541'400), uplink::whose::theirs) << "the other counts and had no bad sample";
}

TEST(Uplink, BeforeTheFirstSignOfASessionAllAnchorsCount) {
  two_anchors w;
  w.u.anchor_bad(0, 100);
  EXPECT_EQ(w.of(50, 1050), uplink::whose::open);
  w.u.anchor_bad(1, 200);
  EXPECT_EQ(w.of(50, 1050), uplink::whose::ours);
}

TEST(Uplink, NothingIsDecidedWhileASignMayStillBeUnderWay) {
  two_anchors w;
  for (const std::size_t a : {0UL, 1UL}) w.u.anchor_sign(a, 1000);
  for (const std::size_t a : {0UL, 1UL}) w.u.anchor_bad(a, 2000);
  const uplink::known k{.signs = 1900, .anchors = w.known};
  EXPECT_EQ(w.u.of(1800, 2800, k), uplink::whose::open) << "a question of 1900 is unanswered: it might be a sign";
}

TEST(Uplink, WithoutAnchorsNothingIsOurs) {
  uplink u;
  EXPECT_EQ(u.of(1, 2, {.signs = 0, .anchors = {}}), uplink::whose::theirs);
}

TEST(Uplink, ASilenceOfOursIsRememberedForAMinute) {
  two_anchors w;
  for (const std::size_t a : {0UL, 1UL}) w.u.anchor_sign(a, 1000);
  for (const std::size_t a : {0UL, 1UL}) w.u.anchor_bad(a, 2000);
  w.u.sign(5000);
  EXPECT_TRUE(w.u.just_after(5000));
  EXPECT_TRUE(w.u.just_after(65'000));
  EXPECT_FALSE(w.u.just_after(65'001));
  EXPECT_FALSE(w.u.just_after(4999)) << "it is not over then";
}

TEST(Uplink, ALongSilenceBeginsBeyondTheHorizon) {
  two_anchors w;
  for (const std::size_t a : {0UL, 1UL}) w.u.anchor_sign(a, 1000);
  for (tick t = 2000; t < 1'000'000; t += 250)
    for (const std::size_t a : {0UL, 1UL}) w.u.anchor_bad(a, t);
  EXPECT_EQ(w.of(999'000, 1'000'000), uplink::whose::ours);
  w.u.sign(1'000'100);
  EXPECT_EQ(w.of(999'000, 1'000'000), uplink::whose::ours);
  EXPECT_TRUE(w.u.just_after(1'000'200));
}

TEST(Uplink, AnchorsThatAreSilentWhileLinesAnswerAreToldApart) {
  two_anchors w;
  for (const std::size_t a : {0UL, 1UL}) w.u.anchor_bad(a, 1000);
  w.u.sign(5000);
  EXPECT_TRUE(w.u.contradicted(2000));
  w.u.anchor_sign(1, 6000);
  EXPECT_TRUE(w.u.contradicted(2000)) << "one of two that is of no use is told too";
  w.u.anchor_sign(0, 6000);
  EXPECT_FALSE(w.u.contradicted(2000));
}

// -- against the rule's own words ------------------------------------------------------------------------------------

struct question {
  tick sent, answered;
  int anchor;  // -1: a line
  bool good;
};

/** design.md 5, rule 10, word by word over everything that is ever known. */
struct by_the_book {
  std::set<tick> signs;
  std::map<int, std::vector<tick>> anchor_signs, anchor_bads;
  int anchors;

  bool ours(tick a, tick b) const {
    bool counting = false;
    for (int i = 0; i < anchors; ++i) {
      const auto in = [&](const auto& all, tick low, tick high) {
        const auto it = all.find(i);
        return it != all.end() && std::ranges::any_of(it->second, [&](tick at) { return low <= at && at <= high; });
      };
      if (a != -uplink::never && !in(anchor_signs, a - uplink::counts_for, a)) continue;
      counting = true;
      if (!in(anchor_bads, a + 1, b - 1)) return false;
    }
    return counting;
  }
  bool meets_ours(tick sent, tick until) const {
    std::vector<tick> edges{-uplink::never};
    edges.insert(edges.end(), signs.begin(), signs.end());
    edges.push_back(uplink::never);
    for (std::size_t i = 0; i + 1 < edges.size(); ++i)
      if (sent < edges[i + 1] && until > edges[i] && ours(edges[i], edges[i + 1])) return true;
    return false;
  }
};

std::vector<question> world_of(std::mt19937& rng, int anchors, tick timeout) {
  std::vector<question> all;
  const auto pick = [&](tick low, tick high) { return std::uniform_int_distribution<tick>(low, high)(rng); };
  std::vector<std::pair<tick, tick>> cuts;
  for (tick at = pick(2000, 6000); at < 60'000; at += pick(3000, 12'000)) cuts.emplace_back(at, at + pick(50, 5000));
  const auto lost = [&](tick at) {
    return std::ranges::any_of(cuts, [&](const auto& c) { return c.first <= at && at < c.second; });
  };
  for (int who = -3; who < anchors; ++who) {
    const tick every = pick(100, who < 0 ? 2500 : 1000);
    for (tick at = who < 0 ? pick(1, every) : 0; at < 60'000; at += pick(every / 2, every)) {
      const tick trip = pick(0, 20) == 0 ? pick(20, timeout) : pick(1, 20);
      const bool good = at == 0 || (!lost(at) && pick(0, 30) != 0);
      all.push_back({at, at + (good ? trip : pick(0, 5) == 0 ? trip : timeout), std::max(who, -1), good});
    }
  }
  return all;
}

TEST(UplinkProperty, WhatIsDecidedEarlyIsWhatTheRuleSaysOfEverything) {
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    std::mt19937 rng(seed);
    const int anchors = 1 + static_cast<int>(seed % 3);
    const tick timeout = 1000;
    const auto all = world_of(rng, anchors, timeout);
    by_the_book book{.signs = {}, .anchor_signs = {}, .anchor_bads = {}, .anchors = anchors};
    for (const question& q : all) {
      if (q.good) book.signs.insert(q.sent);
      if (q.anchor >= 0) (q.good ? book.anchor_signs : book.anchor_bads)[q.anchor].push_back(q.sent);
    }
    auto arriving = all;
    std::ranges::sort(arriving, {}, &question::answered);
    uplink u(static_cast<std::size_t>(anchors));
    std::vector<std::pair<tick, tick>> open;
    std::size_t next = 0, early = 0;
    for (tick now = 0; now < 62'000; now += 10) {
      for (; next < arriving.size() && arriving[next].answered <= now; ++next) {
        const question& q = arriving[next];
        const auto anchor = static_cast<std::size_t>(q.anchor);
        if (q.anchor < 0 && q.good) u.sign(q.sent);
        if (q.anchor >= 0) q.good ? u.anchor_sign(anchor, q.sent) : u.anchor_bad(anchor, q.sent);
        if (q.anchor < 0 && !q.good) open.emplace_back(q.sent, q.answered);
      }
      tick signs = now;
      std::vector<tick> of_anchor(static_cast<std::size_t>(anchors), now);
      for (const question& q : all) {
        if (q.sent >= now || q.answered <= now) continue;
        signs = std::min(signs, q.sent);
        if (q.anchor >= 0)
          of_anchor[static_cast<std::size_t>(q.anchor)] =
              std::min(of_anchor[static_cast<std::size_t>(q.anchor)], q.sent);
      }
      const bool end = now + 10 >= 62'000;
      if (end) signs = uplink::never, of_anchor.assign(of_anchor.size(), uplink::never);
      std::erase_if(open, [&](const auto& bad) {
        const auto said = u.of(bad.first, bad.second, {.signs = signs, .anchors = of_anchor});
        if (said == uplink::whose::open && !end) return false;
        early += end ? 0U : 1U;
        EXPECT_EQ(said == uplink::whose::ours, book.meets_ours(bad.first, bad.second))
            << "seed " << seed << " bad " << bad.first << " known " << bad.second << " decided at " << now;
        return true;
      });
    }
    EXPECT_GT(early, 20U) << "seed " << seed;
  }
}

}  // namespace
}  // namespace changtong::verdict
