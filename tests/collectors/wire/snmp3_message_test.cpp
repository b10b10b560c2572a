// v3 messages as net-snmp's agent writes them (tests/fuzz/corpus/snmp3 holds what was really said), and as we do.
#include "collectors/wire/snmp3_message.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "collectors/wire/snmp_envelope.h"

namespace changtong::wire {
namespace {

using byte_vector = std::vector<std::uint8_t>;

byte_vector said(const std::string& name) {
  std::ifstream in(std::string(CHANGTONG_SOURCE_DIR) + "/tests/fuzz/corpus/snmp3/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

const byte_vector engine{0x80, 0, 0x1f, 0x88, 4, 'f', 'u', 'z', 'z'};

TEST(Snmp3Message, AReportNamesEngineAndTime) {
  const auto packet = said("md5_a0");
  const auto m = read_snmp3_message(packet);
  ASSERT_TRUE(m.known);
  EXPECT_FALSE(m.odd.any());
  EXPECT_FALSE(m.authenticated());
  EXPECT_EQ(byte_vector(m.engine.begin(), m.engine.end()), engine);
  EXPECT_EQ(m.boots, 1);
  EXPECT_GE(m.time, 0);
  const auto s = read_snmp3_scoped(m.scoped);
  ASSERT_TRUE(s.known);
  EXPECT_EQ(s.pdu, snmp_report);
  EXPECT_EQ(s.report, snmp3_report::unknown_engine);
}

TEST(Snmp3Message, WhatAReportCountsIsItsReason) {
  const std::vector<std::pair<std::string, snmp3_report>> reasons{{"wrong_password_a1", snmp3_report::wrong_digest},
                                                                  {"wrong_user_a1", snmp3_report::unknown_user},
                                                                  {"wrong_level_a1", snmp3_report::unsupported_level},
                                                                  {"wrong_time_a1", snmp3_report::not_in_time_window}};
  for (const auto& [name, reason] : reasons) {
    const auto packet = said(name);
    const auto m = read_snmp3_message(packet);
    ASSERT_TRUE(m.known) << name;
    EXPECT_EQ(read_snmp3_scoped(m.scoped).report, reason) << name;
  }
  EXPECT_TRUE(read_snmp3_message(said("wrong_time_a1")).authenticated());
}

TEST(Snmp3Message, AHiddenPartIsNotLookedInto) {
  const auto packet = said("sha_aes_a1");
  const auto m = read_snmp3_message(packet);
  ASSERT_TRUE(m.known);
  EXPECT_TRUE(m.is_private());
  EXPECT_EQ(m.mac.size(), 12U);
  EXPECT_EQ(m.salt.size(), snmp3_salt_length);
  EXPECT_EQ(packet[m.mac_offset], m.mac[0]);
}

TEST(Snmp3Message, WhatIsCutSaysSoAndItsNumberIsReadFirst) {
  const auto packet = said("reader_a1");
  const auto whole = read_snmp3_message(packet);
  ASSERT_TRUE(whole.known);
  for (std::size_t n = 0; n < packet.size(); ++n) {
    const bytes part = bytes(packet).first(n);
    const auto m = read_snmp3_message(part);
    if (n > 4) EXPECT_TRUE(m.cut) << n;
    if (m.numbered) EXPECT_EQ(m.id, whole.id);
    const auto quoted = read_snmp3_message(part, of_unknown_length);
    EXPECT_FALSE(quoted.cut);
    if (n > 40) EXPECT_TRUE(quoted.numbered);
  }
}

TEST(Snmp3Message, ForeignVersionsModelsAndFlagsAreNotKnown) {
  auto packet = said("md5_a1");
  ASSERT_TRUE(read_snmp3_message(packet).known);
  auto other = packet;
  other[4] = 1;
  EXPECT_FALSE(read_snmp3_message(other).numbered);
  byte_vector hidden = said("sha_aes_a1");
  const byte_vector head{4, 1, 3};
  const auto flags = std::search(hidden.begin(), hidden.end(), head.begin(), head.end());
  ASSERT_NE(flags, hidden.end());
  *(flags + 2) = 2;  // hides without signing
  EXPECT_FALSE(read_snmp3_message(hidden).known);
  *(flags + 2) = 3;
  *(flags + 5) = 2;  // another security model
  EXPECT_FALSE(read_snmp3_message(hidden).known);
  EXPECT_TRUE(pdu_of_community_message(packet).empty());
}

TEST(Snmp3Message, WhatIsWrittenIsRead) {
  const byte_vector pdu{0xa0, 14, 2, 4, 0x41, 0x42, 0x43, 0x44, 2, 1, 0, 2, 1, 0, 0x30, 0};
  for (const std::uint32_t n : {0U, 1U, 127U, 128U, 255U, 256U, 32767U, 32768U, 0x7fffffU, 0x800000U, 0x7fffffffU})
    for (const std::size_t user : {0U, 1U, 32U}) {
      byte_vector out(600);
      snmp3_draft d;
      const std::string name(user, 'u'), context(n % 200, 'c');
      d.id = n;
      d.max_size = 8192;
      d.flags = snmp3_reportable;
      d.engine = engine;
      d.boots = n;
      d.time = n;
      d.user = name;
      if (user > 0) d.context_engine = bytes(engine).first(n % 2);
      d.context = context;
      d.pdu = pdu;
      const auto at = write_snmp3_message(d, out);
      ASSERT_TRUE(at);
      out.resize(at->length);
      const auto m = read_snmp3_message(out);
      ASSERT_TRUE(m.known);
      EXPECT_FALSE(m.odd.any() || m.cut);
      EXPECT_EQ(m.id, n);
      EXPECT_EQ(m.boots, n);
      EXPECT_EQ(m.time, n);
      EXPECT_EQ(m.user.size(), user);
      const auto s = read_snmp3_scoped(m.scoped);
      ASSERT_TRUE(s.known);
      EXPECT_EQ(s.context_engine.size(), user > 0 ? n % 2 : m.engine.size());
      EXPECT_EQ(s.context.size(), context.size());
      EXPECT_EQ(byte_vector(s.pdu_bytes.begin(), s.pdu_bytes.end()), pdu);
      EXPECT_FALSE(write_snmp3_message(d, std::span(out).first(at->length - 1)));
    }
}

TEST(Snmp3Message, WhateverIsChangedNothingIsReadOutsideTheMessage) {
  std::mt19937 random(11);
  for (const std::string name : {"md5_a0", "md5_a1", "reader_a1", "sha_aes_a1", "wrong_time_a1"}) {
    const auto packet = said(name);
    for (int round = 0; round < 4000; ++round) {
      byte_vector changed(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(1 + random() % packet.size()));
      for (unsigned n = 1 + random() % 3; n-- > 0;)
        changed[random() % changed.size()] = static_cast<std::uint8_t>(random());
      const auto m = read_snmp3_message(changed);
      if (!m.known) continue;
      for (const bytes part : {m.engine, m.user, m.mac, m.salt, m.scoped}) {
        if (part.empty()) continue;
        EXPECT_GE(part.data(), changed.data());
        EXPECT_LE(part.data() + part.size(), changed.data() + changed.size());
      }
      const auto s = read_snmp3_scoped(m.scoped);
      if (s.known) EXPECT_LE(s.rest.size() + s.context.size(), m.scoped.size());
    }
  }
}

TEST(Snmp3Message, ACommunityMessagesPduIsTakenWhole) {
  const byte_vector v2c{0x30, 21, 2, 1, 1, 4, 2, 'p', 'u', 0xa0, 12, 2, 1, 9, 2, 1, 0, 2, 1, 0, 0x30, 1, 5};
  const bytes pdu = pdu_of_community_message(v2c);
  ASSERT_EQ(pdu.size(), 14U);
  EXPECT_EQ(pdu[0], 0xa0);
  EXPECT_TRUE(pdu_of_community_message(bytes(v2c).first(20)).empty());
  EXPECT_TRUE(pdu_of_community_message({}).empty());
}

}  // namespace
}  // namespace changtong::wire
