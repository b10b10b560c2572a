// Many good samples at once are the same as each by itself: that is what makes the replay of a year a matter of
// seconds.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/verdict/court.h"

namespace changtong::verdict {
namespace {

/** One check's good samples at first, first + every, … before the end. */
struct stretch {
  check_index check;
  int first, every;  // in tenths of a second
};

struct story {
  std::vector<std::pair<int, std::pair<check_index, outcome>>> before;  // singles: tenths of a second
  std::vector<stretch> stretches;
  int length;
  std::vector<std::pair<int, std::pair<check_index, outcome>>> after;
};

wall_t tenth(int t) { return at(t / 10.0); }

struct side {
  explicit side(std::uint32_t checks, bool anchor) {
    std::vector<fakes::line_spec> lines{{.id = "L1", .checks = {"icmp"}}};
    for (std::uint32_t k = 1; k < checks; ++k) lines[0].checks.push_back("tcp" + std::to_string(k));
    if (anchor) lines.push_back({.id = "anchor-1", .kind = target_kind::anchor});
    c.emplace(lines);
  }
  void single(int t, check_index check, outcome what) {
    c->sample_of(c->inv->checks[check].id, t / 10.0, what, cause::timeout, 3);
  }
  void each(const story& s) {
    for (int t = 0; t < s.length; ++t)
      for (const stretch& r : s.stretches)
        if (t >= r.first && (t - r.first) % r.every == 0) single(t, r.check, outcome::good);
  }
  /** As a replay does: at once if that can be known, else each. */
  bool at_once(const story& s) {
    std::vector<good_run> runs;
    for (const stretch& r : s.stretches)
      if (r.first < s.length)
        runs.push_back({.check = r.check,
                        .first = tenth(r.first),
                        .last = tenth(r.first + (s.length - 1 - r.first) / r.every * r.every),
                        .every = milliseconds{100 * r.every},
                        .rtt = std::chrono::milliseconds{3}});
    if (c->j.take_good_runs(0, runs)) return true;
    each(s);
    return false;
  }
  std::vector<std::string> memories() const {
    std::vector<std::string> all;
    for (check_index k = 0; k < c->inv->checks.size(); ++k) all.push_back(c->j.memory_of(k).text);
    return all;
  }
  std::optional<court> c;
};

story make_story(std::uint32_t checks) {
  const auto any_check = rc::gen::inRange<check_index>(0, checks);
  const auto any_outcome = rc::gen::element(outcome::good, outcome::good, outcome::bad, outcome::not_measured);
  const auto single = rc::gen::pair(rc::gen::inRange(0, 8), rc::gen::pair(any_check, any_outcome));
  story s;
  int t = 0;
  for (auto& [wait, what] : *rc::gen::container<std::vector<std::pair<int, std::pair<check_index, outcome>>>>(single))
    s.before.emplace_back(t += wait, what);
  // Mostly up when the stretches begin, or nothing would ever be taken at once.
  for (int k = 0; k < 3; ++k)
    for (check_index c = 0; c < checks; ++c)
      if (*rc::gen::inRange(0, 5) > 0) s.before.emplace_back(t += 1, std::pair{c, outcome::good});
  const int begin = t;
  for (int n = *rc::gen::inRange(1, 5); n > 0; --n)
    s.stretches.push_back({*any_check, begin + *rc::gen::inRange(0, 20), *rc::gen::inRange(1, 60)});
  s.length = t = begin + *rc::gen::inRange(1, 400);
  for (auto& [wait, what] : *rc::gen::container<std::vector<std::pair<int, std::pair<check_index, outcome>>>>(single))
    s.after.emplace_back(t += wait, what);
  return s;
}

RC_GTEST_PROP(GoodRuns, AtOnceAreTheSameAsEachByItself, ()) {
  const auto checks = *rc::gen::inRange<std::uint32_t>(1, 4);
  const bool anchor = *rc::gen::arbitrary<bool>();
  const story s = make_story(checks);
  side one(checks, anchor), many(checks, anchor);
  for (side* x : {&one, &many})
    for (const auto& [t, what] : s.before) x->single(t, what.first, what.second);
  one.each(s);
  RC_CLASSIFY(many.at_once(s), "at once");
  RC_ASSERT(one.memories() == many.memories());
  RC_ASSERT(one.c->said() == many.c->said());
  for (side* x : {&one, &many}) {
    for (const auto& [t, what] : s.after) x->single(t, what.first, what.second);
    x->c->j.conclude(tenth(2000), x->c->out);
  }
  RC_ASSERT(one.c->said() == many.c->said());
  RC_ASSERT(one.memories() == many.memories());
}

TEST(GoodRuns, AYearOfThemIsOneStep) {
  side s(1, false);
  s.single(0, 0, outcome::good);
  s.single(5, 0, outcome::good);
  const good_run year{.check = 0, .first = at(1), .last = at(31'536'000), .every = milliseconds{1000}};
  ASSERT_TRUE(s.c->j.take_good_runs(0, std::span(&year, 1)));
  s.c->j.advance(at(31'536'010), s.c->out);
  EXPECT_THAT(s.c->said(), ElementsAre("L1 up 0", "L1 unknown 3.1536e+07 silent"));
}

TEST(GoodRuns, AHoleBetweenThemIsNotPassedOver) {
  side s(1, false);
  s.single(0, 0, outcome::good);
  s.single(5, 0, outcome::good);
  const good_run late{.check = 0, .first = at(10), .last = at(20), .every = milliseconds{1000}};
  EXPECT_FALSE(s.c->j.take_good_runs(0, std::span(&late, 1))) << "nobody spoke from 2 s to 10 s";
  const good_run slow{.check = 0, .first = at(1), .last = at(21), .every = milliseconds{2000}};
  EXPECT_FALSE(s.c->j.take_good_runs(0, std::span(&slow, 1))) << "half a second of every two is silent";
}

TEST(GoodRuns, AreRefusedWhileARunIsPending) {
  side s(1, false);
  s.single(0, 0, outcome::good);
  s.single(10, 0, outcome::bad);
  const good_run r{.check = 0, .first = at(2), .last = at(3), .every = milliseconds{1000}};
  EXPECT_FALSE(s.c->j.take_good_runs(0, std::span(&r, 1)));
  EXPECT_FALSE(s.c->j.undoubted(0));
}

TEST(Conclusion, APendingBadRunIsUnconfirmedAndAPendingGoodOneIsDown) {
  court c({{.id = "L1"}, {.id = "L2"}});
  c.good(1);
  c.bad(2);
  c.bad(3);
  c.good(1, "L2/icmp");
  for (const double t : {2, 3, 4}) c.bad(t, "L2/icmp");
  c.good(5, "L2/icmp");
  c.j.conclude(at(6), c.out);
  EXPECT_THAT(c.said(), Contains("L1 unconfirmed 2 x2"));
  EXPECT_THAT(c.said(), Contains("L1 unknown 4.5 silent")) << "its time is up as far as it speaks";
  for (const std::string& s : c.said()) EXPECT_NE(s.substr(0, 7), "L2 up 5") << s;
}

}  // namespace
}  // namespace changtong::verdict
