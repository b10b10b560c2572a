#include "daemon/cli/probe_words.h"

#include <gtest/gtest.h>

namespace changtong {
namespace {

const civil_zone zone = civil_zone::named("Asia/Shanghai").value();
const wall_t now = zone.parse_instant("2026-03-14 09:00").value();

std::string words(fact_name name, std::int64_t value, std::uint32_t index = 0) {
  return told(fact{name, index, value}, zone, now);
}

TEST(ProbeWords, NumbersHaveUnitsForPeople) {
  EXPECT_EQ(in_ms(nanoseconds{58'000}), "0.058 ms");
  EXPECT_EQ(in_ms(nanoseconds{12'340'000}), "12.3 ms");
  EXPECT_EQ(in_ms(nanoseconds{1'250'400'000}), "1250 ms");
  EXPECT_EQ(in_bytes(999), "999 B");
  EXPECT_EQ(in_bytes(1'234'567'890), "1.2 GB（1234567890）");
  EXPECT_EQ(in_bytes(-1), "18.4 EB（18446744073709551615）") << "a Counter64 is unsigned to its last bit";
}

TEST(ProbeWords, UptimeIsDaysAndACertificateHasDaysLeft) {
  EXPECT_EQ(words(fact_name::up_time_centiseconds, 1'047'600'00), "运行时间 / up time: 12 天 3 小时 / 12 d 3 h");
  EXPECT_EQ(words(fact_name::up_time_centiseconds, 65'00), "运行时间 / up time: 1 分 5 秒 / 1 min 5 s");
  EXPECT_EQ(words(fact_name::certificate_expiry_seconds, ms_of(now) / 1000 + 32 * 86'400 + 5),
            "证书到期 / certificate expires: 2026-04-15 09:00:05，还有 32 天 / 2026-04-15 09:00:05, 32 days left");
  EXPECT_EQ(
      words(fact_name::certificate_expiry_seconds, ms_of(now) / 1000 - 86'400),
      "证书到期 / certificate expires: 2026-03-13 09:00:00，已过期 1 天 / 2026-03-13 09:00:00, expired 1 days ago");
}

TEST(ProbeWords, AnInterfaceIsNamedByItsNumber) {
  EXPECT_EQ(words(fact_name::interface_oper_status, 2, 3), "接口状态 / interface[3]: 断 / down");
  EXPECT_EQ(words(fact_name::interface_in_octets, 2'000'000, 3), "入流量 / in[3]: 2.0 MB（2000000）");
  EXPECT_EQ(words(fact_name::resolve_nanoseconds, 1'500'000), "解析域名 / name: 1.500 ms");
  EXPECT_EQ(words(fact_name::http_status, 200), "HTTP 状态码 / HTTP status: 200");
}

inventory district() {
  inventory inv;
  const auto add = [&](const char* id, const char* name, const char* circuit, const char* address, const char* url) {
    target t;
    t.id = id;
    t.name = name;
    t.circuit = circuit;
    t.url = url;
    if (*address != '\0') t.addresses.push_back(parse_address(address).value());
    inv.add(std::move(t));
  };
  add("T01", "龙河镇政府", "ZX-0001", "192.0.2.10", "");
  add("V0101", "东村村委会", "ZX-0102", "192.0.2.11", "");
  add("V0102", "西村村委会", "ZX-0103", "192.0.2.11", "");
  add("portal", "区政府门户网站", "", "", "https://www.example.gov.cn/index.html");
  return inv;
}

std::string named(std::string_view word) {
  static const inventory inv = district();
  std::string all;
  for (const target* t : targets_named(inv, word)) all += (all.empty() ? "" : " ") + t->id;
  return all;
}

TEST(ProbeWords, ATargetIsFoundByWhatPeopleKnowOfIt) {
  EXPECT_EQ(named("T01"), "T01");
  EXPECT_EQ(named("龙河镇政府"), "T01");
  EXPECT_EQ(named("ZX-0102"), "V0101");
  EXPECT_EQ(named("192.0.2.10"), "T01");
  EXPECT_EQ(named("192.0.2.11"), "V0101 V0102");
  EXPECT_EQ(named("https://www.example.gov.cn/index.html"), "portal");
  EXPECT_EQ(named("www.example.gov.cn"), "portal");
  EXPECT_EQ(named("村委会"), "V0101 V0102");
  EXPECT_EQ(named("东村"), "V0101");
  EXPECT_EQ(named("没有"), "");
  EXPECT_EQ(named(""), "");
}

}  // namespace
}  // namespace changtong
