// What is wrong in a file is told in Chinese and in English, at its place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/reading/block.h"
#include "tests/reading/two_languages.h"

namespace changtong::reading {
namespace {

std::string wrong_yaml(const std::string& text) {
  const auto tree = parse_yaml(text);
  return tree ? "nothing wrong" : to_string(tree.error());
}

std::string wrong_keys(const std::string& text) {
  const auto tree = parse_yaml(text).value();
  findings found;
  const block b(tree, {"网站", "a site"}, "c.yaml", found, {"id", "url", "interval"});
  b.require("url", "url: https://www.example.gov.cn/");
  (void)b.duration("interval", milliseconds{100}, milliseconds{1000});
  (void)b.text("id");
  std::string out;
  for (const problem& p : found.sorted_errors("c.yaml")) out += to_string(p) + "\n";
  return out;
}

TEST(Findings, ABlockTellsInBothLanguages) {
  EXPECT_EQ(
      wrong_keys("id: a\n"),
      "c.yaml:1:1: 网站缺少 'url'：请写 url: https://www.example.gov.cn/ / a site lacks the key 'url': write url: "
      "https://www.example.gov.cn/\n");
  EXPECT_EQ(
      wrong_keys("id: a\nurl:\n"),
      "c.yaml:2:1: 网站的 'url' 没有值：请写 url: https://www.example.gov.cn/ / a site: 'url' has no value: write "
      "url: https://www.example.gov.cn/\n");
  EXPECT_EQ(
      wrong_keys("- a\n"),
      "c.yaml:1:1: 网站应为键值对（key: value），而不是列表 / a site must be a mapping (key: value), not a list\n");
  EXPECT_EQ(wrong_keys("{ id: a, url: b, interval: 2s }\n"),
            "c.yaml:1:28: interval 2s 超出范围：应为 100ms 至 1s / interval 2s is out of bounds: 100ms to 1s\n");
  EXPECT_EQ(wrong_keys("{ id: [], url: b, intervall: 2s }\n"),
            "c.yaml:1:7: id 应为单个值，而不是列表 / id must be one value, not a list\n"
            "c.yaml:1:19: 键 'intervall' 无法识别：是否应为 'interval'？ / unknown key 'intervall': did you mean "
            "'interval'?\n");
}

TEST(Findings, WhatPeopleOftenGetWrongInYamlIsToldInChinese) {
  for (const char* text : {"a: [1, 2\nb: 3\n", "a: { b: 1\nc: 2\n", "a: b: c\n", "a:\n\t- b\n", "a: \"b\\qc\"\n",
                           "a: ]\n", "a: 1\n b: 2\n", "a: - b\n", "a: @b\n", "- a\nb: c\n", "a: *b\n", "a: &b c\n",
                           "a: \xff\n", "--- \na: 1\n--- \nb: 2\n"}) {
    const auto tree = parse_yaml(text);
    EXPECT_FALSE(tree) << text;
    if (tree) continue;
    EXPECT_TRUE(fakes::has_chinese(tree.error().text.substr(std::string("不是有效的 YAML：").size())))
        << to_string(tree.error());
    EXPECT_EQ(fakes::missing_in_chinese(tree.error()), "");
    EXPECT_FALSE(tree.error().text_en.empty());
  }
  EXPECT_EQ(wrong_yaml("a: [1, 2\n"),
            "不是有效的 YAML：方括号 [ 没有闭合 / no valid YAML: end of sequence flow not found");
}

TEST(Findings, ASheetInThePlaceOfAPlanIsNotCalledABadByte) {
  EXPECT_THAT(wrong_yaml("PK\x03\x04\x14\xff sheet"),
              testing::HasSubstr("这是表格或文档（XLSX、DOCX、ZIP），不是 YAML"));
}

}  // namespace
}  // namespace changtong::reading
