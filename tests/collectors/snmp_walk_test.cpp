#include "collectors/snmp_walk.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/collectors/ber_writer.h"

namespace changtong::test {
namespace {

using state = snmp_walk::state;
using trouble = snmp_walk::trouble;
using ber::byte_vector;

const wire::object_name if_name{1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1};

byte_vector named(std::uint8_t column, std::uint8_t index) {
  return ber::oid({6, 1, 2, 1, 31, 1, 1, 1, column, index});
}
byte_vector row(std::uint8_t index, std::string_view value, std::uint8_t column = 1) {
  return ber::binding(named(column, index), ber::text(value));
}
/** What stands behind the request-id. */
byte_vector answer(const byte_vector& bindings, std::uint64_t error = 0) {
  return ber::joined({ber::number(0x02, error), ber::number(0x02, 0), ber::tlv(0x30, bindings)});
}
const byte_vector end_of_mib{0x82, 0};

TEST(SnmpWalk, ReadsToTheEndOfItsColumn) {
  snmp_walk walk(if_name);
  EXPECT_TRUE(walk.next().bulk);
  EXPECT_EQ(*walk.next().after, if_name);
  walk.take(answer(ber::joined({row(1, "GE0/0/1"), row(2, "GE0/0/2")})));
  ASSERT_EQ(walk.now(), state::asking);
  EXPECT_EQ(walk.next().after->back(), 2U) << "goes on behind the last row";
  walk.take(answer(ber::joined({row(7, "Vlanif7"), row(1, "not ours", 2)})));
  EXPECT_EQ(walk.now(), state::finished);
  ASSERT_EQ(walk.rows().size(), 3U);
  EXPECT_EQ(walk.rows()[2].index, wire::object_name{7});
  EXPECT_EQ(walk.rows()[2].value, "Vlanif7");
}

TEST(SnmpWalk, EndOfTheMibViewEndsIt) {
  snmp_walk walk(if_name);
  walk.take(answer(ber::joined({row(1, "a"), ber::binding(named(1, 1), end_of_mib)})));
  EXPECT_EQ(walk.now(), state::finished);
  EXPECT_EQ(walk.rows().size(), 1U);
}

TEST(SnmpWalk, NamesThatDoNotIncreaseEndIt) {
  for (const std::uint8_t again : {std::uint8_t{2}, std::uint8_t{1}}) {
    snmp_walk walk(if_name);
    walk.take(answer(row(2, "a")));
    walk.take(answer(row(again, "b")));
    EXPECT_EQ(walk.now(), state::failed);
    EXPECT_EQ(walk.why(), trouble::not_increasing);
    EXPECT_EQ(walk.rows().size(), 1U) << "what came before stays";
  }
  snmp_walk back(if_name);
  back.take(answer(ber::binding(ber::sys_up_time, ber::number(0x43, 1))));
  EXPECT_EQ(back.why(), trouble::not_increasing) << "before the column";
}

TEST(SnmpWalk, EndlessAgentIsLeftByRowsQuestionsAndBytes) {
  const auto tire = [](snmp_walk_limits limits) {
    snmp_walk walk(if_name, true, limits);
    for (std::uint32_t i = 1; walk.now() == state::asking && i < 120; ++i)
      walk.take(answer(row(static_cast<std::uint8_t>(i), "x")));
    return walk.why();
  };
  EXPECT_EQ(tire({.rows = 10}), trouble::too_many_rows);
  EXPECT_EQ(tire({.questions = 10}), trouble::too_many_questions);
  EXPECT_EQ(tire({.bytes = 200}), trouble::too_many_bytes);
}

TEST(SnmpWalk, TooBigIsAskedForLessThenWithoutBulkThenLeft) {
  snmp_walk walk(if_name, true, {.repetitions = 4});
  const auto too_big = answer({}, 1);
  walk.take(too_big);
  EXPECT_EQ(walk.next().repetitions, 2);
  walk.take(too_big);
  EXPECT_EQ(walk.next().repetitions, 1);
  walk.take_too_long();
  EXPECT_FALSE(walk.next().bulk);
  EXPECT_EQ(walk.now(), state::asking);
  walk.take(too_big);
  EXPECT_EQ(walk.why(), trouble::refused);
}

TEST(SnmpWalk, AgentWithoutGetBulkIsAskedForTheNextOne) {
  snmp_walk walk(if_name);
  walk.take(answer({}, 5));
  EXPECT_FALSE(walk.next().bulk);
  walk.take(answer(row(1, "eth0")));
  walk.take(answer(row(1, "eth0"), 2));
  EXPECT_EQ(walk.now(), state::finished) << "noSuchName is the end of v1";
  EXPECT_EQ(walk.rows().size(), 1U);
}

TEST(SnmpWalk, RefusedGetNextIsTheEnd) {
  snmp_walk walk(if_name, false);
  walk.take(answer({}, 5));
  EXPECT_EQ(walk.why(), trouble::refused);
}

TEST(SnmpWalk, SilenceIsAskedAgainThenWithoutBulkThenLeft) {
  snmp_walk walk(if_name);
  walk.take_silence();
  EXPECT_TRUE(walk.next().bulk);
  walk.take(answer(row(1, "a")));
  walk.take_silence();
  walk.take_silence();
  EXPECT_FALSE(walk.next().bulk);
  walk.take_silence();
  EXPECT_EQ(walk.why(), trouble::silent);
  walk.take(answer(row(2, "b")));
  EXPECT_EQ(walk.rows().size(), 1U) << "nothing wakes it again";
}

TEST(SnmpWalk, AnswerWithNothingInItEndsIt) {
  for (const byte_vector& nothing :
       {answer({}), byte_vector{}, byte_vector{0x30, 0x80}, answer({0x30, 3, 6, 0x7f, 0})}) {
    snmp_walk walk(if_name);
    walk.take(nothing);
    EXPECT_EQ(walk.why(), trouble::unreadable);
  }
}

TEST(SnmpWalk, ValuesAreReadAsNumbersOfAnySort) {
  snmp_walk walk(if_name);
  walk.take(answer(ber::joined({ber::binding(named(1, 1), {0x02, 2, 0xff, 0x38}), row(2, " 37% "), row(3, "Copper"),
                                ber::binding(named(1, 4), ber::number(0x42, 0xffffffff))})));
  ASSERT_EQ(walk.rows().size(), 4U);
  EXPECT_EQ(walk.rows()[0].number(), -200);
  EXPECT_EQ(walk.rows()[1].number(), 37);
  EXPECT_EQ(walk.rows()[2].number(), std::nullopt);
  EXPECT_EQ(walk.rows()[3].number(), 0xffffffffLL);
}

TEST(SnmpWalk, EveryTroubleHasWordsInBothLanguages) {
  EXPECT_TRUE(words_of(trouble::none).empty());
  for (int i = 1; i < static_cast<int>(trouble::count); ++i) {
    EXPECT_FALSE(words_of(static_cast<trouble>(i)).cn.empty()) << i;
    EXPECT_FALSE(words_of(static_cast<trouble>(i)).en.empty()) << i;
  }
}

TEST(SnmpWalk, AnyBytesEndWithinTheLimits) {
  rc::check([](const std::vector<byte_vector>& said) {
    snmp_walk walk(if_name, true, {.rows = 8, .questions = 16});
    for (const byte_vector& one : said) walk.take(one);
    RC_ASSERT(walk.rows().size() <= 8U);
    while (walk.now() == state::asking) walk.take_silence();
  });
}

TEST(SnmpRows, NamesAreReadInTheEncodingsOfAgents) {
  EXPECT_EQ(wire::name_text("东村专线 "), "东村专线");
  EXPECT_EQ(wire::name_text(std::string_view("\xb6\xab\xb4\xe5\0", 5)), "东村") << "GB18030, and a byte of C's";
  EXPECT_EQ(wire::name_text(""), "");
}

TEST(SnmpRows, NamesOfObjectsAreBounded) {
  EXPECT_EQ(wire::read_object_name(byte_vector{0x2b, 6, 0x81, 0}), (wire::object_name{1, 3, 6, 128}));
  EXPECT_EQ(wire::read_object_name(byte_vector{0x2b, 0x90, 0x80, 0x80, 0x80, 0}), std::nullopt) << "above 32 bits";
  EXPECT_EQ(wire::read_object_name(byte_vector{0x2b, 0x81}), std::nullopt) << "no end";
  EXPECT_EQ(wire::read_object_name(byte_vector{}), std::nullopt);
  EXPECT_EQ(wire::read_object_name(byte_vector(200, 1)), std::nullopt);
}

}  // namespace
}  // namespace changtong::test
