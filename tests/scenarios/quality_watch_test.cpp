// What of lines that are up is beyond its limit: by the board, with hysteresis, and what nobody measures stays.
#include "daemon/run/quality_watch.h"

#include <gmock/gmock.h>

#include "tests/fakes/world.h"

namespace changtong {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const wall_t begin = wall_from_ms(1'773'417'600'000);

quality_limit limit(quality of, double at, double clear) {
  quality_limit l;
  l.of = of;
  l.at = at;
  l.clear = clear;
  l.source = "合同第 4 条";
  return l;
}

/** With room for every fact. */
std::vector<fact_view> places(std::size_t n) {
  std::vector<fact_view> all(n);
  for (fact_view& f : all) f.make_room((std::uint64_t{1} << fact_table.size()) - 1);
  return all;
}

struct place {
  explicit place(std::vector<quality_limit> limits,
                 const std::vector<fakes::line_spec>& lines = {{.id = "A"}, {.id = "B"}})
      : b(fakes::district(lines)) {
    alerts.limits = std::move(limits);
    watch.adopt(alerts);
    for (line_view& l : b.lines) l.state = line_state::up;
  }
  std::vector<std::string> look() {
    std::vector<std::string> out;
    for (const quality_watch::change& c : watch.look(b, now))
      out.push_back(c.target + " " + c.name + (c.wrong ? " !" : " ok"));
    return out;
  }

  alert_settings alerts;
  board b;
  quality_watch watch{alerts};
  wall_t now = begin;
};

TEST(QualityWatch, BeyondTheLimitAndBackOnlyBehindItsClear) {
  place p({limit(quality::delay, 100, 80)});
  EXPECT_THAT(p.look(), IsEmpty());
  p.b.lines[0].mean_rtt_seconds = 0.1F;
  EXPECT_THAT(p.look(), ElementsAre("A 时延过大 !"));
  EXPECT_THAT(p.look(), IsEmpty()) << "said once";
  p.b.lines[0].mean_rtt_seconds = 0.09F;
  EXPECT_THAT(p.look(), IsEmpty());
  p.b.lines[0].mean_rtt_seconds = 0.07F;
  EXPECT_THAT(p.look(), ElementsAre("A 时延过大 ok"));
}

TEST(QualityWatch, WhatNobodySeesStaysAsItWas) {
  place p({limit(quality::loss, 0.05, 0.025)});
  p.b.lines[0].loss_ratio = 0.2F;
  EXPECT_THAT(p.look(), ElementsAre("A 丢包 !"));
  p.b.lines[0].loss_ratio = 0.F;
  p.b.lines[0].state = line_state::unknown;
  EXPECT_THAT(p.look(), IsEmpty());
  p.b.lines[0].state = line_state::up;
  p.b.lines[0].loss_ratio = -1.F;
  EXPECT_THAT(p.look(), IsEmpty());
  p.b.lines[0].loss_ratio = 0.F;
  EXPECT_THAT(p.look(), ElementsAre("A 丢包 ok"));
}

TEST(QualityWatch, OfWhomNobodyAsksNothingIsSaidAndOpenedAgainItBeginsAnew) {
  place p({limit(quality::loss, 0.05, 0.025)});
  p.b.lines[0].loss_ratio = 0.2F;
  EXPECT_THAT(p.look(), ElementsAre("A 丢包 !"));
  p.b.lines[0].where = life::closed;
  EXPECT_THAT(p.look(), IsEmpty());
  p.b.lines[0].where = life::in_scope;
  EXPECT_THAT(p.look(), ElementsAre("A 丢包 !"));
}

/** Values of many samples outlast the last bad one. */
TEST(QualityWatch, WhatIsWellAgainIsSoSinceTheLastBadSample) {
  place p({limit(quality::loss, 0.05, 0.025), limit(quality::delay, 100, 80)});
  line_view& line = p.b.lines[0];
  const auto looked = [&](milliseconds after) {
    p.now = begin + after;
    const auto all = p.watch.look(p.b, p.now);
    return all.size() == 1 && !all[0].wrong ? all[0].since : wall_min;
  };
  line.rtt_seconds = line.mean_rtt_seconds = 0.01F;
  for (int s = 0; s < 18; ++s) {
    line.loss_ratio = 0.06F + 0.01F * static_cast<float>(s / 4);
    (void)looked(s * 1s);
  }
  EXPECT_EQ(looked(60s), wall_min) << "of its samples none has left";
  line.loss_ratio = 0.03F;
  EXPECT_EQ(looked(70s), wall_min);
  line.loss_ratio = 0.02F;
  EXPECT_EQ(looked(75s), begin + 16s);
  line.rtt_seconds = line.mean_rtt_seconds = 0.12F;
  (void)looked(100s);
  (void)looked(110s);
  line.rtt_seconds = 0.01F;
  EXPECT_EQ(looked(111s), wall_min) << "smoothed";
  line.mean_rtt_seconds = 0.07F;
  EXPECT_EQ(looked(120s), begin + 110s);
}

/** One of four, for ever: the ratio does not change. */
TEST(QualityWatch, ALossThatStaysAsItIsGoesOn) {
  place p({limit(quality::loss, 0.05, 0.025)});
  p.b.lines[0].loss_ratio = 0.25F;
  for (p.now = begin; p.now < begin + 1h; p.now += 1s) (void)p.watch.look(p.b, p.now);
  p.b.lines[0].loss_ratio = 0.F;
  const auto all = p.watch.look(p.b, p.now);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].since, begin + 1h - 1s);
}

