// Which outages a carrier is told of by itself, when, and with which words.
#include "daemon/books/due_tickets.h"

#include <gmock/gmock.h>

#include <set>

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

TEST_F(Due, WhereThePathEndedStandsOnTheTicket) {
  cut("M1", 100, cause::unexplained);
  cut("M2", 100, cause::restart);
  trace_record seen;
  seen.at = at(103), seen.day = "2026-03-14", seen.step = trace_step::begun, seen.targets = "M1 M2",
  seen.began = at(100);
  seen.path = "192.0.2.1 192.0.2.9", seen.last = "192.0.2.9", seen.next = "192.0.2.17";
  commit(*books, 104, {seen});
  const auto all = due(402);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all.at(0).what.targets, "M1") << "a device without power is no case for the carrier";
  EXPECT_EQ(all.at(0).lines.at(0).trace, "到 192.0.2.9 为止，其后 192.0.2.17 不应答");
  EXPECT_NE(all.at(0).what.text.find("192.0.2.9"), std::string::npos);
}

/** The books, and what was asked of them. */
class overheard final : public reader {
 public:
  explicit overheard(const folder& f) : books_(reading(f)) {}
  const civil_zone& zone() const override { return books_->zone(); }
  wall_t first_entry() const override { return books_->first_entry(); }
  wall_t heartbeat() const override { return books_->heartbeat(); }
  std::vector<known_target> targets() const override { return books_->targets(); }
  std::vector<std::pair<std::string, std::string>> categories() const override { return books_->categories(); }
  void histories(
      period p, wall_t now, std::string_view only,
      const std::function<void(const known_target&, const availability::target_history&)>& each) const override {
    books_->histories(p, now, only, each);
  }
  std::vector<availability::outage> outages(period p, std::string_view only, std::size_t limit) const override {
    return books_->outages(p, only, limit);
  }
  std::vector<policy_version> policies() const override { return books_->policies(); }
  void declared(std::string_view kind, const declared_query& q, std::string_view target,
                const std::function<void(record&&)>& each) const override {
    asked.emplace(kind);
    books_->declared(kind, q, target, each);
  }
  void alert_journal(std::string_view since, const std::function<void(record&&)>& each) const override {
    books_->alert_journal(since, each);
  }
  mutable std::set<std::string> asked;

 private:
  std::unique_ptr<reader> books_;
};

/** Every 20 s; and of traps there may be hundreds of thousands. */
TEST_F(Due, NoTrapIsReadForATicket) {
  cut("M1", 100);
  const overheard books_of(f);
  const auto all = due_tickets(books_of, {.now = at(402), .office = {}}).value();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(reported_ticket(books_of, all[0].what).lines.size(), 1u);
  EXPECT_TRUE(books_of.asked.contains("trace"));
  EXPECT_FALSE(books_of.asked.contains("trap"));
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

TEST_F(Due, OfAPairEachNodeHasNumbersOfItsOwn) {
  const civil_zone zone = reading(f)->zone();
  std::vector<ticket_record> known(4);
  known[0].number = "T20260314-0002", known[1].number = "T20260314-2507";
  known[2].number = "T20260314-5003", known[3].number = "T20260314-7511";
  const auto next = [&](bool automatic, node_rank rank) { return next_number(zone, at(5), known, automatic, rank); };
  EXPECT_EQ(next(false, node_rank::first), "T20260314-0003");
  EXPECT_EQ(next(false, node_rank::second), "T20260314-2508");
  EXPECT_EQ(next(true, node_rank::first), "T20260314-5004");
  EXPECT_EQ(next(true, node_rank::second), "T20260314-7512");
  EXPECT_EQ(rank_of_automatic("T20260314-7500"), node_rank::first);
  EXPECT_EQ(rank_of_automatic("T20260314-7501"), node_rank::second);
  known[0].number = "T20260314-2500";
  EXPECT_EQ(next(false, node_rank::first), "T20260314-2508") << "its own are used up";
}

TEST_F(Due, TheSecondOfAPairReportsAMinuteLater) {
  cut("M1", 100);
  const auto due_there = [&](double now) {
    return due_tickets(*reading(f), {.now = at(now), .office = {}, .pair = node_rank::second}).value();
  };
  EXPECT_TRUE(due_there(461).empty());
  ASSERT_EQ(due_there(462).size(), 1);
  EXPECT_EQ(due_there(462)[0].what.number, "T20260314-7501");
}

TEST_F(Due, WhatTheOtherOfAPairDoesNotSendIsSentAfterTenMinutes) {
  cut("M1", 100);
  commit(*books, 403, {due(402).at(0).what});
  const auto waiting = [&](double now, std::optional<node_rank> pair) {
    return unsent_tickets(*reading(f), at(now), pair).value().size();
  };
  EXPECT_EQ(waiting(410, std::nullopt), 1);
  EXPECT_EQ(waiting(410, node_rank::first), 1);
  EXPECT_EQ(waiting(410, node_rank::second), 0);
  EXPECT_EQ(waiting(402 + 600, node_rank::second), 1);
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
  trace_record seen;
  seen.at = at(9663), seen.day = "2026-03-14", seen.step = trace_step::begun, seen.targets = "M1",
  seen.began = at(9660);
  seen.path = seen.last = "192.0.2.9";
  commit(*books, 9664, {seen});
  const auto all = due(9962);
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
      "   2026-03-14 02:41:00 起中断，2026-03-14 02:41:02 确认；现象：超时无应答；路径：到 192.0.2.9 为止\n"
      "请回复：贵方单号、故障原因（光缆、停电、设备、迁改、数据配置、其他）、预计恢复时间；恢复后请告知处理结果。\n");
  EXPECT_EQ(ticket_title(all[0].what), "【报障】移动 1 条专线中断（T20260314-5001）");
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
