// One list shared by several nodes: whose each line and site is, and what each node knows of the others'.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "daemon/settings/amend.h"
#include "tests/settings/world.h"

namespace changtong {
namespace {

using namespace fakes;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string list =
    "编号,名称,类别,乡镇,地址,上级\n"
    "V01,北街村,村/社区,龙河镇,10.1.1.1,T01\n"
    "T01,龙河镇政府,乡镇街,龙河镇,10.1.1.2,\n"
    "H01,卫生院,卫生,虎山镇,10.1.1.3,\n"
    "V02,南街村,村/社区,虎山镇,10.1.1.4,V01\n"
    "D01,教育局,区直,,10.1.1.5,\n";

const std::string by_town =
    "nodes:\n  this: {}\n  all:\n"
    "    - {{ name: 城东, categories: [乡镇街] }}\n"
    "    - {{ name: 城西, towns: [虎山镇] }}\n"
    "    - {{ name: 其余, others: yes }}\n";

settings of_node(const std::string& self, const std::string& nodes, const std::string& csv,
                 const std::string& more = {}) {
  return good(with(fmt::format(fmt::runtime(nodes), self) + more, csv)).value;
}

std::vector<std::string> ids(const settings& s) {
  std::vector<std::string> out;
  for (const target& t : s.targets->targets)
    if (t.kind != target_kind::anchor) out.push_back(t.id);
  return out;
}

std::vector<std::string> warnings(const world& w) {
  std::vector<std::string> out;
  for (const problem& p : good(w).warnings) out.push_back(to_string(p));
  return out;
}

TEST(Nodes, ALineGoesWhereTheTopOfItsParentsGoes) {
  EXPECT_THAT(ids(of_node("城东", by_town, list)), ElementsAre("V01", "T01", "V02"));
  EXPECT_THAT(ids(of_node("城西", by_town, list)), ElementsAre("H01"));
  EXPECT_THAT(ids(of_node("其余", by_town, list)), ElementsAre("D01"));
}

TEST(Nodes, ParentsAreFoundAmongTheNodesOwn) {
  const settings s = of_node("城东", by_town, list);
  const inventory& inv = *s.targets;
  EXPECT_EQ(inv.find("V01")->parent_index, inv.index_of("T01"));
  EXPECT_EQ(inv.find("V02")->parent_index, inv.index_of("V01"));
}

TEST(Nodes, EachKnowsHowManyTheListGivesTheOthers) {
  const settings s = of_node("城西", by_town, list, "sites: [{ id: portal, url: \"https://a.test/\" }]\n");
  ASSERT_TRUE(s.nodes);
  EXPECT_EQ(s.nodes->self, 1U);
  EXPECT_EQ(s.nodes->all[0].lines, 3U);
  EXPECT_EQ(s.nodes->all[1].lines, 1U);
  EXPECT_EQ(s.nodes->all[2].lines, 1U);
  EXPECT_EQ(s.nodes->all[2].sites, 1U);
  EXPECT_THAT(ids(s), ElementsAre("H01"));
}

TEST(Nodes, ASiteGoesByItsOwnTownAndCategory) {
  const std::string sites =
      "sites:\n  - { id: a, url: \"https://a.test/\", town: 虎山镇 }\n  - { id: b, url: \"https://b.test/\" }\n";
  EXPECT_THAT(ids(of_node("城西", by_town, list, sites)), ElementsAre("H01", "a"));
  EXPECT_THAT(ids(of_node("其余", by_town, list, sites)), ElementsAre("D01", "b"));
}

TEST(Nodes, CheckSaysWhoTakesHowMany) {
  const std::string said = describe(good(with(fmt::format(fmt::runtime(by_town), "城西"), list)));
  EXPECT_THAT(said, HasSubstr("节点 城东：专线 3 条、网站 0 个"));
  EXPECT_THAT(said, HasSubstr("节点 城西（本机）：专线 1 条、网站 0 个"));
  EXPECT_THAT(said, HasSubstr("node 其余: 1 lines, 0 sites"));
}

TEST(Nodes, AChildWhoseOwnTownSaysAnotherNodeIsWarnedOfOnce) {
  const auto all = warnings(with(fmt::format(fmt::runtime(by_town), "城西"), list));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_THAT(all[0], HasSubstr("lines.csv:2:1: 'V01' 随最上级 'T01' 归节点 '城东'"));
  EXPECT_THAT(all[0], HasSubstr("there are 2 such lines"));
}

TEST(Nodes, ATownWithoutLinesIsNamedAndGuessed) {
  const std::string nodes =
      "nodes: {{ this: {}, all: [{{ name: 城西, towns: [虎山] }}, {{ name: 其余, others: yes }}] }}\n";
  const auto all = warnings(with(fmt::format(fmt::runtime(nodes), "其余"), list));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_THAT(all[0], HasSubstr("节点 '城西' 的乡镇 '虎山' 没有任何线路或网站"));
}

TEST(Nodes, ANodeWithNothingToWatchLoadsAndIsWarned) {
  const world w = with("nodes: { this: 2, of: 2 }\n", "id,category,address\nV1,village,192.0.2.7\n");
  const world other = with("nodes: { this: 1, of: 2 }\n", "id,category,address\nV1,village,192.0.2.7\n");
  const bool second = ids(good(w).value).empty();
  EXPECT_NE(second, ids(good(other).value).empty());
  EXPECT_THAT(warnings(second ? w : other).front(), HasSubstr("has nothing to watch"));
}

TEST(Nodes, WhatIsWrongInAnothersPartIsWrongOnEveryNode) {
  const std::string csv = "id,category,address\nT1,township,192.0.2.1\nH1,health,999.0.0.1\n";
  const std::string nodes =
      "nodes: {{ this: {}, all: [{{ name: a, categories: [township] }}, {{ name: b, others: yes }}] }}\n";
  for (const char* self : {"a", "b"})
    EXPECT_THAT(errors(with(fmt::format(fmt::runtime(nodes), self), csv)), HasSubstr("lines.csv:3:11"));
}

TEST(Nodes, ACheckOfAnothersLineIsLookedAtToo) {
  const std::string csv = "id,category,address,checks\nT1,township,192.0.2.1,icmp\nH1,health,192.0.2.2,icmp pong\n";
  const std::string nodes =
      "nodes: {{ this: {}, all: [{{ name: a, categories: [township] }}, {{ name: b, others: yes }}] }}\n";
  const std::string of_b = errors(with(fmt::format(fmt::runtime(nodes), "b"), csv));
  EXPECT_THAT(of_b, HasSubstr("lines.csv:3:26"));
  EXPECT_EQ(errors(with(fmt::format(fmt::runtime(nodes), "a"), csv)), of_b);
}

TEST(Nodes, ATraceChangesOurLinesAlone) {
  const world w = with(fmt::format(fmt::runtime(by_town), "城西"), list);
  amended_inventory trace("c.yaml", w.view());
  ASSERT_TRUE(trace.load());
  const auto changed = trace.put({{"编号", "V09"}, {"类别", "村/社区"}, {"地址", "10.1.1.9"}, {"乡镇", "龙河镇"}});
  ASSERT_TRUE(changed);
  EXPECT_NE((*changed)->find("V09"), nullptr) << "who tells of a line has it";
  EXPECT_NE((*changed)->find("H01"), nullptr);
  EXPECT_EQ((*changed)->find("D01"), nullptr);
}

TEST(Nodes, AnIdStandsOnceInTheListsOfAllNodes) {
  const std::string nodes =
      "nodes: {{ this: {}, all: [{{ name: a, categories: [township] }}, {{ name: b, others: yes }}] }}\n";
  const std::string csv = "id,category,address\nX1,township,192.0.2.1\nX1,health,192.0.2.2\n";
  for (const char* self : {"a", "b"}) {
    EXPECT_EQ(errors(with(fmt::format(fmt::runtime(nodes), self), csv)),
              "lines.csv:3:1: duplicate id 'X1': line 2 of lines.csv has it already; choose another\n");
    EXPECT_THAT(errors(with(fmt::format(fmt::runtime(nodes), self) +
                                "sites: [{ id: T9, url: \"https://a.test/\" }, { id: T9, url: \"https://b.test/\" }]\n",
                            "id,category,address\nT9,township,192.0.2.1\n")),
                HasSubstr("duplicate id 'T9': line 2 of lines.csv has it already"));
  }
}

TEST(Nodes, ALoopInAnothersPartIsToldAsOneOfOnesOwn) {
  const std::string csv =
      "id,category,address,parent\nT01,township,192.0.2.1,T02\nT02,township,192.0.2.2,T03\n"
      "T03,township,192.0.2.3,T01\nV001,village,192.0.2.4,T01\nH1,health,192.0.2.5,\n";
  const std::string alone = errors(with("", csv));
  EXPECT_THAT(alone, HasSubstr("parent loop"));
  for (const int self : {1, 2})
    EXPECT_EQ(errors(with(fmt::format("nodes: {{ this: {}, of: 2 }}\n", self), csv)), alone);
}

TEST(Nodes, AContractMayNameALineOfAnotherNode) {
  const std::string csv = "id,category,carrier,address\nT1,township,电信,192.0.2.1\nH1,health,电信,192.0.2.2\n";
  const std::string nodes =
      "nodes: {{ this: {}, all: [{{ name: a, categories: [township] }}, {{ name: b, others: yes }}] }}\n";
  const std::string contract = "contracts: [{ id: C1, carrier: 电信, source: s, lines: [T1] }]\n";
  for (const char* self : {"a", "b"})
    EXPECT_EQ(errors(with(fmt::format(fmt::runtime(nodes), self) + contract, csv)), "");
}

TEST(Nodes, AnotherDivisionIsToldByCompare) {
  const settings a = of_node("城东", by_town, list), b = of_node("城西", by_town, list);
  std::vector<std::string> said;
  for (const change& c : compare(a, b)) said.push_back(c.text.cn);
  EXPECT_THAT(said, testing::Contains("nodes.this 由 '城东' 改为 '城西'"));
  EXPECT_THAT(said, testing::Contains(HasSubstr("或归别的节点")));
}

/** Whose an id is must never change: lines would change their books. */
TEST(Nodes, AnIdGoesToTheSameNodeForEver) {
  std::string csv = "id,category,address\n";
  for (int i = 1; i <= 8; ++i) csv += fmt::format("V{:03},village,192.0.2.{}\n", i, i);
  std::string who(8, '?');
  for (int self = 1; self <= 4; ++self)
    for (const std::string& id : ids(of_node(std::to_string(self), "nodes: {{ this: {}, of: 4 }}\n", csv)))
      who[static_cast<std::size_t>(id.back() - '1')] = static_cast<char>('0' + self);
  EXPECT_EQ(who, "42223424");
}

TEST(Nodes, IdsAreSpreadEvenly) {
  std::string csv = "id,category,address\n";
  for (int i = 0; i < 10'000; ++i) csv += fmt::format("V{:05},village,10.1.{}.{}\n", i, i / 250, i % 250 + 1);
  const settings s = of_node("1", "nodes: {{ this: {}, of: 10 }}\n", csv);
  for (const node_share& n : s.nodes->all) {
    EXPECT_GT(n.lines, 850U) << n.name;
    EXPECT_LT(n.lines, 1150U) << n.name;
  }
}

RC_GTEST_PROP(Nodes, UnionIsAllPartsAreDisjointAndTreesAreWhole, ()) {
  const int lines = *rc::gen::inRange(1, 60), of = *rc::gen::inRange(2, 6);
  std::vector<std::string> rows;
  for (int i = 0; i < lines; ++i) {
    const int parent = i == 0 ? -1 : *rc::gen::inRange(-1, i);
    rows.push_back(fmt::format("L{},{},{},10.0.0.{},{}\n", i, *rc::gen::element("village", "township", "health"),
                               *rc::gen::element("甲镇", "乙镇", ""), i + 1,
                               parent < 0 ? std::string() : fmt::format("L{}", parent)));
  }
  if (*rc::gen::arbitrary<bool>()) std::ranges::reverse(rows);  // children before their parents
  const std::string csv = fmt::format("id,category,town,address,parent\n{}", fmt::join(rows, ""));
  const bool by_id = *rc::gen::arbitrary<bool>();
  const std::string nodes = by_id ? fmt::format("nodes: {{{{ this: {{}}, of: {} }}}}\n", of)
                                  : std::string(
                                        "nodes: {{ this: {}, all: [{{ name: 1, categories: [village] }}, "
                                        "{{ name: 2, categories: [health] }}, {{ name: 3, others: yes }}] }}\n");
  std::map<std::string, int> owner;
  for (int self = 1; self <= (by_id ? of : 3); ++self) {
    const settings s = of_node(std::to_string(self), nodes, csv);
    for (const target& t : s.targets->targets) {
      if (t.kind != target_kind::line) continue;
      RC_ASSERT(owner.emplace(t.id, self).second);
      RC_ASSERT(t.parent.empty() || t.parent_index != no_index);
    }
  }
  RC_ASSERT(owner.size() == static_cast<std::size_t>(lines));
}

}  // namespace
}  // namespace changtong
