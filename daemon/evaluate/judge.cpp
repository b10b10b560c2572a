// One indicator, from its finding to points and texts; and the money row.
#include <fmt/format.h>

#include "daemon/core/given_words.h"
#include "daemon/core/phrase.h"
#include "daemon/evaluate/score.h"
#include "daemon/evaluate/wording.h"

namespace changtong::evaluate {
namespace {

printed_number as_written(const exact& x) { return {x, shortest(x)}; }

void take_texts(indicator_result& r, const plans::indicator& i) {
  r.id = i.id;
  r.level1 = i.level1;
  r.level2 = i.level2;
  r.level3 = i.level3;
  r.definition = i.definition;
  r.target_text = i.target.text;
  r.comparator = plans::text_of(i.target.how);
  r.target_number = i.target.number_text;
  r.unit = i.target.unit;
  r.weight = as_written(i.weight);
  r.source = plans::name_of(i.source);
  r.reason = i.reason;
  if (!i.remark.empty()) r.remarks.push_back(i.remark);
}

/** A number as it is printed, without unit. */
std::string printed(const plans::plan& plan, const plans::indicator& i, const exact& value) {
  const plans::target& t = i.target;
  return plans::is_percent(t.unit) ? percentage_text(value, t.number, plan.percent_places)
                                   : number_text(value, t.number);
}

std::string with_unit(const std::string& number, const std::string& unit) {
  return plans::is_percent(unit) ? number + "%" : number + unit;
}

void take_points(indicator_result& r, const scored& s, int places) {
  r.score = printed_points(s.points, places);
  r.method = s.method;
  r.colour = light_of(s);
  r.reason_needed = !s.met;
  r.remarks.insert(r.remarks.end(), s.remarks.begin(), s.remarks.end());
}

/** E-31: during the year the colour is that of what is expected at its end. */
void take_forecast(indicator_result& r, const plans::plan& plan, const plans::indicator& i, const finding& f) {
  if (f.decided) {
    r.forecast_score = r.score;
    r.forecast_text = "以评定为准";
    return;
  }
  if (!f.actual) return;
  const exact expected = f.forecast.value_or(*f.actual);
  const scored s = score(i.rule, i.target, expected, i.weight, plan.points);
  r.forecast_score = printed_points(s.points, plan.points.places);
  r.colour = light_of(s);
  r.reason_needed = r.reason_needed && !s.met;
  r.forecast_text =
      f.forecast ? fmt::format("预计 {}（{}）", with_unit(printed(plan, i, expected), i.target.unit), f.forecast_rule)
                 : "按目前水平保持到年末";
}

/** Yellow or red of a target that was missed, where no points say how far: as one point would. */
void take_light(indicator_result& r, const plans::plan& plan, const plans::indicator& i, const exact& value) {
  if (!plan.scored) r.colour = light_of(score(i.rule, i.target, value, exact{1}, plan.points));
}

bool overshoots(const plans::plan& plan, const plans::indicator& i, const exact& actual) {
  return plan.reasons.overshoot && i.rule == plans::rule::positive && i.target.number > 0 &&
         actual >= *plan.reasons.overshoot * i.target.number;
}

void judge_number(indicator_result& r, const plans::plan& plan, const plans::indicator& i, const finding& f) {
  const exact& actual = *f.actual;
  const std::string text = f.number_text.empty() ? printed(plan, i, actual) : f.number_text;
  if (!f.bound) r.actual = printed_number{actual, text};
  r.actual_text = f.actual_text.empty() ? with_unit(text, i.target.unit) : f.actual_text;
  scored s = score(i.rule, i.target, actual, i.weight, plan.points);
  if (i.given) {
    auto given = score_given(*i.given, s);
    if (!given) {
      r.how = standing::undecided;
      r.evidence.missing.push_back(given.error().text);
      return;
    }
    s = std::move(*given);
    r.given = given_words(i.given->by, i.given->why);
  }
  take_points(r, s, plan.points.places);
  take_light(r, plan, i, actual);
  if (!overshoots(plan, i, actual)) return;
  r.reason_needed = true;
  r.remarks.push_back(fmt::format("完成值达到指标值的 {} 倍以上，须说明原因", shortest(*plan.reasons.overshoot)));
}

/** Of a plan without points: whether what was reached is the target. Words that nobody judged stand as they are. */
void take_verdict(indicator_result& r, const plans::assessment& v) {
  if (!v.how) return;
  r.colour = light_of(*v.how);
  r.reason_needed = *v.how != plans::tier::reached;
}

void judge_assessment(indicator_result& r, const plans::plan& plan, const plans::indicator& i, const finding& f) {
  r.actual_text = f.actual_text;
  if (!plan.scored) return take_verdict(r, *f.decided);
  const auto s = score_qualitative(*f.decided, i.weight);
  if (!s) {  // a plan is checked when it is read; a verdict from elsewhere may still lie outside
    r.how = standing::undecided;
    r.evidence.missing.push_back(to_string(s.error()));
    return;
  }
  take_points(r, *s, plan.points.places);
  r.colour = light_of(*f.decided->how);
}

void drop_points(indicator_result& r) {
  r.weight = {};
  r.score.reset();
  r.forecast_score.reset();
  r.method.clear();
}

plans::funds total_of(const plans::plan& plan) { return plan.execution.rows.front(); }

}  // namespace

indicator_result judge(const plans::plan& plan, const plans::indicator& i, finding f, const occasion& o,
                       const year_before& before) {
  indicator_result r;
  take_texts(r, i);
  r.how = f.how;
  r.actual_text = f.actual_text;
  r.source_text = f.source_text;
  r.unproven = f.unproven;
  r.evidence = std::move(f.evidence);
  r.evidence.period_text = o.text();
  if (r.evidence.definition.empty()) r.evidence.definition = i.definition;
  if (f.coverage) r.coverage = printed_number{*f.coverage, shortest(rounded(*f.coverage, 7, rounding::down))};
  r.remarks.insert(r.remarks.end(), f.remarks.begin(), f.remarks.end());
  if (const auto b = before.actual.find(i.id); b != before.actual.end()) r.before = b->second;
  if (!plan.scored) r.weight = {};
  if (f.how != standing::scored) return r;
  if (f.decided)
    judge_assessment(r, plan, i, f);
  else
    judge_number(r, plan, i, f);
  if (!o.whole) take_forecast(r, plan, i, f);
  if (!o.whole && f.actual) take_light(r, plan, i, f.forecast.value_or(*f.actual));
  if (!plan.scored) drop_points(r);
  if (r.reason_needed || !r.reason.empty()) r.fault_causes = std::move(f.fault_causes);
  return r;
}

result<execution_result> money_row(const plans::plan& plan, const occasion& o) {
  const plans::execution& x = plan.execution;
  execution_result e;
  for (const plans::funds& f : x.rows) e.rows.push_back({f.name, f.initial, f.full_year, f.adjusted, f.executed});
  e.denominator = x.adjusted ? "调整后预算数" : "全年预算数";
  e.yuan = x.yuan;
  e.reason = x.reason;
  if (!x.change_reason.empty()) e.reason += (e.reason.empty() ? "" : "；") + ("预算调整：" + x.change_reason);
  const plans::funds total = total_of(plan);
  const std::string& budget = x.adjusted ? total.adjusted : total.full_year;
  if (!plan.scored && total.executed.empty()) return e;  // it only declares
  e.weight = as_written(x.weight);
  const auto spent = parse_exact(total.executed), whole = parse_exact(budget);
  if (!spent || !whole)
    return said({"项目资金第一行缺少预算数或执行数", "the first row of funds lacks budget or execution"});
  const auto s = score_execution(*spent, *whole, x.weight, plan.points);
  if (!s) return s.error();
  const auto shown_rate = [&](const exact& rate) { return fixed(rate, plan.percent_places, plan.points.how); };
  e.rate = {rounded(s->rate, plan.percent_places, plan.points.how), shown_rate(s->rate)};
  e.score = printed_points(s->points.points, plan.points.places);
  e.method = s->points.method;
  for (const std::string& r : s->points.remarks) e.method += "；" + r;
  e.reason_needed = plan.reasons.execution_below && *spent / *whole < *plan.reasons.execution_below;
  if (!plan.scored) e.weight = e.score = {}, e.method.clear();
  if (o.whole) return e;
  const exact expected = *spent * exact{o.days_in(o.year), o.days_in(o.so_far)};
  const auto by_then = score_execution(std::min(expected, *whole), *whole, x.weight, plan.points);
  if (!by_then) return by_then.error();
  if (plan.scored) e.forecast_score = printed_points(by_then->points.points, plan.points.places);
  // E-31: a reason is asked for what is expected at the year's end.
  e.reason_needed = e.reason_needed && by_then->rate < *plan.reasons.execution_below * 100;
  e.forecast_text = fmt::format("预计全年执行率 {}%（按已过 {} 天线性外推至全年 {} 天，不超过预算）",
                                shown_rate(by_then->rate), o.days_in(o.so_far), o.days_in(o.year));
  return e;
}

}  // namespace changtong::evaluate
