#include "daemon/host/directory.h"

#include <gtest/gtest.h>

#include "tests/host/post_peers.h"

namespace changtong::host {
namespace {

using std::chrono::milliseconds;

TEST(Directory, ANameStandsInADnAndInAFilterAsNothingButAName) {
  EXPECT_EQ(directory_escaped("wang07"), "wang07");
  EXPECT_EQ(directory_escaped("x)(uid=*"), "x\\29\\28uid\\3d\\2a") << "a filter of somebody's own";
  EXPECT_EQ(directory_escaped("x,ou=admins"), "x\\2cou\\3dadmins") << "an entry elsewhere";
  EXPECT_EQ(directory_escaped(std::string_view("\\\0# ", 4)), "\\5c\\00\\23\\20");
  EXPECT_EQ(directory_escaped("王"), "\\e7\\8e\\8b");
}

TEST(Directory, TheAttributeIsTheOneThatHoldsTheName) {
  EXPECT_EQ(directory_attribute("uid={user},ou=people,dc=example"), "uid");
  EXPECT_EQ(directory_attribute("o=x+cn={user},dc=example"), "cn");
  EXPECT_EQ(directory_attribute("(&(objectClass=person)(sAMAccountName={user}))"), "sAMAccountName");
  EXPECT_EQ(directory_attribute("{user}@example.gov.cn"), "");
  EXPECT_EQ(directory_attribute("uid=wang,dc=example"), "");
}

TEST(Directory, WithoutAPasswordOrANameNobodyIsAsked) {
  const directory_settings nowhere{.url = "ldaps://127.0.0.1:1", .user_dn = "uid={user},dc=example"};
  const auto empty = ask_directory(nowhere, "wang", secret(""), milliseconds{2'000});
  ASSERT_TRUE(empty) << "it was not tried";
  EXPECT_FALSE(*empty);
  EXPECT_FALSE(ask_directory(nowhere, "", secret("x"), milliseconds{2'000}).value());
  const auto tried = ask_directory(nowhere, "wang", secret("hidden-word"), milliseconds{2'000});
  ASSERT_FALSE(tried) << "who does not answer has not said that the password is wrong";
  EXPECT_EQ(to_string(tried.error()).find("hidden-word"), std::string::npos);
}

TEST(Directory, OneThatAcceptsAndIsSilentHoldsNobodyForLong) {
  test::tcp_peer silent([](test::tcp::socket& s) {
    char one = 0;
    boost::system::error_code over;
    while (!over) s.read_some(boost::asio::buffer(&one, 1), over);
  });
  for (const char* scheme : {"ldaps", "ldap"}) {
    const directory_settings at{.url = std::string(scheme) + "://127.0.0.1:" + silent.port(), .user_dn = "uid={user}"};
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_FALSE(ask_directory(at, "wang", secret("x"), milliseconds{1'000})) << scheme;
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{30}) << scheme;
  }
}

}  // namespace
}  // namespace changtong::host
