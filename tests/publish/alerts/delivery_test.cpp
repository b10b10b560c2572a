// What holds of every night, whatever happens in it: told at least once, never twice without a crash, never faster than
// the bucket, every step with an end; and what may be thousands stays bounded.
#include <map>
#include <random>
#include <set>

#include "tests/publish/alerts/night.h"

namespace changtong::alerts {
namespace {

using namespace fakes;
using namespace std::chrono_literals;

using told_key = std::tuple<std::string, std::string, std::string, std::string>;  // alert, of, channel, person

std::map<told_key, int> told_in(const std::vector<alert_record>& journal) {
  std::map<told_key, int> out;
  for (const alert_record& r : journal)
    if (r.step == alert_step::told) ++out[{r.alert, r.of, r.channel, r.person}];
  return out;
}

/** Everything that a night can be: escalated, acknowledged, grown, ended, by channels of every sort. */
void script(night& n) {
  n.opened("03-14 23:50:00", "A1", "V1")
      .grown("03-14 23:51:00", "A1", "V1 V2")
      .opened("03-14 23:52:00", "A2", "V3")
      .acknowledged("03-15 00:08:00", "A2", "李工", "在路上")
      .opened("03-15 00:10:00", "A3", "", alert_subject::own)
      .resolved("03-15 00:12:00", "A3", "", alert_subject::own)
      .resolved("03-15 00:40:00", "A1", "V1")
      .resolved("03-15 00:45:00", "A1", "V2")
      .resolved("03-15 01:00:00", "A2", "V3");
}

alert_settings full() {
  alert_settings s = usual();
  s.rules[0].steps[0].by = {"wecom", "mail"};
  s.digest = 8 * 60 + 41;
  s.digest_by = {"wecom"};
  s.channels[2].instead = "mail";
  return s;
}

TEST(Delivery, ADaemonThatDiesAnywhereTellsAllOfItAndRepeatsOnlyWhatWasUnderWay) {
  night whole(full());
  script(whole);
  whole.until("03-15 12:00:00");
  const auto expected = told_in(whole.journal);
  ASSERT_GE(expected.size(), 20u) << whole.log;
  for (std::size_t k = 0;; ++k) {
    night n(full());
    n.dies_at = k;
    script(n);
    n.until("03-15 12:00:00");
    const auto got = told_in(n.journal);
    for (const auto& [key, count] : expected)
      EXPECT_TRUE(got.contains(key)) << "died at " << k << ": " << std::get<0>(key) << " " << std::get<1>(key) << " "
                                     << std::get<2>(key) << " " << std::get<3>(key) << "\n"
                                     << n.log;
    for (const auto& [key, count] : got)
      EXPECT_LE(count, expected.contains(key) ? expected.at(key) : 0)
          << "died at " << k << ": entered twice: " << std::get<0>(key) << " " << std::get<1>(key) << " "
          << std::get<2>(key) << "\n"
          << n.log;
    // One sending a channel may have been under way.
    EXPECT_LE(n.rate.size(), whole.rate.size() + n.settings.channels.size()) << n.log;
    if (testing::Test::HasFailure() || n.things <= k) break;
  }
}

/** The end of V1's alert waits for its cause; nobody is called for it meanwhile. */
TEST(Delivery, AnEndThatWaitsForItsCauseIsToldOnceThatIsKnownAndNoLaterThanSaid) {
  for (const bool known : {true, false}) {
    night n;
    n.opened("03-14 02:00:00", "A1", "V1").resolved_waiting("03-14 02:14:58", "A1", "V1", 10s);
    n.then("03-14 02:15:03", [&](wall_t now) {
      n.now_running->cause_known("V2", now);
      if (known) n.now_running->cause_known("V1", now);
    });
    const std::string log = n.until("03-14 03:00:00");
    EXPECT_NE(log.find(known ? "02:15:03 > wecom resolved A1" : "02:15:08 > wecom resolved A1"), std::string::npos)
        << log;
    EXPECT_EQ(log.find("escalated"), std::string::npos) << log;
    EXPECT_EQ(log.find("resolved A1", log.find("> wecom resolved A1") + 10), log.find("+ told resolved A1") + 7) << log;
  }
}

TEST(Delivery, AnEndThatWaitedWhenTheDaemonDiedIsToldByTheNextOne) {
  night n;
  n.opened("03-14 02:00:00", "A1", "V1").resolved_waiting("03-14 02:05:00", "A1", "V1", 10s);
  n.then("03-14 02:05:01", [&](wall_t /*now*/) {
    n.now_running = std::make_unique<delivery>(n.settings, n.people, district(), shanghai, turns);
    n.now_running->recall(n.journal, {});
  });
  EXPECT_NE(n.until("03-14 03:00:00").find("> wecom resolved A1"), std::string::npos) << n.log;
}

TEST(Delivery, WhoIsOnDutyAndCannotBeReachedIsAnAlarmBeforeThereIsAnythingToTell) {
  alert_settings s = usual();
  s.rules[0].steps = {step(0min, {"on_duty"}, {"sms"}), step(30min, {"head"}, {"voice"})};
  const auto nobody = [&](std::string_view when, roster who = turns) {
    return delivery(s, staff(), district(), shanghai, std::move(who)).roster_unreachable(at(when));
  };
  EXPECT_FALSE(nobody("03-14 12:00:00"));
  EXPECT_TRUE(nobody("03-16 12:00:00")) << "赵工 has no telephone";
  EXPECT_TRUE(nobody("03-14 12:00:00", [](wall_t) { return on_duty{}; })) << "nobody is on duty";
  s.rules[0].steps[0].by = {"sms", "wecom"};
  EXPECT_FALSE(nobody("03-16 12:00:00")) << "who reads the group is reached";
  s.rules[0].steps[0].by = {"sms"};
  s.channels[2].instead = "mail";
  EXPECT_FALSE(nobody("03-16 12:00:00")) << "by mail in its place";
  s.channels[2].instead = "";
  s.rules[0].severity = 2;
  s.rules[0].steps[0].by = {"sms"};
  EXPECT_TRUE(nobody("03-14 12:00:00")) << "nobody is rung for that";
}

TEST(Delivery, AStartAfterAQuietNightOrdersNothing) {
  night n(full());
  script(n);
  n.until("03-15 12:00:00");
  delivery again(n.settings, n.people, district(), shanghai, turns);
  again.recall(n.journal, n.acknowledgements);
  const auto orders = again.due(at("03-15 12:00:01"));
  EXPECT_TRUE(orders.send.empty());
  EXPECT_TRUE(orders.enter.empty());
}

TEST(Delivery, AnAlertThatIsStillOpenGoesOnEscalatingAfterAStart) {
  night n;
  n.opened("03-14 02:10:00", "A1", "V1");
  n.until("03-14 02:26:00");
  delivery again(n.settings, n.people, district(), shanghai, turns);
  again.recall(n.journal);
  EXPECT_TRUE(again.due(at("03-14 02:30:00")).send.empty());
  EXPECT_EQ(again.until(), at("03-14 02:40:00"));
  const auto orders = again.due(at("03-14 02:50:00"));
  ASSERT_EQ(orders.enter.size(), 1u);
  EXPECT_EQ(orders.enter[0].person, "陈主任");
  ASSERT_EQ(orders.send.size(), 1u);
  EXPECT_EQ(orders.send[0].phones, std::vector<std::string>{"13800000004"});
}

TEST(Delivery, AnOldJournalUnderOtherSettingsTellsNothingAnew) {
  night n;
  for (int day = 1; day < 14; ++day) {
    const std::string date = "03-" + std::string(day < 10 ? "0" : "") + std::to_string(day);
    n.opened(date + " 02:10:00", "A" + std::to_string(day), "V1")
        .resolved(date + " 02:14:00", "A" + std::to_string(day), "V1");
  }
  n.until("03-14 12:00:00");
  alert_settings renamed = usual();
  renamed.channels[0].id = "group";
  for (telling_step& s : renamed.rules[0].steps)
    for (std::string& by : s.by)
      if (by == "wecom") by = "group";
  delivery again(renamed, n.people, district(), shanghai, turns);
  again.recall(n.journal);
  EXPECT_EQ(again.due(at("03-13 12:00:00")).send.size(), 0u) << "it is the same channel";
}

/** The usual settings, with 企业微信 by another name. */
alert_settings renamed() {
  alert_settings s = usual();
  s.channels[0].id = "group";
  for (telling_step& one : s.rules[0].steps)
    for (std::string& by : one.by)
      if (by == "wecom") by = "group";
  return s;
}

TEST(Delivery, ARenamedChannelHearsTheEndOfWhatItWasTold) {
  night n;
  n.opened("03-14 02:10:00", "A1", "V1").then("03-14 02:11:00", [&](wall_t now) {
    n.now_running->adopt(renamed(), staff(), district(), now);
  });
  n.resolved("03-14 02:12:00", "A1", "V1");
  EXPECT_EQ(n.until("03-14 06:00:00"),
            "02:10:00 > wecom opened A1 @王工\n"
            "02:10:00 + told opened A1 wecom 王工\n"
            "02:12:00 > group resolved A1 @王工\n"
            "02:12:00 + told resolved A1 group 王工\n");
}

TEST(Delivery, AChannelRenamedBesideARestartHearsTheEndOfWhatItWasTold) {
  night n;
  n.opened("03-14 02:10:00", "A1", "V1");
  n.until("03-14 02:11:00");
  delivery again(renamed(), n.people, district(), shanghai, turns);
  again.recall(n.journal);
  EXPECT_TRUE(again.due(at("03-14 02:11:01")).send.empty());
  alert_record end = n.journal.front();
  end.step = alert_step::resolved;
  end.at = at("03-14 02:12:00");
  again.take(end, end.at);
  const auto orders = again.due(end.at);
  ASSERT_EQ(orders.send.size(), 1u);
  EXPECT_EQ(orders.send[0].channel, "group");
}

TEST(Delivery, SendingsCarryWhatTheChannelNeeds) {
  alert_settings s = full();
  s.channels[1].to = {"noc@example.cn"};
  delivery d(s, staff(), district(), shanghai, turns);
  const alert_record r = opening(at("03-14 02:10:00"), "A1", "V1");
  d.take(r, r.at);
  const auto orders = d.due(r.at);
  ASSERT_EQ(orders.send.size(), 2u);
  EXPECT_EQ(orders.send[0].ids, std::vector<std::string>{"wang"});
  EXPECT_EQ(orders.send[1].mails, (std::vector<std::string>{"wang@example.cn", "noc@example.cn"}));
  EXPECT_TRUE(orders.send[0].phones.empty());
  EXPECT_EQ(orders.send[0].severity, 1);
}

TEST(Delivery, WhoHasNoIdIsCalledByTheirTelephoneWhereTheRobotCan) {
  alert_settings s = usual();
  s.rules[0].steps = {step(0min, {"陈主任", "赵工"}, {"wecom"})};
  std::vector<person> people = staff();
  people[3].wecom.clear();
  delivery d(s, people, district(), shanghai, turns);
  alert_record r;
  r.at = at("03-14 02:10:00");
  r.alert = "A1";
  d.take(r, r.at);
  const auto orders = d.due(r.at);
  ASSERT_EQ(orders.send.size(), 1u);
  EXPECT_EQ(orders.send[0].ids, std::vector<std::string>{"zhao"});
  EXPECT_EQ(orders.send[0].phones, std::vector<std::string>{"13800000004"});
}

TEST(Delivery, NumbersOfTheChannelAreEachCalledOnceAStep) {
  alert_settings s = usual();
  s.channels[2].to = {"13700000001", "13700000002"};
  s.rules[0].steps = {step(0min, {"王工", "李工", "赵工"}, {"sms"})};
  night n(s);
  n.opened("03-14 02:10:00", "A1", "V1").resolved("03-14 02:20:00", "A1", "V1");
  EXPECT_EQ(n.until("03-14 06:00:00"),
            "02:10:00 + untold opened A1 sms 赵工 没有登记电话号码\n"
            "02:10:00 > sms opened A1 @王工\n02:10:00 + told opened A1 sms 王工\n"
            "02:10:00 > sms opened A1 @李工\n02:10:00 + told opened A1 sms 李工\n"
            "02:10:00 > sms opened A1\n02:10:00 + told opened A1 sms\n"
            "02:10:00 > sms opened A1\n02:10:00 + told opened A1 sms\n"
            "02:20:00 > sms resolved A1 @王工\n02:20:00 + told resolved A1 sms 王工\n"
            "02:20:00 > sms resolved A1 @李工\n02:20:00 + told resolved A1 sms 李工\n"
            "02:20:00 > sms resolved A1\n02:20:00 + told resolved A1 sms\n"
            "02:20:00 > sms resolved A1\n02:20:00 + told resolved A1 sms\n");
}

/** Random nights: channels that throttle, fail, refuse, or are slow; alerts that grow, end, are acknowledged. */
void random_script(night& n, std::mt19937& dice, int alerts) {
  const auto roll = [&](int most) { return static_cast<int>(dice() % static_cast<unsigned>(most)); };
  const wall_t begin = at("03-14 00:00:00");
  const auto text = [&](int second) { return shanghai.format_short(begin + std::chrono::seconds{second}).substr(5); };
  for (int i = 1; i <= alerts; ++i) {
    const std::string id = "A" + std::to_string(1000 + i), v = "V" + std::to_string(roll(60));
    int t = roll(4 * 3600);
    n.opened(text(t), id, v);
    if (roll(4) == 0) n.grown(text(t += 1 + roll(60)), id, v + " V0 V1");
    if (roll(3) == 0) n.acknowledged(text(t + 1 + roll(2400)), id, "王工");
    if (roll(5) != 0) {
      t += 1 + roll(3 * 3600);
      n.resolved(text(t), id, v);
      n.resolved(text(t), id, "V0 V1");
    }
  }
}

class RandomNights : public testing::TestWithParam<unsigned> {};

TEST_P(RandomNights, KeepTheirPromises) {
  std::mt19937 dice(GetParam());
  alert_settings s = full();
  s.channels[0].instead = GetParam() % 2 == 0 ? "mail" : "";
  s.channels[3].instead = "sms";
  night n(s);
  for (const alert_channel& c : s.channels)
    n.answers[c.id] = [&dice](wall_t) -> channel_answer {
      const auto roll = dice() % 20;
      if (roll < 3) return {channel_answer::end::later, 0ms, "500"};
      if (roll == 3) return {channel_answer::end::later, 10min, "45009"};
      if (roll == 4) return {channel_answer::end::refused, 0ms, "bad"};
      return {channel_answer::end::taken, 0ms, "ok"};
    };
  random_script(n, dice, 60);
  n.until("03-15 20:00:00");
  for (const auto& [key, count] : told_in(n.journal))
    EXPECT_LE(count, std::get<1>(key) == "resolved"    ? 2
                     : std::get<1>(key) == "escalated" ? 2
                                                       : 1)
        << std::get<0>(key) << " " << std::get<1>(key) << " " << std::get<2>(key) << " " << std::get<3>(key);
  std::set<std::string> opened, ended;
  for (const alert_record& r : n.journal) {
    if (r.step == alert_step::opened) opened.insert(r.alert);
    if ((r.step == alert_step::told || r.step == alert_step::untold) && r.of == "opened") ended.insert(r.alert);
  }
  EXPECT_EQ(opened, ended) << "every alert has an end of its opening";
  for (const auto& c : n.now_running->channels()) EXPECT_EQ(c.waiting, 0u) << c.id;
  for (const alert_channel& c : s.channels) {
    std::vector<wall_t> times;
    for (const auto& [when, id] : n.rate)
      if (id == c.id) times.push_back(when);
    const auto most = static_cast<std::size_t>(c.burst + c.per_minute);
    for (std::size_t i = 0; i + most < times.size(); ++i)
      EXPECT_GE(times[i + most] - times[i], 60s) << c.id << " is faster than its bucket";
  }
  delivery again(s, n.people, district(), shanghai, turns);
  again.recall(n.journal, n.acknowledgements);
  const auto orders = again.due(at("03-15 20:00:01"));
  for (const sending& one : orders.send) ADD_FAILURE() << one.channel << " " << one.about.front().alert;
}

INSTANTIATE_TEST_SUITE_P(Some, RandomNights, testing::Range(1U, 40U));

TEST(Delivery, ResolvedGoesToThoseWhoWereToldAndToNobodyElse) {
  std::mt19937 dice(7);
  night n(full());
  random_script(n, dice, 80);
  n.until("03-15 20:00:00");
  std::map<std::string, std::set<std::string>> heard, of_the_end;
  const auto names = [](const std::string& person) {
    std::set<std::string> out;
    for (const std::string& one : pieces(person, "、")) out.insert(one);
    return out;
  };
  std::set<std::string> over;
  for (const alert_record& r : n.journal) {
    if (r.step == alert_step::resolved) over.insert(r.alert);
    if (r.step != alert_step::told) continue;
    if (r.of == "opened" || r.of == "escalated" || r.of == "grown") heard[r.alert].merge(names(r.person));
    if (r.of == "resolved") of_the_end[r.alert].merge(names(r.person));
  }
  for (const std::string& id : over) EXPECT_EQ(heard[id], of_the_end[id]) << id;
  EXPECT_GE(over.size(), 40u);
}

TEST(Delivery, TenThousandOpenAlertsAndNobodyAnswersStaysBounded) {
  alert_settings s = usual();
  delivery d(s, staff(), district(), shanghai, turns);
  wall_t now = at("03-14 02:10:00");
  std::size_t entered = 0, sent = 0;
  for (int i = 0; i < 10'000; ++i) {
    alert_record r;
    r.at = now;
    r.alert = "A" + std::to_string(100'000 + i);
    r.targets = "V" + std::to_string(i % 60);
    d.take(r, now);
    const auto orders = d.due(now);
    sent += orders.send.size();
    entered += orders.enter.size();
    now += 1ms;
  }
  const wall_t end = now + 26h;
  for (int turns_left = 100'000; turns_left > 0 && d.until() < end; --turns_left) {
    now = std::max(now, d.until());
    const auto orders = d.due(now);
    sent += orders.send.size();
    entered += orders.enter.size();
  }
  EXPECT_GE(d.until(), end);
  EXPECT_LE(sent, 10'000u);
  EXPECT_LE(entered, 10'000u * 8) << "two escalations, and an end of each task";
  for (const auto& c : d.channels()) EXPECT_LE(c.waiting, 20'001u);
  EXPECT_TRUE(d.nobody_reachable());
}

}  // namespace
}  // namespace changtong::alerts
