// Commands against a real ledger: what is entered, what is refused, and that it is there afterwards.
#include "daemon/entries/entering.h"

#include "daemon/books/window_list.h"
#include "daemon/entries/closing.h"
#include "daemon/entries/window_steps.h"
#include "daemon/ledger/windows.h"
#include "tests/ledger/desk.h"

namespace changtong::entries {
namespace {

using namespace ledger;

using namespace desk;
using act = window_command::act;

struct Entering : testing::Test {
  Entering() {
    commit(*books, 0,
           {started{at(0), "0.1.0", ""}, policy_version{at(0), "Asia/Shanghai", "{}", "test"}, line("L1", 0),
            line("L2", 0)});
  }
  entering enter(double now, std::vector<command> what, const std::string& who = "李工") {
    auto done = draft(*people, what, {.name = who, .source = "api", .via = "api: " + who + "@192.0.2.7"}, at(now));
    if (done && !done->records.empty()) {
      const auto kept = books->commit({{}, done->records, {}});
      EXPECT_TRUE(kept) << to_string(kept.error());
    }
    return done;
  }
  static window_command requested(std::vector<std::string> targets, double from, double to, std::string id = {}) {
    window_command w;
    w.targets = std::move(targets);
    w.from = at(from);
    w.to = at(to);
    w.id = std::move(id);
    return w;
  }
  static window_command step(act what, std::string id) {
    window_command w;
    w.what = what;
    w.id = std::move(id);
    return w;
  }
  static std::string code(const entering& e) { return e ? "" : e.error().code; }
  static std::vector<command> one(command c) { return {std::move(c)}; }

  folder f;
  std::unique_ptr<writer> books = opened(f);
  std::unique_ptr<reader> people = reading(f);
  [[nodiscard]] std::vector<window_record> window(const std::string& id) const {
    std::vector<window_record> steps;
    for (const window_entry& e : people->windows())
      if (e.what.id == id) steps.push_back(e.what);
    return steps;
  }
};

TEST_F(Entering, AWindowGetsTheDaysNextFreeNumber) {
  ASSERT_TRUE(enter(1, one(requested({"L1"}, 10, 20))));
  ASSERT_TRUE(enter(1, {requested({"L1"}, 10, 20), requested({"L2"}, 10, 20)}));
  for (const char* id : {"W20260314-1", "W20260314-2", "W20260314-3"}) EXPECT_EQ(window(id).size(), 1u) << id;
}

TEST_F(Entering, AWindowThatASecondPersonApprovedTakesItsTimeOut) {
  commit(*books, 1, {up("L1", 1)});
  ASSERT_TRUE(enter(2, one(requested({"L1"}, 10, 20, "G-7"))));
  ASSERT_TRUE(enter(3, one(step(act::approve, "G-7")), "王工"));
  commit(*books, 60);
  EXPECT_EQ(in_seconds(measured(f, "L1", 0, 60, 60).excluded), 10);
}

TEST_F(Entering, AStarIsOneEntryForEveryLineThatIsInScopeAtItsTime) {
  commit(*books, 1, {up("L1", 1), up("L2", 1)});
  ASSERT_TRUE(enter(2, one(requested({"*", "*"}, 10, 20, "ALL"))));
  ASSERT_TRUE(enter(3, one(step(act::approve, "ALL")), "王工"));
  EXPECT_EQ(window("ALL").size(), 2u);
  commit(*books, 15, {line("L3", 15), inventory_version{at(15), "L2", "", "test"}});
  commit(*books, 60, {up("L3", 15)});
  EXPECT_EQ(in_seconds(measured(f, "L1", 0, 60, 60).excluded), 10);
  EXPECT_EQ(in_seconds(measured(f, "L2", 0, 60, 60).excluded), 5) << "until it was taken out of the inventory";
  EXPECT_EQ(in_seconds(measured(f, "L3", 0, 60, 60).excluded), 5) << "from the day it is accepted";
  const auto rows = books::list_windows(*people, {at(0), at(60)}, "L3", at(60), 9);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].story.targets, std::vector<std::string>{"*"});
  EXPECT_EQ(rows[0].excluded_targets, 3u);
}

