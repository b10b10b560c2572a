// The words of messages: what a text may say, what it drops, and what is said of a wrong one.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "daemon/core/message_words.h"

namespace changtong {
namespace {

const std::string rest =
    "[any.opened]\n甲\n[any.grown]\n乙\n[any.resolved]\n丙\n[any.acknowledged]\n丁\n[any.removed]\n戊\n[any.corrected]"
    "\n己\n";

told_values with(std::initializer_list<std::pair<told_fact, std::string>> some) {
  told_values v;
  for (const auto& [f, text] : some) v[place_of(f)] = text;
  return v;
}
message_words read(const std::string& text) { return message_words::read(text, "w.txt").value(); }
std::string trouble(const std::string& text) {
  const auto r = message_words::read(text, "w.txt");
  return r ? "" : to_string(r.error().list.at(0));
}

TEST(MessageWords, TheFirstLineIsTheTitleAndTheRestTheText) {
  const auto w = read(rest + "[line.opened]\n${name}中断\n\n# 注释\n运营商：${carrier}\n完\n")
                     .write(alert_subject::line, worded_step::opened,
                            with({{told_fact::name, "龙河一村"}, {told_fact::carrier, "电信"}}));
  EXPECT_EQ(w.title, "龙河一村中断");
  EXPECT_EQ(w.text, "运营商：电信\n完\n");
}

TEST(MessageWords, WhatIsNotKnownFallsAwayWithItsBracketOrItsLine) {
  const message_words words =
      read(rest + "[line.opened]\n题\n[甲${town}，][乙${unit}，]自 ${began} 起\n依据：${observation}\n");
  const auto write = [&](const told_values& v) {
    return words.write(alert_subject::line, worded_step::opened, v).text;
  };
  EXPECT_EQ(write(with({{told_fact::began, "3 点"}})), "自 3 点 起\n");
  EXPECT_EQ(write(with({{told_fact::began, "3 点"}, {told_fact::unit, "站"}})), "乙站，自 3 点 起\n");
  EXPECT_EQ(write(with({{told_fact::observation, "邻居正常"}})), "依据：邻居正常\n") << "the other line knows nothing";
  EXPECT_EQ(write({}), "");
}

TEST(MessageWords, ASubjectWithoutASectionOfItsOwnHasTheOneOfAny) {
  EXPECT_EQ(read(rest).write(alert_subject::site, worded_step::resolved, {}).title, "丙");
}

TEST(MessageWords, BracketsAndDollarsCanBeWritten) {
  EXPECT_EQ(
      read(rest + "[site.opened]\n\\[甲\\] \\$ \\\\ $\n").write(alert_subject::site, worded_step::opened, {}).title,
      "[甲] $ \\ $");
}

TEST(MessageWords, AFileOfOnesOwnNeedsOnlyWhatItChanges) {
  const message_words base = read(rest);
  const auto own = message_words::read("[any.opened]\n我的\n", "own.txt", &base).value();
  EXPECT_EQ(own.write(alert_subject::many, worded_step::opened, {}).title, "我的");
  EXPECT_EQ(own.write(alert_subject::many, worded_step::grown, {}).title, "乙");
}

TEST(MessageWords, SaysWhatIsWrongAndWhere) {
  EXPECT_TRUE(
      trouble(rest + "[line.opened]\n自 ${bgan} 起\n").starts_with("w.txt:14:3: 没有 'bgan' 这一项：可用 name、"));
  EXPECT_TRUE(trouble("[lin.opened]\n甲\n").starts_with("w.txt:1:1: 节名应为 [类型.步骤]"));
  EXPECT_TRUE(trouble("甲\n").starts_with("w.txt:1:1: 文字应在"));
  EXPECT_TRUE(trouble(rest + "[line.opened]\n甲[乙\n").starts_with("w.txt:14:1: 方括号没有合上"));
  EXPECT_TRUE(trouble(rest + "[line.opened]\n甲]乙\n").starts_with("w.txt:14:2: 方括号不成对"));
  EXPECT_TRUE(trouble(rest + "[line.opened]\n甲[乙[丙\n").starts_with("w.txt:14:4: 方括号不成对"));
  EXPECT_TRUE(trouble(rest + "[line.opened]\n[line.opened]\n甲\n").starts_with("w.txt:14:1: 此节写了两次"));
  EXPECT_TRUE(trouble(rest + "[line.opened]\n").starts_with("w.txt:13:1: 此节没有文字"));
  EXPECT_TRUE(trouble("[any.opened]\n甲\n").starts_with("w.txt: 缺少 [any.grown]"));
  EXPECT_TRUE(trouble(rest + "[line.opened]\n\xFF\n").starts_with("w.txt:14:1: 不是 UTF-8"));
  EXPECT_TRUE(trouble(std::string(70'000, '#')).starts_with("w.txt: 超过 64 kB"));
  EXPECT_TRUE(trouble(rest + "[line.opened]\n${").starts_with("w.txt:14:1: 没有 ''"));
}

TEST(MessageWords, TheBuiltInOnesHaveWordsForEverything) {
  std::ifstream file(std::string(CHANGTONG_SOURCE_DIR) + "/config/words/alerts.txt");
  std::stringstream text;
  text << file.rdbuf();
  const message_words words = read(text.str());
  told_values all;
  for (std::size_t k = 0; k < all.size(); ++k) all[k] = "〔" + std::string(told_facts[k].name) + "〕";
  for (const alert_subject s : values_of<alert_subject>::all)
    for (const worded_step step : {worded_step::opened, worded_step::grown, worded_step::resolved,
                                   worded_step::acknowledged, worded_step::removed, worded_step::corrected}) {
      const auto w = words.write(s, step, all);
      EXPECT_FALSE(w.title.empty()) << name_of(s);
      EXPECT_NE(w.title.find("〔"), std::string::npos) << w.title;
      EXPECT_NE(w.text.find("〔"), std::string::npos) << w.title;
    }
}

}  // namespace
}  // namespace changtong
