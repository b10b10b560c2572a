// A table of text fits the terminal that people have, and says what found no room.
#include "daemon/report/columns.h"

#include <gmock/gmock.h>

namespace changtong::report {
namespace {

using testing::ElementsAre;

const std::vector<column> three{{"编号"}, {"备注", false, 1}, {"依据", false, 2}};

TEST(Columns, WhatNoRowHasIsLeftOutAndNotMissed) {
  const fitted t = fitted_columns(three, {{"L1", "", "x"}, {"L2", "", ""}});
  EXPECT_EQ(t.text, "编号  依据\n----------\nL1    x\nL2\n");
  EXPECT_TRUE(t.left_out.empty());
}

TEST(Columns, TheHighestGoesFirstWhereThereIsNoRoom) {
  const std::vector<std::vector<std::string>> rows{{"L1", "一二三四五", "六七八九十"}};
  EXPECT_TRUE(fitted_columns(three, rows, 28).left_out.empty()) << "4 + 2 + 10 + 2 + 10";
  const fitted t = fitted_columns(three, rows, 27);
  EXPECT_THAT(t.left_out, ElementsAre("依据"));
  EXPECT_EQ(t.text, "编号  备注\n----------------\nL1    一二三四五\n");
  EXPECT_THAT(fitted_columns(three, rows, 3).left_out, ElementsAre("依据", "备注")) << "what is no spare stays";
}

TEST(Columns, AnEmptyTableKeepsWhatIsAlwaysShown) { EXPECT_EQ(fitted_columns(three, {}).text, "编号\n----\n"); }

}  // namespace
}  // namespace changtong::report
