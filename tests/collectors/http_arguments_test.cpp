// What a check of a website may be told.
#include "collectors/http.h"

#include <gtest/gtest.h>

#include <unistd.h>
#include <filesystem>
#include <fstream>

#include "tests/collectors/test_authority.h"

namespace changtong::test {
namespace {

TEST(HttpArguments, CaFileHoldsACertificate) {
  const test_authority authority;
  const auto with_file = [](const std::string& path) {
    kind_arguments a;
    a.url = "https://www.example.gov.cn/";
    a.pairs = {{"ca", path}};
    return http_kind().parse(a);
  };
  EXPECT_TRUE(with_file(authority.file()));
  const std::string path = testing::TempDir() + "changtong_no_ca_" + std::to_string(::getpid()) + ".pem";
  for (const char* text :
       {"", "not a certificate\n", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}) {
    std::ofstream(path) << text;
    const auto refused = with_file(path);
    ASSERT_FALSE(refused) << text;
    EXPECT_NE(refused.error().text_en.find("no certificate in the file"), std::string::npos) << refused.error().text_en;
  }
  std::filesystem::remove(path);
}

TEST(HttpArguments, BadOnesAreNamed) {
  const auto said = [](std::string url, std::vector<kind_arguments::pair> pairs) {
    kind_arguments a;
    a.url = std::move(url);
    a.pairs = std::move(pairs);
    const auto r = http_kind().parse(a);
    return r ? std::string("accepted") : r.error().text_en;
  };
  const std::string url = "https://www.example.gov.cn/";
  EXPECT_EQ(said(url, {}), "accepted");
  EXPECT_EQ(said("", {{"url", url}}), "accepted");
  EXPECT_NE(said("", {}).find("url= is missing"), std::string::npos);
  EXPECT_NE(said("ftp://x/", {}).find("http:// or https://"), std::string::npos);
  EXPECT_NE(said(url, {{"url", url}}).find("already"), std::string::npos);
  EXPECT_NE(said(url, {{"status", "99"}}).find("status"), std::string::npos);
  EXPECT_NE(said(url, {{"redirects", "21"}}).find("redirects"), std::string::npos);
  EXPECT_NE(said(url, {{"max_bytes", "0"}}).find("max_bytes"), std::string::npos);
  EXPECT_NE(said(url, {{"ca", "/nonexistent"}}).find("/nonexistent"), std::string::npos);
  EXPECT_NE(said(url, {{"verify", "no"}}).find("unknown key `verify`"), std::string::npos);
  EXPECT_NE(said(url, {{"contains", ""}}).find("contains"), std::string::npos);
  EXPECT_NE(said(url, {{"downgrade", "yes"}}).find("`yes`"), std::string::npos);
  EXPECT_NE(said(url, {{"tls.min", "0.9"}}).find("tls.min"), std::string::npos);
  EXPECT_NE(said(url, {{"tls.verify", "maybe"}}).find("tls.verify"), std::string::npos);
  EXPECT_NE(said(url, {{"resolve", "ipv6"}}).find("resolve"), std::string::npos);
  EXPECT_NE(said(url, {{"header", "no colon"}}).find("Name: value"), std::string::npos);
  EXPECT_NE(said(url, {{"header", "X: a\r\nY: b"}}).find("Name: value"), std::string::npos);
  EXPECT_NE(said(url, {{"header", "Host: other"}}).find("host"), std::string::npos);
  EXPECT_EQ(said(url, {{"header", "X-Who: changtong"}, {"user_agent", "curl/8"}, {"tls.min", "1.0"}}), "accepted");
}

}  // namespace
}  // namespace changtong::test
