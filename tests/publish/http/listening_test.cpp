// Who listens for what happens: told together, never queued, first to go, gone at the stop.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "daemon/publish/http/server.h"
#include "tests/publish/http/client.h"

namespace changtong::http {
namespace {

using testing::HasSubstr;

struct Listening : testing::Test {
  static web_response listens(const web_request&) {
    web_response out;
    out.content_type = "text/event-stream";
    out.body = "retry: 5000\n\n";
    out.listens = true;
    return out;
  }
  static web_response hello(const web_request&) {
    web_response out;
    out.body = "hello";
    return out;
  }
  void serve(std::size_t seats = 256) {
    server_options o;
    o.port = 0;
    o.connections = seats;
    o.happened = &happened;
    server_ = server::start(o, {{"GET", "/events", listens}, {"GET", "/hello", hello}}, &counts).value();
  }
  [[nodiscard]] std::unique_ptr<raw_client> listener() const {
    auto c = std::make_unique<raw_client>(server_->port());
    c->send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_THAT(c->until("retry: 5000\n\n"), HasSubstr("Content-Type: text/event-stream"));
    return c;
  }

  std::atomic<std::uint64_t> happened{7};
  door_tallies counts;
  std::unique_ptr<server> server_;
};

TEST_F(Listening, HearsOfWhatHappensAfterItCame) {
  serve();
  const auto one = listener(), other = listener();
  happened = 9;
  for (const auto& c : {one.get(), other.get()})
    EXPECT_THAT(c->until("\n\n"), HasSubstr("event: change\ndata: 9\n\n")) << "two at once are one";
  happened = 10;
  EXPECT_THAT(one->until("data: 10\n\n"), HasSubstr("event: change"));
}

TEST_F(Listening, TheConnectionThatEndsIsForgotten) {
  serve();
  auto one = listener();
  one.reset();
  while (counts.connections != 0) std::this_thread::yield();
}

TEST_F(Listening, AListenerIsTheFirstToGoWhereASeatIsNeeded) {
  serve(2);
  const auto one = listener(), other = listener();
  raw_client late(server_->port());
  late.send("GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(late.rest(), HasSubstr("hello"));
  happened = 8;
  EXPECT_THAT(one->rest() + "|", testing::Not(HasSubstr("data: 8"))) << "the one that has rested longest";
  EXPECT_THAT(other->until("data: 8\n\n"), HasSubstr("event: change"));
}

TEST_F(Listening, OnlySoManyListen) {
  serve(1024);
  std::vector<std::unique_ptr<raw_client>> all;
  std::size_t refused = 0;
  for (int i = 0; i < 240; ++i) {
    const std::string from = "127.0.1." + std::to_string(1 + i / 40);
    auto c = std::make_unique<raw_client>(server_->port(), from.c_str());
    c->send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const std::string head = c->until("\r\n\r\n");
    if (head.find("HTTP/1.1 503") != std::string::npos) {
      EXPECT_THAT(head, HasSubstr("Retry-After"));
      ++refused;
    }
    all.push_back(std::move(c));
  }
  EXPECT_EQ(refused, 40U);
}

TEST_F(Listening, AStopEndsThem) {
  serve();
  const auto one = listener();
  server_->stop();
  EXPECT_THAT(one->rest(), HasSubstr("0\r\n\r\n")) << "whole, not cut off";
}

}  // namespace
}  // namespace changtong::http
