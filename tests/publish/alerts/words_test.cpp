// What a phone at night shows: titles and texts of alerts by the built-in words.
#include <gtest/gtest.h>

#include "daemon/publish/alerts/message_json.h"
#include "tests/publish/alerts/told_district.h"

namespace changtong::alerts {
namespace {

TEST(Words, OneLineIsNamedWithItsCauseAndWhatSpeaksForIt) {
  district d;
  d.down("C1");
  d.world.link = "http://10.0.0.1:8080";
  const message m = d.told(alert_subject::line, "", "C1");
  EXPECT_EQ(m.title, "青山卫生院中断");
  EXPECT_EQ(m.text,
            "青山镇，卫健委，自 03:12:07 起中断，已 1 分 5 秒\n"
            "原因：超时无应答\n"
            "依据：移动其余 5 条正常\n"
            "运营商：移动，电路 YD-77，报障电话 10086\n"
            "接手、查看：http://10.0.0.1:8080/console/#/outages/C1@2026-03-14T03:12:07.000+08:00\n");
  EXPECT_EQ(m.lines, std::vector<std::string>{"C1"});
}

TEST(Words, ATownshipsUplinkNamesHowManyVillagesItTakesAlong) {
  district d;
  d.down("T1");
  for (int k = 1; k <= 14; ++k) d.down("V" + std::to_string(k));
  const message m = d.told(alert_subject::upstream, "T1", d.villages());
  EXPECT_EQ(m.title, "龙河镇汇聚中断，影响 14 条村线");
  EXPECT_EQ(m.count, 15U);
  EXPECT_NE(m.text.find("影响：龙河1村、龙河2村、"), std::string::npos) << m.text;
  EXPECT_NE(m.text.find("龙河10村等，另有 4 条"), std::string::npos) << m.text;
  EXPECT_NE(m.text.find("电信其余 9 条也中断"), std::string::npos) << m.text;
}

TEST(Words, OneCarriersCutSaysThatTheOthersStand) {
  district d;
  for (int k = 10; k <= 14; ++k) d.down("V" + std::to_string(k));
  const message m = d.told(alert_subject::carrier, "移动", "V10 V11 V12 V13 V14");
  EXPECT_EQ(m.title, "移动 5 条村线同时中断");
  EXPECT_NE(m.text.find("移动共 6 条，5 条中断；其他运营商 10 条无一中断"), std::string::npos) << m.text;
  EXPECT_NE(m.text.find("移动报障电话 10086"), std::string::npos) << m.text;
  d.world.service_phone = {};
  d.states[d.inv.index_of("V14")] = line_state::unknown;  // confirmed, and what is shown is a moment behind
  const std::string text = d.told(alert_subject::carrier, "移动", "V10 V11 V12 V13 V14").text;
  EXPECT_NE(text.find("移动共 6 条，5 条中断"), std::string::npos) << text;
  EXPECT_EQ(text.find("\n\n"), std::string::npos) << "a line of which nothing is left: " << text;
}

TEST(Words, ATownThatIsDarkNamesTheCarriersThatAreIn) {
  district d;
  for (int k = 8; k <= 12; ++k) d.down("V" + std::to_string(k));
  const message m = d.told(alert_subject::town, "龙河镇", "V8 V9 V10 V11 V12");
  EXPECT_EQ(m.title, "龙河镇 5 条村线同时中断");
  EXPECT_NE(m.text.find("龙河镇共 15 条，5 条中断（移动 3 条、电信 2 条）"), std::string::npos) << m.text;
}

TEST(Words, ManyAtOnceSayWhereTheyAreAndWhose) {
  district d;
  for (const char* id : {"V1", "V2", "V10", "C1"}) d.down(id);
  const message m = d.told(alert_subject::many, "", "V1 V2 V10 C1");
  EXPECT_NE(m.text.find("依据：龙河镇 3 条、青山镇 1 条；"), std::string::npos) << m.text;
}

TEST(Words, AWebsiteIsNeverALineFault) {
  district d;
  d.down("portal", cause::http_status);
  const message m = d.told(alert_subject::site, "", "portal");
  EXPECT_EQ(m.title, "区政府门户网站打不开");
  EXPECT_NE(m.text.find("原因：HTTP 状态码不符"), std::string::npos);
  EXPECT_EQ(m.text.find("线路"), std::string::npos) << m.text;
}

TEST(Words, AWebsiteWhoseAddressIsNotKnownBeginsWithTheTime) {
  district d;
  for (target& t : d.inv.targets) t.url = {};
  d.down("portal", cause::http_status);
  const message m = d.told(alert_subject::site, "", "portal");
  EXPECT_TRUE(m.text.starts_with("自 03:12:07 起打不开，已 1 分 5 秒\n")) << m.text;
}

TEST(Words, WebsitesAreCountedByTheirOwnWord) {
  district d;
  for (const char* id : {"mail", "forms"}) d.add(id, id, "website", "", "").kind = target_kind::site;
  d.down("portal", cause::http_status);
  d.states[d.inv.index_of("mail")] = line_state::down;
  const message m = d.told(alert_subject::site, "", "portal");
  EXPECT_NE(m.text.find("其余 2 个网站中 1 个正常、1 个中断"), std::string::npos) << m.text;
}

TEST(Words, WhatIsDownBesideACarriersCutIsNotOfIt) {
  district d;
  for (const char* id : {"V10", "V11", "V12", "V14"}) d.down(id);
  const std::string text = d.told(alert_subject::carrier, "移动", "V10 V11 V12").text;
  EXPECT_NE(text.find("移动共 6 条，4 条中断（1 条不在此列）；"), std::string::npos) << text;
}

TEST(Words, WhatADeviceSaidIsOneShortSentence) {
  district d;
  d.down("C1");
  d.world.traps = [](std::string_view id, const outage_facts&) {
    std::vector<heard_trap> all;
    if (id == "C1" || id == "V11")
      for (const char* words : {"市电中断，UPS 供电", "接口中断 GE0/0/1", "接口中断 GE0/0/2"})
        all.push_back({.about = three - 2s, .what = trap_class::power, .words = words});
    return all;
  };
  const std::string one = d.told(alert_subject::line, "", "C1").text;
  EXPECT_NE(one.find("\n设备通知：03:12:05 市电中断，UPS 供电、03:12:05 接口中断 GE0/0/1等 3 条\n"), std::string::npos)
      << one;
  for (const char* id : {"V10", "V11", "V12"}) d.down(id);
  const std::string many = d.told(alert_subject::carrier, "移动", "V10 V11 V12").text;
  EXPECT_NE(many.find("\n设备通知：1 条线路的设备报告断电\n"), std::string::npos) << many;
}

TEST(Words, ACarriersCutSaysWhichTowns) {
  district d;
  std::string ids = "V10 V11 C1";
  for (const char* id : {"V10", "V11", "C1"}) d.down(id);
  const auto text = [&] { return d.told(alert_subject::carrier, "移动", ids).text; };
  EXPECT_NE(text().find("\n乡镇：龙河镇、青山镇\n"), std::string::npos) << text();
  for (int k = 1; k <= 5; ++k) {
    const std::string id = "X" + std::to_string(k);
    d.add(id, id, "village", std::to_string(k) + "乡", "移动");
    ids += " " + id;
  }
  EXPECT_NE(text().find("\n乡镇：龙河镇、1乡、2乡、3乡、4乡等 7 个乡镇\n"), std::string::npos) << text();
  EXPECT_NE(d.told(alert_subject::carrier, "移动", ids, message_kind::grown).text.find("等 7 个乡镇\n"),
            std::string::npos);
}

TEST(Words, ThatNobodyCanBeReachedSaysWhoIsOnDuty) {
  district d;
  std::vector<std::string> names{"周工"};
  d.world.on_duty = [&] { return names; };
  const auto text = [&](const char* fault) { return d.told(alert_subject::own, fault, "", message_kind::own).text; };
  EXPECT_NE(text("nobody").find("；当班：周工\n"), std::string::npos) << text("nobody");
  EXPECT_EQ(text("disk").find("周工"), std::string::npos);
  names.clear();
  EXPECT_NE(text("nobody").find("；现在没有人当班\n"), std::string::npos) << text("nobody");
}

TEST(Words, AnotherDayAndAnotherYearAreWritten) {
  district d;
  d.down("C1");
  d.world.now = three + 24h;
  EXPECT_NE(d.told(alert_subject::line, "", "C1").text.find("自 03-14 03:12:07 起"), std::string::npos);
  d.world.now = three + 24h * 400;
  EXPECT_NE(d.told(alert_subject::line, "", "C1").text.find("自 2026-03-14 03:12:07 起"), std::string::npos);
}

TEST(Words, BehindAParentTheParentIsTheCause) {
  district d;
  d.down("V1");
  d.outages["V1"].upstream = "T1";
  EXPECT_NE(d.told(alert_subject::line, "", "V1").text.find("原因：上级 龙河镇汇聚 中断"), std::string::npos);
}

TEST(Words, WhoTookItOverIsNamed) {
  district d;
  const message m = d.told(alert_subject::carrier, "移动", "V10 V11 V12", message_kind::acknowledged,
                           {.severity = 2, .note = "王工 03:12 已确认：已报 10086"});
  EXPECT_EQ(m.title, "已接手：移动 3 条村线");
  EXPECT_EQ(d.told(alert_subject::site, "", "portal", message_kind::acknowledged).title, "已接手：区政府门户网站");
  EXPECT_NE(m.text.find("王工 03:12 已确认：已报 10086\n"), std::string::npos) << m.text;
}

TEST(Words, WhatNobodyKnowsIsNotSaid) {
  district d;
  d.world.outage = {};
  d.world.state = {};
  d.world.service_phone = {};
  EXPECT_EQ(d.told(alert_subject::line, "", "gone").title, "gone中断");
}

TEST(Words, ACertificateSaysHowManyDaysAreLeft) {
  district d;
  EXPECT_EQ(d.told(alert_subject::certificate, "12", "portal").title, "区政府门户网站的证书还有 12 天到期");
  EXPECT_EQ(d.told(alert_subject::certificate, "-1", "portal").title, "区政府门户网站的证书已过期");
}

TEST(Words, WhatIsDegradedSaysWhatIsMeasuredAndItsLimit) {
  district d;
  d.world.measured = [](std::span<const std::string>, std::string_view name) {
    return std::string(name) + " 12 %，限值 5 %（合同第 4 条）";
  };
  const message m = d.told(alert_subject::degraded, "丢包", "C1");
  EXPECT_EQ(m.title, "青山卫生院质量下降：丢包");
  EXPECT_EQ(m.text,
            "自 03:12:07 起，已 1 分 5 秒\n实测：丢包 12 %，限值 5 %（合同第 4 条）\n运营商：移动，电路 "
            "YD-77，报障电话 10086\n涉及：青山卫生院\n接手：changtong ack "
            "A20260314-0001 --api http://127.0.0.1:8080 --token-file ~/.changtong.token\n");
  EXPECT_EQ(d.told(alert_subject::degraded, "丢包", "V10 V11 C1").title, "移动 3 条线路质量下降：丢包");
  EXPECT_EQ(d.told(alert_subject::degraded, "丢包、时延过大", "V1 V11").title,
            "龙河镇 2 条村线质量下降：丢包、时延过大");
  EXPECT_EQ(d.told(alert_subject::degraded, "丢包", "V1 C1").title, "2 条线路质量下降：丢包");
}

TEST(Words, AStormIsOneMessageThatIsStillExact) {
  district d;
  const std::vector<message> all{d.told(alert_subject::carrier, "移动", "V10 V11 V12"),
                                 d.told(alert_subject::line, "", "C1"), d.told(alert_subject::line, "", "V1")};
  const message m = digest_of(all, false, d.world, {});
  EXPECT_EQ(m.title, "3 项告警");
  EXPECT_EQ(m.text, "移动 3 条村线同时中断\n青山卫生院中断\n龙河1村中断\n");
  EXPECT_EQ(m.lines, (std::vector<std::string>{"V1", "V10", "V11", "V12", "C1"})) << "in order of the inventory";
  EXPECT_EQ(m.count, 5U);
  EXPECT_EQ(digest_of({}, true, d.world, {}).title, "2026-03-14 告警日报：没有告警");
}

TEST(Words, ForProgramsAMessageIsJson) {
  district d;
  d.down("C1");
  const message m = d.told(alert_subject::line, "", "C1");
  const std::string json = to_json(m, zone);
  EXPECT_TRUE(json.starts_with(
      R"({"id":"A20260314-0001","kind":"opened","cause":"line","began":"2026-03-14T03:12:07.000+08:00",)"
      R"("lines":["C1"],"count":1,"title":)"))
      << json;
  const std::string many = to_json(d.told(alert_subject::upstream, "T1", "T1 V9 V10"), zone);
  EXPECT_NE(many.find(R"("lines":["T1","V10","V9"],"count":3)"), std::string::npos) << many;
}

}  // namespace
}  // namespace changtong::alerts