TEST(QualityWatch, TheFirstLimitThatFitsDecides) {
  quality_limit townships = limit(quality::loss, 0.5, 0.4);
  townships.categories = {"township"};
  quality_limit villages = limit(quality::loss, 0, 0);
  villages.categories = {"village"};
  villages.off = true;
  place p({townships, villages, limit(quality::loss, 0.01, 0.005)});
  p.b.lines[0].loss_ratio = 0.9F;  // a village
  EXPECT_THAT(p.look(), IsEmpty());
}

TEST(QualityWatch, AReloadThatTakesTheLimitAwayEndsIt) {
  place p({limit(quality::loss, 0.05, 0.025)});
  p.b.lines[1].loss_ratio = 0.2F;
  EXPECT_THAT(p.look(), ElementsAre("B 丢包 !"));
  p.alerts.limits.clear();
  p.watch.adopt(p.alerts);
  EXPECT_THAT(p.look(), ElementsAre("B 丢包 ok"));
}

TEST(QualityWatch, WhoListensAnewHearsAllOfIt) {
  place p({limit(quality::loss, 0.05, 0.025)});
  p.b.lines[0].loss_ratio = p.b.lines[1].loss_ratio = 0.2F;
  EXPECT_EQ(p.look().size(), 2U);
  p.watch.repeat();
  EXPECT_THAT(p.look(), ElementsAre("A 丢包 !", "B 丢包 !"));
}

TEST(QualityWatch, SaysTheWorstWithItsLimitAndWhoAnswersForIt) {
  place p({limit(quality::loss, 0.05, 0.025), limit(quality::delay, 100, 80)});
  p.b.lines[0].loss_ratio = 0.125F;
  p.b.lines[1].loss_ratio = 0.25F;
  p.b.lines[0].mean_rtt_seconds = 0.25F;
  EXPECT_EQ(p.look().size(), 3U);
  const std::vector<std::string> one{"A"}, both{"A", "B"};
  EXPECT_EQ(p.watch.measured(p.b, one, "丢包、时延过大"),
            "丢包 12.5 %，限值 5 %（合同第 4 条）；时延过大 250 毫秒，限值 100 毫秒（合同第 4 条）");
  EXPECT_EQ(p.watch.measured(p.b, both, "丢包"), "丢包 25 %（最差，B），限值 5 %（合同第 4 条）");
}

