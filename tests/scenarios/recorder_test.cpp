// The recorder and people: what is answered is durable, and what is refused is never written later.
#include "daemon/run/recorder.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <latch>
#include <mutex>
#include <new>
#include <thread>

#include "daemon/run/command_desk.h"

namespace changtong {
namespace {

/** Keeps what it is given, unless it is told to fail. What it holds is read once the recorder has stopped. */
struct paper {
  std::atomic<bool> full{false};
  std::atomic<int> refused{0};
  std::vector<std::string> kept;        ///< persons of duty records, texts of gaps
  std::vector<wall_t> gaps;             ///< their beginnings
  std::atomic<int> stops{0};            ///< clean ones
  std::atomic<std::int64_t> sealed{0};  ///< days, by the next commit
};

class paper_writer final : public ledger::writer {
 public:
  explicit paper_writer(paper& p) : paper_(p) {}
  [[nodiscard]] ledger::restored restore() const override { return {}; }
  [[nodiscard]] result<std::int64_t> commit(const ledger_batch& batch) override {
    if (paper_.full) {
      ++paper_.refused;
      return problem{"磁盘已满 / disk full"};
    }
    for (const record& r : batch.records) {
      if (const auto* d = std::get_if<duty_record>(&r); d != nullptr && d->person == "大") throw std::bad_alloc();
    }
    for (const record& r : batch.records) {
      if (const auto* d = std::get_if<duty_record>(&r)) paper_.kept.push_back(d->person);
      if (const auto* g = std::get_if<gap>(&r)) paper_.kept.push_back(g->text), paper_.gaps.push_back(g->from);
    }
    seals_.count = paper_.sealed;
    return 1;
  }
  [[nodiscard]] result<std::int64_t> stop(wall_t) override { return ++paper_.stops; }
  [[nodiscard]] const ledger::seal_status& seals() const override { return seals_; }

