// Reasons and points that people write into a sheet, and the plan that they come back to.
#include "daemon/forms/fill.h"

#include <gtest/gtest.h>

#include "daemon/forms/fill_rows.h"
#include "daemon/forms/yaml_edit.h"
#include "daemon/plans/plan.h"
#include "tests/forms/grid_table.h"

namespace changtong::forms {
namespace {

const std::string plan_text = R"(# 头上的注释
year: 2026
project: 政务外网
execution:   # 资金
  weight: 10
  rows: [ { name: 年度资金总额, full_year: 100, executed: 90 } ]
levels:
  - name: 产出指标
    weight: 90
    groups:
      - name: 数量指标
        indicators:
          # 专线
          - { id: lines, name: 专线条数, target: ≥100条, weight: 40, source: { kind: stated, value: 90, origin: 表 } }  # 尾注
          - id: rules
            name: 制度健全
            target: 健全          # 定性
            weight: 30
            source: { kind: document, files: [制度.pdf] }
            reason: '旧的''原因'''  # 原因的注释
          - id: texts
            name: 办事便捷
            target: 提升
            weight: 20
            source:
              kind: stated
              origin: 表
              verdict: { tier: reached, points: 18 }
)";

plans::plan plan_of(const std::string& yaml) {
  const auto read = read_plan(yaml, "plan.yaml");
  if (!read)
    for (const problem& p : read.error().list) ADD_FAILURE() << to_string(p) << "\n" << yaml;
  return read ? *read : plans::plan{};
}

/** The sheet as it is written, as a file would bring it back. */
reading::office_table sheet_of(const plans::plan& p) { return table_of(fill_sheet(p)); }

/** Writes into the row of `id`, the column counted from A. */
void write(reading::office_table& t, const std::string& id, char column, const std::string& text) {
  std::size_t row = 0;
  for (const auto& c : t.cells)
    if (c.column == 0 && c.text == id) row = c.row;
  ASSERT_GT(row, 0U) << id;
  const auto at = static_cast<std::size_t>(column - 'A');
  std::erase_if(t.cells, [&](const auto& c) { return c.row == row && c.column == at; });
  t.cells.push_back({.row = row, .column = at, .rows = 1, .columns = 1, .text = text});
  std::ranges::sort(
      t.cells, [](const auto& a, const auto& b) { return std::pair(a.row, a.column) < std::pair(b.row, b.column); });
}

TEST(Fill, ASheetThatNobodyTouchedChangesNothing) {
  const plans::plan p = plan_of(plan_text);
  const auto done = filled_in({sheet_of(p)}, plan_text, p);
  ASSERT_TRUE(done) << done.error().list[0].text;
  EXPECT_EQ(done->yaml, plan_text);
  EXPECT_TRUE(done->changes.empty());
}

TEST(Fill, WhatWasWrittenComesBackAndTheRestStaysToTheByte) {
  const plans::plan p = plan_of(plan_text);
  reading::office_table t = sheet_of(p);
  write(t, "lines", 'F', "十条“在建”: \"光缆\"");
  write(t, "lines", 'G', "明年补齐");
  write(t, "rules", 'F', "修订滞后");
  write(t, "rules", 'H', "三项制度已修订");
  write(t, "rules", 'I', "27分");
  write(t, "rules", 'J', "张三");
  write(t, "rules", 'K', "2026年12月30日");
  write(t, "texts", 'I', "15");
  write(t, "预算执行率", 'F', "结余交回财政");
  write(t, "年度目标", 'H', "目标已完成");
  const auto done = filled_in({t}, plan_text, p);
  ASSERT_TRUE(done) << to_string(done.error().list[0]);
  EXPECT_EQ(done->changes.size(), 6U);
  const plans::plan now = plan_of(done->yaml);
  EXPECT_EQ(now.indicators[0].reason, "十条“在建”: \"光缆\"。改进措施：明年补齐");
  EXPECT_EQ(now.indicators[1].reason, "修订滞后");
  const auto& rules = std::get<plans::document_source>(now.indicators[1].source);
  EXPECT_EQ(rules.decided->text, "三项制度已修订");
  EXPECT_EQ(rules.decided->by, "张三");
  EXPECT_EQ(rules.decided->on, "2026-12-30");
  EXPECT_EQ(rules.decided->points, 27);
  const auto& texts = std::get<plans::stated_source>(now.indicators[2].source);
  EXPECT_EQ(texts.decided->how, plans::tier::partly);
  EXPECT_EQ(now.execution.reason, "结余交回财政");
  EXPECT_EQ(now.reached_goal, "目标已完成");
  for (const char* kept : {"# 头上的注释", "execution:   # 资金", "# 专线", "}  # 尾注", "  # 原因的注释", "# 定性"})
    EXPECT_NE(done->yaml.find(kept), std::string::npos) << kept << "\n" << done->yaml;
  const auto again = filled_in({sheet_of(now)}, done->yaml, now);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->yaml, done->yaml);
}

