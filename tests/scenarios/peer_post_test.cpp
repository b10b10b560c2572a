// The way of a journal to the other machine of an office: a real door there, whose answers a test may take over.
#include "daemon/run/peer_post.h"

#include <gmock/gmock.h>
#include <atomic>

#include <atomic>
#include <deque>
#include <fstream>
#include <mutex>

#include "daemon/host/clocks.h"
#include "daemon/host/gzip.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/ledger/second_book.h"
#include "daemon/publish/http/server.h"
#include "daemon/run/peer_door.h"
#include "tests/ledger/desk.h"
#include "tests/scenarios/virtual_daemon.h"

namespace changtong {
namespace {

using namespace ledger::desk;
using namespace std::chrono_literals;
using scenarios::virtual_daemon;

web_response answer_of(int status, std::string body = {}) {
  web_response out;
  out.status = status;
  out.body = std::move(body);
  return out;
}

struct PeerPost : testing::Test {
  using answer = std::function<web_response(const ledger::shipment&)>;

  folder ours, theirs;
  std::unique_ptr<ledger::writer> own = opened(ours), other = opened(theirs);
  peer_tallies there, tallies;
  peer_door door{theirs.ledger(), secret("of the pair"), there, [](const std::string&) { return std::nullopt; }};
  std::mutex mutex;
  std::vector<ledger::shipment> asked;
  std::vector<bool> packed;    ///< of each of them
  std::deque<answer> instead;  ///< of the door's own, one a shipment
  std::unique_ptr<http::server> server;

