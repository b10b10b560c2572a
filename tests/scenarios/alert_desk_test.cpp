// The desk under fake time: records in, steps noted, messages out; and the daemon killed at each step of a delivery.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/core/cause_words.h"
#include "tests/scenarios/alert_office.h"

namespace changtong {
namespace {

/** Of E's outage, found now. */
trace_record trace_of(cause why, std::string observed, wall_t began, wall_t now) {
  trace_record seen;
  seen.at = now;
  seen.step = trace_step::cause;
  seen.targets = "E";
  seen.began = began;
  seen.found = name_of(why);
  seen.observed = std::move(observed);
  return seen;
}

TEST(AlertDesk, WindowsThatCouldNotBeReadAreReadOnceTheLedgerIsBack) {
  books_of_paper books{.kept = {}, .away = true};
  wall_t now = begin;
  office o(books, now);
  books.opened = 0;
  EXPECT_FALSE(o.pass(20s));
  EXPECT_TRUE(books.opened >= 3 && books.opened <= 4) << "with pauses";
  books = {};
  EXPECT_FALSE(o.pass(60s));
  EXPECT_EQ(books.opened, 1);
}

TEST_F(RunningAlertDesk, OneOutageIsOneMessageAndItsEndAnother) {
  o.down("A");
  o.pass(3s);
  EXPECT_EQ(o.sent.size(), 1U);
  EXPECT_EQ(o.told("opened", "A"), 1U);
  EXPECT_EQ(o.view().open, 1U);
  o.up("A");
  o.pass(3s);
  EXPECT_EQ(o.sent.size(), 2U);
  EXPECT_EQ(o.told("resolved", "A"), 1U);
  EXPECT_EQ(o.view().open, 0U);
  ASSERT_EQ(o.view().channels.size(), 1U);
  EXPECT_EQ(o.view().channels[0].told, 2U);
}

/** E's device is asked for its clock every three seconds; A has none. */
TEST_F(RunningAlertDesk, AnEndWaitsForTheCauseThatTheDevicesClockTellsAndNoLonger) {
  const auto found = [&](cause why, const std::string& observed) {
    o.happens(
        {cause_found{.target = "E", .began = began, .why = why, .upstream = {}}, trace_of(why, observed, began, now)});
  };
  began = now - 1500ms;
  o.down("E");
  o.pass(5s);
  o.up("E");
  o.pass(3s);
  EXPECT_EQ(o.told("resolved", "E"), 0U) << "its device is asked in a moment";
  EXPECT_EQ(o.view().open, 0U) << "it is over all the same";
  found(cause::restart, "设备在中断期间重新启动");
  o.pass(500ms);
  ASSERT_EQ(o.told("resolved", "E"), 1U);
  EXPECT_NE(o.sent.back().find("原因：设备重启或断电（当时超时无应答）"), std::string::npos) << o.sent.back();
  EXPECT_NE(o.sent.back().find("依据：设备在中断期间重新启动"), std::string::npos) << o.sent.back();

  o.sent.clear();
  o.pass(20min);
  o.down("E");
  o.pass(5s);
  o.up("E");
  o.pass(7s);
  EXPECT_EQ(o.told("resolved", "E"), 1U) << "nothing came: three seconds, two to be entered, and that was all";
}

TEST_F(RunningAlertDesk, WhoseCauseIsKnownAlreadyIsToldAtOnce) {
  falls_and_returns(cause::middle);
  o.pass(2s);
  EXPECT_EQ(o.told("resolved", "E"), 1U);
}

/** Its device said that it loses its power; its own clock may say otherwise in a moment. */
TEST_F(RunningAlertDesk, AnEndWaitsForTheDevicesClockThoughItSaidThatItLosesItsPower) {
  falls_and_returns(cause::restart);
  o.pass(3s);
  EXPECT_EQ(o.told("resolved", "E"), 0U);
  o.happens({cause_found{.target = "E", .began = began, .why = cause::access, .upstream = {}},
             trace_of(cause::access, "设备曾报告断电，但" + std::string(device_ran_on), began, now)});
  o.pass(500ms);
  ASSERT_EQ(o.told("resolved", "E"), 1U);
  EXPECT_NE(o.sent.back().find("原因：接入段中断（当时超时无应答）"), std::string::npos) << o.sent.back();
  EXPECT_NE(o.sent.back().find("依据：设备曾报告断电，但恢复后设备的运行时间没有中断"), std::string::npos);
}

/** What is known is no cause, but it is all that there will be. */
TEST_F(RunningAlertDesk, AnEndWaitsNoLongerThanForTheDevicesWordWhateverThatIs) {
  began = now - 1500ms;
  o.down("E");
  o.pass(5s);
  o.up("E");
  o.pass(2s);
  EXPECT_EQ(o.told("resolved", "E"), 0U);
  o.happens({trace_of(cause::unexplained, std::string(device_ran_on), began, now)});
  o.pass(500ms);
  EXPECT_EQ(o.told("resolved", "E"), 1U);
}

TEST_F(RunningAlertDesk, ACauseThatTheBooksReviseIsToldOnceAndTheEndSaysTheLastOne) {
  began = now - 1500ms;
  const auto found = [&](cause why) {
    o.happens({cause_found{.target = "A", .began = began, .why = why, .upstream = {}}});
  };
  o.down("A");
  found(cause::restart);
  o.pass(3s);
  ASSERT_EQ(o.told("opened", "A"), 1U);
  EXPECT_NE(o.sent.back().find("原因：超时无应答，设备重启或断电"), std::string::npos) << o.sent.back();
  found(cause::middle);
  o.pass(6s);
  ASSERT_EQ(o.told("grown", "A"), 1U);
  EXPECT_NE(o.sent.back().find("\"title\":\"原因更正：A：超时无应答，中间网络中断\""), std::string::npos)
      << o.sent.back();
  found(cause::carrier);
  o.pass(20s);
  EXPECT_EQ(o.sent.size(), 2U) << "once";
  o.up("A");
  o.pass(3s);
  ASSERT_EQ(o.told("resolved", "A"), 1U);
  EXPECT_NE(o.sent.back().find("原因：运营商侧故障"), std::string::npos) << o.sent.back();
  EXPECT_EQ(o.view().open, 0U);
}

TEST_F(RunningAlertDesk, WhatADeviceSaidNearAnOutageStandsInItsMessages) {
  trap_record gasp;
  gasp.at = gasp.about = now - 3s;
  gasp.target = "A";
  gasp.trap = "1.3.6.1.2.1.33.2.1";
  gasp.what = trap_class::power;
  o.happens({gasp});
  o.down("A");
  o.pass(3s);
  ASSERT_EQ(o.told("opened", "A"), 1U);
  EXPECT_NE(o.sent.back().find("市电中断"), std::string::npos) << o.sent.back();
}

TEST(AlertDesk, AfterAStartTheEndSaysTheCauseThatTheBooksHave) {
  books_of_paper books;
  wall_t now = begin + 1500ms;
  {
    office before(books, now);
    before.down("A");
    before.happens({cause_found{.target = "A", .began = begin, .why = cause::middle, .upstream = {}}});
    before.pass(4s);
    ASSERT_EQ(before.told("opened", "A"), 1U);
  }
  office after(books, now, {"A"});
  after.pass(1s);
  after.up("A");
  after.pass(4s);
  ASSERT_EQ(after.told("resolved", "A"), 1U);
  EXPECT_NE(after.sent.back().find("原因：中间网络中断（当时超时无应答）"), std::string::npos) << after.sent.back();
}

TEST_F(RunningAlertDesk, NothingIsSentBeforeTheLedgerHasTheStep) {
  o.down("A");
  o.steps_left = 0;
  EXPECT_TRUE(o.pass(3s));
  EXPECT_TRUE(o.sent.empty());
}

/** The ledger was away for all of an outage; when it is back, everything is announced once more. */
TEST_F(RunningAlertDesk, WhatIsAnnouncedAgainOnceItIsRecordedIsToldOnce) {
  o.down("A");
  o.pass(3s);
  o.up("A");
  o.pass(3s);
  EXPECT_EQ(o.sent.size(), 2U);
  o.happens(std::vector<record>(books.kept));
  o.pass(10s);
  EXPECT_EQ(o.sent.size(), 2U);
  EXPECT_EQ(o.view().open, 0U);
}

/** Design: at least once, duplicates rather than silence. */
TEST(AlertDesk, KilledAtAnyStepItTellsTheRestAfterTheNextStart) {
  for (std::size_t killed = 0; killed < 8; ++killed) {
    books_of_paper books;
    wall_t now = begin + 1h;
    std::size_t opened = 0, resolved = 0;
    bool dead = false;
    {
      office first(books, now);
      first.steps_left = killed;
      first.down("A");
      dead = first.pass(5s);
      if (!dead) {
        first.up("A");
        dead = first.pass(5s);
      }
      opened += first.told("opened", "A");
      resolved += first.told("resolved", "A");
    }
    const bool ended = std::ranges::any_of(books.kept, [](const record& r) {
      const auto* t = std::get_if<transition>(&r);
      return t != nullptr && t->to == line_state::up;
    });
    now += 10s;
    office second(books, now, ended ? std::vector<std::string>{} : std::vector<std::string>{"A"});
    second.pass(5s);
    if (!ended) second.up("A");
    second.pass(5s);
    opened += second.told("opened", "A");
    resolved += second.told("resolved", "A");
    EXPECT_GE(opened, 1U) << killed;
    EXPECT_LE(opened, 2U) << killed;
    EXPECT_GE(resolved, 1U) << killed;
    EXPECT_LE(resolved, 2U) << killed;
    EXPECT_EQ(second.view().open, 0U) << killed;
  }
}

/** Somebody configures alerts in the middle of an outage. */
TEST_F(RunningAlertDesk, TheFirstChannelIsToldOfWhatIsDown) {
  o.reload({});
  o.down("A");
  o.pass(5s);
  EXPECT_TRUE(o.sent.empty());
  o.reload(one_webhook().alerts);
  o.pass(5s);
  EXPECT_EQ(o.told("opened", "A"), 1U);
  o.up("A");
  o.pass(5s);
  EXPECT_EQ(o.told("resolved", "A"), 1U);
  EXPECT_EQ(o.sent.size(), 2U);
}

TEST(AlertDesk, WhatFindsNoRoomIsReadFromTheLedger) {
  books_of_paper books;
  wall_t now = begin + 1h;
  office o(books, now, {}, 3);
  for (const char* id : {"A", "B", "C", "D"}) o.down(id);
  o.pass(20s);
  for (const char* id : {"A", "B", "C", "D"}) EXPECT_GE(o.told("opened", id) + o.told("grown", id), 1U) << id;
  for (const char* id : {"A", "B", "C", "D"}) o.up(id);
  o.pass(30s);
  EXPECT_EQ(o.view().open, 0U);
}

TEST(AlertDesk, AWindowThatFindsNoRoomIsReadFromTheLedger) {
  books_of_paper books;
  wall_t now = begin + 1h;
  office o(books, now, {}, 3);
  o.pass(1s);
  for (const char* id : {"A", "B", "C"}) o.up(id);
  o.window("W1", "D", {now + 10s, now + 1h});
  o.pass(20s);
  o.down("D");
  o.pass(20s);
  EXPECT_EQ(o.told("opened", "D"), 0U) << "it was agreed on";
}

TEST(AlertDesk, AnOutageThatTheLedgerDoesNotHaveYetIsNotOverWhenItIsAsked) {
  books_of_paper books;
  wall_t now = begin + 1h;
  office o(books, now, {}, 3);
  o.down_unrecorded("A");
  o.pass(5s);
  ASSERT_EQ(o.told("opened", "A"), 1U);
  for (const char* id : {"B", "C"}) o.down(id);
  o.pass(20s);
  EXPECT_EQ(o.told("resolved", "A"), 0U) << "it is down";
  o.unrecorded("A", false);
  o.up("A");
  o.pass(20s);
  EXPECT_EQ(o.told("resolved", "A"), 1U);
  EXPECT_GE(o.told("opened", "C") + o.told("grown", "C"), 1U);
}

/** Two nights of work that adjoin, one of them for everybody: also when they are read anew during the second. */
TEST_F(RunningAlertDesk, WhatLastsFromOneWindowIntoTheNextIsNotToldAtTheirSeam) {
  o.window("W1", "D", {now + 10s, now + 60s});
  o.window("W2", "D", {now + 60s, now + 120s});
  o.window("W3", std::string(every_target), {now + 120s, now + 180s});
  o.pass(30s);
  o.down("D");
  o.pass(60s);
  o.window("W4", "A", {now + 1h, now + 2h});
  o.pass(60s);
  EXPECT_TRUE(o.sent.empty()) << o.sent.front();
  o.pass(60s);
  EXPECT_EQ(o.told("opened", "D"), 1U) << "it is over";
}

TEST_F(RunningAlertDesk, WhoIsTakenOutOfTheInventoryIsToldToBeGone) {
  o.down("A");
  o.pass(5s);
  o.without("A");
  o.pass(5s);
  EXPECT_EQ(o.told("resolved", "A"), 1U);
  EXPECT_NE(o.sent.back().find("A已移出清单，告警结束"), std::string::npos) << o.sent.back();
  EXPECT_EQ(o.view().open, 0U);
}

/** Nobody reloads, and nobody says a word of it any more. */
TEST_F(RunningAlertDesk, WhoIsClosedByTheClockIsToldToBeClosedOnce) {
  o.closes("A", now + 60s);
  o.down("A");
  o.pass(50s);
  EXPECT_EQ(o.told("opened", "A"), 1U);
  EXPECT_EQ(o.view().open, 1U);
  o.pass(15s);
  EXPECT_EQ(o.told("resolved", "A"), 1U);
  EXPECT_NE(o.sent.back().find("A已停用，告警结束"), std::string::npos) << o.sent.back();
  EXPECT_EQ(o.view().open, 0U);
  const std::size_t before = o.sent.size();
  transition silent;
  silent.target = "A";
  silent.to = line_state::unknown;
  silent.at = silent.confirmed = now;
  silent.why = cause::silent;
  o.happens({silent});
  o.down("A");
  o.pass(300s);
  EXPECT_EQ(o.sent.size(), before);
}

/** What is well and what has left end an alert in two steps of one instant. */
TEST_F(RunningAlertDesk, AnAlertOfWhichALineIsClosedIsOverAllTheSame) {
  for (const char* id : {"A", "B", "C"}) o.down(id);
  o.pass(5s);
  o.without("C");
  o.pass(1s);
  o.up("A");
  o.up("B");
  o.pass(10s);
  EXPECT_EQ(o.view().open, 0U);
}

TEST_F(RunningAlertDesk, AChannelThatNeverAnswersHoldsUpNoOther) {
  alert_settings two = one_webhook().alerts;
  two.channels.push_back(two.channels[0]);
  two.channels[1].id = "other";
  two.rules[0].steps[0].by = {"hook", "other"};
  o.reload(two);
  o.mute = "hook";
  o.down("A");
  o.pass(3s);
  o.down("B");
  o.pass(3s);
  o.up("A");
  o.up("B");
  o.pass(3s);
  EXPECT_EQ(o.view().channels[1].told, 4U) << "two outages and their ends, by the other";
  EXPECT_EQ(o.view().channels[0].told, 0U);
}

TEST_F(RunningAlertDesk, OurOwnUplinkIsOneMessageAboutOurselves) {
  o.tallies.own_uplink_silent = true;
  o.pass(2s);
  EXPECT_TRUE(o.sent.empty()) << "a blip rings no phone";
  o.pass(10s);
  ASSERT_EQ(o.sent.size(), 1U);
  EXPECT_NE(o.sent[0].find(R"("kind":"own","cause":"own")"), std::string::npos) << o.sent[0];
  o.tallies.own_uplink_silent = false;
  o.pass(20s);
  EXPECT_EQ(o.sent.size(), 2U);
}

/** Whenever it comes: also just before we look around. */
TEST(AlertDesk, AnAnswerOnItsWayIntoTheBooksIsNotNobody) {
  for (int k = 0; k < 12; ++k) {
    books_of_paper books;
    wall_t now = begin;
    office o(books, now);
    o.mute = "hook";
    o.pass(1s);
    o.down("A");
    o.pass(3s + k * 100ms);
    ASSERT_EQ(o.held.size(), 1U);
    o.held[0](200, "ok");
    o.mute.clear();
    o.pass(5s);
    EXPECT_EQ(o.sent.size(), 1U) << o.sent.back();
  }
}

TEST(OwnHealth, SaysNothingOfADaemonThatIsWell) {
  own_health h;
  daemon_tallies c;
  c.clock_synchronised = 0;  // never was: a machine without a time source, whose clock agrees with the labels
  for (int k = 0; k < 3600; ++k)
    for (const auto& [name, wrong, since] : h.look(c, std::nullopt, false, begin + std::chrono::seconds{k}))
      EXPECT_FALSE(wrong) << name;
}

/** Each fault, by what shows it. */
TEST(OwnHealth, NamesEachFault) {
  const auto found = [](const std::function<void(daemon_tallies&)>& spoil, milliseconds after,
                        std::optional<std::uint64_t> free = std::nullopt, bool nobody = false) {
    own_health h;
    daemon_tallies c;
    std::string all;
    (void)h.look(c, 1ULL << 40, false, begin);
    spoil(c);
    for (wall_t at = begin + 1s; at <= begin + after; at += 1s) {
      all.clear();
      for (const auto& [name, wrong, since] : h.look(c, free, nobody, at))
        if (wrong) all += std::string(name) + " ";
    }
    return all;
  };
  EXPECT_EQ(found([](auto& c) { c.own_uplink_silent = true; }, 3s), "");
  EXPECT_EQ(found([](auto& c) { c.own_uplink_silent = true; }, 4s), "uplink ");
  EXPECT_EQ(found([](auto& c) { c.samples[0][static_cast<std::size_t>(outcome::not_measured)] = 10; }, 4s), "");
  EXPECT_EQ(found([](auto& c) { c.samples[0][static_cast<std::size_t>(outcome::not_measured)] = 10; }, 6s), "blind ");
  EXPECT_EQ(found([](auto& c) { c.samples[0][static_cast<std::size_t>(outcome::not_measured)] = 9; }, 60s), "");
  EXPECT_EQ(found([](auto& c) { c.anchors_contradicted = true; }, 1s), "anchors ");
  EXPECT_EQ(found([](auto& c) { c.ledger_writable = false; }, 3s), "ledger ");
  EXPECT_EQ(found([](auto& c) { c.audit_writable = false; }, 2s), "") << "one line that waits is no fault";
  EXPECT_EQ(found([](auto& c) { c.audit_writable = false; }, 3s), "audit ");
  EXPECT_EQ(found([](auto& c) { c.clock_offset_ms = -400'000; }, 6s), "clock ");
  EXPECT_EQ(found([](auto& c) { c.ledger_verified_ok = 0; }, 1s), "verification ");
  EXPECT_EQ(found([](auto&) {}, 1s, 100 << 20), "disk ");
  EXPECT_EQ(found([](auto&) {}, 1s, std::nullopt, true), "nobody ");
  EXPECT_EQ(found([](auto&) {}, 27h), "seals ");
  EXPECT_EQ(found(
                [](auto& c) {
                  c.late_slots = 500;
                  c.samples[0][0] = 4000;
                },
                60s),
            "late ");
}

}  // namespace
}  // namespace changtong
