// What concerns several keys of a plan at once: rules against signs, sources against targets, sums (E-4), and settings
// that have no default because the answer is the office's.
#include <algorithm>

#include "daemon/plans/draft.h"
#include "daemon/reading/words.h"

namespace changtong::reading {
namespace {

using plans::figure;
using plans::rule;
using plans::sign;

/** A target as a source must have it. */
enum class wanted : std::uint8_t { any_number, percent, count, percent_or_count, time, text, date };

wanted want_of(const plans::measured_source& s) {
  switch (s.what) {
    case figure::availability:
    case figure::website_availability:
    case figure::repair_within:
      return wanted::percent;
    case figure::operation_days:
    case figure::sections:
    case figure::outage_count:
    case figure::line_count:
    case figure::unit_count:
    case figure::openings:
      return wanted::count;
    case figure::site_coverage:
    case figure::on_time_openings:
      return wanted::percent_or_count;
    case figure::repair_mean:
    case figure::repair_longest:
      return wanted::time;
  }
  return wanted::any_number;
}

wanted want_of(const plans::source& s, const plans::target& t) {
  if (const auto* m = std::get_if<plans::measured_source>(&s)) return want_of(*m);
  if (const auto* a = std::get_if<plans::amount_source>(&s)) return a->whole ? wanted::percent : wanted::any_number;
  if (std::holds_alternative<plans::date_source>(s)) return t.is_date ? wanted::date : wanted::percent;
  if (const auto* c = std::get_if<plans::counter_source>(&s))
    return c->how == plans::counting::rows ? wanted::percent_or_count : wanted::count;
  if (std::holds_alternative<plans::survey_source>(s)) return wanted::percent;
  if (const auto* d = std::get_if<plans::document_source>(&s)) {
    if (d->decided) return wanted::text;
    return d->value || t.how != sign::none ? wanted::any_number : wanted::text;
  }
  const auto& stated = std::get<plans::stated_source>(s);
  return stated.decided ? wanted::text : stated.date.empty() ? wanted::any_number : wanted::date;
}

phrase told(wanted w) {
  switch (w) {
    case wanted::any_number:
      return {"数值（≥11个）", "a number"};
    case wanted::percent:
      return {"百分比（≥99.9%）", "a percentage"};
    case wanted::count:
      return {"数量（≥365天、≥10万人次）", "a count, no percentage"};
    case wanted::percent_or_count:
      return {"百分比或数量", "a percentage or a count"};
    case wanted::time:
      return {"小时或分钟（≤4小时）", "hours or minutes"};
    case wanted::text:
      return {"文字（定性指标）", "a text: a verdict has no number"};
    case wanted::date:
      return {"日期（≤2026-12-31）", "a day"};
  }
  return {};
}

bool has(const plans::target& t, wanted w) {
  const bool number = t.how != sign::none && !t.is_date;
  switch (w) {
    case wanted::any_number:
    case wanted::percent_or_count:
      return number;
    case wanted::percent:
      return number && plans::is_percent(t.unit);
    case wanted::count:
      return number && !plans::is_percent(t.unit);
    case wanted::time:
      return number && (t.unit == "小时" || t.unit == "分钟");
    case wanted::text:
      return t.how == sign::none;
    case wanted::date:
      return t.is_date;
  }
  return false;
}

class checks {
 public:
  checks(plan_draft& draft, findings& found) : draft_(draft), found_(found) {}

  void run() {
    for (indicator_draft& d : draft_.indicators) one(d);
    if (draft_.weights_read && !draft_.levels.empty()) sums();
  }

  void hand_over() {
    plans::plan& p = draft_.what;
    for (const level_draft& l : draft_.levels) p.levels.push_back({l.name, l.weight ? l.weight->value : exact{0}});
    for (indicator_draft& d : draft_.indicators) p.indicators.push_back(std::move(d.what));
  }

 private:
  void one(indicator_draft& d) {
    if (!d.usable) return;
    const wanted w = want_of(d.what.source, d.what.target);
    if (!has(d.what.target, w))
      return found_.error(d.target_at, both("该来源的指标值应为{}", "the target of such a source is {}", told(w)));
    rule_of(d);
    settings_of(d);
    value_of(d);
    given_of(d);
  }

  void given_of(const indicator_draft& d) {
    if (!d.what.given) return;
    if (!d.scored)
      return found_.error(d.given_at, {"不计分的方案（scored: no）没有得分：删去 given",
                                       "a plan without points (scored: no) has none: remove it"});
    if (d.what.target.how == sign::none)
      return found_.error(d.given_at, {"定性指标的得分写在 verdict 里，不用 given",
                                       "the points of a qualitative indicator are those of its verdict"});
    if (const exact& points = d.what.given->points; draft_.weights_read && (points < 0 || points > d.what.weight))
      found_.error(d.given_at, both("给分 {} 应在 0 与分值 {} 之间",
                                    "{} points are given, which is not between 0 and the weight {}", shortest(points),
                                    shortest(d.what.weight)));
  }

