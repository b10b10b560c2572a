// Alerts under way while something changes: settings, channels, the clock, people who never answer.
#include <algorithm>
#include <numeric>
#include <set>

#include "tests/publish/alerts/night.h"

namespace changtong::alerts {
namespace {

using namespace fakes;
using namespace std::chrono_literals;

TEST(Delivery, AReceiverWhoNeverAnswersIsTakenForOneThatIsDown) {
  alert_settings s = usual();
  s.channels[0].instead = "mail";
  s.rules[0].steps.resize(1);
  delivery d(s, staff(), district(), shanghai, turns);
  const alert_record r = opening(at("03-14 02:10:00"), "A1", "V1");
  d.take(r, r.at);
  std::vector<std::pair<wall_t, std::string>> sent;
  for (wall_t now = r.at; now < r.at + 30min; now = std::max(now + 1ms, d.until())) {
    for (const sending& one : d.due(now).send) {
      sent.emplace_back(now, one.channel);
      if (one.channel == "mail") d.returned(one.number, {channel_answer::end::taken, {}, ""}, now);
    }
    if (d.until() > r.at + 30min) break;
  }
  ASSERT_EQ(sent.size(), 4u);
  EXPECT_EQ(sent[3].second, "mail");
  EXPECT_LE(sent[3].first, r.at + 7min);
}

TEST(Delivery, NewSettingsHoldForAlertsThatAreOpen) {
  night n;
  n.opened("03-14 02:10:00", "A1", "V1").then("03-14 02:20:00", [&](wall_t now) {
    alert_settings s = usual();
    s.rules[0].steps[1] = step(20min, {"head"}, {"mail"});
    s.channels.erase(s.channels.begin() + 3);
    s.rules[0].steps.resize(2);
    std::vector<person> people = staff();
    people[3].mail = "chen@example.cn";
    n.now_running->adopt(s, people, district(), now);
  });
  EXPECT_EQ(n.until("03-14 06:00:00"),
            "02:10:00 > wecom opened A1 @王工\n"
            "02:10:00 + told opened A1 wecom 王工\n"
            "02:30:00 + escalated 20m A1 陈主任\n"
            "02:30:00 > mail opened A1 @陈主任 | 20 分钟无人确认\n"
            "02:30:00 + told escalated A1 mail 陈主任\n");
}

/** Labels jump, and no time passes: the next one is called fifteen minutes after the first all the same. */
TEST(Delivery, AClockThatIsSetNeitherDelaysNorHastensEscalation) {
  for (const auto by : {-4min, 4min, 60min}) {
    delivery d(usual(), staff(), district(), shanghai, turns);
    const alert_record r = opening(at("03-14 02:10:00"), "A1", "V1");
    d.take(r, r.at);
    const auto first = d.due(r.at);
    ASSERT_EQ(first.send.size(), 1u);
    d.returned(first.send[0].number, {channel_answer::end::taken, 0ms, "ok"}, r.at + 1s);
    EXPECT_TRUE(d.due(r.at + 5min).send.empty());
    d.stepped(by);
    EXPECT_TRUE(d.due(r.at + 14min + by).send.empty()) << by.count();
    EXPECT_EQ(d.until(), r.at + 15min + by);
    EXPECT_FALSE(d.due(r.at + 15min + by).send.empty()) << by.count();
  }
}

TEST(Delivery, AChannelThatIsTakenAwayHandsOverWhatWaits) {
  alert_settings s = usual();
  s.rules[0].steps.resize(1);
  s.channels[0].instead = "mail";
  night n(s);
  n.answers["wecom"] = [](wall_t) { return channel_answer{channel_answer::end::later, 0ms, "down"}; };
  n.opened("03-14 02:10:00", "A1", "V1").then("03-14 02:10:03", [&](wall_t now) {
    alert_settings without = n.settings;
    without.channels.erase(without.channels.begin());
    n.now_running->adopt(without, staff(), district(), now);
  });
  EXPECT_EQ(n.until("03-14 06:00:00"),
            "02:10:00 > wecom opened A1 @王工\n"
            "02:10:03 > mail opened A1 @王工\n"
            "02:10:03 + told opened A1 mail 王工\n");
}

TEST(Nights, WhoHadItHearsThatAnotherTakesItOver) {
  alert_settings settings = usual();
  settings.rules[0].steps = {step(0min, {"on_duty", "next"}, {"mail"})};
  night n{settings};
  n.opened("03-14 02:10:00", "A1", "V1")
      .acknowledged("03-14 02:20:00", "A1", "王工")
      .acknowledged("03-14 02:32:00", "A1", "李工", "接替王工")
      .acknowledged("03-14 02:33:00", "A1", "李工", "在路上")
      .resolved("03-14 02:40:00", "A1", "V1");
  const std::string log = n.until("03-14 06:00:00");
  EXPECT_EQ(log.find("02:20"), std::string::npos) << "he knows himself: " << log;
  EXPECT_NE(log.find("02:32:00 > mail acknowledged A1 @王工 | 李工 02:32 已确认（此前 王工）：接替王工\n"),
            std::string::npos)
      << log;
  EXPECT_EQ(log.find("02:33"), std::string::npos) << log;
}

/** Who takes care of it, as each order in which two nodes' words can be heard leaves it. */
std::set<std::string> takers(const std::vector<known_acknowledgement>& said) {
  std::set<std::string> all;
  std::vector<std::size_t> order(said.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  do {
    bool possible = true;  // a node's own come in its own order
    for (std::size_t i = 0; i < order.size(); ++i)
      for (std::size_t k = i + 1; k < order.size(); ++k)
        possible = possible && (order[i] < order[k] || said[order[i]].on != said[order[k]].on);
    if (!possible) continue;
    night n;
    n.opened("03-14 02:10:00", "A1", "V1");
    for (std::size_t i = 0; i < order.size(); ++i) n.heard_of("03-14 02:13:0" + std::to_string(i), said[order[i]]);
    const std::string log = n.acknowledged("03-14 02:14:00", "A1", "陈主任").until("03-14 02:20:00");
    const std::string mark = "（此前 ";
    const std::size_t from = log.rfind(mark) + mark.size();
    all.insert(log.substr(from, log.find("）", from) - from));
  } while (std::ranges::next_permutation(order).found);
  return all;
}

TEST(Delivery, OfTwoNodesTakeoversTheLaterOneCountsWhicheverIsHeardOfFirst) {
  const auto said = [](const std::string& by, std::string_view when, node_rank on) {
    return known_acknowledgement{
        .alert = "A1", .by = by, .note = {}, .at = at(when), .elsewhere = on == node_rank::second, .on = on};
  };
  const auto first = [&](const std::string& by, std::string_view when) { return said(by, when, node_rank::first); };
  const auto second = [&](const std::string& by, std::string_view when) { return said(by, when, node_rank::second); };
  using names = std::set<std::string>;
  EXPECT_EQ(takers({first("王工", "03-14 02:11:00"), second("李工", "03-14 02:12:00")}), names{"李工"});
  EXPECT_EQ(takers({first("王工", "03-14 02:12:00"), second("李工", "03-14 02:11:00")}), names{"王工"});
  EXPECT_EQ(takers({first("王工", "03-14 02:11:00"), second("李工", "03-14 02:11:00")}), names{"李工"}) << "by rank";
  EXPECT_EQ(takers({first("王工", "03-14 02:12:30"), first("赵工", "03-14 02:11:00"),  // its clock was set back
                    second("李工", "03-14 02:12:00")}),
            names{"赵工"})
      << "a node's own order stays, whatever its labels say";
}

}  // namespace
}  // namespace changtong::alerts
