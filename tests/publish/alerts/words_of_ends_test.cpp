// What a message says of an end, a cause that was found, and of ourselves, by the built-in words.
#include <gtest/gtest.h>

#include "daemon/core/cause_words.h"
#include "tests/publish/alerts/told_district.h"

namespace changtong::alerts {
namespace {

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

TEST(Words, ARecoverySaysWhatItWasAndHowThatIsKnown) {
  district d;
  d.down("C1");
  d.outages["C1"].ended = three + 10min;
  d.outages["C1"].found = cause::restart;
  d.outages["C1"].observed = "设备在中断期间重新启动（恢复后称已运行 12 秒）";
  d.world.was_down = [](std::string_view id, wall_t from, wall_t to) {
    return id == "V10" && from == three && to == three + 10min;
  };
  const auto text = [&] { return d.told(alert_subject::line, "", "C1", message_kind::resolved).text; };
  EXPECT_EQ(text(),
            "原因：设备重启或断电（当时超时无应答）\n"
            "依据：设备在中断期间重新启动（恢复后称已运行 12 秒）；移动其余 5 条期间有 1 条也中断过\n"
            "03:12:07 起，03:22:07 恢复\n");
  d.outages["C1"].found = cause::unexplained;
  d.outages["C1"].observed = {};
  d.outages["C1"].last_hop = "10.0.1.1";
  d.world.was_down = [](std::string_view, wall_t, wall_t) { return false; };
  EXPECT_NE(text().find("原因：超时无应答\n依据：路径到 10.0.1.1 为止；移动其余 5 条期间未中断\n"), std::string::npos)
      << text();
  d.outages["C1"].recalled = true;
  EXPECT_EQ(text().find("其余"), std::string::npos) << "what was down before this start is not all known: " << text();
}

TEST(Words, WhatHangsBelowALineIsNoNeighbourOfIt) {
  district d;
  for (const char* id : {"T1", "V1", "V2", "V3"}) {
    d.down(id);
    d.outages[id].ended = three + 10min;
  }
  d.world.was_down = [](std::string_view id, wall_t, wall_t) { return id != "C1"; };
  const std::string text = d.told(alert_subject::upstream, "T1", "T1 V1 V2 V3", message_kind::resolved).text;
  EXPECT_EQ(text.find("其余"), std::string::npos) << text;
}

TEST(Words, TheRecoveryOfManySaysWhatTheyHaveInCommon) {
  district d;
  for (const char* id : {"V10", "V11", "V12"}) {
    d.down(id);
    d.outages[id].ended = three + 10min;
    d.outages[id].found = cause::carrier;
    d.outages[id].observed = "移动 5 条线路（分属 2 处）在 5 秒内先后中断，其他运营商 10 条正常";
  }
  const auto text = [&] { return d.told(alert_subject::carrier, "移动", "V10 V11 V12", message_kind::resolved).text; };
  EXPECT_NE(text().find("原因：运营商侧故障（多条线路同时中断）\n依据：移动 5 条线路（分属 2 处）"), std::string::npos)
      << text();
  d.outages["V12"].found = cause::restart;
  EXPECT_NE(text().find("原因：2 条为运营商侧故障（多条线路同时中断）、1 条为设备重启或断电\n"), std::string::npos)
      << text();
}

TEST(Words, ACarriersCutNamesTheCarrierFromItsBeginningToItsEnd) {
  district d;
  for (const char* id : {"V10", "V11", "V12"}) d.down(id);
  std::string text = d.told(alert_subject::carrier, "移动", "V10 V11 V12").text;
  EXPECT_NE(
      text.find("原因：疑为运营商侧故障（多条线路同时中断）\n依据：移动共 6 条，3 条中断；其他运营商 10 条无一中断\n"),
      std::string::npos)
      << text;
  for (const char* id : {"V10", "V11", "V12"}) d.outages[id].ended = three + 10min;
  d.outages["V12"].found = cause::access;
  d.outages["V12"].observed = "恢复后设备的运行时间没有中断";
  d.world.was_down = [&](std::string_view id, wall_t, wall_t) { return d.outages.contains(id); };
  text = d.told(alert_subject::carrier, "移动", "V10 V11 V12", message_kind::resolved).text;
  EXPECT_NE(text.find("原因：疑为运营商侧故障（多条线路同时中断），其中 1 条为接入段中断\n"
                      "依据：移动共 6 条，期间 3 条中断；其他运营商 10 条期间无一中断\n"),
            std::string::npos)
      << "one line does not name the cause of all: " << text;
  d.outages["V12"].found = cause::carrier;
  text = d.told(alert_subject::carrier, "移动", "V10 V11 V12", message_kind::grown).text;
  EXPECT_NE(text.find("原因：运营商侧故障（多条线路同时中断）\n"), std::string::npos) << text;
}

TEST(Words, WhoIsBackWhenAMessageLeavesIsSaid) {
  district d;
  for (const char* id : {"V10", "V11", "V12", "V13", "V14"}) d.down(id);
  d.outages["V14"].ended = three + 60s;
  message m = d.told(alert_subject::carrier, "移动", "V10 V11 V12 V13 V14", message_kind::grown);
  EXPECT_EQ(m.title, "影响扩大：移动 5 条村线中断（已恢复 1 条）");
  d.outages["V14"].ended = {};
  m = d.told(alert_subject::carrier, "移动", "V10 V11 V12 V13 V14", message_kind::grown);
  EXPECT_EQ(m.title, "影响扩大：移动 5 条村线中断");
}

TEST(Words, ACauseThatIsAnotherIsCorrected) {
  district d;
  d.down("C1");
  d.outages["C1"].found = cause::middle;
  d.outages["C1"].observed = "路径止于 10.0.1.1，平时其后为 10.0.2.1";
  alert_record step;
  step.alert = "A20260314-0001";
  step.step = alert_step::grown;
  step.of = another_cause;
  step.began = three;
  step.targets = "C1";
  const auto told = [&] { return in_words(built_in(), step, message_kind::grown, d.world, {}); };
  EXPECT_EQ(told().title, "原因更正：青山卫生院：超时无应答，中间网络中断");
  EXPECT_NE(told().text.find("依据：路径止于 10.0.1.1，平时其后为 10.0.2.1；"), std::string::npos) << told().text;
  EXPECT_EQ(named_cause(step, d.world), cause::middle);
  d.outages["C1"].found = cause::unexplained;
  EXPECT_EQ(told().title, "原因更正：青山卫生院：尚未查明");
  EXPECT_EQ(named_cause(step, d.world), cause::none);
}

TEST(Words, AWebsiteSaysWhatTheVisitSaw) {
  district d;
  d.down("portal", cause::http_status);
  d.outages["portal"].visited = "HTTP 状态码 502";
  EXPECT_NE(
      d.told(alert_subject::site, "", "portal").text.find("原因：HTTP 状态码不符\n依据：访问所见：HTTP 状态码 502\n"),
      std::string::npos);
  d.outages["portal"].ended = three + 10min;
  EXPECT_NE(
      d.told(alert_subject::site, "", "portal", message_kind::resolved).text.find("依据：访问所见：HTTP 状态码 502\n"),
      std::string::npos);
}

TEST(Words, OurOwnStandstillSaysFromWhenToWhen) {
  district d;
  d.world.own_ended = [](std::string_view fault, wall_t began) {
    return fault == "paused" && began == three ? std::optional(three + 40s) : std::nullopt;
  };
  const message m = d.told(alert_subject::own, "paused", "", message_kind::own);
  EXPECT_TRUE(m.text.starts_with("自 03:12:07 起，至 03:12:47，历时 40 秒\n")) << m.text;
  EXPECT_TRUE(d.told(alert_subject::own, "uplink", "", message_kind::own).text.starts_with("自 03:12:07 起\n"));
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

TEST(Words, WhereThePathEndedIsAnObservationAndWhatWasFoundACause) {
  district d;
  d.down("V1");
  d.outages["V1"].last_hop = "10.0.1.1", d.outages["V1"].next_hop = "10.0.2.1";
  std::string text = d.told(alert_subject::line, "", "V1").text;
  EXPECT_NE(text.find("依据：路径到 10.0.1.1 为止，其后 10.0.2.1 不应答；"), std::string::npos) << text;
  EXPECT_NE(text.find("原因：超时无应答\n"), std::string::npos) << text;
  d.outages["V1"].found = cause::restart;
  d.outages["V1"].observed = "设备报告断电";
  text = d.told(alert_subject::line, "", "V1").text;
  EXPECT_NE(text.find("原因：超时无应答，设备重启或断电\n"), std::string::npos) << text;
  EXPECT_NE(text.find("依据：设备报告断电；"), std::string::npos) << text;
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

TEST(Words, WhatLeftTheInventoryIsNotSaidToBeWell) {
  district d;
  d.of_step = alert_step::resolved;
  alert_record step;
  step.alert = "A20260314-0001";
  step.step = alert_step::resolved;
  step.of = removed_from_inventory;
  step.began = three;
  step.targets = "OLD7";
  const message m = in_words(built_in(), step, message_kind::resolved, d.world, {});
  EXPECT_EQ(m.title, "OLD7已移出清单，告警结束");
  EXPECT_EQ(m.text, "共 1 条，自 03:12:07 起未见恢复；此后不再监测，恢复与否无从得知\n");
  step.targets = "C1";
  EXPECT_EQ(in_words(built_in(), step, message_kind::resolved, d.world, {}).title, "青山卫生院已停用，告警结束");
}

TEST(Words, LengthsAreRoundedDown) {
  EXPECT_EQ(length_in_words(999ms), "0 秒");
  EXPECT_EQ(length_in_words(60s), "1 分 0 秒");
  EXPECT_EQ(length_in_words(25h + 61s), "1 天 1 小时 1 分 1 秒");
}

}  // namespace
}  // namespace changtong::alerts
