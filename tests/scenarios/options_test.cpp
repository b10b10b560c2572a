#include "daemon/cli/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include "daemon/cli/ending.h"
#include "daemon/cli/grammar.h"
#include "daemon/core/phrase.h"

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

/** Exit code and what is said of `changtong WORDS…`, where there are `check --config --interval N FILE` and `ledger
 * verify --ledger`. */
std::pair<int, std::string> read_words(std::vector<const char*> words) {
  std::string config, file, ledger;
  std::uint32_t interval = 0;
  command_line line({"", "", ""});
  auto check = line.top().add_subcommand("check", "");
  check.add_option("--config", config, "").required();
  check.add_option("--interval", interval, "");
  check.add_option("FILE", file, "");
  auto books = line.top().add_subcommand("ledger", "");
  books.needs_subcommand();
  books.add_subcommand("verify", "").add_option("--ledger", ledger, "").required().plain_file();
  (void)books.add_subcommand("rebuild", "");
  words.insert(words.begin(), "changtong");
  testing::internal::CaptureStderr();
  const auto ended = line.read(static_cast<int>(words.size()), words.data());
  std::string said = testing::internal::GetCapturedStderr();
  return {ended.value_or(-1), said.substr(0, said.find('\n'))};
}

using told = std::pair<int, std::string>;

TEST(Options, AMistypedWordIsNamedWithWhatWasMeant) {
  EXPECT_EQ(read_words({"chek", "--config", "c"}),
            told(2, "changtong: 没有命令 chek，是不是 check？ / no command chek, did you mean check?"));
  EXPECT_EQ(read_words({"ledger", "verfy"}),
            told(2, "changtong: 没有命令 verfy，是不是 verify？ / no command verfy, did you mean verify?"));
  EXPECT_EQ(
      read_words({"check", "--confg", "c"}),
      told(2, "changtong: 不认识选项 --confg，是不是 --config？ / unknown option --confg, did you mean --config?"));
  EXPECT_EQ(read_words({"check", "--config", "c", "f", "more"}),
            told(2, "changtong: 多了一个参数 more / one argument too many: more"));
  EXPECT_EQ(read_words({"check", "--config", "c", "-x"}), told(2, "changtong: 不认识选项 -x / unknown option -x"));
}

TEST(Options, WhatIsMissingIsNamed) {
  EXPECT_EQ(read_words({"check"}), told(2, "changtong: 缺少 --config / missing: --config"));
  EXPECT_EQ(read_words({}), told(2, "changtong: 请写明要做什么：check、ledger / name a command"));
  EXPECT_EQ(read_words({"ledger"}), told(2, "changtong: 请写明要做什么：verify、rebuild / name a command"));
  EXPECT_EQ(read_words({"check", "--config"}), told(2, "changtong: --config 之后要有一个值 / --config needs a value"));
  EXPECT_EQ(read_words({"check", "--config", "a", "--config", "b"}),
            told(2, "changtong: --config 只能写一次 / --config may stand once"));
  EXPECT_THAT(read_words({"check", "--config", "a", "--interval", "x"}).second,
              testing::HasSubstr("值的写法不对：--interval = x / this value cannot be read"));
}

TEST(Options, AFileThatIsNoneIsNoWrongUsage) {
  EXPECT_EQ(read_words({"ledger", "verify", "--ledger", "/nowhere/l.db"}),
            told(3, "changtong: --ledger：/nowhere/l.db：没有这个文件 / /nowhere/l.db: no such file"));
  EXPECT_EQ(read_words({"ledger", "verify", "--ledger", "/dev/null"}).first, 3);
  EXPECT_EQ(read_words({"ledger", "verify", "--ledger", "/"}).first, 3);
}

TEST(Options, AProblemAboutAFileKeepsItsPlace) {
  const problem p = about_option("--before", {.text = "不是 JSON", .file = "a.json", .line = 3, .text_en = "no JSON"});
  EXPECT_EQ(to_string(p), "a.json:3: --before：不是 JSON / no JSON");
  EXPECT_EQ(p.what, problem_class::usage);
}

TEST(Ending, TheClassOfAProblemIsTheExitCode) {
  EXPECT_EQ(exit_code_of(problem_class::no), 1);
  EXPECT_EQ(exit_code_of(problem_class::usage), 2);
  EXPECT_EQ(exit_code_of(problem_class::cannot), 3);
  EXPECT_EQ(fail(said({"没有", "there is none"})), 3) << "nobody said what it means";
  EXPECT_EQ(fail(problems{.list = {said({"第一行", "the first line"})}}), 1) << "a text was read and does not hold";
  EXPECT_EQ(fail(as(problem_class::cannot, problems{.list = {said({"第一行", "the first line"})}})), 3);
}

}  // namespace
}  // namespace changtong
