#include "daemon/core/plain_text.h"

#include <gtest/gtest.h>

#include <string>

namespace changtong {
namespace {

std::optional<oddity> odd(std::string_view text) {
  const auto found = first_odd(text);
  return found ? std::optional(found->what) : std::nullopt;
}

TEST(PlainText, WhatPeopleReallyWriteIsPlain) {
  for (const char* text :
       {"光缆被挖断，抢修中", "", "全角　空格", "Müller – café №5", "U\u0308bung", "བསྒྲུབས་", "ئۇيغۇرچە", "Tiếng Việt",
        "葛\U000e0100城", "☎\ufe0f 12345", "e\u0301\u0323", "\u0600\u0661", "हिन्दी"})
    EXPECT_EQ(odd(text), std::nullopt) << text << ": " << static_cast<unsigned>(first_odd(text)->code);
}

TEST(PlainText, WhatNobodySeesIsOdd) {
  for (const char* text : {"a\u0085", "a\nb", "a\u202eb", "a\u200bb", "\u2800", "\u3164", "a\u2028", "\ufeffa",
                           "\U000e0041", "a\ufe0f", "\u034f"})
    EXPECT_EQ(odd(text), oddity::unseen) << text;
  EXPECT_EQ(odd(std::string_view("\0", 1)), oddity::unseen);
  EXPECT_EQ(odd("a\xff"), oddity::not_utf8);
}

TEST(PlainText, CharactersOfPrivateUseAndNoneAtAllAreOdd) {
  for (const char* text :
       {"王\ue000", "\uf8ff", "\U000f0000", "\U0010fffd", "\u0378", "\ufdd0", "\uffff", "\U0003fffd"})
    EXPECT_EQ(odd(text), oddity::nobodys) << text;
}

TEST(PlainText, BlanksThatOnlyLookLikeBlanksAreOdd) {
  for (const char* text : {"王\u00a0工", "\u1680", "a\u2003b", "a\u202fb", "a\u205fb", "a\u2009b"})
    EXPECT_EQ(odd(text), oddity::space) << text;
}

TEST(PlainText, AThirdMarkUponOneLetterIsOdd) {
  const auto found = first_odd("ab\u0301\u0302\u0303");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->what, oddity::stacked);
  EXPECT_EQ(found->code, U'\u0303');
  EXPECT_EQ(found->nth, 5u);
  EXPECT_EQ(odd("b\u0301\u0f90\u0302\u0f90\u0303"), oddity::stacked) << "what stands between does not help";
  EXPECT_EQ(odd("a\u20dd\u20dd\u20dd"), oddity::stacked) << "three circles";
  EXPECT_EQ(odd("a\u0301\u0302b\u0301\u0302"), std::nullopt);
}

TEST(PlainText, WhatATerminalWouldObeyIsShownAsACharacterThatIsNone) {
  EXPECT_EQ(as_seen("区政府 (1)　é👍🏽"), "区政府 (1)　é👍🏽");
  EXPECT_EQ(as_seen("a\x1b[2J\nb\u009bc\u202ed"), "a�[2J�b�c�d");
  EXPECT_EQ(as_seen("a\xff\xe4\xb8"), "a���");
  EXPECT_EQ(as_seen("村村村", 7), "村村…") << "whole characters";
}

TEST(PlainText, EveryOddityHasItsWords) {
  for (const oddity o : {oddity::not_utf8, oddity::unseen, oddity::nobodys, oddity::space, oddity::stacked}) {
    EXPECT_FALSE(chinese(o).empty());
    EXPECT_FALSE(english(o).empty());
  }
}

}  // namespace
}  // namespace changtong
