// What goes from one to another by way of a real broker, and what is said where it does not.
#include "daemon/centre/broker.h"

#include <gmock/gmock.h>
#include <pthread.h>

#include <atomic>

#include "daemon/host/clocks.h"
#include "tests/centre/nats_server.h"

namespace changtong::centre {
namespace {

using namespace fakes;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

/** Answers with what it was asked, in capitals' place a mark of its own. */
class echo {
 public:
  explicit echo(const nats_server& at, std::string mark = "!")
      : to_(at.place({{.name = "ct.ship.*", .group = "ct-workers"}})),
        mark_(std::move(mark)),
        thread_([this](const std::stop_token& stop) {
          while (!stop.stop_requested()) {
            const auto got = to_.hear(0, 50ms, stop);
            if (!got || !*got) continue;
            ++heard;
            (void)to_.tell((*got)->answer_to, (*got)->subject + ' ' + (*got)->body + mark_, stop);
          }
        }) {}
  std::atomic<int> heard{0};

 private:
  broker to_;
  std::string mark_;
  std::jthread thread_;
};

/** Until it is so: the broker and its clients are others, and nobody tells us. */
template <class Condition>
void await(Condition so) {
  // between two looks; a minute at most
  for (int i = 0; i < 6'000 && !so(); ++i) std::this_thread::sleep_for(10ms);
  EXPECT_TRUE(so());
}

std::string answer(broker& by, const std::string& what = "十条", milliseconds patience = 20s) {
  const auto got = by.ask("ct.ship.东城区", what, patience, {});
  return got ? *got : to_string(got.error());
}

/** While it lives no thread can be started: each would need more memory for its stack than there are addresses. */
class no_more_threads {
 public:
  no_more_threads() {
    pthread_getattr_default_np(&before_);
    pthread_attr_t endless = before_;
    pthread_attr_setstacksize(&endless, std::size_t{1} << 47);
    pthread_setattr_default_np(&endless);
  }
  ~no_more_threads() { pthread_setattr_default_np(&before_); }
  no_more_threads(const no_more_threads&) = delete;
  no_more_threads& operator=(const no_more_threads&) = delete;

 private:
  pthread_attr_t before_{};
};

TEST(broker, AQuestionIsAnsweredBySomebodyWhoListens) {
  const nats_server server;
  broker by(server.place());
  EXPECT_THAT(answer(by), HasSubstr("nobody runs there"));
  const echo other(server);
  await([&] { return answer(by) == "ct.ship.东城区 十条!"; });
}

TEST(broker, OfAGroupOneHearsEach) {
  const nats_server server;
  const echo one(server, "1"), two(server, "2");
  broker by(server.place());
  await([&] { return answer(by).starts_with("ct.ship"); });
  await([&] {
    (void)answer(by);
    return one.heard > 0 && two.heard > 0;
  });
  const int before = one.heard + two.heard;
  for (int i = 0; i < 20; ++i) EXPECT_THAT(answer(by), HasSubstr("十条"));
  EXPECT_EQ(one.heard + two.heard, before + 20);
}

TEST(broker, WhereNoThreadCouldBeStartedItIsTriedAgain) {
  const nats_server server;
  broker by(server.place());
  {
    const no_more_threads full;
    EXPECT_THAT(answer(by), HasSubstr("starts no more threads"));
  }
  await([&] { return answer(by).find("nobody runs there") != std::string::npos; });
}

TEST(broker, ItIsFoundAgainOnceItIsThere) {
  nats_server server;
  const echo other(server);
  broker by(server.place());
  await([&] { return answer(by).starts_with("ct.ship"); });
  server.kill();
  await([&] { return !by.tell("ct.beat.东城区", "", {}); });
  EXPECT_THAT(answer(by), HasSubstr("broker"));
  server.start();
  await([&] { return answer(by).starts_with("ct.ship"); });
}

TEST(broker, OneThatHangsCostsThePatienceAndNoMore) {
  nats_server server;
  const echo other(server);
  broker by(server.place());
  await([&] { return answer(by).starts_with("ct.ship"); });
  server.pause();
  EXPECT_THAT(answer(by, "十条", 300ms), HasSubstr("no answer came"));
  std::stop_source told;
  told.request_stop();
  EXPECT_FALSE(by.ask("ct.ship.东城区", "", 1h, told.get_token())) << "a stop is heard";
  server.go_on();
  await([&] { return answer(by).starts_with("ct.ship"); });
}

TEST(broker, MoreThanItTakesIsSaidBeforeItIsSent) {
  const nats_server server("max_payload: 2000\n");
  broker by(server.place());
  ASSERT_TRUE(by.tell("ct.beat.东城区", "", {}));
  EXPECT_EQ(by.most_bytes(), 2'000);
  EXPECT_THAT(answer(by, std::string(2'001, 'x')), HasSubstr("2001 bytes are more than the 2000"));
}

TEST(broker, NobodySpeaksForAnother) {
  const nats_server server(
      "authorization { users = [\n"
      "{ user: east, password: e, permissions: { publish: [\"ct.ship.东城区\"], subscribe: [\"ct.answer.东城区.>\"] } "
      "},\n"
      "{ user: west, password: w, permissions: { publish: [\"ct.ship.西城区\"], subscribe: [\"ct.answer.西城区.>\"] } "
      "},\n"
      "{ user: centre, password: c, permissions: { subscribe: [\"ct.ship.*\"], allow_responses: true } } ] }\n");
  const auto as = [&](const std::string& user, const std::string& password, const std::string& answers) {
    broker_place p = server.place();
    p.user = user;
    p.password = secret(password);
    p.answers = answers;
    return p;
  };
  broker_place centre = as("centre", "c", "ct.asked");
  centre.hears = {{.name = "ct.ship.*", .group = "ct-workers"}};
  broker worker(centre), east(as("east", "e", "ct.answer.东城区")), west(as("west", "w", "ct.answer.西城区")),
      stranger(as("east", "w", "ct.answer.东城区"));
  ASSERT_FALSE(worker.hear(0, 1ms, {}).value());
  EXPECT_THAT(answer(west, "of the east", 300ms), HasSubstr("no answer came"));
  EXPECT_FALSE(worker.hear(0, 300ms, {}).value()) << "the broker did not hand it on";
  EXPECT_THAT(answer(stranger), StartsWith("消息中间件不认这个用户：用户名、口令或令牌不对 / the broker: "));
  std::jthread answering([&worker] {
    std::optional<broker_message> got;
    while (!got) got = worker.hear(0, 100ms, {}).value();
    EXPECT_EQ(got->subject, "ct.ship.东城区");
    EXPECT_TRUE(worker.tell(got->answer_to, "taken", {}));
    EXPECT_TRUE(worker.tell(got->answer_to, "and once more", {})) << "which the broker keeps to itself";
  });
  EXPECT_EQ(answer(east, "of the east"), "taken");
}

TEST(broker, OneInTheClearWhereTlsIsWantedIsSaid) {
  const nats_server server;
  broker_place where = server.place();
  where.tls = true;
  broker by(where);
  EXPECT_THAT(answer(by), StartsWith("消息中间件没有开 TLS"));
}

/** Where nobody is. */
std::string deserted() {
  const nats_server gone;
  return gone.place().servers.front();
}

TEST(broker, OfSeveralTheOneThatIsThereIsFoundByItsName) {
  const nats_server server;
  broker_place where = server.place();
  where.servers = {deserted(), "localhost" + where.servers.front().substr(9), deserted()};
  // in any order
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(broker(where).tell("ct.beat.东城区", "", {}));
}

TEST(broker, WithoutAnyItIsSaidAtOnce) {
  broker by({.servers = {deserted()}, .tls = false, .answers = "ct.answer.test"});
  const mono_t begin = system_clocks().mono();
  EXPECT_FALSE(by.tell("ct.beat.东城区", "", {}));
  EXPECT_FALSE(by.hear(0, 1ms, {}));
  EXPECT_THAT(answer(by), StartsWith("消息中间件连不上：没有在运行"));
  EXPECT_LT(system_clocks().mono() - begin, 20s);
}

}  // namespace
}  // namespace changtong::centre
