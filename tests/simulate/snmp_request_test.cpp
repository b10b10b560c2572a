// The agent's decoder takes exactly v2c GET and GETNEXT, and its responses are what RFC 3416 asks for.
#include "daemon/simulate/snmp_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/simulate/agent.h"
#include "tests/simulate/wire_question.h"

namespace changtong::simulate {
namespace {

using asking::bytes;

agent some_agent() {
  district_line line;
  line.id = "v-0001";
  line.circuit = "DX-YZ-2024-000123";
  line.bandwidth_mbps = 100;
  line.address = 0x7f140101;
  return make_agent(line, 1);
}

bytes answered(const agent& a, const bytes& question, milliseconds running = milliseconds{0}) {
  std::array<std::uint8_t, most_response_bytes> out;
  const std::size_t length = answer_datagram(a, "demo", question, running, out);
  return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(length)};
}

TEST(Request, IsReadWhole) {
  const bytes question = asking::snmp_question("demo", {asking::sys_up_time, asking::sys_name});
  const auto r = read_request(question);
  ASSERT_TRUE(r);
  EXPECT_FALSE(r->next);
  EXPECT_EQ(r->community, "demo");
  EXPECT_EQ(r->id, 0x12345678);
  ASSERT_EQ(r->count, 2U);
  EXPECT_EQ(r->names[0], (object_id{1, 3, 6, 1, 2, 1, 1, 3, 0}));
}

TEST(Request, CutAnywhereIsRefused) {
  const bytes question = asking::snmp_question("demo", {asking::sys_up_time, asking::in_octets});
  for (std::size_t n = 0; n < question.size(); ++n) EXPECT_FALSE(read_request(std::span(question).first(n))) << n;
}

TEST(Request, TrailingBytesAreRefused) {
  bytes question = asking::snmp_question("demo", {asking::sys_up_time});
  question.push_back(0);
  EXPECT_FALSE(read_request(question));
}

TEST(Request, OtherPduIsRefused) {
  for (const int pdu : {0xa2, 0xa3, 0xa4, 0xa7, 0x30})
    EXPECT_FALSE(read_request(asking::snmp_question("demo", {asking::sys_up_time}, static_cast<std::uint8_t>(pdu))))
        << pdu;
}

TEST(Request, OtherVersionIsRefused) {
  bytes question = asking::snmp_question("demo", {asking::sys_up_time});
  question[4] = 0;
  EXPECT_FALSE(read_request(question));
}

TEST(Request, TakesAsManyNamesAsTheLimitAndNotOneMore) {
  EXPECT_TRUE(read_request(asking::snmp_question("demo", std::vector<bytes>(most_bindings, asking::sys_up_time))));
  EXPECT_FALSE(read_request(asking::snmp_question("demo", std::vector<bytes>(most_bindings + 1, asking::sys_up_time))));
}

TEST(Request, OverlongNameIsRefused) {
  EXPECT_TRUE(read_request(asking::snmp_question("demo", {bytes(most_arcs - 1, 1)})));
  EXPECT_FALSE(read_request(asking::snmp_question("demo", {bytes(most_arcs, 1)})));
  EXPECT_FALSE(read_request(asking::snmp_question("demo", {bytes{}})));
  EXPECT_FALSE(read_request(asking::snmp_question("demo", {bytes{0x2b, 0x81}})));
  EXPECT_FALSE(read_request(asking::snmp_question("demo", {bytes{0x2b, 0x90, 0x80, 0x80, 0x80, 0x00}})));
}

TEST(Response, CarriesIdAndValueByteForByte) {
  snmp_request to;
  to.community = "c";
  to.id = -2;
  const std::array<binding, 2> bindings{{{{1, 3, 6, 1, 300}, {object_value::type::counter64, 0x80, {}}},
                                         {{1, 3, 6}, {object_value::type::end_of_view, 0, {}}}}};
  std::array<std::uint8_t, most_response_bytes> out;
  const std::size_t length = write_response(to, bindings, out);
  bytes got(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(length));
  EXPECT_EQ(got.size(), got[1] + 2U);
  EXPECT_EQ(got[12], 0xfe);
  EXPECT_THAT(std::string(got.begin(), got.end()),
              testing::HasSubstr(std::string("\x06\x05\x2b\x06\x01\x82\x2c\x46\x02\x00\x80", 11)));
  EXPECT_THAT(std::string(got.begin(), got.end()), testing::EndsWith(std::string("\x06\x02\x2b\x06\x82\x00", 6)));
}

TEST(Response, TooMuchToSayBecomesTooBig) {
  const std::string long_text(200, 'x');
  snmp_request to;
  to.community = "demo";
  const std::vector<binding> bindings(10, {{1, 3, 6}, {object_value::type::octets, 0, long_text}});
  std::array<std::uint8_t, most_response_bytes> out;
  const std::size_t length = write_response(to, bindings, out);
  EXPECT_LT(length, 40U);
  EXPECT_EQ(out[length - 6], 1);  // error-status tooBig, then error-index 0 and an empty list
}

TEST(Agent, CountersGrowAtASteadyRate) {
  const agent a = some_agent();
  const auto value_at = [&](milliseconds running) {
    const bytes r = answered(a, asking::snmp_question("demo", {asking::in_octets}), running);
    std::uint64_t value = 0;
    const std::size_t length = [&] {
      for (std::size_t n = r.size(); n-- > 0;)
        if (r[n] == 0x46 && n + 2 + r[n + 1] == r.size()) return std::size_t{r[n + 1]};
      return std::size_t{0};
    }();
    for (std::size_t n = r.size() - length; n < r.size(); ++n) value = value << 8 | r[n];
    return value;
  };
  const std::uint64_t start = value_at(milliseconds{0});
  EXPECT_GT(start, 0U);
  EXPECT_EQ(value_at(milliseconds{60'000}) - start, 60 * a.in_rate);
}

TEST(Agent, WalkVisitsEveryObjectOnceAndEnds) {
  const agent a = some_agent();
  bytes name{0x2b};
  int steps = 0;
  for (; steps < 100; ++steps) {
    const bytes r = answered(a, asking::snmp_question("demo", {name}, 0xa1));
    ASSERT_FALSE(r.empty());
    if (r[r.size() - 2] == 0x82 && r[r.size() - 1] == 0) break;
    constexpr std::size_t at = 29;  // of the only binding's name, behind headers of known lengths
    ASSERT_EQ(r[at], 0x06);
    const auto first = r.begin() + at + 2;
    const bytes next(first, first + r[at + 1]);
    EXPECT_TRUE(std::lexicographical_compare(name.begin(), name.end(), next.begin(), next.end()));
    name = next;
  }
  EXPECT_EQ(steps, 26);
}

TEST(Agent, GetBulkIsAnsweredWithAsManyAsAreAskedFor) {
  bytes question = asking::snmp_question("demo", {{0x2b}}, 0xa5);
  const bytes id{0x12, 0x34, 0x56, 0x78};
  const auto at = std::search(question.begin(), question.end(), id.begin(), id.end());
  ASSERT_NE(at, question.end());
  constexpr std::ptrdiff_t non_repeaters = 6, repetitions = 9;  // from the request-id's value on
  at[repetitions] = 5;
  const bytes r = answered(some_agent(), question);
  const bytes binding_of_system{0x06, 8, 0x2b, 6, 1, 2, 1, 1};
  std::ptrdiff_t rows = 0;
  for (auto from = r.begin();; ++rows) {
    from = std::search(from, r.end(), binding_of_system.begin(), binding_of_system.end());
    if (from == r.end()) break;
    ++from;
  }
  EXPECT_EQ(rows, 4) << "sysDescr to sysName, and one that is not of the system";
  at[non_repeaters] = 1;
  EXPECT_TRUE(answered(some_agent(), question).empty()) << "nobody here asks for non-repeaters";
}

TEST(Agent, AbsentObjectIsSaidToBeAbsent) {
  const bytes r = answered(some_agent(), asking::snmp_question("demo", {{0x2b, 6, 1, 9}}));
  ASSERT_GE(r.size(), 2U);
  EXPECT_EQ(r[r.size() - 2], 0x80);
}

TEST(Agent, WrongCommunityIsSilence) {
  EXPECT_TRUE(answered(some_agent(), asking::snmp_question("public", {asking::sys_name})).empty());
}

TEST(Agent, OddOneAnswersUnderAnotherCommunityWithBytesBehindTheMessage) {
  agent odd = some_agent();
  odd.odd = true;
  const bytes question = asking::snmp_question("demo", {asking::sys_name});
  const bytes r = answered(odd, question), usual = answered(some_agent(), question);
  ASSERT_GT(r.size(), 14U);
  EXPECT_EQ(std::string(r.begin() + 5, r.begin() + 14), "\x04\x07private");
  ASSERT_LT(std::size_t{2} + r[1], r.size()) << "bytes behind the message";
  EXPECT_EQ(r.size() - (2 + r[1]), 4U);
  // All else is as it should be: the same PDU, of the same question.
  EXPECT_TRUE(std::equal(r.begin() + 14, r.end() - 4, usual.begin() + 11, usual.end()));
}

TEST(Agent, OddOneIsSilentWhereOthersAreAndFillsNoMoreThanADatagram) {
  agent odd = some_agent();
  odd.odd = true;
  EXPECT_TRUE(answered(odd, asking::snmp_question("private", {asking::sys_name})).empty());
  odd.circuit = std::string(most_response_bytes, 'x');
  for (std::size_t n = 1; n <= most_response_bytes; ++n) {
    odd.name = std::string(n, 'x');
    EXPECT_LE(answered(odd, asking::snmp_question("demo", {asking::sys_name})).size(), most_response_bytes);
  }
}

}  // namespace
}  // namespace changtong::simulate
