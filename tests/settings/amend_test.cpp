// An inventory that changes line by line, with the same checks and sentences as lines.csv.
#include "daemon/settings/amend.h"

#include <gmock/gmock.h>

#include "tests/settings/world.h"

namespace changtong {
namespace {

using namespace fakes;
using testing::HasSubstr;

struct Amend : testing::Test {
  world w =
      with("categories: { own: { name: 自定 } }\nsites: [ { id: portal, name: 门户, url: \"https://x.example/\" } ]\n",
           "id,name,category,address,bandwidth_mbps,accepted,checks\n"
           "L1,\"东村, \"\"一\"\"号\",village,192.0.2.1 192.0.2.9,2.048,2024-01-01,\"icmp tcp:port=443,to=2\"\n"
           "L2,,township,192.0.2.2,,,\n");
  amended_inventory a{"c.yaml", w.view()};
  loaded first = a.load().value();

  static std::string text_of(const inventory& inv, std::string_view id) { return to_json(*inv.find(id), inv); }
  std::string wrong(const amended_inventory::answer& r) { return r ? "nothing wrong" : r.error().text_en; }
};

TEST_F(Amend, ALineThatIsNotTouchedStaysAsItWas) {
  const auto next = a.put({{"id", "L3"}, {"category", "village"}, {"address", "192.0.2.3"}});
  ASSERT_TRUE(next) << next.error().text;
  for (const char* id : {"L1", "L2", "portal"}) EXPECT_EQ(text_of(**next, id), text_of(*first.value.targets, id));
  EXPECT_EQ((*next)->checks[(*next)->find("L1")->first_check + 1].id, "L1/tcp");
  EXPECT_EQ(to_string((*next)->checks[(*next)->find("L1")->first_check + 1].address), "192.0.2.9");
  EXPECT_NE((*next)->find("L3"), nullptr);
}

TEST_F(Amend, ALineIsReplacedAsAWhole) {
  const auto next = a.put({{"编号", "L1"}, {"类别", "自定"}, {"地址", "192.0.2.7"}, {"运营商", "电信"}}).value();
  const target& t = *next->find("L1");
  EXPECT_EQ(t.category, "own");
  EXPECT_EQ(t.carrier, "电信");
  EXPECT_EQ(t.bandwidth_mbps, 0) << "not named, so it has none";
  EXPECT_EQ(t.check_count, 1u);
}

TEST_F(Amend, WhatLinesCsvWouldRefuseIsRefusedAndNothingChanges) {
  EXPECT_THAT(wrong(a.put({{"id", "L1"}, {"category", "village"}})), HasSubstr("address is empty"));
  EXPECT_THAT(wrong(a.put({{"id", "L4"}, {"category", "castle"}, {"address", "192.0.2.4"}})), HasSubstr("castle"));
  EXPECT_THAT(wrong(a.put({{"id", "L4"}, {"colour", "red"}})), HasSubstr("colour"));
  EXPECT_THAT(wrong(a.put({{"id", "L4"}, {"编号", "L5"}})), HasSubstr("stands twice"));
  EXPECT_THAT(wrong(a.put({{"id", "portal"}, {"category", "village"}, {"address", "192.0.2.4"}})),
              HasSubstr("duplicate id"));
  const auto next = a.put({{"id", "L5"}, {"category", "village"}, {"address", "192.0.2.5"}}).value();
  EXPECT_EQ(next->find("L4"), nullptr);
  EXPECT_EQ(text_of(*next, "L1"), text_of(*first.value.targets, "L1"));
}

TEST_F(Amend, ScopeOfALineAndOfASite) {
  auto next = a.rescope("L1", std::nullopt, "2026-03-14").value();
  EXPECT_EQ(next->find("L1")->accepted, first.value.targets->find("L1")->accepted);
  EXPECT_EQ(*next->find("L1")->closed, first.value.zone.parse("2026-03-14")->from);
  next = a.rescope("L1", "", "").value();
  EXPECT_FALSE(next->find("L1")->accepted);
  EXPECT_FALSE(next->find("L1")->closed);
  next = a.rescope("portal", "2026-01-01", std::nullopt).value();
  EXPECT_TRUE(next->find("portal")->accepted);
  next = a.put({{"id", "L3"}, {"category", "village"}, {"address", "192.0.2.3"}}).value();
  EXPECT_TRUE(next->find("portal")->accepted) << "a site's scope outlives other changes";
  for (const char* id : {"L1", "portal"}) {
    EXPECT_THAT(wrong(a.rescope(id, "2026-03-14", "2026-03-01")), HasSubstr("closed is not after accepted")) << id;
    EXPECT_THAT(wrong(a.rescope(id, "soon", std::nullopt)), HasSubstr("soon")) << id;
  }
  EXPECT_THAT(wrong(a.rescope("L9", "", "")), HasSubstr("L9"));
}

TEST_F(Amend, AnAnchorMayBeToldOfAsALine) {
  auto next = a.add_anchor("anchor-far").value();
  EXPECT_EQ(next->find("anchor-far")->kind, target_kind::anchor);
  EXPECT_EQ(next->find("anchor-far")->check_count, 1u);
  next = a.put({{"id", "anchor-1"}, {"address", "198.51.100.9"}}).value();
  EXPECT_EQ(std::ranges::count(next->targets, "anchor-1", &target::id), 1) << "it stands in for the configured one";
  EXPECT_EQ(next->targets[next->index_of("anchor-1")].kind, target_kind::anchor);
}

TEST_F(Amend, AFileEditedMeanwhileDoesNotSlipIn) {
  w.files["c.yaml"] = "nonsense: [";
  EXPECT_TRUE(a.put({{"id", "L3"}, {"category", "village"}, {"address", "192.0.2.3"}}));
}

TEST(Load, AnAnchorAmongTheLinesIsAnErrorOutsideATrace) {
  EXPECT_THAT(errors(with("", "id,category,address\nanchor-9,village,192.0.2.7\n")), HasSubstr("is reserved"));
}

}  // namespace
}  // namespace changtong
