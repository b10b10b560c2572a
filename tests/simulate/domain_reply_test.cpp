// The district's name server: what it says to a question, and to what is none.
#include "daemon/simulate/domain_reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <thread>

#include "daemon/simulate/domain_server.h"
#include "tests/simulate/wire_question.h"

namespace changtong::simulate {
namespace {

using namespace std::string_literals;
using testing::EndsWith;
using testing::StartsWith;

const std::string a = "\0\1\0\1"s, aaaa = "\0\34\0\1"s, ns = "\0\2\0\1"s;
const std::string one_question = "\xab\xcd\1\0\0\1\0\0\0\0\0\0"s;  // recursion desired

std::string labels(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    const std::size_t dot = std::min(name.find('.'), name.size());
    out += static_cast<char>(dot);
    out += name.substr(0, dot);
    name.remove_prefix(std::min(dot + 1, name.size()));
  }
  return out + '\0';
}

class domain : public testing::Test {
 protected:
  std::string reply(std::string_view name, const std::string& type) const {
    return domain_reply(where_, one_question + labels(name) + type);
  }
  district where_ = make_district(1, 1);
};

TEST_F(domain, KnowsTheAddressOfEachSiteThatPeopleCanFind) {
  EXPECT_EQ(reply("portal.yunze.test", a), "\xab\xcd\x85\x80\0\1\0\1\0\0\0\0"s + labels("portal.yunze.test") + a +
                                               "\xc0\x0c\0\1\0\1\0\0\0\5\0\4\x7f\x13\1\1"s);
  EXPECT_THAT(reply("open.yunze.test", a), EndsWith("\0\4\x7f\x13\1\3"s));
}

TEST_F(domain, AsksForNoCase) { EXPECT_THAT(reply("PorTal.YunZe.tesT", a), EndsWith("\0\4\x7f\x13\1\1"s)); }

TEST_F(domain, HasNoAddressOfTheOtherFamilyAndNoOtherName) {
  EXPECT_EQ(reply("portal.yunze.test", aaaa), "\xab\xcd\x85\x80\0\1\0\0\0\0\0\0"s + labels("portal.yunze.test") + aaaa);
  EXPECT_EQ(reply("nobody.yunze.test", a), "\xab\xcd\x85\x83\0\1\0\0\0\0\0\0"s + labels("nobody.yunze.test") + a);
  EXPECT_EQ(reply("", ns), "\xab\xcd\x85\x80\0\1\0\0\0\0\0\0"s + labels("") + ns) << "the root is there";
}

TEST_F(domain, SaysNothingOfTheSilentOne) {
  EXPECT_EQ(reply("archive.yunze.test", a), "");
  EXPECT_EQ(reply("archive.yunze.test", aaaa), "");
}

TEST_F(domain, IgnoresWhatIsNoQuestion) {
  const std::string good = one_question + labels("portal.yunze.test") + a;
  ASSERT_NE(domain_reply(where_, good), "");
  for (std::size_t n = 0; n < good.size(); ++n) EXPECT_EQ(domain_reply(where_, good.substr(0, n)), "") << n;
  EXPECT_EQ(domain_reply(where_, "\xab\xcd\x81\0\0\1\0\0\0\0\0\0"s + labels("portal.yunze.test") + a), "")
      << "an answer";
  EXPECT_EQ(domain_reply(where_, "\xab\xcd\1\0\0\2\0\0\0\0\0\0"s + labels("portal.yunze.test") + a), "") << "two";
  EXPECT_EQ(domain_reply(where_, one_question + "\xc0\x0c"s + a), "") << "a name that points";
  EXPECT_EQ(domain_reply(where_, one_question + labels("portal.yunze.test") + "\0\1\0\3"s), "") << "not the internet";
  EXPECT_THAT(domain_reply(where_, good + "\0\0\x29\2\0\0\0\0\0\0\0"s), StartsWith("\xab\xcd\x85\x80\0\1\0\1"s))
      << "what stands behind the question is left aside";
}

TEST(DomainServer, AnswersFromItsOwnAddress) {
  district d = make_district(1, 1, {.dns = static_cast<std::uint16_t>(24'000 + getpid() % 8'000)});
  boost::asio::io_context io;
  const auto opened = domain_server::open(io, d);
  ASSERT_TRUE(opened) << to_string(opened.error());
  const std::string question = one_question + labels("portal.yunze.test") + a;
  std::thread answering([&io] { io.run(); });
  const auto reply = asking::ask_snmp(d.name_server, d.ports.dns, {question.begin(), question.end()}, 2000);
  EXPECT_EQ(std::string(reply.begin(), reply.end()), domain_reply(d, question));
  EXPECT_FALSE(domain_server::open(io, d)) << "the port is taken";
  io.stop();
  answering.join();
}

}  // namespace
}  // namespace changtong::simulate
