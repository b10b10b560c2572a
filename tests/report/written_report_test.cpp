// The written report: chapters, generated parts, charts, as a strict reader sees the page.
#include "daemon/report/written_report.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <functional>
#include <pugixml.hpp>

#include "daemon/report/report_charts.h"
#include "daemon/report/shortfalls.h"
#include "tests/report/office_file.h"
#include "tests/report/sample_evaluation.h"

namespace changtong::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/** A page parsed as XML. */
struct page_view {
  pugi::xml_document xml;
  std::string text;
  explicit page_view(std::string html) : text(std::move(html)) { office::parse(xml, text, "page"); }

  /** Texts of all elements with this name, in order. */
  [[nodiscard]] std::vector<std::string> all(const char* name) const {
    std::vector<std::string> out;
    for (const auto& n : xml.select_nodes(fmt::format("//{}", name).c_str())) out.push_back(words(n.node()));
    return out;
  }
  [[nodiscard]] std::size_t count(const char* query) const { return xml.select_nodes(query).size(); }

  static std::string words(const pugi::xml_node& n) {
    std::string out = n.value();
    for (const auto& c : n.children()) out += words(c);
    return out;
  }
};

/** Headings, captions and paragraphs with what they are, one a line. */
std::string outline_of(const page_view& p) {
  std::string out;
  auto nodes = p.xml.select_nodes("//h1|//h2|//h3|//p|//caption|//figcaption|//th");
  nodes.sort();
  for (const auto& n : nodes) out += fmt::format("{} {}\n", n.node().name(), page_view::words(n.node()));
  return out;
}

TEST(ReportPage, IsTheGoldenOne) {
  office::expect_golden("report_page.txt", outline_of(page_view(report_page(sample::whole_year()))));
}

TEST(ReportPage, HasTheChaptersOfThePlanInTheirOrder) {
  const page_view p(report_page(sample::whole_year()));
  EXPECT_THAT(p.all("h1"), ElementsAre("一、项目基本情况", "二、绩效评价工作开展情况", "三、综合评价情况及评价结论",
                                       "四、绩效评价指标分析", "五、主要经验及做法", "六、存在问题及原因分析",
                                       "七、有关建议", "附：计分说明"));
}

TEST(ReportPage, PutsWhatIsGeneratedUnderTheChapterThatItBelongsTo) {
  const std::string outline = outline_of(page_view(report_page(sample::whole_year())));
  const auto at = [&](const char* text) {
    EXPECT_NE(outline.find(text), std::string::npos) << text;
    return outline.find(text);
  };
  EXPECT_LT(at("h1 三、"), at("自评总分98.06分"));
  EXPECT_LT(at("自评总分98.06分"), at("h1 四、"));
  EXPECT_LT(at("h1 四、"), at("绩效指标完成情况"));
  EXPECT_LT(at("h2 （二）项目过程情况"), at("图1　预算执行"));
  EXPECT_LT(at("h2 （三）项目产出情况"), at("各类专线各月畅通率"));
  EXPECT_LT(at("逐日中断情况"), at("h2 （四）项目效益情况"));
  EXPECT_LT(at("h2 （一）存在问题"), at("1. 项目运维保障天数：年度指标值≥365天，实际完成值364天，得3.99分（分值4）"));
  EXPECT_LT(at("未达到年度指标值"), at("h2 （二）原因分析"));
}

