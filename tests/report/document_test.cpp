#include "daemon/report/document.h"
#include "daemon/core/utf8.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <fstream>

#include "daemon/report/tab_names.h"
#include "daemon/report/web_page.h"
#include "daemon/report/workbook.h"
#include "tests/report/unpacked.h"

namespace changtong::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct folder {
  std::filesystem::path path;
  folder() {
    std::string name = (std::filesystem::temp_directory_path() / "changtong-report-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~folder() { std::filesystem::remove_all(path); }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
};

TEST(Plain, LeavesNoByteThatWouldBreakAFile) {
  EXPECT_EQ(plain("龙河&<乡>"), "龙河&<乡>");
  EXPECT_EQ(plain("a\x01\n\x7f"), "a   ");
  EXPECT_EQ(plain("a\xff\xe6\x9d"), "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd") << "not UTF-8";
  EXPECT_EQ(plain("\xef\xbf\xbf"), "\xef\xbf\xbd") << "valid UTF-8, no character of XML";
  EXPECT_LE(plain(std::string(100'000, 'x')).size(), 32'003U);
}

RC_GTEST_PROP(PlainProperty, AnyBytesBecomeValidTextWithoutControls, ()) {
  const auto bytes = *rc::gen::arbitrary<std::string>();
  const std::string text = plain(bytes);
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t n = utf8_length(rest);
    RC_ASSERT(n > 0U);
    RC_ASSERT(static_cast<unsigned char>(rest[0]) >= 0x20);
    rest.remove_prefix(n);
  }
}

TEST(RatioCell, IsNeverRoundedUpToOne) {
  EXPECT_EQ(ratio_cell(31'535'999'999'999, 31'536'000'000'000).text, "0.999999999999");
  EXPECT_LT(ratio_cell(31'535'999'999'999, 31'536'000'000'000).number, 1.0);
  EXPECT_EQ(ratio_cell(5, 5).text, "1.000000000000");
  EXPECT_EQ(ratio_cell(0, 0).what, cell::kind::blank);
}

document small() {
  table t{.title = "线路",
          .columns = {{"编号", 8}, {"名称", 20}, {"畅通率", 14}, {"时长", 10}, {"次数", 6}, {"金额", 10}},
          .rows = {}};
  t.rows.push_back({text_cell("V1"), text_cell("龙河&<乡>\x02\"'=1+1"), ratio_cell(999, 1000),
                    duration_cell(milliseconds{90'061'500}), count_cell(3), money_cell(28'050)});
  t.rows.push_back({text_cell("V2"), text_cell(""), cell{}, cell{}, count_cell(0), money_cell({})});
  return {.title = "月报 <&>",
          .sheets = {{.name = "线路/一", .notes = {"说明 & 口径"}, .bars_title = {}, .bars = {}, .tables = {t}},
                     {.name = "空",
                      .notes = {},
                      .bars_title = {},
                      .bars = {},
                      .tables = {{.title = {}, .columns = {{"甲", 8}}, .rows = {}}}}}};
}

TEST(Workbook, IsReadBackWithNumbersAsNumbersAndTextAsText) {
  const folder f;
  const std::string path = f.path / "r.xlsx";
  const auto done = write_workbook(small(), path);
  ASSERT_TRUE(done) << done.error().text;
  const auto cells = unpacked::cells_of(path);
  EXPECT_EQ(cells.at("线路_一!A1"), "月报 <&>");
  EXPECT_EQ(cells.at("线路_一!A2"), "说明 & 口径");
  EXPECT_EQ(cells.at("线路_一!B5"), "名称");
  EXPECT_EQ(cells.at("线路_一!B6"), "龙河&<乡> \"'=1+1") << "text, never a formula";
  EXPECT_EQ(cells.at("线路_一!C6"), "0.999");
  EXPECT_NEAR(std::stod(cells.at("线路_一!D6")) * 86'400, 90'061.5, 1e-6);
  EXPECT_EQ(cells.at("线路_一!E6"), "3");
  EXPECT_EQ(cells.at("线路_一!F6"), "280.5");
  EXPECT_FALSE(cells.contains("线路_一!C7")) << "no value is no zero";
  EXPECT_EQ(cells.at("线路_一!freeze"), "A6");
  EXPECT_EQ(cells.at("线路_一!filter"), "A5:F7");
  EXPECT_FALSE(cells.contains("空!filter")) << "of no rows";
  EXPECT_EQ(cells.at("线路_一!page"), "landscape 9");
  EXPECT_EQ(cells.at("空!A4"), "（无）");
  EXPECT_THAT(std::distance(std::filesystem::directory_iterator(f.path), {}), 1) << "no temporary file stays";
}

TEST(Workbook, HasBarsAsAChartOverTheirNumbers) {
  const folder f;
  document d = small();
  sheet& s = d.sheets[0];
  s.bars_title = "每月中断时长";
  s.bar_columns = {{"月份", 12}, {"中断时长", 12}, {"畅通率", 12}};
  s.bars = {{"2026-02", "无", 0, {duration_cell(milliseconds{0}), percent_cell("100 %", 5, 5)}},
            {"2026-03",
             "一次",
             1,
             {duration_cell(milliseconds{43'200'000}), percent_cell("99.99999 %", 9'999'999'999, 10'000'000'000)}}};
  const std::string path = f.path / "r.xlsx";
  ASSERT_TRUE(write_workbook(d, path));
  const auto cells = unpacked::cells_of(path);
  EXPECT_EQ(cells.at("book!chart1"), "'线路_一'!$A$27:$A$28 '线路_一'!$B$27:$B$28");
  EXPECT_EQ(cells.at("线路_一!drawn"), "yes");
  EXPECT_EQ(cells.at("线路_一!A28"), "2026-03");
  EXPECT_EQ(cells.at("线路_一!B28"), "0.5");
  EXPECT_EQ(cells.at("线路_一!C27"), "1");
  EXPECT_LT(std::stod(cells.at("线路_一!C28")), 0.99999995) << "cut, never rounded up";
  EXPECT_FALSE(cells.contains("空!drawn"));
}

TEST(Workbook, ColumnsThatStandAsideComeLastAndAreNotOnPaper) {
  const folder f;
  document d = small();
  d.sheets[0].tables[0].columns[1].aside = true;
  const std::string path = f.path / "r.xlsx";
  ASSERT_TRUE(write_workbook(d, path));
  const auto cells = unpacked::cells_of(path);
  EXPECT_EQ(cells.at("线路_一!B5"), "畅通率");
  EXPECT_EQ(cells.at("线路_一!B6"), "0.999");
  EXPECT_EQ(cells.at("线路_一!F5"), "名称");
  EXPECT_EQ(cells.at("book!paper0"), "'线路_一'!$A$1:$E$7");
}

TEST(Change, IsSaidInPointsOfAShareAndAsAPartOfAnAmount) {
  EXPECT_EQ(points_cell(9'993'055, 9'970'000).text, "+0.23055 个百分点");
  EXPECT_EQ(points_cell(9'970'000, 9'993'055).text, "-0.23055 个百分点");
  EXPECT_EQ(points_cell(5, 5).text, "0.00000 个百分点");
  EXPECT_EQ(change_cell(3, 2).text, "+50.0 %");
  EXPECT_EQ(change_cell(0, 3).number, -1.0);
  EXPECT_EQ(change_cell(0, 0).text, "0.0 %");
  EXPECT_EQ(change_cell(2, 0).text, "—") << "nothing is no base";
}

TEST(Workbook, ThatCannotBeWrittenLeavesNothingAndSaysWhatToDo) {
  const auto done = write_workbook(small(), "/nowhere/r.xlsx");
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text, HasSubstr("/nowhere/r.xlsx"));
  EXPECT_THAT(done.error().text, HasSubstr("检查目录"));
}

TEST(TabNames, AreLegalShortAndUniqueWhateverACarrierIsCalled) {
  document d;
  const std::string long_name = "中国移动通信集团安徽有限公司六安市裕安区分公司政企客户部专线业务中心";
  for (const char* name : {"电信", "电信", "A", "a", "[]:*?/\\", "History", "", "'x'"})
    d.sheets.push_back({.name = name, .notes = {}, .bars_title = {}, .bars = {}, .tables = {}});
  d.sheets.push_back({.name = long_name, .notes = {}, .bars_title = {}, .bars = {}, .tables = {}});
  d.sheets.push_back({.name = long_name, .notes = {}, .bars_title = {}, .bars = {}, .tables = {}});
  std::vector<std::string> wanted;
  for (const sheet& s : d.sheets) wanted.push_back(s.name);
  const auto names = tab_names(wanted);
  EXPECT_THAT(std::vector(names.begin(), names.begin() + 8),
              ElementsAre("电信", "电信_2", "A", "a_2", "_______", "History_2", "_", "_x_"));
  EXPECT_NE(names[8], names[9]);
  const folder f;
  EXPECT_TRUE(write_workbook(d, f.path / "r.xlsx"));
  const auto cells = unpacked::cells_of(f.path / "r.xlsx");
  for (const auto& name : names) EXPECT_TRUE(cells.contains(name + "!exists")) << name;
}

TEST(WebPage, IsWellFormedAndEscaped) {
  document d = small();
  d.sheets[0].bars_title = "每月";
  d.sheets[0].bars = {{"2026-03", "中断 <1>", 0.5}};
  const std::string html = write_web_page(d);
  EXPECT_THAT(html, HasSubstr("中断 &lt;1&gt;"));
  EXPECT_THAT(html, HasSubstr("<h1>月报 &lt;&amp;&gt;</h1>"));
  EXPECT_THAT(html, HasSubstr("<td class=\"s\">龙河&amp;&lt;乡&gt; &quot;&#39;=1+1</td>"));
  EXPECT_THAT(html, HasSubstr("<td class=\"n\">25:01:01</td>"));
  EXPECT_THAT(html, HasSubstr("width=\"280.0\""));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("http://www.w3.org/1999/xhtml\" src")));
  const folder f;
  std::ofstream(f.path / "r.html") << html;
  unpacked::output_of(
      "python3 -c 'import sys,xml.etree.ElementTree as E; E.fromstring(open(sys.argv[1],encoding=\"utf-8\").read())' " +
      (f.path / "r.html").string() + " 2>&1");
}

TEST(WebPage, NeedsNothingFromElsewhere) {
  const std::string html = write_web_page(small());
  EXPECT_THAT(html, Not(HasSubstr("src=")));
  EXPECT_THAT(html, Not(HasSubstr("url(")));
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
  EXPECT_THAT(html, HasSubstr("@page"));
}

}  // namespace
}  // namespace changtong::report