 private:
  paper& paper_;
  ledger::seal_status seals_;
};

std::vector<record> entry_of(const std::string& person) {
  return {duty_record{.at = {}, .day = "2026-03-14", .person = person, .source = "api", .author = person, .text = {}}};
}

struct Recorder : testing::Test {
  std::unique_ptr<recorder> made(recorder::announce tell = [](const std::vector<record>&, bool) {}) {
    return std::make_unique<recorder>(std::make_unique<paper_writer>(ledger), tallies, std::move(tell));
  }
  paper ledger;
  daemon_tallies tallies;
};

/** A disk that hangs: a commit returns when it is let go, with an error if `fails`. */
struct stuck_writer final : ledger::writer {
  stuck_writer(std::atomic<bool>& hangs, std::atomic<bool>& fails, std::atomic<int>& begun)
      : hangs_(hangs), fails_(fails), begun_(begun) {}
  [[nodiscard]] ledger::restored restore() const override { return {}; }
  [[nodiscard]] result<std::int64_t> commit(const ledger_batch&) override {
    ++begun_;
    hangs_.wait(true);
    return fails_ ? result<std::int64_t>(problem{"input/output error"}) : result<std::int64_t>(1);
  }
  [[nodiscard]] result<std::int64_t> stop(wall_t) override { return 1; }
  std::atomic<bool>& hangs_;
  std::atomic<bool>& fails_;
  std::atomic<int>& begun_;
};

struct RecorderStuck : testing::Test {
  void give(const std::string& line) {
    r->give({.heartbeat = wall_t{} + milliseconds{1},
             .records = {transition{.target = line, .to = line_state::down, .decided_by = {}}},
             .memory = {}});
  }
  void await(std::size_t count) {
    std::unique_lock lock(mutex);
    heard.wait(lock, [&] { return told.size() >= count; });
  }
  void let_go() {
    hangs = false;
    hangs.notify_all();
  }
  std::atomic<bool> hangs{true}, fails{false};
  std::atomic<int> begun{0};
  daemon_tallies tallies;
  std::mutex mutex;
  std::condition_variable heard;
  std::vector<std::string> told;  ///< "L1" recorded, "L1?" not yet
  std::unique_ptr<recorder> r = std::make_unique<recorder>(
      std::make_unique<stuck_writer>(hangs, fails, begun), tallies,
      [this](const std::vector<record>& all, bool recorded) {
        const std::lock_guard lock(mutex);
        for (const record& one : all) told.push_back(std::get<transition>(one).target + (recorded ? "" : "?"));
        heard.notify_all();
      },
      recorder_limits{.patience = milliseconds{0}, .hang = milliseconds{1}});
};

TEST_F(RecorderStuck, WhatACommitThatHangsHoldsAndWhatComesAfterItIsToldAtOnceAndOnceMoreWhenItIsRecorded) {
  give("L1");
  await(1);
  EXPECT_FALSE(tallies.ledger_writable);
  EXPECT_TRUE(r->trouble());
  give("L2");
  await(2);
  let_go();
  await(4);
  r->stop({});
  EXPECT_EQ(told, (std::vector<std::string>{"L1?", "L2?", "L1", "L2"}));
  EXPECT_FALSE(r->trouble());
}

TEST_F(RecorderStuck, NothingIsToldTwiceAsUnrecordedWhenItFailsInTheEnd) {
  give("L1");
  await(1);
  give("L2");
  await(2);
  fails = true;
  let_go();
  while (tallies.ledger_failures < 3) std::this_thread::yield();
  give("L3");
  await(3);
  fails = false;
  await(6);
  r->stop({});
  EXPECT_EQ(told, (std::vector<std::string>{"L1?", "L2?", "L3?", "L1", "L2", "L3"}));
}

TEST_F(RecorderStuck, AnEntryOfAPersonIsNotToldBeforeItIsRecorded) {
  std::thread person([&] { (void)r->enter({transition{.target = "entered", .decided_by = {}}}); });
  while (begun == 0) std::this_thread::yield();  // a commit that holds it hangs
  give("L1");
  await(1);
  let_go();
  person.join();
  r->stop({});
  EXPECT_EQ(told, (std::vector<std::string>{"L1?", "entered", "L1"}));
}

TEST_F(Recorder, AnEntryIsRecordedAndAnnouncedWhenItIsAnswered) {
  std::atomic<int> announced{0};
  auto r = made(
      [&](const std::vector<record>& all, bool recorded) { announced += recorded ? static_cast<int>(all.size()) : 0; });
  ASSERT_TRUE(r->enter(entry_of("王工")));
  EXPECT_EQ(announced, 1);
  r->stop({});
  EXPECT_EQ(ledger.kept, std::vector<std::string>{"王工"});
}

TEST_F(Recorder, WhatTheLedgerDoesNotTakeIsRefusedAndNotWrittenLater) {
  auto r = made();
  ledger.full = true;
  r->give({.heartbeat = {}, .records = {gap{.text = "ours"}}, .memory = {}});
  const auto refused = r->enter(entry_of("王工"));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text.find("disk full"), std::string::npos);
  ledger.full = false;
  ASSERT_TRUE(r->enter(entry_of("李工")));
  r->stop({});
  EXPECT_EQ(ledger.kept, (std::vector<std::string>{"ours", "李工"})) << "what we saw ourselves is kept and comes first";
}

TEST_F(Recorder, RunningOutOfMemoryRefusesWhoAskedAndRecordingGoesOn) {
  auto r = made();
  r->give({.heartbeat = {}, .records = {gap{.text = "ours"}}, .memory = {}});
  EXPECT_FALSE(r->enter(entry_of("大")));
  EXPECT_TRUE(r->trouble());
  ASSERT_TRUE(r->enter(entry_of("王工")));
  EXPECT_FALSE(r->trouble());
  r->stop({});
  EXPECT_EQ(ledger.kept, (std::vector<std::string>{"ours", "王工"}));
}

TEST_F(Recorder, WhatCannotBeAnnouncedIsRecordedAllTheSame) {
  auto r = made([](const std::vector<record>&, bool) { throw std::bad_alloc(); });
  ASSERT_TRUE(r->enter(entry_of("王工")));
  ASSERT_TRUE(r->enter(entry_of("李工")));
  r->stop({});
  EXPECT_EQ(ledger.kept.size(), 2u);
}

TEST_F(Recorder, ADeskThatRunsOutOfMemoryRefusesAndGoesOn) {
  auto r = made();
  bool out_of_memory = true;
  command_desk desk("/nonexistent/ledger.db", *r, [&]() -> std::optional<wall_t> {
    if (out_of_memory) throw std::bad_alloc();
    return std::nullopt;
  });
  const std::vector<command> one{duty_command{}};
  for (const char* why : {"out of memory", "stopping"}) {
    const entering done = desk.enter(one, {.name = "王工"});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().why, refused::reason::unavailable);
    EXPECT_NE(done.error().text_en.find(why), std::string::npos) << done.error().text_en;
    out_of_memory = false;
  }
}

