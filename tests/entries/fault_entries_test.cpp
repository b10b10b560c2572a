// Who takes care of an outage, and what the carrier was told of it: what is entered, what is refused.
#include "daemon/books/tickets.h"
#include "daemon/entries/entering.h"
#include "tests/ledger/desk.h"

namespace changtong::entries {
namespace {

using namespace ledger;
using namespace desk;

inventory_version carried(const std::string& id, const std::string& carrier) {
  return {at(0), id, R"({"id":")" + id + R"(","name":"线路","category":"village","carrier":")" + carrier + "\"}",
          "test"};
}

struct Faults : testing::Test {
  Faults() {
    commit(*books, 0,
           {started{at(0), "0.1.0", ""},
            policy_version{at(0), "Asia/Shanghai",
                           R"({"contracts":[{"id":"m","carrier":"移动","report_deadline_ms":1800000,)"
                           R"("source":"合同","period":"month","windows":"removed"}]})",
                           "test"},
            carried("L1", "移动"), carried("L2", "移动"), carried("L3", "电信"), carried("L4", "")});
    commit(*books, 60,
           {up("L1", 0), up("L2", 0), up("L3", 0), up("L4", 0), down("L1", 20, 19), up_again("L1", 30, 29)});
    commit(*books, 70, {down("L1", 50, 49), down("L2", 51, 50), down("L3", 52, 51), down("L4", 53, 52)});
    alert_record opened;
    opened.at = at(56), opened.alert = "A20260314-0001", opened.subject = alert_subject::carrier, opened.name = "移动";
    opened.began = at(50), opened.targets = "L1 L2";
    commit(*books, 80, {opened});
  }
  entering enter(double now, std::vector<command> what, const std::string& who = "李工") {
    auto done = draft(*people, what, {.name = who, .source = "api", .via = "api: " + who + "@192.0.2.7"}, at(now));
    if (done && !done->records.empty()) EXPECT_TRUE(books->commit({{}, done->records, {}}));
    return done;
  }
  static std::string code(const entering& e) { return e ? "" : e.error().code; }
  static acknowledgement_command taking(std::string alert, std::string line = {}, std::optional<wall_t> began = {}) {
    return {.alert = std::move(alert), .line = std::move(line), .began = began, .text = {}};
  }
  static ticket_command reporting(std::vector<std::string> targets) {
    ticket_command t;
    t.targets = std::move(targets);
    return t;
  }
  static ticket_command step(std::string number, std::string what, std::string cause = {}) {
    ticket_command t;
    t.number = std::move(number), t.step = std::move(what), t.cause = std::move(cause);
    return t;
  }
  [[nodiscard]] std::vector<ticket_record> tickets() const { return people->declared<ticket_record>(); }

  folder f;
  std::unique_ptr<writer> books = opened(f);
  std::unique_ptr<reader> people = reading(f);
};

TEST_F(Faults, AnAlertIsAcknowledgedByItsId) {
  ASSERT_TRUE(enter(100, {taking("A20260314-0001")}, "王工"));
  EXPECT_EQ(people->declared<acknowledgement>(),
            (std::vector<acknowledgement>{{at(100), "A20260314-0001", "", at(50), "王工", "", "api: 王工@192.0.2.7"}}));
}

TEST_F(Faults, AnAlertThatIsOverIsNotTakenOverButTheNoteIsKept) {
  EXPECT_TRUE(enter(90, {taking("A20260314-0001")}, "王工")->notices.empty());
  alert_record end;
  end.at = at(95), end.alert = "A20260314-0001", end.step = alert_step::resolved;
  end.subject = alert_subject::carrier, end.name = "移动", end.began = at(50), end.targets = "L1 L2";
  commit(*books, 96, {end});
  const auto late = enter(100, {taking("A20260314-0001")});
  ASSERT_TRUE(late);
  EXPECT_EQ(late->records.size(), 1U);
  ASSERT_EQ(late->notices.size(), 1U);
  EXPECT_EQ(late->notices[0].code, "alert_over");
  EXPECT_NE(late->notices[0].text.find("已于 2026-03-14 00:01:35"), std::string::npos) << late->notices[0].text;
}

TEST_F(Faults, ALinesOpenOutageIsAcknowledgedWithTheAlertThatToldIt) {
  ASSERT_TRUE(enter(100, {taking("", "L2"), taking("", "L3")}));
  const auto all = people->declared<acknowledgement>();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0], (acknowledgement{at(100), "A20260314-0001", "L2", at(51), "李工", "", "api: 李工@192.0.2.7"}));
  EXPECT_EQ(all[1].alert, "") << "no alert names it";
  EXPECT_EQ(all[1].began, at(52));
}

TEST_F(Faults, AnOutageThatIsOverIsNamedByItsBeginningAndBelongsToNoLaterAlert) {
  ASSERT_TRUE(enter(100, {taking("", "L1", at(20))}));
  const auto all = people->declared<acknowledgement>();
  EXPECT_EQ(all[0].began, at(20));
  EXPECT_EQ(all[0].alert, "") << "the alert is about the outage after it";
}

