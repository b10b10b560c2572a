// What the narrator says of a scripted story, and the reckoning it keeps.
#include "daemon/simulate/narrator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace changtong::simulate {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

class a_narrator : public testing::Test {
 protected:
  static wall_t at(milliseconds since) { return wall_from_ms(1'772'370'240'000) + since; }  // 2026-03-01 21:04:00

  std::uint32_t line_of(std::string_view category) const {
    const auto it =
        std::find_if(d_.lines.begin(), d_.lines.end(), [&](const district_line& l) { return l.category == category; });
    return static_cast<std::uint32_t>(it - d_.lines.begin());
  }
  trouble cut(std::uint32_t number, std::vector<std::uint32_t> lines, trouble_kind kind = trouble_kind::village_cut) {
    trouble t;
    t.number = number;
    t.kind = kind;
    t.lasts = 40s;
    t.lines = std::move(lines);
    return t;
  }
  std::string begin(const trouble& t, milliseconds when) {
    const std::vector<wall_t> edges(t.site != no_line ? 1 : t.lines.size(), at(when));
    return n_.began(t, edges, at(when));
  }
  std::string end(const trouble& t, milliseconds when) {
    const std::vector<wall_t> edges(t.site != no_line ? 1 : t.lines.size(), at(when));
    return n_.ended(t, edges, at(when));
  }
  std::string down(const std::string& id, milliseconds last_good, milliseconds first_bad, milliseconds told) {
    return n_.announced({.target = id,
                         .to = line_state::down,
                         .at = at(first_bad),
                         .edge = {at(last_good), at(first_bad)},
                         .confirmed = at(told),
                         .why = cause::timeout,
                         .decided_by = {}},
                        at(told));
  }
  std::string up(const std::string& id, milliseconds last_bad, milliseconds first_good, milliseconds told) {
    return n_.announced({.target = id,
                         .to = line_state::up,
                         .at = at(first_good),
                         .edge = {at(last_bad), at(first_good)},
                         .confirmed = at(told),
                         .decided_by = {}},
                        at(told));
  }
  const std::string& id(std::uint32_t line) const { return d_.lines[line].id; }

  district d_ = make_district(default_lines, 1);
  narrator n_{d_, *civil_zone::named("Asia/Shanghai"), 15s};
  std::uint32_t village_ = line_of("village");
};

TEST_F(a_narrator, TellsACutTheDiscoveryAndTheRecovery) {
  const trouble t = cut(1, {village_});
  const std::string name = d_.lines[village_].name + "(v-0001)";
  EXPECT_EQ(begin(t, 5s), "21:04:05 切断  " + name + "  单村断线 计划 40.0 秒\n");
  EXPECT_EQ(down("v-0001", 4300ms, 5300ms, 7400ms),
            "21:04:07 监测已发现 " + name + " 用时 2.4 秒（断线起点误差 0.3 秒）\n");
  EXPECT_EQ(end(t, 45s), "21:04:45 恢复  " + name + "  单村断线结束\n");
  EXPECT_EQ(up("v-0001", 44900ms, 45150ms, 45400ms),
            "21:04:45 监测已见恢复 " + name + " 用时 0.4 秒（恢复点误差 0.1 秒）\n");
  const reckoning a = n_.so_far(at(60s));
  EXPECT_EQ(a.seen, 1U);
  EXPECT_EQ(a.missed + a.pending + a.unended, 0U);
  EXPECT_EQ(a.edges, 2U);
  EXPECT_EQ(a.edges_inside, 2U);
  EXPECT_EQ(a.median_detection, 2400ms);
}

