// What a form may be at most, and names of its rows.
#include <gtest/gtest.h>

#include "daemon/forms/form.h"
#include "tests/forms/form_texts.h"

namespace changtong::forms {
namespace {

using rows = std::vector<std::vector<std::string>>;
const rows smallest{{"三级指标", "指标值", "完成值", "分值", "得分"}, {"条数", "≥9条", "9条", "100", "100"}};

/** The smallest form, with `first` above it. */
result<std::vector<form>> below_row(std::vector<std::string> first) {
  rows all = smallest;
  all.insert(all.begin(), std::move(first));
  return read_forms({table_of(all)});
}

/** Each cell is a heading of money, or a label that looks for what stands beside it. */
std::vector<std::string> wide(std::size_t cells, const std::string& text) {
  std::vector<std::string> out(cells, text);
  out.front() = "年初预算数（万元）";
  if (cells > 1) out[1] = "全年执行数";
  return out;
}

/** Were each of its cells looked for in the whole row, this would take as long as 40,000,000,000 looks do. */
TEST(ReadForm, ARowOfAnyWidthIsRefusedWithItsPlace) {
  for (const char* text : {"得分（20分）", "年度总体目标", "年度资金总额"}) {
    const auto read = below_row(wide(reading::most_table_cells, text));
    ASSERT_FALSE(read) << text;
    EXPECT_TRUE(read.error().text.starts_with("「表」A1：一行超过 500 格")) << read.error().text;
  }
}

TEST(ReadForm, ARowAsWideAsMayBeIsRead) {
  EXPECT_TRUE(below_row(wide(most_form_cells, "得分（20分）")));
  EXPECT_FALSE(below_row(wide(most_form_cells + 1, "得分（20分）")));
}

TEST(ReadForm, AsManyRowsAsMayBeAreReadAndOneMoreIsRefused) {
  rows all = smallest;
  all.resize(most_form_rows, {"条数", "≥9条", "9条", "0", "0"});
  const auto read = read_forms({table_of(all)});
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(read->front().indicators.size(), most_form_rows - 1);
  all.push_back({"条数"});
  const auto more = read_forms({table_of(all)});
  ASSERT_FALSE(more);
  EXPECT_NE(more.error().text.find("超过 2000 行"), std::string::npos) << more.error().text;
}

TEST(ReadForm, WhatStandsBesideIsFoundBehindBlanksAndMergedCells) {
  reading::office_table t = table_of(smallest);
  for (reading::office_cell& c : t.cells) ++c.row;
  const std::vector<reading::office_cell> head{{.row = 0, .column = 0, .rows = 1, .columns = 2, .text = "项目名称"},
                                               {.row = 0, .column = 2, .rows = 1, .columns = 1, .text = " "},
                                               {.row = 0, .column = 3, .rows = 1, .columns = 2, .text = "政务外网"}};
  t.cells.insert(t.cells.begin(), head.begin(), head.end());
  const auto read = read_forms({t});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->front().project.text, "政务外网");
}

TEST(ReadForm, OnlyTheBracketWithThePointsLeavesAName) {
  EXPECT_EQ(name_in("产出指标（50分）"), "产出指标");
  EXPECT_EQ(name_in("产出(A)（50分）"), "产出(A)");
  EXPECT_EQ(name_in("产出（A）(50分)"), "产出（A）");
  EXPECT_EQ(name_in("产出(A)(50)"), "产出(A)");
  EXPECT_EQ(name_in("产出（A）"), "产出（A）");
}

}  // namespace
}  // namespace changtong::forms
