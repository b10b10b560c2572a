// What the recorder decides, under fake time: each conversation goes wrong at its first commit, at its second, …
#include "daemon/run/recording.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>

namespace changtong {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using strings = std::vector<std::string>;

/** How a commit goes. */
struct fate {
  bool takes = true;
  milliseconds after{5};
  bool out_of_memory = false;  ///< even for the reason
  bool deaf = false;           ///< memory runs out with its return, for what came meanwhile
};

std::string name_of(const record& r) {
  if (const auto* t = std::get_if<transition>(&r)) return t->target;
  if (const auto* a = std::get_if<annotation>(&r)) return a->author;
  if (std::holds_alternative<gap>(r)) return "gap";
  return "?";
}
bool person(const std::string& name) { return name.ends_with("工"); }

/** Drives the machine as the recorder's threads do, and keeps what they would have said. */
class conversation {
 public:
  explicit conversation(recorder_limits limits = {}) : machine_(limits) {}

  std::function<fate(std::size_t nth)> disk = [](std::size_t) { return fate{}; };  ///< nth commit, from 1

  void give(int at, const std::string& line) {
    events_.emplace(milliseconds{at}, [this, line] {
      given[line] = now_;
      machine_.given(
          {.heartbeat = wall_from_ms(1 + since_start().count()),
           .records = {transition{.target = line, .at = wall_from_ms(since_start().count()), .decided_by = {}}},
           .memory = {}});
    });
  }
  void enter(int at, const std::string& who) {
    events_.emplace(milliseconds{at}, [this, who] {
      std::vector<entry_request> one(1);
      one[0].records = {annotation{.at = {}, .target = "L1", .about = {}, .author = who, .text = {}}};
      answers_.emplace(who, one[0].answer.get_future());
      machine_.wanted(std::move(one));
    });
  }
  void stop(int at) {
    events_.emplace(milliseconds{at}, [this] { machine_.stop(); });
  }
  /** Until it has ended, or nothing will ever happen again. */
  void run() {
    while (!ended) {
      recording::orders what = std::exchange(broke_off_, false) ? machine_.broke_off(now_) : machine_.resume(now_);
      const auto until = what.until;
      carry_out(std::move(what));
      if (ended || !pass_time(until)) return;
    }
  }

  /** What was said, in order: "L1?" 未入账, "L1" recorded, "!" the alarm rises, "." it is over, "王工 yes". */
  strings said;
  strings journal;
  std::map<std::string, mono_t> given;
  std::map<std::string, milliseconds> told_after;  ///< at the first word of it
  std::size_t commits = 0, lost = 0, recorded = 0, left = 0;
  bool ended = false, alarm = false, restate = false;
  milliseconds ended_after{0};

  [[nodiscard]] strings told(bool recorded_ones) const {
    strings some;
    for (const std::string& word : said)
      if (word.find(' ') == std::string::npos && word != "!" && word != "." && word.ends_with('?') != recorded_ones)
        some.push_back(recorded_ones ? word : word.substr(0, word.size() - 1));
    return some;
  }

 private:
  [[nodiscard]] milliseconds since_start() const { return std::chrono::floor<milliseconds>(now_ - start_); }

  bool pass_time(std::optional<mono_t> until) {
    mono_t next = until.value_or(mono_t::max());
    if (returns_) next = std::min(next, *returns_);
    if (!events_.empty()) next = std::min(next, start_ + events_.begin()->first);
    if (next == mono_t::max()) return false;
    now_ = std::max(now_, next);
    while (!events_.empty() && start_ + events_.begin()->first <= now_) {
      events_.begin()->second();
      events_.erase(events_.begin());
    }
    if (returns_ && *returns_ <= now_) come_back();
    return true;
  }
  void come_back() {
    returns_.reset();
    if (how_.takes)
      for (const record& r : under_way_->records) journal.push_back(name_of(r));
    machine_.returned({.ok = how_.takes, .why = how_.takes || how_.out_of_memory ? phrase{} : as_written("disk full")});
    broke_off_ = how_.deaf;
  }
  static bool is_yes(std::future<result<void>>& answer) try {
    return answer.get().has_value();
  } catch (const std::future_error&) {  // the promise is lost: "out of memory"
    return false;
  }
  void carry_out(recording::orders what) {
    if (what.alarm && alarm == what.alarm->empty()) {
      alarm = !what.alarm->empty();
      said.emplace_back(alarm ? "!" : ".");
    }
    restate = restate || what.restate;
    recorded += what.recorded;
    lost += what.lost;
    left = what.left;
    for (const record& r : what.tell) {
      const std::string name = name_of(r);
      said.push_back(name + (what.told_recorded ? "" : "?"));
      if (given.contains(name)) told_after.emplace(name, std::chrono::floor<milliseconds>(now_ - given[name]));
    }
    for (entry_request& one : what.answer) {
      one.answer.set_value(what.refusal.empty() ? result<void>() : result<void>(changtong::said(what.refusal)));
    }
    for (auto& [who, answer] : answers_)
      if (answer.valid() && answer.wait_for(std::chrono::seconds{0}) == std::future_status::ready)
        said.push_back(who + (is_yes(answer) ? " yes" : " no"));
    if (what.commit != nullptr) {
      EXPECT_FALSE(returns_) << "one commit at a time";
      under_way_ = what.commit;
      how_ = disk(++commits);
      returns_ = now_ + how_.after;
    }
    ended = what.end;
    ended_after = since_start();
  }

