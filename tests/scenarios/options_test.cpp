#include "daemon/cli/options.h"

#include <gtest/gtest.h>

namespace changtong {
namespace {

TEST(Options, WhatIsQuotedOfALongOneIsWholeCharacters) {
  const auto step = sampling_step("一二三四五六七八九十十一");
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().text, "--step 只能是 1s 至 24h，如 30s、5m、1h，不是“一二三四五六七八九十”");
  EXPECT_EQ(step.error().text_en, "no step: '一二三四五六七八九十'");
  std::string format = "一二三四五六七八九十十一";
  EXPECT_EQ(one_of({"text", "json"})(format), "“一二三四五六七八九十”：只能是 text、json / write one of text, json");
}

TEST(Options, AProblemAboutAFileKeepsItsPlace) {
  const problem p = about_option("--before", {.text = "不是 JSON", .file = "a.json", .line = 3, .text_en = "no JSON"});
  EXPECT_EQ(to_string(p), "a.json:3: --before：不是 JSON / no JSON");
  EXPECT_EQ(p.what, problem_class::usage);
}

}  // namespace
}  // namespace changtong
