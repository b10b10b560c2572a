// `changtong replay` from outside: its exit codes, its messages, and what it leaves behind.
#include "daemon/cli/replay_command.h"
#include "daemon/ledger/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "tests/ledger/desk.h"

namespace changtong {
namespace {

using testing::HasSubstr;

struct ReplayCommand : testing::Test {
  ledger::desk::folder f;
  replay_options o{.config = path("c.yaml"), .trace = path("t.jsonl"), .ledger = path("books.db")};

  ReplayCommand() {
    write("c.yaml", "inventory: lines.csv\ndefaults: { interval: 10s }\n");
    write("lines.csv", "id,category,address\nL1,village,192.0.2.1\n");
    trace("");
  }
  [[nodiscard]] std::string path(const std::string& name) const { return (f.path / name).string(); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path(name)) << text; }
  void trace(const std::string& more) const {
    write(
        "t.jsonl",
        "{\"at\":\"2026-03-14T00:00:00+08:00\",\"monitor\":\"start\"}\n"
        "{\"from\":\"2026-03-14T00:00:00+08:00\",\"to\":\"2026-03-16T00:00:00+08:00\",\"every_s\":10,\"target\":\"*\","
        "\"check\":\"icmp\",\"outcome\":\"good\"}\n" +
            more);
  }
  [[nodiscard]] std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& e : std::filesystem::directory_iterator(f.path)) names.insert(e.path().filename().string());
    return names;
  }
  struct outcome_of_command {
    int code;
    std::string said;
  };
  [[nodiscard]] outcome_of_command run() const {
    testing::internal::CaptureStderr();
    testing::internal::CaptureStdout();
    const int code = replay_command(o);
    const std::string told = testing::internal::GetCapturedStdout();
    return {code, told + testing::internal::GetCapturedStderr()};
  }
};

TEST_F(ReplayCommand, MakesALedgerWithItsKeyAndSealsAndNothingElse) {
  const auto done = run();
  EXPECT_EQ(done.code, 0) << done.said;
  EXPECT_THAT(done.said, HasSubstr("digest: "));
  EXPECT_EQ(files(), (std::set<std::string>{"c.yaml", "lines.csv", "t.jsonl", "books.db", "books.db.key",
                                            "books.db.pub", "books.db.seals"}));
  EXPECT_TRUE(ledger::prove(o.ledger, {}, {}).value().ok);
}

TEST_F(ReplayCommand, NeverWritesOverALedgerAKeyOrSeals) {
  for (const char* part : {"", ".key", ".pub", ".seals"}) {
    write(std::string("books.db") + part, "of somebody else");
    const auto done = run();
    EXPECT_EQ(done.code, 2) << part;
    EXPECT_THAT(done.said, HasSubstr("name another file")) << part;
    std::filesystem::remove(path(std::string("books.db") + part));
  }
  EXPECT_EQ(files(), (std::set<std::string>{"c.yaml", "lines.csv", "t.jsonl"}));
}

TEST_F(ReplayCommand, LeavesNothingBehindWhenTheTraceIsWrong) {
  trace("{\"at\":\"2026-03-15T00:00:00+08:00\",\"target\":\"L7\",\"check\":\"icmp\",\"outcome\":\"bad\"}\n");
  const auto unknown = run();
  EXPECT_EQ(unknown.code, 1);
  EXPECT_THAT(unknown.said, HasSubstr(o.trace + ":3: ")) << "noticed in the middle of the books";
  EXPECT_THAT(unknown.said, HasSubstr("L7"));
  trace("not JSON\n");
  EXPECT_EQ(run().code, 1);
  EXPECT_EQ(files(), (std::set<std::string>{"c.yaml", "lines.csv", "t.jsonl"}));
}

TEST_F(ReplayCommand, AWrongConfigurationIsNamedWithItsPlace) {
  write("c.yaml", "inventory: lines.csv\nintervall: 1s\n");
  const auto done = run();
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.said, HasSubstr("c.yaml:2:1: "));
}

TEST_F(ReplayCommand, CouldNotRunWhereNoFileCanBeMade) {
  o.ledger = path("no-such-folder/books.db");
  EXPECT_EQ(run().code, 3);
}

TEST_F(ReplayCommand, WhatAnInterruptedReplayLeftIsSweptAway) {
  write("books.db.replaying", "half a ledger");
  write("books.db.replaying-wal", "");
  EXPECT_EQ(run().code, 0);
  EXPECT_FALSE(files().contains("books.db.replaying"));
  EXPECT_FALSE(files().contains("books.db.replaying-wal"));
}

}  // namespace
}  // namespace changtong
