// The command line's way to a running daemon.
#include "daemon/cli/api_client.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "daemon/cli/api_answers.h"
#include "daemon/cli/entry_commands.h"
#include "daemon/cli/entry_door.h"
#include "daemon/publish/http/server.h"
#include "tests/collectors/test_authority.h"
#include "tests/host/post_peers.h"

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
  EXPECT_EQ(parts("https://wan.example.gov.cn"), "wan.example.gov.cn 443");
  EXPECT_TRUE(parse_api_url("https://[fe80::1%eth0]:8443")->tls);
  for (const char* bad : {"", "127.0.0.1:8080", "https://", "http://", "http://h:", "http://h:x", "http://h:123456",
                          "http://h/api", "http://u:p@h", "http://[::1", "http://:80", "ftp://h"})
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
  const auto answer =
      api_post({.url = "http://127.0.0.1:" + std::to_string((*server)->port()), .token = secret("s3cret-token")},
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
  const auto answer = api_post({.url = url, .token = secret("s3cret-token")}, "/api/v1/duty", "{}");
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().text.find(url), std::string::npos);
  EXPECT_EQ(answer.error().text.find("s3cret"), std::string::npos);
}

TEST(ApiPost, ACertificateThatNobodyVouchesForSaysWhatToDo) {
  test::test_authority ours, others;
  const auto tls = ours.server("IP:127.0.0.1");
  const test::tcp_peer peer([&](test::tcp::socket& s) {
    boost::asio::ssl::stream<test::tcp::socket&> stream(s, *tls);
    boost::system::error_code failed;
    stream.handshake(boost::asio::ssl::stream_base::server, failed);
    if (!failed)
      boost::asio::write(stream, boost::asio::buffer(std::string("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")),
                         failed);
  });
  const auto asked = [&](const std::string& ca) {
    const auto to = peer_at({.url = peer.at("https"), .token_file = {}, .ca = ca});
    const auto answer = api_get(*to, "/api/v1/lists/windows", {});
    return answer ? answer->body : to_string(answer.error());
  };
  EXPECT_EQ(asked(ours.file()), "{}");
  EXPECT_NE(asked("").find("--ca FILE"), std::string::npos) << asked("");
  EXPECT_NE(asked(others.file()).find("--ca has to name"), std::string::npos) << asked(others.file());
  const auto clear = peer_at({.url = "http://127.0.0.1:1", .token_file = {}, .ca = ours.file()});
  ASSERT_FALSE(clear);
  EXPECT_EQ(clear.error().what, problem_class::usage);
}

/** The door to a server that answers every post with `answer`. */
struct ApiDoor : testing::Test {
  ApiDoor() { std::ofstream(token) << "a-token-of-somebody\n"; }
  counted entered(const annotation_command& what, const std::string& answer) {
    asked = 0;
    auto server = http::server::start({.port = 0}, {{"POST", "/api/v1/annotations", [&](const web_request&) {
                                                       ++asked;
                                                       web_response out;
                                                       out.body = answer;
                                                       return out;
                                                     }}});
    EXPECT_TRUE(server);
    const auto door = entry_door::open(
        {.ledger = {},
         .by = {},
         .api = {.url = fmt::format("http://127.0.0.1:{}", (*server)->port()), .token_file = token, .ca = {}}});
    EXPECT_TRUE(door);
    counted out = (*door)->enter({command(what)}, "cli");
    (*server)->stop();
    return out;
  }
  std::string token = testing::TempDir() + "api-door-token";
  int asked = 0;
};

TEST_F(ApiDoor, WhatIsNoUtf8IsNotSentToStandInTheJournalForEver) {
  annotation_command said{.target = "L1", .about = {}, .text = "\xb9\xe2\xc0\xc2"};  // 光缆 of a GBK terminal
  const counted out = entered(said, R"({"entered":[],"notices":[]})");
  EXPECT_EQ(asked, 0);
  ASSERT_TRUE(out.refusal);
  EXPECT_EQ(out.refusal->what, problem_class::no);
  EXPECT_EQ(to_string(*out.refusal),
            "text 不是 UTF-8，请检查终端的编码 / text is not UTF-8: check the terminal's encoding");
}

TEST_F(ApiDoor, AnAnswerThatIsNotOursIsNoSuccess) {
  const annotation_command said{.target = "L1", .about = {}, .text = "雷击"};
  EXPECT_FALSE(entered(said, R"({"entered":[],"notices":[]})").refusal);
  for (const char* other : {"<html>ok</html>", "{}", "[]", ""}) {
    const counted out = entered(said, other);
    ASSERT_TRUE(out.refusal) << other;
    EXPECT_EQ(out.refusal->what, problem_class::cannot) << other;
    EXPECT_NE(to_string(*out.refusal), "") << other;
  }
}

TEST(ApiAnswers, NothingThatATerminalObeysIsPassedOn) {
  const counted out = told({.status = 400, .body = R"({"error":{"text":"\u001b[2J坏\u202e","text_en":"bad\u0007"}})"},
                           annotation_command{});
  ASSERT_TRUE(out.refusal);
  EXPECT_EQ(to_string(*out.refusal), "?[2J坏? / bad?");
}

TEST(ApiAnswers, ARefusalWithoutWordsIsItsNumber) {
  const problem theirs = refusal_in({.status = 502, .body = "<html>"}),
                ours = refusal_in({.status = 400, .body = R"({"error":{}})"});
  EXPECT_EQ(to_string(theirs), "HTTP 502");
  EXPECT_EQ(theirs.what, problem_class::cannot);
  EXPECT_EQ(to_string(ours), "HTTP 400");
  EXPECT_EQ(ours.what, problem_class::no);
}

TEST(ApiAnswers, ManyLinesCostNoMoreEachThanFew) {
  std::string body = R"({"entered":[)";
  for (int i = 0; i < 200'000; ++i) body += fmt::format(R"({}{{"target":"L{}","about":"x"}})", i > 0 ? "," : "", i);
  const counted out = told({.status = 200, .body = body + "]}"}, annotation_command{});  // pairs: twenty milliards
  EXPECT_EQ(out.lines.size(), 200'000U);
}

}  // namespace
}  // namespace changtong
