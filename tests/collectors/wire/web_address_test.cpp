#include "collectors/wire/web_address.h"

#include <gtest/gtest.h>

namespace changtong::wire {
namespace {

std::string told(const result<web_address>& r) {
  return r ? (r->tls ? "https://" : "http://") + host_header(*r) + r->target : r.error().text_en;
}
std::string parsed(std::string_view text) { return told(parse_web_address(text)); }
std::string hop(std::string_view from, std::string_view location, bool downgrade = false) {
  return told(next_hop(parse_web_address(from).value(), location, downgrade));
}

TEST(WebAddress, UsualFormsAreRead) {
  EXPECT_EQ(parsed("https://www.Example.gov.cn"), "https://www.example.gov.cn/");
  EXPECT_EQ(parsed("HTTP://a:8080/x?y=1#z"), "http://a:8080/x?y=1");
  EXPECT_EQ(parsed("https://a:443/"), "https://a/");
  EXPECT_EQ(parsed("http://[2001:DB8::1]:81/"), "http://[2001:db8::1]:81/");
  EXPECT_EQ(parsed("http://a?q"), "http://a/?q");
  EXPECT_EQ(parsed("http://a/新 闻"), "http://a/%E6%96%B0%20%E9%97%BB");
}

TEST(WebAddress, WhatCannotBeFetchedIsRefused) {
  for (const char* text :
       {"", "a", "ftp://a/", "javascript:alert(1)", "http://", "http:///x", "http://a:0/", "http://a:65536/",
        "http://a:x/", "http://user:secret@a/", "http://a b/", "http://\xca\xfd.cn/", "http://[::1/", "http://[::1]x/",
        "http://[1.2.3.4]/", "http://a/\r\nX: y", "http://a/\x7f"})
    EXPECT_FALSE(parse_web_address(text)) << text;
  EXPECT_FALSE(parse_web_address("http://a/" + std::string(9000, 'x')));
  EXPECT_FALSE(parse_web_address("http://" + std::string(254, 'x') + "/"));
}

TEST(WebAddress, PasswordNeverAppearsInTheProblem) {
  EXPECT_EQ(parsed("http://user:secret@a/").find("secret"), std::string::npos);
}

TEST(WebAddress, RelativeLocationsFollowTheStandard) {
  const char* from = "http://a/b/c/d?q";  // RFC 3986, 5.4
  EXPECT_EQ(hop(from, "g"), "http://a/b/c/g");
  EXPECT_EQ(hop(from, "./g"), "http://a/b/c/g");
  EXPECT_EQ(hop(from, "g/"), "http://a/b/c/g/");
  EXPECT_EQ(hop(from, "/g"), "http://a/g");
  EXPECT_EQ(hop(from, "//g"), "http://g/");
  EXPECT_EQ(hop(from, "?y"), "http://a/b/c/d?y");
  EXPECT_EQ(hop(from, "g?y"), "http://a/b/c/g?y");
  EXPECT_EQ(hop(from, "#s"), "http://a/b/c/d?q");
  EXPECT_EQ(hop(from, ""), "http://a/b/c/d?q");
  EXPECT_EQ(hop(from, "."), "http://a/b/c/");
  EXPECT_EQ(hop(from, ".."), "http://a/b/");
  EXPECT_EQ(hop(from, "../g"), "http://a/b/g");
  EXPECT_EQ(hop(from, "../../../g"), "http://a/g");
  EXPECT_EQ(hop(from, "g?y/../x"), "http://a/b/c/g?y/../x");
  EXPECT_EQ(hop(from, "https://z:1/"), "https://z:1/");
  EXPECT_EQ(hop("http://a", "/x//y"), "http://a/x//y");
}

TEST(WebAddress, ChineseHostNamesAreWhatTheNetworkKnows) {
  EXPECT_EQ(parsed("http://例子.中国:81/首页"), "http://xn--fsqu00a.xn--fiqs8s:81/%E9%A6%96%E9%A1%B5");
  EXPECT_EQ(hop("http://a/", "//例子.中国/"), "http://xn--fsqu00a.xn--fiqs8s/");
}

TEST(WebAddress, LocationsAreReadAsLenientlyAsBrowsersDo) {
  EXPECT_EQ(hop("http://a/b", "  /c d \t"), "http://a/c%20d");
  EXPECT_EQ(hop("http://a/b", "\\c\\d?e\\f"), "http://a/c/d?e\\f");
  EXPECT_EQ(hop("http://a/b", "HTTP://name:word@C/\r\n"), "http://c/") << "a user name is dropped";
  EXPECT_EQ(hop("http://a/b", "/\xca\xd7"), "http://a/%CA%D7") << "bytes of another encoding stay what they are";
}

TEST(WebAddress, TooFewAndTooManySlashesAreReadAsBrowsersDo) {
  EXPECT_EQ(hop("http://a/b/c", "http:/d"), "http://a/d");
  EXPECT_EQ(hop("http://a/b/c", "http:d"), "http://a/b/d");
  EXPECT_EQ(hop("http://a/b/c", "index_1:2.html"), "http://a/b/index_1:2.html") << "no scheme has a _";
  EXPECT_EQ(hop("http://a/b/c", "https:/z/d"), "https://z/d");
  EXPECT_EQ(hop("http://a/b/c", "http:////z/d"), "http://z/d");
  EXPECT_EQ(hop("http://a/b/c", "///z/d"), "http://z/d");
}

TEST(WebAddress, AnOriginIsSchemeHostAndPort) {
  const auto same = [](const char* a, const char* b) {
    return same_origin(parse_web_address(a).value(), parse_web_address(b).value());
  };
  EXPECT_TRUE(same("http://a/x", "http://A:80/y"));
  EXPECT_FALSE(same("http://a/", "https://a/"));
  EXPECT_FALSE(same("http://a/", "http://a:81/"));
  EXPECT_FALSE(same("http://a/", "http://b/"));
}

TEST(WebAddress, LeavingTlsIsRefusedUnlessAllowed) {
  EXPECT_EQ(hop("https://a/", "http://a/"), "redirect from https to http");
  EXPECT_EQ(hop("https://a/", "http://a/", true), "http://a/");
  EXPECT_EQ(hop("https://a/", "//b/"), "https://b/");
  EXPECT_EQ(hop("http://a/", "https://a/"), "https://a/");
}

TEST(WebAddress, RedirectElsewhereThanTheWebIsRefused) {
  EXPECT_NE(hop("http://a/", "file:///etc/passwd").find("redirect:"), std::string::npos);
  EXPECT_NE(hop("http://a/", "mailto:x@y").find("redirect:"), std::string::npos);
}

bool holds(std::string_view list, unsigned status) { return status_ranges::parse(list).value().holds(status); }

TEST(StatusRanges, ListsAndRangesHoldTheirEdges) {
  EXPECT_TRUE(status_ranges{}.holds(200));
  EXPECT_TRUE(status_ranges{}.holds(399));
  EXPECT_FALSE(status_ranges{}.holds(400));
  EXPECT_FALSE(status_ranges{}.holds(199));
  EXPECT_TRUE(holds("200,301-302+404", 302));
  EXPECT_TRUE(holds("200,301-302+404", 404));
  EXPECT_FALSE(holds("200,301-302+404", 303));
}

TEST(StatusRanges, NonsenseIsRefused) {
  for (const char* text :
       {"", "99", "600", "200-", "-200", "300-200", "200,", ",200", "2oo", "200--201", " 200", "+200", "200-300-400"})
    EXPECT_FALSE(status_ranges::parse(text)) << text;
}

}  // namespace
}  // namespace changtong::wire
