#include "daemon/core/given_words.h"

#include <gtest/gtest.h>

namespace changtong {
namespace {

TEST(GivenWords, WhoGaveIsSaidAtTheBeginningOrBehindAReason) {
  EXPECT_EQ(given_words("张三", "酌情扣分"), "由张三评定：酌情扣分");
  EXPECT_TRUE(tells_who_gave("由张三评定:酌情扣分"));
  EXPECT_TRUE(tells_who_gave("因光缆中断;由张三评定:酌情扣分"));
}

TEST(GivenWords, AnyReasonThatHoldsTheWordsIsNone) {
  for (const char* reason : {"", "由于施工延期", "事由如下,经专家评定:合格", "延期由施工引起,评定:合格", "由评定:x",
                             "由于施工延期,评定:合格", "理由;评定:x"})
    EXPECT_FALSE(tells_who_gave(reason)) << reason;
}

}  // namespace
}  // namespace changtong