TEST_F(Recorder, AnAuthorEntersOnlySoMuchADay) {
  const std::string path = testing::TempDir() + "desk_" + std::to_string(::getpid()) + ".db";
  const auto forget = [&] {
    for (const char* end : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(path + end);
  };
  forget();
  wall_t now = wall_from_ms(1'773'417'600'000);
  {
    recorder r(ledger::writer::open(path, 0, {.sealing = false}).value(), tallies, [](const auto&, bool) {});
    r.give({.heartbeat = now, .records = {policy_version{now, "Asia/Shanghai", "{}", "test"}}, .memory = {}});
    command_desk desk(path, r, [&] { return now; });
    window_command w;
    w.targets = {"*"};
    w.from = now + std::chrono::hours{48};
    w.to = now + std::chrono::hours{49};
    const std::vector<command> many(most_commands, w);
    for (std::size_t n = 0; n < most_entries_a_day; n += many.size()) ASSERT_TRUE(desk.enter(many, {.name = "api"}));
    const entering done = desk.enter(std::vector<command>{w}, {.name = "api"});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().why, refused::reason::too_much);
    EXPECT_TRUE(desk.enter(std::vector<command>{w}, {.name = "王工"})) << "others go on";
    now += std::chrono::hours{24};
    EXPECT_TRUE(desk.enter(std::vector<command>{w}, {.name = "api"})) << "and so does everybody tomorrow";
    r.stop(now);
  }
  forget();
}

