#include "daemon/run/exposure.h"

#include <gmock/gmock.h>

namespace changtong {
namespace {

using testing::HasSubstr;

settings listening(const char* address) {
  settings s;
  s.listen.address = parse_address(address).value();
  return s;
}

TEST(Exposure, OnLoopbackAsAnOrdinaryUserNothingIsSaid) {
  for (const char* here : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"})
    EXPECT_TRUE(exposures(listening(here), false).empty()) << here;
}

TEST(Exposure, RootIsWarnedOf) {
  const auto said = exposures(listening("127.0.0.1"), true);
  ASSERT_EQ(said.size(), 1U);
  EXPECT_THAT(said[0].cn, HasSubstr("root"));
}

TEST(Exposure, ListeningBeyondLoopbackIsWarnedOfAndSoAreTokensInClear) {
  for (const char* open : {"0.0.0.0", "::", "10.0.0.1", "2001:db8::1", "::ffff:10.0.0.1"}) {
    const auto said = exposures(listening(open), false);
    ASSERT_EQ(said.size(), 1U) << open;
    EXPECT_THAT(said[0].cn, HasSubstr("不限于本机"));
  }
  settings s = listening("0.0.0.0");
  s.api_token = secret("0123456789abcdef");
  const auto said = exposures(s, false);
  ASSERT_EQ(said.size(), 2U);
  EXPECT_THAT(said[1].cn, HasSubstr("明文"));
}

TEST(Exposure, WithUsersItIsPasswordsInClearThatAreWarnedOfAndWithTlsNothing) {
  settings s = listening("0.0.0.0");
  const auto said = exposures(s, false, true);
  ASSERT_EQ(said.size(), 1U);
  EXPECT_THAT(said[0].cn, HasSubstr("密码"));
  s.tls = {.certificate = "server.pem", .key = "server.key"};
  s.api_token = secret("0123456789abcdef");
  EXPECT_TRUE(exposures(s, false, true).empty());
  EXPECT_EQ(exposures(s, false, false).size(), 1U) << "whoever reaches it reads, TLS or not";
}

TEST(Exposure, ANewInstallationListensInClearOnlyIfToldTwice) {
  settings s = listening("10.0.0.1");
  EXPECT_TRUE(too_open(s, true, false, false));
  EXPECT_TRUE(too_open(s, true, false, true));
  EXPECT_FALSE(too_open(s, false, false, false)) << "it has a ledger: it began before";
  EXPECT_TRUE(too_open(s, false, true, false)) << "passwords would cross the network in clear";
  EXPECT_FALSE(too_open(listening("127.0.0.1"), false, true, false));
  EXPECT_FALSE(too_open(listening("127.0.0.1"), true, false, false));
  s.listen_in_clear = true;
  EXPECT_TRUE(too_open(s, true, false, false));
  EXPECT_FALSE(too_open(s, true, false, true));
  EXPECT_FALSE(too_open(s, false, true, true));
  settings tls = listening("10.0.0.1"), tokens = listening("10.0.0.1");
  tls.tls = {.certificate = "server.pem", .key = "server.key"};
  EXPECT_FALSE(too_open(tls, true, false, false));
  tokens.api_token = secret("0123456789abcdef");
  EXPECT_FALSE(too_open(tokens, true, false, false)) << "a configuration of before";
}

}  // namespace
}  // namespace changtong
