#include "daemon/core/system_words.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace changtong {
namespace {

TEST(SystemWords, AreChineseFirst) {
  EXPECT_EQ(to_string(system_words(ENOENT)), "没有这个文件 / no such file");
  EXPECT_EQ(to_string(system_words(EACCES)), "没有权限 / permission denied");
  EXPECT_EQ(to_string(system_words(ECONNREFUSED)),
            "连接被拒绝，对方可能没有运行 / connection refused, it may not be running");
}

TEST(SystemWords, OfALibraryThatPassesTheSystemsOnAreOurs) {
  EXPECT_EQ(system_words(std::string("Connection refused")), system_words(ECONNREFUSED));
  EXPECT_EQ(to_string(system_words(std::string("short read"))), "short read / short read");
}

TEST(SystemWords, OfAnErrorThatNobodyTranslatedHasItsNumber) {
  EXPECT_EQ(system_words(EUCLEAN).cn, "系统错误 117（Structure needs cleaning）");
}

}  // namespace
}  // namespace changtong