TEST_F(Recorder, WhatAnAuthorEnteredTodayIsRememberedOverARestart) {
  const std::string path = testing::TempDir() + "desk_again_" + std::to_string(::getpid()) + ".db";
  const auto forget = [&] {
    for (const char* end : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(path + end);
  };
  forget();
  wall_t now = wall_from_ms(1'773'417'600'000);
  window_command w;
  w.targets = {"*"};
  w.from = now + std::chrono::hours{48};
  w.to = now + std::chrono::hours{49};
  const std::vector<command> one{w};
  const author api{.name = "api", .source = "api", .via = "api: api@192.0.2.1"};
  const auto run = [&](const std::function<void(command_desk&)>& what) {
    recorder r(ledger::writer::open(path, 0, {.sealing = false}).value(), tallies, [](const auto&, bool) {});
    command_desk desk(path, r, [&] { return now; });
    what(desk);
    r.stop(now);
  };
  {
    const auto by = [&](const author& who) {
      return counter_record{.at = now,
                            .counter = "visits",
                            .about = now,
                            .value = "1",
                            .unit = {},
                            .source = {},
                            .author = who.name,
                            .via = who.via};
    };
    ledger_batch today{.heartbeat = now, .records = {}, .memory = {}};
    today.records.emplace_back(policy_version{now, "Asia/Shanghai", "{}", "test"});
    today.records.insert(today.records.end(), most_entries_a_day, by(api));
    today.records.insert(today.records.end(), most_entries_a_day, by({.name = "王工", .via = std::string(via_file)}));
    ASSERT_TRUE(ledger::writer::open(path, 0, {.sealing = false}).value()->commit(today));
  }
  now += std::chrono::minutes{1};
  run([&](command_desk& desk) {
    const entering done = desk.enter(one, api);
    ASSERT_FALSE(done) << "the day goes on over a restart";
    EXPECT_EQ(done.error().why, refused::reason::too_much);
    EXPECT_TRUE(desk.enter(one, {.name = "王工", .source = "api", .via = "api: 王工@192.0.2.2"}));
  });
  now += std::chrono::hours{24};
  run([&](command_desk& desk) { EXPECT_TRUE(desk.enter(one, api)) << "and ends at midnight"; });
  forget();
}

TEST_F(Recorder, AStopThatLosesRecordsIsNotClean) {
  auto r = made();
  ledger.full = true;
  r->give({.heartbeat = {}, .records = {gap{.text = "ours"}}, .memory = {}});
  while (ledger.refused == 0) std::this_thread::yield();
  r->stop({});
  EXPECT_EQ(ledger.stops, 0) << "the next start must know from where on nothing was recorded";
  ledger.full = false;
  auto whole = made();
  whole->give({.heartbeat = {}, .records = {gap{.text = "ours"}}, .memory = {}});
  whole->stop({});
  EXPECT_EQ(ledger.stops, 1);
}

TEST_F(Recorder, TheGapOfLostRecordsBeginsWithTheEarliestOfThemNotTheFirstThatWasDropped) {
  recorder r(std::make_unique<paper_writer>(ledger), tallies, [](const auto&, bool) {},
             {.patience = milliseconds{0}, .most_queued = 0});
  ledger.full = true;
  const wall_t later = wall_from_ms(20'000), earlier = wall_from_ms(10'000);
  std::uint64_t lost = 0;
  for (const wall_t at : {later, earlier}) {  // a run that began earlier is decided later
    r.give({.heartbeat = {},
            .records = {transition{.target = "L1", .to = line_state::down, .at = at, .decided_by = {}}},
            .memory = {}});
    ++lost;
    while (tallies.ledger_lost < lost) std::this_thread::yield();
  }
  ledger.full = false;
  while (!tallies.ledger_writable) std::this_thread::yield();
  r.stop({});
  EXPECT_EQ(ledger.gaps, std::vector<wall_t>{earlier});
}

TEST_F(Recorder, WhoeverPostsSealsIsWokenByEachCommitThatMadeOne) {
  std::atomic<int> woken{0};
  recorder r(std::make_unique<paper_writer>(ledger), tallies, [](const auto&, bool) {}, {}, [&] { ++woken; });
  ASSERT_TRUE(r.enter(entry_of("王工")));
  EXPECT_EQ(woken, 0) << "nothing was sealed";
  for (const int days : {1, 1, 3}) {
    ledger.sealed = days;
    ASSERT_TRUE(r.enter(entry_of("王工")));
  }
  EXPECT_EQ(woken, 2);
}

TEST_F(Recorder, SeveralPeopleAtOnceAreAllAnswered) {
  auto r = made();
  constexpr int people = 16;
  std::latch together(people);
  std::atomic<int> answered{0};
  std::vector<std::thread> all;
  for (int i = 0; i < people; ++i)
    all.emplace_back([&] {
      together.arrive_and_wait();
      answered += r->enter(entry_of("王工")) ? 1 : 0;
    });
  for (std::thread& t : all) t.join();
  EXPECT_EQ(answered, people);
  r->stop({});
  EXPECT_EQ(ledger.kept.size(), static_cast<std::size_t>(people));
}

TEST_F(Recorder, AfterTheStopNobodyIsLeftWaiting) {
  auto r = made();
  r->stop({});
  EXPECT_FALSE(r->enter(entry_of("王工")));
  EXPECT_TRUE(ledger.kept.empty());
}

}  // namespace
}  // namespace changtong