TEST(ReportPage, SaysAScoreOnceWhereTheChaptersOfThePlanSayItAlready) {
  auto e = sample::whole_year();
  const auto paragraphs_with = [&](const std::string& text) {
    const auto all = page_view(report_page(e)).all("p");
    return std::ranges::count_if(all, [&](const std::string& p) { return p.find(text) != std::string::npos; });
  };
  EXPECT_EQ(paragraphs_with("98.06"), 1);
  e.chapters[4].paragraphs = {"2026 年项目自评得分 98.06 分，等级“优”。全年预算执行率 99.83%。"};
  EXPECT_EQ(paragraphs_with("98.06"), 1);
  EXPECT_EQ(paragraphs_with("得9.98分（分值10）"), 0) << "the money is told by the chapter";
  e.before_total = "96.5";
  e.before_year = "2025";
  EXPECT_EQ(paragraphs_with("上年（2025年度）总分96.5分"), 1) << "the year before is nobody else's to tell";
  e.chapters[4].paragraphs = {"2026 年项目自评得分 98.06 分。监测 98.06 条专线，按时率 99.83%。"};
  EXPECT_EQ(paragraphs_with("自评总分98.06分，等级为优"), 1) << "the grade stands somewhere";
  EXPECT_EQ(paragraphs_with("得9.98分（分值10）"), 1) << "another rate is not that of execution";
  e.chapters[4].paragraphs = {"另一项得 198.06 分。"};
  EXPECT_EQ(paragraphs_with("自评总分98.06分"), 1) << "another number says nothing of ours";
}

TEST(ReportPage, EndsWithWhoReportsAndRoomForSealAndDay) {
  auto e = sample::whole_year();
  const auto last = [&] {
    const auto all = page_view(report_page(e)).all("p");
    return all[all.size() - 2] + "\n" + all.back();
  };
  EXPECT_EQ(last(), "安平区数据资源管理局（盖章）\n　　　　年　　月　　日");
  e.office.clear();
  EXPECT_THAT(last(), HasSubstr(e.unit + "（盖章）"));
}

TEST(ReportPage, SaysMoneyInYuanWhereThePlanDoes) {
  auto e = sample::whole_year();
  EXPECT_THAT(report_page(e), HasSubstr("执行数919.94万元"));
  e.execution.yuan = true;
  const std::string page = report_page(e);
  EXPECT_THAT(page, HasSubstr("执行数919.94元"));
  EXPECT_THAT(page, HasSubstr("项目资金（元）"));
  EXPECT_THAT(page, Not(HasSubstr("项目资金（万元）")));
}

TEST(ReportPage, OfAPlanWithoutChaptersHasEverythingInTheAnnexOnce) {
  auto e = sample::whole_year();
  e.chapters.clear();
  const page_view p(report_page(e));
  EXPECT_THAT(p.all("h1"), ElementsAre("附：综合评价", "附：预算执行情况", "附：指标完成情况", "附：专线畅通情况",
                                       "附：未完成的指标", "附：计分说明"));
  EXPECT_EQ(p.count("//svg"), 3U);
}

TEST(ReportPage, NeedsNothingFromElsewhereAndRunsNothing) {
  const page_view p(report_page(sample::draft()));
  EXPECT_EQ(p.count("//script|//link|//img|//iframe|//object|//a|//@href|//@src"), 0U);
  for (const auto& style : p.all("style")) {
    EXPECT_THAT(style, Not(HasSubstr("url(")));
    EXPECT_THAT(style, Not(HasSubstr("@import")));
    EXPECT_THAT(style, HasSubstr("margin: 37mm 26mm 35mm 28mm"));
  }
  EXPECT_THAT(p.text, HasSubstr("default-src 'none'"));
}

TEST(ReportPage, ShowsHostileTextAsText) {
  auto e = sample::whole_year();
  const std::string evil = "</td><script>alert(1)</script>&\"'\x01\x1b\xff]]>";
  e.title = evil;
  e.indicators[0].level1 = e.indicators[1].level3 = e.indicators[1].reason = e.indicators[1].actual_text = evil;
  e.chapters[0].title = evil;
  e.chapters[1].paragraphs = {evil};
  e.months[0].category_title = evil;
  e.months[0].month = evil;
  e.days[0].day = evil;
  e.days[1].day = "2026-13-99";
  e.execution.rows[0].name = evil;
  e.blocking = {evil};
  const page_view p(report_page(e));
  EXPECT_EQ(p.count("//script"), 0U);
  EXPECT_THAT(p.all("title")[0], HasSubstr("<script>alert(1)</script>"));
  EXPECT_EQ(p.count("//rect[@class='day']"), 363U) << "what is no day is no cell";
  const page_view docx(report_for_docx(e));
  EXPECT_EQ(docx.count("//script"), 0U);
}

