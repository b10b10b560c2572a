#include "daemon/discover/parents.h"

#include <gtest/gtest.h>

#include "tests/discover/tables.h"

namespace changtong::discover {
namespace {

using sort = parent_finding::sort;

/** B01 above T01 and T02; V1 below T02 as the inventory has it. */
struct Parents : testing::Test {
  inventory inv;
  std::map<target_index, asked_device> asked;
  enum : target_index { b01, t01, t02, v1 };

  Parents() {
    add("B01", 5, "");
    add("T01", 10, "B01");
    add("T02", 20, "B01");
    add("V1", 11, "T02");
  }
  void add(const std::string& id, std::uint32_t host, const std::string& parent) {
    target t;
    t.id = t.name = id;
    t.addresses = {ip("192.0.2." + std::to_string(host))};
    t.parent = parent;
    if (const auto at = inv.index_of(parent); at != no_index) t.parent_index = at;
    inv.add(t);
  }
  void says(target_index t, const tables& what, phrase trouble = {}) {
    asked[t] = {what.view(), std::move(trouble), true};
  }
  parent_finding of(target_index t) {
    for (const parent_finding& f : judge_parents(inv, asked))
      if (f.line == t) return f;
    return {};
  }
};

TEST_F(Parents, ALinkToTheParentAgreesFromEitherSide) {
  says(t02, tables().named("T02", 2).port(3, "GE3").neighbour(3, 1, "V1", 4, 11));
  EXPECT_EQ(of(v1).what, sort::agrees);
  EXPECT_EQ(of(v1).text.en, "T02's GE3");
  asked.clear();
  says(v1, tables().named("V1", 4).port(1, "up").neighbour(1, 1, "T02", 2, 20));
  EXPECT_EQ(of(v1).what, sort::agrees);
}

TEST_F(Parents, ALineThatHangsElsewhereContradicts) {
  says(t01, tables().named("T01", 3).port(1, "GE0/0/1").neighbour(1, 1, "V1", 4, 11));
  says(t02, tables().named("T02", 2).port(9, "GE9").neighbour(9, 1, "B01", 1, 5));
  const auto f = of(v1);
  EXPECT_EQ(f.what, sort::contradiction);
  EXPECT_NE(f.text.en.find("T01's GE0/0/1"), std::string::npos) << f.text.en;
  EXPECT_NE(f.text.cn.find("T02"), std::string::npos);
}

TEST_F(Parents, AVillageUnderTheWrongTownshipIsWhatIsWrongAndNotTheTownship) {
  says(t01, tables().named("T01", 3).port(1, "GE0/0/1").neighbour(1, 1, "V1", 4, 11));
  says(v1, tables().named("V1", 4).port(1, "up").neighbour(1, 1, "T01", 3, 10));
  EXPECT_EQ(of(v1).what, sort::contradiction);
  EXPECT_EQ(of(t01).what, sort::not_known) << of(t01).text.en << " (its own way up shows no neighbour)";
}

TEST_F(Parents, TwoTownshipsThatAreLinkedDoNotAccuseEachOther) {
  says(t01, tables().named("T01", 3).port(1, "GE1").neighbour(1, 1, "T02", 2, 20));
  says(t02, tables().named("T02", 2).port(1, "GE1").neighbour(1, 1, "T01", 3, 10));
  EXPECT_EQ(of(t01).what, sort::not_known);
  EXPECT_EQ(of(t02).what, sort::not_known);
}

TEST_F(Parents, AVillageBehindItsNeighbourIsFound) {
  add("V2", 13, "T02");
  says(t02, tables().named("T02", 2).port(1, "GE1").neighbour(1, 1, "V1", 4, 11));
  says(v1, tables().named("V1", 4).port(2, "down").neighbour(2, 1, "V2", 6, 13));
  EXPECT_EQ(of(v1).what, sort::agrees);
  EXPECT_EQ(of(v1 + 1).what, sort::contradiction);
  EXPECT_NE(of(v1 + 1).text.en.find("below V1"), std::string::npos) << of(v1 + 1).text.en;
}

TEST_F(Parents, WhereNeitherEndWasReadItIsNotKnown) {
  says(t01, tables().named("T01", 3).neighbour(1, 1, "V1", 4, 11));
  EXPECT_EQ(of(v1).what, sort::not_known);
  says(t02, tables().named("T02", 2), {"时间用完", "out of time"});
  EXPECT_EQ(of(v1).what, sort::not_known) << "not read to the end";
  says(t02, tables().text(column::system_name, {0}, "T02"));
  EXPECT_EQ(of(v1).what, sort::not_known) << "it speaks no LLDP";
}

TEST_F(Parents, ASecondWayIsNoContradiction) {
  says(t01, tables().named("T01", 3).neighbour(1, 1, "V1", 4, 11));
  says(t02, tables().named("T02", 2).neighbour(1, 1, "V1", 4, 11));
  EXPECT_EQ(of(v1).what, sort::agrees);
}

TEST_F(Parents, WhatHangsBelowALineIsNotAboveIt) {
  add("W1", 12, "V1");
  says(v1, tables().named("V1", 4).neighbour(2, 1, "W1", 5, 12));
  EXPECT_EQ(of(v1).what, sort::not_known);
  EXPECT_EQ(of(v1 + 1).what, sort::agrees);
}

TEST_F(Parents, ArpOfTheParentAgrees) {
  says(t02, tables().named("T02", 2).arp(3, 11, 4));
  EXPECT_EQ(of(v1).what, sort::agrees);
  EXPECT_NE(of(v1).text.en.find("ARP"), std::string::npos);
}

TEST_F(Parents, ALineWithoutParentIsToldOfTheOneThatIsSeen) {
  add("N1", 50, "");
  says(t01, tables().named("T01", 3).port(8, "GE8").neighbour(8, 1, "N1", 8, 50));
  EXPECT_EQ(of(v1 + 1).what, sort::no_parent);
}

TEST_F(Parents, ANameThatTwoLinesHaveTellsNothing) {
  inv.targets[t01].name = inv.targets[v1].name = "Huawei";
  says(t02, tables().named("T02", 2).neighbour(1, 1, "Huawei", 9, 0));
  EXPECT_EQ(of(v1).what, sort::not_known);
}

TEST_F(Parents, SilenceOfTheParentIsSaid) {
  asked[t02] = {{}, {"超时无应答", "no answer in time"}, false};
  EXPECT_EQ(of(v1).what, sort::not_known);
  EXPECT_NE(of(v1).text.en.find("did not tell"), std::string::npos);
}

}  // namespace
}  // namespace changtong::discover