TEST(Fill, PointsOfAPersonNeedTheirNameDayAndReason) {
  const plans::plan p = plan_of(plan_text);
  reading::office_table t = sheet_of(p);
  write(t, "lines", 'I', "30");
  const auto half = filled_in({t}, plan_text, p);
  ASSERT_FALSE(half);
  EXPECT_NE(half.error().list[0].text.find("须一并填写"), std::string::npos);
  write(t, "lines", 'J', "李四");
  write(t, "lines", 'K', "2026-12-30");
  write(t, "lines", 'L', "资料不全");
  const auto whole = filled_in({t}, plan_text, p);
  ASSERT_TRUE(whole) << to_string(whole.error().list[0]);
  const plans::plan now = plan_of(whole->yaml);
  ASSERT_TRUE(now.indicators[0].given);
  EXPECT_EQ(now.indicators[0].given->points, 30);
  EXPECT_EQ(now.indicators[0].given->why, "资料不全");
}

TEST(Fill, WhatIsNoneIsRefusedWithItsCell) {
  const plans::plan p = plan_of(plan_text);
  reading::office_table t = sheet_of(p);
  write(t, "rules", 'I', "很好");
  write(t, "texts", 'K', "明年");
  const auto done = filled_in({t}, plan_text, p);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().list.size(), 2U);
  EXPECT_NE(done.error().list[0].text.find("「填报」I"), std::string::npos);
  EXPECT_FALSE(filled_in({}, plan_text, p));
}

