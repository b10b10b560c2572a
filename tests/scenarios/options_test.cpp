#include "daemon/cli/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "daemon/cli/ending.h"
#include "daemon/cli/grammar.h"

namespace changtong {
namespace {

TEST(Options, WhatIsQuotedOfALongOneIsWholeCharacters) {
  const auto step = sampling_step("一二三四五六七八九十十一");
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().text, "--step 只能是 1s 至 24h，如 30s、5m、1h，不是“一二三四五六七八九十”");
  EXPECT_EQ(step.error().text_en, "no step: '一二三四五六七八九十'");

  std::string format;
  command_line line({"", "", ""});
  line.top().add_subcommand("x", "").add_option("--format", format, "").one_of({"text", "json"});
  const std::array<const char*, 4> words{"changtong", "x", "--format", "一二三四五六七八九十十一"};
  testing::internal::CaptureStderr();
  EXPECT_EQ(line.read(static_cast<int>(words.size()), words.data()), exit_usage);
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              testing::HasSubstr("“一二三四五六七八九十”：只能是 text、json / write one of text, json\n"));
}

/** The exit code of `x --out PATH`; -1: taken. */
int written_to(const std::string& path) {
  std::string out;
  command_line line({"", "", ""});
  line.top().add_subcommand("x", "").add_option("--out", out, "").output();
  const std::array<const char*, 4> words{"changtong", "x", "--out", path.c_str()};
  testing::internal::CaptureStderr();
  const auto ended = line.read(static_cast<int>(words.size()), words.data());
  (void)testing::internal::GetCapturedStderr();
  return ended.value_or(-1);
}

TEST(Options, NothingIsWrittenOverALedgerOrWhatIsNoPlainFile) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(testing::TempDir()) / "options-output";
  fs::remove_all(folder);
  fs::create_directories(folder);
  const auto file = [&](const std::string& name, std::string_view text) {
    std::ofstream(folder / name) << text;
    return (folder / name).string();
  };
  const std::string ledger = file("l.db", "SQLite format 3\nand so on");
  EXPECT_EQ(written_to(ledger), exit_usage);
  EXPECT_EQ(written_to(file("l.db-wal", "")), exit_usage);
  EXPECT_EQ(written_to(file("l.db.key", "")), exit_usage);
  EXPECT_EQ(written_to(ledger + ".seals"), exit_usage) << "not there yet";
  EXPECT_EQ(written_to(file("l.db.seals.2026-03-14.2", "")), exit_usage) << "a restored backup's";
  ASSERT_EQ(::mkfifo((folder / "p").c_str(), 0600), 0);
  EXPECT_EQ(written_to((folder / "p").string()), exit_usage);
  EXPECT_EQ(written_to(file("p-wal", "")), -1) << "a pipe is no ledger, and is not opened";
  EXPECT_EQ(written_to("/" + std::string(300, 'x')), -1) << "whoever writes it says why not";
  fs::create_symlink("r.xlsx", folder / "link.xlsx");
  EXPECT_EQ(written_to((folder / "link.xlsx").string()), exit_usage);
  EXPECT_EQ(written_to("/dev/full"), exit_usage);
  EXPECT_EQ(written_to(file("r.xlsx", "an older one")), -1);
  EXPECT_EQ(written_to((folder / "new.xlsx").string()), -1);
  EXPECT_EQ(written_to(folder.string()), -1);
  fs::remove_all(folder);
}

TEST(Options, AProblemAboutAFileKeepsItsPlace) {
  const problem p = about_option("--before", {.text = "不是 JSON", .file = "a.json", .line = 3, .text_en = "no JSON"});
  EXPECT_EQ(to_string(p), "a.json:3: --before：不是 JSON / no JSON");
  EXPECT_EQ(p.what, problem_class::usage);
}

}  // namespace
}  // namespace changtong
