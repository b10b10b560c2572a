// What an anchor may be, and what is said of those that cannot do their work.
#include <fmt/format.h>

#include "tests/settings/world.h"

namespace changtong {
namespace {

using namespace fakes;
using namespace std::chrono_literals;

std::string warnings_of(const world& w) {
  std::string out;
  for (const problem& p : good(w).warnings) out += to_string(p) + "\n";
  return out;
}

world with_anchors(const std::string& anchors, std::string csv = "id,category,address\nV1,village,192.0.2.7\n") {
  world w = with("", std::move(csv));
  w.files["c.yaml"] = "inventory: lines.csv\nanchors: [" + anchors + "]\n";
  return w;
}

TEST(Load, AnAnchorThatCannotDoItsWorkIsRefusedWithItsPlaceAndARemedy) {
  const auto refused = [](const std::string& anchor, const char* place, const char* chinese, const char* english) {
    const std::string all = told(with_anchors("198.51.100.1, " + anchor));
    EXPECT_TRUE(all.starts_with(std::string("c.yaml:2:") + place + ": ")) << all;
    EXPECT_LT(all.find(chinese), all.find(english)) << all;
    EXPECT_NE(all.find(english), std::string::npos) << all;
  };
  for (const char* own : {"127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"})
    refused('"' + std::string(own) + '"', "25", "照样应答", "name a router beyond the uplink");
  refused("192.0.2.7", "25", "就是线路 V1 的地址", "is the address of line V1");
  refused("\"::ffff:192.0.2.7\"", "25", "就是线路 V1 的地址", "is the address of line V1");
  refused("{ address: 192.0.2.9, checks: \"icmp:timeout=60s\" }", "55", "timeout=1s", "say timeout=1s");
  refused("{ address: 192.0.2.9, checks: \"icmp:interval=1h\" }", "55", "去掉 interval=", "leave interval= out");
  refused("{ address: 192.0.2.9, checks: \"http:url=http://192.0.2.9/\" }", "55", "不能用 http", "use icmp or tcp");
}

TEST(Load, AnAnchorAtASitesAddressIsRefused) {
  world w = with_anchors("192.0.2.1, 192.0.2.80");
  w.files["c.yaml"] += "sites: [ { id: p, url: \"http://192.0.2.80:8080/\" } ]\n";
  EXPECT_NE(told(w).find("c.yaml:2:22: 锚点 192.0.2.80 就是网站 p 的地址"), std::string::npos) << told(w);
}

TEST(Load, ADistrictSimulatedOnThisMachineMayHaveItsAnchorsThere) {
  world w = with_anchors("127.9.0.1, 127.9.0.2", "id,category,address\nV1,village,127.1.0.1\n");
  EXPECT_EQ(warnings_of(w), "");
  w.files["c.yaml"] +=
      "sites: [ { id: p, url: \"http://localhost:8080/\" }, { id: q, url: \"http://portal.yunze.test/\" } ]\n";
  EXPECT_EQ(warnings_of(w), "") << "by a name that is this machine too";
}

TEST(Load, WhatOfAnAnchorIsMerelyIgnoredOrSlowIsAWarning) {
  const auto warned = [](const std::string& anchor) { return warnings_of(with_anchors("192.0.2.1, " + anchor)); };
  EXPECT_EQ(warned("{ address: 192.0.2.9, checks: \"icmp:interval=2s,timeout=2s\" }"), "");
  EXPECT_NE(
      warned("{ address: 192.0.2.9, checks: \"icmp tcp:port=22,role=health\" }").find("不看它 / tcp of an anchor"),
      std::string::npos);
  EXPECT_NE(warned("{ address: 192.0.2.9, checks: \"icmp:interval=1m\" }").find("每 1m 才问一次"), std::string::npos);
  world slow = with("defaults: { timeout: 15s }\n");
  EXPECT_NE(warnings_of(slow).find("等 15s 才算无应答"), std::string::npos)
      << "stated for everybody: told, not refused";
}

TEST(Load, ASingleBadSampleThatConfirmsIsAWarning) {
  const loaded everywhere = good(with("defaults: { down_after: 1 }\n"));
  ASSERT_EQ(everywhere.warnings.size(), 1u);
  EXPECT_EQ(everywhere.warnings[0].line, 3) << "where it is stated";
  EXPECT_NE(everywhere.warnings[0].text_en.find("checks with down_after 1: 1 (such as V1/icmp)"), std::string::npos);
  EXPECT_NE(everywhere.warnings[0].text.find("本机上联中断"), std::string::npos);

  const loaded one = good(with("",
                               "id,category,address,checks\n"
                               "V1,village,192.0.2.1,icmp\n"
                               "V2,village,192.0.2.2,\"icmp:down_after=1 tcp:port=22,down_after=1,role=health\"\n"));
  ASSERT_EQ(one.warnings.size(), 1u);
  EXPECT_NE(one.warnings[0].text_en.find("checks with down_after 1: 1 (such as V2/icmp)"), std::string::npos);

  EXPECT_TRUE(good(with("defaults: { down_after: 2 }\n")).warnings.empty());
}

}  // namespace
}  // namespace changtong
