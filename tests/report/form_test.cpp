// The forms as an office opens them: cells, merges, formulas with their values, print settings.
#include "daemon/report/form.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "daemon/layouts/layout.h"
#include "tests/report/office_file.h"
#include "tests/report/sample_evaluation.h"

namespace changtong::report {
namespace {

using office::sheet_view;
using testing::HasSubstr;
using testing::Not;

struct folder {
  std::filesystem::path path;
  folder() {
    std::string name = (std::filesystem::temp_directory_path() / "changtong-form-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~folder() { std::filesystem::remove_all(path); }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
};

std::vector<sheet_view> written(const evaluate::evaluation& e) {
  const folder f;
  const auto done = write_form(e, f.path / "form.xlsx");
  EXPECT_TRUE(done) << done.error().text;
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(f.path), {}), 1) << "no temporary file stays";
  return office::workbook_view(f.path / "form.xlsx").sheets;
}

std::string all_of(const sheet_view& s) { return office::structure_of(s); }

/** The cell in `column` of the row in which column D says `level3`. */
std::string row_of(const sheet_view& s, const std::string& level3) { return s.where(level3).substr(1); }

TEST(Form, OfAnhuiIsTheGoldenOne) {
  const auto sheets = written(sample::whole_year());
  ASSERT_EQ(sheets.size(), 2U);
  office::expect_golden("form_anhui.txt", all_of(sheets[0]));
  office::expect_golden("form_upload.txt", all_of(sheets[1]));
}

TEST(Form, OfSichuanIsTheGoldenOneAndSplitsTheTarget) {
  const auto sheets = written(sample::sichuan());
  ASSERT_EQ(sheets.size(), 1U) << "the upload template is Anhui's";
  office::expect_golden("form_sichuan.txt", all_of(sheets[0]));
}

TEST(Form, OfMidYearIsTheMonitoringTableWithLights) {
  const auto sheets = written(sample::mid_year());
  ASSERT_EQ(sheets.size(), 1U);
  office::expect_golden("form_monitoring.txt", all_of(sheets[0]));
  for (const char* light : {"绿", "黄", "红", "未知"}) EXPECT_NE(sheets[0].where(light), "") << light;
}

TEST(Form, OfMidYearShowsTheForecastOfTheWholeYear) {
  auto e = sample::mid_year();
  e.forecast_total = sample::printed("97.50");
  e.forecast_grade = "优";
  const sheet_view s = written(e)[0];
  const std::string row = s.where("总分").substr(1);
  EXPECT_EQ(s.at("I" + row), "97.50");
  EXPECT_EQ(s.at("K" + row), "预计等级：优");
}

TEST(Form, PrintsOnA4OnePageWideWithTheHeadingsOnEachPage) {
  const auto sheets = written(sample::whole_year());
  const sheet_view& s = sheets[0];
  EXPECT_EQ(s.page.at("paperSize"), "9");
  EXPECT_EQ(s.page.at("orientation"), "portrait");
  EXPECT_EQ(s.page.at("fitToPage"), "1");
  EXPECT_EQ(s.page.at("fitToHeight"), "0");
  EXPECT_FALSE(s.page.contains("fitToWidth")) << "1 is what is meant when nothing is said";
  const std::string row = s.where("一级指标").substr(1);
  EXPECT_EQ(s.repeated, fmt::format("'绩效自评表'!${0}:${0}", row));
}

TEST(Form, SumsAndRatesAreFormulasWithTheirPrintedValues) {
  const auto sheets = written(sample::whole_year());
  const sheet_view& s = sheets[0];
  const auto& total = s.cells.at("H" + s.where("总分").substr(1));
  EXPECT_EQ(total.text, "98.06");
  EXPECT_THAT(total.formula, HasSubstr("SUM(H"));
  const std::string money = s.where("年度资金总额：").substr(1);
  EXPECT_EQ(s.cells.at("H" + money).text, "99.83");
  EXPECT_EQ(s.cells.at("H" + money).formula, fmt::format("ROUND(F{0}/E{0}*100,2)", money));
  EXPECT_EQ(s.cells.at("I" + money).text, "9.98");
  EXPECT_EQ(s.cells.at("I" + money).formula, fmt::format("ROUND(MIN(G{0},G{0}*F{0}/E{0}),2)", money));
  EXPECT_EQ(s.at("G" + s.where("总分").substr(1)), "100");
}

TEST(Form, AFormulaThatWouldGiveAnotherNumberThanThePrintedOneIsNotWritten) {
  auto e = sample::whole_year();
  e.execution.rate = sample::printed("99.82");  // a plan that cuts instead of rounding could print this
  e.total = sample::printed("97.00");
  const auto sheets = written(e);
  const sheet_view& s = sheets[0];
  EXPECT_EQ(s.cells.at("H" + s.where("年度资金总额：").substr(1)).formula, "");
  const auto& total = s.cells.at("H" + s.where("总分").substr(1));
  EXPECT_EQ(total.text, "97");
  EXPECT_EQ(total.formula, "");
}

TEST(Form, LevelsAreMergedOverTheirIndicatorsAndCarryTheirWeight) {
  const auto sheets = written(sample::whole_year());
  const sheet_view& s = sheets[0];
  const std::string output = s.where("产出指标\n（50分）");
  const int first = std::stoi(output.substr(1));
  EXPECT_EQ(s.merges.at(output), fmt::format("B{}:B{}", first, first + 17));
  EXPECT_EQ(s.merges.at(s.where("数量指标")), fmt::format("C{}:C{}", first, first + 6));
  EXPECT_FALSE(s.merges.contains(s.where("生态效益指标"))) << "a level of one indicator is one cell";
}

TEST(Form, ADraftSaysSoAndListsWhatBlocksIt) {
  const auto sheets = written(sample::draft());
  const sheet_view& s = sheets[0];
  EXPECT_THAT(s.at("A2"), HasSubstr("草稿"));
  EXPECT_THAT(s.at("A3"), HasSubstr("政务专线畅通率（村、社区）：证据不足"));
  EXPECT_THAT(s.header, HasSubstr("草稿")) << "on each printed page";
  EXPECT_THAT(sheets[1].at("A1"), HasSubstr("草稿"));
  EXPECT_THAT(all_of(written(sample::whole_year())[0]), Not(HasSubstr("草稿")));
}

TEST(Form, AnIndicatorWithoutEvidenceHasNoPointsAndTheFormNoTotal) {
  const auto sheets = written(sample::draft());
  const sheet_view& s = sheets[0];
  EXPECT_EQ(s.at("H" + row_of(s, "政务专线畅通率（村、社区）")), "证据不足");
  EXPECT_EQ(s.at("H" + row_of(s, "电子政务外网安全管理和运维机制")), "待评定");
  EXPECT_EQ(s.at("I" + row_of(s, "故障平均修复时间")), "【缺】须说明偏差原因和改进措施");
  const auto& total = s.cells.at("H" + s.where("总分").substr(1));
  EXPECT_EQ(total.text, "未评定");
  EXPECT_EQ(total.formula, "");
  EXPECT_EQ(s.at("I" + s.where("总分").substr(1)), "已评部分合计91.07分");
  EXPECT_EQ(sheets[1].cells.at("G23").text, "") << "nothing stands for the missing points in the upload either";
}

TEST(Form, PointsThatAPersonGaveSayWhoInBothSheetsBesideTheReasonOrAlone) {
  auto e = sample::whole_year();
  e.indicators[0].given = "由张三评定：酌情扣分";
  e.indicators[1].given = "由李四评定：资料不全";
  const auto sheets = written(e);
  const auto said = [](const sheet_view& s, const std::string& text) { return !s.where(text).empty(); };
  for (const sheet_view& s : sheets) {
    EXPECT_TRUE(said(s, "由张三评定：酌情扣分")) << s.name;
    EXPECT_TRUE(said(s, e.indicators[1].reason + "；由李四评定：资料不全")) << s.name;
  }
}

TEST(Form, OfHubeiHasItsWeightsInHeadingsItsBoxesAndItsReasonsBelow) {
  auto e = sample::whole_year();
  e.layout = "hubei";
  e.ticks = {"持续性项目"};
  e.indicators[0].given = "由张三评定：资料不全";
  e.execution.weight = sample::printed("20");
  e.execution.score = sample::printed("19.97");
  e.levels = {{"产出指标", sample::printed("40"), {}}, {"效益指标", sample::printed("40"), {}}};
  const auto sheets = written(e);
  ASSERT_EQ(sheets.size(), 1U) << "the upload template is Anhui's";
  const sheet_view& s = sheets[0];
  EXPECT_NE(s.where("产出指标\n（40分）"), "");
  EXPECT_NE(s.where("得分（20分×执行率）"), "");
  EXPECT_NE(s.where("1、持续性项目☑　2、新增性项目□"), "");
  EXPECT_EQ(s.where("分值") + s.where("类别"), "") << "E-20 has no such column";
  const std::string score = "G" + s.where("年度资金总额：").substr(1);
  EXPECT_EQ(s.cells.at(score).text, "19.97");
  EXPECT_THAT(s.cells.at(score).formula, HasSubstr("ROUND(MIN(20,20*"));
  EXPECT_THAT(s.at("C" + s.where("偏差大或目标未完成原因分析").substr(1)), HasSubstr("项目运维保障天数：6月11日"));
  EXPECT_THAT(s.at("C" + s.where("偏差大或目标未完成原因分析").substr(1)),
              HasSubstr("信息化建设任务：由张三评定：资料不全"));
}

TEST(Upload, StandsInTheRowsFromWhichTheProvinceReads) {
  const sheet_view s = written(sample::whole_year())[1];
  EXPECT_TRUE(
      std::all_of(s.merges.begin(), s.merges.end(), [](const auto& m) { return std::stoi(m.first.substr(1)) < 8; }));
  EXPECT_EQ(s.at("A9"), "年度资金总额：");
  EXPECT_EQ(s.at("B9") + s.at("C9") + s.at("D9"), "921.47921.47919.94");
  EXPECT_EQ(s.at("E9"), "10");
  EXPECT_EQ(s.at("F9"), "99.83");
  EXPECT_EQ(s.at("G9"), "9.98");
  EXPECT_THAT(s.at("A13"), HasSubstr("保障全区及乡镇街"));
  EXPECT_THAT(s.at("B13"), HasSubstr("417条专线"));
  EXPECT_EQ(s.at("A15") + s.at("B15") + s.at("C15"), "产出指标数量指标信息化建设任务");
  EXPECT_EQ(s.at("D16") + s.at("E16"), "≥365天364天");
  EXPECT_EQ(s.at("F16"), "4");
  EXPECT_EQ(s.at("G16"), "3.99");
  EXPECT_THAT(s.at("H16"), HasSubstr("市电中断"));
  EXPECT_EQ(s.at("C41"), "接入单位满意度");
}

TEST(Upload, KeepsItsRowsWithFewerAndMoreKindsOfMoney) {
  auto e = sample::whole_year();
  e.execution.rows.resize(1);
  EXPECT_EQ(written(e)[1].at("C15"), "信息化建设任务");
  e.execution.rows.resize(6);
  const sheet_view s = written(e)[1];
  EXPECT_EQ(s.at("C15"), "信息化建设任务");
  EXPECT_THAT(s.at("A3"), HasSubstr("另有2行"));
}

TEST(Form, TakesTextsFromOutsideAsTextOnly) {
  auto e = sample::whole_year();
  e.project = "=cmd|'/c calc'!A1";
  e.indicators[0].level3 = "@SUM(1)\x01\x1b<w:p>&\"'";
  e.indicators[1].reason = "+1\n-2\xff\xfe";
  e.indicators[2].actual_text = "</t></si><si><t>";
  e.execution.rows[1].name = "=1+1";
  const auto sheets = written(e);
  const sheet_view& s = sheets[0];
  const std::string project = s.where("=cmd|'/c calc'!A1");
  ASSERT_NE(project, "");
  EXPECT_EQ(s.cells.at(project).formula, "");
  EXPECT_FALSE(s.cells.at(project).number);
  EXPECT_NE(s.where("@SUM(1)  <w:p>&\"'"), "");
  EXPECT_NE(s.where("+1\n-2\xef\xbf\xbd\xef\xbf\xbd"), "");
  EXPECT_NE(s.where("</t></si><si><t>"), "");
  EXPECT_EQ(s.cells.at(s.where("=1+1")).formula, "");
}

TEST(Form, AnEmptyEvaluationIsStillAForm) {
  const auto sheets = written(evaluate::evaluation{});
  EXPECT_THAT(sheets[0].at("A1"), HasSubstr("项目支出绩效自评表"));
  EXPECT_NE(sheets[0].where("总分"), "");
}

/** Height that the text of each cell needs against the height of its rows. */
void expect_nothing_clipped(const grid& g) {
  grid copy = g;
  const pen p(copy);
  for (const grid_cell& c : g.cells) {
    double height = 0;
    for (int r = c.row; r < c.row + c.rows; ++r) {
      EXPECT_LE(g.heights[static_cast<std::size_t>(r)], 409) << "a row ends there";
      height += g.heights[static_cast<std::size_t>(r)];
    }
    EXPECT_GE(height + 0.01, p.height_of(c)) << g.name << " " << address_of(c.row, c.column);
  }
}

TEST(Form, NoTextIsClippedWhateverItsLength) {
  auto e = sample::crowded();
  for (const std::string_view name : layouts::names()) {
    e.layout = name;
    expect_nothing_clipped(form_sheets(e)[0]);  // the upload may not grow by rows: its texts are read, not printed
  }
  EXPECT_EQ(written(e)[0].merges.empty(), false);
}

/** No two areas share a cell, and a row of the table has no hole in its frame: spreadsheets call a file with
 * overlapping merges damaged. */
void expect_tiled(const grid& g) {
  std::map<std::pair<int, int>, int> covered;
  std::set<int> framed;
  for (const grid_cell& c : g.cells)
    for (int r = c.row; r < c.row + c.rows; ++r) {
      if (c.style.framed) framed.insert(r);
      for (int k = c.column; k < c.column + c.columns; ++k) ++covered[{r, k}];
    }
  for (const auto& [place, times] : covered) EXPECT_EQ(times, 1) << address_of(place.first, place.second);
  for (const int r : framed)
    for (int k = 0; k < static_cast<int>(g.widths.size()); ++k)
      EXPECT_TRUE(covered.contains({r, k})) << g.name << " has a hole at " << address_of(r, k);
}

TEST(Form, IsTiledByItsCellsInEveryLayout) {
  for (auto e : {sample::whole_year(), sample::draft(), sample::mid_year(), sample::sichuan(), sample::crowded(),
                 evaluate::evaluation{}}) {
    for (const std::string_view name : layouts::names()) {
      e.layout = name;
      expect_tiled(form_sheets(e)[0]);
    }
    e.whole_year = false;
    expect_tiled(form_sheets(e)[0]);
  }
}

TEST(Form, AVeryLongReasonIsSpreadOverRowsWithoutLosingACharacterAndTheSumStillHolds) {
  auto e = sample::whole_year();
  for (int i = 0; i < 60; ++i) e.indicators[0].reason += "汛期多处光缆中断，已经迁改杆路。";
  const sheet_view s = written(e)[0];
  const std::string score = "H" + row_of(s, "信息化建设任务");
  const int first = std::stoi(score.substr(1));
  ASSERT_TRUE(s.merges.contains(score));
  EXPECT_EQ(s.at(score), "4");
  const std::string range = s.merges.at(score);
  const int last = std::stoi(range.substr(range.find(':') + 2));
  std::string all;
  for (int row = first; row <= last; ++row) all += s.at(fmt::format("I{}", row));
  EXPECT_EQ(all, e.indicators[0].reason);
  const auto& total = s.cells.at("H" + s.where("总分").substr(1));
  EXPECT_EQ(total.text, "98.06");
  EXPECT_THAT(total.formula, HasSubstr("SUM(H" + score.substr(1) + ":"));
}

RC_GTEST_PROP(PenProperty, SpreadsAnyTextOverRowsWithoutLosingAByteOrCuttingACharacter, ()) {
  const auto words = *rc::gen::container<std::vector<std::string>>(
      rc::gen::element<std::string>("畅通", "99.9%", " ", "\n", "专线，", "abcdefghijklmnopqrstuvwxyz"));
  std::string text;
  for (int i = 0; i < 60; ++i)
    for (const std::string& w : words) text += w;
  grid g;
  g.widths = {static_cast<double>(*rc::gen::inRange(4, 60)), 10};
  pen p(g);
  grid_cell c, beside;
  c.text = text;
  beside.column = 1;
  p.row({c, beside});
  std::string all;
  for (const grid_cell& piece : g.cells) {
    if (piece.column == 1) RC_ASSERT(piece.rows == p.next());
    if (piece.column != 0) continue;
    all += piece.text;
    if (!piece.text.empty()) RC_ASSERT((static_cast<unsigned char>(piece.text[0]) & 0xC0U) != 0x80U);
    double room = 0;
    for (int r = piece.row; r < piece.row + piece.rows; ++r) room += g.heights[static_cast<std::size_t>(r)];
    RC_ASSERT(room + 0.01 >= p.height_of(piece));
  }
  RC_ASSERT(all == text);
  for (const double h : g.heights) RC_ASSERT(h <= 409);
}

TEST(Lines, AreCountedAsTheWidestFontSetsThem) {
  EXPECT_EQ(lines_of("", 10, 10.5), 1);
  EXPECT_EQ(lines_of("一二三四", 10, 10.5), 1);
  EXPECT_EQ(lines_of("一二三四五六", 10, 10.5), 2);
  EXPECT_EQ(lines_of("一\n二\n", 10, 10.5), 3);
  EXPECT_EQ(lines_of("abcdefghijklmnopqrstuvwxyz", 10, 10.5), 4) << "a word longer than a line is broken";
  EXPECT_EQ(lines_of("一二三四", 1, 10.5), 4) << "one character a line at least";
}

RC_GTEST_PROP(LinesProperty, MoreTextNeverNeedsFewerLines, ()) {
  const auto words = *rc::gen::container<std::vector<std::string>>(
      rc::gen::element<std::string>("畅通", "99.9%", " ", "\n", "专线，"));
  const auto width = *rc::gen::inRange(1, 60);
  std::string text;
  int lines = 1;
  for (const std::string& w : words) {
    text += w;
    const int now = lines_of(text, width, 10.5);
    RC_ASSERT(now >= lines);
    lines = now;
  }
}

TEST(Addresses, GoBeyondZ) {
  EXPECT_EQ(address_of(0, 0), "A1");
  EXPECT_EQ(address_of(8, 25), "Z9");
  EXPECT_EQ(address_of(0, 26), "AA1");
  EXPECT_EQ(address_of(0, 701), "ZZ1");
}

}  // namespace
}  // namespace changtong::report
