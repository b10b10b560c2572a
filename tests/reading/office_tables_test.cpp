#include <gtest/gtest.h>

#include <algorithm>

#include "daemon/reading/office_file.h"
#include "tests/reading/packed.h"

namespace changtong::reading {
namespace {

std::string docx(const std::string& body) {
  return test::packed<>(
      {{"word/document.xml", "<w:document xmlns:w=\"w\"><w:body>" + body + "</w:body></w:document>"}});
}
std::string cell(const std::string& text, const std::string& about = "") {
  return "<w:tc><w:tcPr>" + about + "</w:tcPr><w:p><w:r><w:t>" + text + "</w:t></w:r></w:p></w:tc>";
}

TEST(OfficeTables, CellsOfADocumentKnowHowFarTheyReach) {
  const auto tables =
      office_tables(docx("<w:p/><w:tbl><w:tr>" + cell("甲", "<w:vMerge w:val=\"restart\"/>") +
                         cell("乙", "<w:gridSpan w:val=\"2\"/>") + "</w:tr><w:tr>" + cell("", "<w:vMerge/>") +
                         cell("丙") + cell("丁") + "</w:tr></w:tbl><w:tbl><w:tr>" + cell("戊") + "</w:tr></w:tbl>"));
  ASSERT_TRUE(tables);
  ASSERT_EQ(tables->size(), 2U);
  const auto& cells = (*tables)[0].cells;
  ASSERT_EQ(cells.size(), 4U);
  EXPECT_EQ(cells[0].rows, 2U);
  EXPECT_EQ(cells[1].columns, 2U);
  EXPECT_EQ(cells[3].text, "丁");
  EXPECT_EQ(cells[3].column, 2U);
  EXPECT_EQ(cells[3].row, 1U);
}

TEST(OfficeTables, AMergeThatContinuesNothingIsACellOfItsOwn) {
  const auto tables = office_tables(docx("<w:tbl><w:tr>" + cell("甲", "<w:vMerge/>") + "</w:tr></w:tbl>"));
  ASSERT_TRUE(tables);
  EXPECT_EQ((*tables)[0].cells.at(0).text, "甲");
}

TEST(OfficeTables, WhatIsNoOfficeFileIsSaid) {
  EXPECT_FALSE(office_tables("指标名称,分值\n"));
  EXPECT_FALSE(office_tables("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"));
  EXPECT_FALSE(office_tables(test::packed<>({{"a.txt", "x"}})));
}

/** Merged to 64 columns, a cell of 56 bytes stands for 64; a tag of 4 bytes takes a hundred in memory. */
TEST(OfficeText, WhatGrowsInMemoryIsRefused) {
  const auto many = [](const std::string& one, std::size_t n) {
    std::string all;
    all.reserve(one.size() * n);
    for (std::size_t i = 0; i < n; ++i) all += one;
    return all;
  };
  const std::string wide = "<w:tc><w:tcPr><w:gridSpan w:val=\"64\"/></w:tcPr></w:tc>";
  const auto rows = office_text(docx("<w:tbl>" + many("<w:tr>" + wide + "</w:tr>", 270'000) + "</w:tbl>"));
  ASSERT_FALSE(rows);
  EXPECT_NE(to_string(rows.error()).find("16 MiB"), std::string::npos) << to_string(rows.error());
  const auto tags = office_text(docx(many("<a/>", 4'000'001)));
  ASSERT_FALSE(tags);
  EXPECT_NE(to_string(tags.error()).find("4000000"), std::string::npos) << to_string(tags.error());
  const auto attributes = office_text(docx("<a" + many(" b=\"\"", 4'000'001) + "/>"));
  EXPECT_FALSE(attributes);
}

TEST(OfficeTables, TooManyCellsAreRefused) {
  std::string row = "<w:tr>";
  for (int k = 0; k < 500; ++k) row += "<w:tc/>";
  row += "</w:tr>";
  std::string body = "<w:tbl>";
  for (int k = 0; k < 401; ++k) body += row;
  const auto tables = office_tables(docx(body + "</w:tbl>"));
  ASSERT_FALSE(tables);
  EXPECT_NE(tables.error().text.find("200000"), std::string::npos);
}

}  // namespace
}  // namespace changtong::reading
