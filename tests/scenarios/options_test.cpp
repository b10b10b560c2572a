#include "daemon/cli/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

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

TEST(Options, AProblemAboutAFileKeepsItsPlace) {
  const problem p = about_option("--before", {.text = "不是 JSON", .file = "a.json", .line = 3, .text_en = "no JSON"});
  EXPECT_EQ(to_string(p), "a.json:3: --before：不是 JSON / no JSON");
  EXPECT_EQ(p.what, problem_class::usage);
}

}  // namespace
}  // namespace changtong
