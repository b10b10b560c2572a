#include "daemon/publish/http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <future>
#include <memory>

#include "daemon/publish/http/session.h"
#include "tests/publish/http/serving.h"

namespace changtong::http {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST_F(ServerTest, AnswersOnAnyFreePort) {
  const auto answer = ask(std::string("GET /hello?name=%E7%95%85%E9%80%9A HTTP/1.1\r\n") + last);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\n\r\nhello 畅通"));
  EXPECT_THAT(answer, HasSubstr("X-Content-Type-Options: nosniff"));
  EXPECT_THAT(answer, HasSubstr("Content-Security-Policy: default-src 'self'"));
  EXPECT_THAT(answer, HasSubstr("Referrer-Policy: no-referrer"));
  EXPECT_THAT(answer, Not(HasSubstr("Access-Control-")));
}

TEST_F(ServerTest, APrefixWithAnEndingAnswersForWhatStandsBetween) {
  const auto asked = [&](const std::string& path) { return ask("GET " + path + " HTTP/1.1\r\n" + last); };
  EXPECT_THAT(asked("/lines/L1/recent"), EndsWith("\r\n\r\nrecent"));
  EXPECT_THAT(asked("/lines/L1"), EndsWith("\r\n\r\nline L1"));
  EXPECT_THAT(asked("/lines/recent"), EndsWith("\r\n\r\nline recent"));
  EXPECT_THAT(asked("/lines//recent"), EndsWith("\r\n\r\nline /recent")) << "nothing stands between";
  EXPECT_THAT(ask(std::string("POST /lines/L1/recent HTTP/1.1\r\nContent-Length: 0\r\n") + last),
              HasSubstr("Allow: GET, HEAD\r\n"));
}

TEST_F(ServerTest, AnswersGiveWayToTheThreadThatProbes) {
  const int own = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()));
  const int expected = std::max(own, quick().niceness);  // raising a priority is not for us
  EXPECT_THAT(ask(std::string("GET /niceness HTTP/1.1\r\n") + last), EndsWith("\r\n\r\n" + std::to_string(expected)));
  EXPECT_EQ(::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid())), own) << "its own threads only";
}

/** Whoever asks, with these headers. */
std::string whoever(const server& s, const std::string& headers, const char* from = "127.0.0.1") {
  raw_client c(s.port(), from);
  c.send("GET /whoever HTTP/1.1\r\n" + headers + last);
  const std::string all = c.rest();
  return all.substr(all.find("\r\n\r\n") + 4);
}

TEST_F(ServerTest, ARequestIsFromWhomATrustedProxyNames) {
  const std::string forged = "X-Forwarded-For: 203.0.113.66\r\nX-Remote-User: admin\r\n";
  EXPECT_EQ(whoever(*server_, forged), "<127.0.0.1|nobody says>") << "none is trusted by default";
  proxy_settings only{.trusted = {*parse_network("127.0.0.9")}, .user_header = "x-remote-user"};
  server_->trust(only);
  EXPECT_EQ(whoever(*server_, forged), "<127.0.0.1|nobody says>");
  EXPECT_EQ(whoever(*server_, forged, "127.0.0.9"), "<203.0.113.66|admin>");
  EXPECT_EQ(
      whoever(*server_, forged + "X-Forwarded-For: 2001:db8::7, 127.0.0.9\r\nx-remote-user: root\r\n", "127.0.0.9"),
      "<2001:db8::7|>");
  EXPECT_EQ(whoever(*server_, "X-Forwarded-For:\r\nX-Remote-User:\r\n", "127.0.0.9"), "<127.0.0.9|>");
  server_->trust({});
  EXPECT_EQ(whoever(*server_, forged, "127.0.0.9"), "<127.0.0.9|nobody says>") << "after a reload";
}