TEST_F(Faults, TheSamePersonAgainIsNotEnteredAgainButAnotherOrANewNoteIs) {
  ASSERT_TRUE(enter(100, {taking("A20260314-0001")}));
  const auto again = enter(101, {taking("A20260314-0001")});
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->records.empty());
  EXPECT_EQ(again->notices[0].code, "acknowledgement_known");
  auto noted = taking("A20260314-0001");
  noted.text = "已派人";
  EXPECT_EQ(enter(102, {noted, noted})->records.size(), 1u) << "one request says it twice";
  EXPECT_EQ(enter(103, {taking("A20260314-0001")}, "王工")->records.size(), 1u);
}

TEST_F(Faults, WhoTakesOverFromAnotherIsToldWhoHasIt) {
  EXPECT_TRUE(enter(100, {taking("A20260314-0001")}, "王工")->notices.empty());
  const auto second = enter(160, {taking("A20260314-0001")});
  ASSERT_TRUE(second);
  ASSERT_EQ(second->notices.size(), 1U);
  EXPECT_EQ(second->notices[0].code, "taken_already");
  EXPECT_EQ(second->notices[0].text, "此前 王工 已于 2026-03-14 00:01:40 接手，现由 李工 接替");
}

TEST_F(Faults, WhoNamesALineIsToldThatItsAlertIsAboutMore) {
  const auto all = enter(100, {taking("", "L2")});
  ASSERT_TRUE(all);
  ASSERT_EQ(all->notices.size(), 1U);
  EXPECT_EQ(all->notices[0].code, "alert_of_many");
  EXPECT_EQ(all->notices[0].text, "接手的是整个告警 A20260314-0001：移动 共 2 条");
  EXPECT_TRUE(enter(101, {taking("", "L3")})->notices.empty()) << "no alert names it";
}

TEST_F(Faults, ALineIsMeantByItsNameOrCircuitIfItAloneIsCalledSo) {
  EXPECT_EQ(code(enter(100, {taking("", "线路")})), "several_targets");
  const char* named = R"({"id":"L3","name":"青山村","category":"village","carrier":"电信","circuit":"DX-3"})";
  commit(*books, 100, {inventory_version{at(99), "L3", named, "test"}});
  ASSERT_TRUE(enter(101, {taking("", "青山村")}, "王工"));
  ASSERT_TRUE(enter(102, {taking("", "DX-3")}));
  const auto all = people->declared<acknowledgement>();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].line, "L3");
  EXPECT_EQ(all[1].line, "L3");
}

TEST_F(Faults, WhoTakesItBackFromAnotherTakesItOverAnew) {
  ASSERT_TRUE(enter(100, {taking("A20260314-0001")}, "王工"));
  ASSERT_TRUE(enter(110, {taking("", "L2")}, "李工")) << "a line of it is all of it";
  const auto back = enter(120, {taking("A20260314-0001")}, "王工");
  ASSERT_TRUE(back);
  ASSERT_EQ(back->records.size(), 1U) << "it is not the first one said again";
  ASSERT_EQ(back->notices.size(), 1U);
  EXPECT_EQ(back->notices[0].text, "此前 李工 已于 2026-03-14 00:01:50 接手，现由 王工 接替");
  EXPECT_TRUE(enter(130, {taking("A20260314-0001")}, "王工")->records.empty()) << "now it is";
  ASSERT_TRUE(enter(140, {taking("", "L3")}, "王工"));
  ASSERT_TRUE(enter(141, {taking("", "L3")}, "李工"));
  EXPECT_EQ(enter(142, {taking("", "L3")}, "王工")->records.size(), 1U) << "likewise of an outage without an alert";
}

TEST_F(Faults, AnOutageIsNamedToTheSecondAsItIsShown) {
  commit(*books, 110, {up_again("L4", 105, 104)});
  const auto refusal = enter(120, {taking("", "L4")});
  ASSERT_FALSE(refusal);
  EXPECT_NE(refusal.error().text.find("began，如 L4@2026-03-14T00:00:"), std::string::npos) << refusal.error().text;
  commit(*books, 140, {down("L4", 130.25, 129), up_again("L4", 135, 134)});
  ASSERT_TRUE(enter(150, {taking("", "L4", at(130))}));
  EXPECT_EQ(people->declared<acknowledgement>().back().began, at(130.25));
  EXPECT_EQ(code(enter(150, {taking("", "L4", at(131))})), "unknown_outage");
}

TEST_F(Faults, WhatIsNotThereIsNotAcknowledged) {
  EXPECT_EQ(code(enter(100, {taking("")})), "nothing_acknowledged");
  EXPECT_EQ(code(enter(100, {taking("A20260314-0001", "", at(50))})), "began_without_line");
  EXPECT_EQ(code(enter(100, {taking("A20260314-0009")})), "unknown_alert");
  EXPECT_EQ(code(enter(100, {taking("A20260314-0001", "L3")})), "unknown_target");
  EXPECT_EQ(code(enter(100, {taking("", "L9")})), "unknown_target");
  EXPECT_EQ(code(enter(100, {taking("", "L1", at(21))})), "unknown_outage");
  commit(*books, 110, {up_again("L4", 105, 104)});
  EXPECT_EQ(code(enter(120, {taking("", "L4")})), "no_open_outage");
  EXPECT_EQ(code(enter(120, {taking("A20260314-0001")}, "automatic")), "reserved_name");
}