TEST_F(a_narrator, TownshipCutIsSeenWhenTheLastVillageIs) {
  const std::uint32_t first = line_of("township");
  std::vector<std::uint32_t> lines{first};
  lines.insert(lines.end(), d_.children[first].begin(), d_.children[first].end());
  const trouble t = cut(1, lines, trouble_kind::township_cut);
  EXPECT_THAT(begin(t, 0s), HasSubstr("及其下"));
  for (std::size_t n = 0; n + 1 < lines.size(); ++n) EXPECT_THAT(down(id(lines[n]), -500ms, 500ms, 2s), IsEmpty());
  EXPECT_THAT(down(id(lines.back()), -500ms, 500ms, 3s), HasSubstr("全部，最慢 用时 3.0 秒"));
  EXPECT_EQ(n_.so_far(at(20s)).seen, lines.size());
}

TEST_F(a_narrator, MissIsCountedOnlyAfterThereWasTimeToSeeIt) {
  begin(cut(1, {village_}), 0s);
  EXPECT_EQ(n_.so_far(at(10s)).pending, 1U);
  EXPECT_EQ(n_.so_far(at(10s)).missed, 0U);
  EXPECT_EQ(n_.so_far(at(16s)).missed, 1U);
}

TEST_F(a_narrator, AlarmWithoutACutIsFalse) {
  begin(cut(1, {village_}), 0s);
  EXPECT_THAT(down("v-0002", 0s, 1s, 2s), HasSubstr("误报"));
  const reckoning a = n_.so_far(at(3s));
  ASSERT_EQ(a.false_alarms.size(), 1U);
  EXPECT_EQ(a.false_alarms[0].said.target, "v-0002");
  EXPECT_EQ(a.seen, 0U);
}

TEST_F(a_narrator, AlarmLongAfterTheCutIsFalse) {
  const trouble t = cut(1, {village_});
  begin(t, 0s);
  end(t, 5s);
  EXPECT_THAT(down("v-0001", 6s, 7s, 8s), HasSubstr("误报"));
}

TEST_F(a_narrator, SecondAlarmForOneCutIsFalse) {
  begin(cut(1, {village_}), 0s);
  down("v-0001", 0s, 1s, 2s);
  up("v-0001", 2s, 3s, 4s);
  EXPECT_THAT(down("v-0001", 4s, 5s, 6s), HasSubstr("误报"));
}

TEST_F(a_narrator, OutageThatGoesOnAfterAPauseIsNotASecondOne) {
  begin(cut(1, {village_}), 0s);
  down("v-0001", 0s, 1s, 2s);
  transition again{.target = "v-0001", .to = line_state::down, .at = at(9s), .edge = {}, .decided_by = {}};
  again.same_outage = true;
  EXPECT_THAT(n_.announced(again, at(10s)), IsEmpty());
  EXPECT_THAT(n_.so_far(at(11s)).false_alarms, IsEmpty());
}

TEST_F(a_narrator, SilentAgentThatIsCalledDownIsAFalseAlarm) {
  EXPECT_THAT(begin(cut(1, {village_}, trouble_kind::agent_silent), 0s), HasSubstr("扰动"));
  EXPECT_EQ(n_.so_far(at(60s)).missed, 0U);
  EXPECT_THAT(down("v-0001", 0s, 1s, 2s), HasSubstr("误报"));
}

TEST_F(a_narrator, AlarmWhilePacketsAreLostIsExcusedAndNotAfterwards) {
  const trouble t = cut(1, {village_}, trouble_kind::lossy_line);
  begin(t, 0s);
  EXPECT_THAT(down("v-0001", 1s, 2s, 3s), HasSubstr("不计误报"));
  end(t, 40s);
  down("v-0001", 99s, 100s, 101s);
  const reckoning a = n_.so_far(at(120s));
  EXPECT_EQ(a.excused, 1U);
  EXPECT_EQ(a.false_alarms.size(), 1U);
}

TEST_F(a_narrator, EdgeOutsideItsBracketIsReported) {
  const trouble t = cut(1, {village_});
  begin(t, 0s);
  down("v-0001", 500ms, 1s, 2s);  // claims a good answer after the cut
  const reckoning a = n_.so_far(at(30s));
  EXPECT_EQ(a.edges, 1U);
  EXPECT_EQ(a.edges_inside, 0U);
  EXPECT_THAT(write_reckoning(a, *civil_zone::named("Asia/Shanghai")), HasSubstr("✗ 不在区间内"));
}