TEST(QualityWatch, OfSeveralInterfacesTheWorstCountsAndNoneThatIsSwitchedOff) {
  place p({limit(quality::receive_power, -27, -26), limit(quality::use, 0.8, 0.6), limit(quality::interface, 0, 0)});
  p.b.facts = places(3);
  for (std::uint32_t k = 0; k < 3; ++k) {
    p.b.facts[k].target = 0;
    p.b.facts[k].index = k + 1;
    p.b.facts[k].set(fact_name::interface_oper_status, k == 2 ? 2 : 1);
    p.b.facts[k].set(fact_name::interface_admin_status, k == 2 ? 2 : 1);
    p.b.facts[k].set(fact_name::optical_receive_power, -20'000 - 4'000 * static_cast<std::int64_t>(k));
  }
  p.b.facts[0].set(fact_name::interface_in_use, 100'000);
  p.b.facts[0].set(fact_name::interface_out_use, 850'000);
  EXPECT_THAT(p.look(), ElementsAre("A 带宽占用过高 !"));
  p.b.facts[1].set(fact_name::optical_receive_power, -27'500);
  p.b.facts[1].set(fact_name::interface_oper_status, 2);
  EXPECT_THAT(p.look(), ElementsAre("A 接口异常 !", "A 收光功率过低 !"));
  EXPECT_EQ(p.watch.measured(p.b, std::vector<std::string>{"A"}, "接口异常、收光功率过低"),
            "2 未连通；收光功率过低 -27.5 dBm，限值 -27 dBm（合同第 4 条）");
  p.b.facts[1].set(fact_name::optical_receive_power, -26'500);
  EXPECT_THAT(p.look(), IsEmpty()) << "half a decibel is no recovery";
}

TEST(QualityWatch, ADeviceSaysWhatIsWrongWithIt) {
  place p({limit(quality::processor, 0.9, 0.8), limit(quality::temperature, 70, 65), limit(quality::hardware, 0, 0),
           limit(quality::jitter, 30, 24), limit(quality::loss, 0.05, 0.025)});
  p.b.facts = places(1);
  fact_view& f = p.b.facts[0];
  f.target = 1;
  f.set(fact_name::processor_use, 950'000);
  f.set(fact_name::temperature, 71'000);
  f.set(fact_name::fans_failed, 0);
  f.set(fact_name::power_supplies_failed, 1);
  f.set(fact_name::burst_jitter_nanoseconds, 31'000'000);
  f.set(fact_name::burst_loss, 60'000);
  EXPECT_THAT(p.look(), ElementsAre("B 丢包 !", "B 时延抖动 !", "B 处理器占用过高 !", "B 温度过高 !", "B 部件异常 !"));
  EXPECT_EQ(p.watch.measured(p.b, std::vector<std::string>{"B"}, "部件异常"), "电源 1 个异常、温度 71 ℃（限值 70 ℃）");
  f.set(fact_name::fans_failed, 2);
  EXPECT_EQ(p.watch.measured(p.b, std::vector<std::string>{"A", "B"}, "部件异常"),
            "B 风扇 2 个异常、电源 1 个异常、温度 71 ℃（限值 70 ℃）");
  f.set(fact_name::fans_failed, 0);
  f.set(fact_name::power_supplies_failed, 0);
  EXPECT_THAT(p.look(), ElementsAre("B 部件异常 ok"));
}

/** A wrong password: the line answers, and nobody would know that its device is not watched. */
TEST(QualityWatch, ADeviceThatGivesNoDataIsSaidWithWhatItSaid) {
  place p({limit(quality::data, 0, 0)}, {{.id = "A", .checks = {"icmp", "device"}}, {.id = "B"}});
  EXPECT_THAT(p.look(), IsEmpty());
  p.b.lines[0].dataless = true;
  p.b.said.set(1, "SNMPv3 认证口令不对");
  EXPECT_THAT(p.look(), ElementsAre("A 取不到设备数据 !"));
  EXPECT_EQ(p.watch.measured(p.b, std::vector<std::string>{"A"}, "取不到设备数据"),
            "A/device：SNMPv3 认证口令不对；线路有应答，不算中断");
  p.b.lines[0].state = line_state::down;
  EXPECT_THAT(p.look(), IsEmpty());
  p.b.lines[0].state = line_state::up;
  p.b.lines[0].dataless = false;
  EXPECT_THAT(p.look(), ElementsAre("A 取不到设备数据 ok"));
}

/** An agent that is asked with a wrong word is silent as a filtered one is: the more telling of the two is said. */
TEST(QualityWatch, ADeviceWithoutDataIsNotToldAsFilteredToo) {
  place p({limit(quality::data, 0, 0), limit(quality::filter, 0, 0)}, {{.id = "A", .checks = {"icmp", "device"}}});
  p.b.lines[0].filtered = true;
  p.b.lines[0].dataless = true;
  EXPECT_THAT(p.look(), ElementsAre("A 取不到设备数据 !"));
  p.b.lines[0].dataless = false;
  EXPECT_THAT(p.look(), ElementsAre("A 一种探测被过滤 !", "A 取不到设备数据 ok"));
}

TEST(QualityWatch, ACertificateIsSaidAtItsDaysAWeekBeforeAndWhenItHasEnded) {
  place p({}, {{.id = "S", .kind = target_kind::site}});
  p.alerts.certificate_days = 30;
  p.watch.adopt(p.alerts);
  p.b.facts = places(1);
  p.b.facts[0].target = 0;
  const auto ends = [&](std::chrono::hours in) {
    p.b.facts[0].set(fact_name::certificate_expiry_seconds, ms_of(p.now + in) / 1000);
    return p.look();
  };
  EXPECT_THAT(ends(24h * 40), IsEmpty());
  EXPECT_THAT(ends(24h * 20), ElementsAre("S 20 !"));
  EXPECT_THAT(ends(24h * 19), IsEmpty());
  EXPECT_THAT(ends(24h * 7), ElementsAre("S 7 !"));
  EXPECT_THAT(ends(-1h), ElementsAre("S -1 !"));
  EXPECT_THAT(ends(24h * 400), ElementsAre("S 20 ok", "S 7 ok", "S -1 ok"));
}

TEST(QualityWatch, AWebsitesVisitsOfAWeekAreCounted) {
  place p({limit(quality::visits_failed, 0.03, 0.025)}, {{.id = "S", .kind = target_kind::site}});
  p.b.sites = std::vector<site_view>(1);
  p.b.sites[0].target = 0;
  p.b.sites[0].visits_good = 95;
  p.b.sites[0].visits_failed = 5;
  EXPECT_THAT(p.look(), IsEmpty()) << "a hundred visits say nothing";
  p.b.sites[0].visits_good = 195;
  p.now += 1h;
  EXPECT_THAT(p.look(), IsEmpty()) << "2.5 %";
  p.b.sites[0].visits_failed = 10;
  p.now += 24h;
  EXPECT_THAT(p.look(), ElementsAre("S 一周访问失败率偏高 !"));
  for (int hour = 0; hour < 7 * 24; ++hour) {
    p.now += 1h;
    p.b.sites[0].visits_good += 1;
    (void)p.look();
  }
  EXPECT_THAT(p.look(), IsEmpty()) << "what failed was more than a week ago";
  EXPECT_EQ(p.watch.measured(p.b, std::vector<std::string>{"S"}, "一周访问失败率偏高"),
            "一周访问失败率偏高 0 %，限值 3 %（合同第 4 条）");
}

}  // namespace
}  // namespace changtong
