// What goes out: one POST, its answer, and the ends that it can come to. The peer is our own server, or a silent one.
#include "daemon/publish/http/post.h"

#include <gmock/gmock.h>
#include <poll.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <thread>

#include "daemon/publish/http/server.h"

namespace changtong::http {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Post : testing::Test {
  web_request seen;
  web_response given;
  std::unique_ptr<server> peer = [this] {
    auto started = server::start({.port = 0}, {{"POST", "/in", [this](const web_request& r) {
                                                  seen = r;
                                                  return given;
                                                }}});
    return std::move(started.value());
  }();

  [[nodiscard]] post_request request(std::uint64_t most_body = 1024) const {
    return {.host = "127.0.0.1",
            .port = std::to_string(peer->port()),
            .host_header = "127.0.0.1:" + std::to_string(peer->port()),
            .target = "/in?from=here",
            .token = secret("s3cret"),
            .body = "{\"a\":1}",
            .most_body = most_body};
  }
  [[nodiscard]] static std::string problem_of(const result<post_answer>& a) { return a ? "" : a.error().text; }
};

TEST_F(Post, CarriesTheBodyAndTheTokenAndBringsStatusAndBody) {
  given.status = 409;
  given.body = "no";
  const auto answer = post(request(), nullptr, {});
  peer->stop();
  ASSERT_TRUE(answer) << problem_of(answer);
  EXPECT_EQ(answer->status, 409U);
  EXPECT_EQ(answer->body, "no");
  EXPECT_EQ(seen.body, "{\"a\":1}");
  EXPECT_EQ(seen.parameter("from"), "here");
  EXPECT_EQ(seen.header("authorization"), "Bearer s3cret");
  EXPECT_THAT(std::string(seen.header("user-agent")), HasSubstr("changtong/"));
}

TEST_F(Post, AnAnswerBeyondItsBoundIsAProblemAndNotHalfAnAnswer) {
  given.body = std::string(1025, 'x');
  EXPECT_THAT(problem_of(post(request(1024), nullptr, {})), HasSubstr("body limit"));
  EXPECT_TRUE(post(request(1025), nullptr, {}));
}

TEST_F(Post, WhoWantsTheStatusAloneTakesAnyBody) {
  given.body = std::string(9 << 20, 'x');
  const auto answer = post(request(0), nullptr, {});
  ASSERT_TRUE(answer) << problem_of(answer);
  EXPECT_EQ(answer->status, 200U);
  EXPECT_EQ(answer->body, "");
}

TEST_F(Post, NobodyListeningIsAProblemInTheSystemsWords) {
  const post_request r = request();
  peer.reset();
  EXPECT_EQ(problem_of(post(r, nullptr, {})), "Connection refused");
}

struct SilentPeer : testing::Test {
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor door{io, {boost::asio::ip::make_address("127.0.0.1"), 0}};
  [[nodiscard]] post_request request(milliseconds patience) const {
    return {.host = "127.0.0.1",
            .port = std::to_string(door.local_endpoint().port()),
            .host_header = "here",
            .target = "/",
            .patience = patience};
  }
};

TEST_F(SilentPeer, PatienceEnds) {
  const auto answer = post(request(milliseconds{1}), nullptr, {});
  ASSERT_FALSE(answer);
}

TEST_F(SilentPeer, ALastChunkInPiecesEndsNobody) {
  const std::jthread keeper([&] {
    boost::asio::ip::tcp::socket visitor(io);
    door.accept(visitor);
    visitor.set_option(boost::asio::ip::tcp::no_delay(true));
    std::string question(4096, ' ');
    visitor.read_some(boost::asio::buffer(question));
    for (const char* piece : {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "0\r\n", "\r", "\n"}) {
      boost::system::error_code gone;
      boost::asio::write(visitor, boost::asio::buffer(std::string(piece)), gone);
      pollfd one{visitor.native_handle(), POLLIN | POLLRDHUP, 0};
      ::poll(&one, 1, 20);  // the other side reads each by itself
    }
  });
  post_request asked = request(std::chrono::seconds{5});
  asked.most_body = 1024;
  const auto answer = post(asked, nullptr, {});
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_EQ(answer->status, 200U);
}

TEST_F(SilentPeer, AStopEndsAPostUnderWay) {
  std::stop_source stop;
  boost::asio::ip::tcp::socket visitor(io);  // outlives the post: closing it would be an answer
  const std::jthread stopper([&] {
    door.accept(visitor);
    stop.request_stop();
  });
  const auto answer = post(request(std::chrono::hours{1}), nullptr, stop.get_token());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().text_en, "no answer in time");
}

}  // namespace
}  // namespace changtong::http
