// The district is decided by its size and seed, holds what a real one holds, and can be loaded like a real one.
#include "daemon/simulate/district.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "daemon/settings/settings.h"

namespace changtong::simulate {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::StartsWith;

TEST(District, HasTheShapeOfARealOne) {
  const district d = make_district(default_lines, 1);
  EXPECT_EQ(d.lines.size(), 417U);
  EXPECT_EQ(d.count("township"), 22U);
  EXPECT_EQ(d.count("village"), 295U);
  EXPECT_EQ(d.count("health"), 40U);
  EXPECT_EQ(d.count("education"), 60U);
  EXPECT_EQ(d.sites.size(), 4U);
}

TEST(District, TwoOnOneMachineShareNoPort) {
  const auto all = [](std::uint16_t first) {
    const district d = make_district(1, 1, port_numbers::from(first));
    std::set<std::uint16_t> ports{d.ports.snmp, d.ports.tcp, d.ports.dns, d.ports.traps};
    for (const district_site& s : d.sites) ports.insert(s.port);
    return ports;
  };
  const std::set<std::uint16_t> one = all(17'000), other = all(17'008);
  EXPECT_EQ(one.size(), 8U);
  EXPECT_EQ(*one.begin(), 17'000);
  EXPECT_EQ(*other.begin(), *one.rbegin() + 1);
}

TEST(District, ScalesInProportionAndNeverLosesItsTownship) {
  for (const std::uint32_t n : {1U, 2U, 3U, 10U, 19U, 100U, 417U, 1000U, 4170U, 100'000U}) {
    const district d = make_district(n, 5);
    EXPECT_EQ(d.lines.size(), n);
    EXPECT_GE(d.count("township"), 1U);
    EXPECT_NEAR(d.count("village"), n * 295.0 / 417, 1.2) << n;  // the first township is taken from the largest part
  }
  EXPECT_EQ(make_district(0, 1).lines.size(), 1U);
  EXPECT_EQ(make_district(1'000'000, 1).lines.size(), most_lines);
}

TEST(District, EveryVillageHangsOnATownshipAndATownshipOnNothing) {
  const district d = make_district(default_lines, 1);
  for (std::uint32_t n = 0; n < d.lines.size(); ++n) {
    const district_line& l = d.lines[n];
    if (l.category == "township") EXPECT_EQ(l.parent, no_line);
    if (l.category == "village") ASSERT_NE(l.parent, no_line);
    if (l.parent == no_line) continue;
    EXPECT_EQ(d.lines[l.parent].category, "township");
    EXPECT_EQ(d.lines[l.parent].name, l.town);
    EXPECT_THAT(d.children[l.parent], testing::Contains(n));
  }
  const auto behind_a_township = [&](std::string_view category) {
    return std::count_if(d.lines.begin(), d.lines.end(),
                         [&](const district_line& l) { return l.category == category && l.parent != no_line; });
  };
  EXPECT_GT(behind_a_township("health"), 0);
  EXPECT_LT(behind_a_township("health"), 40);
  EXPECT_GT(behind_a_township("education"), 0);
  EXPECT_LT(behind_a_township("education"), 60);
}

TEST(District, AddressesAreLoopbackAndUniqueUpToTheLargest) {
  const district d = make_district(most_lines, 3);
  std::set<std::uint32_t> addresses;
  std::set<std::string> ids, circuits;
  for (const district_line& l : d.lines) {
    EXPECT_EQ(l.address >> 24, 127U);
    EXPECT_NE(l.address & 255, 0U);
    EXPECT_NE(l.address & 255, 255U);
    addresses.insert(l.address);
    ids.insert(l.id);
    circuits.insert(l.circuit);
  }
  for (const district_site& s : d.sites) addresses.insert(s.address);
  addresses.insert(d.name_server);
  EXPECT_EQ(addresses.size(), most_lines + 4 + 1);
  EXPECT_FALSE(addresses.contains(0x7f000001));
  EXPECT_EQ(ids.size(), most_lines);
  EXPECT_EQ(circuits.size(), most_lines);
}

TEST(District, NamesDoNotRepeatAtTheSizeOfARealDistrict) {
  const district d = make_district(default_lines, 1);
  std::map<std::string, int> names;
  for (const district_line& l : d.lines) ++names[l.name];
  for (const auto& [name, count] : names) EXPECT_EQ(count, 1) << name;
}

TEST(District, ThreeCarriersShareTheLines) {
  std::map<std::string, int> carriers;
  for (const district_line& l : make_district(default_lines, 1).lines) ++carriers[l.carrier];
  EXPECT_EQ(carriers.size(), 3U);
  for (const auto& [name, count] : carriers) EXPECT_GT(count, 20) << name;
}

TEST(District, SameSeedSameDistrictOtherSeedAnother) {
  EXPECT_EQ(lines_csv(make_district(300, 9)), lines_csv(make_district(300, 9)));
  EXPECT_NE(lines_csv(make_district(300, 9)), lines_csv(make_district(300, 10)));
}

TEST(District, InventoryHasChineseHeadingsAndTwoChecksALine) {
  const std::string csv = lines_csv(make_district(20, 1, {.snmp = 20161, .tcp = 20080}));
  EXPECT_THAT(csv, StartsWith("编号,名称,类别,接入单位,乡镇,运营商,电路编号,带宽,地址,上级,等级,检查\n"));
  EXPECT_THAT(csv, HasSubstr("tcp:port=20080,reset=bad snmp:credential=demo,port=20161,if=1,profile=auto,interval=3s"));
  EXPECT_THAT(csv,
              HasSubstr("tcp:port=20080,reset=bad snmp:credential=secured,port=20161,if=1,profile=auto,interval=3s"));
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 21);
}

TEST(District, TheNameServerIsAskedBesideTheFirstLineForHealthAlone) {
  const std::string csv = lines_csv(make_district(20, 1, {.dns = 5355}));
  EXPECT_THAT(csv, HasSubstr(" 127.19.1.53,"));
  EXPECT_THAT(csv, HasSubstr(" icmp:count=5,interval=10s "
                             "dns:name=portal.yunze.test,expect=127.19.1.1,recursive=no,port=5355,to=2,role=health,"));
  EXPECT_EQ(csv.find("dns:"), csv.rfind("dns:"));
}

TEST(District, OneLineHasAnOddAgentAndItIsNoTownship) {
  for (const std::uint32_t n : {2U, 3U, 50U, default_lines}) {
    const district d = make_district(n, 1);
    EXPECT_EQ(std::ranges::count_if(d.lines, &district_line::odd_agent), 1) << n;
    EXPECT_TRUE(d.lines.back().odd_agent && d.children.back().empty()) << n;
  }
  EXPECT_FALSE(make_district(1, 1).lines[0].odd_agent);
}

TEST(District, OneSiteOfEachMannerAndTheGbkOneIsJudgedByItsText) {
  const district d = make_district(1, 1);
  ASSERT_EQ(d.sites.size(), 4U);
  EXPECT_EQ(d.sites[0].manner, site_manner::modern);
  EXPECT_EQ(d.sites[1].manner, site_manner::gbk);
  EXPECT_EQ(d.sites[2].manner, site_manner::old);
  EXPECT_EQ(d.sites[3].manner, site_manner::silent_domain);
  EXPECT_THAT(
      sites_csv(d),
      HasSubstr("service,云泽区政务服务网,http://service.yunze.test:16082/,5s,5s,1s,政务公开,数据库连接失败\n"));
}

TEST(District, ItsSitesAreNamesThatOnlyItsOwnNameServerKnows) {
  const district d = make_district(1, 1, {.dns = 5355});
  EXPECT_THAT(config_yaml(d, "127.0.0.1:8080"), HasSubstr("name_servers: [\"127.19.1.53:5355\"]\nsites: sites.csv\n"));
  for (const district_site& s : d.sites) EXPECT_EQ(s.url, "http://" + s.host + ":" + std::to_string(s.port) + "/");
}

/** The demo's files in memory, seen through the daemon's own door. */
surroundings as_files(const district& d) {
  surroundings from = real_surroundings(kinds());
  from.read = [texts = std::map<std::string, std::string>{{"demo/changtong.yaml", config_yaml(d, "127.0.0.1:8080")},
                                                          {"demo/lines.csv", lines_csv(d)},
                                                          {"demo/sites.csv", sites_csv(d)},
                                                          {"demo/map.geojson", map_geojson(d)},
                                                          {"demo/plan.yaml", plan_yaml(d, "2026")},
                                                          {"demo/community", "s3cret-s3cret\n"},
                                                          {"demo/li.token", "s3cret-token-of-li\n"},
                                                          {"demo/wang.token", "s3cret-token-of-wang\n"}}](
                  const std::string& path) -> result<std::string> {
    const auto it = texts.find(path);
    if (it == texts.end()) return problem{.text = "no such file"};
    return result<std::string>(boost::system::in_place_value, it->second);
  };
  from.open_to_others = [](const std::string&) { return false; };
  return from;
}

TEST(District, LoadsThroughTheNormalSettingsDoor) {
  const district d = make_district(default_lines, 1);
  const load_result loaded = load("demo/changtong.yaml", as_files(d));
  ASSERT_TRUE(loaded) << (loaded ? std::string() : to_string(loaded.error().list.front()));
  const settings& s = loaded->value;
  ASSERT_EQ(s.targets->targets.size(), d.lines.size() + d.sites.size() + 2);
  ASSERT_TRUE(s.map);
  EXPECT_EQ(s.map->areas.size(), d.count("township"));
  EXPECT_EQ(s.targets->targets.back().kind, target_kind::anchor) << "two of them, so that rule 10 is at work";
  ASSERT_EQ(loaded->warnings.size(), 1U) << "nothing about anchors";
  EXPECT_THAT(loaded->warnings[0].text, HasSubstr("SNMP v2c"));
  for (std::size_t n = 0; n < d.lines.size(); ++n) {
    const target& t = s.targets->targets[n];
    EXPECT_EQ(t.id, d.lines[n].id);
    EXPECT_EQ(t.check_count, n == 0 ? 4U : 2U);
    EXPECT_EQ(t.parent_index, d.lines[n].parent);
    EXPECT_EQ(s.targets->checks[t.first_check].when.interval, d.interval) << t.id;
    EXPECT_EQ(s.targets->checks[t.first_check + 1].when.interval, 3 * d.interval) << t.id;
  }
  ASSERT_EQ(s.credentials.size(), 2U);
  EXPECT_EQ(s.credentials[0].community.reveal(), "s3cret-s3cret");
  EXPECT_EQ(s.credentials[1].version, "3");
  EXPECT_EQ(s.credentials[1].auth_password.reveal(), "s3cret-s3cret");
}

TEST(District, LargestLoadsToo) {
  const district d = make_district(most_lines, 1);
  const load_result loaded = load("demo/changtong.yaml", as_files(d));
  ASSERT_TRUE(loaded) << (loaded ? std::string() : to_string(loaded.error().list.front()));
  EXPECT_EQ(loaded->value.targets->checks.size(), 2 * d.lines.size() + 2 + d.sites.size() + 2);
}

}  // namespace
}  // namespace changtong::simulate