  PeerPost() {
    commit(*other, 5, {started{at(0), "0.8.0", "", 3, "乙机"}});
    commit(*own, 10, {started{at(1), "0.8.0", "", 3, "甲机"}, up("L1", 1)});
    web_route route = door.route();
    route.answer = [this, real = route.answer](const web_request& r) {
      const auto s = ledger::read_shipment(r.body).value();
      std::unique_lock lock(mutex);
      asked.push_back(s);
      packed.push_back(host::is_gzip(r.body));
      if (instead.empty()) {
        lock.unlock();
        return real(r);
      }
      const answer a = std::move(instead.front());
      instead.pop_front();
      return a(s);
    };
    server = http::server::start({.port = 0}, {route}).value();
  }
  [[nodiscard]] peer_post_options options() const {
    peer_post_options o;
    o.way = over_http(
        wire::parse_web_address("http://127.0.0.1:" + std::to_string(server->port()) + std::string(peer_path)).value(),
        {.token = secret("of the pair")}, {});
    o.ledger = ours.ledger();
    o.clock_file = ledger::peer_clock_file_of(ours.ledger());
    o.shortest_pause = o.first_retry = 1ms;
    o.longest_pause = 20ms;
    return o;
  }
  [[nodiscard]] ledger::journal_head copy() const {
    const std::string path = ledger::peer_file_of(theirs.ledger());
    if (!std::filesystem::exists(path)) return {};
    const auto book = ledger::journal::open(path);
    return book ? (*book)->head().value() : ledger::journal_head{};
  }
  [[nodiscard]] ledger::journal_head original() const {
    return ledger::journal::open(ours.ledger()).value()->head().value();
  }
  [[nodiscard]] ledger::shipped_head entry(std::int64_t seq) const {
    ledger::shipped_head h{.seq = seq, .hash = {}};
    (void)ledger::journal::open(ours.ledger()).value()->read(seq - 1, seq, [&](const ledger::stored_entry& e) {
      std::ranges::copy(e.hash, h.hash.begin());
    });
    return h;
  }
  void await_equal() const {
    virtual_daemon::await([&] { return copy().seq == original().seq && copy().hash == original().hash; });
  }
  std::vector<ledger::shipment> heard() {
    const std::lock_guard lock(mutex);
    return asked;
  }
};

TEST_F(PeerPost, AsksFirstWhereThePeerStandsThenShipsAllOfIt) {
  peer_post post(options(), tallies);
  await_equal();
  commit(*own, 20, {up("L2", 15)});
  post.look_again();
  await_equal();
  virtual_daemon::await([&] { return tallies.shipped_ms.load() > 0 && tallies.unshipped.load() == 0; });
  const auto all = heard();
  EXPECT_EQ(all[0].after, 0);
  EXPECT_TRUE(all[0].entries.empty());
  EXPECT_EQ(all[1].entries.size(), 2);
  EXPECT_EQ(tallies.failures.load(), 0);
}

TEST_F(PeerPost, TheHeartbeatGoesWithTheEndOfTheJournalAlone) {
  std::vector<record> many;
  for (int i = 0; i < 1200; ++i) many.emplace_back(annotation{at(11), "L1", at(11), "王工", std::to_string(i), "api"});
  commit(*own, 20, many);
  const peer_post post(options(), tallies);
  await_equal();
  std::size_t entries = 0;
  for (const ledger::shipment& s : heard()) {
    EXPECT_LE(s.entries.size(), ledger::most_shipped_entries);
    entries += s.entries.size();
    EXPECT_EQ(s.heartbeat.has_value(), entries == 1202) << s.after;
  }
}

TEST_F(PeerPost, PacksWhatIsMuchOnceThePeerHasSaidThatItReadsSo) {
  const annotation much{at(11), "L1", at(11), "王工", std::string(4'000, 'x'), "api"};
  commit(*own, 20, {much});
  instead.emplace_back([&](const ledger::shipment&) {
    return answer_of(
        200, text_of(ledger::shipment_answer{.head = entry(1), .clock = system_clocks().wall(), .reads_gzip = false}));
  });
  const peer_post post(options(), tallies);
  await_equal();
  const std::lock_guard lock(mutex);
  ASSERT_GE(packed.size(), 4);
  EXPECT_FALSE(packed[0]) << "a question";
  EXPECT_FALSE(packed[1]) << "to a version before 0.9.0, which did not take it";
  EXPECT_FALSE(packed[2]) << "a question again, to whoever listens there now";
  EXPECT_TRUE(packed[3]) << "as that one said";
}

TEST_F(PeerPost, GoesOnFromWhereThePeerSaysAlsoBackwards) {
  peer_post post(options(), tallies);
  await_equal();
  {
    const std::lock_guard lock(mutex);
    instead.emplace_back([&](const ledger::shipment&) {  // as if a backup had been restored there
      return answer_of(200, text_of(ledger::shipment_answer{.head = entry(1), .clock = system_clocks().wall()}));
    });
  }
  post.look_again();
  virtual_daemon::await([&] {
    const auto all = heard();
    return std::ranges::any_of(all, [](const ledger::shipment& s) { return s.after == 1 && s.entries.size() == 1; });
  });
  await_equal();
  EXPECT_FALSE(tallies.ours_forked.load());
}

TEST_F(PeerPost, WhatWasNotTakenOrNotAnsweredIsShippedAgainAndThereOnce) {
  for (int i = 0; i < 3; ++i) instead.emplace_back([](const ledger::shipment&) { return answer_of(503, "busy"); });
  instead.emplace_back([](const ledger::shipment&) { return answer_of(200, "<html>Bearer of the pair</html>"); });
  const peer_post post(options(), tallies);
  await_equal();
  EXPECT_EQ(tallies.failures.load(), 4);
}

TEST_F(PeerPost, AnAnswerThatGotLostRepeatsNoEntry) {
  std::atomic<bool> lost = false;
  instead.emplace_back([&](const ledger::shipment& s) {  // where it stands
    return answer_of(200, text_of(ledger::shipment_answer{.head = {.seq = s.after, .hash = s.hash},
                                                          .clock = system_clocks().wall()}));
  });
  instead.emplace_back([&](const ledger::shipment& s) {  // it takes all, and its answer does not arrive
    web_request again;
    again.body = text_of(s);
    again.headers.emplace("authorization", "Bearer of the pair");
    EXPECT_EQ(door.route().answer(again).status, 200);
    lost = true;
    return answer_of(504);
  });
  const peer_post post(options(), tallies);
  virtual_daemon::await([&] { return lost.load() && tallies.shipped_ms.load() > 0; });
  EXPECT_EQ(copy().seq, original().seq);
  EXPECT_EQ(tallies.failures.load(), 1);
}

TEST_F(PeerPost, AForkIsSaidAndNothingIsShippedOverIt) {
  {
    const auto copy = ledger::second_book::open(ledger::peer_file_of(theirs.ledger())).value();
    ledger::shipment first{.after = 0, .hash = {}, .heartbeat = {}, .entries = {}};
    const auto book = ledger::journal::open(theirs.ledger()).value();  // of somebody else
    (void)book->read(0, 1, [&](const ledger::stored_entry& e) {
      first.entries.push_back(
          {.seq = e.seq, .at = e.at, .kind = std::string(e.kind), .body = std::string(e.body), .hash = {}});
      std::ranges::copy(e.hash, first.entries.back().hash.begin());
    });
    ASSERT_TRUE(copy->take(first));
  }
  const std::string aside = ledger::peer_file_of(theirs.ledger()) + ".20260314-09265";
  for (int i = 0; i < 8; ++i)  // as many as are ever set aside: the door begins no other copy
    std::ofstream(aside + std::to_string(i)) << "kept";
  const peer_post post(options(), tallies);
  virtual_daemon::await([&] { return tallies.ours_forked.load() && there.theirs_forked.load(); });
  EXPECT_EQ(copy().seq, 1);
  EXPECT_GE(tallies.failures.load(), 1);
}

TEST_F(PeerPost, HowFarTheClocksAreApartIsWrittenDown) {
  instead.emplace_back([](const ledger::shipment& s) {
    return answer_of(200, text_of(ledger::shipment_answer{.head = {.seq = s.after, .hash = s.hash},
                                                          .clock = system_clocks().wall() + 30s}));
  });
  std::atomic<std::int64_t> told = 0;
  instead.emplace_back([&told](const ledger::shipment& s) {
    if (s.clock) told = s.clock->ahead.count();
    return answer_of(200, text_of(ledger::shipment_answer{.head = {.seq = s.after, .hash = s.hash},
                                                          .clock = system_clocks().wall()}));
  });
  const peer_post post(options(), tallies);
  await_equal();
  EXPECT_NEAR(static_cast<double>(told.load()), 30'000, 1'000) << "and said with the next shipment";
  const auto text = host::read_plain_file(ledger::peer_clock_file_of(ours.ledger()), 64);
  ASSERT_TRUE(text);
  EXPECT_NEAR(std::stod(*text), 30'000, 1'000);
}

TEST_F(PeerPost, WhatWasWrittenLastIsShippedAtTheEnd) {
  {
    peer_post_options o = options();
    o.shortest_pause = o.longest_pause = std::chrono::hours{1};
    const peer_post post(o, tallies);
    await_equal();
    commit(*own, 30, {up("L2", 15)});
  }
  EXPECT_EQ(copy().seq, 3);
}

}  // namespace
}  // namespace changtong