TEST_F(a_narrator, UnseenRecoveryIsCounted) {
  const trouble t = cut(1, {village_});
  begin(t, 0s);
  down("v-0001", -1s, 1s, 2s);
  end(t, 10s);
  EXPECT_EQ(n_.so_far(at(20s)).unended, 0U);
  EXPECT_EQ(n_.so_far(at(26s)).unended, 1U);
}

TEST_F(a_narrator, FirstBeliefOfALineIsNoNews) { EXPECT_THAT(up("v-0001", 0s, 0s, 0s), IsEmpty()); }

TEST_F(a_narrator, SummaryHoldsTheSums) {
  EXPECT_THAT(n_.summary(at(0s)), IsEmpty());
  begin(cut(1, {village_}), 0s);
  begin(cut(2, {village_ + 1}), 1s);
  begin(cut(3, {village_ + 2}), 2s);
  down("v-0001", -1s, 1s, 2s);
  down("v-0002", 500ms, 1500ms, 5s);
  EXPECT_EQ(n_.summary(at(60s)),
            "21:05:00 小结：已造成中断 3 次，监测发现 2 次，漏报 1，误报 0；发现用时 中位 3.0 秒，最长 4.0 秒\n");
}

TEST_F(a_narrator, BrokenSiteIsAnOutageOfTheSite) {
  trouble t = cut(1, {}, trouble_kind::site_error);
  t.site = 0;
  EXPECT_THAT(begin(t, 0s), HasSubstr(d_.sites[0].name));
  EXPECT_THAT(down("portal", -4s, 1s, 3s), HasSubstr("监测已发现"));
  EXPECT_EQ(n_.so_far(at(30s)).seen, 1U);
}

TEST_F(a_narrator, SaysHowTheSiteFails) {
  trouble t = cut(1, {}, trouble_kind::site_error);
  t.site = 1;
  EXPECT_THAT(begin(t, 0s), HasSubstr("网站出错(状态码 200，页面（GBK）写着“数据库连接失败”)"));
  t.number = 2;
  t.site = 2;
  EXPECT_THAT(begin(t, 0s), HasSubstr("网站出错(状态码 500)"));
}

TEST_F(a_narrator, SiteWithoutANameIsAnOutageForThatReasonAlone) {
  EXPECT_THAT(begin(standing_trouble(d_), 0s),
              HasSubstr("数字档案馆(archive)  域名无应答(域名服务器从不应答) 一直如此"));
  EXPECT_THAT(down("archive", -4s, 1s, 3s), HasSubstr("误报")) << "a timeout of the site would be another story";
  const std::string seen = n_.announced({.target = "archive",
                                         .to = line_state::down,
                                         .at = at(1s),
                                         .edge = {wall_min, at(1s)},
                                         .confirmed = at(3s),
                                         .why = cause::name_not_found,
                                         .decided_by = {}},
                                        at(3s));
  EXPECT_THAT(seen, HasSubstr("监测已发现"));
  EXPECT_EQ(n_.so_far(at(60s)).seen, 1U);
  EXPECT_EQ(n_.so_far(at(60s)).edges_inside, 1U);
}

TEST(Inside, BracketIsOpenBelowClosedAboveGiveOrTakeAMillisecond) {
  const bracket b{wall_from_ms(1000), wall_from_ms(2000)};
  EXPECT_FALSE(inside(b, wall_from_ms(998)));
  EXPECT_TRUE(inside(b, wall_from_ms(1000)));
  EXPECT_TRUE(inside(b, wall_from_ms(2001)));
  EXPECT_FALSE(inside(b, wall_from_ms(2002)));
  EXPECT_TRUE(inside({wall_min, wall_from_ms(2000)}, wall_from_ms(-5)));
}

}  // namespace
}  // namespace changtong::simulate
