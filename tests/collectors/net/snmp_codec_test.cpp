#include "collectors/net/snmp_codec.h"

#include <gtest/gtest.h>

#include <span>

#include "collectors/wire/snmp_envelope.h"
#include "tests/collectors/ber_writer.h"

namespace changtong::net {
namespace {

namespace ber = test::ber;

const std::vector<object_id> up_time{{1, 3, 6, 1, 2, 1, 1, 3, 0}};

TEST(SnmpCodec, TemplateIsTheSameBytesAsAHandWrittenRequest) {
  const auto made = snmp_codec().make_get(secret("public"), up_time);
  const auto by_hand = ber::message(0xa0, "public", 0x40000000, 0, ber::binding(ber::sys_up_time, {0x05, 0x00}));
  EXPECT_EQ(made.packet, by_hand);
  EXPECT_EQ(wire::get32(made.packet.data() + made.id_offset), 0x40000000U);
}

TEST(SnmpCodec, LibraryPrintsNothing) {
  testing::internal::CaptureStderr();
  EXPECT_TRUE(snmp_codec().make_get(secret("public"), std::vector<object_id>{{}}).id_offset < 100);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace changtong::net