  void rule_of(indicator_draft& d) {
    plans::indicator& i = d.what;
    if (d.rule_stated) {
      if (!plans::fits(i.rule, i.target.how) || (i.rule == rule::punctual) != i.target.is_date)
        found_.error(d.rule_at, both("规则 {} 不适用于指标值 {}", "rule {} does not fit the target {}",
                                     plans::name_of(i.rule), i.target.text));
      return;
    }
    const sign s = i.target.how;
    if (i.target.is_date && s != sign::at_most && s != sign::below)
      return found_.error(d.target_at, {"日期指标写作 ≤2026-12-31", "a day is a limit: write ≤"});
    if (i.target.is_date)
      i.rule = rule::punctual;
    else if (s == sign::none)
      i.rule = rule::qualitative;
    else if (s == sign::equal)
      i.rule = rule::equal;
    else if (s == sign::at_least || s == sign::above)
      i.rule = rule::positive;
    else if (s == sign::between)
      i.rule = rule::range;
    else if (draft_.what.reverse || !d.scored)
      i.rule = draft_.what.reverse.value_or(rule::reverse_1);
    else
      need("reverse", "reverse: 1（1−(B−A)/A）或 2（A/B）", d.target_at);
  }

  void settings_of(indicator_draft& d) {
    auto* m = std::get_if<plans::measured_source>(&d.what.source);
    if (m == nullptr) return;
    if (m->what == figure::availability || m->what == figure::website_availability) {
      if (!draft_.what.score_by) need("score_by", "score_by: A 或 A_low", d.source_at);
      if (!draft_.what.formula) need("group_formula", "group_formula: R1（R1、R2、R3、R4）", d.source_at);
    }
    if (m->coverage_floor >= 0) return;
    // days of operation and openings are judged day by day and entry by entry: they have a floor only if one is stated
    const bool own = m->what == figure::operation_days || m->what == figure::on_time_openings ||
                     m->what == figure::line_count || m->what == figure::unit_count || m->what == figure::openings;
    m->coverage_floor = own ? exact{0} : draft_.coverage_floor.value_or(exact{0});
    if (!own && !draft_.coverage_floor) need("coverage_floor", "coverage_floor: 99%", d.source_at);
  }

  /** Said once, where it was first needed. */
  void need(std::string_view key, std::string_view example, const place& where) {
    if (std::ranges::find(said_, key) != said_.end()) return;
    said_.emplace_back(key);
    found_.error(where, both("此指标需要方案写明 {}，没有缺省值：{}", "the plan must state {}, there is no default: {}",
                             key, example));
  }

  void value_of(indicator_draft& d) {
    const plans::assessment* v = nullptr;
    bool twice = false, none = false;
    if (const auto* doc = std::get_if<plans::document_source>(&d.what.source)) {
      v = doc->decided ? &*doc->decided : nullptr;
      twice = doc->decided && doc->value;
    }
    if (const auto* s = std::get_if<plans::stated_source>(&d.what.source)) {
      v = s->decided ? &*s->decided : nullptr;
      const int said = (s->decided ? 1 : 0) + (s->value ? 1 : 0) + (s->date.empty() ? 0 : 1);
      twice = said > 1;
      none = said == 0;
    }
    if (twice || none)
      found_.error(d.source_at, {"value、date、verdict 应恰有一个", "say exactly one of value, date, verdict"});
    if (v == nullptr || !v->how || !draft_.weights_read) return;
    const plans::tier_band band = plans::band_of(*v->how, d.what.weight);
    if (!band.holds(v->points))
      found_.error(d.assessment_at, both("“{}”、分值 {} 的得分应在 {} 之内，而写为 {}",
                                         "tier “{}” of weight {} has points in {}, not {}", plans::actual_text(*v->how),
                                         shortest(d.what.weight), band.text(), shortest(v->points)));
  }

  void sums() {
    exact all = 0;
    std::vector<exact> by_group(draft_.groups.size()), by_level(draft_.levels.size());
    for (const indicator_draft& d : draft_.indicators) {
      by_group[d.group] += d.what.weight;
      by_level[draft_.groups[d.group].level] += d.what.weight;
      all += d.what.weight;
    }
    const std::size_t before = found_.errors();
    for (std::size_t g = 0; g < by_group.size(); ++g)
      if (const auto& w = draft_.groups[g].weight; w && w->value != by_group[g])
        differs(w->at, draft_.groups[g].name, w->value, by_group[g]);
    for (std::size_t l = 0; l < by_level.size(); ++l)
      if (const auto& w = draft_.levels[l].weight; w && w->value != by_level[l])
        differs(w->at, draft_.levels[l].name, w->value, by_level[l]);
    const exact execution = draft_.what.execution.weight;
    if (found_.errors() == before && all + execution != 100)
      found_.error(draft_.execution_at,
                   both("分值合计为 {}：执行率 {} 加各指标 {}，应为 100，即各指标合计 {}",
                        "the weights add up to {}: {} of execution and {} of indicators; they must to 100, so the "
                        "indicators to {}",
                        shortest(all + execution), shortest(execution), shortest(all), shortest(100 - execution)));
  }

  void differs(const place& at, std::string_view name, const exact& stated, const exact& sum) {
    found_.error(at, both("{} 的分值写为 {}，而其下各指标合计 {}", "{} has the weight {}, its indicators together {}",
                          name, shortest(stated), shortest(sum)));
  }

  plan_draft& draft_;
  findings& found_;
  std::vector<std::string> said_;
};

}  // namespace

void check_plan(plan_draft& draft, findings& found) {
  checks c(draft, found);
  c.run();
  c.hand_over();
}

}  // namespace changtong::reading
