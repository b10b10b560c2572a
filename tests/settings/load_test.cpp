// What a good configuration becomes.
#include <fmt/format.h>

#include "tests/settings/world.h"

namespace changtong {
namespace {

using namespace fakes;
using namespace std::chrono_literals;

TEST(Load, SmallestConfigurationHasDocumentedDefaults) {
  world w;
  w.files["etc/c.yaml"] = "inventory: lines.csv\n";
  w.files["etc/lines.csv"] = "id,category,address\nV1,village,192.0.2.7\n";
  const loaded l = good(w, "etc/c.yaml");
  EXPECT_EQ(l.value.zone.name(), "Asia/Shanghai");
  EXPECT_EQ(to_string(l.value.listen.address), "127.0.0.1");
  EXPECT_EQ(l.value.listen.port, 8080);
  EXPECT_EQ(l.value.ledger, "etc/ledger.db");
  EXPECT_EQ(l.value.inventory_file, "etc/lines.csv");
  EXPECT_TRUE(l.value.api_token.empty());
  EXPECT_EQ(l.value.defaults, (timing{1s, 1s, 250ms, 3, 2}));
  EXPECT_EQ(l.value.fast_budget, 2000u);
  EXPECT_EQ(l.value.degrade.samples, 64);
  EXPECT_DOUBLE_EQ(l.value.degrade.loss_ratio, 0.05);
  EXPECT_EQ(l.value.categories.size(), 7u);
  EXPECT_EQ(l.value.targets->category_name("village"), "村/社区");
}

TEST(Load, LineWithoutChecksIsPinged) {
  const loaded l = good(with(""));
  const check& c = check_of(l.value, "V1");
  EXPECT_EQ(c.id, "V1/icmp");
  EXPECT_EQ(c.spec, "icmp");
  EXPECT_EQ(to_string(c.address), "192.0.2.7");
  EXPECT_EQ(l.value.targets->find("V1")->name, "V1");
}

TEST(Load, NodeHasTheHostsNameUnlessTheConfigurationNamesIt) {
  const world unnamed = with(""), named = with("node: 区政府机房\n");
  const auto node = [](const world& w, std::string host) {
    surroundings from = w.view();
    from.host = std::move(host);
    return load("c.yaml", from)->value.node;
  };
  EXPECT_EQ(node(unnamed, "monitor-1"), "monitor-1");
  EXPECT_EQ(node(named, "monitor-1"), "区政府机房");
  EXPECT_EQ(node(unnamed, "\x1b[31m"), "") << "what is not plain text does not come into the books";
}

TEST(Load, NameServersGoToEveryCheckOfASite) {
  const loaded l =
      good(with("sites: [ { id: portal, url: \"http://portal.example/\" } ]\n"
                "name_servers: [\"127.0.0.1:5355\", 192.0.2.53]\n"));
  EXPECT_EQ(to_string(l.value.name_servers), "127.0.0.1:5355 192.0.2.53");
  const auto& site = dynamic_cast<const fake_settings&>(*check_of(l.value, "portal").settings);
  EXPECT_EQ(site.name_servers, l.value.name_servers);
  EXPECT_NE(describe(l).find("域名服务器：127.0.0.1:5355 192.0.2.53"), std::string::npos) << describe(l);
  EXPECT_TRUE(good(with("")).value.name_servers.empty()) << "the machine's own";
}

TEST(Load, TimingIsLaidInLayers) {
  const world w = with(
      "defaults: { interval: 2s, down_after: 4 }\ncategories: { village: { interval: 5s } }\n"
      "credentials: { public: { version: 2c, community: \"${COMMUNITY}\" } }\nkinds: { snmp: { interval: 20s } }\n",
      "id,category,address,checks\n"
      "V1,village,192.0.2.1,\"icmp tcp:port=443,interval=10s snmp:credential=public\"\n"
      "T1,township,192.0.2.2,\n");
  const settings s = good(w).value;
  EXPECT_EQ(check_of(s, "T1").when, (timing{2s, 1s, 250ms, 4, 2}));
  EXPECT_EQ(check_of(s, "V1", 0).when, (timing{5s, 1s, 250ms, 4, 2}));
  EXPECT_EQ(check_of(s, "V1", 1).when, (timing{10s, 1s, 250ms, 4, 2}));
  EXPECT_EQ(check_of(s, "V1", 2).when, (timing{20s, 2s, 250ms, 4, 2}));
}

TEST(Load, SnmpIsAskedEveryThirtySecondsUnlessTheConfigurationSaysMore) {
  const std::string csv = "id,category,address,checks\nV1,village,192.0.2.1,snmp:credential=public\n";
  const std::string who = "credentials: { public: { version: 2c, community: \"${COMMUNITY}\" } }\n";
  EXPECT_EQ(check_of(good(with(who, csv)).value, "V1").when.interval, 30s);
  EXPECT_EQ(check_of(good(with(who + "defaults: { interval: 10s }\n", csv)).value, "V1").when.interval, 10s);
}

TEST(Load, APageOfALineKeepsItsMinuteWhateverItsCategorySaysOfPings) {
  const settings s =
      good(with("categories: { village: { interval: 2s, timeout: 500ms, down_after: 5 } }\n",
                "id,category,address,checks\nV1,village,192.0.2.1,\"icmp http:url=http://192.0.2.1/\"\n"))
          .value;
  EXPECT_EQ(check_of(s, "V1", 0).when, (timing{2s, 500ms, 250ms, 5, 2}));
  EXPECT_EQ(check_of(s, "V1", 1).when, (timing{60s, 15s, 5s, 5, 2})) << "only how many samples confirm is common";
}

TEST(Load, ABurstOfPingsIsForHealthOnceAMinuteWhateverTheConfigurationSaysOfPings) {
  const std::string rest =
      "defaults: { interval: 2s, timeout: 500ms, down_after: 5 }\nkinds: { icmp: { interval: 3s } }\n";
  const auto made = [&](const std::string& checks) {
    return good(with(rest, "id,category,address,checks\nV1,village,192.0.2.1,\"" + checks + "\"\n")).value;
  };
  const settings s = made("icmp icmp:count=11");
  EXPECT_EQ(check_of(s, "V1", 0).role, check_role::reach);
  EXPECT_EQ(check_of(s, "V1", 0).when.interval, 3s);
  EXPECT_EQ(check_of(s, "V1", 1).role, check_role::health);
  EXPECT_EQ(check_of(s, "V1", 1).when.interval, 60s);
  EXPECT_EQ(check_of(s, "V1", 1).when.timeout, 1500ms) << "half a second of asking, and one more";
  const settings t = made("icmp:role=reach,count=11,interval=10s,timeout=600ms");
  EXPECT_EQ(check_of(t, "V1", 0).role, check_role::reach);
  EXPECT_EQ(check_of(t, "V1", 0).when.interval, 10s);
  EXPECT_EQ(check_of(t, "V1", 0).when.timeout, 600ms);
}

TEST(Load, ANameServerIsAskedAsAServiceIs) {
  const auto when = [](const std::string& kinds) {
    return check_of(good(with("defaults: { interval: 2s, timeout: 500ms, down_after: 5 }\n" + kinds,
                              "id,category,address,checks\nV1,village,192.0.2.1,dns:name=x.cn\n"))
                        .value,
                    "V1")
        .when;
  };
  EXPECT_EQ(when(""), (timing{30s, 3s, 1s, 5, 2}));
  EXPECT_EQ(when("kinds: { dns: { interval: 10s } }\n"), (timing{10s, 3s, 1s, 5, 2}));
}

TEST(Load, FastIntervalIsNeverLongerThanTheRegularOne) {
  const settings s = good(with("categories: { village: { interval: 200ms } }\n")).value;
  EXPECT_EQ(check_of(s, "V1").when.fast_interval, 200ms);
}

TEST(Load, SiteHasItsOwnDefaultsAndKeepsTheConfirmCounts) {
  const settings s = good(with("defaults: { interval: 2s, timeout: 500ms, down_after: 5 }\n"
                               "sites: [ { id: portal, name: 区政府门户网站, url: \"https://www.example.gov.cn/\", "
                               "contains: 裕民 100%, up_after: 1 } ]\n"))
                         .value;
  const check& c = check_of(s, "portal");
  EXPECT_EQ(c.id, "portal/http");
  EXPECT_EQ(c.when, (timing{60s, 15s, 5s, 5, 1}));
  EXPECT_EQ(c.spec, "http:contains=裕民%20100%25,up_after=1");
  const auto& http = dynamic_cast<const fake_settings&>(*c.settings);
  EXPECT_EQ(http.url, "https://www.example.gov.cn/");
  ASSERT_EQ(http.pairs.size(), 1u);
  EXPECT_EQ(http.pairs[0].value, "裕民 100%");
  const target& t = *s.targets->find("portal");
  EXPECT_EQ(t.kind, target_kind::site);
  EXPECT_EQ(t.category, "website");
}

TEST(Load, ListsOfASiteBecomeSeveralArgumentsAndCaIsBesideTheConfiguration) {
  world w = with("");
  w.files["etc/c.yaml"] =
      "sites: [ { id: p, url: \"https://a/\", contains: [一, 二], ca: own.pem, status: [200, 301-302], empty: allow } "
      "]\nanchors: [192.0.2.1, "
      "192.0.2.2]\n";
  const settings s = good(w, "etc/c.yaml").value;
  const auto& http = dynamic_cast<const fake_settings&>(*check_of(s, "p").settings);
  ASSERT_EQ(http.pairs.size(), 5u);
  EXPECT_EQ(http.pairs[0].value, "一");
  EXPECT_EQ(http.pairs[1].value, "二");
  EXPECT_EQ(http.pairs[2].value, "200+301-302");
  EXPECT_EQ(http.pairs[3].value, "etc/own.pem");
}

TEST(Load, AnchorsAreTargetsWithChecksButNoLines) {
  const settings s = good(with("defaults: { interval: 500ms }\n")).value;
  const target* a = s.targets->find("anchor-2");
  ASSERT_NE(a, nullptr);
  EXPECT_EQ(a->kind, target_kind::anchor);
  EXPECT_EQ(to_string(check_of(s, "anchor-2").address), "198.51.100.2");
  EXPECT_EQ(check_of(s, "anchor-2").when.interval, 500ms);
  EXPECT_EQ(s.targets->targets.back().id, "anchor-2") << "lines, then sites, then anchors";
}

TEST(Load, AnchorMayHaveItsOwnChecks) {
  world w = with("");
  w.files["c.yaml"] = "inventory: lines.csv\nanchors: [ { address: 192.0.2.1, checks: \"tcp:port=22\" }, 192.0.2.9 ]\n";
  EXPECT_EQ(check_of(good(w).value, "anchor-1").spec, "tcp:port=22");
}

TEST(Load, SeveralAddressesAskTheFirstUnlessToldOtherwise) {
  const settings s =
      good(with("",
                "id,category,address,checks\n"
                "V1,village,192.0.2.1;2001:db8::1 192.0.2.3,\"icmp icmp:to=2 tcp:port=22,to=192.0.2.3\"\n"))
          .value;
  EXPECT_EQ(to_string(check_of(s, "V1", 0).address), "192.0.2.1");
  EXPECT_EQ(to_string(check_of(s, "V1", 1).address), "2001:db8::1");
  EXPECT_EQ(to_string(check_of(s, "V1", 2).address), "192.0.2.3");
  EXPECT_EQ(check_of(s, "V1", 1).id, "V1/icmp#2");
}

TEST(Load, GenericArgumentsDoNotReachTheKind) {
  const settings s =
      good(with("",
                "id,category,address,checks\nV1,village,192.0.2.1,"
                "\"icmp tcp:port=22,interval=3s,timeout=2s,fast=1s,down_after=5,up_after=4,to=1,role=health\"\n"))
          .value;
  const check& c = check_of(s, "V1", 1);
  EXPECT_EQ(c.when, (timing{3s, 2s, 1s, 5, 4}));
  EXPECT_EQ(c.role, check_role::health);
  const auto& tcp = dynamic_cast<const fake_settings&>(*c.settings);
  ASSERT_EQ(tcp.pairs.size(), 1u);
  EXPECT_EQ(tcp.pairs[0].key, "port");
}

TEST(Load, HeadingsMayBeChineseInAnyOrderAndGb18030) {
  world w = with("");
  // 地址,类别,编号,名称 / 192.0.2.1,村/社区,V9,河西村
  w.files["lines.csv"] =
      "\xb5\xd8\xd6\xb7,\xc0\xe0\xb1\xf0,\xb1\xe0\xba\xc5,\xc3\xfb\xb3\xc6\r\n"
      "192.0.2.1,\xb4\xe5/\xc9\xe7\xc7\xf8,V9,\xba\xd3\xce\xf7\xb4\xe5\r\n";
  const settings s = good(w).value;
  EXPECT_EQ(s.targets->find("V9")->name, "河西村");
  EXPECT_EQ(s.targets->find("V9")->category, "village");
}

TEST(Load, DatesAreMidnightsOfTheZoneOrInstants) {
  const settings s = good(with("",
                               "id,category,address,accepted,closed\n"
                               "V1,village,192.0.2.1,2026-03-14,2026-03-15T08:00:00+08:00\n"))
                         .value;
  const target& t = *s.targets->find("V1");
  EXPECT_EQ(s.zone.format(t.accepted.value()), "2026-03-14T00:00:00.000+08:00");
  EXPECT_EQ(s.zone.format(t.closed.value()), "2026-03-15T08:00:00.000+08:00");
}

TEST(Load, AnInventoryThatASpreadsheetSavedIsRead) {
  const settings s = good(with("",
                               "\xef\xbb\xbf\"# 本区清单, 手工维护\",,,,,\r\nid,category,address,accepted,closed,,\r\n"
                               "V1,village,192.0.2.1,2026/3/14,2026年3月15日,,\r\nV2,village,192.0.2.2,2026.3.1,,,,\r\n"
                               ",,,,,,\r\n"))
                         .value;
  EXPECT_EQ(s.zone.format(s.targets->find("V1")->accepted.value()), "2026-03-14T00:00:00.000+08:00");
  EXPECT_EQ(s.zone.format(s.targets->find("V1")->closed.value()), "2026-03-15T00:00:00.000+08:00");
  EXPECT_EQ(s.zone.format(s.targets->find("V2")->accepted.value()), "2026-03-01T00:00:00.000+08:00");
  EXPECT_EQ(s.targets->targets.size(), 4U) << "two lines, two anchors";
}

TEST(Load, ACellBehindTheLastHeadingIsNoEmptyColumn) {
  EXPECT_NE(errors(with("", "id,category,address,\nV1,village,192.0.2.1,icmp\n")).find("4 fields"), std::string::npos);
  EXPECT_NE(errors(with("", "id,,category,address\nV1,,village,192.0.2.1\n")).find("an empty heading"),
            std::string::npos);
  EXPECT_NE(errors(with("", "id,category,address,accepted\nV1,village,192.0.2.1,24/3/1\n")).find("is no date"),
            std::string::npos);
}

TEST(Load, BandwidthTakesTheUnitsOfSpreadsheets) {
  const settings s = good(with("",
                               "id,category,address,带宽\na,village,192.0.2.1,100\nb,village,192.0.2.2,50M\n"
                               "c,village,192.0.2.3,1G\nd,village,192.0.2.4,20兆\ne,village,192.0.2.5,\n"
                               "f,village,192.0.2.6,2.5 Gbps\ng,village,192.0.2.7,100mbps\n"))
                         .value;
  EXPECT_DOUBLE_EQ(s.targets->find("a")->bandwidth_mbps, 100);
  EXPECT_DOUBLE_EQ(s.targets->find("b")->bandwidth_mbps, 50);
  EXPECT_DOUBLE_EQ(s.targets->find("c")->bandwidth_mbps, 1000);
  EXPECT_DOUBLE_EQ(s.targets->find("d")->bandwidth_mbps, 20);
  EXPECT_DOUBLE_EQ(s.targets->find("e")->bandwidth_mbps, 0);
  EXPECT_DOUBLE_EQ(s.targets->find("f")->bandwidth_mbps, 2500) << "carriers sell thousands";
  EXPECT_DOUBLE_EQ(s.targets->find("g")->bandwidth_mbps, 100);
}

TEST(Load, ParentMayStandBelowItsChild) {
  const settings s =
      good(with("", "id,category,address,parent\nV1,village,192.0.2.1,T1\nT1,township,192.0.2.2,\n")).value;
  EXPECT_EQ(s.targets->find("V1")->parent_index, s.targets->index_of("T1"));
}

TEST(Load, OwnCategoryIsAllowedWithItsName) {
  const settings s = good(with("categories: { police: { name: 公安, interval: 3s } }\n",
                               "id,category,address\nP1,police,192.0.2.1\nP2,公安,192.0.2.2\n"))
                         .value;
  EXPECT_EQ(s.targets->category_name("police"), "公安");
  EXPECT_EQ(s.targets->find("P2")->category, "police");
  EXPECT_EQ(check_of(s, "P1").when.interval, 3s);
}

TEST(Load, EqualChecksShareTheirSettings) {
  const settings s = good(with("",
                               "id,category,address,checks\na,village,192.0.2.1,tcp:port=22\n"
                               "b,village,192.0.2.2,tcp:port=22\nc,village,192.0.2.3,tcp:port=23\n"))
                         .value;
  EXPECT_EQ(check_of(s, "a").settings, check_of(s, "b").settings);
  EXPECT_NE(check_of(s, "a").settings, check_of(s, "c").settings);
}

TEST(Load, HundredThousandLinesGetTenSecondsAndABudget) {
  std::string csv = "id,name,category,unit,town,carrier,circuit,bandwidth_mbps,address,parent,accepted,checks\n";
  for (int i = 0; i < 100'000; ++i) {
    const std::string n = std::to_string(i);
    csv += "L" + n + ",线路" + n + ",village,某村村民委员会,某镇,电信,CT-" + n + ",100,10." +
           std::to_string(i / 65536) + "." + std::to_string(i / 256 % 256) + "." + std::to_string(i % 256) + "," +
           (i % 50 == 0 ? "" : "L" + std::to_string(i / 50 * 50)) + ",2026-01-" + std::to_string(10 + i % 20) +
           ",\"icmp snmp:credential=public,interval=10s\"\n";
  }
  csv.replace(csv.find("10.0.0.0,"), 9, "10.9.9.9,");
  const world w = with("credentials: { public: { version: 2c, community: \"${COMMUNITY}\" } }\n", csv);
  const auto begin = std::chrono::steady_clock::now();
  const settings s = good(w).value;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  RecordProperty("seconds", std::to_string(took.count()));
  std::cout << "100k lines, 200k checks: " << took.count() << " s\n";
  EXPECT_EQ(s.defaults.interval, 10s);
  EXPECT_EQ(check_of(s, "L77").when.interval, 10s);
  EXPECT_EQ(s.fast_budget, 20'002u) << "200,000 checks every 10 s, and two anchors every second all the same";
  EXPECT_EQ(s.targets->targets.size(), 100'002u);
}

TEST(Load, StatedDefaultIntervalHoldsForManyLinesToo) {
  std::string csv = "id,category,address\n";
  for (int i = 0; i < 20'001; ++i) csv += "L" + std::to_string(i) + ",village,192.0.2.1\n";
  EXPECT_EQ(good(with("defaults: { interval: 1s }\n", csv)).value.defaults.interval, 1s);
}

TEST(Load, AllProblemsAreFoundAndSorted) {
  EXPECT_EQ(errors(with("zone: Mars/Base\nlisten: here\n", "id,category,address\nV1,villag,192.0.2.300\n")),
            "c.yaml:3:7: unknown time zone 'Mars/Base': use an IANA name such as Asia/Shanghai (package tzdata must be "
            "installed)\n"
            "c.yaml:4:9: listen 'here' is no address with port: write 127.0.0.1:8080 or [::1]:8080\n"
            "lines.csv:2:4: unknown category 'villag': did you mean 'village'?\n"
            "lines.csv:2:11: '192.0.2.300' is no IPv4 or IPv6 address: separate several with spaces or ';'\n");
}

TEST(Load, ThousandsOfProblemsAreCountedNotListed) {
  std::string csv = "id,category,address\n";
  for (int i = 0; i < 30'000; ++i) csv += "L" + std::to_string(i) + ",village,nowhere\n";
  const auto r = load("c.yaml", with("", csv).view());
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().list.size(), 200u);
  EXPECT_EQ(r.error().list.back().text_en, "… and 29801 more problems: correct these first");
}

TEST(Load, MissingConfigurationSaysSo) {
  EXPECT_EQ(errors(world{}, "gone.yaml"), "gone.yaml:1:1: cannot read the configuration: no such file\n");
}

TEST(Load, FewerThanTwoAnchorsIsAWarning) {
  world w = with("");
  w.files["c.yaml"] = "inventory: lines.csv\nanchors: [192.0.2.1]\n";
  const loaded l = good(w);
  ASSERT_EQ(l.warnings.size(), 1u);
  EXPECT_EQ(
      to_string(l.warnings[0]),
      "c.yaml:2:10: 锚点少于两个：本机上联中断会与线路中断分不开；请在 anchors 下写两个我方一侧的路由器 / fewer than "
      "two anchors: an outage of our own uplink would look like theirs; name two routers on our side under "
      "'anchors'");
  EXPECT_TRUE(good(with("")).warnings.empty());
}

TEST(Load, RealSurroundingsReadThisDisk) {
  const surroundings here = real_surroundings(fake_kinds());
  EXPECT_EQ(here.read("/nonexistent/file").error().text_en, "no such file");
  EXPECT_EQ(here.read("/").error().text_en, "it is a directory");
  EXPECT_EQ(here.read("/dev/zero").error().text_en, "it is larger than 256 MB");
  EXPECT_FALSE(here.environment("CHANGTONG_SURELY_NOT_SET"));
}

TEST(Load, AWindowLeadIsPolicyOnlyWhereItIsSet) {
  EXPECT_EQ(policy_json(good(with("")).value).find("window_lead"), std::string::npos);
  const settings s = good(with("windows: { window_lead: 24h }\n")).value;
  EXPECT_EQ(s.entries.window_lead, milliseconds{86'400'000});
  EXPECT_NE(policy_json(s).find(R"("windows":{"late_approval":"none","window_lead_ms":86400000})"), std::string::npos);
}

TEST(Load, WhatTheBooksTakeFromPeopleIsPolicy) {
  const settings plain = good(with("")).value;
  EXPECT_FALSE(plain.entries.late_approval);
  EXPECT_FALSE(plain.entries.duty_automatic);
  EXPECT_EQ(plain.entries.duty_coverage_ppm, 990'000);
  for (const char* coverage : {"98.5 %", "98.5%", "0.985"}) {
    const settings s =
        good(with(fmt::format("windows: {{ late_approval: allow }}\nduty: {{ coverage: {}, automatic: true }}\n",
                              coverage)))
            .value;
    EXPECT_TRUE(s.entries.late_approval);
    EXPECT_TRUE(s.entries.duty_automatic);
    EXPECT_EQ(s.entries.duty_coverage_ppm, 985'000) << coverage;
    EXPECT_NE(policy_json(s), policy_json(plain));
  }
}

TEST(Load, WhomAlertsReachNeedsNoToken) {
  const loaded l = good(with("api: { people: [ { name: 王工, phone: \"13800000000\" } ] }\n"));
  ASSERT_EQ(l.value.people.size(), 1u);
  EXPECT_TRUE(l.value.people[0].token.empty());
  EXPECT_TRUE(l.value.people[0].may.empty());
  for (const char* half : {"name: 王工", "name: 王工, phone: \"13800000000\", may: [request]",
                           "name: 王工, phone: \"13800000000\", token: \"${API_TOKEN}\""})
    EXPECT_FALSE(load("c.yaml", with(fmt::format("api: {{ people: [ {{ {} }} ] }}\n", half)).view())) << half;
}

TEST(Load, APersonMakesTheCommonTokenUnnecessary) {
  const loaded l = good(with("api: { people: [ { name: 王工, token: \"${API_TOKEN}\", may: [request] } ] }\n"));
  EXPECT_TRUE(l.value.api_token.empty());
  ASSERT_EQ(l.warnings.size(), 1u);
  EXPECT_NE(l.warnings[0].text_en.find("nobody may approve here: unless a user is an approver"), std::string::npos);
}

}  // namespace
}  // namespace changtong
