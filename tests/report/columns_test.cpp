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
  const fitted narrow = fitted_columns(three, rows, 3);
  EXPECT_THAT(narrow.left_out, ElementsAre("依据", "备注"));
  EXPECT_EQ(narrow.text, "编\n号\n---\nL1\n") << "what is no spare stays";
}

TEST(Columns, AnEmptyTableKeepsWhatIsAlwaysShown) { EXPECT_EQ(fitted_columns(three, {}).text, "编号\n----\n"); }

TEST(Columns, TextIsBrokenAtBlanksAndBetweenChineseCharactersAndNeverInsideOne) {
  EXPECT_THAT(wrapped("一二三四五", 4), ElementsAre("一二", "三四", "五"));
  EXPECT_THAT(wrapped("V001 V002 V003", 9), ElementsAre("V001 V002", "V003"));
  EXPECT_THAT(wrapped("光缆cut中断", 7), ElementsAre("光缆cut", "中断"));
  EXPECT_THAT(wrapped("abcdefgh", 3), ElementsAre("abc", "def", "gh")) << "a word without a place to break";
  EXPECT_THAT(wrapped("一二，三", 5), ElementsAre("一", "二，", "三")) << "no line begins with a comma";
  EXPECT_THAT(wrapped("", 4), ElementsAre(""));
  EXPECT_THAT(wrapped("a   b", 2), ElementsAre("a", "b"));
}

TEST(Columns, WhatIsTooWideGoesOnBelowInItsOwnColumn) {
  const std::vector<column> columns{{"编号"}, {"条", true}, {"事由"}};
  EXPECT_EQ(in_columns(columns, {{"L1", "12", "一二三四五六"}, {"L2", "3", "七"}}, 18),
            "编号  条  事由\n"
            "------------------\n"
            "L1    12  一二三四\n"
            "          五六\n"
            "L2     3  七\n");
}

TEST(Columns, NumbersAndWordsAreBrokenLast) {
  const std::vector<column> columns{{"编号"}, {"秒", true}, {"事由"}};
  const std::string text = in_columns(columns, {{"V001 V002", "1234567", "光缆"}}, 20);
  EXPECT_EQ(text, "编号        秒  事由\n--------------------\nV001   1234567  光缆\nV002\n") << text;
}

TEST(Columns, AnInstantStaysWhole) {
  EXPECT_EQ(in_columns({{"开始"}, {"事由"}}, {{"2026-03-14 22:00:00", "光缆 中断"}}, 25),
            "开始                 事由\n-------------------------\n2026-03-14 22:00:00  光缆\n"
            "                     中断\n");
}

/** Cells of the widest line. */
std::size_t width_of_text(const std::string& text) {
  std::size_t widest = 0;
  for (std::size_t from = 0, to = 0; from < text.size(); from = to + 1) {
    to = text.find('\n', from);
    widest = std::max(widest, cells_of(std::string_view(text).substr(from, to - from)));
  }
  return widest;
}

TEST(Columns, NoTableIsWiderThanATerminalHoweverMuchItSays) {
  const std::string chinese = "城关镇人民政府便民服务中心", id(64, 'x');
  std::string much;
  for (int n = 0; n < 40; ++n) much += chinese + " ";
  const std::vector<std::string> row{id, chinese, much, id, "2026-03-14 22:00", "123456789", much + id};
  std::vector<column> columns(row.size(), column{.heading = "一个不短的表头"});
  columns[5].right = true;
  EXPECT_EQ(width_of_text(in_columns(columns, {row, row})), usual_width);
  columns.insert(columns.end(), 13, column{.heading = "数", .right = true});
  std::vector<std::string> numbers = row;
  numbers.insert(numbers.end(), 13, "1234567890");
  EXPECT_EQ(width_of_text(in_columns(columns, {numbers})), usual_width);
  EXPECT_LE(width_of_text(fitted_columns(columns, {numbers}).text), usual_width);
}

TEST(Columns, OfManyIdsTheFirstAndTheirCount) {
  EXPECT_EQ(first_of({"a", "b", "c"}), "a b c");
  EXPECT_EQ(first_of({"a", "b", "c", "d"}), "a b … (4)");
}

}  // namespace
}  // namespace changtong::report
