// What a phone at night shows: titles and texts of alerts by the built-in words.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "daemon/publish/alerts/message_json.h"
#include "daemon/publish/alerts/words.h"

namespace changtong::alerts {
namespace {

using namespace std::chrono_literals;

const civil_zone zone = civil_zone::named("Asia/Shanghai").value();
const wall_t three = zone.parse_instant("2026-03-14 03:12:07").value();

message_words built_in() {
  std::ifstream file(std::string(CHANGTONG_SOURCE_DIR) + "/config/words/alerts.txt");
  std::stringstream text;
  text << file.rdbuf();
  return message_words::read(text.str(), "alerts.txt").value();
}

/** A township, its villages, one clinic of another town, one website. */
struct district {
  inventory inv;
  std::map<std::string, outage_facts, std::less<>> outages;
  std::map<target_index, line_state> states;
  told_world world;
  alert_step of_step = alert_step::opened;

  district() {
    target* t = &add("T1", "龙河镇汇聚", "township", "龙河镇", "电信");
    t->circuit = "DX-1";
    for (int k = 1; k <= 14; ++k) {
      t = &add("V" + std::to_string(k), "龙河" + std::to_string(k) + "村", "village", "龙河镇",
               k <= 9 ? "电信" : "移动");
      t->parent = "T1";
      t->parent_index = 0;
    }
    t = &add("C1", "青山卫生院", "health", "青山镇", "移动");
    t->unit = "卫健委";
    t->circuit = "YD-77";
    t = &add("portal", "区政府门户网站", "website", "", "");
    t->kind = target_kind::site;
    t->unit = "区政府办";
    t->url = "https://www.example.gov.cn/";
    world.targets = &inv;
    world.zone = &zone;
    world.now = three + 65s;
    world.outage = [this](std::string_view id) {
      const auto o = outages.find(id);
      return o == outages.end() ? std::nullopt : std::optional{o->second};
    };
    world.state = [this](target_index k) {
      const auto s = states.find(k);
      return s == states.end() ? line_state::up : s->second;
    };
    world.service_phone = [](const target& t) { return std::string(t.carrier == "移动" ? "10086" : ""); };
  }
  target& add(const std::string& id, const std::string& name, const std::string& category, const std::string& town,
              const std::string& carrier) {
    target t;
    t.id = id;
    t.name = name;
    t.category = category;
    t.town = town;
    t.carrier = carrier;
    inv.by_id[id] = static_cast<target_index>(inv.targets.size());
    return inv.targets.emplace_back(std::move(t));
  }
  void down(const std::string& id, cause why = cause::timeout) {
    outages[id] = {.began = three, .ended = {}, .why = why, .upstream = {}, .after_own_uplink = false};
    states[inv.by_id.at(id)] = line_state::down;
  }
  [[nodiscard]] std::string villages() const {
    std::string out = "T1";
    for (int k = 1; k <= 14; ++k) out += " V" + std::to_string(k);
    return out;
  }
  [[nodiscard]] message told(alert_subject about, const std::string& name, const std::string& targets,
                             message_kind how = message_kind::opened, const told_besides& besides = {}) const {
    alert_record step{.at = how == message_kind::resolved && about != alert_subject::own ? three + 2h : three + 3s,
                      .alert = "A20260314-0001",
                      .step = of_step,
                      .subject = about,
                      .name = name,
                      .began = three,
                      .targets = targets,
                      .of = {},
                      .person = {},
                      .channel = {},
                      .answer = {}};
    return in_words(built_in(), step, how, world, besides);
  }
};

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
            "查看：http://10.0.0.1:8080/#alert=A20260314-0001\n");
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
  EXPECT_NE(m.text.find("龙河10村等，另有"), std::string::npos) << m.text;
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
  d.states[d.inv.by_id.at("V14")] = line_state::unknown;  // confirmed, and what is shown is a moment behind
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

TEST(Words, ARecoverySaysHowLongExactlyAndWhatItDoesToTheMonth) {
  district d;
  d.down("C1");
  d.outages["C1"].ended = three + 1h + 3min + 12s + 999ms;
  d.world.month = [](std::span<const std::string>, wall_t) { return month_figures{"99.8582 %", "0.1418 个百分点"}; };
  const message m = d.told(alert_subject::line, "", "C1", message_kind::resolved);
  EXPECT_EQ(m.title, "青山卫生院已恢复，历时 1 小时 3 分 12 秒");
  EXPECT_NE(m.text.find("03:12:07 起，04:15:19 恢复"), std::string::npos) << m.text;
  EXPECT_NE(m.text.find("本月畅通率 99.8582 %，本次使之下降 0.1418 个百分点"), std::string::npos) << m.text;
}

TEST(Words, APartThatIsBackSaysHowMuchIsNot) {
  district d;
  d.world.left = [](std::string_view) { return std::size_t{12}; };
  alert_record step;
  step.alert = "A20260314-0001";
  step.step = alert_step::resolved;
  step.subject = alert_subject::upstream;
  step.name = "T1";
  step.began = three;
  step.at = three + 60s;
  step.targets = "V1 V2 V3";
  const auto told = [&] { return in_words(built_in(), step, message_kind::resolved, d.world, {}); };
  EXPECT_EQ(told().title, "龙河镇汇聚之下 3 条村线已恢复（尚有 12 条未恢复），历时 1 分 0 秒") << "it is down itself";
  EXPECT_EQ(told().text.find("全部"), std::string::npos);
  step.targets = "T1 V1 V2";
  EXPECT_EQ(told().title, "龙河镇汇聚及 2 条村线已恢复（尚有 12 条未恢复），历时 1 分 0 秒");
  d.world.left = [](std::string_view) { return std::size_t{0}; };
  EXPECT_EQ(told().title, "龙河镇汇聚及 2 条村线已恢复，历时 1 分 0 秒");
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

TEST(Words, OurOwnFaultSaysWhatItDoesToTheBooks) {
  district d;
  const message m = d.told(alert_subject::own, "uplink", "");
  EXPECT_EQ(m.title, "监测本机：本单位上联中断，锚点全部无应答");
  EXPECT_NE(m.text.find("记为未观测"), std::string::npos);
  EXPECT_EQ(d.told(alert_subject::own, "uplink", "", message_kind::resolved).title,
            "监测本机已恢复：本单位上联中断，锚点全部无应答，历时 3 秒");
  // as it is delivered: of one kind from its beginning to its end
  EXPECT_EQ(d.told(alert_subject::own, "uplink", "", message_kind::own).title,
            "监测本机：本单位上联中断，锚点全部无应答");
  d.of_step = alert_step::resolved;
  EXPECT_EQ(d.told(alert_subject::own, "uplink", "", message_kind::own).title,
            "监测本机已恢复：本单位上联中断，锚点全部无应答，历时 3 秒");
}

TEST(Words, WhoTookItOverIsNamed) {
  district d;
  const message m = d.told(alert_subject::carrier, "移动", "V10 V11 V12", message_kind::acknowledged,
                           {.severity = 2, .note = "王工 03:12 已确认：已报 10086"});
  EXPECT_EQ(m.title, "已接手：移动 3 条村线");
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

TEST(Words, LengthsAreRoundedDown) {
  EXPECT_EQ(length_in_words(999ms), "0 秒");
  EXPECT_EQ(length_in_words(60s), "1 分 0 秒");
  EXPECT_EQ(length_in_words(25h + 61s), "1 天 1 小时 1 分 1 秒");
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
