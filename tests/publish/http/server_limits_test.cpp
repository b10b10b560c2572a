// What the server bounds: bodies, waits, seats, and how long a stop may take.
#include <gmock/gmock.h>

#include <future>

#include "tests/publish/http/serving.h"

namespace changtong::http {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

struct ServerLimits : ServerTest {};

TEST_F(ServerLimits, RefusesWhatIsTooLarge) {
  const std::string big(20 * 1024, 'a');
  EXPECT_THAT(ask("GET /hello HTTP/1.1\r\nX-Big: " + big + "\r\n" + last), StartsWith("HTTP/1.1 431"));
  EXPECT_THAT(ask("GET /" + std::string(9 * 1024, 'a') + " HTTP/1.1\r\n" + last), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(ask(std::string("POST /echo HTTP/1.1\r\nContent-Length: 1048577\r\n") + last),
              StartsWith("HTTP/1.1 413"));
  const std::string body(1024 * 1024, 'b');
  EXPECT_THAT(ask("POST /echo HTTP/1.1\r\nContent-Length: 1048576\r\n" + std::string(last) + body),
              StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerLimits, HowLargeABodyMayBeIsTheOptionsToSay) {
  auto o = quick();
  o.idle_timeout = milliseconds{20'000};
  o.body_limit = 2 << 20;
  serve(o);
  const auto post = [&](std::size_t bytes) {
    return ask("POST /echo HTTP/1.1\r\nContent-Length: " + std::to_string(bytes) + "\r\n" + last +
               std::string(bytes, 'b'));
  };
  EXPECT_THAT(post(2 << 20), StartsWith("HTTP/1.1 200")) << "more than the library's own limit";
  o.body_limit = 10;
  serve(o);
  EXPECT_THAT(post(10), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(post(11), StartsWith("HTTP/1.1 413"));
}

TEST_F(ServerLimits, ARouteMayTakeALargerBodyThanTheOthers) {
  auto o = quick();
  o.idle_timeout = milliseconds{20'000};
  serve(o);
  const auto post = [&](const std::string& path, std::size_t bytes) {
    return ask("POST " + path + " HTTP/1.1\r\nContent-Length: " + std::to_string(bytes) + "\r\n" + last +
               std::string(bytes, 'b'));
  };
  EXPECT_THAT(post("/sheet", 3 << 20), HasSubstr("3145728"));
  EXPECT_THAT(ask("POST /sheet HTTP/1.1\r\nContent-Length: 3145729\r\n" + std::string(last)),
              StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(ask("POST /echo HTTP/1.1\r\nContent-Length: 1048577\r\n" + std::string(last)),
              StartsWith("HTTP/1.1 413"));
  const std::string chunk = "100001\r\n" + std::string(0x100001, 'c') + "\r\n0\r\n\r\n";
  const std::string chunked = " HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + std::string(last) + chunk;
  EXPECT_THAT(ask("POST /sheet" + chunked), HasSubstr("1048577"));
  EXPECT_THAT(ask("POST /echo" + chunked), StartsWith("HTTP/1.1 413"));
}

TEST_F(ServerLimits, WhomARouteTurnsAwayIsToldBeforeTheBodyHasCome) {
  const auto head = [&](const std::string& more) {
    return ask("POST /ship HTTP/1.1\r\n" + more + "Content-Length: 3145728\r\nHost: localhost\r\n\r\n");
  };
  EXPECT_THAT(head("Authorization: Bearer theirs\r\n"),
              AllOf(StartsWith("HTTP/1.1 401"), HasSubstr("Connection: close"), HasSubstr("nosniff")));
  EXPECT_THAT(head(""), StartsWith("HTTP/1.1 500")) << "a keeper that throws lets nobody in";
  EXPECT_THAT(ask("POST /ship HTTP/1.1\r\nAuthorization: Bearer ours\r\nContent-Length: 3145728\r\n" +
                  std::string(last) + std::string(3 << 20, 'b')),
              HasSubstr("3145728"));
}

TEST_F(ServerLimits, ASlowClientIsClosedAndHoldsNobodyUp) {
  serve(quick());
  raw_client silent(server_->port());
  raw_client dripping(server_->port());
  dripping.send("GET /hello HTTP/1.1\r\nHo");
  EXPECT_THAT(ask(std::string("GET /hello HTTP/1.1\r\n") + last), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(silent.rest(), "");
  EXPECT_TRUE(silent.closed());
  EXPECT_EQ(dripping.rest(), "");
  EXPECT_TRUE(dripping.closed());
}

TEST_F(ServerLimits, AClientThatDoesNotReadIsClosed) {
  serve(quick());
  raw_client deaf(server_->port());
  deaf.send("GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(deaf.piece(), StartsWith("HTTP/1.1 200"));
  raw_client other(server_->port());  // outlives the deaf one's timeout only if that is enforced
  EXPECT_EQ(other.rest(), "");
  deaf.rest();
  EXPECT_TRUE(deaf.closed());
}

TEST_F(ServerLimits, OneConnectionTooManyIsTurnedAway) {
  auto o = quick();
  o.connections = 2;
  serve(o);
  raw_client a(server_->port());
  raw_client b(server_->port());
  for (auto* c : {&a, &b}) {
    c->send("GET /hello?name=x HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_THAT(c->until("hello x"), HasSubstr("200 OK"));
  }
  raw_client third(server_->port());
  EXPECT_THAT(third.rest(), StartsWith("HTTP/1.1 503"));
}

TEST_F(ServerLimits, StopsWhileStreamingWithinTheLimit) {
  raw_client c(server_->port());
  c.send("GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(c.piece(), StartsWith("HTTP/1.1 200"));
  raw_client idle(server_->port());
  const std::uint16_t port = server_->port();
  auto stopped = std::async(std::launch::async, [&] { server_->stop(); });
  EXPECT_EQ(stopped.wait_for(std::chrono::seconds(5)), std::future_status::ready);
  server_.reset();
  EXPECT_EQ(idle.rest(), "");
  EXPECT_FALSE(raw_client(port).connected());
}

TEST_F(ServerLimits, WhatIsUnderWayIsFinishedBeforeStopping) {
  std::promise<void> entered;
  std::promise<void> go_on;
  auto o = quick();
  o.stop_timeout = milliseconds{5'000};
  server_ = server::start(o, {{"GET", "/slow",
                               [&](const web_request&) {
                                 entered.set_value();
                                 go_on.get_future().wait();
                                 return text("done");
                               }}})
                .value();
  raw_client c(server_->port());
  c.send("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
  entered.get_future().wait();
  auto stopped = std::async(std::launch::async, [&] { server_->stop(); });
  go_on.set_value();
  EXPECT_TRUE(c.rest().ends_with("\r\n\r\ndone"));
  stopped.wait();
}

TEST_F(ServerLimits, AnAnswerOnItsWayIsWrittenToItsEndBeforeStopping) {
  auto o = quick();
  o.idle_timeout = milliseconds{20'000};
  o.stop_timeout = milliseconds{20'000};
  serve(o);
  raw_client c(server_->port());
  c.send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
  std::string answer = c.piece();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  raw_client idle(server_->port());
  idle.send("GET /hello?name=x HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(idle.until("hello x"), HasSubstr("200 OK"));
  auto stopped = std::async(std::launch::async, [&] { server_->stop(); });
  EXPECT_EQ(idle.rest(), "") << "it was told of the stop, after the one that is reading";
  answer += c.rest();
  EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, large);
  stopped.wait();
}

}  // namespace
}  // namespace changtong::http
