#include "collectors/snmp_names.h"

#include <gtest/gtest.h>

namespace changtong::test {
namespace {

using found = snmp_names::place::found;

snmp_walk::row named(std::uint32_t index, std::string_view name) {
  return {{index}, wire::snmp_text, std::string(name)};
}
interface_wish by_name(std::string text) { return {interface_wish::by::name, 0, std::move(text)}; }
interface_wish by_alias(std::string text) { return {interface_wish::by::alias, 0, std::move(text)}; }

struct SnmpNames : testing::Test {
  SnmpNames() {
    const std::vector names_of{named(1, "GE0/0/1"), named(2, "XGE0/0/2"), named(3, "eth2"), named(4, "eth2")};
    const std::vector described{named(1, "GigabitEthernet0/0/1"), named(9, "Tunnel 9")};
    const std::vector aliases{named(1, "20260001"), named(2, "\xb6\xab\xb4\xe5\xd7\xa8\xcf\xdf"), named(3, "")};
    names.add(name_column::if_name, names_of);
    names.add(name_column::if_descr, described);
    names.add(name_column::if_alias, aliases);
  }
  snmp_names names;
};

TEST_F(SnmpNames, AreFoundByNameByDescriptionAndByAlias) {
  EXPECT_EQ(names.find(by_name("GE0/0/1")).index, 1U);
  EXPECT_EQ(names.find(by_name("Tunnel 9")).index, 9U);
  EXPECT_EQ(names.find(by_name("Tunnel 9")).by, name_column::if_descr);
  EXPECT_EQ(names.find(by_alias("20260001")).index, 1U);
}

TEST_F(SnmpNames, PeopleWriteThemLongOrShort) {
  for (const char* written : {"GigabitEthernet0/0/1", "gigabitethernet0/0/1", "ge0/0/1"})
    EXPECT_EQ(names.find(by_name(written)).index, 1U) << written;
  for (const char* written : {"XGigabitEthernet0/0/2", "Ten-GigabitEthernet0/0/2", "TenGigabitEthernet0/0/2"})
    EXPECT_EQ(names.find(by_name(written)).index, 2U) << written;
}

TEST_F(SnmpNames, AliasInGb18030IsFoundByItsText) {
  const auto at = names.find(by_alias("东村专线"));
  EXPECT_EQ(at.how, found::once);
  EXPECT_EQ(at.index, 2U);
  EXPECT_EQ(at.raw, raw_name("\xb6\xab\xb4\xe5\xd7\xa8\xcf\xdf")) << "as the agent writes it";
}

TEST_F(SnmpNames, MissingAndTwiceAreToldApart) {
  EXPECT_EQ(names.find(by_name("GE0/0/7")).how, found::missing);
  EXPECT_EQ(names.find(by_name("eth2")).how, found::twice);
  EXPECT_EQ(names.find(by_alias("GE0/0/1")).how, found::missing) << "a name is no alias";
}

TEST(SnmpWishes, AreReadAsWritten) {
  const auto all = parse_interface_wishes("2+name:GE0/0/1+alias:电路 7").value();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].shown(), 2U);
  EXPECT_EQ(all[1].text, "GE0/0/1");
  EXPECT_GT(all[1].shown(), 0x80000000U) << "apart from every ifIndex";
  EXPECT_EQ(all[2].written(), "alias:电路 7");
}

TEST(SnmpWishes, WhatIsWrongIsRefused) {
  for (const char* text : {"", "0", "x", "1+", "name:", "alias:+2", "2+2", "name:a+name:a", "-1", "4294967296"})
    EXPECT_FALSE(parse_interface_wishes(text)) << text;
  EXPECT_EQ(to_string(parse_interface_wishes("nam:GE0/0/1").error()),
            "snmp: if 应为接口编号（1 至 2147483647）、name:名称 或 alias:别名，而不是 `nam:GE0/0/1` / snmp: if: a "
            "number from 1 to 2147483647, name:NAME or alias:ALIAS is needed, not `nam:GE0/0/1`");
  EXPECT_FALSE(parse_interface_wishes("1+2+3+4+5+6+7+8+9+10+11+12+13+14+15+16+17"));
}

}  // namespace
}  // namespace changtong::test
