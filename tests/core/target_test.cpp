#include "daemon/core/target.h"

#include <gtest/gtest.h>

#include "daemon/core/address.h"

namespace changtong {
namespace {

/** town <- village <- school, and a line beside them. */
inventory district() {
  inventory inv;
  inv.categories = {{"village", "村/社区"}};
  const auto line = [&](const char* id, const char* parent, target_index above) {
    target t;
    t.id = id;
    t.parent = parent;
    t.parent_index = above;
    t.category = "village";
    inv.add(std::move(t));
  };
  line("town", "", no_index);
  line("village", "town", 0);
  line("school", "village", 1);
  line("other", "", no_index);
  return inv;
}

TEST(Inventory, ALineLiesBelowEveryLineOnItsWayUp) {
  const inventory inv = district();
  EXPECT_TRUE(in_subtree(inv, 2, 0));
  EXPECT_TRUE(in_subtree(inv, 2, 1));
  EXPECT_TRUE(in_subtree(inv, 1, 1)) << "a line is in its own subtree";
  EXPECT_FALSE(in_subtree(inv, 0, 2)) << "a parent is not below its child";
  EXPECT_FALSE(in_subtree(inv, 3, 0));
}

TEST(Inventory, EachOfManyIsFoundByItsIdAndNobodyElse) {
  inventory inv;
  EXPECT_EQ(inv.index_of("V0"), no_index);
  for (int i = 0; i < 3000; ++i) {
    target t;
    t.id = "V" + std::to_string(i);
    inv.add(std::move(t));
  }
  const inventory copy = inv;
  for (int i = 0; i < 3000; ++i) EXPECT_EQ(copy.index_of("V" + std::to_string(i)), static_cast<target_index>(i));
  EXPECT_EQ(copy.index_of("V3000"), no_index);
  EXPECT_EQ(copy.index_of(""), no_index);
  EXPECT_EQ(copy.find("v1"), nullptr);
}

TEST(Inventory, OfTwoWithOneIdTheFirstIsFound) {
  inventory inv = district();
  target t;
  t.id = "village";
  inv.add(t);
  EXPECT_EQ(inv.index_of("village"), 1U);
  inv.reserve(1000);
  EXPECT_EQ(inv.index_of("village"), 1U);
}

TEST(Inventory, WhoeverIsNamedAsAParentHasChildren) {
  EXPECT_EQ(have_children(district()), (std::vector{true, true, false, false}));
  EXPECT_TRUE(have_children({}).empty());
}

TEST(Inventory, FindsByIdAndOnlyById) {
  const inventory inv = district();
  ASSERT_NE(inv.find("school"), nullptr);
  EXPECT_EQ(inv.find("school")->parent, "village");
  EXPECT_EQ(inv.find("School"), nullptr);
  EXPECT_EQ(inv.find(""), nullptr);
}

TEST(Inventory, AnUnknownCategoryIsCalledByItsId) {
  const inventory inv = district();
  EXPECT_EQ(inv.category_name("village"), "村/社区");
  EXPECT_EQ(inv.category_name("harbour"), "harbour");
}

TEST(Inventory, TheJournalKeepsATargetWithoutItsEmptyFields) {
  inventory inv = district();
  EXPECT_EQ(to_json(inv.targets[0], inv), R"({"id":"town","category":"village"})");
}

TEST(Inventory, TheJournalKeepsEveryFieldInTheOrderOfTheHeadings) {
  inventory inv = district();
  check c;
  c.spec = "icmp";
  inv.checks.push_back(c);
  c.spec = "snmp:credential=public,port=16100";
  inv.checks.push_back(c);
  target t = inv.targets[1];
  t.kind = target_kind::site;
  t.name = "东\"村\"";
  t.unit = "村委会";
  t.town = "龙河镇";
  t.carrier = "电信";
  t.circuit = "ZX-1";
  t.bandwidth_mbps = 12.5;
  t.addresses = {*parse_address("192.0.2.1"), *parse_address("2001:db8::1")};
  t.url = "https://www.example.gov.cn/";
  t.accepted = wall_from_ms(1767196800000);
  t.closed = wall_from_ms(1798732800000);
  t.grade = "A";
  t.first_check = 0;
  t.check_count = 2;
  EXPECT_EQ(to_json(t, inv),
            R"({"id":"village","kind":"site","name":"东\"村\"","category":"village","unit":"村委会","town":"龙河镇",)"
            R"("carrier":"电信","circuit":"ZX-1","bandwidth_mbps":12.5,"address":"192.0.2.1 2001:db8::1",)"
            R"("url":"https://www.example.gov.cn/","parent":"town","accepted":1767196800000,"closed":1798732800000,)"
            R"("grade":"A","checks":"icmp snmp:credential=public,port=16100"})");
}

}  // namespace
}  // namespace changtong
