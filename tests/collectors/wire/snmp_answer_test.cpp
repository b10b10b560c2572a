#include "collectors/wire/snmp_answer.h"

#include <gtest/gtest.h>

#include <optional>

#include "collectors/wire/snmp_envelope.h"
#include "tests/collectors/ber_writer.h"

namespace changtong::wire {
namespace {

namespace ber = test::ber;
using ber::byte_vector;
using sort = snmp_value::sort;

snmp_object object(const byte_vector& name, std::uint8_t type, std::uint64_t least = 0,
                   std::uint64_t greatest = UINT64_MAX) {
  return {{name.begin() + 2, name.end()}, type, least, greatest};
}

struct SnmpAnswer : testing::Test {
  std::vector<snmp_object> asked{object(ber::sys_up_time, snmp_time_ticks),
                                 object(ber::interface(8, 2), snmp_integer, 1, 7),
                                 object(ber::interface(6, 2), snmp_counter64)};
  snmp_answer out;

  static byte_vector pdu(const byte_vector& bindings, std::int64_t status = 0) {
    return ber::joined({ber::number(2, static_cast<std::uint64_t>(status)), {2, 1, 0}, ber::tlv(0x30, bindings)});
  }
  void read(const byte_vector& bytes) {
    out.odd = {};
    read_snmp_answer(bytes, asked, out);
  }
  /** What is made of a value of the octets. */
  snmp_value octets(const byte_vector& value) {
    read(pdu(ber::binding(ber::interface(6, 2), value)));
    return out.values[2];
  }
  static byte_vector whole(std::uint64_t octets = 7) {
    return ber::joined({ber::binding(ber::sys_up_time, ber::number(0x43, 5)),
                        ber::binding(ber::interface(8, 2), ber::number(2, 1)),
                        ber::binding(ber::interface(6, 2), ber::number(0x46, octets))});
  }
  void expect_all(const std::vector<std::uint64_t>& numbers) {
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      EXPECT_EQ(out.values[i].what, sort::number) << i;
      EXPECT_EQ(out.values[i].number, numbers[i]) << i;
    }
  }
};

TEST_F(SnmpAnswer, RightAnswerIsNotOdd) {
  read(pdu(whole()));
  expect_all({5, 1, 7});
  EXPECT_FALSE(out.odd.any());
  EXPECT_EQ(out.error_status, 0);
}

TEST_F(SnmpAnswer, NumbersKeepTheirLastBit) {
  for (const std::uint64_t n : {0ULL, 127ULL, 128ULL, 1ULL << 53U, (1ULL << 53U) + 1, 1ULL << 63U, ~0ULL - 1, ~0ULL}) {
    const auto v = octets(ber::number(0x46, n));
    EXPECT_EQ(v.what, sort::number);
    EXPECT_EQ(v.number, n);
    EXPECT_FALSE(out.odd.any()) << n;
  }
}

TEST_F(SnmpAnswer, NumbersWithoutTheirZeroByteOrWithManyAreTheSame) {
  EXPECT_EQ(octets({0x46, 8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}).number, ~0ULL);
  EXPECT_TRUE(out.odd.has(snmp_oddity::value_form));
  EXPECT_EQ(octets({0x46, 4, 0xff, 0xff, 0xff, 0xfe}).number, 0xfffffffeULL);
  EXPECT_EQ(octets({0x46, 12, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1}).number, 0x0101010101010101ULL);
  EXPECT_TRUE(out.odd.has(snmp_oddity::value_form));
  EXPECT_EQ(octets({0x46, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1}).what, sort::useless) << "65 bits";
}

TEST_F(SnmpAnswer, NumberWithoutBytesIsMissingNotZero) {
  for (const std::uint8_t type : byte_vector{0x46, 0x41, 0x42, 0x43, 0x02}) {
    EXPECT_EQ(octets({type, 0}).what, sort::useless) << int{type};
    EXPECT_TRUE(out.odd.has(snmp_oddity::empty_number)) << int{type};
  }
}

TEST_F(SnmpAnswer, NumbersOfOtherTypesCountAndAreOdd) {
  for (const std::uint8_t type : byte_vector{0x41, 0x42, 0x43, 0x47, 0x02}) {
    EXPECT_EQ(octets({type, 1, 77}).number, 77U) << int{type};
    EXPECT_TRUE(out.odd.has(snmp_oddity::value_type)) << int{type};
  }
  EXPECT_EQ(octets({0x44, 7, 0x9f, 0x76, 4, 0, 0, 0, 7}).number, 7U) << "as net-snmp wraps a Counter64";
  EXPECT_EQ(octets({0x02, 1, 0x80}).what, sort::useless) << "a counter is never negative";
}

TEST_F(SnmpAnswer, WhatIsNoNumberIsUselessAndExceptionsAreMissing) {
  for (const byte_vector& v : {byte_vector{4, 2, '1', '2'},
                               {4, 0},
                               {0x40, 4, 127, 0, 0, 1},
                               {0x44, 0},
                               {0x44, 3, 0x9f, 0x78, 0},
                               {0x44, 5, 0x9f, 0x76, 9, 1, 1},
                               {6, 1, 43},
                               {0x30, 0},
                               {0x99, 1, 1}}) {
    EXPECT_EQ(octets(v).what, sort::useless) << int{v[0]};
    EXPECT_TRUE(out.odd.has(snmp_oddity::value_type)) << int{v[0]};
  }
  for (const std::uint8_t exception : byte_vector{0x80, 0x81, 0x82, 0x05}) {
    EXPECT_EQ(octets({exception, 0}).what, sort::missing) << int{exception};
    EXPECT_FALSE(out.odd.any());
  }
}

TEST_F(SnmpAnswer, NumbersThatTheObjectCannotHaveAreUseless) {
  for (const byte_vector& v :
       {byte_vector{2, 1, 0}, {2, 1, 8}, {2, 1, 0xff}, {2, 4, 0x7f, 0xff, 0xff, 0xff}, {0x42, 1, 9}}) {
    read(pdu(ber::binding(ber::interface(8, 2), v)));
    EXPECT_EQ(out.values[1].what, sort::useless);
    EXPECT_TRUE(out.odd.has(snmp_oddity::meaningless));
  }
}

TEST_F(SnmpAnswer, BindingsAreFoundByNameWhereverTheyStand) {
  read(pdu(ber::joined({ber::binding(ber::interface(6, 2), ber::number(0x46, 7)),
                        ber::binding(ber::sys_up_time, ber::number(0x43, 5))})));
  EXPECT_EQ(out.values[0].number, 5U);
  EXPECT_EQ(out.values[1].what, sort::absent);
  EXPECT_EQ(out.values[2].number, 7U);
  EXPECT_TRUE(out.odd.has(snmp_oddity::order));
}

TEST_F(SnmpAnswer, RepeatedAndForeignBindingsSpoilNothing) {
  const byte_vector other = ber::binding(ber::interface(20, 9), ber::number(0x41, 1));
  read(pdu(ber::joined({other, whole(), whole(9), other})));
  expect_all({5, 1, 7});
  EXPECT_TRUE(out.odd.has(snmp_oddity::repeated));
  EXPECT_TRUE(out.odd.has(snmp_oddity::other_object));
}

TEST_F(SnmpAnswer, ThousandsOfBindingsAreNotAllLookedAt) {
  byte_vector many;
  for (int i = 0; i < 1000; ++i) many = ber::joined({many, ber::binding(ber::interface(20, 9), ber::number(0x41, 1))});
  read(pdu(ber::joined({many, whole()})));
  EXPECT_EQ(out.values[0].what, sort::absent);
  EXPECT_TRUE(out.odd.has(snmp_oddity::other_object));
}

TEST_F(SnmpAnswer, PaddedNamesAreTheSameObjects) {
  byte_vector name = ber::sys_up_time;
  name.insert(name.begin() + 4, {0x80, 0x80});
  name[1] = static_cast<std::uint8_t>(name[1] + 2);
  read(pdu(ber::binding(name, ber::number(0x43, 5))));
  EXPECT_EQ(out.values[0].number, 5U);
  EXPECT_TRUE(out.odd.has(snmp_oddity::name));
}

TEST_F(SnmpAnswer, ABrokenBindingSpoilsNothingButItself) {
  read(pdu(ber::joined({{0x30, 0}, {0x30, 5, 6, 0x7f, 0, 0, 0}, {0x30, 2, 5, 0}, whole()})));
  expect_all({5, 1, 7});
  EXPECT_TRUE(out.odd.has(snmp_oddity::unreadable));
  read(pdu(ber::joined({ber::binding(ber::sys_up_time, ber::number(0x43, 5)), {0x30, 0x7f, 1, 2}})));
  EXPECT_EQ(out.values[0].number, 5U);
  EXPECT_TRUE(out.odd.has(snmp_oddity::unreadable));
}

TEST_F(SnmpAnswer, LengthsWithoutEndAreFollowed) {
  const auto endless = [](std::uint8_t tag, const byte_vector& v) { return ber::joined({{tag, 0x80}, v, {0, 0}}); };
  const byte_vector bindings = ber::joined({endless(0x30, ber::joined({ber::sys_up_time, ber::number(0x43, 5)})),
                                            endless(0x30, ber::joined({ber::interface(8, 2), ber::number(2, 1)})),
                                            ber::binding(ber::interface(6, 2), ber::number(0x46, 7))});
  read(ber::joined({{2, 1, 0}, {2, 1, 0}, endless(0x30, bindings)}));
  expect_all({5, 1, 7});
  EXPECT_TRUE(out.odd.has(snmp_oddity::endless));
}

TEST_F(SnmpAnswer, ErrorFieldsOfAnyFormAreRead) {
  const auto status_of = [this](const byte_vector& field) {
    read(ber::joined({field, {2, 1, 0}, ber::tlv(0x30, whole())}));
    expect_all({5, 1, 7});
    return out.error_status;
  };
  EXPECT_EQ(status_of({2, 1, 5}), 5);
  EXPECT_EQ(status_of({2, 3, 1, 0x11, 0x70}), 70000);
  EXPECT_EQ(status_of({2, 1, 0xff}), -1);
  EXPECT_FALSE(out.odd.any());
  EXPECT_EQ(status_of({2, 5, 0, 0, 0, 0, 5}), 5);
  EXPECT_TRUE(out.odd.has(snmp_oddity::integer));
  EXPECT_EQ(status_of({2, 0}), 0);
  EXPECT_TRUE(out.odd.has(snmp_oddity::integer));
}

TEST_F(SnmpAnswer, EveryTruncationLeavesOnlyWhatCameWhole) {
  const byte_vector m = pdu(whole());
  for (std::size_t n = 0; n < m.size(); ++n) {
    read({m.begin(), m.begin() + static_cast<std::ptrdiff_t>(n)});
    EXPECT_TRUE(out.odd.has(snmp_oddity::unreadable)) << n;
    EXPECT_NE(out.values[2].what, sort::number) << n;
  }
}

TEST_F(SnmpAnswer, NamesOfAMessageAreItsObjects) {
  const auto m = ber::message(0xa2, "public", 0x40000001, 0, whole());
  const auto names = snmp_names(m);
  ASSERT_EQ(names.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(std::ranges::equal(names[i], asked[i].name));
  EXPECT_TRUE(snmp_names(byte_vector(50, 0x30)).empty());
}

}  // namespace
}  // namespace changtong::wire
