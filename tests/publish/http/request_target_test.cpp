#include "daemon/publish/http/request_target.h"

#include <gtest/gtest.h>

namespace changtong::http {
namespace {

TEST(RequestTarget, IsDecodedIntoPathAndQuery) {
  const auto t = parse_target("/api/v1/lines?town=%E5%9F%8E%E5%85%B3%E9%95%87&q=a+b%26c&open&town=x#frag").value();
  EXPECT_EQ(t.path, "/api/v1/lines");
  EXPECT_EQ(t.query.count("town"), 2u);
  EXPECT_EQ(t.query.find("town")->second, "城关镇");
  EXPECT_EQ(t.query.find("q")->second, "a b&c");
  EXPECT_EQ(t.query.find("open")->second, "");
}

TEST(RequestTarget, PlusIsASpaceOnlyInTheQuery) { EXPECT_EQ(parse_target("/a+b").value().path, "/a+b"); }

TEST(RequestTarget, AbsoluteFormLosesItsAuthority) {
  EXPECT_EQ(parse_target("http://evil.example:80/a?b=c").value().path, "/a");
  EXPECT_EQ(parse_target("http://host").value().path, "/");
}

TEST(RequestTarget, BrokenOrDangerousTargetsAreProblems) {
  for (const char* bad : {"", "a", "*", "/%", "/%4", "/%zz", "/a%00b", "/a%0ab", "/%ff", "/%c0%ae", "/..", "/a/../b",
                          "/a/%2e%2e", "/a?x=%0d", "/a?%f=1", "/\x7f"}) {
    EXPECT_FALSE(parse_target(bad)) << bad;
  }
}

TEST(RequestTarget, TwoDotsInsideANameAreFine) { EXPECT_EQ(parse_target("/a..b/..c").value().path, "/a..b/..c"); }

TEST(RequestTarget, LengthAndParametersAreBounded) {
  EXPECT_TRUE(parse_target("/" + std::string(target_limit - 1, 'a')));
  EXPECT_FALSE(parse_target("/" + std::string(target_limit, 'a')));
  std::string many = "/?";
  for (std::size_t i = 0; i < parameter_limit; ++i) many += "a=1&";
  EXPECT_EQ(parse_target(many).value().query.size(), parameter_limit);
  EXPECT_FALSE(parse_target(many + "a=1"));
}

}  // namespace
}  // namespace changtong::http
