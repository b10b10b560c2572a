// A node's journal on its way to a centre by a real broker, into a real database.
#include <gmock/gmock.h>

#include "daemon/host/clocks.h"
#include "daemon/run/brokers.h"
#include "daemon/run/centre_workers.h"
#include "daemon/run/peer_post.h"
#include "tests/centre/nats_server.h"
#include "tests/centre/postgres.h"
#include "tests/ledger/desk.h"
#include "tests/scenarios/virtual_daemon.h"

namespace changtong {
namespace {

using namespace ledger::desk;
using namespace std::chrono_literals;
using centre::fakes::nats_server;
using scenarios::virtual_daemon;

struct CentreCarrier : testing::Test {
  nats_server broker{"max_payload: 100000\n"};
  centre::database_place where = centre::fakes::server().empty();
  broker_settings brokers{
      .servers = broker.place().servers, .tls = false, .ca_file = {}, .user = {}, .password = {}, .token = {}};
  centre_file s{.zone = civil_zone::named("Asia/Shanghai").value(),
                .listen = {},
                .tls = {},
                .database = where.connect,
                .database_password = {},
                .nats = brokers,
                .readers = {},
                .nodes = {{.name = "东城区", .token = {}, .district = {}, .city = {}, .province = {}}}};
  centre::archives books{where, {"东城区"}};
  centre_door door{s, books};
  folder ours;
  std::unique_ptr<ledger::writer> own = opened(ours);
  peer_tallies tallies;

  CentreCarrier() { commit(*own, 10, {started{at(1), "0.8.0", "", 3, "东城区"}, up("L1", 1)}); }
  [[nodiscard]] peer_post_options options(const std::string& node = "东城区") const {
    peer_post_options o;
    o.way = over_nats(std::make_shared<centre::broker>(place_of_node(brokers, node)), node);
    o.ledger = ours.ledger();
    o.shortest_pause = o.first_retry = 1ms;
    o.longest_pause = 20ms;
    return o;
  }
  [[nodiscard]] ledger::shipped_head copy() {
    const auto heads = books.with([](centre::archive& a) { return a.heads(); });
    return heads && !heads->empty() ? heads->front().head : ledger::shipped_head{};
  }
  [[nodiscard]] ledger::shipped_head original() const { return head_of(ours); }
  [[nodiscard]] static ledger::shipped_head head_of(const folder& f) {
    const auto head = ledger::journal::open(f.ledger()).value()->head().value();
    return {.seq = head.seq, .hash = head.hash};
  }
  void annotate(int times, std::size_t bytes) {
    std::vector<record> many;
    for (int i = 0; i < times; ++i)
      many.emplace_back(annotation{at(11), "L1", at(11), "王工", std::string(bytes, 'x'), "api"});
    commit(*own, 20, many);
  }
};

TEST_F(CentreCarrier, ArrivesEntryByEntryAlsoWhereTheWorkersComeLater) {
  const peer_post post(options(), tallies);
  virtual_daemon::await([&] { return tallies.failures.load() > 0; });
  centre_workers workers(s, door);
  virtual_daemon::await([&] { return copy() == original(); });
  virtual_daemon::await([&] { return tallies.unshipped.load() == 0; });
  EXPECT_EQ(door.counted("东城区")[0] > 0, true);
}

TEST_F(CentreCarrier, WhatABrokerWouldNotTakeAtOnceGoesInPieces) {
  centre_workers workers(s, door);
  annotate(300, 900);
  const peer_post post(options(), tallies);
  virtual_daemon::await([&] { return copy() == original(); });
  EXPECT_GT(door.counted("东城区")[0], 2U);
}

TEST_F(CentreCarrier, ABrokerThatIsKilledLosesAndRepeatsNothing) {
  centre_workers workers(s, door);
  peer_post post(options(), tallies);
  virtual_daemon::await([&] { return copy() == original(); });
  broker.kill();
  annotate(20, 50);
  post.look_again();
  virtual_daemon::await([&] { return tallies.unshipped.load() > 0; });
  broker.start();
  virtual_daemon::await([&] { return copy() == original(); });
}

TEST_F(CentreCarrier, AForkIsHeardAndANodeThatNobodyKnowsIsToldSo) {
  folder theirs;
  {
    const auto other = opened(theirs);
    commit(*other, 5, {started{at(0), "0.8.0", "", 3, "东城区"}, up("L2", 1), up("L3", 1)});
  }
  centre_workers workers(s, door);
  {
    peer_post_options o = options();
    o.ledger = theirs.ledger();
    peer_tallies there;
    const peer_post post(o, there);
    virtual_daemon::await([&] { return copy() == head_of(theirs); });
  }
  const peer_post post(options(), tallies);
  virtual_daemon::await([&] { return tallies.ours_forked.load(); });
  EXPECT_EQ(copy(), head_of(theirs));
  peer_tallies unknown;
  const peer_post stranger(options("北城区"), unknown);
  virtual_daemon::await([&] { return unknown.failures.load() > 0; });
}

TEST_F(CentreCarrier, NobodyIsAnsweredWhereAnotherListens) {
  centre_workers workers(s, door);
  const auto asked_from = [&](const std::string& answers, milliseconds patience) {
    centre::broker_place as = place_of_node(brokers, "东城区");
    as.answers = answers;
    return centre::broker(as).ask("ct.ship.东城区", "no shipment", patience, {});
  };
  virtual_daemon::await([&] { return bool(asked_from("ct.answer.东城区", 10s)); });
  const auto refused = [&] { return door.counted("东城区").back(); };
  const auto before = refused();
  EXPECT_GT(before, 0U);
  EXPECT_FALSE(asked_from("ct.answer.西城区", 300ms));
  EXPECT_FALSE(asked_from("ct.cmd.西城区", 300ms));
  EXPECT_EQ(refused(), before) << "it was not even read";
}

}  // namespace
}  // namespace changtong
