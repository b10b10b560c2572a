#include "daemon/core/url.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace changtong {
namespace {

std::string origin(std::string_view text) {
  const auto o = url_origin_of(text);
  if (!o) return "none";
  return fmt::format("{} {}{}{} {} '{}'", o->scheme, o->user ? "user@" : "", o->host, o->literal ? " literal" : "",
                     o->port.value_or("-"), o->rest);
}

TEST(Url, OriginsAreTakenApart) {
  EXPECT_EQ(origin("HTTP://www.Example.gov.cn:8080/x?y#z"), "http www.Example.gov.cn 8080 '/x?y#z'");
  EXPECT_EQ(origin("http://[2001:DB8::1]:81"), "http 2001:DB8::1 literal 81 ''");
  EXPECT_EQ(origin("http://[::ffff:1.2.3.4]?q"), "http ::ffff:1.2.3.4 literal - '?q'");
  EXPECT_EQ(origin("http://a:"), "http a  ''");
  EXPECT_EQ(origin("https://u:p@a/"), "https user@a - '/'");
}

TEST(Url, HostsThatPeopleWriteAreReadAsTheyStand) {
  EXPECT_EQ(origin("http://wan_1.政务.cn:80/"), "http wan_1.政务.cn 80 '/'");
  EXPECT_EQ(origin("http://a b/"), "http a b - '/'");
  EXPECT_EQ(origin("http://10.0.0.1.example/"), "http 10.0.0.1.example - '/'");
  EXPECT_EQ(origin("http://1.2.3.4/"), "http 1.2.3.4 - '/'");
  EXPECT_EQ(origin("http://a%41/"), "http a%41 - '/'");
}

TEST(Url, WhatHasNoOriginHasNone) {
  for (const char* text : {"", "a", "/a", "a:b", "http:/a", "http://[::1/", "http://[1.2.3.4]/", "http://a:x/",
                           "http://a:+8/", "http://[::1]x/", "://a", "http://[fe80::1%eth0]/"})
    EXPECT_EQ(origin(text), "none") << text;
}

std::string target(std::string_view text) {
  const auto t = url_target_of(text);
  if (!t) return "none";
  std::string out = t->path;
  for (const auto& [name, value] : t->query) out += " " + name + "=" + value;
  return out;
}

TEST(Url, TargetsAreDecodedHoweverTheyWereWritten) {
  EXPECT_EQ(target("/a+b/%E5%9F%8E?q=a+b%26c&open&&=&q=x"), "/a+b/城 q=a b&c open= = q=x");
  EXPECT_EQ(target("/城关?镇=龙河|x[1]"), "/城关 镇=龙河|x[1]");
  EXPECT_EQ(target("//a/b"), "//a/b") << "no host";
  EXPECT_EQ(target("/a?b?c/d"), "/a b?c/d=");
  for (const char* text : {"", "a", "*", "?a", "/%", "/%4", "/%zz", "/?%f"}) EXPECT_EQ(target(text), "none") << text;
}

TEST(Url, WhatIsSentIsEncodedAsBrowsersDo) { EXPECT_EQ(url_encoded("/新 闻%20|"), "/%E6%96%B0%20%E9%97%BB%20|"); }

TEST(Url, PortsAreNumbersThatThereAre) {
  EXPECT_EQ(port_number("1"), 1);
  EXPECT_EQ(port_number("00080"), 80);
  EXPECT_EQ(port_number("65535"), 65535);
  for (const char* text : {"", "0", "65536", "-1", "+1", "8x", "99999999999"}) EXPECT_FALSE(port_number(text)) << text;
}

}  // namespace
}  // namespace changtong
