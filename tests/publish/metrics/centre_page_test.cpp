#include "daemon/publish/metrics/centre_page.h"

#include <gmock/gmock.h>

namespace changtong::metrics {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr wall_t now = wall_from_ms(1'773'417'600'000);

TEST(CentrePage, SaysHowFarEachNodeIsAndHowFarBehind) {
  const std::string all = centre_page({.database_up = true,
                                       .sealed = true,
                                       .nodes = {{.node = "东\"城",
                                                  .branch = 2,
                                                  .entries = 1'234'567,
                                                  .heartbeat = now - std::chrono::milliseconds{1'500},
                                                  .received = now - std::chrono::seconds{1},
                                                  .forked = true,
                                                  .shipments = {7, 1, 2, 3},
                                                  .folded = 1'234'000,
                                                  .folded_to = now - std::chrono::seconds{4},
                                                  .stuck = true,
                                                  .apart = true}},
                                       .lines = {{.node = "东\"城", .count = {90, 2, 1}}},
                                       .version = "1.2.3"},
                                      now);
  EXPECT_THAT(all, HasSubstr("changtong_centre_database_up 1\n"));
  EXPECT_THAT(all, HasSubstr("changtong_centre_node_entries{node=\"东\\\"城\"} 1234567\n"));
  EXPECT_THAT(all, HasSubstr("changtong_centre_node_branch{node=\"东\\\"城\"} 2\n"));
  EXPECT_THAT(all, HasSubstr("changtong_centre_node_lag_seconds{node=\"东\\\"城\"} 1.5\n"));
  EXPECT_THAT(all, HasSubstr("changtong_centre_node_heartbeat_timestamp_seconds{node=\"东\\\"城\"} 1773417598.5\n"));
  EXPECT_THAT(all, HasSubstr("changtong_centre_node_received_timestamp_seconds{node=\"东\\\"城\"} 1773417599\n"));
  EXPECT_THAT(all, HasSubstr("changtong_centre_node_forked{node=\"东\\\"城\"} 1\n"));
  EXPECT_THAT(all, HasSubstr("changtong_centre_shipments_total{node=\"东\\\"城\",outcome=\"taken\"} 7\n"));
  EXPECT_THAT(all, HasSubstr("changtong_centre_shipments_total{node=\"东\\\"城\",outcome=\"refused\"} 3\n"));
  EXPECT_THAT(all, HasSubstr("changtong_centre_folding 0\n"));
  EXPECT_THAT(all, HasSubstr("changtong_centre_sealed 1\n"));
  EXPECT_THAT(all, HasSubstr("changtong_centre_node_folded_entries{node=\"东\\\"城\"} 1234000\n"));
  EXPECT_THAT(all, HasSubstr("changtong_centre_node_folded_lag_seconds{node=\"东\\\"城\"} 4\n"));
  EXPECT_THAT(all, HasSubstr("changtong_centre_node_fold_stuck{node=\"东\\\"城\"} 1\n"));
  EXPECT_THAT(all, HasSubstr("changtong_centre_node_apart{node=\"东\\\"城\"} 1\n"));
  EXPECT_THAT(all, HasSubstr("changtong_centre_node_lines{node=\"东\\\"城\",state=\"up\"} 90\n"));
  EXPECT_THAT(all, HasSubstr("changtong_centre_node_lines{node=\"东\\\"城\",state=\"unknown\"} 1\n"));
  EXPECT_THAT(all, HasSubstr("changtong_build_info{version=\"1.2.3\"} 1\n"));
}

TEST(CentrePage, OfANodeThatHasShippedNothingSaysNoInstant) {
  const std::string all = centre_page({.database_up = false, .nodes = {{.node = "新"}}, .version = "1"}, now);
  EXPECT_THAT(all, HasSubstr("changtong_centre_database_up 0\n"));
  EXPECT_THAT(all, HasSubstr("changtong_centre_node_entries{node=\"新\"} 0\n"));
  EXPECT_THAT(all, Not(HasSubstr("lag_seconds{")));
  EXPECT_THAT(all, Not(HasSubstr("timestamp_seconds{")));
}

TEST(CentrePage, ANodeThatIsNotExpectedLagsBehindNothing) {
  const std::string all =
      centre_page({.nodes = {{.node = "旧", .heartbeat = now - std::chrono::hours{9}, .awaited = now, .retired = true}},
                   .version = "1"},
                  now);
  EXPECT_THAT(all, HasSubstr("changtong_centre_node_retired{node=\"旧\"} 1\n"));
  EXPECT_THAT(all, Not(HasSubstr("lag_seconds{")));
}

TEST(CentrePage, ANodeWhoseClockIsAheadIsNotBehind) {
  const std::string all = centre_page(
      {.database_up = true, .nodes = {{.node = "快", .heartbeat = now + std::chrono::seconds{2}}}, .version = "1"},
      now);
  EXPECT_THAT(all, HasSubstr("lag_seconds{node=\"快\"} 0\n"));
}

}  // namespace
}  // namespace changtong::metrics
