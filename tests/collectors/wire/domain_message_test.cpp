#include "collectors/wire/domain_message.h"

#include <gtest/gtest.h>

#include "tests/collectors/domain_writer.h"

namespace changtong::wire {
namespace {

using test::domain_writer;
using byte_vector = std::vector<std::uint8_t>;

constexpr unsigned a = 1, ns = 2, cname = 5, soa = 6, ptr = 12, mx = 15, txt = 16, aaaa = 28;
const std::string address("\xc0\x00\x02\x50", 4);  // 192.0.2.80

domain_reply read(const domain_writer& w) {
  const byte_vector bytes = w.bytes();
  const auto out = read_domain_reply(bytes);
  EXPECT_TRUE(std::holds_alternative<domain_reply>(out));
  return std::holds_alternative<domain_reply>(out) ? std::get<domain_reply>(out) : domain_reply{};
}

std::optional<domain_fault> fault_of(byte_vector bytes) {
  const auto out = read_domain_reply(bytes);
  if (const auto* f = std::get_if<domain_fault>(&out)) return *f;
  return std::nullopt;
}

TEST(DomainMessage, AQuestionIsWrittenAsTheStandardHasIt) {
  std::array<std::uint8_t, longest_domain_question> out;
  const std::size_t n = write_domain_question(out, 0x1234, {.name = "www.gov.cn", .type = record_type::aaaa});
  const std::string expected(
      "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03www\x03gov\x02"
      "cn\x00\x00\x1c\x00\x01",
      28);
  EXPECT_EQ(std::string(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(n)), expected);
  EXPECT_EQ(write_domain_question(out, 1, {.name = "", .recursive = false}), 17U);
  EXPECT_EQ(out[2], 0) << "no recursion desired";
}

TEST(DomainMessage, TheLongestNameFits) {
  std::string longest;
  for (int i = 0; i < 3; ++i) longest += std::string(63, 'a') + ".";
  longest += std::string(61, 'b');
  ASSERT_EQ(longest.size(), 253U);
  ASSERT_EQ(domain_name(longest + "."), longest);
  std::array<std::uint8_t, longest_domain_question> out;
  EXPECT_EQ(write_domain_question(out, 1, {.name = longest}), longest_domain_question);
}

TEST(DomainMessage, NamesAreReadAsPeopleWriteThem) {
  EXPECT_EQ(domain_name("WWW.Gov.CN."), "www.gov.cn");
  EXPECT_EQ(domain_name("."), "");
  EXPECT_EQ(domain_name("_dmarc.gov.cn"), "_dmarc.gov.cn");
  EXPECT_EQ(domain_name("政务.中国"), "xn--zfr164b.xn--fiqs8s");
  for (const char* bad : {"", "..", "a..b", ".a", "a b", "a.b..", "a/b"}) EXPECT_FALSE(domain_name(bad)) << bad;
  EXPECT_FALSE(domain_name(std::string(64, 'a') + ".cn"));
}

TEST(DomainMessage, AnAddressHasItsReverseName) {
  EXPECT_EQ(reverse_name(*parse_address("192.0.2.1")), "1.2.0.192.in-addr.arpa");
  EXPECT_EQ(reverse_name(*parse_address("2001:db8::80")),
            "0.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
}

TEST(DomainMessage, EveryTypeIsReadWithWhatItIsKnownBy) {
  const auto texts = [](unsigned type, const std::string& data) {
    const auto r = read(domain_writer(1).question("x.cn", type).record("@12", type, data));
    return r.records.empty() ? record_texts{} : r.records.front();
  };
  const auto name = [](const char* n) { return domain_writer::wire_name(n); };
  EXPECT_EQ(texts(a, address), (record_texts{"192.0.2.80"}));
  EXPECT_EQ(texts(aaaa, std::string(15, '\0') + '\1'), (record_texts{"::1"}));
  EXPECT_EQ(texts(ns, name("NS1.x.cn")), (record_texts{"ns1.x.cn"}));
  EXPECT_EQ(texts(ptr, name("@12")), (record_texts{"x.cn"}));
  EXPECT_EQ(texts(cname, std::string(1, '\0')), (record_texts{"."}));
  EXPECT_EQ(texts(mx, std::string("\0\x0a", 2) + name("mail.x.cn")), (record_texts{"10:mail.x.cn", "mail.x.cn"}));
  EXPECT_EQ(texts(txt, std::string("\3abc\0\2de", 8)), (record_texts{"abcde"}));
  EXPECT_EQ(
      texts(soa, name("ns1.x.cn") + name("root.x.cn") + std::string("\x78\xc3\x4b\xdd", 4) + std::string(16, 'x')),
      (record_texts{"ns1.x.cn 2026064861", "ns1.x.cn", "2026064861"}));
}

TEST(DomainMessage, AliasesAreFollowedAndOtherNamesIgnored) {
  const auto r = read(domain_writer(1)
                          .question("www.x.cn", a)
                          .record("evil.cn", a, "\1\1\1\1")
                          .record("WWW.x.cn", cname, domain_writer::wire_name("cdn.y.cn"))
                          .record("cdn.y.cn", cname, domain_writer::wire_name("e.y.cn"))
                          .record("e.y.cn", a, address)
                          .record("e.y.cn", a, "\2\2\2\2", 3));
  EXPECT_EQ(r.records, (std::vector<record_texts>{{"192.0.2.80"}}));
}

TEST(DomainMessage, ARingOfAliasesEnds) {
  const auto r = read(domain_writer(1)
                          .question("a.cn", a)
                          .record("a.cn", cname, domain_writer::wire_name("b.cn"))
                          .record("b.cn", cname, domain_writer::wire_name("a.cn")));
  EXPECT_TRUE(r.records.empty());
}

TEST(DomainMessage, APointerLeadsBackwardsOrNowhere) {
  for (const char* to : {"@12", "@40", "@13", "@16383"}) {
    const auto loops = domain_writer(1).raw("").question(to, a).bytes();
    EXPECT_EQ(fault_of(loops), domain_fault::malformed) << to;
  }
  // a pointer to a name that ends in a pointer to before it is a usual thing
  const auto r = read(domain_writer(1).question("x.cn", ns).record("@12", ns, std::string("\3ns1") + "\xc0\x0c"));
  EXPECT_EQ(r.records, (std::vector<record_texts>{{"ns1.x.cn"}}));
}

TEST(DomainMessage, ANameIsNotLongerThanItMayBe) {
  std::string long_name;
  for (int i = 0; i < 5; ++i) long_name += std::string(63, 'a') + ".";
  long_name.pop_back();
  EXPECT_EQ(fault_of(domain_writer(1).question(long_name, a).bytes()), domain_fault::malformed);
  EXPECT_EQ(fault_of(domain_writer(1).question(std::string(64, 'a'), a).bytes()), domain_fault::malformed);
}

TEST(DomainMessage, CutAnywhereItIsCutShortOrTheQuestionAlone) {
  const byte_vector whole =
      domain_writer(1).question("www.x.cn", a).record("@12", a, address).record("@12", a, address).bytes();
  for (std::size_t n = 0; n < whole.size(); ++n)
    EXPECT_EQ(fault_of({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n)}), domain_fault::cut_short) << n;
  EXPECT_FALSE(fault_of(whole));
}

TEST(DomainMessage, DataOfAnotherLengthIsMalformed) {
  const auto with = [](unsigned type, const std::string& data) {
    return fault_of(domain_writer(1).question("x.cn", type).record("@12", type, data).bytes());
  };
  EXPECT_EQ(with(a, "\1\1\1"), domain_fault::malformed);
  EXPECT_EQ(with(aaaa, address), domain_fault::malformed);
  EXPECT_EQ(with(txt, std::string("\5ab")), domain_fault::malformed);
  EXPECT_EQ(with(mx, "\1"), domain_fault::malformed);
  EXPECT_EQ(with(ns, domain_writer::wire_name("a.cn") + "x"), domain_fault::malformed);
  EXPECT_EQ(with(soa, domain_writer::wire_name("a.cn")), domain_fault::malformed);
}

TEST(DomainMessage, OfErrorsAndTruncatedOnesOnlyTheHeadIsRead) {
  const auto r = read(domain_writer(7, {.code = 2}).question("x.cn", a).word(0xffff));
  EXPECT_EQ(r.head.code, 2);
  const auto cut = read(domain_writer(7, {.truncated = true}).question("x.cn", a).raw("rubbish"));
  EXPECT_TRUE(cut.head.truncated);
  EXPECT_FALSE(read_domain_head(domain_writer(7, {.response = false}).question("x.cn", a).bytes())->response);
  EXPECT_EQ(domain_code_name(5), "REFUSED");
  EXPECT_EQ(domain_code_name(9), "RCODE 9");
}

TEST(DomainMessage, BytesThatBelongToNoNameAreWrittenAsNumbers) {
  const auto r = read(domain_writer(1).question("x.cn", ns).record("@12", ns, std::string("\4a.\0\\\0", 6)));
  ASSERT_EQ(r.records.size(), 1U);
  EXPECT_EQ(r.records[0][0], "a\\046\\000\\092");
}

TEST(DomainMessage, SoManyRecordsAndNoMore) {
  domain_writer w(1);
  w.question("x.cn", a);
  for (std::size_t i = 0; i < most_records + 1; ++i) w.record("@12", a, address);
  const auto r = read(w);
  EXPECT_EQ(r.records.size(), most_records);
  EXPECT_TRUE(r.more);
}

}  // namespace
}  // namespace changtong::wire