TEST(ReportPage, OfADraftSaysSoAndGivesNoTotal) {
  const page_view p(report_page(sample::draft()));
  EXPECT_EQ(p.count("//div[@class='draft']/p"), 4U);
  const std::string outline = outline_of(p);
  EXPECT_THAT(outline, HasSubstr("已评指标合计得91.07分；尚有指标没有得分，不计总分，不评等级。"));
  EXPECT_THAT(outline, HasSubstr("政务专线畅通率（村、社区）：年度指标值≥99.5%，证据不足，未计分。"
                                 "缺少：覆盖率93.1%，低于下限95%；2026-03-09 12:00起12小时未观测"));
  EXPECT_THAT(outline, HasSubstr("尚未说明偏差原因和改进措施"));
  EXPECT_EQ(page_view(report_page(sample::whole_year())).count("//div[@class='draft']"), 0U);
}

TEST(ReportPage, OfMidYearShowsForecastAndLightInsteadOfPoints) {
  const std::string outline = outline_of(page_view(report_page(sample::mid_year())));
  EXPECT_THAT(outline, HasSubstr("th 全年预计\n"));
  EXPECT_THAT(outline, HasSubstr("th 状态\n"));
  EXPECT_THAT(outline, HasSubstr("截至2026-06-30，已评指标合计得98.06分；总分和等级待年终评定。"));
  EXPECT_THAT(outline, Not(HasSubstr("等级为优")));
  auto e = sample::mid_year();
  e.forecast_total = sample::printed("97.50");
  e.forecast_grade = "优";
  e.before_year = "2025";
  e.before_total = "98.80";
  EXPECT_THAT(outline_of(page_view(report_page(e))),
              HasSubstr("已评指标合计得98.06分；预计全年总分97.50分，等级为优。上年（2025年度）总分98.80分。"));
}

TEST(ReportPage, WithoutMissedIndicatorsClaimsNoProblems) {
  auto e = sample::whole_year();
  for (auto& i : e.indicators) i.colour = evaluate::light::green;
  EXPECT_THAT(outline_of(page_view(report_page(e))), HasSubstr("各项指标均达到年度指标值。"));
}

TEST(ReportPage, OfNothingIsStillAPage) {
  const page_view p(report_page(evaluate::evaluation{}));
  EXPECT_EQ(p.count("//svg"), 0U) << "no chart without what it would show";
}

TEST(ReportPage, ThatCannotBeWrittenLeavesNothingAndSaysWhatToDo) {
  const auto done = write_report_html(sample::whole_year(), "/nowhere/report.html");
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().text, HasSubstr("检查目录"));
}

TEST(Calendar, HasOneCellADay) {
  auto e = sample::whole_year();
  EXPECT_EQ(page_view(days_chart(e.days)).count("//rect[@class='day']"), 365U);
  e.days.push_back({"2028-02-29", e.days[0].sums});
  EXPECT_EQ(page_view(days_chart(e.days)).count("//rect[@class='day']"), 366U);
  EXPECT_EQ(days_chart({}), "");
}

TEST(Calendar, TellsOutagesFromTimeThatNobodySaw) {
  const auto colour = [](milliseconds up, milliseconds down, milliseconds unknown) {
    availability::seconds s;
    s.up = up;
    s.down = down;
    s.unknown = unknown;
    const page_view p(days_chart({{"2026-03-14", s}}));
    return std::string(p.xml.select_node("//rect[@class='day']").node().attribute("fill").value());
  };
  constexpr milliseconds day{86'400'000}, hour{3'600'000}, none{0};
  const std::string good = colour(day, none, none), brief = colour(day, milliseconds{1}, none);
  EXPECT_EQ(colour(day * 99, none, day), good) << "1 % unknown is still in";
  const std::string unseen = colour(day * 98, none, day + milliseconds{1});
  EXPECT_NE(unseen, good);
  EXPECT_NE(brief, good);
  EXPECT_NE(brief, colour(day, hour, none));
  EXPECT_NE(colour(day, hour, none), colour(day, day, none));
  EXPECT_EQ(colour(none, day, day), colour(day, day, none)) << "an outage is shown even where much is unknown";
  const std::string nothing = colour(none, none, none);
  for (const std::string& other : {good, brief, unseen}) EXPECT_NE(nothing, other);
}

