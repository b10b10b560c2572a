// Which outages a carrier is told of by itself, when, and with which words.
#include "daemon/books/due_tickets.h"

#include <gmock/gmock.h>

#include "tests/ledger/desk.h"

namespace changtong::books {
namespace {

using namespace ledger;
using namespace desk;
using testing::HasSubstr;

inventory_version of(const std::string& id, const std::string& carrier) {
  return {at(0), id,
          R"({"id":")" + id + R"(","name":"村)" + id + R"(","category":"village","town":"龙河镇","carrier":")" +
              carrier + R"(","circuit":"C<)" + id + R"(>","accepted":1773417600000})",
          "test"};
}

std::string contract_of(const std::string& id, const std::string& carrier, const std::string& more) {
  return R"({"id":")" + id + R"(","carrier":")" + carrier +
         R"(","period":"month","windows":"removed","source":"合同",)" + more + R"("valid_from":1773417600000})";
}

struct Due : testing::Test {
  Due() {
    const std::string policy =
        R"({"zone":"Asia/Shanghai","contracts":[)" +
        contract_of("m", "移动", R"("report_deadline_ms":1800000,"report_to":"bz@example.cn",)") + "," +
        contract_of("u", "联通", R"("report_deadline_ms":120000,"report_to":"lt@example.cn",)") + "," +
        contract_of("t", "电信", R"("report_deadline_ms":1800000,)") + "]}";
    commit(*books, 10,
           {started{at(0), "0.7.0", ""}, policy_version{at(0), "Asia/Shanghai", policy, "x"}, of("M1", "移动"),
            of("M2", "移动"), of("U1", "联通"), of("T1", "电信"), up("M1", 0), up("M2", 0), up("U1", 0), up("T1", 0)});
  }
  void cut(const std::string& id, double s, cause found = cause::own_line) {
    commit(*books, s + 3, {down(id, s, s - 1), cause_found{id, at(s), found, found == cause::upstream ? "P" : ""}});
  }
  [[nodiscard]] std::vector<due_ticket> due(double now) const {
    return due_tickets(*reading(f), {.now = at(now), .office = "区数据局"}).value();
  }
  [[nodiscard]] std::string targets(double now) const {
    std::string all;
    for (const due_ticket& t : due(now)) all += "[" + t.what.targets + "]";
    return all;
  }

  folder f;
  std::unique_ptr<writer> books = opened(f);
};

TEST_F(Due, ATicketIsDueAfterFiveMinutesWithAllThatIsDownByThen) {
  cut("M1", 100);
  cut("M2", 380);
  EXPECT_EQ(targets(401), "") << "discovered at 102";
  EXPECT_EQ(targets(402), "[M1 M2]");
  const auto t = due(402).at(0);
  EXPECT_EQ(t.what.number, "T20260314-5001");
  EXPECT_EQ(t.what.began, at(100));
  EXPECT_EQ(t.what.deadline, at(102 + 1800));
  EXPECT_EQ(t.what.carrier, "移动");
  EXPECT_EQ(t.what.author, "automatic");
  EXPECT_EQ(t.terms.report_to, "bz@example.cn");
  EXPECT_LT(t.what.at, t.what.deadline);
}

TEST_F(Due, HalfOfAShortDeadlineIsWaitedFor) {
  cut("U1", 100);
  EXPECT_EQ(targets(161), "");
  EXPECT_EQ(targets(162), "[U1]");
}

TEST_F(Due, EachContractHasATicketOfItsOwnAndOneWithoutAnAddressHasNone) {
  for (const char* id : {"M1", "T1", "U1"}) cut(id, 100);
  const auto all = due(1000);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].what.targets, "M1");
  EXPECT_EQ(all[1].what.targets, "U1");
  EXPECT_EQ(all[1].what.number, "T20260314-5002");
}

TEST_F(Due, NothingIsReportedTwice) {
  cut("M1", 100);
  commit(*books, 403, {due(402).at(0).what});
  EXPECT_EQ(targets(1000), "");
  cut("M2", 1000);
  EXPECT_EQ(targets(1400), "[M2]");
  EXPECT_EQ(due(1400).at(0).what.number, "T20260314-5002");
  commit(*books, 1500, {up_again("M1", 1450, 1449)});
  cut("M1", 1600);
  EXPECT_EQ(targets(2000), "[M1 M2]") << "another outage of it";
}