TEST(Fill, WhatIsTooLongForOneTextOfThePlanIsRefusedAndNotCut) {
  const plans::plan p = plan_of(plan_text);
  reading::office_table t = sheet_of(p);
  write(t, "lines", 'F', std::string(3'800, 'a'));
  write(t, "lines", 'G', std::string(3'800, 'b'));
  const auto both_new = filled_in({t}, plan_text, p);
  ASSERT_FALSE(both_new);
  ASSERT_EQ(both_new.error().list.size(), 1U);
  EXPECT_NE(both_new.error().list[0].text.find("「填报」F"), std::string::npos) << both_new.error().list[0].text;
  EXPECT_NE(both_new.error().list[0].text.find("请缩短"), std::string::npos);
  t = sheet_of(p);
  write(t, "rules", 'G', std::string(3'890, 'b'));
  const auto beside_old = filled_in({t}, plan_text, p);
  ASSERT_FALSE(beside_old) << "the reason that the plan has stays before it";
  EXPECT_NE(beside_old.error().list[0].text.find("「填报」G"), std::string::npos) << beside_old.error().list[0].text;
  write(t, "rules", 'G', std::string(3'800, 'b'));
  const auto fits = filled_in({t}, plan_text, p);
  ASSERT_TRUE(fits) << to_string(fits.error().list[0]);
  EXPECT_TRUE(plan_of(fits->yaml).indicators[1].reason.ends_with(std::string(3'800, 'b')));
}

std::string refused(const reading::office_table& t, const plans::plan& p, const std::string& yaml = plan_text) {
  const auto done = filled_in({t}, yaml, p);
  if (done) return "nothing: " + done->yaml;
  std::string out;
  for (const problem& x : done.error().list) out += to_string(x) + "\n";
  return out;
}

TEST(Fill, AStatedValueIsChangedAndSaysWhere) {
  const plans::plan p = plan_of(plan_text);
  reading::office_table t = sheet_of(p);
  write(t, "lines", 'D', "95.00000000000001条");
  const auto done = filled_in({t}, plan_text, p);
  ASSERT_TRUE(done) << to_string(done.error().list[0]);
  const auto source = std::get<plans::stated_source>(plan_of(done->yaml).indicators[0].source);
  EXPECT_EQ(source.value->number, exact{95});
  EXPECT_NE(source.origin.find("「填报」D"), std::string::npos) << source.origin;
  EXPECT_NE(source.origin.find("原为 90条（表）"), std::string::npos) << source.origin;
  const plans::plan again = plan_of(done->yaml);
  reading::office_table second = sheet_of(again);
  write(second, "lines", 'D', "97条");
  const auto twice = filled_in({second}, done->yaml, again);
  ASSERT_TRUE(twice);
  const auto last = std::get<plans::stated_source>(plan_of(twice->yaml).indicators[0].source);
  EXPECT_EQ(last.value->number, exact{97});
  EXPECT_EQ(last.origin, source.origin) << "what it was at first stays, however often it is filled in";
  ASSERT_EQ(done->changes.size(), 1U);
  EXPECT_NE(done->changes[0].cn.find("由 90条 改为 95"), std::string::npos) << done->changes[0].cn;
}

TEST(Fill, AStatedValueMayBecomeABound) {
  const plans::plan p = plan_of(plan_text);
  reading::office_table t = sheet_of(p);
  write(t, "lines", 'D', "超过100条");
  const auto done = filled_in({t}, plan_text, p);
  ASSERT_TRUE(done) << to_string(done.error().list[0]);
  const plans::plan now = plan_of(done->yaml);
  EXPECT_EQ(std::get<plans::stated_source>(now.indicators[0].source).value->text, "超过100条");
  const auto again = filled_in({sheet_of(now)}, done->yaml, now);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->changes.empty());
}

TEST(Fill, WhatCannotBeChangedHereIsRefusedWithItsCell) {
  const plans::plan p = plan_of(plan_text);
  struct {
    const char* id;
    char column;
    const char *text, *why;
  } const all[] = {{"lines", 'D', "很多", "同单位"},      {"lines", 'C', "≥80条", "方案的 target"},
                   {"lines", 'E', "41", "方案的 weight"}, {"rules", 'D', "健全", "完成情况"},
                   {"lines", 'H', "好", "不填"},          {"年度目标", 'F', "无", "不填"}};
  for (const auto& x : all) {
    reading::office_table t = sheet_of(p);
    write(t, x.id, x.column, x.text);
    const std::string said = refused(t, p);
    EXPECT_NE(said.find(std::string("「填报」") + x.column), std::string::npos) << said;
    EXPECT_NE(said.find(x.why), std::string::npos) << said;
  }
}

TEST(Fill, MorePointsThanTheWeightAreRefusedWithTheirCellAndNoLineOfAFileThatIsNotThere) {
  const plans::plan p = plan_of(plan_text);
  reading::office_table t = sheet_of(p);
  for (const auto& [column, text] : {std::pair('I', "41"), {'J', "李四"}, {'K', "2026-12-30"}, {'L', "资料不全"}})
    write(t, "lines", column, text);
  const std::string said = refused(t, p);
  EXPECT_NE(said.find("「填报」I"), std::string::npos) << said;
  EXPECT_NE(said.find("41 高于分值 40"), std::string::npos) << said;
  EXPECT_EQ(said.find("plan.yaml"), std::string::npos) << said;
}

TEST(Fill, RowsThatNeedAReasonAreMarkedUntilTheyHaveOne) {
  const plans::plan p = plan_of(plan_text);
  const auto marked = [](const reading::office_table& t) {
    return std::ranges::count_if(t.cells, [](const auto& c) { return c.text.starts_with("▲"); });
  };
  reading::office_table t = sheet_of(p);
  EXPECT_EQ(marked(t), 1);
  write(t, "lines", 'F', "十条在建");
  const auto done = filled_in({t}, plan_text, p);
  ASSERT_TRUE(done);
  EXPECT_TRUE(done->changes.at(0).cn.starts_with("「专线条数」")) << done->changes[0].cn;
  EXPECT_EQ(marked(sheet_of(plan_of(done->yaml))), 0);
}

TEST(Fill, NumbersOfASpreadsheetComeWithoutItsNoise) {
  const plans::plan p = plan_of(plan_text);
  reading::office_table t = sheet_of(p);
  write(t, "texts", 'I', "18.80000000000001");
  const auto done = filled_in({t}, plan_text, p);
  ASSERT_TRUE(done);
  EXPECT_NE(done->yaml.find("points: 18.8 "), std::string::npos) << done->yaml;
}

const std::string pointless = R"(year: 2026
project: 边远乡镇网络补助
layout: transfer
scored: no
execution:
  rows: [ { name: 年度资金总额, full_year: 300, executed: 300 } ]
levels:
  - name: 产出指标
    groups:
      - name: 数量指标
        indicators:
          - { id: villages, name: 接入行政村, target: ≥120个, source: { kind: stated, value: 118, origin: 表 } }
  - name: 效益指标
    groups:
      - name: 社会效益指标
        indicators:
          - { id: cover, name: 网络覆盖, target: 提高, source: { kind: document, files: [依据.pdf] } }   # 尾注
          - { id: ease, name: 办事便捷, target: 提升, source: { kind: stated, origin: 表, verdict: { text: 少跑一趟 } } }
          - id: trust
            name: 公众信任
            target: 增强
            source: { kind: document, files: [依据.pdf], verdict: { by: 张三, on: 2026-12-30, tier: partly } }
)";

std::string headings_of(const reading::office_table& t) {
  std::string out;
  for (const auto& c : t.cells)
    if (c.row == 5) out += c.text + " ";
  return out;
}

TEST(FillWithoutPoints, NothingAsksForPoints) {
  const plans::plan p = plan_of(pointless);
  const reading::office_table t = sheet_of(p);
  EXPECT_EQ(headings_of(t), "编号 三级指标 年度指标值 完成值 未完成原因 改进措施 完成情况 评定人 评定日期 ");
  for (const auto& c : t.cells) {
    EXPECT_EQ(c.text.find("得分"), std::string::npos) << c.text;
    EXPECT_EQ(c.text.find("分值"), std::string::npos) << c.text;
  }
  EXPECT_EQ(fill_page(p).find("得分"), std::string::npos);
  const auto done = filled_in({t}, pointless, p);
  ASSERT_TRUE(done) << to_string(done.error().list[0]);
  EXPECT_EQ(done->yaml, pointless);
}

TEST(FillWithoutPoints, WordsAreTakenAsTheFormHasThemAndNobodysVerdictIsMadeOfThem) {
  const plans::plan p = plan_of(pointless);
  reading::office_table t = sheet_of(p);
  write(t, "villages", 'E', "两村搬迁");
  write(t, "cover", 'G', "新增四个村接入");
  write(t, "ease", 'G', "网办事项增多");
  const auto done = filled_in({t}, pointless, p);
  ASSERT_TRUE(done) << to_string(done.error().list[0]);
  EXPECT_EQ(done->changes.size(), 3U);
  const plans::plan now = plan_of(done->yaml);
  EXPECT_EQ(now.indicators[0].reason, "两村搬迁");
  for (const auto& [at, text] : {std::pair(1, "新增四个村接入"), {2, "网办事项增多"}}) {
    const plans::assessment* v = verdict_of(now.indicators.at(static_cast<std::size_t>(at)).source);
    ASSERT_NE(v, nullptr);
    EXPECT_EQ(v->text, text);
    EXPECT_FALSE(v->how);
  }
  EXPECT_NE(done->yaml.find("  # 尾注"), std::string::npos);
  const auto again = filled_in({sheet_of(now)}, done->yaml, now);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->yaml, done->yaml);
}

TEST(FillWithoutPoints, ATiersOwnWordsAreAVerdictAndOfADocumentSomebodys) {
  const plans::plan p = plan_of(pointless);
  reading::office_table t = sheet_of(p);
  write(t, "ease", 'G', "达成预期指标");
  write(t, "cover", 'G', "达成预期指标");
  EXPECT_NE(refused(t, p, pointless).find("须填评定人、评定日期"), std::string::npos);
  write(t, "cover", 'H', "李四");
  write(t, "cover", 'I', "2026年12月30日");
  const auto done = filled_in({t}, pointless, p);
  ASSERT_TRUE(done) << to_string(done.error().list[0]);
  const plans::plan now = plan_of(done->yaml);
  for (const std::size_t at : {1U, 2U}) EXPECT_EQ(verdict_of(now.indicators[at].source)->how, plans::tier::reached);
  EXPECT_EQ(verdict_of(now.indicators[1].source)->by, "李四");
  reading::office_table words = sheet_of(p);
  write(words, "cover", 'G', "提高");
  const auto taken = filled_in({words}, pointless, p);
  ASSERT_TRUE(taken) << to_string(taken.error().list[0]);
  EXPECT_FALSE(verdict_of(plan_of(taken->yaml).indicators[1].source)->how) << "of a document it is somebody's word";
}

TEST(FillWithoutPoints, WhoAndWhenWithoutWordsAreRefused) {
  const plans::plan p = plan_of(pointless);
  reading::office_table t = sheet_of(p);
  write(t, "cover", 'H', "李四");
  EXPECT_NE(refused(t, p, pointless).find("须填写完成情况"), std::string::npos);
}

TEST(YamlEdit, AValueOverSeveralLinesIsLeftToAPerson) {
  const std::string text = "a:\n  b: |\n    one\n    two\n  c: 'x y'  # said\n";
  const auto tree = reading::parse_yaml(text);
  ASSERT_TRUE(tree);
  const auto* inner = value_of(*tree, "a");
  EXPECT_FALSE(with_changes(text, *tree, {{inner, "b", "\"z\""}}));
  const auto made = with_changes(text, *tree, {{inner, "c", "\"z\""}, {inner, "d", "5"}});
  ASSERT_TRUE(made) << made.error().text;
  EXPECT_EQ(*made, "a:\n  d: 5\n  b: |\n    one\n    two\n  c: \"z\"  # said\n");
}

TEST(YamlEdit, FlowMappingsAndQuotesKeepTheirNeighbours) {
  const std::string text = "x: { 名: '甲, 乙', v: plain text, w: [1, \"}\"], s: {t: 1} }\n";
  const auto tree = reading::parse_yaml(text);
  ASSERT_TRUE(tree);
  const auto* x = value_of(*tree, "x");
  const auto made = with_changes(text, *tree, {{x, "v", "\"new\""}, {x, "w", "[2]"}, {x, "s", "3"}});
  ASSERT_TRUE(made) << made.error().text;
  EXPECT_EQ(*made, "x: { 名: '甲, 乙', v: \"new\", w: [2], s: 3 }\n");
}

}  // namespace
}  // namespace changtong::forms
