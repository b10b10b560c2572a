// Text as characters: counting, cutting, lengths of time, and the hash that is the same everywhere.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "daemon/core/clock_text.h"
#include "daemon/core/stable_hash.h"
#include "daemon/core/utf8.h"

namespace changtong {
namespace {

TEST(Utf8, AChineseCharacterIsOneCharacterOfThreeBytes) {
  EXPECT_EQ(characters("中断a"), 3U);
  EXPECT_EQ(characters("\xf0\xa0\xae\xb7"), 1U);  // 𠮷
  EXPECT_EQ(characters(""), 0U);
  EXPECT_EQ(utf8_length("中断"), 3U);
  EXPECT_EQ(utf8_length("\xc0\xaf"), 0U) << "an overlong form";
  EXPECT_EQ(utf8_length("\xed\xa0\x80"), 0U) << "half of a surrogate pair";
}

TEST(Utf8, ACutNeverHalvesACharacter) {
  EXPECT_EQ(whole_characters("中断", 6), 6U);
  EXPECT_EQ(whole_characters("中断", 5), 3U);
  EXPECT_EQ(whole_characters("中断", 3), 3U);
  EXPECT_EQ(whole_characters("中断", 2), 0U);
  EXPECT_EQ(whole_characters("ab", 99), 2U);
  EXPECT_EQ(whole_characters("a\xf0\xa0\xae\xb7", 4), 1U);
}

TEST(Utf8, BytesThatContinueNoCharacterDoNotHoldACutUp) {
  const std::string tails(100, '\x80');
  EXPECT_EQ(whole_characters(tails, 50), 47U);
}

RC_GTEST_PROP(Utf8, WhatIsLeftOfATextIsItsBeginningInWholeCharacters, (const std::vector<bool>& wide, unsigned most)) {
  std::string text;
  for (const bool w : wide) text += w ? "通" : "a";
  const std::size_t cut = whole_characters(text, most % 100);
  RC_ASSERT(cut <= most % 100);
  RC_ASSERT(cut + 3 > std::min<std::size_t>(text.size(), most % 100));
  RC_ASSERT(characters(text.substr(0, cut)) + characters(text.substr(cut)) == wide.size());
}

TEST(ClockText, HoursGoOnBeyondADayAndMillisecondsAreCutOff) {
  EXPECT_EQ(clock_text(milliseconds{0}), "0:00:00");
  EXPECT_EQ(clock_text(milliseconds{61'999}), "0:01:01");
  EXPECT_EQ(clock_text(std::chrono::hours{50} + std::chrono::minutes{7}), "50:07:00");
}

TEST(StableHash, IsThePublishedFnv1a) {
  EXPECT_EQ(stable_hash(""), 0xcbf29ce484222325ULL);
  EXPECT_EQ(stable_hash("foobar"), 0x85944171f73967e8ULL);
  EXPECT_EQ(stable_hash("bar", stable_hash("foo")), stable_hash("foobar"));
}

}  // namespace
}  // namespace changtong
