// Where a website is: its name, its addresses, their families, and who is to blame where there are none.
#include "collectors/http.h"

#include <gtest/gtest.h>

#include <deque>
#include <filesystem>
#include <iterator>

#include "collectors/net/dial.h"
#include "tests/collectors/http_visits.h"
#include "tests/collectors/net/name_peer.h"

namespace changtong::test {
namespace {

TEST_F(Http, NameIsAskedOfTheServersThatTheSettingsStateNow) {
  name_peer knows(io);
  const name_peer denies(io);
  knows.address = {127, 0, 0, 1};
  knows.names["portal.yunze.test"] = name_peer::manner::answers;
  const web_peer peer([](const std::string&) { return web_peer::ok("page"); });
  const auto own = make_http(io, sink, {net::syscalls::kernel(), nullptr, [this] { return clock; }});
  const auto visited = [&](const name_peer& by) {
    kind_arguments a;
    a.url = "http://portal.yunze.test:" + peer.port() + "/";
    a.name_servers = {by.where()};
    checks.push_back(make_check("", http_kind().parse(a).value()));
    ask_one(*own, checks.back(), ++ticket);
    EXPECT_TRUE(drain_until(*own, [&] { return sink.answers.contains(ticket); }, &io));
    return sink.answers[ticket];
  };
  EXPECT_EQ(visited(knows).what, outcome::good);
  EXPECT_EQ(visited(denies).why, cause::name_not_found) << "after a reload";
  EXPECT_EQ(visited(knows).what, outcome::good);
}

/** 127.0.0.9: a listener whose queue is full answers no more connects. */
struct black_hole {
  explicit black_hole(boost::asio::io_context& io, std::uint16_t port = 0)
      : door(io, {boost::asio::ip::make_address("127.0.0.9"), port}) {
    door.listen(0);
    for (int i = 0; i < 4; ++i)
      waiting.push_back(
          net::dial(net::syscalls::kernel(), parse_address("127.0.0.9").value(), door.local_endpoint().port()));
  }
  boost::asio::ip::tcp::acceptor door;
  std::deque<net::dialled> waiting;
};

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

TEST_F(Http, AVisitThatIsGivenUpLeavesNoDescriptorBehind) {
  const black_hole hole(io);
  const check page =
      make_check("", settings("http://127.0.0.9:" + std::to_string(hole.door.local_endpoint().port()) + "/"));
  io.poll();
  const std::size_t before = open_descriptors();
  ask_one(*http, page, 1);
  io.restart();
  io.poll();
  EXPECT_EQ(open_descriptors(), before + 1);
  EXPECT_EQ(http->forget(1), cause::timeout);
  io.restart();
  io.poll();
  EXPECT_EQ(open_descriptors(), before) << "a SYN that nobody answers would be kept for two minutes";
}

TEST_F(Http, ADeadFirstAddressCostsAQuarterOfASecond) {
  const web_peer peer([](const std::string&) { return web_peer::ok("page"); });
  const black_hole hole(io, static_cast<std::uint16_t>(std::stoi(peer.port())));
  names.addresses = {"127.0.0.9", "127.0.0.1"};
  const auto a = visit("http://portal.example:" + peer.port() + "/");
  EXPECT_EQ(a.what, outcome::good) << a.detail;
  EXPECT_LT(a.rtt, std::chrono::seconds{2}) << "an unanswered SYN alone is sent again after a second";
}

TEST_F(Http, EachFamilyIsJudgedApartWhereBothAreAskedFor) {
  const web_peer peer([](const std::string&) { return web_peer::ok("page"); });
  const std::string url = "http://portal.example:" + peer.port() + "/";
  names.addresses = {"127.0.0.1", "::1"};
  EXPECT_EQ(visit(url).what, outcome::good) << "nobody listens on ::1, and a browser does not mind";
  EXPECT_EQ(visit(url, {{"resolve", "v4"}}).what, outcome::good);
  EXPECT_EQ(visit(url, {{"resolve", "v6"}}).why, cause::refused);
  const auto a = visit(url, {{"resolve", "both"}});
  EXPECT_EQ(a.why, cause::refused);
  EXPECT_NE(a.detail.find("IPv6"), std::string::npos) << a.detail;
}

TEST_F(Http, NobodyListeningIsRefused) {
  std::string nobody;
  {
    nobody = web_peer([](const std::string&) { return std::string(); }).port();
  }
  const auto a = visit("http://127.0.0.1:" + nobody + "/");
  EXPECT_EQ(a.what, outcome::bad);
  EXPECT_EQ(a.why, cause::refused);
}

TEST_F(Http, OurMissingIpv6RouteDoesNotHideThatTheSiteRefusedOnIpv4) {
  std::string nobody;
  {
    nobody = web_peer([](const std::string&) { return std::string(); }).port();
  }
  failing_calls::v6_connect_error = ENETUNREACH;
  for (const auto& order : {std::vector{"2001:db8::1", "127.0.0.1"}, std::vector{"127.0.0.1", "2001:db8::1"}}) {
    names.addresses = order;
    const auto a = visit("http://portal.example:" + nobody + "/");
    EXPECT_EQ(a.what, outcome::bad) << order[0];
    EXPECT_EQ(a.why, cause::refused) << order[0];
  }
  names.addresses = {"2001:db8::1"};
  EXPECT_EQ(visit("http://portal.example:" + nobody + "/").why, cause::own_route)
      << "alone it says nothing of the site";
}

TEST_F(Http, ANameThatIsDeniedIsTheSitesFault) {
  names.what = names.what6 = net::name_state::not_found;
  const auto a = visit("http://no.example/");
  EXPECT_EQ(a.what, outcome::bad);
  EXPECT_EQ(a.why, cause::name_not_found);
  EXPECT_EQ(names.roots, 0) << "there is nothing to doubt";
}

TEST_F(Http, ANameThatNobodyCanTellIsOursOnlyIfOtherNamesFailToo) {
  names.what = names.what6 = net::name_state::failed;
  names.root = true;
  EXPECT_EQ(visit("http://servfail.example/").why, cause::name_not_found);
  names.root = false;
  auto a = visit("http://servfail.example/");
  EXPECT_EQ(a.what, outcome::not_measured);
  EXPECT_EQ(a.why, cause::own_resolver);
  names.another = true;
  a = visit("http://servfail.example/");
  EXPECT_EQ(a.what, outcome::bad) << "another site's name was answered meanwhile";
  EXPECT_EQ(a.why, cause::name_not_found);
}

TEST_F(Http, OneFamilyThatIsSilentOrFailsHoldsNobodyUp) {
  const web_peer peer([](const std::string&) { return web_peer::ok("page"); });
  for (const auto state : {net::name_state::silent, net::name_state::failed, net::name_state::not_found}) {
    names.what6 = state;
    const auto a = visit("http://portal.example:" + peer.port() + "/");
    EXPECT_EQ(a.what, outcome::good) << a.detail;
  }
}

}  // namespace
}  // namespace changtong::test
