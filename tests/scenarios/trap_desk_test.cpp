// Traps by a real socket, with a ledger that may refuse: who is answered when, what waits, what is asked.
#include "daemon/run/trap_desk.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <set>

#include "tests/collectors/ber_writer.h"

namespace changtong {
namespace {

namespace ber = test::ber;
using namespace std::chrono_literals;

/** A trap (0xa7) or inform (0xa6); `n` tells one from another. */
ber::byte_vector message(std::uint8_t pdu, std::uint32_t n, std::string_view community = "public") {
  const ber::byte_vector up_time = ber::oid({6, 1, 2, 1, 1, 3, 0}), oid = ber::oid({6, 1, 6, 3, 1, 1, 4, 1, 0});
  return ber::message(pdu, community, n, 0,
                      ber::joined({ber::binding(up_time, ber::number(0x43, n * 100)),
                                   ber::binding(oid, ber::oid({6, 1, 6, 3, 1, 1, 5, 3}))}));
}

/** The desk with its line's device at 127.4.5.6, and who it hands things to. */
class TrapDesk : public testing::Test {
 protected:
  void SetUp() override {
    auto inv = std::make_shared<inventory>();
    for (const char* id : {"L1", "L2"}) {
      target t;
      t.id = id;
      t.addresses = {*parse_address("127.4.5.6")};
      inv->targets.push_back(t);
    }
    boards.set(std::make_shared<board>(inv));
    settings_.credentials = {{.name = "public", .version = "2c", .community = secret("public")}};
    settings_.traps.credentials = {"public"};
    settings_.traps.listen = listen_address{.address = *parse_address("127.0.0.1"), .port = 0};
    settings_.targets = inv;
    device = bound_to("127.4.5.6");
  }
  static net::owned_fd bound_to(const std::string& address) {
    net::owned_fd out{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    sockaddr_in from{};
    from.sin_family = AF_INET;
    from.sin_addr.s_addr = inet_addr(address.c_str());
    EXPECT_EQ(::bind(out.get(), reinterpret_cast<sockaddr*>(&from), sizeof from), 0);
    return out;
  }
  void open() {
    auto opened = trap_desk::open(settings_, {.now = [] { return wall_from_ms(1'800'000'000'000); },
                                              .boards = &boards,
                                              .enter = [this](std::vector<record> r) { return enter(std::move(r)); },
                                              .heard =
                                                  [this](const trap_record& t, bool proven) {
                                                    const holding lock(guard);
                                                    (proven ? believed : doubted).push_back(t.trap);
                                                    happened.notify_all();
                                                  },
                                              .ask = [this](std::vector<std::string> lines) { ask(lines); },
                                              .tallies = &tallies});
    ASSERT_TRUE(opened);
    desk = std::move(*opened);
  }
  void send(const ber::byte_vector& m) const { send(m, device.get()); }
  void send(const ber::byte_vector& m, int from) const {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons(desk->port());
    ::sendto(from, m.data(), m.size(), 0, reinterpret_cast<sockaddr*>(&at), sizeof at);
  }
  /** Of an inform: its answer's bytes; none within that time. */
  [[nodiscard]] ber::byte_vector answer(milliseconds within) const {
    const timeval patience{.tv_sec = within.count() / 1000, .tv_usec = within.count() % 1000 * 1000};
    ::setsockopt(device.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ber::byte_vector out(2000);
    const auto got = ::recv(device.get(), out.data(), out.size(), 0);
    out.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return out;
  }
  template <class F>
  [[nodiscard]] bool eventually(F holds) {
    holding lock(guard);
    return happened.wait_for(lock, 10s, [&] { return holds(); });
  }

  result<void> enter(std::vector<record> records) {
    holding lock(guard);
    if (const std::function<void()> first = tries < 2 ? meanwhile : nullptr) {
      lock.unlock();
      first();
      lock.lock();
    }
    ++tries;
    happened.notify_all();
    if (refuse) return said({"账本不可写", "the ledger takes nothing"});
    for (const record& r : records) kept.push_back(std::get<trap_record>(r));
    return {};
  }
  void ask(const std::vector<std::string>& lines) {
    const holding lock(guard);
    asked.insert(lines.begin(), lines.end());
    happened.notify_all();
  }

  settings settings_;
  board_holder boards;
  trap_tallies tallies;
  net::owned_fd device;
  mutex guard;
  std::condition_variable_any happened;
  bool refuse = false;
  std::function<void()> meanwhile;  ///< what happens during the first two tries
  int tries = 0;
  std::vector<trap_record> kept;
  std::set<std::string> asked;
  std::vector<std::string> believed, doubted;  ///< traps that were handed on, by their identifiers
  std::unique_ptr<trap_desk> desk;             ///< last: its threads use all of this
};

TEST_F(TrapDesk, ATrapIsKeptForEachLineOfItsAddressAndTheyAreAsked) {
  open();
  send(message(0xa7, 1));
  ASSERT_TRUE(eventually([&] { return kept.size() == 2 && asked.size() == 2; }));
  EXPECT_EQ(kept[0].target, "L1");
  EXPECT_EQ(kept[1].target, "L2");
  EXPECT_EQ(kept[0].trap, "1.3.6.1.6.3.1.1.5.3");
}

TEST_F(TrapDesk, AnInformIsAnsweredOnceTheLedgerHasIt) {
  open();
  send(message(0xa6, 1));
  EXPECT_EQ(answer(5000ms), message(0xa2, 1));
  EXPECT_EQ(tallies.answered.load(), 1U);
}

TEST_F(TrapDesk, WhatTheLedgerRefusesIsNotAnsweredTrapsWaitAndInformsComeAgain) {
  refuse = true;
  open();
  send(message(0xa6, 1));
  send(message(0xa7, 2));
  ASSERT_TRUE(eventually([&] { return tries >= 1; }));
  EXPECT_TRUE(answer(300ms).empty());
  {
    const holding lock(guard);
    refuse = false;
  }
  ASSERT_TRUE(eventually([&] { return !kept.empty(); })) << "the trap waited";
  for (int n = 0; n < 20 && tallies.answered.load() == 0; ++n) {
    send(message(0xa6, 1));
    if (!answer(500ms).empty()) break;
  }
  EXPECT_EQ(tallies.answered.load(), 1U);
  const holding lock(guard);
  std::size_t informs = 0;
  for (const trap_record& r : kept) informs += r.via == "v2c inform" ? 1U : 0U;
  EXPECT_EQ(informs, 2U) << "once for each line";
}

TEST_F(TrapDesk, AnInformThatWasSummedIsAnsweredWhenItComesAgainAfterItsSum) {
  settings_.traps.burst = 1;
  settings_.traps.per_hour = 3600;
  open();
  for (std::uint32_t n = 0; n < 3; ++n) send(message(0xa7, n));
  send(message(0xa6, 9));
  ber::byte_vector got;
  for (int n = 0; n < 40 && got.empty(); ++n) {
    got = answer(250ms);
    if (got.empty()) send(message(0xa6, 9));
  }
  EXPECT_EQ(got, message(0xa2, 9));
  const holding lock(guard);
  for (const trap_record& r : kept) EXPECT_NE(r.via, "v2c inform") << "it is part of a sum";
  EXPECT_TRUE(doubted.empty() || doubted.front() == kept.front().trap) << "nobody knows who is in a sum";
}

/** Whoever writes in a line's name what is no trap silences none of its own. */
TEST_F(TrapDesk, GarbageInALinesNameSilencesNoneOfItsTraps) {
  open();
  constexpr std::uint64_t flood = 1000;
  const auto malformed = [&] { return tallies.dropped.at(static_cast<std::size_t>(trap_drop::malformed)).load(); };
  for (std::uint64_t n = 0; n < flood; ++n) {
    send(ber::byte_vector{0x30});
    for (int patience = 0; n % 100 == 99 && patience < 1000 && malformed() < n; ++patience)
      static_cast<void>(answer(1ms));
  }
  send(message(0xa7, 1));
  ASSERT_TRUE(eventually([&] { return believed.size() == 2; }));
  EXPECT_EQ(tallies.dropped.at(static_cast<std::size_t>(trap_drop::storm)).load(), 0U);
}

TEST_F(TrapDesk, WhatWaitsForALedgerThatRefusesIsBounded) {
  constexpr std::uint32_t devices = 15, traps = 100;  // fewer a second than are read of a line
  constexpr std::size_t most = 2000;
  refuse = true;
  settings_.traps.burst = 1000;
  auto inv = std::make_shared<inventory>();
  std::vector<net::owned_fd> from;
  for (std::uint32_t n = 1; n <= devices; ++n) {
    target t;
    t.id = "M" + std::to_string(n);
    t.addresses = {*parse_address("127.4.5." + std::to_string(100 + n))};
    inv->targets.push_back(t);
    from.push_back(bound_to("127.4.5." + std::to_string(100 + n)));
  }
  settings_.targets = inv;
  boards.set(std::make_shared<board>(inv));
  open();
  std::uint64_t sent = 1;
  std::uint32_t number = 1;
  const auto crowd = [&] {
    for (std::uint32_t n = 0; n < traps; ++n) {
      ++number;
      for (const net::owned_fd& d : from) send(message(0xa7, number), d.get()), ++sent;
      for (int patience = 0; patience < 1000 && tallies.received[1].load() < sent; ++patience)
        static_cast<void>(answer(1ms));
    }
  };
  {
    const holding lock(guard);
    meanwhile = crowd;
  }
  send(message(0xa7, number), from.front().get());
  ASSERT_TRUE(eventually([&] { return tries >= 2; }));
  {
    const holding lock(guard);
    refuse = false;
  }
  desk->end();
  ASSERT_EQ(tallies.received[1].load(), sent);
  EXPECT_LE(kept.size(), most);
  EXPECT_EQ(kept.size() + tallies.dropped.at(static_cast<std::size_t>(trap_drop::queue)).load(), sent);
}

TEST_F(TrapDesk, AtTheEndWhatWasOnlyCountedIsEntered) {
  settings_.traps.burst = 1;
  settings_.traps.per_hour = 1;
  open();
  for (std::uint32_t n = 0; n < 10; ++n) send(message(0xa7, n));
  while (tallies.summed.load() < 9) ASSERT_TRUE(answer(10ms).empty());
  desk->end();
  ASSERT_EQ(kept.size(), 3U);
  EXPECT_EQ(kept.back().more, 8);
}

TEST_F(TrapDesk, AReloadChangesWhomItBelieves) {
  open();
  send(message(0xa6, 1, "new"));
  EXPECT_TRUE(answer(300ms).empty());
  settings_.credentials[0].community = secret("new");
  desk->adopt(settings_);
  ber::byte_vector got;
  for (int n = 0; n < 20 && got.empty(); ++n) {  // it looks for new rules a few times a second
    send(message(0xa6, 1, "new"));
    got = answer(300ms);
  }
  EXPECT_EQ(got, message(0xa2, 1, "new"));
}

}  // namespace
}  // namespace changtong
