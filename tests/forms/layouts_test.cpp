// Every layout: its cells against a form written from the rules alone, our own check of it, and the plan that it
// becomes when it is read back.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "daemon/evaluate/evaluate.h"
#include "daemon/forms/check.h"
#include "daemon/forms/to_plan.h"
#include "daemon/layouts/layout.h"
#include "daemon/plans/plan.h"
#include "daemon/report/form.h"
#include "tests/forms/form_texts.h"
#include "tests/forms/grid_table.h"

namespace changtong::forms {
namespace {

const std::string folder = CHANGTONG_SOURCE_DIR "/tests/forms/layouts/";

/** The plan beside the layout's form, or the common one. */
std::string plan_text(std::string_view layout) {
  std::ifstream own(folder + std::string(layout) + ".yaml"), common(folder + "plan.yaml");
  std::ostringstream text;
  text << (own ? own : common).rdbuf();
  std::string out = text.str();
  if (const auto at = out.find("layout: anhui"); at != std::string::npos)
    out.replace(at, std::string("layout: anhui").size(), "layout: " + std::string(layout));
  return out;
}

plans::plan read(const std::string& yaml) {
  const auto p = read_plan(yaml, "plan.yaml");
  EXPECT_TRUE(p) << (p ? "" : p.error().list.front().text) << "\n" << yaml;
  return p ? *p : plans::plan{};
}

evaluate::evaluation evaluated(const plans::plan& p) {
  const auto when = evaluate::occasion_of(p, nullptr, {}, {});
  EXPECT_TRUE(when);
  const auto e = evaluate::evaluate(p, {}, *when);
  EXPECT_TRUE(e);
  EXPECT_TRUE(e->blocking.empty()) << e->blocking.front();
  return *e;
}

reading::office_table form_of(const plans::plan& p) { return table_of(report::form_sheets(evaluated(p)).front()); }

std::string without_breaks(std::string text) {
  std::erase(text, '\n');
  return text;
}

/** Place, size and words of each cell that says something, up to `rows`. */
std::set<std::string> cells_of(const reading::office_table& t, std::size_t rows) {
  std::set<std::string> out;
  for (const auto& c : t.cells)
    if (c.row < rows && !c.text.empty())
      out.insert(report::address_of(static_cast<int>(c.row), static_cast<int>(c.column)) + ":" +
                 report::address_of(static_cast<int>(c.row + c.rows - 1), static_cast<int>(c.column + c.columns - 1)) +
                 " " + without_breaks(c.text));
  return out;
}

TEST(Layouts, HaveTheCellsThatTheRulesName) {
  for (const std::string_view name : layouts::names()) {
    const form_text expected = read_form_text(folder + std::string(name) + ".txt");
    const reading::office_table drawn = form_of(read(plan_text(name)));
    EXPECT_EQ(drawn.title, expected.tab) << name;
    const auto wanted = cells_of(expected.table(), expected.rows.size()), got = cells_of(drawn, expected.rows.size());
    for (const std::string& c : wanted) EXPECT_TRUE(got.contains(c)) << name << " lacks " << c;
    for (const std::string& c : got) EXPECT_TRUE(wanted.contains(c)) << name << " invents " << c;
  }
}

/** The same plan without points. */
std::string unscored_text(std::string_view layout) {
  std::string out = std::regex_replace(plan_text("plain"),
                                       std::regex("\n *weight: [0-9]+(?=\n)|, weight: [0-9]+|, points: [0-9]+"), "");
  out = std::regex_replace(out, std::regex("point_places: 2\nreverse: 1\n"), "scored: no\n");
  return std::regex_replace(out, std::regex("layout: plain"), "layout: " + std::string(layout));
}

TEST(LayoutsWithoutPoints, HaveTheCellsThatTheRulesName) {
  for (const std::string_view name : layouts::unscored_names()) {
    const form_text expected = read_form_text(folder + std::string(name) + ".txt");
    const reading::office_table drawn = form_of(read(unscored_text(name)));
    EXPECT_EQ(drawn.title, expected.tab) << name;
    EXPECT_EQ(cells_of(drawn, expected.rows.size()), cells_of(expected.table(), expected.rows.size())) << name;
  }
}

TEST(LayoutsWithoutPoints, AreOnlyForPlansWithoutAny) {
  EXPECT_FALSE(read_plan(unscored_text("anhui"), "plan.yaml"));
  EXPECT_FALSE(read_plan(plan_text("transfer"), "plan.yaml"));
  const auto e = evaluated(read(unscored_text("transfer")));
  EXPECT_FALSE(e.total);
  EXPECT_EQ(e.grade, "");
  EXPECT_EQ(e.indicators[1].colour, evaluate::light::yellow) << "11 of 12 is a target missed, and not by all";
  for (const auto& i : e.indicators) EXPECT_TRUE(!i.score && i.weight.text.empty() && i.method.empty()) << i.id;
}

form read_back(const reading::office_table& t) {
  const auto forms = read_forms({t});
  EXPECT_TRUE(forms);
  return forms ? forms->front() : form{};
}

TEST(Layouts, StandUpToOurOwnCheck) {
  for (const std::string_view name : layouts::names())
    for (const slip& s : check_form(read_back(form_of(read(plan_text(name))))))
      ADD_FAILURE() << name << " " << s.at.at << " " << s.at.text << ": " << s.text.cn;
}

/** What a form can say of a plan. */
std::string said_of(const plans::plan& p) {
  std::ostringstream out;
  out << p.year << " " << p.project << " " << p.unit << " " << p.layout << "\n";
  for (const std::string& t : p.ticks) out << t << " ";
  out << (p.execution.yuan ? "元 " : "万元 ") << shortest(p.execution.weight) << p.execution.adjusted << "\n";
  for (const plans::funds& f : p.execution.rows)
    out << f.name << " " << f.full_year << " " << f.adjusted << " " << f.executed << "\n";
  for (const plans::level& l : p.levels) out << l.name << " " << shortest(l.weight) << "\n";
  for (const plans::indicator& i : p.indicators) {
    // 95-100% of three columns is 95%-100%
    const plans::target& t = i.target;
    out << i.level1 << "/" << i.level2 << "/" << i.level3 << " " << plans::text_of(t.how) << shortest(t.number) << " "
        << shortest(t.upper) << t.unit << (t.how == plans::sign::none ? t.text : "") << " " << shortest(i.weight) << " "
        << static_cast<int>(i.rule) << " " << i.reason << " ";
    const auto& s = std::get<plans::stated_source>(i.source);
    if (s.value) out << plans::text_of(s.value->how) << shortest(s.value->number) << s.value->text;
    if (s.decided)
      out << (s.decided->how ? name_of(*s.decided->how) : "-") << s.decided->text << " " << shortest(s.decided->points);
    out << s.date << "\n";
  }
  return out.str();
}

void expect_round_trip(const std::string& yaml, bool as_document) {
  const plans::plan p = read(yaml);
  reading::office_table t = form_of(p);
  if (as_document) t.title.clear();
  for (auto& c : t.cells) std::ranges::replace(c.text, '\n', ' ');
  const drafted_plan again = plan_of(read_back(t), "form.xlsx", 2025);
  EXPECT_EQ(said_of(read(again.yaml)), said_of(p)) << again.yaml;
}

TEST(LayoutsWithoutPoints, AreReadBackIntoAnEqualPlan) {
  expect_round_trip(unscored_text("transfer"), false);
  expect_round_trip(unscored_text("transfer"), true);
  for (const slip& s : check_form(read_back(form_of(read(unscored_text("transfer")))))) ADD_FAILURE() << s.text.cn;
}

TEST(LayoutsWithoutPoints, ADeclarationIsReadBackIntoItsTargets) {
  const plans::plan p = read(unscored_text("declared"));
  const drafted_plan made = plan_of(read_back(form_of(p)), "form.xlsx", 2025);
  const plans::plan again = read(made.yaml);
  EXPECT_FALSE(again.scored);
  EXPECT_EQ(again.layout, "declared");
  EXPECT_TRUE(made.marks.empty()) << made.yaml;
  ASSERT_EQ(again.indicators.size(), p.indicators.size());
  for (std::size_t k = 0; k < p.indicators.size(); ++k) {
    EXPECT_EQ(again.indicators[k].level3, p.indicators[k].level3);
    EXPECT_EQ(again.indicators[k].target.text, p.indicators[k].target.text);
  }
  EXPECT_EQ(again.execution.rows.at(0).full_year, "90");
  EXPECT_EQ(again.execution.rows[0].executed, "") << "nobody has spent anything yet";
}

TEST(Layouts, AreReadBackIntoAnEqualPlan) {
  for (const std::string_view name : layouts::names()) {
    expect_round_trip(plan_text(name), false);
    expect_round_trip(plan_text(name), true);
  }
}

std::string with(std::string text, const std::string& from, const std::string& to) {
  EXPECT_NE(text.find(from), std::string::npos) << from;
  return text.replace(text.find(from), from.size(), to);
}

TEST(Layouts, KeepMoneyInYuan) {
  for (const std::string_view name : layouts::names()) {
    const std::string yaml = with(plan_text(name), "execution:\n", "execution:\n  unit: 元\n");
    const auto t = form_of(read(yaml));
    EXPECT_TRUE(std::ranges::any_of(t.cells, [](const auto& c) { return c.text.find("（元）") != std::string::npos; }));
    expect_round_trip(yaml, false);
  }
}

TEST(Layouts, KeepRangesAndDays) {
  for (const std::string_view name : layouts::names())
    for (const auto& [target, actual] :
         {std::pair("95%-100%", "value: 97"), std::pair("≤2026-12-31", "date: 2026-12-20")})
      expect_round_trip(with(with(plan_text(name), "≤4小时", target), "value: 3.5", actual), false);
}

TEST(Layouts, KeepBoundsAsWritten) {
  for (const std::string_view name : layouts::names())
    expect_round_trip(with(plan_text(name), "value: 99.95", "value: 99.9%以上"), false);
}

TEST(Layouts, ThatAreUnknownAreAnsweredWithTheNames) {
  const auto p = read_plan(with(plan_text("anhui"), "layout: anhui", "layout: peking"), "plan.yaml");
  ASSERT_FALSE(p);
  for (const std::string_view name : layouts::names())
    EXPECT_NE(p.error().list.front().text.find(name), std::string::npos) << p.error().list.front().text;
}

TEST(Layouts, HaveOnlyTheirOwnBoxes) {
  const auto wrong = [](std::string_view layout, const std::string& box) {
    const auto p = read_plan("ticks: [" + box + "]\n" + plan_text(layout), "plan.yaml");
    return p ? std::string() : p.error().list.front().text;
  };
  EXPECT_NE(wrong("anhui", "常年性项目").find("没有勾选项"), std::string::npos);
  const auto p = read_plan(with(plan_text("hubei"), "ticks: [部门预算项目", "ticks: [部门项目"), "plan.yaml");
  ASSERT_FALSE(p);
  EXPECT_NE(p.error().list.front().text.find("部门预算项目"), std::string::npos) << p.error().list.front().text;
}

}  // namespace
}  // namespace changtong::forms
