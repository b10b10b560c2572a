// What one answer may cost of the thread that visits every site.
#include "collectors/net/web_client.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <optional>

#include "collectors/net/time_allowance.h"
#include "tests/collectors/web_peer.h"

namespace changtong::net {
namespace {

using test::web_peer;

/** A meter of the processor's time that goes on by `a_look` between any two looks. */
struct fake_meter {
  nanoseconds now{0}, a_look{0};
  std::function<nanoseconds()> read() {
    return [this] { return now += a_look; };
  }
};

class WebClient : public testing::Test {
 protected:
  web_reply get(const web_peer& peer) {
    constexpr std::size_t limit = 64U << 20U;
    boost::asio::ip::tcp::socket connection(io_);
    const auto port = static_cast<std::uint16_t>(std::stoi(peer.port()));
    // Not waited for in connect(): libcurl 7.88 calls that again, whatever it is told, and only then it is no error.
    connection.async_connect({boost::asio::ip::make_address("127.0.0.1"), port},
                             [](const boost::system::error_code& e) { EXPECT_FALSE(e); });
    connection.non_blocking(true);
    io_.run();
    io_.restart();
    web_client client(io_, meter_.read());
    const auto session = client.open();
    std::optional<web_reply> told;
    session->get({.at = wire::parse_web_address("http://127.0.0.1:" + peer.port() + "/").value(),
                  .address = parse_address("127.0.0.1").value(),
                  .tls = {},
                  .user_agent = "test",
                  .headers = {},
                  .limit = limit,
                  .keep = limit},
                 owned_fd(::dup(connection.native_handle())), [&](web_reply r) { told = std::move(r); });
    connection.close();
    const mono_t end = mono_now() + std::chrono::seconds{5};
    while (!told && mono_now() < end) io_.run_one_for(milliseconds{100});
    return told.value_or(web_reply{});
  }

  boost::asio::io_context io_;
  fake_meter meter_;
};

TEST_F(WebClient, AnswerThatCostsLittleIsRead) {
  meter_.a_look = std::chrono::milliseconds{1};
  const web_peer peer([](const std::string&) { return web_peer::ok("page"); });
  const web_reply r = get(peer);
  EXPECT_EQ(r.why.what, outcome::good) << r.detail;
  EXPECT_EQ(r.body, "page");
}

TEST_F(WebClient, AnswerThatCostsTooMuchIsCutOff) {
  meter_.a_look = time_allowance::at_once + 100 * time_allowance::a_mebibyte;  // more than the whole page may
  const std::string page(std::size_t{48} << 20U, 'x');  // far more than waits in sockets: no look reads all of it
  const web_peer peer([&](const std::string&) { return web_peer::ok(page); });
  const web_reply r = get(peer);
  EXPECT_EQ(r.why.what, outcome::bad);
  EXPECT_EQ(r.why.why, cause::protocol);
  EXPECT_NE(r.detail.find("costs too much"), std::string::npos) << r.detail;
  EXPECT_LT(r.bytes, page.size());
}

}  // namespace
}  // namespace changtong::net
