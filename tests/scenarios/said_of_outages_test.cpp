// A small month of which people and carriers said something: the tables that come of it were written by hand first.
// March 2026, L1 and L2 of 移动 (tickets go by themselves, within half an hour; repair within four hours of the
// report), L3 of 电信.
//
//   14 March 02:41:00  L1 down, back 07:41:00     02:41:01 L2 down, back 02:46:01
//            02:41:04  alert A20260314-0001 (移动, L1 L2); 02:41:40 王工 takes it; 02:46:00 ticket, sent 02:46:05;
//            03:20:00  the carrier's number; 07:46:40 closed: 光缆
//            11:06:40  L1 down for a minute: nobody says anything
//            13:53:20  L3 down, still open at 16:40:00; 李工 notes a lightning, 赵工 takes care of it
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "daemon/books/due_tickets.h"
#include "daemon/books/outage_notes.h"
#include "daemon/books/report_figures.h"
#include "daemon/cli/alerts_command.h"
#include "daemon/report/alerts.h"
#include "daemon/report/book_text.h"
#include "daemon/report/columns.h"
#include "daemon/report/report_layout.h"
#include "tests/ledger/desk.h"

namespace changtong {
namespace {

using namespace ledger;
using namespace ledger::desk;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

inventory_version village(const std::string& id, const std::string& name, const std::string& town,
                          const std::string& carrier) {
  return {at(0), id,
          R"({"id":")" + id + R"(","name":")" + name + R"(","category":"village","town":")" + town +
              R"(","carrier":")" + carrier + R"(","circuit":"C-)" + id + R"(","accepted":1773417600000})",
          "test"};
}

const std::string policy =
    R"({"zone":"Asia/Shanghai","categories":[{"id":"village","name":"村/社区"}],"contracts":[{"id":"m-2026",)"
    R"("carrier":"移动","period":"month","repair_limit_ms":14400000,"report_deadline_ms":1800000,)"
    R"("report_to":"bz@example.cn","repair_clock":"report","windows":"removed","source":"合同〔2026〕7号"}],)"
    R"("report":{"office":"区数据局"}})";

cause_found own_line(const std::string& id, double began) { return {id, at(began), cause::own_line, ""}; }

alert_record step(alert_step what, double s, std::string targets = {}) {
  alert_record r;
  r.at = at(s), r.alert = "A20260314-0001", r.step = what, r.subject = alert_subject::carrier, r.name = "移动";
  r.began = at(9660), r.targets = std::move(targets);
  return r;
}

ticket_record ticket_step_of(ticket_step what, double s, std::string author) {
  ticket_record t;
  t.at = at(s), t.number = "T20260314-0001", t.step = what, t.carrier = "移动", t.targets = "L1 L2";
  t.began = at(9660), t.author = std::move(author), t.alert = "A20260314-0001";
  return t;
}

