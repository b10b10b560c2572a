// A form becomes a plan, the plan is evaluated, and the form that comes out stands up to our own check.
#include <gtest/gtest.h>

#include <algorithm>

#include "daemon/evaluate/evaluate.h"
#include "daemon/forms/check.h"
#include "daemon/forms/to_plan.h"
#include "daemon/forms/values.h"
#include "daemon/plans/plan.h"
#include "daemon/report/form.h"
#include "tests/forms/form_texts.h"
#include "tests/forms/grid_table.h"

namespace changtong::forms {
namespace {

std::vector<form> forms_of_folders() {
  std::vector<form> out;
  for (const char* folder : {"tuned", "kept"})
    for (const form_text& t : form_texts(folder)) {
      const auto read = read_forms({t.table()});
      EXPECT_TRUE(read) << t.name;
      if (read) out.push_back(read->front());
    }
  return out;
}

evaluate::evaluation evaluated(const drafted_plan& made) {
  const auto plan = read_plan(made.yaml, "plan.yaml");
  EXPECT_TRUE(plan) << made.yaml;
  if (!plan) return {};
  const auto when = evaluate::occasion_of(*plan, nullptr, {}, {});
  EXPECT_TRUE(when);
  if (!when) return {};
  const auto e = evaluate::evaluate(*plan, {}, *when);
  EXPECT_TRUE(e);
  return e ? *e : evaluate::evaluation{};
}

std::vector<form> own_forms(const drafted_plan& made) {
  std::vector<reading::office_table> tables;
  for (const report::grid& g : report::form_sheets(evaluated(made))) tables.push_back(table_of(g));
  const auto read = read_forms(tables);
  EXPECT_TRUE(read) << made.yaml;
  return read ? *read : std::vector<form>{};
}

std::string wrong_in(const form& f, const std::vector<std::string>& but = {}) {
  std::string out;
  for (const slip& s : check_form(f))
    if (s.how == weight_of_finding::wrong && std::ranges::find(but, s.kind) == but.end())
      out += s.at.at + " " + s.at.text + " [" + s.right + "] " + s.text.cn + "\n";
  return out;
}

/** Amounts are the form's own, right or wrong; all that we compute has to be right. */
void expect_own_form_stands(const form& f) {
  const drafted_plan made = plan_of(f, "form.xlsx", 2025);
  for (const form& own : own_forms(made))
    EXPECT_EQ(wrong_in(own, {"funds", "money"}), "") << f.project.text << "\n" << made.yaml;
}

bool is_missed(const indicator_line& i, int year) {
  const auto wanted = wanted_of(i, year);
  const auto actual = wanted ? reached_of(i, wanted->target, year) : std::nullopt;
  return actual && !rules_of(wanted->target, *actual, exact{1}).front().met;
}

TEST(OwnForm, OfEveryFormStandsUpToOurOwnCheck) {
  for (const form& f : forms_of_folders()) expect_own_form_stands(f);
}

TEST(OwnForm, OfFullPointsForMissedTargetsLikewise) {
  for (form f : forms_of_folders()) {
    for (indicator_line& i : f.indicators)
      if (is_missed(i, f.year) && i.weight.there()) i.score.text = i.weight.text;
    expect_own_form_stands(f);
  }
}

TEST(OwnForm, OfPointsWithOnePlaceOrNoneLikewise) {
  for (const int places : {0, 1})
    for (form f : forms_of_folders()) {
      for (indicator_line& i : f.indicators)
        if (const auto score = number_in(i.score)) i.score.text = fixed(*score, places);
      expect_own_form_stands(f);
    }
}

/** 15 of 15 for 99.82 % of 99.9 %: one place would make it so. */
form full_for_less(const std::string& other_score) {
  const auto read =
      read_forms({table_of({{"项目支出绩效自评表（2024年度）"},
                            {"三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"},
                            {"专线畅通率", "≥99.9%", "99.82%", "15", "15", "光缆中断"},
                            {"满意度", "≥95%", "94.2%", "35", other_score, "样本少"},
                            {"条数", "≥9条", "9条", "50", "50", ""}},
                           "自评表")});
  EXPECT_TRUE(read);
  return read ? read->front() : form{};
}

TEST(OwnForm, AFullMarkForAMissedTargetSetsNoPlacesAndIsMarked) {
  for (const char* other : {"34.71", "34.7", "35"}) {
    const drafted_plan made = plan_of(full_for_less(other), "form.xlsx", 2025);
    EXPECT_NE(made.yaml.find("point_places: 2\n"), std::string::npos) << other << made.yaml;
    EXPECT_TRUE(std::ranges::any_of(made.marks, [](const mark& m) { return m.at == "「自评表」E3"; })) << made.yaml;
    EXPECT_EQ(evaluated(made).indicators.at(0).score->text, "14.99") << made.yaml;
    expect_own_form_stands(full_for_less(other));
  }
}

TEST(OwnForm, PointsThatAPersonGaveSayWhoAndAreNotAskedFor) {
  form f = full_for_less("30");
  drafted_plan made = plan_of(f, "form.xlsx", 2025);
  const std::string open = "# given: { points: 30, by: 姓名, on: 2024-12-31, why: 理由 }";
  const auto at = made.yaml.find(open);
  ASSERT_NE(at, std::string::npos) << made.yaml;
  made.yaml.replace(at, open.size(), "given: { points: 30, by: 张三, on: 2024-12-31, why: 酌情扣分 }");
  made.yaml.replace(made.yaml.find("layout: plain"), std::string("layout: plain").size(), "layout: anhui");
  const auto own = own_forms(made);
  ASSERT_EQ(own.size(), 2U) << "the form and what is uploaded";
  for (const form& o : own) {
    EXPECT_EQ(o.indicators.at(1).score.text.substr(0, 2), "30");
    EXPECT_EQ(o.indicators[1].reason.text, "样本少；由张三评定：酌情扣分");
    for (const slip& s : check_form(o)) EXPECT_NE(s.at.at, o.indicators[1].score.at) << s.text.cn;
  }
}

TEST(OwnForm, ThatIsUploadedShowsTheRateWithItsSign) {
  for (const form& f : forms_of_folders())
    if (!f.funds.empty() && !f.funds[0].executed.blank())
      for (const form& own : own_forms(plan_of(f, "form.xlsx", 2025)))
        EXPECT_TRUE(own.funds.at(0).rate.text.ends_with("%")) << own.funds[0].rate.text;
}

}  // namespace
}  // namespace changtong::forms
