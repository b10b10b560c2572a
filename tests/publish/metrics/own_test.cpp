// What the daemon says of itself: every metric as it is written.
#include "daemon/publish/metrics/own.h"

#include <gtest/gtest.h>

#include "tests/publish/metrics/small_page.h"

namespace changtong::metrics {
namespace {

struct OwnMetrics : PageTest {};

TEST_F(OwnMetrics, TheDaemonsOwnMetricsAreWrittenExactlySo) {
  tallies.samples[0][0] = 12;
  tallies.samples[1][2] = 3;
  tallies.late_slots = 1;
  tallies.heartbeat_ms = 1773417600500;
  tallies.lateness_seconds.observe(0.004);
  tallies.lateness_seconds.observe(0.011);
  tallies.lateness_seconds.observe(99);
  tallies.commit_seconds.observe(0.003);
  tallies.config_time_s = 1773417000;
  from.ignored = [] { return std::vector<ignored_row>{{"icmp", "wrong_cookie", 4}, {"snmp", "malformed", 2}}; };
  tallies.blamed[0][static_cast<std::size_t>(cause::timeout)] = 7;
  tallies.clock_synchronised = 1;
  tallies.clock_offset_ms = -1500;
  tallies.own_uplink_silent = true;
  tallies.own_uplink_samples = 31;
  door.connections = 3;
  door.bytes_in_flight = 1 << 20;
  for (int i = 0; i < 2; ++i) door.count(door_reason::slow_header);
  door.count(token_refusal::wrong);
  for (const char* code : {"wrong_password", "wrong_password", "too_many_attempts", "unfit_password"})
    door.count_login(code);
  EXPECT_EQ(own_metrics(from, {1.25, 4096, 17}, {}, format::text),
            file_text(CHANGTONG_SOURCE_DIR "/tests/publish/metrics/own.txt"));
}

TEST_F(OwnMetrics, HowMessagesAreTakenIsSaidByChannel) {
  from.alerts = [] {
    return alert_view{.open = 2,
                      .nobody_reachable = true,
                      .channels = {{.id = "duty",
                                    .kind = "wecom",
                                    .well = false,
                                    .since = {},
                                    .told = 5,
                                    .failed = 1,
                                    .waiting = 3,
                                    .last = "45009"}}};
  };
  const std::string page = own_metrics(from, {1.25, 4096, 17}, {}, format::text);
  for (const std::string line : {"changtong_alerts_open 2", "changtong_alert_nobody_reachable 1",
                                 "changtong_alert_channel_up{channel=\"duty\",kind=\"wecom\"} 0",
                                 "changtong_alert_messages_total{channel=\"duty\",kind=\"wecom\",outcome=\"told\"} 5",
                                 "changtong_alert_messages_total{channel=\"duty\",kind=\"wecom\",outcome=\"failed\"} 1",
                                 "changtong_alert_messages_waiting{channel=\"duty\",kind=\"wecom\"} 3"})
    EXPECT_NE(page.find("\n" + line + "\n"), std::string::npos) << line;
}

TEST_F(OwnMetrics, WhetherTheClockIsSynchronisedIsNotSaidBeforeItIsKnown) {
  tallies.clock_synchronised = -1;
  const std::string page = own_metrics(from, {1.25, 4096, 17}, {}, format::text);
  EXPECT_EQ(page.find("\nchangtong_clock_synchronised "), std::string::npos) << "an alarm reads -1 as a bad clock";
  EXPECT_NE(page.find("\nchangtong_clock_synchronisation_known 0\n"), std::string::npos);
}

}  // namespace
}  // namespace changtong::metrics