TEST_F(Due, PeopleAndTheMonitorHaveNumbersOfTheirOwn) {
  const civil_zone zone = reading(f)->zone();
  ticket_record by_hand, by_itself;
  by_hand.number = "T20260314-0007", by_itself.number = "T20260314-5003";
  const std::vector<ticket_record> known{by_hand, by_itself};
  EXPECT_EQ(next_number(zone, at(5), known), "T20260314-0008");
  EXPECT_EQ(next_number(zone, at(5), known, true), "T20260314-5004");
  EXPECT_EQ(next_number(zone, at(86'405), known), "T20260315-0001");
  EXPECT_EQ(next_number(zone, at(86'405), known, true), "T20260315-5001");
}

TEST_F(Due, AnUpstreamsOutageThePowerOfTheUserAndWhatIsOverAreNoCasesForTheCarrier) {
  cut("M1", 100, cause::upstream);
  cut("M2", 100, cause::site_power);
  EXPECT_EQ(targets(2000), "");
  cut("U1", 2000);
  commit(*books, 2030, {up_again("U1", 2020, 2019)});
  EXPECT_EQ(targets(2500), "");
}

TEST_F(Due, ACauseThatIsStillUndecidedIsWaitedForAMinute) {
  commit(*books, 103, {down("U1", 100, 99)});
  EXPECT_EQ(targets(161.9), "");
  EXPECT_EQ(targets(162), "[U1]");
}

TEST_F(Due, InAWindowNothingIsReportedAndTheDeadlineCountsFromItsEnd) {
  commit(*books, 50, {window("W", "M1", 20, 90, 1000, "requested"), window("W", "M1", 30, 90, 1000, "approved")});
  cut("M1", 100);
  EXPECT_EQ(targets(999), "");
  EXPECT_EQ(targets(1299), "");
  EXPECT_EQ(targets(1300), "[M1]");
  EXPECT_EQ(due(1300).at(0).what.deadline, at(1000 + 1800));
}

TEST_F(Due, TheCarrierGetsLineCircuitTimesAndThePath) {
  cut("M1", 9660);
  const auto all = due_tickets(*reading(f), {.now = at(9962),
                                             .office = "区数据局",
                                             .trace = [](std::string_view) { return std::string("止于 192.0.2.9"); }})
                       .value();
  const civil_zone zone = reading(f)->zone();
  EXPECT_EQ(
      all[0].what.text,
      "专线故障报障单\n"
      "报障单号：T20260314-5001\n"
      "运营商：移动\n"
      "合同：m（合同）\n"
      "报障单位：区数据局\n"
      "报障时间：2026-03-14 02:46:02（Asia/Shanghai）\n"
      "合同报障时限：2026-03-14 03:11:02\n"
      "中断专线：1 条\n"
      "1. M1 村M1；电路编号 C<M1>；龙河镇\n"
      "   2026-03-14 02:41:00 起中断，2026-03-14 02:41:02 确认；现象：超时无应答；路径：止于 192.0.2.9\n"
      "请回复：贵方单号、故障原因（光缆、停电、设备、迁改、数据配置、其他）、预计恢复时间；恢复后请告知处理结果。\n");
  EXPECT_EQ(ticket_title(all[0].what), "【报障】移动 1 条专线中断（T20260314-5001）");
  EXPECT_EQ(
      ticket_csv(all[0], zone),
      "\xef\xbb\xbf报障单号,专线,名称,电路编号,乡镇,单位,中断开始,发现（确认）,现象,路径\r\n"
      "T20260314-5001,M1,村M1,C<M1>,龙河镇,,2026-03-14T02:41:00.000+08:00,2026-03-14T02:41:02.000+08:00,超时无应答,"
      "止于 192.0.2.9\r\n");
  const std::string page = ticket_page(all[0], "区<数据>局", zone);
  EXPECT_THAT(page, HasSubstr("<td>C&lt;M1&gt;</td>"));
  EXPECT_THAT(page, HasSubstr("<td>区&lt;数据&gt;局</td>"));
  EXPECT_THAT(page, HasSubstr("</html>\n"));
}

TEST_F(Due, WhatTheDeliverySaidIsAStepThatIsCutAtACharacter) {
  cut("M1", 100);
  const auto reported = due(402).at(0).what;
  const auto sent = sent_step(reported, at(405), true, "250 Ok");
  EXPECT_EQ(sent.step, ticket_step::sent);
  EXPECT_EQ(sent.answer, "250 Ok");
  EXPECT_EQ(sent.targets, "M1");
  EXPECT_TRUE(sent.text.empty());
  std::string long_answer;
  for (int i = 0; i < 100; ++i) long_answer += "错误";
  const auto failed = sent_step(reported, at(405), false, long_answer);
  EXPECT_EQ(failed.answer.size(), 2u + 198);
  const auto folded = fold_tickets({reported, failed});
  EXPECT_FALSE(folded[0].sent);
  EXPECT_EQ(fold_tickets({reported, failed, sent})[0].sent, at(405));
}

}  // namespace
}  // namespace changtong::books
