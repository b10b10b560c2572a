// The server as an enemy finds it: thousands who dribble, hundreds who never read, routes that hang. What is vital is
// answered all the while.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <chrono>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "daemon/publish/http/server.h"
#include "tests/publish/http/client.h"

namespace changtong::http {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::size_t large = 8 << 20;  // more than the buffers of both sockets hold
constexpr const char* last = "Host: localhost\r\nConnection: close\r\n\r\n";

web_response text(std::string body) {
  web_response out;
  out.content_type = "text/plain; charset=utf-8";
  out.body = std::move(body);
  return out;
}

/** Routes stay in it until it opens. */
struct gate {
  std::promise<void> opened;
  std::shared_future<void> is_open = opened.get_future().share();
};

struct Siege : testing::Test {
  std::shared_ptr<gate> closed = std::make_shared<gate>();
  door_tallies counts;
  std::unique_ptr<server> server_;

  void SetUp() override {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  void TearDown() override {
    open();
    server_.reset();
    EXPECT_EQ(counts.connections, 0);
    EXPECT_EQ(counts.bytes_in_flight, 0);
  }
  void open() {
    if (closed) closed->opened.set_value();
    closed.reset();
  }

  static server_options options() {
    server_options o;
    o.port = 0;
    o.stop_timeout = milliseconds{200};
    return o;
  }
  void serve(const server_options& o) {
    const auto hangs = [is_open = closed->is_open](const web_request&) {
      is_open.wait();
      return text("at last");
    };
    std::vector<web_route> routes{
        {"GET", "/healthz", [](const web_request&) { return text("ok\n"); }, web_lane::vital},
        {"GET", "/metrics", endless, web_lane::vital},
        {"GET", "/page", [](const web_request&) { return text("page"); }},
        {"GET", "/large", [](const web_request&) { return text(std::string(large, 'x')); }},
        {"GET", "/hangs", hangs},
        {"POST", "/enter", hangs},
        {"POST", "/login", hangs, web_lane::knocking},
        {"POST", "/echo", [](const web_request& r) { return text(std::string(r.header("authorization")) + r.body); }},
    };
    server_ = server::start(o, std::move(routes), &counts).value();
  }
  static web_response endless(const web_request&) {
    web_response out;
    out.stream = [](std::string& chunk) {
      chunk.assign(64 * 1024, 'x');
      return true;
    };
    return out;
  }

  using clients = std::vector<std::unique_ptr<raw_client>>;
  [[nodiscard]] clients crowd(std::size_t many, const std::string& says, const char* from = "127.0.0.1") const {
    clients out;
    for (std::size_t i = 0; i < many; ++i) {
      out.push_back(std::make_unique<raw_client>(server_->port(), from));
      out.back()->send(says);
    }
    return out;
  }
  [[nodiscard]] std::string ask(const std::string& target, const char* from = "127.0.0.1") const {
    raw_client c(server_->port(), from);
    c.send("GET " + target + " HTTP/1.1\r\n" + last);
    return c.rest();
  }
  [[nodiscard]] std::uint64_t turned_away(door_reason why) const {
    return counts.turned_away.at(static_cast<std::size_t>(why));
  }
};

TEST_F(Siege, TwoThousandSlowClientsTakeNoScrapeAway) {
  serve(options());
  const clients slow = crowd(2'000, "GET /metrics HTTP/1.1\r\nHost: loc");
  for (int i = 0; i < 40; ++i) ASSERT_THAT(ask("/healthz"), EndsWith("\r\n\r\nok\n"));
  EXPECT_THAT(ask("/page"), EndsWith("\r\n\r\npage")) << "it takes the seat of one who dribbles";
  EXPECT_GE(turned_away(door_reason::peer) + turned_away(door_reason::full), 2'000U - 256 - 64);
  EXPECT_LE(counts.connections, 256 + 64 + 1);
}

TEST_F(Siege, TwoThousandWhoAskForMetricsAndNeverReadTakeNoScrapeAway) {
  serve(options());
  const clients deaf = crowd(2'000, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  for (int i = 0; i < 40; ++i) ASSERT_THAT(ask("/healthz"), EndsWith("\r\n\r\nok\n"));
  raw_client scrape(server_->port());
  scrape.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  std::size_t got = 0;
  for (std::string p = scrape.piece(); !p.empty() && got < large; p = scrape.piece()) got += p.size();
  EXPECT_GE(got, large) << "who reads is never the one that stalls longest";
  EXPECT_GT(turned_away(door_reason::slow_reader), 0U);
}

TEST_F(Siege, ReadersThatNeverReadHoldNoMoreThanTheBound) {
  server_options o = options();
  o.answers_in_flight = 32 << 20;
  serve(o);
  clients deaf = crowd(40, "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
  std::size_t answered = 0, refused = 0;
  for (const auto& one : deaf) {
    const std::string head = one->piece();
    if (head.starts_with("HTTP/1.1 200")) ++answered;
    if (head.starts_with("HTTP/1.1 503")) {
      ++refused;
      EXPECT_THAT(head, HasSubstr("Retry-After: 5"));
      EXPECT_THAT(head + one->rest(), HasSubstr("在途的内容已达上限"));
    }
    ASSERT_LE(counts.bytes_in_flight, o.answers_in_flight);
  }
  EXPECT_EQ(answered, 4U);
  EXPECT_EQ(refused, 36U);
  EXPECT_EQ(turned_away(door_reason::memory), 36U);
  EXPECT_THAT(ask("/page"), EndsWith("\r\n\r\npage"));
  deaf.clear();
  while (counts.bytes_in_flight > 0) std::this_thread::yield();
  EXPECT_EQ(ask("/large").size() / large, 1U) << "once they are gone there is room again";
}

TEST_F(Siege, WhoHasToGoBetweenTwoRequestsHearsNoAnswerToTheNext) {
  server_options o = options();
  o.connections = 1;
  serve(o);
  raw_client rests(server_->port());
  rests.send("GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(rests.until("\r\n\r\npage"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(ask("/page"), EndsWith("\r\n\r\npage"));
  EXPECT_EQ(rests.rest(), "");
  EXPECT_TRUE(rests.closed());
}

TEST_F(Siege, ASlowReaderIsCutOff) {
  server_options o = options();
  o.stall_timeout = milliseconds{200};
  serve(o);
  const clients deaf = crowd(1, "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
  while (turned_away(door_reason::slow_reader) == 0) std::this_thread::yield();
  EXPECT_LT(deaf.front()->rest().size(), large);
}

TEST_F(Siege, AHeaderHasOneDeadlineHoweverItDrips) {
  server_options o = options();
  o.header_timeout = milliseconds{300};
  serve(o);
  raw_client drips(server_->port());
  std::size_t bytes = 0;
  const std::string head = "GET /page HTTP/1.1\r\nX: " + std::string(10'000, 'a');
  while (drips.quiet_for(milliseconds{20}) && bytes < head.size()) drips.send(head.substr(bytes++, 1));
  EXPECT_LT(bytes, 100U) << "each byte began the time anew";
  EXPECT_EQ(turned_away(door_reason::slow_header), 1U);
}

TEST_F(Siege, OneAddressLeavesSeatsToOthers) {
  serve(options());
  const clients greedy = crowd(300, "GET /hangs HTTP/1.1\r\nHost: localhost\r\n\r\n", "127.0.0.2");
  for (const auto& one : greedy)
    if (one == greedy.back()) EXPECT_THAT(one->piece(), StartsWith("HTTP/1.1 503"));
  EXPECT_GT(turned_away(door_reason::peer) + turned_away(door_reason::busy), 0U);
  EXPECT_THAT(ask("/healthz", "127.0.0.3"), EndsWith("\r\n\r\nok\n"));
}

TEST_F(Siege, EntriesThatHangHideNothingElse) {
  serve(options());
  const clients people = crowd(10, "POST /enter HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}");
  for (int i = 0; i < 20; ++i) {
    ASSERT_THAT(ask("/healthz"), EndsWith("\r\n\r\nok\n"));
    ASSERT_THAT(ask("/page"), EndsWith("\r\n\r\npage"));
  }
  open();
  for (const auto& one : people) EXPECT_THAT(one->until("at last"), StartsWith("HTTP/1.1 200"));
}

TEST_F(Siege, StrangersAtTheDoorKeepNobodyFromEntering) {
  serve(options());
  const std::string login = "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
  std::vector<clients> all;
  for (int n = 1; n <= 12; ++n) all.push_back(crowd(8, login, ("127.0.1." + std::to_string(n)).c_str()));
  raw_client c(server_->port(), "127.0.2.1");
  c.send("POST /echo HTTP/1.1\r\nContent-Length: 2\r\n" + std::string(last) + "hi");
  EXPECT_NE(c.rest().find("200"), std::string::npos);
}

/** All behind one proxy: each is who it says they are, or one stranger would take the others' places. */
TEST_F(Siege, AmongManyStrangersAtTheDoorPeopleStillSignIn) {
  server_options o = options();
  o.proxies.trusted = {*parse_network("127.0.0.9")};
  serve(o);
  const auto login = [](const std::string& client) {
    return "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nX-Forwarded-For: " + client + "\r\n\r\n";
  };
  std::vector<clients> strangers;
  for (int n = 1; n <= 3; ++n) strangers.push_back(crowd(20, login("203.0.113." + std::to_string(n)), "127.0.0.9"));
  while (turned_away(door_reason::busy) < 3 * (20 - 2)) std::this_thread::yield();
  raw_client person(server_->port(), "127.0.0.9");
  person.send(login("198.51.100.1"));
  EXPECT_TRUE(person.quiet_for(milliseconds{20})) << "waits their turn, and is not turned away";
  open();
  EXPECT_THAT(person.until("at last"), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(turned_away(door_reason::busy), 3U * (20 - 2));
}

TEST_F(Siege, ReadersOfALedgerThatHangsHideNothingVital) {
  serve(options());
  const clients readers = crowd(100, "GET /hangs HTTP/1.1\r\nHost: localhost\r\n\r\n");
  while (turned_away(door_reason::busy) == 0) std::this_thread::yield();
  for (int i = 0; i < 20; ++i) ASSERT_THAT(ask("/healthz"), EndsWith("\r\n\r\nok\n"));
}

TEST_F(Siege, BodiesThatDripAreBounded) {
  server_options o = options();
  o.bodies_in_flight = 4 << 20;
  serve(o);
  const clients drips = crowd(20, "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1048576\r\n\r\n{");
  while (turned_away(door_reason::memory) < 16) std::this_thread::yield();
  EXPECT_EQ(counts.bytes_in_flight, 4 << 20);
  EXPECT_THAT(ask("/healthz"), EndsWith("\r\n\r\nok\n"));
}

TEST_F(Siege, WhoNeverSendsABodyHoldsNoSeat) {
  serve(options());
  const clients drips = crowd(300, "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n{");
  for (int i = 0; i < 20; ++i) ASSERT_THAT(ask("/page"), EndsWith("\r\n\r\npage"));
}

TEST_F(Siege, ATrailerCarriesNoToken) {
  serve(options());
  raw_client c(server_->port());
  c.send(
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
      "2\r\n{}\r\n0\r\nAuthorization: Bearer stolen\r\n\r\n");
  EXPECT_THAT(c.rest(), EndsWith("\r\n\r\n{}"));
}

TEST_F(Siege, ALastChunkInPiecesEndsNobody) {
  serve(options());
  raw_client c(server_->port());
  c.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
  for (const char* piece : {"0\r\n", "\r", "\n"}) {
    EXPECT_TRUE(c.quiet_for(milliseconds{20}));
    c.send(piece);
  }
  EXPECT_THAT(c.rest(), StartsWith("HTTP/1.1 200"));
}

TEST_F(Siege, TwoReadingsOfOneTextAreRefusedAndCounted) {
  serve(options());
  raw_client c(server_->port());
  c.send(
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
      "0\r\n\r\nGET /page HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const std::string answer = c.rest();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 400"));
  EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos) << "what stands behind it is nobody's request";
  EXPECT_EQ(turned_away(door_reason::malformed), 1U);
}

}  // namespace
}  // namespace changtong::http
