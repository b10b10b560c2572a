#include "collectors/wire/trap.h"

#include <gtest/gtest.h>

#include <deque>
#include <utility>

#include "tests/collectors/ber_writer.h"

namespace changtong::wire {
namespace {

namespace ber = test::ber;
using ber::byte_vector;

const byte_vector up_time = ber::oid({6, 1, 2, 1, 1, 3, 0});
const byte_vector trap_oid = ber::oid({6, 1, 6, 3, 1, 1, 4, 1, 0});
byte_vector standard(std::uint8_t n) { return ber::oid({6, 1, 6, 3, 1, 1, 5, n}); }
byte_vector column(std::uint8_t c, std::uint8_t index) { return ber::oid({6, 1, 2, 1, 2, 2, 1, c, index}); }

/** linkDown of interface 3, 12.34 s after its agent began. */
byte_vector link_down_bindings() {
  return ber::joined({ber::binding(up_time, ber::number(0x43, 1234)), ber::binding(trap_oid, standard(3)),
                      ber::binding(column(1, 3), ber::number(2, 3)), ber::binding(column(2, 3), ber::text("GE0/0/1")),
                      ber::binding(column(8, 3), ber::number(2, 2))});
}
byte_vector link_down(std::uint8_t pdu) { return ber::message(pdu, "public", 77, 0, link_down_bindings()); }

byte_vector v1(std::uint64_t generic, std::uint64_t specific) {
  const byte_vector enterprise = ber::oid({6, 1, 4, 1, 0x8f, 0x5b, 5});  // 1.3.6.1.4.1.2011.5
  return ber::tlv(0x30, ber::joined({ber::number(2, 0), ber::text("public"),
                                     ber::tlv(0xa4, ber::joined({enterprise, ber::tlv(0x40, {192, 0, 2, 1}),
                                                                 ber::number(2, generic), ber::number(2, specific),
                                                                 ber::number(0x43, 500), ber::tlv(0x30, {})}))}));
}

std::optional<trap_message> read(byte_vector datagram) {
  static std::deque<byte_vector> kept;  // what is read points into it
  const byte_vector& m = kept.emplace_back(std::move(datagram));
  const auto e = read_trap_envelope(m);
  return e ? read_trap(e->pdu) : std::nullopt;
}

TEST(Trap, ATrapOfV2SaysWhatWhenAndWhere) {
  const byte_vector m = link_down(snmp_trap);
  const auto e = read_trap_envelope(m);
  ASSERT_TRUE(e);
  EXPECT_EQ(e->version, 1);
  EXPECT_EQ(e->community, "public");
  const auto t = read_trap(e->pdu);
  ASSERT_TRUE(t);
  EXPECT_FALSE(t->is_inform());
  EXPECT_EQ(t->trap, "1.3.6.1.6.3.1.1.5.3");
  EXPECT_EQ(t->uptime, 1234U);
  EXPECT_EQ(t->request_id, 77);
  EXPECT_EQ(t->count, 3U);
  EXPECT_EQ(trap_text(*t), "ifIndex=3 ifDescr=GE0/0/1 ifOperStatus=down");
  EXPECT_EQ(trap_number(*t, "1.3.6.1.2.1.2.2.1.8"), 2);
  EXPECT_EQ(trap_number(*t, "1.3.6.1.2.1.2.2.1.9"), std::nullopt);
}

TEST(Trap, AnInformIsAnsweredByItselfAsAResponse) {
  byte_vector m = link_down(snmp_inform);
  const std::size_t whole = m.size();
  m.push_back(0x55);  // nobody's
  const auto e = read_trap_envelope(m);
  ASSERT_TRUE(e);
  EXPECT_TRUE(read_trap(e->pdu)->is_inform());
  const auto answer = inform_answer(m, *e);
  EXPECT_EQ(answer, link_down(0xa2));
  EXPECT_EQ(answer.size(), whole);
}

TEST(Trap, V1BecomesV2AsRfc3584Says) {
  EXPECT_EQ(read(v1(0, 0))->trap, "1.3.6.1.6.3.1.1.5.1");
  EXPECT_EQ(read(v1(5, 9))->trap, "1.3.6.1.6.3.1.1.5.6");
  EXPECT_EQ(read(v1(6, 17))->trap, "1.3.6.1.4.1.2011.5.0.17");
  EXPECT_EQ(read(v1(2, 0))->uptime, 500U);
}

TEST(Trap, EveryTruncationIsRefused) {
  for (const byte_vector& m : {link_down(snmp_trap), link_down(snmp_inform), v1(6, 1)})
    for (std::size_t n = 0; n < m.size(); ++n) EXPECT_FALSE(read({m.begin(), m.begin() + static_cast<long>(n)})) << n;
}

TEST(Trap, WhatIsNoTrapIsRefused) {
  EXPECT_FALSE(read(ber::message(0xa0, "public", 1, 0, link_down_bindings()))) << "a question";
  EXPECT_FALSE(read(ber::message(snmp_trap, "public", 1, 0, {}))) << "it does not say which";
  EXPECT_FALSE(read({'G', 'E', 'T', ' ', '/'}));
  EXPECT_FALSE(read({}));
}

TEST(Trap, OfManyBindingsTheFirstAreKept) {
  byte_vector all = link_down_bindings();
  for (int n = 0; n < 100; ++n) {
    const byte_vector one = ber::binding(column(10, 3), ber::number(0x41, 7));
    all.insert(all.end(), one.begin(), one.end());
  }
  const auto t = read(ber::message(snmp_trap, "public", 1, 0, all));
  ASSERT_TRUE(t);
  EXPECT_EQ(t->count, trap_message::most_bindings);
  EXPECT_EQ(t->left_out, 103 - trap_message::most_bindings);
  EXPECT_LE(trap_text(*t, 100).size(), 100U);
  EXPECT_TRUE(trap_text(*t, 100).ends_with("…"));
}

TEST(Trap, ABrokenBindingSpoilsNothingButItself) {
  const byte_vector broken = ber::tlv(0x30, {0x04, 0x01, 'x'});
  const auto t = read(ber::message(snmp_trap, "public", 1, 0, ber::joined({link_down_bindings(), broken})));
  ASSERT_TRUE(t);
  EXPECT_EQ(t->count, 3U);
  EXPECT_EQ(t->left_out, 1U);
}

TEST(TrapText, ShowsOnlyWhatEverybodySeesAsItIs) {
  const auto said = [](const byte_vector& value) {
    const auto t = read(ber::message(
        snmp_trap, "p", 1, 0, ber::joined({ber::binding(trap_oid, standard(1)), ber::binding(column(2, 1), value)})));
    return trap_text(*t);
  };
  EXPECT_EQ(said(ber::text("乡镇 1")), "ifDescr=乡镇 1");
  EXPECT_EQ(said(ber::text(std::string_view("eth0\0", 5))), "ifDescr=eth0");
  EXPECT_EQ(said(ber::text("a\nb")), "ifDescr=0x610a62");
  EXPECT_EQ(said(ber::text("\xe2\x80\xae"
                           "evil")),
            "ifDescr=0xe280ae6576696c");
  EXPECT_EQ(
      said(ber::text(std::string(40, '\x01'))), "ifDescr=0x" + [] {
        std::string zeros;
        for (int n = 0; n < 16; ++n) zeros += "01";
        return zeros;
      }() + "…");
  EXPECT_EQ(said(ber::tlv(0x40, {192, 0, 2, 9})), "ifDescr=192.0.2.9");
  EXPECT_EQ(said(ber::number(2, 5)), "ifDescr=5");
  EXPECT_EQ(said(standard(4)), "ifDescr=1.3.6.1.6.3.1.1.5.4");
}

TEST(TrapText, ACommunityHandedOnByAProxyIsNeverShown) {
  const byte_vector community = ber::oid({6, 1, 6, 3, 18, 1, 4, 0});
  const auto t =
      read(ber::message(snmp_trap, "p", 1, 0,
                        ber::joined({ber::binding(trap_oid, standard(1)), ber::binding(community, ber::text("secret")),
                                     ber::binding(column(1, 1), ber::number(2, 1))})));
  EXPECT_EQ(trap_text(*t), "ifIndex=1");
}

TEST(Dotted, ReadsNamesToTheirBounds) {
  const auto of = [](byte_vector b) { return dotted(b).value_or("none"); };
  EXPECT_EQ(of({0x2b, 6, 1}), "1.3.6.1");
  EXPECT_EQ(of({0x28}), "1.0");
  EXPECT_EQ(of({0x88, 0x37}), "2.999");
  EXPECT_EQ(of({0x2b, 0x8f, 0xff, 0xff, 0xff, 0x7f}), "1.3.4294967295");
  EXPECT_EQ(of({0x2b, 0x90, 0x80, 0x80, 0x80, 0x00}), "none") << "more than 32 bits";
  EXPECT_EQ(of({0x2b, 0x80}), "none") << "an arc without an end";
  EXPECT_EQ(of({}), "none");
  EXPECT_EQ(
      of(byte_vector(62, 1)), "0." + [] {
        std::string ones = "1";
        for (int n = 1; n < 62; ++n) ones += ".1";
        return ones;
      }());
  EXPECT_EQ(of(byte_vector(64, 1)), "none") << "more than 64 arcs";
}

}  // namespace
}  // namespace changtong::wire
