#include "daemon/ledger/windows.h"
#include "daemon/entries/window_steps.h"

#include <gtest/gtest.h>

#include "tests/ledger/desk.h"

namespace changtong::entries {
namespace {

using namespace ledger;

using desk::at;

window_step step(double made, double from, double to, std::string_view state) {
  return {at(made), {at(from), at(to)}, window_state_named(state).value()};
}

TEST(Windows, ApprovedBeforeItBeginsIsExcluded) {
  EXPECT_EQ(excluded_by({step(1, 10, 20, "requested"), step(5, 10, 20, "approved")}), (period{at(10), at(20)}));
}

TEST(Windows, RequestAloneExcludesNothing) { EXPECT_TRUE(excluded_by({step(1, 10, 20, "requested")}).empty()); }

TEST(Windows, LateApprovalExcludesNothing) {
  EXPECT_TRUE(excluded_by({step(1, 10, 20, "requested"), step(12, 10, 20, "approved")}).empty());
  EXPECT_TRUE(excluded_by({step(10, 10, 20, "approved")}).empty()) << "strictly before";
}

TEST(Windows, RevisionMustBeApprovedAgain) {
  EXPECT_TRUE(excluded_by({step(1, 10, 20, "approved"), step(5, 30, 40, "revised")}).empty());
  EXPECT_EQ(excluded_by({step(1, 10, 20, "approved"), step(5, 30, 40, "revised"), step(6, 30, 40, "approved")}),
            (period{at(30), at(40)}));
}

TEST(Windows, CancelledBeforeItBeginsExcludesNothing) {
  EXPECT_TRUE(excluded_by({step(1, 10, 20, "approved"), step(5, 10, 20, "cancelled")}).empty());
}

TEST(Windows, CancelledWhileItLastsEndsAtThatInstant) {
  EXPECT_EQ(excluded_by({step(1, 10, 20, "approved"), step(15, 10, 20, "cancelled")}), (period{at(10), at(15)}));
}

TEST(Windows, RecordMadeWhileItLastsCanOnlyEndItEarlierAndNotBeforeItself) {
  EXPECT_EQ(excluded_by({step(1, 10, 20, "approved"), step(15, 10, 30, "approved")}), (period{at(10), at(20)}));
  EXPECT_EQ(excluded_by({step(1, 10, 20, "approved"), step(15, 10, 18, "revised")}), (period{at(10), at(18)}));
  EXPECT_EQ(excluded_by({step(1, 10, 20, "approved"), step(15, 10, 12, "revised")}), (period{at(10), at(15)}));
}

TEST(Windows, RecordMadeAfterItsEndChangesNothing) {
  EXPECT_EQ(excluded_by({step(1, 10, 20, "approved"), step(25, 10, 20, "cancelled")}), (period{at(10), at(20)}));
}

TEST(Windows, ALateApprovalExcludesOnlyWhereThePolicyAllowsIt) {
  const std::vector<window_step> late{step(1, 10, 20, "requested"), step(12, 10, 20, "approved")};
  EXPECT_TRUE(excluded_by(late, late_approval::none).empty());
  EXPECT_EQ(excluded_by(late, late_approval::allow), (period{at(10), at(20)})) << "the whole period";
  EXPECT_EQ(excluded_by({step(30, 10, 20, "requested"), step(31, 10, 20, "approved")}, late_approval::allow),
            (period{at(10), at(20)}))
      << "even after its end";
}

TEST(Windows, WhatWasApprovedLateCanBeEndedEarlierToo) {
  EXPECT_EQ(excluded_by({step(12, 10, 20, "approved"), step(15, 10, 20, "cancelled")}, late_approval::allow),
            (period{at(10), at(15)}));
  EXPECT_EQ(excluded_by({step(12, 10, 20, "approved"), step(15, 10, 18, "revised")}, late_approval::allow),
            (period{at(10), at(18)}));
  EXPECT_TRUE(excluded_by({step(1, 10, 20, "approved"), step(5, 10, 20, "cancelled")}, late_approval::allow).empty());
}

TEST(Windows, AnExtensionApprovedWhileItLastsCountsOnlyWhereThePolicyAllowsIt) {
  const std::vector<window_step> longer{step(1, 10, 20, "approved"), step(15, 10, 30, "revised"),
                                        step(16, 10, 30, "approved")};
  EXPECT_EQ(excluded_by(longer), (period{at(10), at(20)}));
  EXPECT_EQ(excluded_by(longer, late_approval::allow), (period{at(10), at(30)}));
}

TEST(Windows, ThePolicySaysWhetherLateApprovalsCount) {
  EXPECT_EQ(late_approval_in(R"({"windows":{"late_approval":"allow"}})"), late_approval::allow);
  for (const char* text : {"", "{", "[]", "{}", R"({"windows":1})", R"({"windows":{}})",
                           R"({"windows":{"late_approval":"none"}})", R"({"windows":{"late_approval":true}})"})
    EXPECT_EQ(late_approval_in(text), late_approval::none) << text;
}

// A revision waits for an approval unless it asks for no time but what is excluded.
TEST(Windows, ARevisionThatOnlyEndsItEarlierLeavesItApproved) {
  const auto after = [](std::vector<window_step> more, const window_rules& rules = {}) {
    more.insert(more.begin(), step(1, 10, 20, "approved"));
    return standing_of(more, rules);
  };
  EXPECT_EQ(after({}), window_state::approved);
  EXPECT_EQ(after({step(15, 10, 18, "revised")}), window_state::approved);
  EXPECT_EQ(after({step(15, 10, 12, "revised")}), window_state::approved) << "to an instant that was: it ends now";
  EXPECT_EQ(after({step(15, 10, 20, "revised")}), window_state::approved) << "the same for fewer targets";
  EXPECT_EQ(after({step(15, 10, 18, "revised"), step(16, 10, 17, "revised")}), window_state::approved);
  EXPECT_EQ(after({step(15, 10, 18, "revised"), step(16, 10, 20, "revised")}), window_state::revised) << "it ended";
  EXPECT_EQ(after({step(15, 10, 21, "revised")}), window_state::revised) << "more than was approved";
  EXPECT_EQ(after({step(15, 9, 18, "revised")}), window_state::revised);
  EXPECT_EQ(after({step(5, 10, 18, "revised")}), window_state::revised) << "before it begins";
  EXPECT_EQ(after({step(15, 10, 18, "revised"), step(16, 10, 18, "cancelled")}), window_state::cancelled);
  EXPECT_EQ(after({step(15, 10, 18, "revised")}, {late_approval::none, milliseconds{9'001}}), window_state::revised)
      << "approved too late for the policy, it excludes nothing";
}

TEST(Windows, ARevisionOfWhatWasAdmittedLateFollowsThePolicy) {
  const std::vector<window_step> steps{step(12, 10, 20, "approved"), step(15, 10, 18, "revised")};
  EXPECT_EQ(standing_of(steps, {late_approval::allow}), window_state::approved);
  EXPECT_EQ(standing_of(steps, {late_approval::none}), window_state::revised);
}

TEST(Windows, WhatWasAdmittedLateAndTooLongIsTakenBackByAnApproval) {
  const window_rules allow{late_approval::allow};
  std::vector<window_step> steps{step(22, 10, 20, "approved"), step(25, 10, 18, "revised")};
  EXPECT_EQ(excluded_by(steps, allow), (period{at(10), at(20)})) << "until somebody approves less";
  EXPECT_EQ(standing_of(steps, allow), window_state::revised) << "so that it can be approved";
  steps.push_back(step(26, 10, 18, "approved"));
  EXPECT_EQ(excluded_by(steps, allow), (period{at(10), at(18)}));
  EXPECT_EQ(standing_of(steps, allow), window_state::approved);
}

// Which step may follow which.

using act = window_command::act;

/** A desk at which one window is worked on. */
struct window_case : testing::Test {
  entering take(double now, act what, const std::string& by, window_command w = {}) {
    w.what = what;
    w.id = "W1";
    auto done = next_step(records, w, by, at(now), policy, same);
    if (done)
      for (const record& r : done->records) records.push_back(std::get<window_record>(r));
    return done;
  }
  entering request(double now, double from, double to, const std::string& by = "李工") {
    window_command w;
    w.targets = {"L2", "L1"};
    w.from = at(from);
    w.to = at(to);
    return take(now, act::request, by, w);
  }
  static std::string code(const entering& e) { return e ? "" : e.error().code; }
  static std::string notices(const entering& e) {
    std::string all;
    if (e)
      for (const notice& n : e->notices) all += (all.empty() ? "" : " ") + n.code;
    return all;
  }
  [[nodiscard]] period excluded(const std::string& target = "L1") const {
    std::vector<window_step> steps;
    for (const window_record& r : records)
      if (r.target == target) steps.push_back(step_of(r));
    return excluded_by(steps, policy);
  }
  std::vector<window_record> records;
  late_approval policy = late_approval::none;
  same_person same = std::equal_to<>();
};
struct Window : window_case {};

TEST_F(Window, IsRequestedByOneAndApprovedByAnother) {
  EXPECT_EQ(notices(request(1, 10, 20)), "needs_approval");
  EXPECT_EQ(records.size(), 2u) << "one record a line";
  EXPECT_TRUE(excluded().empty());
  EXPECT_TRUE(take(5, act::approve, "王工"));
  EXPECT_EQ(excluded("L1"), (period{at(10), at(20)}));
  EXPECT_EQ(excluded("L2"), (period{at(10), at(20)}));
  const auto s = story_of(records, at(6));
  EXPECT_EQ(s.state, window_state::approved);
  EXPECT_EQ(s.requested_by, "李工");
  EXPECT_EQ(s.approved_by, "王工");
  EXPECT_FALSE(s.late);
}

TEST_F(Window, CannotBeApprovedByWhoRequestedIt) {
  ASSERT_TRUE(request(1, 10, 20));
  EXPECT_EQ(code(take(2, act::approve, "李工")), "second_person_needed");
  EXPECT_EQ(records.size(), 2u);
}

TEST_F(Window, CannotBeApprovedByWhoWroteAnyEarlierVersion) {
  ASSERT_TRUE(request(1, 10, 20, "赵工"));
  double to = 30;
  for (const char* who : {"李工", "王工"}) {
    window_command longer;
    longer.to = at(to++);
    ASSERT_TRUE(take(2, act::revise, who, longer));
  }
  for (const char* who : {"赵工", "李工", "王工"})
    EXPECT_EQ(code(take(3, act::approve, who)), "second_person_needed") << who;
  EXPECT_EQ(story_of(records, at(3)).revisers, (std::vector<std::string>{"李工", "王工"}));
  ASSERT_TRUE(take(4, act::approve, "周工"));
  window_command shorter;
  shorter.to = at(15);
  ASSERT_TRUE(take(5, act::revise, "李工", shorter));
  ASSERT_TRUE(take(6, act::approve, "周工")) << "to approve is not to write";
}

TEST_F(Window, IsDecidedOnByWhoHasSeenItAsItStands) {
  ASSERT_TRUE(request(1, 10, 20));
  window_command seen, longer;
  seen.version = version_of(story_of(records, at(2)));
  EXPECT_EQ(seen.version.size(), 16U);
  longer.to = at(900);
  ASSERT_TRUE(take(3, act::revise, "李工", longer));
  EXPECT_EQ(code(take(4, act::approve, "王工", seen)), "window_changed") << "it is a longer one by now";
  EXPECT_EQ(code(take(4, act::cancel, "王工", seen)), "window_changed");
  seen.version = version_of(story_of(records, at(5)));
  ASSERT_TRUE(take(5, act::approve, "王工", seen));
  EXPECT_EQ(code(take(6, act::cancel, "赵工", seen)), "window_changed") << "what waited then is approved now";
  EXPECT_EQ(code(take(6, act::approve, "赵工", seen)), "already_approved");
}

TEST_F(Window, CannotBeApprovedByTheSamePersonUnderAnotherSpelling) {
  same = [](std::string_view a, std::string_view b) { return a.substr(0, 3) == b.substr(0, 3); };
  ASSERT_TRUE(request(1, 10, 20, "李工"));
  EXPECT_EQ(code(take(2, act::approve, "李 工")), "second_person_needed");
  ASSERT_TRUE(take(2, act::approve, "王工"));
}

/** Whoever approves may hold the token that is nobody's. */
TEST_F(Window, OfNobodyIsTakenOverByAPersonBeforeAnotherOneApprovesIt) {
  ASSERT_TRUE(request(1, 10, 20, "api"));
  EXPECT_EQ(code(take(2, act::approve, "王工")), "nobodys_request");
  ASSERT_TRUE(take(3, act::revise, "李工")) << "as it is";
  EXPECT_EQ(code(take(4, act::approve, "李工")), "second_person_needed");
  ASSERT_TRUE(take(4, act::approve, "王工"));
  EXPECT_EQ(story_of(records, at(5)).approved_by, "王工") << "also of a version that was revised";
  EXPECT_EQ(story_of(records, at(5)).requested_by, "api");
  EXPECT_EQ(story_of(records, at(5)).revisers, std::vector<std::string>{"李工"}) << "who took it over is named";
  EXPECT_EQ(excluded(), (period{at(10), at(20)}));
  window_command longer;
  longer.to = at(30);
  ASSERT_TRUE(take(5, act::revise, "api", longer));
  EXPECT_EQ(code(take(6, act::approve, "王工")), "nobodys_request") << "what stands is nobody's again";
}

TEST(Windows, WithALeadAnApprovalOnTheEveExcludesNothing) {
  const window_rules lead(late_approval::none, milliseconds{3'600'000});
  const auto approved = [](double at) { return std::vector<window_step>{step(at, 7200, 9000, "approved")}; };
  EXPECT_EQ(excluded_by(approved(3600), lead), (period{at(7200), at(9000)})) << "to the millisecond";
  EXPECT_TRUE(excluded_by(approved(3600.001), lead).empty());
  EXPECT_FALSE(excluded_by(approved(3600.001)).empty());
  EXPECT_TRUE(excluded_by(approved(8000), {late_approval::allow, milliseconds{1}}).empty());
  EXPECT_EQ(excluded_by({step(10, 7200, 9000, "approved"), step(7300, 7200, 8000, "revised")}, lead),
            (period{at(7200), at(8000)}))
      << "ending it early needs no lead";
  EXPECT_EQ(window_rules_in(R"({"windows":{"late_approval":"none","window_lead_ms":60000}})").lead.count(), 60000);
  EXPECT_EQ(window_rules_in(R"({"windows":{"late_approval":"allow","window_lead_ms":"1h"}})").late,
            late_approval::allow);
}

TEST_F(Window, RevisedByOneMustBeApprovedByYetAnother) {
  ASSERT_TRUE(request(1, 10, 20));
  ASSERT_TRUE(take(2, act::approve, "王工"));
  window_command longer;
  longer.to = at(30);
  EXPECT_EQ(notices(take(3, act::revise, "王工", longer)), "needs_approval");
  EXPECT_TRUE(excluded().empty()) << "what was approved is no longer wanted";
  EXPECT_EQ(code(take(4, act::approve, "王工")), "second_person_needed") << "who revised it";
  EXPECT_EQ(code(take(4, act::approve, "李工")), "second_person_needed") << "who requested it";
  ASSERT_TRUE(take(5, act::approve, "赵工"));
  EXPECT_EQ(excluded(), (period{at(10), at(30)}));
}

TEST_F(Window, RequestedOrApprovedTooLateIsKeptAndFlaggedAndExcludesNothing) {
  EXPECT_EQ(notices(request(10, 10, 20)), "late") << "strictly before it begins";
  EXPECT_EQ(notices(take(12, act::approve, "王工")), "late");
  EXPECT_TRUE(excluded().empty());
  const auto s = story_of(records, at(30));
  EXPECT_TRUE(s.late);
  EXPECT_TRUE(s.late_request);
  policy = late_approval::allow;
  EXPECT_EQ(excluded(), (period{at(10), at(20)}));
}

TEST_F(Window, NobodyApprovedIsLateOnceItBegins) {
  ASSERT_TRUE(request(1, 10, 20));
  EXPECT_FALSE(story_of(records, at(9)).late);
  EXPECT_TRUE(story_of(records, at(10)).late);
  EXPECT_FALSE(story_of(records, at(10)).late_request);
}

TEST_F(Window, CancelledWhileItLastsEndsThere) {
  ASSERT_TRUE(request(1, 10, 20));
  ASSERT_TRUE(take(2, act::approve, "王工"));
  EXPECT_EQ(notices(take(15, act::cancel, "李工")), "ended_now");
  EXPECT_EQ(excluded(), (period{at(10), at(15)}));
  EXPECT_EQ(code(take(16, act::cancel, "李工")), "window_cancelled");
  EXPECT_EQ(code(take(16, act::approve, "王工")), "window_cancelled");
}

TEST_F(Window, ThatIsOverStands) {
  ASSERT_TRUE(request(1, 10, 20));
  ASSERT_TRUE(take(2, act::approve, "王工"));
  EXPECT_EQ(code(take(20, act::cancel, "李工")), "window_over");
  window_command later;
  later.to = at(40);
  EXPECT_EQ(code(take(25, act::revise, "李工", later)), "window_over");
}

TEST_F(Window, RevisedWhileItLastsIsToldThatItCanOnlyEndEarlier) {
  ASSERT_TRUE(request(1, 10, 20));
  ASSERT_TRUE(take(2, act::approve, "王工"));
  window_command shorter;
  shorter.to = at(12);
  EXPECT_EQ(notices(take(15, act::revise, "李工", shorter)), "only_ends_earlier");
  EXPECT_EQ(excluded(), (period{at(10), at(15)}));
}

TEST_F(Window, EndedEarlierItIsStillApprovedAndMayEndEarlierYet) {
  ASSERT_TRUE(request(1, 10, 20));
  ASSERT_TRUE(take(2, act::approve, "王工"));
  window_command shorter;
  shorter.to = at(18);
  ASSERT_TRUE(take(12, act::revise, "李工", shorter));
  const auto s = story_of(records, at(13));
  EXPECT_EQ(s.state, window_state::approved);
  EXPECT_EQ(s.approved_by, "王工");
  EXPECT_EQ(s.revised_by, "李工");
  EXPECT_EQ(s.when.to, at(18));
  EXPECT_FALSE(s.late);
  EXPECT_EQ(code(take(13, act::approve, "赵工")), "already_approved");
  shorter.to = at(16);
  EXPECT_EQ(notices(take(14, act::revise, "李工", shorter)), "only_ends_earlier");
  EXPECT_EQ(excluded(), (period{at(10), at(16)}));
  EXPECT_EQ(code(take(17, act::revise, "李工", shorter)), "window_over");
  EXPECT_EQ(code(take(17, act::cancel, "李工")), "window_over");
}

TEST_F(Window, EndedEarlierItMayStillBeEndedNow) {
  ASSERT_TRUE(request(1, 10, 20));
  ASSERT_TRUE(take(2, act::approve, "王工"));
  window_command shorter;
  shorter.to = at(18);
  ASSERT_TRUE(take(12, act::revise, "李工", shorter));
  EXPECT_EQ(notices(take(15, act::cancel, "李工")), "ended_now");
  EXPECT_EQ(excluded(), (period{at(10), at(15)}));
  EXPECT_EQ(story_of(records, at(16)).state, window_state::cancelled);
  EXPECT_EQ(story_of(records, at(16)).approved_by, "王工") << "who approved what is out of the books";
}

TEST_F(Window, WantedLongerWhileItLastsItWaitsAndWhatWasApprovedStands) {
  ASSERT_TRUE(request(1, 10, 20));
  ASSERT_TRUE(take(2, act::approve, "王工"));
  window_command longer;
  longer.to = at(30);
  EXPECT_EQ(notices(take(12, act::revise, "李工", longer)), "only_ends_earlier");
  const auto s = story_of(records, at(13));
  EXPECT_EQ(s.state, window_state::revised);
  EXPECT_EQ(s.approved_by, "") << "nobody approved this version";
  EXPECT_EQ(excluded(), (period{at(10), at(20)}));
  EXPECT_EQ(notices(take(14, act::cancel, "李工")), "ended_now") << "its time is being taken out";
  EXPECT_EQ(excluded(), (period{at(10), at(14)}));
}

TEST_F(Window, WithALineMoreWhileItLastsItWaitsForThatLine) {
  ASSERT_TRUE(request(1, 10, 20));
  ASSERT_TRUE(take(2, act::approve, "王工"));
  window_command more;
  more.targets = {"L1", "L2", "L3"};
  ASSERT_TRUE(take(12, act::revise, "李工", more));
  EXPECT_EQ(story_of(records, at(13)).state, window_state::revised);
  EXPECT_EQ(excluded("L1"), (period{at(10), at(20)}));
  EXPECT_TRUE(excluded("L3").empty());
  more.targets = {"L1"};
  ASSERT_TRUE(take(14, act::revise, "李工", more));
  EXPECT_EQ(story_of(records, at(15)).state, window_state::approved) << "the lines that waited were dropped";
}

TEST_F(Window, RevisionMayDropOneLineAndTakeInAnother) {
  ASSERT_TRUE(request(1, 10, 20));
  ASSERT_TRUE(take(2, act::approve, "王工"));
  window_command other;
  other.targets = {"L2", "L3"};
  ASSERT_TRUE(take(3, act::revise, "李工", other));
  ASSERT_TRUE(take(4, act::approve, "王工"));
  EXPECT_TRUE(excluded("L1").empty());
  EXPECT_FALSE(excluded("L2").empty());
  EXPECT_FALSE(excluded("L3").empty());
  EXPECT_EQ(story_of(records, at(5)).targets, (std::vector<std::string>{"L2", "L3"}));
  EXPECT_EQ(story_of(records, at(5)).state, window_state::approved);
}

TEST_F(Window, MistakesAreNamed) {
  EXPECT_EQ(code(take(1, act::approve, "王工")), "unknown_window");
  EXPECT_EQ(code(request(1, 20, 10)), "ends_before_it_begins");
  EXPECT_EQ(code(request(1, 10, 10)), "ends_before_it_begins");
  EXPECT_EQ(code(request(1, 10, 10 + 367 * 86'400.0)), "window_too_long");
  EXPECT_EQ(code(take(1, act::request, "李工")), "window_without_period");
  window_command bare;
  bare.from = at(10);
  bare.to = at(20);
  EXPECT_EQ(code(take(1, act::request, "李工", bare)), "window_without_targets");
  bare.text = std::string(1001, 'x');
  EXPECT_EQ(code(take(1, act::request, "李工", bare)), "text_too_long");
  EXPECT_TRUE(records.empty());
  EXPECT_EQ(notices(request(1, 10, 10 + 31 * 86'400.0)), "long_window needs_approval");
  EXPECT_EQ(code(request(2, 10, 20)), "window_exists");
  EXPECT_EQ(code(take(2, act::revise, "李工")), "nothing_revised");
  window_command with_period;
  with_period.to = at(30);
  EXPECT_EQ(code(take(2, act::approve, "王工", with_period)), "approval_changes_nothing");
  EXPECT_EQ(code(take(2, act::cancel, "李工", with_period)), "cancel_takes_all");
  ASSERT_TRUE(take(2, act::approve, "王工"));
  EXPECT_EQ(code(take(3, act::approve, "赵工")), "already_approved");
}

// Whatever people try, in whatever order.
TEST(WindowProperty, OnlyASecondPersonInTimeTakesTimeOutOfTheBooks) {
  EXPECT_TRUE(rc::check([] {
    std::vector<window_record> records;
    const std::vector<std::string> people{"李工", "王工", "赵工"};
    double now = 0;
    for (int i = *rc::gen::inRange(2, 10), k = 0; k < i; ++k) {
      now += *rc::gen::inRange(0, 4);
      window_command w;
      w.what = k == 0 ? act::request
                      : *rc::gen::weightedElement<act>({{6, act::approve}, {3, act::revise}, {1, act::cancel}});
      w.id = "W1";
      if (w.what == act::request) w.targets = {"L1"};
      if (w.what == act::request || w.what == act::revise) {
        w.from = at(*rc::gen::inRange(5, 30));
        w.to = *w.from + std::chrono::seconds{*rc::gen::inRange(1, 20)};
      }
      const auto by = *rc::gen::elementOf(people);
      if (const auto done = next_step(records, w, by, at(now), late_approval::none); done)
        for (const record& r : done->records) records.push_back(std::get<window_record>(r));
    }
    std::vector<window_step> steps;
    for (const window_record& r : records) steps.push_back(step_of(r));
    const period strict = excluded_by(steps), allowed = excluded_by(steps, late_approval::allow);
    RC_ASSERT(strict.empty() || intersect(strict, allowed) == strict);
    RC_CLASSIFY(!strict.empty(), "with excluded time");
    if (strict.empty()) return;
    // The record that decided: approved in time, of the very period, by neither requester nor the reviser before it.
    const auto decided = std::find_if(records.rbegin(), records.rend(), [&](const window_record& r) {
      return r.state == window_state::approved && r.at < r.from && r.from == strict.from && strict.to <= r.to;
    });
    RC_ASSERT(decided != records.rend());
    RC_ASSERT(decided->by != records.front().by);
    const auto before = decided + 1;
    RC_ASSERT(before->by != decided->by && before->from == decided->from && before->to == decided->to);
  }));
}

}  // namespace
}  // namespace changtong::entries