  const mono_t start_{std::chrono::hours{1}};
  mono_t now_ = start_;
  recording machine_;
  std::multimap<milliseconds, std::function<void()>> events_;
  std::map<std::string, std::future<result<void>>> answers_;
  const ledger_batch* under_way_ = nullptr;
  fate how_;
  std::optional<mono_t> returns_;
  bool broke_off_ = false;
};

/** An ordinary minute, with people in it. */
void fill_minute(conversation& c) {
  c.give(0, "L1");
  c.give(3, "L2");  // while the first commit is under way
  c.enter(100, "王工");
  c.give(102, "L3");
  c.give(1000, "L4");
  c.enter(2500, "李工");
  c.give(2500, "L5");
  c.give(6000, "L6");
  c.enter(8000, "赵工");
  c.give(20'000, "L7");
  c.stop(60'000);
}

const strings seven{"L1", "L2", "L3", "L4", "L5", "L6", "L7"};

/** Whatever went wrong, and it did not go wrong for ever. */
void expect_promises_kept(const conversation& c) {
  strings lines, people;
  for (const std::string& one : c.journal) (person(one) ? people : lines).push_back(one);
  EXPECT_EQ(lines, seven) << "what samples brought forth is in the books once, in order";
  EXPECT_EQ(c.told(true), c.journal) << "what is announced as recorded is, and nothing else";
  const strings early = c.told(false);
  for (const std::string& one : early) {
    EXPECT_EQ(std::ranges::count(early, one), 1) << one << " is told 未入账 once";
    EXPECT_FALSE(person(one)) << one << " is not told before it is recorded";
    EXPECT_LT(std::ranges::find(c.said, one + "?"), std::ranges::find(c.said, one));
  }
  EXPECT_TRUE(std::ranges::is_sorted(early));
  for (const std::string& who : {"王工", "李工", "赵工"}) {
    const bool kept = std::ranges::count(people, who) == 1;
    EXPECT_EQ(std::ranges::count(c.said, who + " yes"), kept ? 1 : 0) << who;
    EXPECT_EQ(std::ranges::count(c.said, who + " no"), kept ? 0 : 1) << who;
  }
  for (const std::string& line : seven)
    EXPECT_LE(c.told_after.at(line), recorder_limits{}.hang + recording::longest_pause + milliseconds{100}) << line;
  EXPECT_FALSE(c.alarm);
  EXPECT_TRUE(c.ended);
  EXPECT_EQ(c.recorded, seven.size());
  EXPECT_EQ(c.lost + c.left, 0U);
}

TEST(Recording, AnOrdinaryMinuteIsRecordedAnnouncedAndAnsweredInThisOrder) {
  conversation c;
  fill_minute(c);
  c.run();
  expect_promises_kept(c);
  EXPECT_THAT(c.said, ElementsAre("L1", "L2", "王工", "王工 yes", "L3", "L4", "L5", "李工", "李工 yes", "L6", "赵工",
                                  "赵工 yes", "L7"));
}

struct RecordingGoesWrong : testing::TestWithParam<fate> {};
INSTANTIATE_TEST_SUITE_P(Each, RecordingGoesWrong,
                         testing::Values(fate{.takes = false}, fate{.takes = false, .out_of_memory = true},
                                         fate{.after = milliseconds{7000}},
                                         fate{.takes = false, .after = milliseconds{7000}},
                                         fate{.takes = false, .after = milliseconds{1500}}),
                         [](const auto& each) {
                           return std::string(each.param.takes ? "takes" : "fails") + "After" +
                                  std::to_string(each.param.after.count()) +
                                  (each.param.out_of_memory ? "WithoutMemory" : "");
                         });

TEST_P(RecordingGoesWrong, AtEachCommitForOneForThreeOrForTwentyTriesAndThePromisesAreKept) {
  conversation well;
  fill_minute(well);
  well.run();
  ASSERT_GE(well.commits, 7U);
  for (std::size_t first = 1; first <= well.commits; ++first)
    for (const std::size_t tries : {1U, 3U, 20U}) {
      if (tries == 20 && GetParam().after > milliseconds{100}) continue;  // it would not be over at the stop
      SCOPED_TRACE("commits " + std::to_string(first) + " and on, " + std::to_string(tries));
      conversation c;
      fill_minute(c);
      c.disk = [&](std::size_t nth) { return nth >= first && nth < first + tries ? GetParam() : fate{}; };
      c.run();
      if (first + tries > c.commits) continue;  // the stop came first
      expect_promises_kept(c);
      EXPECT_GE(std::ranges::count(c.said, "!"), 1) << "the ledger's own alarm";
      EXPECT_EQ(std::ranges::count(c.said, "!"), std::ranges::count(c.said, "."));
    }
}

TEST(Recording, MemoryThatRunsOutAsACommitReturnsTakesNothingFromWhatItRecorded) {
  for (const bool takes : {true, false})
    for (std::size_t n = 1; n <= 7; ++n) {
      SCOPED_TRACE((takes ? "recorded, commit " : "failed, commit ") + std::to_string(n));
      conversation c;
      fill_minute(c);
      c.disk = [&](std::size_t nth) { return nth == n ? fate{.takes = takes, .deaf = true} : fate{}; };
      c.run();
      expect_promises_kept(c);
    }
}

TEST(Recording, MemoryThatRunsOutInTheLastCommitLeavesNothingUnsaid) {
  conversation c;
  c.enter(0, "王工");
  c.give(0, "L1");
  c.stop(3);  // while the commit is under way
  c.disk = [](std::size_t) { return fate{.deaf = true}; };
  c.run();
  EXPECT_THAT(c.said, ElementsAre("L1", "王工", "王工 yes"));
  EXPECT_EQ(c.recorded, 1U);
  EXPECT_EQ(c.left, 0U);
  EXPECT_TRUE(c.ended);
}

TEST(Recording, AShortFailureIsNotToldAndALongOneAfterItsPatienceIs) {
  for (const bool long_one : {false, true}) {
    conversation c;
    c.give(0, "L1");
    c.stop(30'000);
    c.disk = [&](std::size_t nth) { return fate{.takes = nth > (long_one ? 15U : 3U)}; };
    c.run();
    EXPECT_THAT(c.said, long_one ? testing::ElementsAreArray({"!", "L1?", ".", "L1"})
                                 : testing::ElementsAreArray({"!", ".", "L1"}));
    if (long_one) EXPECT_NEAR(static_cast<double>(c.told_after["L1"].count()), 2'000, 210);
  }
}

TEST(Recording, WhatComesWhileACommitHangsIsToldAtOnce) {
  conversation c;
  c.give(0, "L1");
  c.give(1'000, "L2");
  c.give(6'000, "L3");
  c.stop(30'000);
  c.disk = [](std::size_t nth) { return fate{.after = milliseconds{nth == 1 ? 10'000 : 5}}; };
  c.run();
  EXPECT_THAT(c.said, ElementsAre("!", "L1?", "L2?", "L3?", ".", "L1", "L2", "L3"));
  EXPECT_EQ(c.told_after["L1"], milliseconds{5'000});
  EXPECT_EQ(c.told_after["L3"], milliseconds{0});
}

TEST(Recording, APersonIsAnsweredByTheNextTryAndDoesNotWaitForThePause) {
  conversation c;
  c.give(0, "L1");
  c.disk = [](std::size_t nth) { return fate{.takes = nth > 1, .after = milliseconds{nth == 1 ? 4'000 : 5}}; };
  c.enter(4'500, "王工");  // the pause lasts to 9 s
  c.give(6'000, "L2");
  c.stop(30'000);
  c.run();
  EXPECT_THAT(c.said, ElementsAre("!", "L1?", ".", "L1", "王工", "王工 yes", "L2"));
}

TEST(Recording, ALedgerThatIsAwayASecondTimeIsToldLikeTheFirst) {
  conversation c;
  c.give(0, "L1");
  c.give(20'000, "L2");
  c.stop(40'000);
  c.disk = [](std::size_t nth) { return nth == 1 ? fate{.after = milliseconds{6'000}} : fate{.takes = nth == 15}; };
  c.run();
  EXPECT_THAT(c.said, ElementsAre("!", "L1?", ".", "L1", "!", "L2?", ".", "L2"));
}

TEST(Recording, BeyondTheLimitItIsToldAndLostAndTheGapIsOne) {
  conversation c({.patience = milliseconds{0}, .most_queued = 2});
  c.disk = [](std::size_t nth) { return fate{.takes = nth > 10}; };
  for (int i = 0; i < 5; ++i) c.give(i, "L" + std::to_string(i));
  c.enter(300, "王工");
  c.give(400, "L5");
  c.give(60'000, "L6");
  c.stop(90'000);
  c.run();
  EXPECT_THAT(c.journal, ElementsAre("L0", "L1", "gap", "L6"));
  EXPECT_THAT(c.told(false), ElementsAre("L0", "L1", "L2", "L3", "L4", "L5"));
  EXPECT_TRUE(c.restate);
  EXPECT_EQ(c.lost, 4U);
  EXPECT_EQ(c.recorded, 3U) << "nothing is left in the queue's figure";
}

TEST(Recording, TheStopDoesNotWaitForThePauseAndTriesOnceMore) {
  for (const bool back : {true, false}) {
    conversation c;
    c.give(0, "L1");
    c.stop(100);
    c.disk = [&](std::size_t nth) { return fate{.takes = back && nth == 2}; };
    c.run();
    EXPECT_TRUE(c.ended);
    EXPECT_EQ(c.commits, 2U);
    EXPECT_EQ(c.ended_after, milliseconds{105}) << "one commit after the stop";
    EXPECT_EQ(c.left, back ? 0U : 1U);
    EXPECT_EQ(c.alarm, !back);
  }
}

TEST(Recording, TheStopSaysWhatIsLeftAndRefusesWhoAskedTooLate) {
  conversation c;
  c.give(0, "L1");
  c.enter(1'000, "王工");
  c.stop(1'002);
  c.enter(1'003, "李工");
  c.disk = [](std::size_t) { return fate{.takes = false}; };
  c.run();
  EXPECT_TRUE(c.ended);
  EXPECT_EQ(c.left, 1U);
  EXPECT_THAT(c.said, ElementsAre("!", "王工 no", "李工 no"));
}

TEST(Recording, TheStopWaitsForACommitThatHangsAndRecordsWhatCameMeanwhile) {
  conversation c;
  c.give(0, "L1");
  c.give(2'000, "L2");
  c.stop(3'000);
  c.disk = [](std::size_t nth) { return fate{.after = milliseconds{nth == 1 ? 8'000 : 5}}; };
  c.run();
  EXPECT_TRUE(c.ended);
  EXPECT_THAT(c.journal, ElementsAre("L1", "L2"));
  EXPECT_EQ(c.left, 0U);
}

TEST(Recording, NothingIsCommittedWhereNothingIs) {
  conversation c;
  c.stop(10);
  c.run();
  EXPECT_TRUE(c.ended);
  EXPECT_EQ(c.commits, 0U);
  EXPECT_THAT(c.said, IsEmpty());
}

/** As its driver does when memory runs out while something is told to it or decided. */
TEST(Recording, AfterItBrokeOffItGoesOnFromWhereItWas) {
  const mono_t start{std::chrono::hours{1}};
  recording r{{}};
  r.given({.heartbeat = wall_from_ms(1), .records = {transition{.target = "L1", .decided_by = {}}}, .memory = {}});
  ASSERT_EQ(r.broke_off(start).until, start + recording::longest_pause) << "before the commit: later";
  EXPECT_EQ(r.resume(start).commit, nullptr);
  const auto begun = r.resume(start + recording::longest_pause);
  ASSERT_NE(begun.commit, nullptr);
  r.stop();
  EXPECT_FALSE(r.broke_off(start + recording::longest_pause).end) << "the commit must return first";
  r.returned({});
  EXPECT_EQ(r.resume(start + recording::longest_pause).tell.size(), 1U);
  EXPECT_TRUE(r.resume(start + recording::longest_pause).end);
}

}  // namespace
}  // namespace changtong
