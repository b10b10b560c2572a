// What happens to the ledger when the process, the disk or a neighbour does not behave.
#include <gmock/gmock.h>
#include <poll.h>
#include <sqlite3.h>
#include <sys/wait.h>

#include <csignal>
#include <random>

#include "daemon/ledger/store.h"
#include "daemon/ledger/verify.h"
#include "tests/ledger/desk.h"

namespace changtong::ledger {
namespace {

using namespace desk;

/** A daemon in a hurry: an outage in every commit, acknowledged through the pipe once it is durable. Never returns. */
[[noreturn]] void write_until_killed(const std::string& path, int pipe_end) {
  auto w = writer::open(path);
  if (!w) ::_exit(1);
  const restored before = (*w)->restore();
  auto n = before.heartbeat == wall_t{} ? 1 : (ms_of(before.heartbeat) - midnight_ms) / 1000 + 1;
  for (;; ++n) {
    const auto s = static_cast<double>(n);
    ledger_batch b =
        batch(s, {up_again("L1", s - 0.5, s - 0.6), down("L1", s, s - 0.1), up("L" + std::to_string(2 + n % 50), s)});
    b.memory = {{"L1/icmp", std::to_string(n)}};
    if (!(*w)->commit(b)) ::_exit(2);
    if (::write(pipe_end, &n, sizeof n) != sizeof n) ::_exit(3);
  }
}

/** Reads acknowledgements until `wanted` of them are there, kills the writer, and reads what is left in the pipe. */
std::int64_t kill_after(const std::string& path, int wanted, int jitter_us) {
  int ends[2];
  if (::pipe(ends) != 0) return -1;
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    write_until_killed(path, ends[1]);
  }
  ::close(ends[1]);
  std::int64_t last = 0, n = 0;
  for (int i = 0; i < wanted && ::read(ends[0], &n, sizeof n) == sizeof n; ++i) last = n;
  pollfd nothing{-1, 0, 0};
  const timespec wait{0, jitter_us * 1000L};
  ::ppoll(&nothing, 0, &wait, nullptr);  // so that the kill falls anywhere in a commit, not always behind one
  ::kill(child, SIGKILL);
  while (::read(ends[0], &n, sizeof n) == sizeof n) last = n;
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself with " << WEXITSTATUS(status);
  return last;
}

TEST(Crash, NothingAcknowledgedIsLostAtTwentyRandomKills) {
  const folder f;
  std::mt19937 dice(20260314);
  for (int round = 0; round < 20; ++round) {
    const int wanted = 1 + static_cast<int>(dice() % 15);
    const std::int64_t last = kill_after(f.ledger(), wanted, static_cast<int>(dice() % 3000));
    ASSERT_GT(last, 0);
    const auto v = prove(f.ledger(), {}, {});
    ASSERT_TRUE(v && v->ok) << (v ? v->text : v.error().text);
    const restored r = opened(f)->restore();
    EXPECT_TRUE(r.crashed);
    EXPECT_GE(r.heartbeat, at(static_cast<double>(last)));
    EXPECT_LE(r.heartbeat, at(static_cast<double>(last + 1)))
        << "at most the one commit under way is there unacknowledged";
    ASSERT_EQ(r.memory.size(), 1U);
    EXPECT_EQ(r.memory[0].text, std::to_string((ms_of(r.heartbeat) - midnight_ms) / 1000))
        << "all of a commit or nothing";
    ASSERT_FALSE(r.states.empty());
    EXPECT_EQ(r.states[0].target, "L1");
    EXPECT_EQ(r.states[0].outage_began, r.heartbeat);
  }
}

TEST(Neighbour, LockedLedgerFailsAndTheSameBatchGoesInLater) {
  const folder f;
  const auto w = opened(f);
  commit(*w, 10, {up("L1", 1)});
  const ledger_batch b = batch(100, {down("L1", 50, 49)});
  {
    store other(f.ledger(), store::mode::write);
    const transaction held(other, "BEGIN IMMEDIATE");
    const auto locked = w->commit(b);
    ASSERT_FALSE(locked);
    EXPECT_THAT(locked.error().text_en, testing::HasSubstr("locked by another program"));
    EXPECT_EQ(reading(f)->heartbeat(), at(10));
  }
  EXPECT_EQ(*w->commit(b), 2);
  EXPECT_EQ(reading(f)->heartbeat(), at(100));
  EXPECT_TRUE(prove(f.ledger(), {}, {})->ok);
}

TEST(Neighbour, LedgerOfANewerProgramIsRefused) {
  const folder f;
  {
    commit(*opened(f), 10, {});
  }
  {
    store s(f.ledger(), store::mode::write);
    s.execute("PRAGMA user_version=99");
  }
  const auto w = writer::open(f.ledger());
  ASSERT_FALSE(w);
  EXPECT_THAT(w.error().text_en, testing::HasSubstr("newer"));
  EXPECT_FALSE(reader::open(f.ledger()));
}

TEST(Neighbour, WriterGoesOnWhileAReaderHoldsOneStateOfTheBooks) {
  const folder f;
  const auto w = opened(f);
  commit(*w, 10, {line("L1", 0), line("L2", 0), up("L1", 0), up("L2", 0)});
  std::vector<std::int64_t> seen;
  reading(f)->histories({at(0), at(1000)}, at(1000), {},
                        [&](const known_target&, const availability::target_history& h) {
                          commit(*w, 500, {});
                          seen.push_back(availability::measure(h, {at(0), at(1000)}).up.count());
                        });
  EXPECT_THAT(seen, testing::ElementsAre(10'000, 10'000)) << "both lines as of one instant";
}

/** A ledger as 0.1.0 left it: no duties and closings, windows without author and text, no seals. */
TEST(Format, ALedgerOfTheFirstReleaseIsBroughtToThePresentShape) {
  const folder f;
  commit(*opened(f), 1000,
         {line("L1", 0), up("L1", 0), down("L1", 50, 49), up_again("L1", 60, 59),
          window("W1", "L1", 10, 55, 70, "approved")});
  const auto before = measured(f, "L1", 0, 1000);
  {
    store s(f.ledger(), store::mode::write);
    s.execute(
        "DROP TABLE duties; DROP TABLE closings; DROP TABLE windows; DROP TABLE seals; CREATE TABLE windows(target "
        "INTEGER "
        "NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, begins INTEGER NOT NULL, ends INTEGER "
        "NOT "
        "NULL, state TEXT NOT NULL, PRIMARY KEY(target, id, seq)) STRICT, WITHOUT ROWID; PRAGMA user_version=1");
  }
  EXPECT_FALSE(reader::open(f.ledger())) << "a reader does not change a file, so it says what to do";
  (void)opened(f);
  const auto after = measured(f, "L1", 0, 1000);
  EXPECT_EQ(after.down, before.down);
  EXPECT_EQ(after.excluded, before.excluded);
  EXPECT_EQ(in_seconds(after.excluded), 15);
  EXPECT_EQ(reading(f)->windows()[0].what.by, "王工");
}

/** A ledger as 0.2.0 left it: everything but counters and verdicts. */
TEST(Format, ALedgerOfTheSecondFormatIsUpgradedAndLosesNothing) {
  const folder f;
  {
    const auto w = opened(f);
    commit(*w, 86'400 + 3700,
           {line("L1", 0), up("L1", 0), down("L1", 50, 49), up_again("L1", 60, 59),
            annotation{at(70), "L1", at(55), "王工", "雷击"},
            duty_record{at(70), "2026-03-14", "王工", "api", "李工", ""}});
    ASSERT_TRUE(w->stop(at(86'400 + 3700)));
  }
  const auto count = [&](const char* what) {
    return store(f.ledger(), store::mode::write).number(fmt::format("SELECT count(*) FROM {}", what).c_str());
  };
  const auto before = measured(f, "L1", 0, 1000);
  const std::int64_t entries = count("journal"), seals = count("seals");
  ASSERT_GT(seals, 0);
  {
    store s(f.ledger(), store::mode::write);
    s.execute("DROP TABLE counters; DROP TABLE verdicts; PRAGMA user_version=2");
  }
  EXPECT_FALSE(reader::open(f.ledger())) << "a reader does not change a file, so it says what to do";
  {
    const auto w = opened(f);
    EXPECT_FALSE(w->restore().crashed);
    commit(*w, 86'400 + 3800, {counter_record{at(86'400 + 3800), "c", at(50), "7", "", "", "王工", "api"}});
  }
  EXPECT_EQ(count("journal"), entries + 1);
  EXPECT_EQ(count("seals"), seals);
  EXPECT_TRUE(prove(f.ledger(), {}, {})->ok);
  EXPECT_EQ(measured(f, "L1", 0, 1000).down, before.down);
  const auto now = reading(f);
  EXPECT_EQ(now->annotations("L1", {at(0), at(100)}).size(), 1u);
  EXPECT_EQ(now->duties("2026-03-14", "2026-03-14").size(), 1u);
  EXPECT_EQ(now->counters("c", {at(0), at(100)}).size(), 1u);
}

/** As long as it lives and is armed, every statement that begins so is interrupted, on every connection. */
struct interrupting {
  interrupting() { sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch)); }
  ~interrupting() {
    sqlite3_reset_auto_extension();
    armed = "";
  }
  interrupting(const interrupting&) = delete;
  interrupting& operator=(const interrupting&) = delete;

  static inline std::string_view armed;

 private:
  static inline bool now = false;
  static int watch(sqlite3* opened_now, char**, const sqlite3_api_routines*) {
    sqlite3_trace_v2(opened_now, SQLITE_TRACE_STMT, begins, nullptr);
    sqlite3_progress_handler(opened_now, 1, [](void*) { return now ? 1 : 0; }, nullptr);
    return SQLITE_OK;
  }
  static int begins(unsigned, void*, void*, void* text) {
    now = !armed.empty() && std::string_view(static_cast<const char*>(text)).starts_with(armed);
    return 0;
  }
};

TEST(SealsAfterACommit, WhatGoesWrongWithItAfterTheCommitIsNotTheCommits) {
  const interrupting at_will;
  const folder f;
  const auto w = opened(f);
  commit(*w, 10, {line("L1", 0), up("L1", 1)});
  interrupting::armed = "SELECT line FROM seals";
  const auto done = w->commit(batch(86'400 + 3'700, {down("L1", 50, 49)}));
  EXPECT_TRUE(done) << "who is told that nothing was entered would enter it again";
  EXPECT_EQ(w->seals().count, 1);
  EXPECT_EQ(w->seals().failures, 1);
  interrupting::armed = "";
  commit(*w, 86'400 + 3'800, {up_again("L1", 60, 59)});
  const auto p = prove(f.ledger(), {}, {});
  EXPECT_TRUE(p && p->ok) << "and a minute later the file has its line";
  EXPECT_EQ(p->entries, 4);
}

}  // namespace
}  // namespace changtong::ledger