TEST_F(Faults, ATicketGetsTheDaysNextNumberTheCarrierAndItsDeadline) {
  ASSERT_TRUE(enter(100, {reporting({"L2", "L1"}), reporting({"L3"})}));
  const auto all = tickets();
  ASSERT_EQ(all.size(), 2u);
  ticket_record wanted;
  wanted.at = at(100), wanted.number = "T20260314-0001", wanted.carrier = "移动", wanted.targets = "L1 L2";
  wanted.began = at(50), wanted.author = "李工", wanted.via = "api: 李工@192.0.2.7";
  wanted.deadline = people->outages({at(60), at(61)}, "L1", 1)[0].confirmed + std::chrono::minutes{30};
  EXPECT_EQ(all[0], wanted);
  EXPECT_EQ(all[1].number, "T20260314-0002");
  EXPECT_EQ(all[1].carrier, "电信");
  EXPECT_EQ(all[1].deadline, wall_t{}) << "no contract says when";
}

TEST_F(Faults, ATicketOfAnAlertHasItsLines) {
  ticket_command t;
  t.alert = "A20260314-0001";
  ASSERT_TRUE(enter(100, {t}));
  EXPECT_EQ(tickets()[0].targets, "L1 L2");
  EXPECT_EQ(tickets()[0].alert, "A20260314-0001");
}

TEST_F(Faults, WhatTheCarrierAnswersAndFoundIsAStepOfTheTicket) {
  ASSERT_TRUE(enter(100, {reporting({"L1"})}));
  ticket_command reply = step("T20260314-0001", "");
  reply.theirs = "CM-88";
  ASSERT_TRUE(enter(110, {reply}, "王工"));
  ticket_command found = step("T20260314-0001", "closed", "光缆");
  found.text = "光缆被挖断";
  ASSERT_TRUE(enter(120, {found}));
  const auto folded = books::fold_tickets(tickets());
  ASSERT_EQ(folded.size(), 1u);
  EXPECT_EQ(folded[0].theirs, "CM-88");
  EXPECT_EQ(folded[0].cause, fault_cause::fibre);
  EXPECT_EQ(folded[0].reply, "光缆被挖断");
  EXPECT_EQ(folded[0].closed, at(120));
  EXPECT_EQ(folded[0].steps.size(), 3u);
  EXPECT_EQ(code(enter(130, {step("T20260314-0001", "closed")})), "ticket_closed");
  ASSERT_TRUE(enter(130, {step("T20260314-0001", "reply", "relocation")})) << "what is learnt later";
  EXPECT_EQ(books::fold_tickets(tickets())[0].cause, fault_cause::relocation);
  EXPECT_EQ(books::fold_tickets(tickets())[0].closed, at(120));
}

TEST_F(Faults, ATicketThatSaysTooLittleOrTooMuchIsRefused) {
  EXPECT_EQ(code(enter(100, {reporting({})})), "no_lines");
  EXPECT_EQ(code(enter(100, {reporting({"L1", "L3"})})), "several_carriers");
  EXPECT_EQ(code(enter(100, {reporting({"L4"})})), "no_carrier");
  EXPECT_EQ(code(enter(100, {reporting({"L9"})})), "unknown_target");
  EXPECT_EQ(code(enter(100, {step("T20260314-0001", "reply", "光缆")})), "unknown_ticket");
  EXPECT_EQ(code(enter(100, {step("", "closed")})), "bad_step");
  EXPECT_EQ(code(enter(100, {step("", "sent")})), "bad_step");
  ASSERT_TRUE(enter(100, {reporting({"L1"})}));
  EXPECT_EQ(code(enter(101, {reporting({"L1"})})), "ticket_exists");
  EXPECT_EQ(code(enter(101, {step("T20260314-0001", "reported")})), "bad_step");
  EXPECT_EQ(code(enter(101, {step("T20260314-0001", "reply")})), "empty_reply");
  EXPECT_EQ(code(enter(101, {step("T20260314-0001", "reply", "天气")})), "bad_cause");
  ticket_command more = step("T20260314-0001", "reply", "光缆");
  more.targets = {"L2"};
  EXPECT_EQ(code(enter(101, {more})), "ticket_has_lines");
  more = step("T20260314-0001", "reply");
  more.theirs = std::string(65, 'x');
  EXPECT_EQ(code(enter(101, {more})), "bad_theirs");
  commit(*books, 110, {up_again("L3", 105, 104)});
  EXPECT_EQ(code(enter(120, {reporting({"L3"})})), "no_open_outage");
  ticket_command over = reporting({"L3"});
  over.began = at(52);
  ASSERT_TRUE(enter(120, {over})) << "an outage that is over is named by its beginning";
  EXPECT_EQ(tickets().back().began, at(52));
}

}  // namespace
}  // namespace changtong::entries
