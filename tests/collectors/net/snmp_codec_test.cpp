#include "collectors/net/snmp_codec.h"

#include <gtest/gtest.h>

#include "collectors/wire/snmp_envelope.h"
#include "tests/collectors/ber_writer.h"

namespace changtong::net {
namespace {

namespace ber = test::ber;
using sort = snmp_value::sort;

const std::vector<object_id> up_time{{1, 3, 6, 1, 2, 1, 1, 3, 0}};

struct SnmpCodec : testing::Test {
  bool read(const ber::byte_vector& m, const std::vector<object_id>& asked = up_time) {
    return codec.read(m, asked, reply);
  }
  ber::byte_vector answer(const ber::byte_vector& value) {
    return ber::message(0xa2, "public", 0x40000001, 0, ber::binding(ber::sys_up_time, value));
  }
  snmp_codec codec;
  snmp_reply reply;
};

TEST_F(SnmpCodec, TemplateIsTheSameBytesAsAHandWrittenRequest) {
  const auto made = codec.make_get(secret("public"), up_time);
  const auto by_hand = ber::message(0xa0, "public", 0x40000000, 0, ber::binding(ber::sys_up_time, {0x05, 0x00}));
  EXPECT_EQ(made.packet, by_hand);
  EXPECT_EQ(wire::get32(made.packet.data() + made.id_offset), 0x40000000U);
}

TEST_F(SnmpCodec, NumbersOfEveryTypeKeepTheirValue) {
  ASSERT_TRUE(read(answer(ber::number(0x43, 0xffffffff))));
  EXPECT_EQ(reply.values[0].number, 0xffffffffLL);
  ASSERT_TRUE(read(answer(ber::number(0x46, 0x7fffffffffffffff))));
  EXPECT_EQ(reply.values[0].number, 0x7fffffffffffffffLL);
  ASSERT_TRUE(read(answer(ber::number(0x41, 0))));
  EXPECT_EQ(reply.values[0].number, 0);
  ASSERT_TRUE(read(answer({0x02, 0x01, 0xff})));
  EXPECT_EQ(reply.values[0].number, -1);
  ASSERT_TRUE(read(answer(ber::text("up"))));
  EXPECT_EQ(reply.values[0].what, sort::other);
  for (const std::uint8_t exception : ber::byte_vector{0x80, 0x81, 0x82, 0x05}) {
    ASSERT_TRUE(read(answer({exception, 0x00})));
    EXPECT_EQ(reply.values[0].what, sort::missing);
  }
}

TEST_F(SnmpCodec, AnswerToAnotherQuestionIsMarked) {
  ASSERT_TRUE(read(answer(ber::number(0x43, 1)), {{1, 3, 6, 1, 2, 1, 1, 5, 0}}));
  EXPECT_EQ(reply.values[0].what, sort::wrong_object);
}

TEST_F(SnmpCodec, MoreThanWasAskedIsRefused) {
  const auto b = ber::binding(ber::sys_up_time, ber::number(0x43, 1));
  EXPECT_FALSE(read(ber::message(0xa2, "public", 1, 0, ber::joined({b, b}))));
}

TEST_F(SnmpCodec, EveryTruncationIsRefused) {
  const auto whole = answer(ber::number(0x43, 12345));
  for (std::size_t n = 0; n < whole.size(); ++n) EXPECT_FALSE(codec.read({whole.data(), n}, up_time, reply)) << n;
}

TEST_F(SnmpCodec, RequestsAndTrapsAreNoAnswers) {
  for (const std::uint8_t pdu : ber::byte_vector{0xa0, 0xa1, 0xa5, 0xa6, 0xa7})
    EXPECT_FALSE(read(ber::message(pdu, "public", 1, 0, ber::binding(ber::sys_up_time, ber::number(0x43, 1)))));
}

TEST_F(SnmpCodec, LibraryPrintsNothing) {
  testing::internal::CaptureStderr();
  EXPECT_FALSE(read({0x30, 0x03, 0x02, 0x01, 0x01}));
  EXPECT_FALSE(read(ber::byte_vector(500, 0xff)));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace changtong::net
