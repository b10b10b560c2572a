// Workbooks as programs write them, packed here part by part.
#include "daemon/reading/xlsx.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/reading/packed.h"

namespace changtong::reading {
namespace {

using test::packed;

std::map<std::string, std::string> book(const std::string& rows, const std::string& more = {}) {
  return {
      {"xl/workbook.xml",
       R"(<workbook><workbookPr/><sheets><sheet name="线路" sheetId="1" r:id="rId1"/></sheets></workbook>)"},
      {"xl/_rels/workbook.xml.rels",
       R"(<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="/xl/worksheets/a.xml"/>)"
       R"(<Relationship Id="rId2" Type="x/sharedStrings" Target="sharedStrings.xml"/>)"
       R"(<Relationship Id="rId3" Type="x/styles" Target="styles.xml"/></Relationships>)"},
      {"xl/styles.xml",
       R"(<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/>)"
       R"(<numFmt numFmtId="165" formatCode="000"/><numFmt numFmtId="166" formatCode="[Red]0.0;&quot;d&quot;"/></numFmts>)"
       R"(<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="10"/><xf numFmtId="166"/>)"
       R"(</cellXfs></styleSheet>)"},
      {"xl/sharedStrings.xml",
       "<sst><si><t>编号</t></si><si><r><t>龙河</t></r><r><t>镇</t></r><rPh><t>x</t></rPh></si></sst>"},
      {"xl/worksheets/a.xml", "<worksheet><sheetData>" + rows + "</sheetData>" + more + "</worksheet>"}};
}

std::vector<sheet_cell> cells_of(const std::string& row) {
  const auto read = read_xlsx(packed(book("<row>" + row + "</row>")));
  EXPECT_TRUE(read) << (read ? "" : to_string(read.error()));
  return read && !read->sheets[0].rows.empty() ? read->sheets[0].rows[0].cells : std::vector<sheet_cell>{};
}

TEST(Xlsx, ACellIsReadAsAPersonSeesIt) {
  using kind = sheet_cell::kind;
  const auto c = cells_of(
      R"(<c t="s"><v>1</v></c><c s="1"><v>45352</v></c><c s="2"><v>7</v></c><c s="3"><v>0.9998</v></c><c s="4"><v>5E1</v></c>)"
      R"(<c t="e"><v>#N/A</v></c><c><v>1234567890123456789</v></c><c t="inlineStr"><is><t>甲_x000D_乙</t></is></c>)"
      R"(<c t="str"><f>A1</f><v>丙</v></c><c r="Z1"><v>0.1</v></c>)");
  ASSERT_EQ(c.size(), 10U);
  EXPECT_EQ(c[0].text, "龙河镇");
  EXPECT_EQ(c[1].text, "2024-03-01");
  EXPECT_EQ(c[1].what, kind::day);
  EXPECT_EQ(c[2].text, "007");
  EXPECT_EQ(c[3].text, "99.98%");
  EXPECT_EQ(c[4].text, "50");
  EXPECT_EQ(c[5].what, kind::error);
  EXPECT_EQ(c[6].what, kind::spoilt);
  EXPECT_EQ(c[7].text, "甲乙");
  EXPECT_EQ(c[8].text, "丙");
  EXPECT_EQ(c[9].text, "0.1");
  EXPECT_EQ(c[9].column, 25U);
}

TEST(Xlsx, MergedRangesAreKept) {
  const auto read =
      read_xlsx(packed(book(R"(<row r="3" hidden="1"><c r="B3" t="s"><v>0</v></c></row>)",
                            R"(<mergeCells><mergeCell ref="B3:C7"/><mergeCell ref="nonsense"/></mergeCells>)")));
  ASSERT_TRUE(read);
  ASSERT_EQ(read->sheets[0].merged.size(), 1U);
  EXPECT_EQ(read->sheets[0].merged[0].last_row, 7U);
  EXPECT_EQ(read->sheets[0].merged[0].first_column, 1U);
  EXPECT_EQ(read->sheets[0].rows[0].number, 3U);
  EXPECT_TRUE(read->sheets[0].rows[0].hidden);
}

TEST(Xlsx, WhatGrowsWithoutBoundsIsRefused) {
  const std::string huge(most_sheet_text / 64, 'x');
  auto parts = book("");
  parts["xl/sharedStrings.xml"] = "<sst><si><t>" + huge + "</t></si></sst>";
  std::string rows;
  for (int i = 0; i < 66; ++i) rows += R"(<row><c t="s"><v>0</v></c></row>)";
  parts["xl/worksheets/a.xml"] = "<worksheet><sheetData>" + rows + "</sheetData></worksheet>";
  EXPECT_FALSE(read_xlsx(packed(parts)));
  parts["xl/sharedStrings.xml"] = std::string(33 << 20, ' ');
  EXPECT_FALSE(read_xlsx(packed(parts)));
  EXPECT_FALSE(read_xlsx("PK\x03\x04 cut"));
  EXPECT_FALSE(read_xlsx(packed({{"word/document.xml", "<a/>"}})));
}

}  // namespace
}  // namespace changtong::reading
