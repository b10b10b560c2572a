// The command line's way to a running daemon.
#include "daemon/cli/api_client.h"

#include <gtest/gtest.h>

#include "daemon/publish/http/server.h"

namespace changtong {
namespace {

std::string parts(const std::string& url) {
  const auto a = parse_api_url(url);
  return a ? a->host + " " + a->port : "";
}

TEST(ApiUrl, IsAHostAndAPort) {
  EXPECT_EQ(parts("http://127.0.0.1:8080"), "127.0.0.1 8080");
  EXPECT_EQ(parts("http://localhost/"), "localhost 80");
  EXPECT_EQ(parts("http://[::1]:8080/"), "::1 8080");
  for (const char* bad : {"", "127.0.0.1:8080", "https://127.0.0.1", "http://", "http://h:", "http://h:x",
                          "http://h:123456", "http://h/api", "http://u:p@h", "http://[::1", "http://:80", "ftp://h"})
    EXPECT_EQ(parts(bad), "") << bad;
}

TEST(ApiPost, CarriesTokenPathAndBody) {
  web_request seen;
  auto server = http::server::start({.port = 0}, {{"POST", "/api/v1/duty", [&](const web_request& r) {
                                                     seen = r;
                                                     web_response out;
                                                     out.body = "{}";
                                                     return out;
                                                   }}});
  ASSERT_TRUE(server) << to_string(server.error());
  const auto answer = api_post("http://127.0.0.1:" + std::to_string((*server)->port()), secret("s3cret-token"),
                               "/api/v1/duty", R"({"person":"王工"})");
  (*server)->stop();
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "{}");
  EXPECT_EQ(seen.header("authorization"), "Bearer s3cret-token");
  EXPECT_EQ(seen.body, R"({"person":"王工"})");
}

TEST(ApiPost, ADaemonThatIsNotThereIsAProblemWithoutTheToken) {
  auto server = http::server::start({.port = 0}, {});
  ASSERT_TRUE(server);
  const std::string url = "http://127.0.0.1:" + std::to_string((*server)->port());
  (*server)->stop();
  server->reset();
  const auto answer = api_post(url, secret("s3cret-token"), "/api/v1/duty", "{}");
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().text.find(url), std::string::npos);
  EXPECT_EQ(answer.error().text.find("s3cret"), std::string::npos);
}

}  // namespace
}  // namespace changtong