TEST_F(Entering, ARosterIsTakenBackUntilItsDayBegins) {
  const duty_command on{.day = "2026-03-16", .person = "王工", .text = {}};
  duty_command back = on;
  back.withdraw = true;
  EXPECT_EQ(code(enter(1, one(back))), "no_duty");
  ASSERT_TRUE(enter(2, one(on)));
  ASSERT_TRUE(enter(3, one(back)));
  EXPECT_EQ(code(enter(4, one(back))), "no_duty") << "once";
  const auto all = people->duties("2026-03-16", "2026-03-16");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[1].source, withdrawn_duty);
  const auto again = enter(5, one(on));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->records.size(), 1u) << "it may be entered anew";
  EXPECT_EQ(code(enter(86'400 * 2 + 1, one(back))), "duty_begun");
}

TEST_F(Entering, ARosterWithAGapOrSeveralOfADaySaysSo) {
  const auto on = [](const char* day, const char* who) { return duty_command{.day = day, .person = who, .text = {}}; };
  const auto codes = [](const entering& e) {
    std::vector<std::string> out;
    for (const notice& n : e->notices)
      if (n.code != "duty_roster") out.push_back(n.code);
    return out;
  };
  using list = std::vector<std::string>;
  EXPECT_EQ(codes(enter(1, one(on("2026-03-14", "王工")))), list());
  const auto gap = enter(2, one(on("2026-03-18", "李工")));
  ASSERT_EQ(codes(gap), list{"duty_gap"});
  EXPECT_NE(gap->notices.back().text.find("2026-03-15、2026-03-16、2026-03-17"), std::string::npos)
      << gap->notices.back().text;
  const auto two = enter(3, one(on("2026-03-18", "王工")));
  ASSERT_EQ(codes(two), (list{"duty_gap", "duty_several"}));
  EXPECT_NE(two->notices.back().text.find("2026-03-18（李工、王工）"), std::string::npos) << two->notices.back().text;
  EXPECT_NE(two->notices.back().text_en.find("2026-03-18 (李工, 王工)"), std::string::npos)
      << two->notices.back().text_en;
  EXPECT_EQ(codes(enter(4, {on("2026-03-15", "王工"), on("2026-03-16", "王工"), on("2026-03-17", "王工")})), list());
  const auto nine = enter(5, one(on("2026-03-28", "李工")));
  ASSERT_EQ(codes(nine), list{"duty_gap"});
  EXPECT_NE(nine->notices.back().text.find("、2026-03-23等 9 天 "), std::string::npos) << nine->notices.back().text;
  EXPECT_NE(nine->notices.back().text_en.find(", 2026-03-23 and others, 9 days in all;"), std::string::npos)
      << nine->notices.back().text_en;
}

TEST_F(Entering, EveryEntryOfAPersonSaysWhoseTokenAndFromWhere) {
  ASSERT_TRUE(enter(1, one(requested({"L1"}, 10, 20, "W"))));
  ASSERT_TRUE(enter(2, one(step(act::approve, "W")), "王工"));
  ASSERT_TRUE(enter(2, one(annotation_command{"L1", {}, "雷击"})));
  ASSERT_TRUE(enter(2, one(duty_command{})));
  EXPECT_EQ(window("W")[0].via, "api: 李工@192.0.2.7");
  EXPECT_EQ(window("W")[1].via, "api: 王工@192.0.2.7");
  EXPECT_EQ(people->annotations("L1", {at(0), at(9)})[0].via, "api: 李工@192.0.2.7");
  const auto duty = people->duties("2026-03-14", "2026-03-14");
  EXPECT_EQ(duty[0].via, "api: 李工@192.0.2.7");
  EXPECT_EQ(duty[0].source, "api");
  const auto rows = books::list_windows(*people, {at(0), at(60)}, "L1", at(60), 9);
  EXPECT_EQ(rows[0].story.requested_via, "api: 李工@192.0.2.7");
  EXPECT_EQ(rows[0].story.approved_via, "api: 王工@192.0.2.7");
}

TEST_F(Entering, AWindowForALineThatIsDownAlreadyIsFlagged) {
  commit(*books, 5, {up("L1", 1), up("L2", 1), down("L1", 3, 2)});
  const auto asked = enter(6, one(requested({"L1", "L2"}, 8000, 9000, "W")));
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->notices.back().code, "already_down");
  EXPECT_EQ(window("W")[0].flags, "already_down");
  EXPECT_EQ(window("W")[1].flags, "");
  commit(*books, 20, {up_again("L1", 10, 9)});
  ASSERT_TRUE(enter(30, one(step(act::approve, "W")), "王工"));
  EXPECT_EQ(window("W")[2].flags, "") << "up again, and two hours before it begins";
  const auto rows = books::list_windows(*people, {at(0), at(9000)}, "L2", at(60), 9);
  EXPECT_EQ(rows[0].story.flags, std::vector<std::string>{"already_down"});
}

TEST_F(Entering, AWindowThatBeginsSoonerThanAnHourAfterItsApprovalIsFlaggedAndExcludedAllTheSame) {
  commit(*books, 1, {up("L1", 1)});
  ASSERT_TRUE(enter(2, one(requested({"L1"}, 3000, 4000, "W"))));
  const auto done = enter(3, one(step(act::approve, "W")), "王工");
  EXPECT_EQ(done->notices.back().code, "late_notice");
  EXPECT_EQ(window("W")[0].flags, "") << "a request is no approval";
  EXPECT_EQ(window("W")[1].flags, "late_notice");
  commit(*books, 5000);
  EXPECT_EQ(in_seconds(measured(f, "L1", 0, 5000, 5000).excluded), 1000);
}

TEST_F(Entering, WithAWindowLeadItIsNotExcludedAndTheListSaysSo) {
  commit(*books, 1,
         {up("L1", 1), policy_version{at(1), "Asia/Shanghai", R"({"windows":{"window_lead_ms":3600000}})", "test"}});
  ASSERT_TRUE(enter(2, one(requested({"L1"}, 3000, 4000, "W"))));
  EXPECT_EQ(enter(3, one(step(act::approve, "W")), "王工")->notices.back().code, "short_notice");
  commit(*books, 5000);
  EXPECT_EQ(in_seconds(measured(f, "L1", 0, 5000, 5000).excluded), 0);
  EXPECT_TRUE(books::list_windows(*people, {at(0), at(5000)}, "L1", at(5000), 9)[0].short_notice);
}

TEST_F(Entering, AWindowOnATownshipSaysHowManyLinesHangBelowAndTakesThemInIfAsked) {
  commit(*books, 1,
         {line("T", 0), line("V1", 0, R"("parent":"T")"), line("V2", 0, R"("parent":"T")"),
          line("H", 0, R"("parent":"V2")"), line("X", 0, R"("parent":"X")")});
  const auto alone = enter(2, one(requested({"T"}, 10, 20, "A")));
  ASSERT_TRUE(alone);
  EXPECT_EQ(alone->notices.back().code, "lines_below");
  EXPECT_NE(alone->notices.back().text_en.find("3 lines"), std::string::npos) << alone->notices.back().text_en;
  window_command w = step(act::revise, "A");
  w.below = true;
  ASSERT_TRUE(enter(3, one(w)));
  EXPECT_EQ(story_of(window("A"), at(3)).targets, (std::vector<std::string>{"H", "T", "V1", "V2"}));
  w = requested({"T", "V1", "V2", "H"}, 10, 20, "B");
  const auto whole = enter(3, one(w));
  ASSERT_TRUE(whole);
  for (const notice& n : whole->notices) EXPECT_NE(n.code, "lines_below");
}

TEST_F(Entering, CharactersThatNobodySeesAreRefusedByTheirNumberAndPlace) {
  const auto noted = [&](const std::string& text) { return enter(1, one(annotation_command{"L1", {}, text})); };
  for (const auto& [text, said] : {std::pair{"雷\xe2\x80\x8b击", "character 2 is U+200B"},
                                   {"\xe2\x80\xae雷击", "character 1 is U+202E"},
                                   {"雷击\xef\xbb\xbf", "character 3 is U+FEFF"},
                                   {"a\xc2\x85", "character 2 is U+0085"},
                                   {"a\xf3\xa0\x81\x81", "character 2 is U+E0041"},
                                   {"a\xff", "character 2 is not UTF-8"}}) {
    const auto done = noted(text);
    EXPECT_EQ(code(done), "bad_text");
    EXPECT_NE(done.error().text_en.find(said), std::string::npos) << done.error().text_en;
  }
  EXPECT_TRUE(noted("葛\xf3\xa0\x84\x80城 ⚠\xef\xb8\x8f")) << "shapes of ideographs and symbols";
  EXPECT_EQ(code(enter(1, one(duty_command{.day = {}, .person = "王\xe2\x80\x8d工", .text = {}}))), "bad_name");
  EXPECT_EQ(code(enter(1, one(requested({"L1"}, 10, 20)), "李\xc2\xad工")), "bad_name");
  EXPECT_EQ(code(enter(1, one(verdict_command{"2026\xe2\x80\x8b", "X-1", "missed", "", "", "", ""}))), "bad_plan");
  EXPECT_EQ(code(enter(1, one(counter_command{"c", {}, "1", "人\xe2\x81\xa0", ""}))), "bad_unit");
}

TEST_F(Entering, DutyEnteredMoreThanADayAfterItIsMarkedAsLate) {
  const auto done = enter(86'400 * 2 + 1, one(duty_command{.day = "2026-03-14", .person = {}, .text = {}}));
  ASSERT_TRUE(done);
  EXPECT_EQ(done->notices.back().code, "duty_late");
  const duty_record late = people->duties("2026-03-14", "2026-03-14")[0];
  EXPECT_TRUE(entered_late(late, at(86'400)));
  duty_record other = late;
  other.at = at(86'400 * 2);
  EXPECT_FALSE(entered_late(other, at(86'400))) << "a day of grace";
  other = late;
  other.source = "automatic";
  EXPECT_FALSE(entered_late(other, at(86'400)));
}

TEST_F(Entering, AStarStandsAlone) {
  EXPECT_EQ(code(enter(2, one(requested({"*", "L1"}, 10, 20)))), "star_stands_alone");
}

TEST_F(Entering, AStarAndAListReplaceEachOtherOnlyBeforeTheWindowBegins) {
  ASSERT_TRUE(enter(2, one(requested({"*"}, 10, 20, "ALL"))));
  window_command narrower = step(act::revise, "ALL");
  narrower.targets = {"L1"};
  ASSERT_TRUE(enter(3, one(narrower)));
  ASSERT_TRUE(enter(4, one(step(act::approve, "ALL")), "王工"));
  commit(*books, 12, {up("L1", 1), up("L2", 1)});
  window_command wider = step(act::revise, "ALL");
  wider.targets = {"*"};
  EXPECT_EQ(code(enter(13, one(wider))), "all_or_listed");
  commit(*books, 60);
  EXPECT_EQ(in_seconds(measured(f, "L1", 0, 60, 60).excluded), 10);
  EXPECT_EQ(in_seconds(measured(f, "L2", 0, 60, 60).excluded), 0);
}

/** 53 kB from the weakest token wrote 420,000 entries once, or ended the daemon by memory. */
TEST_F(Entering, ARequestIsBoundedByWhatItWouldWrite) {
  std::vector<record> many;
  for (int i = 0; i < 210; ++i) many.emplace_back(line("M" + std::to_string(i), 0));
  commit(*books, 1, many);
  const std::size_t before = people->windows().size();
  ASSERT_TRUE(enter(2, std::vector<command>(2000, requested({"*"}, 10, 20))));
  EXPECT_EQ(people->windows().size(), before + 2000);
  std::vector<std::string> all;
  for (int i = 0; i < 210; ++i) all.push_back("M" + std::to_string(i));
  const auto done = enter(2, std::vector<command>(10, requested(all, 10, 20)));
  EXPECT_EQ(code(done), "too_many_entries");
  EXPECT_EQ(done.error().why, refused::reason::too_much);
  EXPECT_EQ(done.error().nth, 9u);
  EXPECT_EQ(people->windows().size(), before + 2000);
}

TEST_F(Entering, ALargeWindowOfAnOlderProgramCanBeApprovedAndEnded) {
  std::vector<record> old;
  for (int i = 0; i < 2500; ++i) old.emplace_back(desk::window("OLD", "M" + std::to_string(i), 1, 10, 20, "requested"));
  commit(*books, 1, old);
  ASSERT_TRUE(enter(2, one(step(act::approve, "OLD")), "张工"));
  ASSERT_TRUE(enter(3, one(step(act::cancel, "OLD")), "张工"));
}

TEST_F(Entering, OneMistakeRefusesAllOfThem) {
  const auto done = enter(1, {requested({"L1"}, 10, 20), requested({"L9"}, 10, 20)});
  EXPECT_EQ(code(done), "unknown_target");
  EXPECT_EQ(done.error().nth, 1u);
  EXPECT_TRUE(window("W20260314-1").empty());
}

TEST_F(Entering, MistakesAreNamed) {
  EXPECT_EQ(code(enter(1, {})), "too_many_commands");
  EXPECT_EQ(code(enter(1, one(requested({"L1"}, 10, 20, "a b")))), "bad_window_id");
  EXPECT_EQ(code(enter(1, one(requested({"L1"}, 10, 20, "../x")))), "bad_window_id");
  EXPECT_EQ(code(enter(1, one(requested({"L1"}, 10, 20)), " 李工")), "bad_name");
  EXPECT_EQ(code(enter(1, one(requested({"L1"}, 10, 20)), "")), "bad_name");
  EXPECT_EQ(code(enter(1, one(duty_command{}), "automatic")), "reserved_name");
  EXPECT_EQ(code(enter(1, one(annotation_command{"L9", {}, "雷击"}))), "unknown_target");
  EXPECT_EQ(code(enter(1, one(annotation_command{"L1", {}, ""}))), "empty_annotation");
  EXPECT_EQ(code(enter(1, one(annotation_command{"L1", {}, "a\nb"}))), "bad_text");
  EXPECT_EQ(code(enter(1, one(annotation_command{"L1", at(2), "雷击"}))), "annotation_of_the_future");
  EXPECT_EQ(code(enter(1, one(duty_command{"2026-3-14", "王工", ""}))), "bad_day");
  EXPECT_EQ(code(enter(1, one(duty_command{"2026-02-29", "王工", ""}))), "bad_day");
  EXPECT_EQ(code(enter(1, one(duty_command{"2027-03-16", "王工", ""}))), "day_to_come");
}

TEST_F(Entering, ARosterIsEnteredAheadAndItsDayStillNeedsARecord) {
  const auto ahead = enter(1, one(duty_command{"2026-03-15", "王工", ""}), "李工");
  ASSERT_TRUE(ahead);
  ASSERT_EQ(ahead->notices.size(), 1u);
  EXPECT_EQ(ahead->notices[0].code, "duty_roster");
  const auto again = enter(2, one(duty_command{"2026-03-15", "王工", ""}), "李工");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->notices.at(0).code, "duty_known") << "the roster twice";
  const auto that_day = enter(30 * 3600, one(duty_command{"2026-03-15", "王工", ""}), "王工");
  ASSERT_TRUE(that_day);
  EXPECT_TRUE(that_day->notices.empty());
  EXPECT_EQ(people->duties("2026-03-15", "2026-03-15").size(), 2u);
  EXPECT_TRUE(enter(1, one(duty_command{"2027-03-15", "王工", ""})));
}

TEST_F(Entering, AnAnnotationIsKeptWithItsAuthor) {
  ASSERT_TRUE(enter(90, one(annotation_command{"L1", at(30), "雷击"}), "王工"));
  const auto all = people->annotations("L1", {at(0), at(100)});
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].author, "王工");
  EXPECT_EQ(all[0].about, at(30));
  EXPECT_TRUE(people->annotations("L2", {at(0), at(100)}).empty());
  EXPECT_EQ(people->annotations("", {at(0), at(100)}).size(), 1u);
}

TEST_F(Entering, ADutyRecordNamesWhoWasOnDutyAndWhoEnteredIt) {
  ASSERT_TRUE(enter(1, {duty_command{"2026-03-13", "王工", ""}, duty_command{}}, "李工"));
  const auto all = people->duties("2026-03-01", "2026-03-31");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].person, "王工");
  EXPECT_EQ(all[0].author, "李工");
  EXPECT_EQ(all[0].source, "api");
  EXPECT_EQ(all[1].day, "2026-03-14") << "today, where no day is said";
  EXPECT_EQ(all[1].person, "李工") << "the author, where nobody is named";
}

TEST_F(Entering, ARosterImportedTwiceIsEnteredOnce) {
  const std::vector<command> roster{duty_command{"2026-03-12", "王工", ""}, duty_command{"2026-03-13", "赵工", "夜班"}};
  ASSERT_TRUE(enter(1, roster));
  const auto again = enter(2, roster);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->records.empty());
  EXPECT_EQ(again->notices.size(), 2u);
  EXPECT_EQ(again->notices.front().code, "duty_known");
  EXPECT_EQ(people->duties("2026-03-01", "2026-03-31").size(), 2u);
}

TEST_F(Entering, AStepIsNeverLabelledBeforeTheOneItFollows) {
  ASSERT_TRUE(enter(9, one(requested({"L1"}, 10, 20, "W"))));
  ASSERT_TRUE(enter(5, one(step(act::approve, "W")), "王工")) << "the clock was set back";
  EXPECT_EQ(window("W").back().at, at(9) + milliseconds{1}) << "and follows it in the order of instants";
}

TEST_F(Entering, ThePolicyInForceWhereAWindowBeginsSpeaks) {
  commit(*books, 1, {policy_version{at(40), "Asia/Shanghai", R"({"windows":{"late_approval":"allow"}})", "test"}});
  const auto before = enter(50, one(requested({"L1"}, 10, 20)));
  const auto after = enter(50, one(requested({"L1"}, 45, 60)));
  ASSERT_TRUE(before && after);
  EXPECT_NE(before->notices[0].text_en.find("(late_approval: none)"), std::string::npos);
  EXPECT_NE(after->notices[0].text_en.find("(late_approval: allow)"), std::string::npos);
}

TEST_F(Entering, WindowsAreListedByTheTimeTheyTouch) {
  ASSERT_TRUE(enter(1, {requested({"L1", "L2"}, 10, 20, "A"), requested({"L2"}, 30, 40, "B")}));
  const auto listed = [&](double from, double to, const std::string& only, std::size_t limit) {
    return books::list_windows(*people, {at(from), at(to)}, only, at(50), limit);
  };
  EXPECT_EQ(listed(0, 100, "", 10).size(), 2u);
  EXPECT_EQ(listed(20, 30, "", 10).size(), 0u);
  EXPECT_EQ(listed(0, 100, "", 1).size(), 1u);
  ASSERT_EQ(listed(0, 100, "L1", 10).size(), 1u);
  EXPECT_EQ(listed(0, 100, "L1", 10)[0].story.targets.size(), 2u) << "with all of its lines";
}

TEST_F(Entering, TheListSaysWhatAWindowTookOutAndHowLongItWasOverrun) {
  commit(*books, 1, {up("L1", 1), up("L2", 1)});
  ASSERT_TRUE(enter(2, one(requested({"L1", "L2"}, 10, 20, "G"))));
  ASSERT_TRUE(enter(3, one(step(act::approve, "G")), "王工"));
  commit(*books, 60, {down("L1", 12, 11), up_again("L1", 25, 24)});
  const auto all = books::list_windows(*people, {at(0), at(100)}, "", at(60), 10);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].excluded, (period{at(10), at(20)}));
  EXPECT_EQ(all[0].excluded_targets, 2u);
  EXPECT_EQ(all[0].overrun, std::chrono::seconds{5});
  EXPECT_EQ(all[0].overrun_targets, std::vector<std::string>{"L1"});
  EXPECT_EQ(in_seconds(measured(f, "L1", 0, 60, 60).down), 5) << "the overrun is down";
}

TEST_F(Entering, WhatWasApprovedLateIsExcludedOnlyByThePolicyOfItsTime) {
  commit(*books, 1,
         {up("L1", 1), policy_version{at(30), "Asia/Shanghai", R"({"windows":{"late_approval":"allow"}})", "t"}});
  ASSERT_TRUE(enter(15, {requested({"L1"}, 10, 20, "A"), requested({"L1"}, 40, 50, "B")}));
  ASSERT_TRUE(enter(45, {step(act::approve, "A"), step(act::approve, "B")}, "王工"));
  commit(*books, 60);
  const auto all = books::list_windows(*people, {at(0), at(100)}, "", at(60), 10);
  EXPECT_TRUE(all[0].excluded.empty());
  EXPECT_EQ(all[1].excluded, (period{at(40), at(50)}));
  EXPECT_TRUE(all[1].story.late) << "and flagged all the same";
  EXPECT_EQ(in_seconds(measured(f, "L1", 0, 60, 60).excluded), 10) << "the books agree with the list";
}

TEST_F(Entering, ABatchOfPeopleLeavesTheCleanStopAsItWas) {
  ASSERT_TRUE(books->stop(at(100)));
  books.reset();
  books = opened(f);
  ASSERT_FALSE(books->restore().crashed);
  ASSERT_TRUE(enter(200, one(duty_command{})));
  books.reset();
  EXPECT_FALSE(opened(f)->restore().crashed) << "an entry by command line is no run of the daemon";
}

TEST_F(Entering, APeriodIsClosedOnceItsLastDayIsSealedAndSaysWhatANewVersionChanges) {
  const double day = 86'400;
  commit(*books, day + 10, {up("L1", 0)});
  EXPECT_EQ(code(enter(day + 11, one(close_command{"2025-03", ""}))), "before_the_books") << "it will never be sealed";
  EXPECT_EQ(code(enter(day + 11, one(close_command{"2026-03", ""}))), "not_sealed");
  EXPECT_EQ(code(enter(day + 11, one(close_command{"2026-03-14", ""}))), "not_sealed")
      << "a run may still reach into it";
  commit(*books, day + 3700);
  EXPECT_EQ(code(enter(day + 3701, one(close_command{"soon", ""}))), "bad_period");
  const auto first = enter(day + 3701, one(close_command{"2026-03-14", ""}));
  ASSERT_TRUE(first) << first.error().text;
  EXPECT_EQ(std::get<period_closed>(first->records[0]).author, "李工");
  EXPECT_EQ(code(enter(day + 3702, one(close_command{"2026-03-14", "再来"}))), "cannot_close") << "nothing has changed";
  commit(*books, day + 3703, {line("L1", 3600)});
  EXPECT_EQ(code(enter(day + 3704, one(close_command{"2026-03-14", ""}))), "cannot_close") << "a reason is missing";
  const auto second = enter(day + 3705, one(close_command{"2026-03-14", "开通日期录错"}));
  ASSERT_TRUE(second) << second.error().text;
  EXPECT_EQ(std::get<period_closed>(second->records[0]).version, 2);
  EXPECT_NE(std::get<period_closed>(second->records[0]).changes.find("\"before\":86400000,\"after\":82800000"),
            std::string::npos);
}

}  // namespace
}  // namespace changtong::entries
