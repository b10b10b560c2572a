// Lengths in messages: of the thing itself, and not of our waiting for its end.
#include <gtest/gtest.h>

#include "daemon/publish/alerts/own_faults.h"
#include "daemon/publish/alerts/simulation.h"
#include "tests/publish/alerts/night.h"
#include "tests/publish/alerts/told_district.h"

namespace changtong::alerts {
namespace {

struct said : district {
  alert_record step{.at = three + 90s,
                    .alert = "A20260314-0001",
                    .step = alert_step::resolved,
                    .subject = alert_subject::own,
                    .name = "paused",
                    .began = three,
                    .targets = {},
                    .of = {},
                    .person = {},
                    .channel = {},
                    .answer = {}};

  said() { world.now = step.at; }
  void went(const alert_course& how) {
    world.course = [how](std::string_view) { return std::optional(how); };
  }
  [[nodiscard]] message sent(message_kind kind = message_kind::own) const {
    return in_words(built_in(), step, kind, world, {});
  }
};

TEST(WordsOfLengths, AFaultOfOurOwnThatCameAndWentSaysHowOftenAndHowLongInAll) {
  said s;
  s.went({.ended = three + 27s, .times = 3, .lasted = 17s});
  const message m = s.sent();
  EXPECT_EQ(m.title, "监测本机已恢复：监测停顿（进程或主机曾被挂起，或时钟跳变）（共 3 次），历时 17 秒");
  EXPECT_TRUE(m.text.starts_with("03:12:07 起，03:12:34 恢复\n")) << m.text;
  s.went({.ended = three + 27s, .times = 1, .lasted = 27s});
  EXPECT_TRUE(s.sent().title.ends_with("，或时钟跳变），历时 27 秒")) << s.sent().title;
}

TEST(WordsOfLengths, AfterARestartAFaultOfOurOwnEndedWhenItHadBeenAwayForAWhile) {
  const said s;
  EXPECT_TRUE(s.sent().title.ends_with("，历时 1 分 20 秒")) << s.sent().title;
}

TEST(WordsOfLengths, QualityIsBackSinceItWasGoodAgain) {
  said s;
  s.step.subject = alert_subject::degraded;
  s.step.name = "丢包";
  s.step.targets = "C1";
  s.went({.ended = three + 17s});
  const message m = s.sent(message_kind::resolved);
  EXPECT_EQ(m.title, "青山卫生院质量已恢复，历时 17 秒");
  EXPECT_TRUE(m.text.starts_with("03:12:07 起，03:12:24 恢复\n")) << m.text;
}

/** As whoever subtracts them has it. */
TEST(WordsOfLengths, ALengthIsThatBetweenTheClocksThatAreTold) {
  district d;
  d.down("C1");
  d.outages["C1"].began = three;
  d.outages["C1"].ended = three + 9s + 900ms;
  EXPECT_EQ(d.told(alert_subject::line, "", "C1", message_kind::resolved).title, "青山卫生院已恢复，历时 9 秒");
  said s;
  s.step.began = three + 900ms;
  s.went({.ended = three + 10s + 100ms, .times = 1, .lasted = 9s + 200ms});
  EXPECT_TRUE(s.sent().title.ends_with("，历时 10 秒")) << s.sent().title;
  EXPECT_TRUE(s.sent().text.starts_with("03:12:07 起，03:12:17 恢复\n")) << s.sent().text;
}

TEST(WordsOfLengths, ALineThatFlapsSaysSinceWhenHowOftenAndHowLongInAll) {
  district d;
  d.down("C1");
  d.world.run = [](const alert_record&) {
    return std::optional(alert_course{.ended = three + 5min, .began = three - 20min, .times = 6, .lasted = 185s});
  };
  const auto text = [&](message_kind how) { return d.told(alert_subject::flapping, "", "C1", how).text; };
  EXPECT_TRUE(text(message_kind::opened).starts_with("自 02:52:07 起已中断 6 次；稳定之前不再逐次告警\n"));
  EXPECT_NE(text(message_kind::resolved).find("自 02:52:07 起时通时断，共中断 6 次，合计 3 分 5 秒，03:17:07 起稳定\n"),
            std::string::npos)
      << text(message_kind::resolved);
  d.world.run = {};
  EXPECT_TRUE(text(message_kind::opened).starts_with("自 03:12:07 起多次中断又恢复；稳定之前不再逐次告警\n"));
}

TEST(WordsOfLengths, WhoHasTakenOverOneLineReadsItsNameAlone) {
  const district d;
  const auto title = [&](alert_subject about, const char* ids) {
    return d.told(about, "丢包", ids, message_kind::acknowledged).title;
  };
  EXPECT_EQ(title(alert_subject::degraded, "V1"), "已接手：龙河1村");
  EXPECT_EQ(title(alert_subject::flapping, "V1"), "已接手：龙河1村");
  EXPECT_EQ(title(alert_subject::degraded, "V1 V2"), "已接手：电信 2 条村线");
  EXPECT_EQ(title(alert_subject::many, "V1 V2"), "已接手：龙河1村等 2 条村线");
}

TEST(WordsOfLengths, AMessageSaysWhatToTypeToTakeItOver) {
  district d;
  d.down("C1");
  d.world.api = "http://127.0.0.1:8181";
  const std::string command =
      "changtong ack A20260314-0001 --api http://127.0.0.1:8181 --token-file ~/.changtong.token";
  const message m = d.told(alert_subject::line, "", "C1");
  EXPECT_NE(m.text.find("\n接手：" + command + "\n"), std::string::npos) << m.text;
  EXPECT_EQ(m.command, command) << "a telephone leaves it out";
  d.world.api = "https://127.0.0.1:8443";
  const message none = d.told(alert_subject::line, "", "C1");
  EXPECT_EQ(none.text.find("changtong ack"), std::string::npos) << "no certificate is 127.0.0.1's: " << none.text;
}

TEST(WordsOfLengths, WhereThereIsAPageToTakeItOverOnNobodyHasToType) {
  district d;
  d.down("C1");
  d.down("V1");
  d.world.link = "http://10.0.0.1:8080";
  EXPECT_EQ(d.told(alert_subject::line, "", "C1").command, "");
  EXPECT_EQ(d.told(alert_subject::many, "", "C1 V1").link, "http://10.0.0.1:8080/console/#/outages");
  const message own = d.told(alert_subject::degraded, "丢包", "C1");
  EXPECT_NE(own.text.find("接手：changtong ack A20260314-0001 --api "), std::string::npos) << "no page has it";
  EXPECT_EQ(own.link, "http://10.0.0.1:8080/console/");
}

/** Its end is in the ledger by the step that ended it: ten seconds later. Half an hour on nobody knows yet. */
TEST(WordsOfLengths, AStandstillIsToldWithItsEndAndNothingOfWhatIsToCome) {
  const auto words = built_in();
  simulation world{.targets = fakes::district(),
                   .zone = zone,
                   .words = &words,
                   .settings = fakes::usual(),
                   .people = fakes::staff(),
                   .on_duty = fakes::turns};
  const wall_t when = three;
  alert_record fault;
  fault.subject = alert_subject::own;
  fault.name = standstill;
  fault.began = when;
  fault.at = when + 8s;
  alert_record over = fault;
  over.step = alert_step::resolved;
  over.of = told_when_over;
  over.at = when + 17s;
  transition down;
  down.target = "V1";
  down.to = line_state::down;
  down.at = down.confirmed = when + 1min;
  std::vector<std::string> texts;
  const auto sent = [&] {
    texts.clear();
    (void)simulate(
        world,
        {{.known = fault.at, .what = fault}, {.known = over.at, .what = over}, {.known = when + 1min, .what = down}},
        {}, [&](const would_tell& w) { texts.push_back(w.what.text); });
    return texts.size();
  };
  EXPECT_GT(sent(), 2U) << "the next ones are told later";
  EXPECT_TRUE(texts[0].starts_with("自 03:12:07 起，至 03:12:14，历时 7 秒\n")) << texts[0];
  world.until = when + 2min;
  EXPECT_EQ(sent(), 2U);
}

}  // namespace
}  // namespace changtong::alerts
