#include "tests/settings/world.h"

namespace changtong {
namespace {

using namespace fakes;

TEST(ProxySettings, NobodyIsTrustedUnlessSaid) {
  const loaded l = good(with(""));
  EXPECT_TRUE(l.value.proxies.trusted.empty());
  EXPECT_EQ(l.value.proxies.client_header, "x-forwarded-for");
  EXPECT_EQ(l.value.proxies.user_header, "");
}

TEST(ProxySettings, AreReadWithoutATokenAndHeadersInLowerCase) {
  const loaded l =
      good(with("api: { trusted_proxies: [127.0.0.1, \"10.0.0.0/24\", \"2001:db8::/32\"], "
                "proxy_client_header: X-Real-IP, proxy_user_header: X-Remote-User }\n"));
  ASSERT_EQ(l.value.proxies.trusted.size(), 3U);
  EXPECT_EQ(to_string(l.value.proxies.trusted[0]), "127.0.0.1/32");
  EXPECT_EQ(to_string(l.value.proxies.trusted[2]), "2001:db8::/32");
  EXPECT_EQ(l.value.proxies.client_header, "x-real-ip");
  EXPECT_EQ(l.value.proxies.user_header, "x-remote-user");
  EXPECT_TRUE(l.value.api_token.empty());
  EXPECT_NE(describe(l).find("x-remote-user"), std::string::npos);
}

TEST(ProxySettings, AChangeIsTold) {
  std::string told;
  const settings before = good(with("")).value;
  for (const change& c :
       compare(before, good(with("api: { trusted_proxies: [10.0.0.5], proxy_user_header: X-User }\n")).value))
    told += c.text.en + "\n";
  EXPECT_NE(told.find("api.trusted_proxies changed from"), std::string::npos) << told;
  EXPECT_NE(told.find("'10.0.0.5/32'"), std::string::npos) << told;
  EXPECT_NE(told.find("api.proxy_user_header"), std::string::npos) << told;
}

}  // namespace
}  // namespace changtong
