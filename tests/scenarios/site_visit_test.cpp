// What people read of a visit that failed.
#include "daemon/run/site_visit.h"

#include <gtest/gtest.h>

#include "tests/fakes/world.h"

namespace changtong {
namespace {

TEST(SiteVisit, SaysWhatWasSeenInChineseAlone) {
  const auto all = std::make_shared<inventory>(*fakes::district({{.id = "portal"}}));
  all->targets[0].url = "http://www.example.gov.cn/";
  board b(all);
  const wall_t now = wall_from_ms(1'773'417'600'000);
  EXPECT_EQ(visited(b, 0, cause::timeout, now), "");
  EXPECT_EQ(visited(b, 0, cause::name_not_found, now), "域名 www.example.gov.cn 没有解析结果");
  b.said.set(0, "HTTP 状态码 502 (status 502)");
  EXPECT_EQ(visited(b, 0, cause::http_status, now), "HTTP 状态码 502");
  b.said.set(0, "Failed to connect to 192.0.2.1 port 80");
  EXPECT_EQ(visited(b, 0, cause::refused, now), "");
  b.said.set(0, "域名 www.example.gov.cn 解析不到地址 (Domain name not found)");
  EXPECT_EQ(visited(b, 0, cause::name_not_found, now), "域名 www.example.gov.cn 解析不到地址");
}

}  // namespace
}  // namespace changtong
