#include "daemon/discover/device_view.h"

#include <gtest/gtest.h>

#include "tests/discover/tables.h"

namespace changtong::discover {
namespace {

TEST(DeviceView, ADeviceIsReadWithItsPortsAndNeighbours) {
  const device_view v =
      tables().named("T01", 1).port(7, "GE0/0/7", "ZX-0102").own(1).neighbour(7, 1, "V0101", 2, 11).view();
  EXPECT_EQ(v.name, "T01");
  EXPECT_EQ(v.chassis, "mac 00:11:22:33:44:01");
  EXPECT_TRUE(v.speaks_lldp);
  ASSERT_EQ(v.neighbours.size(), 1U);
  const neighbour& n = v.neighbours[0];
  EXPECT_EQ(n.port, 7U);
  EXPECT_EQ(n.port_shown, "GE0/0/7");
  EXPECT_EQ(n.name, "V0101");
  EXPECT_EQ(n.far_port, "GE0/0/24");
  EXPECT_EQ(n.addresses, std::vector{ip("192.0.2.11")});
  EXPECT_EQ(v.ports.at(7).alias, "ZX-0102");
  EXPECT_EQ(v.own, std::vector{ip("192.0.2.1")});
}

TEST(DeviceView, LldpsOwnNumbersAreTiedToInterfacesByName) {
  tables t;
  t.named("T", 1);
  t.text(column::port_name, {101}, "GE1").text(column::port_descr, {102}, "Ethernet two");
  t.number(column::lldp_port_id_type, {1}, 5).text(column::lldp_port_id, {1}, "GE1");
  t.number(column::lldp_port_id_type, {2}, 3).text(column::lldp_port_id, {2}, mac(9));
  t.text(column::lldp_port_descr, {2}, "Ethernet two");
  t.neighbour(1, 1, "a", 2, 2).neighbour(2, 1, "b", 3, 3).neighbour(3, 1, "c", 4, 4);
  const device_view v = t.view();
  ASSERT_EQ(v.neighbours.size(), 3U);
  EXPECT_EQ(v.neighbours[0].port, 101U);
  EXPECT_EQ(v.neighbours[1].port, 102U);
  EXPECT_EQ(v.neighbours[2].port, 0U);
  EXPECT_EQ(v.neighbours[2].port_shown, "#3");
}

TEST(DeviceView, ADescriptionThatOnlyLldpHasIsTheAlias) {
  tables t;
  t.named("T", 1).port(7, "GE7").port(8, "GE8", "ZX-1").port(9, "GE9");
  for (const auto& [n, text] : {std::pair{7U, "东村 ZX-0102"}, {8U, "other"}, {9U, "GE9"}})
    t.text(column::lldp_port_descr, {n}, text);
  const device_view v = t.view();
  EXPECT_EQ(v.ports.at(7).alias, "东村 ZX-0102");
  EXPECT_EQ(v.ports.at(8).alias, "ZX-1");
  EXPECT_EQ(v.ports.at(9).alias, "");
}

TEST(DeviceView, ANeighbourThatIsListedAtSeveralTimesIsOne) {
  EXPECT_EQ(
      tables().named("T", 1).neighbour(1, 1, "a", 2, 2, 0).neighbour(1, 1, "a", 2, 2, 900).view().neighbours.size(),
      1U);
}

TEST(DeviceView, WhoTellsNoAddressIsLookedUpByItsHardware) {
  const device_view v = tables()
                            .named("T", 1)
                            .port(7, "GE7")
                            .port(8, "GE8")
                            .neighbour(7, 1, "V", 5, 0)
                            .arp(7, 30, 5)
                            .arp(8, 31, 5)
                            .view();
  EXPECT_EQ(v.neighbours[0].addresses, std::vector{ip("192.0.2.30")}) << "at that port alone";
}

TEST(DeviceView, AddressesThatNobodyCanBeAskedAtAreLeftOut) {
  tables t;
  t.named("T", 1).own(1).arp(7, 1, 1).arp(7, 255, 2);
  t.text(column::arp_old, {7, 127, 0, 0, 1}, mac(3)).text(column::arp_old, {7, 224, 0, 0, 5}, mac(4));
  t.text(column::arp_new, {7, 2, 16, 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, mac(5));
  t.text(column::arp_new, {7, 1, 4, 192, 0, 2, 9}, mac(6)).arp(7, 9, 6);
  const device_view v = t.view();
  ASSERT_EQ(v.arp.size(), 1U);
  EXPECT_EQ(v.arp[0].address, ip("192.0.2.9"));
}

TEST(DeviceView, RowsThatCannotBeReadAreLeftOut) {
  tables t;
  t.named("T", 1);
  t.text(column::port_name, {}, "x").text(column::port_name, {1, 2}, "x");
  t.text(column::neighbour_name, {1}, "x").number(column::neighbour_address, {0, 1, 1}, 1);
  t.number(column::neighbour_address, {0, 9, 9, 1, 4, 192, 0, 2, 1}, 1);
  t.neighbour(1, 1, "a", 2, 0);
  t.number(column::neighbour_address, {0, 1, 1, 1, 5, 192, 0, 2, 1}, 1);
  t.number(column::neighbour_address, {0, 1, 1, 1, 4, 192, 0, 2, 999}, 1);
  t.text(column::arp_old, {1, 2}, mac(1)).text(column::arp_old, {1, 192, 0, 2, 7}, "short");
  t.number(column::own_new, {1}, 1).number(column::own_new, {}, 1);
  const device_view v = t.view();
  EXPECT_TRUE(v.ports.empty());
  ASSERT_EQ(v.neighbours.size(), 1U);
  EXPECT_TRUE(v.neighbours[0].addresses.empty());
  EXPECT_TRUE(v.arp.empty());
  EXPECT_TRUE(v.own.empty());
}

TEST(DeviceView, TextsOfDevicesAreMadePlain) {
  EXPECT_EQ(plain_text(std::string("东村\0\0", 8)), "东村");
  EXPECT_EQ(plain_text("\xb6\xab\xb4\xe5"), "东村") << "GB18030";
  EXPECT_EQ(plain_text("a\nb\x1b[2J\xe2\x80\xae"
                       "c"),
            "ab[2Jc");
  EXPECT_EQ(plain_text("=cmd()"), "=cmd()") << "a formula is for whoever writes a table";
  EXPECT_EQ(plain_text("东东", 4), "东");
}

TEST(DeviceView, ADeviceWithoutLldpSaysSo) {
  EXPECT_FALSE(tables().text(column::system_name, {0}, "x").view().speaks_lldp);
}

}  // namespace
}  // namespace changtong::discover
