#include "daemon/discover/explorer.h"

#include <gtest/gtest.h>

#include "tests/discover/tables.h"

namespace changtong::discover {
namespace {

const phrase whole{};

inventory known_lines(std::initializer_list<target> lines) {
  inventory inv;
  for (const target& t : lines) inv.add(t);
  for (target& t : inv.targets)
    if (const auto at = inv.index_of(t.parent); at != no_index) t.parent_index = at;
  return inv;
}
target line(const std::string& id, std::string_view address, const std::string& parent = {}) {
  target t;
  t.id = t.name = id;
  t.category = "township";
  t.addresses = {ip(address)};
  t.parent = parent;
  return t;
}
const proposal* named(const explorer& e, const std::string& id) {
  for (const proposal& p : e.proposals())
    if (p.id == id) return &p;
  return nullptr;
}
bool remarked(const explorer& e, std::string_view words) {
  for (const remark& r : e.remarks())
    if (r.text.en.find(words) != std::string::npos) return true;
  return false;
}

tables core() {
  return tables()
      .named("B01", 1)
      .own(5)
      .port(1, "GE1", "龙河镇 ZX-0001")
      .port(2, "GE2", "ZX-0002")
      .port(3, "GE3", "东村 ZX-3003");
}

TEST(Explorer, NeighboursBecomeLinesWithTheirParentAndCircuit) {
  explorer e(ip("192.0.2.5"), nullptr, {});
  EXPECT_EQ(e.next(), std::vector{ip("192.0.2.5")});
  e.take(ip("192.0.2.5"), core().neighbour(1, 1, "T01.gov.local", 2, 10).view(), whole);
  const proposal* t = named(e, "T01");
  ASSERT_NE(t, nullptr);
  EXPECT_EQ(t->name, "T01.gov.local");
  EXPECT_EQ(t->circuit, "ZX-0001");
  EXPECT_EQ(t->parent, "B01");
  EXPECT_EQ(t->parent_port, "GE1");
  EXPECT_EQ(t->category, "village");
  EXPECT_EQ(t->address, ip("192.0.2.10"));
}

TEST(Explorer, TheDepthSaysWhoIsAskedAndNobodyIsAskedTwice) {
  explorer e(ip("192.0.2.5"), nullptr, {.depth = 1});
  (void)e.next();
  e.take(ip("192.0.2.5"), core().neighbour(1, 1, "T01", 2, 10).neighbour(2, 1, "T02", 3, 20).view(), whole);
  EXPECT_EQ(e.next(), (std::vector{ip("192.0.2.10"), ip("192.0.2.20")}));
  // T01 lists B01 above it, T02 beside it, and V01 below
  e.take(ip("192.0.2.10"),
         tables()
             .named("T01", 2)
             .own(10)
             .neighbour(1, 1, "B01", 1, 5)
             .neighbour(2, 1, "T02", 3, 20)
             .neighbour(3, 1, "V01", 4, 11)
             .view(),
         whole);
  e.take_silence(ip("192.0.2.20"), {"超时无应答", "no answer in time"});
  EXPECT_TRUE(e.next().empty()) << "V01 is below the depth";
  ASSERT_EQ(e.proposals().size(), 4U);
  EXPECT_EQ(named(e, "V01")->parent, "T01");
  EXPECT_TRUE(remarked(e, "cannot be asked"));
}

TEST(Explorer, TheLimitIsSaidOnce) {
  explorer e(ip("192.0.2.5"), nullptr, {.depth = 4, .limit = 2});
  (void)e.next();
  tables t = core();
  for (std::uint32_t i = 0; i < 5; ++i) t.neighbour(1, i, "N" + std::to_string(i), static_cast<char>(10 + i), 100 + i);
  e.take(ip("192.0.2.5"), t.view(), whole);
  EXPECT_EQ(e.next().size(), 1U);
  EXPECT_TRUE(remarked(e, "--limit"));
  EXPECT_TRUE(e.next().empty());
}

TEST(Explorer, OneAddressBehindAnInterfaceIsALineSeveralAreNot) {
  explorer e(ip("192.0.2.5"), nullptr, {});
  (void)e.next();
  e.take(ip("192.0.2.5"), core().arp(3, 30, 7).arp(2, 40, 8).arp(2, 41, 9).view(), whole);
  const proposal* p = named(e, "ZX-3003");
  ASSERT_NE(p, nullptr);
  EXPECT_EQ(p->name, "东村");
  EXPECT_EQ(p->from, proposal::origin::arp);
  EXPECT_EQ(e.proposals().size(), 2U);
  EXPECT_TRUE(remarked(e, "2 addresses behind interface GE2"));
}

TEST(Explorer, ThisMachineIsNoLine) {
  explorer e(ip("192.0.2.5"), nullptr, {.is_ours = [](const ip_address& a) { return a == ip("192.0.2.40"); }});
  (void)e.next();
  e.take(ip("192.0.2.5"), core().arp(2, 40, 8).view(), whole);
  EXPECT_EQ(e.proposals().size(), 1U);
}

TEST(Explorer, ADeviceWithoutAnAddressIsSaidAndNoRow) {
  explorer e(ip("192.0.2.5"), nullptr, {});
  (void)e.next();
  e.take(ip("192.0.2.5"), core().neighbour(1, 1, "T01", 2, 0).view(), whole);
  EXPECT_TRUE(remarked(e, "tells no address"));
  EXPECT_EQ(lines_csv(e.proposals(), nullptr).find("T01"), std::string::npos);
}

TEST(Explorer, IdsAreOnesThatTheInventoryTakesAndEachItsOwn) {
  const inventory inv = known_lines({line("X", "192.0.2.200"), line("sw", "192.0.2.201")});
  explorer e(ip("192.0.2.5"), &inv, {});
  (void)e.next();
  e.take(ip("192.0.2.5"),
         core()
             .neighbour(1, 1, "Huawei", 2, 10)
             .neighbour(2, 1, "Huawei", 3, 20)
             .neighbour(3, 1, "东村", 4, 30)
             .neighbour(4, 1, "anchor-1", 6, 40)
             .view(),
         whole);
  for (const char* id : {"Huawei", "Huawei-2", "ZX-3003", "D-anchor-1"}) EXPECT_NE(named(e, id), nullptr) << id;
}

TEST(Explorer, WhatIsInTheInventoryIsKnownAndItsParentCompared) {
  const inventory inv = known_lines({line("TOP", "192.0.2.1"), line("B01", "192.0.2.5", "TOP"),
                                     line("T02", "192.0.2.20", "B01"), line("V7", "192.0.2.11", "T02")});
  explorer e(ip("192.0.2.5"), &inv, {});
  (void)e.next();
  e.take(ip("192.0.2.5"),
         core().neighbour(1, 1, "V7", 2, 11).neighbour(2, 1, "TOP", 3, 1).neighbour(3, 1, "New", 4, 99).view(), whole);
  const proposal* v = named(e, "V7");
  ASSERT_NE(v, nullptr);
  EXPECT_TRUE(v->known);
  EXPECT_EQ(v->inventory_parent, "T02");
  EXPECT_EQ(v->parent, "B01");
  EXPECT_EQ(named(e, "TOP"), nullptr) << "it stands above, as the inventory says";
  const std::string csv = lines_csv(e.proposals(), &inv);
  for (const char* row : {"TOP,TOP,township,,192.0.2.1,\n", "B01,B01,township,,192.0.2.5,TOP\n",
                          "New,New,village,ZX-3003,192.0.2.99,B01\n"})
    EXPECT_NE(csv.find(row), std::string::npos) << csv;
}

TEST(Explorer, FieldsOfRowsAreQuoted) {
  explorer e(ip("192.0.2.5"), nullptr, {});
  (void)e.next();
  e.take(ip("192.0.2.5"), core().neighbour(1, 1, "a,\"b\"", 2, 10).view(), whole);
  EXPECT_NE(lines_csv(e.proposals(), nullptr).find("a-b,\"a,\"\"b\"\"\",village"), std::string::npos)
      << lines_csv(e.proposals(), nullptr);
}

TEST(Explorer, RowsHoldNoFormula) {
  explorer e(ip("192.0.2.5"), nullptr, {});
  (void)e.next();
  e.take(ip("192.0.2.5"),
         tables()
             .named("B01", 1)
             .port(1, "GE1", "ZX-0102 =HYPERLINK(\"http://x\")")
             .port(2, "GE2", "ZX-0103 ＝1+1")
             .port(3, "GE3", "-ZX0104 @SUM(A1)")
             .neighbour(4, 1, "＋86", 9, 50)
             .arp(1, 30, 7)
             .arp(2, 40, 8)
             .arp(3, 41, 9)
             .view(),
         whole);
  const std::string csv = lines_csv(e.proposals(), nullptr);
  for (const char* row : {"\nHYPERLINK-http-x,\"'=HYPERLINK(\"\"http://x\"\")\",village,ZX-0102,192.0.2.30,B01\n",
                          "\n1-1,'＝1+1,village,ZX-0103,192.0.2.40,B01\n",
                          "\nSUM-A1,'@SUM(A1),village,'-ZX0104,192.0.2.41,B01\n", ",'＋86,village,,192.0.2.50,B01\n"})
    EXPECT_NE(csv.find(row), std::string::npos) << row << csv;
}

TEST(Explorer, WhoHasALinesAddressIsThatLineWhateverItIsCalled) {
  const inventory inv = known_lines({line("SW1", "192.0.2.9"), line("B01", "192.0.2.5"), line("T07", "192.0.2.70")});
  explorer e(ip("192.0.2.5"), &inv, {});
  (void)e.next();
  e.take(ip("192.0.2.5"), core().neighbour(1, 1, "SW1", 2, 70).view(), whole);
  ASSERT_NE(named(e, "T07"), nullptr);
  EXPECT_TRUE(named(e, "T07")->known);
  EXPECT_EQ(named(e, "SW1"), nullptr);
}

TEST(Explorer, ANameMakesNoLineOfWhoHasAnotherAddress) {
  target called = line("V9", "192.0.2.8");
  called.name = "Switch";
  const inventory inv = known_lines({line("huawei", "192.0.2.9"), line("B01", "192.0.2.5"), called});
  explorer e(ip("192.0.2.5"), &inv, {});
  (void)e.next();
  e.take(ip("192.0.2.5"), core().neighbour(1, 1, "HUAWEI", 2, 70).neighbour(2, 1, "Switch", 3, 71).view(), whole);
  for (const auto& [id, address] : {std::pair{"HUAWEI-2", "192.0.2.70"}, {"Switch", "192.0.2.71"}}) {
    ASSERT_NE(named(e, id), nullptr) << id;
    EXPECT_FALSE(named(e, id)->known);
    EXPECT_EQ(named(e, id)->address, ip(address));
  }
  EXPECT_EQ(e.next().size(), 2U) << "they are asked for themselves";
}

TEST(Explorer, WhereOneBeginsIsNotTheLineThatHasOnlyItsName) {
  const inventory inv = known_lines({line("huawei", "192.0.2.9", "TOP"), line("TOP", "192.0.2.1")});
  for (const bool tells_its_addresses : {true, false}) {
    explorer e(ip("192.0.2.5"), &inv, {});
    (void)e.next();
    tables t = tables().named("HUAWEI", 1);
    if (tells_its_addresses) t.own(5);
    e.take(ip("192.0.2.5"), t.view(), whole);
    ASSERT_EQ(e.proposals().size(), 1U);
    EXPECT_FALSE(e.proposals()[0].known);
    EXPECT_EQ(e.proposals()[0].id, "HUAWEI-2");
  }
}

TEST(Explorer, ANameFindsTheLineOfWhoTellsNoAddress) {
  target called = line("V9", "192.0.2.8");
  called.name = "东村";
  const inventory inv = known_lines({line("B01", "192.0.2.5"), line("T07", "192.0.2.70"), called});
  explorer e(ip("192.0.2.5"), &inv, {});
  (void)e.next();
  e.take(ip("192.0.2.5"), core().neighbour(1, 1, "t07", 2, 0).neighbour(2, 1, "东村", 3, 0).view(), whole);
  for (const char* id : {"T07", "V9"}) {
    ASSERT_NE(named(e, id), nullptr) << id;
    EXPECT_TRUE(named(e, id)->known);
  }
}

TEST(Explorer, AnAliasIsACircuitAndAName) {
  EXPECT_EQ(read_alias("ZX-0102").circuit, "ZX-0102");
  EXPECT_EQ(read_alias("  东村村委会  ZX-0102 备用 ").name, "东村村委会 备用");
  EXPECT_EQ(read_alias("to village").circuit, "");
  EXPECT_EQ(read_alias("").name, "");
}

}  // namespace
}  // namespace changtong::discover
