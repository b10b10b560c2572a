// What the console's charts are drawn from, through the whole daemon: figures of lines, holes where nobody observed.
#include <gtest/gtest.h>

#include "tests/scenarios/virtual_daemon.h"

namespace changtong::scenarios {
namespace {

constexpr double bucket = 300;

/** Measured and bad of the newest buckets, the newest last: "300/0 0/0 298/60". */
std::string newest(const virtual_daemon& d, const std::string& id, std::size_t count) {
  const auto all = d.recent_of(id).delays;
  std::string out;
  for (std::size_t k = all.size() - count; k < all.size(); ++k)
    out += (out.empty() ? "" : " ") + std::to_string(all[k].measured) + "/" + std::to_string(all[k].bad);
  return out;
}

TEST(RecentFigures, AnOutageIsLossForAsLongAsItLastsThoughItIsAskedFaster) {
  virtual_daemon d({{.id = "L1"}});
  d.up = [](const std::string&, double t) { return t < 60 || t >= 120; };
  d.start();
  d.run_until(bucket - 1);
  const auto now = d.recent_of("L1").delays.back();
  EXPECT_NEAR(now.measured, 299, 6) << "one a second, whatever the outage took";
  EXPECT_NEAR(now.bad, 60, 3);
  EXPECT_NEAR(*now.mean, 0.002, 1e-5);
}

TEST(RecentFigures, OurOwnUplinkIsNoLossOfTheLines) {
  virtual_daemon d(
      {{.id = "L1"}, {.id = "anchor-1", .kind = target_kind::anchor}, {.id = "anchor-2", .kind = target_kind::anchor}});
  d.up = [](const std::string&, double t) { return t < bucket || t >= 2 * bucket; };
  d.start();
  d.run_until(3 * bucket - 1);
  const auto all = d.recent_of("L1").delays;
  EXPECT_EQ(all[all.size() - 2].measured, 0U) << "a hole";
  EXPECT_EQ(all.back().bad, 0U);
  EXPECT_GT(all.back().measured, 280U);
}

TEST(RecentFigures, ARestartBeginsAnewAndAReloadDoesNot) {
  virtual_daemon d({{.id = "L1"}, {.id = "L2"}});
  d.start();
  d.run_until(10);
  d.reload({{.id = "L3"}, {.id = "L1"}});
  EXPECT_NE(newest(d, "L1", 1), "0/0");
  EXPECT_EQ(newest(d, "L3", 1), "0/0");
  d.run_until(20);
  EXPECT_NE(newest(d, "L3", 1), "0/0");
  d.stop();
  d.skip_until(30);
  d.start();
  EXPECT_EQ(newest(d, "L1", 2), "0/0 0/0");
  d.stop();
}

TEST(RecentFigures, AStandstillIsAHole) {
  virtual_daemon d({{.id = "L1"}});
  d.start();
  d.run_until(10);
  d.skip_until(2 * bucket + 10);
  d.run_until(2 * bucket + 20);
  const auto all = d.recent_of("L1").delays;
  EXPECT_EQ(all[all.size() - 2].measured, 0U);
  EXPECT_GT(all.back().measured, 0U);
  d.stop();
}

}  // namespace
}  // namespace changtong::scenarios
