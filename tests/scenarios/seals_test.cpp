// Midnight in the whole daemon, and who looks after its seals: the verification in the background, and the post.
#include <gmock/gmock.h>

#include <fstream>

#include "collectors/net/names.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/journal.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/ledger/verify.h"
#include "daemon/run/inspector.h"
#include "daemon/run/seal_post.h"
#include "tests/collectors/net/name_peer.h"
#include "tests/collectors/test_authority.h"
#include "tests/collectors/web_peer.h"
#include "tests/scenarios/virtual_daemon.h"

namespace changtong::scenarios {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

constexpr double midnight = 57'600;  // the scenario begins at eight

std::vector<ledger::seal> seals_of(const std::string& path) {
  std::vector<ledger::seal> all;
  const auto text = host::read_plain_file(ledger::seals_file_of(path), 1 << 20);
  if (text)
    for (const std::string& line : ledger::lines_in(*text)) all.push_back(ledger::read_seal(line).value());
  return all;
}

TEST(Scenario, S020_ACalmDayIsSealedWithTheFirstHeartbeatAfterMidnight) {
  virtual_daemon d({{.id = "L1"}, {.id = "L2", .checks = {"icmp", "tcp"}}});
  d.start();
  d.run_until(5);
  d.skip_until(midnight - 10);
  d.run_until(midnight + 2.5);
  virtual_daemon::await([&] { return d.tallies.sealed_until_ms.load() != 0; });
  d.stop();
  const auto seals = seals_of(d.path());
  ASSERT_EQ(seals.size(), 1U);
  EXPECT_EQ(seals[0].day, "2026-03-01");
  EXPECT_EQ(d.tallies.sealed_until_ms.load(), ms_of(wall_at(midnight)));
  EXPECT_TRUE(ledger::prove(d.path(), {}, {})->ok);
}

TEST(Scenario, S021_AnOutageThatBeganBeforeMidnightBelongsToThatDaysSeal) {
  virtual_daemon d({{.id = "L1", .when = {.interval = 2s, .timeout = 1s, .fast_interval = 1s, .down_after = 8}}});
  d.up = [](const std::string&, double t) { return t < midnight - 3; };
  d.start();
  d.run_until(5);
  d.skip_until(midnight - 30);
  d.run_until(midnight + 2);
  virtual_daemon::await([&] { return d.tallies.heartbeat_ms.load() > ms_of(wall_at(midnight)); });
  EXPECT_EQ(d.tallies.sealed_until_ms.load(), 0) << "a run that began before midnight is undecided";
  d.run_until(midnight + 15);
  virtual_daemon::await([&] { return d.tallies.sealed_until_ms.load() != 0; });
  d.stop();
  const auto seals = seals_of(d.path());
  ASSERT_EQ(seals.size(), 1U);
  const auto outages = d.outages();
  ASSERT_EQ(outages.size(), 1U);
  EXPECT_LT(seconds_of(outages[0].began), midnight);
  EXPECT_GT(seconds_of(outages[0].confirmed), midnight + 2) << "it was pending at midnight";
  const auto journal = ledger::journal::open(d.path()).value();
  std::int64_t decided = 0;
  EXPECT_TRUE(journal->read(0, journal->head()->seq, [&](const ledger::stored_entry& e) {
    if (e.kind == "transition" && e.body.find(R"("to":"down")") != std::string_view::npos) decided = e.seq;
  }));
  EXPECT_GT(decided, 0);
  EXPECT_LE(decided, seals[0].seq) << "the seal of that day covers the entry that decided it";
}

TEST(Scenario, S022_ANightWithoutAMonitorIsSealedWhenItIsBack) {
  virtual_daemon d({{.id = "L1"}});
  d.start();
  d.run_until(5);
  d.crash();
  d.skip_until(midnight + 86'400 + 600);
  d.start();
  d.run_until(midnight + 86'400 + 620);
  d.stop();
  std::vector<std::string> days;
  for (const auto& s : seals_of(d.path())) days.push_back(s.day);
  EXPECT_THAT(days, ElementsAre("2026-03-01", "2026-03-02"));
  EXPECT_TRUE(ledger::prove(d.path(), {}, {})->ok);
}

TEST(Scenario, S023_AReloadIntoAnotherZoneSealsAtItsMidnight) {
  virtual_daemon d({{.id = "L1"}});
  d.zone = "UTC";  // its midnight is eight hours later
  d.start();
  d.run_until(5);
  d.zone = "Asia/Shanghai";
  d.note({policy_version{.at = d.wall(), .zone = d.zone, .policy = "{}", .author = "test"}});
  d.reload({{.id = "L1"}});
  d.run_until(10);
  d.skip_until(midnight - 10);
  d.run_until(midnight + 2.5);
  d.stop();
  ASSERT_EQ(seals_of(d.path()).size(), 1U) << "with the first heartbeat, not an hour later";
  EXPECT_EQ(seals_of(d.path())[0].when.to, wall_at(midnight));
}

// ---- the verification in the background --------------------------------------------------------------------------

struct Inspection : testing::Test {
  virtual_daemon d{{{.id = "L1"}}};
  daemon_tallies tallies;
  void SetUp() override {
    d.start();
    d.run_until(5);
    d.skip_until(midnight - 3);
    d.run_until(midnight + 5);
    d.stop();
  }
};

TEST_F(Inspection, GoodLedgerIsTimestampedAtTheStartAndAgainWhenAsked) {
  std::atomic<std::int64_t> now_s{1000};
  inspector one(d.path(), tallies, [&] { return wall_from_ms(now_s.load() * 1000); });
  virtual_daemon::await([&] { return tallies.ledger_verified_s.load() == 1000; });
  EXPECT_EQ(tallies.ledger_verified_ok.load(), 1);
  EXPECT_GT(tallies.ledger_verified_entries.load(), 0);
  now_s = 2000;
  one.look_again();
  virtual_daemon::await([&] { return tallies.ledger_verified_s.load() == 2000; });
}

TEST_F(Inspection, TamperedSealIsTold) {
  std::fstream file(ledger::seals_file_of(d.path()), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(30);
  file.put('#');
  file.close();
  const inspector one(d.path(), tallies, system_clocks().wall);
  virtual_daemon::await([&] { return tallies.ledger_verified_ok.load() >= 0; });
  EXPECT_EQ(tallies.ledger_verified_ok.load(), 0);
  EXPECT_EQ(tallies.ledger_verified_s.load(), 0) << "the last successful one, and there was none";
}

TEST_F(Inspection, SealsOfALaterTimeThatWereSetAsideAreRemembered) {
  const std::string backup = d.path() + ".backup";
  std::filesystem::copy_file(d.path(), backup);
  d.start();
  d.skip_until(midnight + 86'400 - 3);
  d.run_until(midnight + 86'400 + 5);  // a second day is sealed, which the backup does not know
  d.stop();
  std::filesystem::rename(backup, d.path());
  d.start();
  d.run_until(midnight + 86'400 + 10);
  d.stop();
  const inspector one(d.path(), tallies, system_clocks().wall);
  virtual_daemon::await([&] { return tallies.ledger_verified_ok.load() >= 0; });
  EXPECT_EQ(tallies.ledger_verified_ok.load(), 1) << "no failure";
  ASSERT_EQ(one.set_aside().size(), 1U);
  EXPECT_NE(one.set_aside()[0].en.find("restored from a backup"), std::string::npos) << one.set_aside()[0].en;
  EXPECT_NE(one.set_aside()[0].cn.find("由备份恢复而来"), std::string::npos) << one.set_aside()[0].cn;
}

TEST_F(Inspection, LedgerThatCannotBeReadIsNotVerified) {
  const inspector one("/nowhere/ledger.db", tallies, system_clocks().wall);
  virtual_daemon::await([&] { return tallies.ledger_verified_ok.load() >= 0; });
  EXPECT_EQ(tallies.ledger_verified_ok.load(), 0);
}

// ---- the post ----------------------------------------------------------------------------------------------------

struct Post : testing::Test {
  std::filesystem::path dir = testing::TempDir() + "changtong-post-" + std::to_string(::getpid());
  daemon_tallies tallies;
  std::mutex mutex;
  std::vector<std::string> requests;
  std::atomic<int> refuse{0};  ///< how many requests to answer with `refusal`
  std::string refusal = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";

  Post() { std::filesystem::create_directories(dir); }
  ~Post() override { std::filesystem::remove_all(dir); }
  void file_has(const std::string& text) const { std::ofstream(dir / "seals", std::ios::binary) << text; }
  test::web_peer::answer_to taking() {
    return [this](const std::string& request) -> std::string {
      const std::lock_guard lock(mutex);
      requests.push_back(request);
      if (refuse.load() > 0 && refuse--) return refusal;
      return test::web_peer::ok("");
    };
  }
  [[nodiscard]] seal_post_options options(const std::string& scheme, const test::web_peer& peer) const {
    seal_post_options o;
    o.to = wire::parse_web_address(scheme + "://127.0.0.1:" + peer.port() + "/seals?from=a").value();
    o.seals_file = dir / "seals";
    o.posted_file = dir / "posted";
    o.first_retry = 1ms;
    return o;
  }
  std::vector<std::string> bodies() {
    const std::lock_guard lock(mutex);
    std::vector<std::string> all;
    for (const std::string& r : requests) all.push_back(r.substr(r.find("\r\n\r\n") + 4));
    return all;
  }
  [[nodiscard]] std::string posted() const {
    const auto text = host::read_plain_file(dir / "posted", 64);
    return text ? *text : "";
  }
};

TEST_F(Post, SealsGoOutInOrderWithTheTokenAndOnlyWholeLines) {
  file_has("{\"seal\":1}\n{\"seal\":2}\n{\"sea");
  const test::web_peer peer(taking());
  auto o = options("http", peer);
  o.token = secret("abcdefghijklmnop");
  {
    seal_post post(o, tallies);
    virtual_daemon::await([&] { return posted() == "2\n"; });
    file_has("{\"seal\":1}\n{\"seal\":2}\n{\"seal\":3}\n");
    post.look_again();
    virtual_daemon::await([&] { return posted() == "3\n"; });
  }
  EXPECT_THAT(bodies(), ElementsAre("{\"seal\":1}", "{\"seal\":2}", "{\"seal\":3}"));
  EXPECT_THAT(requests[0], HasSubstr("POST /seals?from=a HTTP/1.1\r\n"));
  EXPECT_THAT(requests[0], HasSubstr("Authorization: Bearer abcdefghijklmnop\r\n"));
  EXPECT_THAT(requests[0], HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_EQ(tallies.seal_post_failures.load(), 0U);
}

TEST_F(Post, ReceiversNameIsAskedOfTheStatedServers) {
  file_has("{\"seal\":1}\n");
  const test::web_peer peer(taking());
  boost::asio::io_context io;
  test::name_peer names(io);
  names.address = {127, 0, 0, 1};
  names.names["seals.yunze.test"] = test::name_peer::manner::answers;
  std::thread answering([&io] { io.run(); });
  seal_post_options o = options("http", peer);
  o.to.host = "seals.yunze.test";
  o.names = [where = names.where()](const std::string& host, const std::stop_token& stop) {
    return net::addresses_of(host, {where}, 5s, stop);
  };
  {
    const seal_post post(o, tallies);
    virtual_daemon::await([&] { return posted() == "1\n"; });
  }
  io.stop();
  answering.join();
  EXPECT_THAT(requests[0], HasSubstr("Host: seals.yunze.test:" + peer.port() + "\r\n"));
}

TEST_F(Post, RefusedSealIsTriedAgainAndNothingPassesIt) {
  file_has("{\"seal\":1}\n{\"seal\":2}\n");
  refuse = 2;
  const test::web_peer peer(taking());
  {
    const seal_post post(options("http", peer), tallies);
    virtual_daemon::await([&] { return posted() == "2\n"; });
  }
  EXPECT_THAT(bodies(), ElementsAre("{\"seal\":1}", "{\"seal\":1}", "{\"seal\":1}", "{\"seal\":2}"));
  EXPECT_EQ(tallies.seal_post_failures.load(), 2U);
}

TEST_F(Post, ARedirectIsNoReceipt) {
  file_has("{\"seal\":1}\n");
  refusal = test::web_peer::moved("/login");
  refuse = 1;
  const test::web_peer peer(taking());
  {
    const seal_post post(options("http", peer), tallies);
    virtual_daemon::await([&] { return posted() == "1\n"; });
  }
  EXPECT_THAT(bodies(), ElementsAre("{\"seal\":1}", "{\"seal\":1}"));
  EXPECT_EQ(tallies.seal_post_failures.load(), 1U);
}

TEST_F(Post, AFileOfSealsBegunAnewIsPostedFromItsFirstLine) {
  file_has("{\"seal\":1}\n{\"seal\":2}\n");
  std::ofstream(dir / "posted") << "5\n";  // of the ledger that was there before
  const test::web_peer peer(taking());
  {
    const seal_post post(options("http", peer), tallies);
    const auto patience = std::chrono::steady_clock::now() + 5s;
    while (posted() != "2\n" && std::chrono::steady_clock::now() < patience) std::this_thread::yield();
  }
  EXPECT_THAT(bodies(), ElementsAre("{\"seal\":1}", "{\"seal\":2}"));
}

TEST_F(Post, RestartGoesOnWhereTheLastRunEnded) {
  file_has("{\"seal\":1}\n{\"seal\":2}\n");
  std::ofstream(dir / "posted") << "1\n";
  const test::web_peer peer(taking());
  {
    const seal_post post(options("http", peer), tallies);
    virtual_daemon::await([&] { return posted() == "2\n"; });
  }
  EXPECT_THAT(bodies(), ElementsAre("{\"seal\":2}"));
}

TEST_F(Post, OnlyACertifiedReceiverGetsThem) {
  file_has("{\"seal\":1}\n");
  test::test_authority ours, strangers;
  const auto good = ours.server("IP:127.0.0.1"), other_name = ours.server("DNS:else.example"),
             unknown = strangers.server("IP:127.0.0.1");
  for (auto* tls : {other_name.get(), unknown.get()}) {
    const test::web_peer peer(taking(), tls);
    auto o = options("https", peer);
    o.ca_file = ours.file();
    const auto before = tallies.seal_post_failures.load();
    const seal_post post(o, tallies);
    virtual_daemon::await([&] { return tallies.seal_post_failures.load() > before; });
  }
  EXPECT_THAT(bodies(), ElementsAre());
  const test::web_peer peer(taking(), good.get());
  auto o = options("https", peer);
  o.ca_file = ours.file();
  const seal_post post(o, tallies);
  virtual_daemon::await([&] { return posted() == "1\n"; });
  EXPECT_THAT(bodies(), ElementsAre("{\"seal\":1}"));
}

TEST_F(Post, StopDoesNotWaitForAReceiverThatIsSilent) {
  file_has("{\"seal\":1}\n");
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor silent(io, {boost::asio::ip::make_address("127.0.0.1"), 0});
  seal_post_options o;
  o.to = wire::parse_web_address("http://127.0.0.1:" + std::to_string(silent.local_endpoint().port()) + "/").value();
  o.seals_file = dir / "seals";
  o.posted_file = dir / "posted";
  o.timeout = std::chrono::hours{1};
  {
    const seal_post post(o, tallies);
    boost::asio::ip::tcp::socket visitor(io);
    silent.accept(visitor);
  }
  EXPECT_EQ(tallies.seal_post_failures.load(), 0U) << "stopping is no failure";
}

}  // namespace
}  // namespace changtong::scenarios
