#include "daemon/core/proxies.h"

#include <gtest/gtest.h>

namespace changtong {
namespace {

web_request from(const std::string& peer, std::multimap<std::string, std::string> headers) {
  return {.method = "GET", .path = "/", .query = {}, .headers = std::move(headers), .body = {}, .peer = peer};
}

proxy_settings proxies() {
  return {.trusted = {*parse_network("10.0.0.0/24"), *parse_network("2001:db8::/32")}, .user_header = "x-remote-user"};
}

std::string client(const std::string& peer, const std::string& list) {
  web_request r = from(peer, {{"x-forwarded-for", list}});
  hand_on(proxies(), r);
  return r.peer;
}

TEST(Proxies, ANetworkIsReadAsItIsWrittenAndNoOther) {
  for (const char* text : {"10.0.0.0/8", "192.0.2.7/32", "0.0.0.0/0", "2001:db8::/32", "::1/128"})
    EXPECT_EQ(to_string(parse_network(text).value()), text);
  EXPECT_EQ(to_string(parse_network("192.0.2.7").value()), "192.0.2.7/32");
  for (const char* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/-1", "10.0.0.0/8 ",
                           "2001:db8::1/32", "::ffff:10.0.0.0/104", "proxy", "10.0.0/8"})
    EXPECT_FALSE(parse_network(text)) << text;
}

TEST(Proxies, ANetworkHoldsItsAddressesHoweverTheyAreWritten) {
  const ip_network n = *parse_network("10.1.128.0/17");
  for (const char* in : {"10.1.128.0", "10.1.255.255", "::ffff:10.1.200.1"})
    EXPECT_TRUE(holds(n, *parse_address(in))) << in;
  for (const char* out : {"10.1.127.255", "10.2.128.0", "::", "a01:8000::"})
    EXPECT_FALSE(holds(n, *parse_address(out)));
}

TEST(Proxies, TheClientIsTheLastOneWhomNobodyTrusts) {
  EXPECT_EQ(client("10.0.0.1", "198.51.100.9"), "198.51.100.9");
  EXPECT_EQ(client("10.0.0.1", "203.0.113.66, 198.51.100.9"), "198.51.100.9") << "what a client wrote itself";
  EXPECT_EQ(client("10.0.0.1", "198.51.100.9, 10.0.0.2"), "198.51.100.9");
  EXPECT_EQ(client("2001:db8::5", "2001:db9::7"), "2001:db9::7");
  EXPECT_EQ(client("::ffff:10.0.0.1", "[2001:db9::7]:4711,10.0.0.2:80"), "2001:db9::7");
  EXPECT_EQ(client("10.0.0.1", "::ffff:198.51.100.9"), "198.51.100.9");
  EXPECT_EQ(client("10.0.0.1", "10.0.0.3, 10.0.0.2"), "10.0.0.3") << "one of our own house";
}

TEST(Proxies, AListThatCannotBeReadEndsAtTheLastOneWhoIsTrusted) {
  for (const char* odd : {"", ",", "unknown", "_hidden", "198.51.100.9, x", "198.51.100.9,", "198.51.100.9 10.0.0.2",
                          "[::1", "999.1.1.1", "fe80::1%eth0"})
    EXPECT_EQ(client("10.0.0.1", odd), "10.0.0.1") << odd;
  EXPECT_EQ(client("10.0.0.1", "198.51.100.9, x, 10.0.0.2"), "10.0.0.2");
}

TEST(Proxies, SeveralHeadersAreOneList) {
  web_request r = from("10.0.0.1", {{"x-forwarded-for", "203.0.113.66"}, {"x-forwarded-for", "198.51.100.9"}});
  hand_on(proxies(), r);
  EXPECT_EQ(r.peer, "198.51.100.9");
}

TEST(Proxies, NobodyElsesWordCounts) {
  for (const char* stranger : {"192.0.2.7", "10.0.1.1", "::1", "127.0.0.1", "", "10.0.0.1.example"}) {
    web_request r = from(stranger, {{"x-forwarded-for", "198.51.100.9"}, {"x-remote-user", "admin"}});
    hand_on(proxies(), r);
    EXPECT_EQ(r.peer, stranger);
    EXPECT_FALSE(r.vouched) << stranger;
  }
  EXPECT_EQ(client("192.0.2.7", "10.0.0.1"), "192.0.2.7");
  web_request r = from("10.0.0.1", {{"x-forwarded-for", "198.51.100.9"}, {"x-remote-user", "admin"}});
  hand_on({}, r);
  EXPECT_EQ(r.peer, "10.0.0.1") << "and where none is trusted, nobody's";
  EXPECT_FALSE(r.vouched);
}

TEST(Proxies, AUserIsNamedOnceOrNobodyIs) {
  const auto vouched = [](std::multimap<std::string, std::string> headers) {
    web_request r = from("10.0.0.1", std::move(headers));
    hand_on(proxies(), r);
    return r.vouched;
  };
  EXPECT_EQ(vouched({{"x-remote-user", " 王工 "}}), "王工");
  EXPECT_EQ(vouched({{"x-remote-user", "王工"}, {"x-remote-user", "王工"}}), "") << "one of them may be the client's";
  EXPECT_EQ(vouched({{"x-remote-user", ""}}), "");
  EXPECT_EQ(vouched({{"x-remote_user", "王工"}}), std::nullopt);
  EXPECT_EQ(vouched({}), std::nullopt);
}

}  // namespace
}  // namespace changtong
