// What is known stays known: an open outage over unknown time, restarts and reloads; and what nobody says any more
// goes.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <thread>

#include "collectors/http.h"
#include "collectors/snmp.h"
#include "daemon/run/board_keeper.h"
#include "tests/scenarios/virtual_daemon.h"

namespace changtong::scenarios {
namespace {

using std::chrono::seconds;

const line_view& line(const virtual_daemon& d, const std::string& id, std::shared_ptr<board>& keep) {
  keep = d.boards.get();
  return keep->lines[keep->districts->index_of(id)];
}

TEST(KnownState, AnOutageStaysOpenOverARestartWithItsReasonFromTheFirstLook) {
  virtual_daemon d({{.id = "L1"}, {.id = "L2"}});
  d.up = [](const std::string& check, double t) { return check != "L1/icmp" || t < 50 || t >= 200; };
  std::shared_ptr<board> now;
  d.start();
  d.run_until(100);
  d.stop();
  const auto began = line(d, "L1", now).outage_began_ms.load();
  EXPECT_NEAR(seconds_of(wall_from_ms(began)), 50, 1.5);
  for (const bool crash : {false, true}) {
    if (crash) d.crash();
    d.skip_until(crash ? 160 : 130);
    d.start();
    EXPECT_EQ(line(d, "L1", now).state.load(), line_state::unknown) << "nobody has looked yet";
    EXPECT_TRUE(line(d, "L1", now).outage_open.load());
    EXPECT_EQ(line(d, "L1", now).outage_began_ms.load(), began);
    EXPECT_EQ(line(d, "L1", now).outage_why.load(), cause::timeout);
    EXPECT_FALSE(line(d, "L2", now).outage_open.load());
    if (!crash) d.run_until(150);
  }
  d.run_until(190);
  virtual_daemon::await([&] { return line(d, "L1", now).state.load() == line_state::down; });
  EXPECT_EQ(line(d, "L1", now).why.load(), cause::timeout);
  EXPECT_EQ(line(d, "L1", now).since_ms.load(), began);
  d.run_until(260);
  d.stop();
  EXPECT_FALSE(line(d, "L1", now).outage_open.load());
  EXPECT_EQ(d.outages().size(), 1U);
}

TEST(KnownState, UnknownTimeNeitherEndsAnOutageNorTakesItsReason) {
  board b(fakes::district({{.id = "L1"}}));
  line_view& v = b.lines[0];
  const auto said = [&](line_state to, double t, cause why, bool same = false) {
    transition one{.target = "L1", .to = to, .at = wall_at(t), .why = why, .decided_by = {}};
    one.same_outage = same;
    show({one}, true, b);
  };
  said(line_state::down, 50, cause::timeout);
  show({cause_found{.target = "L1", .began = wall_at(50), .why = cause::upstream, .upstream = "T1"}}, true, b);
  said(line_state::unknown, 60, cause::late);
  EXPECT_TRUE(v.outage_open);
  EXPECT_EQ(v.why.load(), cause::late);
  EXPECT_EQ(v.outage_why.load(), cause::upstream);
  said(line_state::down, 70, cause::timeout, true);
  EXPECT_EQ(v.why.load(), cause::upstream);
  EXPECT_EQ(v.since_ms.load(), ms_of(wall_at(50)));
  said(line_state::up, 80, cause::none);
  EXPECT_FALSE(v.outage_open);
  show({cause_found{.target = "L1", .began = wall_at(50), .why = cause::upstream, .upstream = "T1"}}, true, b);
  EXPECT_EQ(v.why.load(), cause::none) << "a cause that comes late colours no line that is up";
}

TEST(KnownState, NoLookDuringAReloadSeesALineUnknownAndTheMarkStays) {
  virtual_daemon d({{.id = "L1"}, {.id = "L2"}});
  d.up = [](const std::string& check, double t) { return check != "L2/icmp" || t < 40; };
  d.start();
  d.run_until(30);
  virtual_daemon::await([&] { return d.state("L1") == line_state::up && d.state("L2") == line_state::up; });
  d.ledger_away();
  d.run_until(60);
  virtual_daemon::await([&] { return d.state("L2") == line_state::down; });
  std::shared_ptr<board> keep;
  EXPECT_TRUE(line(d, "L2", keep).unrecorded.load());
  std::atomic<bool> over{false};
  std::atomic<int> unknown{0};
  std::jthread scrape([&] {
    while (!over)
      if (d.state("L1") != line_state::up || d.state("L2") != line_state::down) ++unknown;
  });
  for (int i = 0; i < 50; ++i) d.reload({{.id = i % 2 == 0 ? "L2" : "L1"}, {.id = i % 2 == 0 ? "L1" : "L2"}});
  over = true;
  scrape.join();
  EXPECT_EQ(unknown.load(), 0);
  EXPECT_TRUE(line(d, "L2", keep).unrecorded.load());
  EXPECT_TRUE(line(d, "L2", keep).outage_open.load());
  d.ledger_back();
  d.stop();
  EXPECT_FALSE(line(d, "L2", keep).unrecorded.load());
}

/** Interface 7 of the one is not interface 7 of the other: a counter that jumps between both would be no counter. */
TEST(KnownState, OfTwoAgentsOfALineThatTellOneFactTheFirstIsShown) {
  auto inv = std::make_shared<inventory>(*fakes::district({{.id = "L1", .checks = {"snmp", "snmp#2"}}}));
  for (check& c : inv->checks) {
    auto asked = std::make_shared<snmp_settings>();
    auto request = std::make_shared<snmp_request_class>();
    request->wishes = {{.how = interface_wish::by::index, .index = 7}};
    asked->request = request;
    c.settings = asked;
  }
  board_keeper keeper(inv, verdict::condition_limits{});
  for (const check_index c : {0U, 1U, 0U, 1U}) {
    const fact octets{.name = fact_name::interface_in_octets, .index = 7, .value = c == 0 ? 1'000 : 900'000};
    keeper.seen({.check = c, .what = outcome::good, .interval = milliseconds{1000}, .facts = {&octets, 1}});
  }
  EXPECT_EQ(keeper.shown()->facts_of(0)[0].value(fact_name::interface_in_octets), 1'000);
}

/** A line with an agent of one interface, a site, an anchor; samples by hand. */
struct FactsTest : testing::Test {
  FactsTest() {
    auto made =
        std::make_shared<inventory>(*fakes::district({{.id = "L1", .checks = {"icmp", "page"}},
                                                      {.id = "portal", .checks = {"http"}, .kind = target_kind::site},
                                                      {.id = "anchor-1", .kind = target_kind::anchor}}));
    auto asked = std::make_shared<snmp_settings>();
    auto request = std::make_shared<snmp_request_class>();
    request->wishes = {{.how = interface_wish::by::index, .index = 7}};
    asked->request = request;
    made->checks[agent].settings = asked;
    made->checks[page].settings = std::make_shared<http_settings>();
    inv = made;
    keeper.emplace(inv, verdict::condition_limits{});
  }
  sample at(check_index c, double t, outcome what, std::span<const fact> came = {}) const {
    return {.check = c,
            .what = what,
            .sent = mono_t{seconds{5'000}} + milliseconds{static_cast<std::int64_t>(t * 1e3)},
            .at = wall_at(t),
            .rtt = what == outcome::good ? nanoseconds{milliseconds{500}} : nanoseconds{0},
            .interval = milliseconds{10'000},
            .facts = came};
  }
  void retire(double t) { keeper->retire(at(0, t, outcome::good).sent, wall_at(t)); }
  /** Of the line's interface, and of the site; -1 = not known. */
  std::int64_t interface(fact_name n) const { return shown(0, 7).value(n).value_or(-1); }
  std::int64_t visited(fact_name n) const { return shown(1, 0).value(n).value_or(-1); }
  const fact_view& shown(target_index t, std::uint32_t index) const {
    return *std::ranges::find(keeper->shown()->facts_of(t), index, &fact_view::index);
  }
  const line_view& view(target_index i) const { return keeper->shown()->lines[i]; }

  static constexpr check_index ping = 0, agent = 1, page = 2, anchor = 3;
  const std::vector<fact> counters{{fact_name::interface_in_octets, 7, 1'000},
                                   {fact_name::interface_oper_status, 7, 2}};
  const std::vector<fact> opened{{fact_name::http_status, 0, 200},
                                 {fact_name::connect_nanoseconds, 0, 1'000'000},
                                 {fact_name::certificate_expiry_seconds, 0, 1'790'000'000}};
  std::shared_ptr<const inventory> inv;
  std::optional<board_keeper> keeper;
};

TEST_F(FactsTest, CountersOfAnAgentThatDoesNotAnswerAreGoneAtOnce) {
  for (const outcome silent : {outcome::bad, outcome::not_measured}) {
    keeper->seen(at(agent, 0, outcome::good, counters));
    EXPECT_EQ(interface(fact_name::interface_in_octets), 1'000);
    EXPECT_EQ(interface(fact_name::interface_out_octets), -1) << "it did not come";
    EXPECT_TRUE(view(0).degraded.load());
    keeper->seen(at(ping, 1, outcome::bad));
    EXPECT_EQ(interface(fact_name::interface_in_octets), 1'000) << "another check says nothing of them";
    keeper->seen(at(agent, 10, silent));
    EXPECT_EQ(interface(fact_name::interface_in_octets), -1);
    EXPECT_EQ(interface(fact_name::interface_oper_status), -1);
    EXPECT_FALSE(view(0).degraded.load()) << "not known to be other than up";
  }
}

/** A wrong password: there is an answer to each question, and never any data. */
TEST_F(FactsTest, AnAgentThatAnswersWithoutDataColoursItsLine) {
  const std::vector<fact> clock{{fact_name::up_time_centiseconds, 0, 500}};
  const auto silent = [&] { return view(0).dataless.load() && view(0).degraded.load(); };
  keeper->seen(at(agent, 0, outcome::good, clock));
  keeper->seen(at(agent, 10, outcome::good));
  keeper->seen(at(agent, 20, outcome::good));
  keeper->seen(at(agent, 25, outcome::not_measured));
  EXPECT_FALSE(silent()) << "it may be about to start";
  keeper->seen(at(agent, 30, outcome::good));
  EXPECT_TRUE(silent());
  board_keeper next(inv, verdict::condition_limits{});
  next.carry(*keeper);
  *keeper = std::move(next);
  EXPECT_TRUE(silent()) << "a reload makes nothing well";
  keeper->seen(at(agent, 40, outcome::good, clock));
  EXPECT_FALSE(view(0).dataless.load());
  EXPECT_FALSE(view(0).degraded.load());
}

TEST_F(FactsTest, WhatACheckMayBringIsShownOfWhomItIsAbout) {
  std::vector<fact> all;
  for (const fact_row& row : fact_table)
    all.push_back({row.name, row.of == fact_of::interface ? 7U : 0U, static_cast<std::int64_t>(100 + all.size())});
  keeper->seen(at(agent, 0, outcome::good, all));
  keeper->seen(at(page, 0, outcome::good, all));
  const auto may_bring = [&](check_index c, const fact_row& row) {
    const std::vector<fact_place> all = inv->checks[c].settings->facts();
    return std::ranges::find(all, row.name, &fact_place::name) != all.end();
  };
  for (const fact_row& row : fact_table) {
    const auto value = static_cast<std::int64_t>(100 + place_of(row.name));
    EXPECT_EQ(interface(row.name), row.of == fact_of::interface && may_bring(agent, row) ? value : -1) << row.text;
    EXPECT_EQ(visited(row.name), row.of == fact_of::site && may_bring(page, row) ? value : -1) << row.text;
  }
  keeper->seen(at(agent, 1, outcome::good, std::vector<fact>{{fact_name::interface_oper_status, 7, 0}}));
  EXPECT_EQ(interface(fact_name::interface_oper_status), -1) << "less than means anything";
  keeper->seen(at(agent, 2, outcome::good, std::vector<fact>{{fact_name::interface_in_octets, 7, -1}}));
  EXPECT_EQ(shown(0, 7).value(fact_name::interface_in_octets), -1) << "of a counter these are 64 bits, all set";
}

TEST_F(FactsTest, WhatNobodySaysAgainLastsTwoAndAHalfIntervals) {
  keeper->seen(at(agent, 0, outcome::good, counters));
  keeper->seen(at(page, 0, outcome::good, opened));
  keeper->seen(at(ping, 0, outcome::good));
  retire(24.9);
  EXPECT_EQ(interface(fact_name::interface_in_octets), 1'000);
  EXPECT_EQ(visited(fact_name::http_status), 200);
  EXPECT_FLOAT_EQ(view(0).rtt_seconds.load(), 0.5F);
  retire(25);
  EXPECT_EQ(interface(fact_name::interface_in_octets), -1);
  EXPECT_EQ(visited(fact_name::http_status), -1);
  EXPECT_LT(keeper->shown()->sites[0].open_seconds.load(), 0);
  EXPECT_LT(view(0).rtt_seconds.load(), 0);
  EXPECT_LT(view(0).loss_ratio.load(), 0);
}

TEST_F(FactsTest, AFailedVisitShowsWhatItBroughtAlone) {
  const site_view& v = keeper->shown()->sites.at(0);
  keeper->seen(at(page, 0, outcome::good, opened));
  EXPECT_FLOAT_EQ(v.open_seconds.load(), 0.5F);
  const std::vector<fact> broken{{fact_name::http_status, 0, 502}};
  keeper->seen(at(page, 10, outcome::bad, broken));
  EXPECT_LT(v.open_seconds.load(), 0);
  EXPECT_EQ(visited(fact_name::connect_nanoseconds), -1);
  EXPECT_EQ(visited(fact_name::http_status), 502);
  keeper->seen(at(page, 20, outcome::bad));
  EXPECT_EQ(visited(fact_name::http_status), -1);
  EXPECT_EQ(visited(fact_name::certificate_expiry_seconds), -1) << "a visit that saw none";
}

TEST_F(FactsTest, OneLostPacketTakesNoRoundTripAndAnAnchorAnswersByItsLatestMeasuredSample) {
  keeper->seen(at(ping, 0, outcome::good));
  keeper->seen(at(ping, 10, outcome::bad));
  EXPECT_FLOAT_EQ(view(0).rtt_seconds.load(), 0.5F);
  EXPECT_EQ(view(2).answers.load(), -1);
  keeper->seen(at(anchor, 0, outcome::good));
  keeper->seen(at(anchor, 1, outcome::not_measured));
  EXPECT_EQ(view(2).answers.load(), 1);
  keeper->seen(at(anchor, 2, outcome::bad));
  EXPECT_EQ(view(2).answers.load(), 0);
}

TEST_F(FactsTest, AReloadKeepsEveryValueAndHowLongItLasts) {
  keeper->seen(at(agent, 0, outcome::good, counters));
  keeper->seen(at(page, 0, outcome::good, opened));
  keeper->seen(at(ping, 0, outcome::good));
  board_keeper next(inv, verdict::condition_limits{});
  next.carry(*keeper);
  keeper = std::move(next);
  EXPECT_EQ(interface(fact_name::interface_in_octets), 1'000);
  EXPECT_EQ(visited(fact_name::http_status), 200);
  EXPECT_FLOAT_EQ(view(0).rtt_seconds.load(), 0.5F);
  retire(25);
  EXPECT_EQ(interface(fact_name::interface_in_octets), -1);
  EXPECT_LT(view(0).rtt_seconds.load(), 0);
}

}  // namespace
}  // namespace changtong::scenarios
