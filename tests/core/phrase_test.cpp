#include "daemon/core/phrase.h"

#include <gtest/gtest.h>

#include <vector>

namespace changtong {
namespace {

TEST(Phrase, BothLanguagesTakeTheSameValues) {
  const phrase p = both("{} 超出范围：应为 {} 至 {}", "{} is out of bounds: {} to {}", "interval", 1, 5);
  EXPECT_EQ(p.cn, "interval 超出范围：应为 1 至 5");
  EXPECT_EQ(p.en, "interval is out of bounds: 1 to 5");
  EXPECT_EQ(to_string(p), "interval 超出范围：应为 1 至 5 / interval is out of bounds: 1 to 5");
}

TEST(Phrase, APhraseInsideAPhraseKeepsItsLanguage) {
  const std::vector<std::string_view> known{"icmp", "tcp"};
  const phrase p = both("{} 缺少 {}", "{} lacks {}", phrase{"网站", "a site"}, listed(known));
  EXPECT_EQ(p.cn, "网站 缺少 icmp、tcp");
  EXPECT_EQ(p.en, "a site lacks icmp, tcp");
}

TEST(Phrase, AProblemPutIntoASentenceLeavesItsPlaceBehind) {
  problem p = said_at({"没有这个文件", "no such file"}, 3, 7);
  p.file = "c.yaml";
  EXPECT_EQ(to_string(p), "c.yaml:3:7: 没有这个文件 / no such file");
  const phrase whole = both("无法读取：{}", "cannot read it: {}", words_of(p));
  EXPECT_EQ(to_string(whole), "无法读取：没有这个文件 / cannot read it: no such file");
}

TEST(Phrase, TheSystemsOwnWordsServeForBothLanguages) {
  EXPECT_EQ(words_of(problem{.text = "Input/output error"}).en, "Input/output error");
  EXPECT_EQ(words_of(problem{.text = "Input/output error"}).cn, "Input/output error");
}

}  // namespace
}  // namespace changtong