TEST(Months, SayWhereTheAxisBeginsAndShowUnknownTime) {
  const auto e = sample::whole_year();
  const page_view p(months_chart(e.months));
  EXPECT_THAT(p.text, HasSubstr("纵轴从98%起，不从0起"));
  EXPECT_EQ(p.count("//line[@class='unknown']"), 48U) << "one for each month of each category";
  for (const auto& bar : p.xml.select_nodes("//line[@class='unknown']")) {
    EXPECT_GE(bar.node().attribute("y1").as_double(), bar.node().attribute("y2").as_double());
    EXPECT_LE(bar.node().attribute("y1").as_double(), 240.0) << "inside the frame";
  }
}

TEST(Months, OfABadYearBeginTheirAxisLowEnough) {
  evaluate::month_mark m{"2026-01", "village", "村", {}};
  m.sums.up = milliseconds{30};
  m.sums.down = milliseconds{70};
  EXPECT_THAT(months_chart({m}), Not(HasSubstr("不从0起")));
  EXPECT_THAT(months_chart({m}), HasSubstr(">0%<"));
  EXPECT_EQ(months_chart({}), "");
}

TEST(Months, AMonthWithoutFiguresBreaksTheLine) {
  std::vector<evaluate::month_mark> marks;
  for (const char* month : {"2026-01", "2026-02", "2026-03"}) marks.push_back({month, "v", "村", {}});
  marks[0].sums.up = marks[2].sums.up = milliseconds{100};
  const page_view p(months_chart(marks));
  const std::string line = p.xml.select_node("//path[@fill='none']").node().attribute("d").value();
  EXPECT_EQ(std::count(line.begin(), line.end(), 'M'), 2);
  EXPECT_EQ(std::count(line.begin(), line.end(), 'L'), 0);
  EXPECT_THAT(months_table(marks), HasSubstr(">—<"));
}

TEST(Months, NeverPrintAHundredPercentOfTimeThatNobodySaw) {
  evaluate::month_mark m{"2026-01", "village", "村", {}};
  m.sums.up = milliseconds{9'950};
  m.sums.unknown = milliseconds{50};
  EXPECT_THAT(months_table({m}), HasSubstr(">≥99.5000<"));
  m.sums.unknown = milliseconds{200};
  EXPECT_THAT(months_table({m}), HasSubstr("†<"));
  m.sums.unknown = milliseconds{0};
  EXPECT_THAT(months_table({m}), HasSubstr(">100.0000<"));
  m.sums.down = milliseconds{1};
  EXPECT_THAT(months_table({m}), HasSubstr(">99.9899<")) << "truncated, not rounded";
}

TEST(Execution, BarsAreAsLongAsTheAmounts) {
  auto x = sample::whole_year().execution;
  x.rows[0].executed = "460.735";
  const page_view p(execution_chart(x));
  std::vector<double> lengths;
  for (const auto& r : p.xml.select_nodes("//rect")) lengths.push_back(r.node().attribute("width").as_double());
  ASSERT_EQ(lengths.size(), 4U) << "kinds of money without any are left out";
  EXPECT_NEAR(lengths[1] * 2, lengths[0], 0.2);
  x.rows.clear();
  EXPECT_EQ(execution_chart(x), "");
  EXPECT_EQ(execution_bars(x), "");
}

TEST(Statement, SaysWhatWasLetPassByWhomAndWhy) {
  evaluate::evaluation e = sample::whole_year();
  e.overridden = {{.block = "任务（b）：证据不足：没有文件", .by = "王五", .reason = "验收单补交中"}};
  EXPECT_THAT(statement_of(e), testing::Contains("放行：任务（b）（王五：验收单补交中）"));
}

}  // namespace
}  // namespace changtong::report
