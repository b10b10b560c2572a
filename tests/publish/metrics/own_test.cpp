// What the daemon says of itself: every metric as it is written.
#include "daemon/publish/metrics/own.h"

#include <gtest/gtest.h>

#include "tests/publish/metrics/small_page.h"

namespace changtong::metrics {
namespace {

struct OwnMetrics : PageTest {};

TEST_F(OwnMetrics, TheDaemonsOwnMetricsAreWrittenExactlySo) {
  counters.samples[0][0] = 12;
  counters.samples[1][2] = 3;
  counters.late_slots = 1;
  counters.heartbeat_ms = 1773417600500;
  counters.lateness_seconds.observe(0.004);
  counters.lateness_seconds.observe(0.011);
  counters.lateness_seconds.observe(99);
  counters.commit_seconds.observe(0.003);
  counters.config_time_s = 1773417000;
  from.ignored = [] { return std::vector<ignored_row>{{"icmp", "wrong_cookie", 4}, {"snmp", "malformed", 2}}; };
  counters.blamed[0][static_cast<std::size_t>(cause::timeout)] = 7;
  counters.clock_synchronised = 1;
  counters.clock_offset_ms = -1500;
  counters.own_uplink_silent = true;
  counters.own_uplink_samples = 31;
  door.connections = 3;
  door.bytes_in_flight = 1 << 20;
  for (int i = 0; i < 2; ++i) door.count(door_reason::slow_header);
  door.count(token_refusal::wrong);
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
  counters.clock_synchronised = -1;
  const std::string page = own_metrics(from, {1.25, 4096, 17}, {}, format::text);
  EXPECT_EQ(page.find("\nchangtong_clock_synchronised "), std::string::npos) << "an alarm reads -1 as a bad clock";
  EXPECT_NE(page.find("\nchangtong_clock_synchronisation_known 0\n"), std::string::npos);
}

}  // namespace
}  // namespace changtong::metrics