/** What the monitor saw of the outage of L1 that began at 40,000. */
trace_record seen(trace_step what, double s) {
  trace_record t;
  t.at = at(s), t.day = "2026-03-14", t.step = what, t.targets = "L1", t.began = at(40'000);
  if (what == trace_step::begun)
    t.path = "10.0.0.1 10.0.1.1", t.last = "10.0.1.1", t.next = "10.0.2.1";
  else
    t.found = "middle", t.observed = "经后者的另外 2 条线路也中断";
  return t;
}

struct Month : testing::Test {
  folder f;
  void SetUp() override {
    const auto w = opened(f);
    commit(*w, 9665,
           {started{at(0), "0.7.0", ""}, policy_version{at(0), "Asia/Shanghai", policy, "x"},
            village("L1", "龙河村", "龙河镇", "移动"), village("L2", "青山村", "青山镇", "移动"),
            village("L3", "城南村", "城南镇", "电信"), up("L1", 0), up("L2", 0), up("L3", 0), down("L1", 9660, 9659),
            own_line("L1", 9660), down("L2", 9661, 9660), own_line("L2", 9661)});
    ticket_record reported = ticket_step_of(ticket_step::reported, 9960, "automatic");
    reported.deadline = at(9662 + 1800), reported.text = "L1 L2 中断";
    const ticket_record sent = books::sent_step(reported, at(9965), true, "250 2.0.0 Ok");
    ticket_record reply = ticket_step_of(ticket_step::reply, 12'000, "李工");
    reply.theirs = "CM-88", reply.text = "已派单";
    ticket_record closed = ticket_step_of(ticket_step::closed, 28'000, "李工");
    closed.cause = fault_cause::fibre, closed.text = "施工挖断，已熔接";
    commit(*w, 12'000,
           {step(alert_step::opened, 9664, "L1 L2"),
            acknowledgement{at(9700), "A20260314-0001", "", at(9660), "王工", "已派人", "api: 王工@192.0.2.7"},
            reported, sent, up_again("L2", 9961, 9960), reply});
    commit(*w, 60'000,
           {up_again("L1", 27'660, 27'659), step(alert_step::resolved, 27'670, "L1 L2"), closed,
            down("L1", 40'000, 39'999), own_line("L1", 40'000), seen(trace_step::begun, 40'002),
            seen(trace_step::cause, 40'008), up_again("L1", 40'060, 40'059), down("L3", 50'000, 49'999),
            own_line("L3", 50'000), annotation{at(50'100), "L3", at(50'010), "李工", "雷击"},
            acknowledgement{at(50'200), "", "L3", at(50'000), "赵工", "", "api: 赵工@192.0.2.7"}});
  }
  [[nodiscard]] std::vector<books::listed_outage> listed() const {
    return books::list_outages(*reading(f), {at(0), at(86'400)}, {}, 100);
  }
  [[nodiscard]] static civil_zone zone() { return civil_zone::named("Asia/Shanghai").value(); }
};

/** The columns behind those that an outage always had. */
std::vector<std::string> said_in_csv(const std::string& csv) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < csv.size();) {
    const std::size_t end = csv.find("\r\n", at);
    const std::string line = csv.substr(at, end - at);
    const bool heading = out.empty();
    const std::size_t from = heading ? line.find("after_own_uplink,") : line.rfind(",false,L");
    out.push_back(line.substr(line.find(',', heading ? from : from + 1) + 1));
    at = end + 2;
  }
  return out;
}

TEST_F(Month, TheListOfOutagesHasNamesTownsTicketsCausesAndNotes) {
  EXPECT_THAT(
      said_in_csv(report::write_outages(listed(), report::format::csv, zone())),
      ElementsAre("id,name,town,carrier,alerts,acknowledged_by,tickets,carrier_tickets,carrier_cause,"
                  "carrier_cause_text,carrier_reply,notes,traps,last_hop,path,observed,closed",
                  "L3@2026-03-14T13:53:20.000+08:00,城南村,城南镇,电信,,赵工,,,,,,雷击（李工）,,,,,",
                  "L1@2026-03-14T11:06:40.000+08:00,龙河村,龙河镇,移动,,,,,,,,,,10.0.1.1,"
                  "10.0.0.1 10.0.1.1,经后者的另外 2 条线路也中断,",
                  "L2@2026-03-14T02:41:01.000+08:00,青山村,青山镇,移动,A20260314-0001,王工,T20260314-0001,CM-88,"
                  "fibre,光缆,施工挖断，已熔接,,,,,,",
                  "L1@2026-03-14T02:41:00.000+08:00,龙河村,龙河镇,移动,A20260314-0001,王工,T20260314-0001,CM-88,"
                  "fibre,光缆,施工挖断，已熔接,,,,,,"));
}

TEST_F(Month, TheTableForPeopleFitsAndSaysWhoTakesCareAndWhatIsNotThere) {
  const std::string table = report::write_outages(listed(), report::format::table, zone());
  EXPECT_THAT(table.substr(0, table.find('\n')), HasSubstr("接手"));
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < table.size(); at = table.find('\n', at) + 1)
    lines.push_back(table.substr(at, table.find('\n', at) - at));
  ASSERT_EQ(lines.size(), 8u);
  for (const std::string& line : lines) EXPECT_LE(report::cells_of(line), report::usual_width) << line;
  EXPECT_THAT(lines[2], HasSubstr("城南村  城南镇  2026-03-14 13:53:20  未恢复"));
  EXPECT_THAT(lines[2], HasSubstr("赵工"));
  EXPECT_THAT(lines[5], HasSubstr("王工  T20260314-0001"));
  EXPECT_THAT(lines[5], HasSubstr("光缆"));
  EXPECT_THAT(lines[6], testing::StartsWith("未列出 / not shown: "));
  EXPECT_THAT(lines[6], HasSubstr("中断编号"));
}

TEST_F(Month, JsonKeepsTheFieldsOfBeforeAndAppendsTheNewOnes) {
  const auto old = boost::json::parse(
      report::write_outages(reading(f)->outages({at(0), at(86'400)}, {}, 100), report::format::json, zone()));
  const auto all = boost::json::parse(report::write_outages(listed(), report::format::json, zone()));
  for (std::size_t i = 0; i < 4; ++i) {
    auto before = old.at(i).as_object().begin();
    auto now = all.at(i).as_object().begin();
    for (; before != old.at(i).as_object().end(); ++before, ++now) {
      EXPECT_EQ(before->key(), now->key());
      EXPECT_EQ(before->value(), now->value());
    }
    EXPECT_EQ(now->key(), "id");
  }
  EXPECT_EQ(serialize(all.at(0).at("notes")), R"(["雷击（李工）"])");
}

TEST_F(Month, ASheetOfTheListHasTheWholeSentence) {
  const auto d = report::outages_document(listed(), {at(0), at(86'400)}, zone());
  const auto& t = d.sheets.at(0).tables.at(0);
  EXPECT_EQ(t.columns.back().text, "说明");
  EXPECT_EQ(
      t.rows.at(3).back().text,
      "报障单 T20260314-0001（automatic 2026-03-14 02:46:00），运营商单号 CM-88，原因 光缆，答复：施工挖断，已熔接，"
      "已办结；王工 2026-03-14 02:41:40 接手：已派人");
  EXPECT_EQ(t.rows.at(0).back().text, "赵工 2026-03-14 13:56:40 接手；雷击（李工，2026-03-14 13:55:00）");
  EXPECT_EQ(t.rows.at(1).back().text, "路径 到 10.0.1.1 为止，其后 10.0.2.1 不应答；经后者的另外 2 条线路也中断");
}

TEST_F(Month, TheReportAndTheCarriersSheetNameTheTicketItsNumberAndTheCause) {
  const auto r = reading(f);
  const auto when = report_period_named(r->zone(), "2026-03");
  ASSERT_TRUE(when);
  const auto v = gather_report(*r, {.when = *when, .now = at(60'000), .as_known_at = {}, .fingerprint = {}});
  ASSERT_TRUE(v);
  const report::document d = report::layout(*v);
  const auto sheet = [&](std::string_view name) { return *std::ranges::find(d.sheets, name, &report::sheet::name); };
  const auto longest = sheet("最长中断").tables.at(0);
  ASSERT_EQ(longest.rows.size(), 4u);
  EXPECT_THAT(longest.rows[0].back().text, HasSubstr("原因 光缆")) << "L1 was down longest";
  EXPECT_THAT(longest.rows[1].back().text, HasSubstr("雷击（李工"));
  const auto mobile = sheet("移动");
  ASSERT_EQ(mobile.tables.size(), 4u);
  const auto& fault = mobile.tables[2].rows;
  ASSERT_EQ(fault.size(), 1u) << "five hours, and four are allowed";
  EXPECT_EQ(fault[0][12].text,
            "待核：合同自报障起算，报障单 T20260314-0001 报于 2026-03-14 02:46:00，自报障至恢复 4:55:00");
  EXPECT_THAT(fault[0][13].text, HasSubstr("运营商单号 CM-88"));
  std::vector<std::string> cells;
  for (const report::cell& c : mobile.tables[3].rows.at(0)) cells.push_back(c.text);
  EXPECT_THAT(cells, ElementsAre("T20260314-0001", "L1 L2", "龙河村、青山村", "2026-03-14 02:41:00",
                                 "2026-03-14 02:46:00", "2026-03-14 03:11:02", "自动", "2026-03-14 02:46:05", "CM-88",
                                 "光缆", "施工挖断，已熔接", "2026-03-14 07:46:40"));
  EXPECT_EQ(sheet("电信").tables.size(), 3u) << "nothing was reported to it";
}

TEST_F(Month, ListsOfAlertsAndTicketsSayWhatBecameOfThem) {
  const auto r = reading(f);
  EXPECT_EQ(report::write_alerts(books::alert_stories(*r, {}), report::format::csv, zone()),
            "id,subject,name,began,opened,resolved,open,targets,down,told,escalated,acknowledged,tickets,remarks\n"
            "A20260314-0001,carrier,移动,2026-03-14T02:41:00.000+08:00,2026-03-14T02:41:04.000+08:00,"
            "2026-03-14T07:41:10.000+08:00,false,L1 L2,,,,王工,T20260314-0001,\n");
  EXPECT_EQ(report::write_tickets(books::fold_tickets(r->declared<ticket_record>()), report::format::csv, zone()),
            "number,carrier,alert,targets,began,reported,reported_by,deadline,late,sent,answer,theirs,cause,cause_text,"
            "reply,closed,open\n"
            "T20260314-0001,移动,A20260314-0001,L1 L2,2026-03-14T02:41:00.000+08:00,2026-03-14T02:46:00.000+08:00,"
            "automatic,2026-03-14T03:11:02.000+08:00,false,2026-03-14T02:46:05.000+08:00,250 2.0.0 Ok,CM-88,fibre,光缆,"
            "施工挖断，已熔接,2026-03-14T07:46:40.000+08:00,false\n");
}

TEST_F(Month, WhatIsSaidOfAnAlertThatIsOverStandsInItsLists) {
  entry_place here;
  here.ledger = f.ledger(), here.by = "孙工";
  EXPECT_EQ(ack_command(here, "A20260314-0001", "已查明是施工"), 0);
  const std::vector<books::alert_story> all = books::alert_stories(*reading(f), {});
  const auto one = boost::json::parse(report::write_alerts(all, report::format::json, zone())).at(0);
  EXPECT_EQ(one.at("acknowledged").as_array().size(), 1U) << "nobody took it over";
  EXPECT_EQ(one.at("remarks").at(0).at("text"), "已查明是施工");
  EXPECT_EQ(one.at("remarks").at(0).at("author"), "孙工");
  EXPECT_THAT(report::write_alerts(all, report::format::csv, zone()), HasSubstr(",已查明是施工（孙工）\n"));
  std::string table = report::write_alerts(all, report::format::table, zone());  // its cells go on below
  std::erase_if(table, [](char c) { return c == ' ' || c == '\n'; });
  EXPECT_THAT(table, HasSubstr("已查明是施工（孙工）"));
  const auto outage = boost::json::parse(report::write_outages(listed(), report::format::json, zone())).at(3);
  EXPECT_EQ(serialize(outage.at("notes")), R"(["已查明是施工（孙工）"])");
}

TEST_F(Month, WhatIsEnteredByHandStandsInTheList) {
  entry_place here, nobody;
  here.ledger = nobody.ledger = f.ledger(), here.by = "孙工";
  EXPECT_EQ(ack_command(here, "L3@2026-03-14T13:53:20.000+08:00", "去现场"), 0);
  EXPECT_EQ(ack_command(here, "A20260314-0001", ""), 0) << "also of one that is over";
  EXPECT_EQ(ack_command(here, "L3", "去现场"), 0) << "its open outage, the same again";
  EXPECT_EQ(ack_command(here, "L1", ""), 1) << "up";
  EXPECT_EQ(ack_command(here, "L9", ""), 1);
  EXPECT_EQ(ack_command(here, "A20260314-0009", ""), 1);
  EXPECT_EQ(ack_command(here, "L3@yesterday", ""), 2);
  EXPECT_EQ(ack_command(nobody, "L3", ""), 2) << "who?";
  ticket_options add{.place = here, .what = {}, .began = {}};
  add.what.step = "reported", add.what.targets = {"L3"};
  EXPECT_EQ(ticket_step_command(add), 0);
  EXPECT_EQ(ticket_step_command(add), 1) << "there is one already";
  ticket_options reply{.place = here, .what = {}, .began = {}};
  reply.what.number = reading(f)->declared<ticket_record>().back().number;
  reply.what.step = "reply", reply.what.cause = "停电", reply.what.theirs = "DX-5";
  EXPECT_EQ(ticket_step_command(reply), 0);
  const auto first = boost::json::parse(report::write_outages(listed(), report::format::json, zone())).at(0);
  EXPECT_EQ(serialize(first.at("acknowledged_by")), R"(["赵工","孙工"])");
  EXPECT_EQ(first.at("carrier_cause"), "power");
  EXPECT_EQ(first.at("carrier_cause_text"), "停电");
  EXPECT_EQ(serialize(first.at("carrier_tickets")), R"(["DX-5"])");
}

}  // namespace
}  // namespace changtong