TEST(House, AFloodOfOneKindHidesNoOtherFromTheLog) {
  door_tallies counts;
  house h(server_options{}, {}, std::nullopt, counts);
  testing::internal::CaptureStderr();
  for (int i = 0; i < 200; ++i) h.turned_away(door_reason::full, "203.0.113." + std::to_string(i));
  for (int i = 0; i < 3; ++i) h.turned_away(door_reason::slow_body, "192.0.2.7");
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("拒绝 192.0.2.7"));
}

TEST_F(ServerTest, KeepsTheConnectionForTheNextRequest) {
  raw_client c(server_->port());
  for (const char* name : {"a", "b", "c"}) {
    c.send(std::string("GET /hello?name=") + name + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_THAT(c.until(std::string("hello ") + name), HasSubstr("200 OK"));
  }
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  const auto answers = ask(std::string("GET /hello?name=1 HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                       "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\ntwo"
                                       "GET /hello?name=3 HTTP/1.1\r\n") +
                           last);
  const auto first = answers.find("hello 1");
  const auto second = answers.find("two");
  const auto third = answers.find("hello 3");
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  EXPECT_NE(third, std::string::npos);
}

TEST_F(ServerTest, HeadHasTheLengthOfGetAndNoBody) {
  const auto answer = ask(std::string("HEAD /hello?name=x HTTP/1.1\r\n") + last);
  EXPECT_THAT(answer, HasSubstr("200 OK"));
  EXPECT_THAT(answer, HasSubstr("Content-Length: 7\r\n"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
  EXPECT_THAT(ask(std::string("HEAD /chunks HTTP/1.1\r\n") + last), Not(HasSubstr("piece")));
}

TEST_F(ServerTest, StreamsInChunksAndKeepsTheConnection) {
  raw_client c(server_->port());
  c.send("GET /chunks HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto answer = c.until("\r\n0\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("Transfer-Encoding: chunked"));
  EXPECT_THAT(answer, HasSubstr("\r\n8\r\npiece 0\n\r\n8\r\npiece 1\n\r\n8\r\npiece 2\n\r\n0\r\n\r\n"));
  c.send("GET /hello?name=after HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(c.until("hello after"), HasSubstr("200 OK"));
}

TEST_F(ServerTest, StreamsToOldClientsWithoutChunksAndCloses) {
  const auto answer = ask("GET /chunks HTTP/1.0\r\n\r\n");
  EXPECT_THAT(answer, Not(HasSubstr("chunked")));
  EXPECT_TRUE(answer.ends_with("\r\n\r\npiece 0\npiece 1\npiece 2\n")) << answer;
}

TEST_F(ServerTest, AStreamThatBreaksOffDoesNotLookWhole) {
  const auto answer = ask(std::string("GET /breaking HTTP/1.1\r\n") + last);
  EXPECT_THAT(answer, HasSubstr("\r\n8\r\npiece 0\n\r\n"));
  EXPECT_THAT(answer, Not(EndsWith("0\r\n\r\n"))) << "the last chunk says that all of it is there";
}

TEST_F(ServerTest, TwoAuthorizationsAreTwoReadingsOfOneRequest) {
  const auto with = [&](const std::string& headers) { return ask("GET /hello HTTP/1.1\r\n" + headers + last); };
  const std::string one = "Authorization: Bearer aaaaaaaaaaaaaaaa\r\n";
  EXPECT_THAT(with(one), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(with(one + one), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(with(one + "authorization: Bearer bbbbbbbbbbbbbbbb\r\n"), StartsWith("HTTP/1.1 400"));
}

TEST_F(ServerTest, SaysWhatIsWrongWithARequest) {
  EXPECT_THAT(ask("nonsense\r\n\r\n"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(ask(std::string("GET /%zz HTTP/1.1\r\n") + last), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(ask(std::string("GET /%zz HTTP/1.1\r\n") + last),
              HasSubstr(R"("text":"请求格式错误：百分号编码不完整","text_en":"broken percent-encoding")"));
  EXPECT_THAT(ask("GET /hello HTTP/1.1\r\nConnection: close\r\n\r\n"), StartsWith("HTTP/1.1 400"));  // no Host
  EXPECT_THAT(ask(std::string("GET /hello HTTP/1.1\r\nHost: localhost\r\n") + last), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(ask(std::string("GET /nowhere HTTP/1.1\r\n") + last), StartsWith("HTTP/1.1 404"));
  const auto wrong_method = ask(std::string("DELETE /hello HTTP/1.1\r\n") + last);
  EXPECT_THAT(wrong_method, StartsWith("HTTP/1.1 405"));
  EXPECT_THAT(wrong_method, HasSubstr("Allow: GET, HEAD\r\n"));
  EXPECT_THAT(wrong_method, HasSubstr(R"({"error":{"code":"method_not_allowed")"));
}

TEST_F(ServerTest, AWordOfARouteIsAnIdToOtherMethods) {
  EXPECT_THAT(ask(std::string("GET /lines/changes HTTP/1.1\r\n") + last), HasSubstr("line changes"));
  EXPECT_THAT(ask(std::string("HEAD /lines/changes HTTP/1.1\r\n") + last), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(ask(std::string("POST /lines/changes HTTP/1.1\r\nContent-Length: 0\r\n") + last), HasSubstr("changed"));
  EXPECT_THAT(ask(std::string("DELETE /lines/changes HTTP/1.1\r\n") + last), HasSubstr("Allow: POST, GET, HEAD\r\n"));
  EXPECT_THAT(ask(std::string("POST /lines/others HTTP/1.1\r\nContent-Length: 0\r\n") + last),
              StartsWith("HTTP/1.1 405"));
  EXPECT_THAT(ask(std::string("POST /lines/L1/recent HTTP/1.1\r\nContent-Length: 0\r\n") + last),
              StartsWith("HTTP/1.1 405"));
}

TEST_F(ServerTest, ARouteThatThrowsIsA500AndTheServerGoesOn) {
  const auto answer = ask(std::string("GET /throws HTTP/1.1\r\n") + last);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 500"));
  EXPECT_THAT(answer, Not(HasSubstr("a bug")));
  EXPECT_THAT(ask(std::string("GET /hello HTTP/1.1\r\n") + last), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, ANameThatMerelyPointsAtLoopbackIsRefused) {
  const auto with_host = [&](const std::string& host) {
    return ask("GET /hello HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
  };
  EXPECT_THAT(with_host("evil.example:8080"), StartsWith("HTTP/1.1 421"));
  EXPECT_THAT(with_host("localhost.evil.example"), StartsWith("HTTP/1.1 421"));
  EXPECT_THAT(with_host("127.0.0.1.evil.example"), StartsWith("HTTP/1.1 421"));
  EXPECT_THAT(with_host("192.0.2.1"), StartsWith("HTTP/1.1 421"));
  for (const char* good : {"localhost", "LOCALHOST:8080", "127.0.0.1:1", "127.9.9.9", "[::1]:8080"}) {
    EXPECT_THAT(with_host(good), StartsWith("HTTP/1.1 200")) << good;
  }
}

TEST_F(ServerTest, APortInUseNamesTheSetting) {
  auto o = quick();
  o.port = server_->port();
  const auto second = server::start(o, routes());
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().text, HasSubstr("listen"));
  EXPECT_THAT(to_string(second.error()), StartsWith("无法监听 "));
  EXPECT_THAT(second.error().text, HasSubstr("端口已被占用"));
  EXPECT_THAT(second.error().text_en, HasSubstr("the port is in use"));
  EXPECT_THAT(second.error().text, HasSubstr(std::to_string(o.port)));
}

TEST_F(ServerTest, AnAddressThatIsNotOursNamesTheSetting) {
  auto o = quick();
  o.address = *parse_address("192.0.2.77");
  const auto none = server::start(o, routes());
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().text, HasSubstr("listen"));
}

}  // namespace
}  // namespace changtong::http
