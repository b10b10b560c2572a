#include "daemon/evaluate/score.h"

#include <fmt/format.h>

#include "daemon/core/phrase.h"

namespace changtong::evaluate {
namespace {

using plans::rule;

/** As people read a number in a formula: at most six decimals, cut with an ellipsis where it has more. */
std::string shown(const exact& x) {
  std::string text = shortest(x);
  const auto point = text.find('.');
  if (point == std::string::npos || text.size() - point <= 7) return text;
  return text.substr(0, point + 7) + "…";
}

struct share_of_weight {
  exact part;           ///< 0 .. 1
  std::string formula;  ///< empty: full or no points
};

share_of_weight positive(const exact& a, const exact& b) {
  if (b >= a) return {exact{1}, {}};
  return {b / a, fmt::format("{}÷{}", shown(b), shown(a))};
}

share_of_weight reverse(rule r, const exact& a, const exact& b) {
  if (b <= a) return {exact{1}, {}};
  if (a == 0 || (r == rule::reverse_1 && b >= 2 * a)) return {exact{0}, {}};
  if (r == rule::reverse_2) return {a / b, fmt::format("{}÷{}", shown(a), shown(b))};
  return {1 - (b - a) / a, fmt::format("(1−({}−{})÷{})", shown(b), shown(a), shown(a))};
}

/** Of a target below 0 there is no proportion. */
share_of_weight all_or_nothing(rule r, const exact& a, const exact& b) {
  const bool good = r == rule::reverse_1 || r == rule::reverse_2 ? b <= a : b >= a;
  return {exact{good ? 1 : 0}, {}};
}

share_of_weight share_for(rule r, const plans::target& target, const exact& b) {
  const exact& a = target.number;
  if (a < 0 && r != rule::range) return all_or_nothing(r, a, b);
  switch (r) {
    case rule::positive:
      return positive(a, b);
    case rule::equal:
      if (a > 0) return positive(a, b);
      return {exact{b <= 0 ? 1 : 0}, {}};
    case rule::reverse_1:
    case rule::reverse_2:
      return reverse(r, a, b);
    case rule::punctual:
      return {exact{b <= 0 ? 1 : 0}, {}};
    case rule::range:
      if (b >= a) return reverse(rule::reverse_1, target.upper, b);
      return a > 0 ? positive(a, b) : share_of_weight{exact{0}, {}};
    case rule::qualitative:
      break;
  }
  return {};
}

std::string_view words_of(rule r, const exact& a) {
  const bool nothing_allowed = a == 0;
  if (a < 0 && r != rule::range) return "指标值为负，没有比例：达到指标值得满分，未达到不得分";
  switch (r) {
    case rule::positive:
      return "正向：完成值≥指标值得满分，未达到的按 完成值÷指标值×分值";
    case rule::equal:
      return nothing_allowed ? "等于 0：完成值为 0 得满分，否则不得分"
                             : "等于：完成值≥指标值得满分，未达到的按 完成值÷指标值×分值";
    case rule::reverse_1:
      return "反向（方式一）：完成值≤指标值得满分，超过的按 (1−(完成值−指标值)÷指标值)×分值，达到两倍不得分";
    case rule::reverse_2:
      return "反向（方式二）：完成值≤指标值得满分，超过的按 指标值÷完成值×分值";
    case rule::punctual:
      return "时效：按期得满分，逾期不得分";
    case rule::range:
      return "区间：完成值在区间内得满分，低于下限的按 完成值÷下限×分值，高于上限的按 "
             "(1−(完成值−上限)÷上限)×分值";
    case rule::qualitative:
      break;
  }
  return "";
}

void remark(scored& s, rule r, const plans::target& target, const exact& weight) {
  if (target.how == plans::sign::above || target.how == plans::sign::below)
    s.remarks.push_back(fmt::format("“{}”按“{}”计（评分软件不区分）", plans::text_of(target.how),
                                    target.how == plans::sign::above ? "≥" : "≤"));
  if (r == rule::positive && target.number == 0) s.remarks.emplace_back("指标值为 0，任何完成值都达到：指标没有约束力");
  if (!s.met && s.points == weight && weight > 0)
    s.remarks.emplace_back("未达到指标值，只因四舍五入得满分：偏差原因仍须填写");
}

/** A share of 1 is exactly the weight (E-13 to E-17), whatever its decimals; only a shortfall is rounded, and never to
 * more than the weight (E-10). */
exact points_of(const exact& part, const exact& weight, const plans::point_scale& how) {
  return part == 1 ? weight : std::min(weight, rounded(part * weight, how.places, how.how));
}

}  // namespace

scored score(plans::rule r, const plans::target& target, const exact& actual, const exact& weight,
             const plans::point_scale& how) {
  scored s;
  const bool counts_as_0 = actual < 0 && target.number >= 0;  // E-19
  const exact b = counts_as_0 ? exact{0} : actual;
  const auto [part, formula] = share_for(r, target, b);
  s.met = part == 1;
  s.points = points_of(part, weight, how);
  s.method = words_of(r, target.number);
  if (!formula.empty())
    s.method += fmt::format("。{}×{}＝{}，{}得 {}", formula, shown(weight), shown(part * weight), text_of(how),
                            printed_points(s.points, how.places).text);
  if (counts_as_0) s.remarks.emplace_back("完成值为负，按 0 计");
  remark(s, r, target, weight);
  return s;
}

result<scored> score_given(const plans::given_points& given, scored by_rule) {
  if (given.points > by_rule.points)
    return said(both("{} 评定为 {} 分，高于按规则所得的 {} 分", "{} gave {} points, more than the rule's {}", given.by,
                     shortest(given.points), shortest(by_rule.points)));
  by_rule.method += fmt::format("。按规则得 {}，由{}于 {} 评定为 {}：{}", shortest(by_rule.points), given.by, given.on,
                                shortest(given.points), given.why);
  by_rule.points = given.points;
  return by_rule;
}

result<scored> score_qualitative(const plans::assessment& v, const exact& weight) {
  const plans::tier how = v.how.value_or(plans::tier::missed);
  const plans::tier_band band = plans::band_of(how, weight);
  if (!band.holds(v.points))
    return said(both("“{0}”的得分应在 {1} 之内，而评定为 {2}", "{2} points lie outside the band of “{0}”, {1}",
                     plans::actual_text(how), band.text(), shortest(v.points)));
  return scored{.points = v.points,
                .met = how == plans::tier::reached,
                .method = fmt::format("定性：{}，得分区间 {}，{}评定为 {}", plans::actual_text(how), band.text(),
                                      v.by.empty() ? "" : fmt::format("由{}于 {} ", v.by, v.on), shortest(v.points)),
                .remarks = {}};
}

result<scored_execution> score_execution(const exact& executed, const exact& budget, const exact& weight,
                                         const plans::point_scale& how) {
  if (budget <= 0)
    return said({"预算数为 0，执行率没有值，不能记 0 分也不能记满分", "a budget of 0 has no rate of execution"});
  const exact spent = executed < 0 ? exact{0} : executed;
  const exact part = spent >= budget ? exact{1} : exact{spent / budget};
  scored_execution e{.rate = executed / budget * 100, .points = {}};
  e.points.met = spent >= budget;
  e.points.points = points_of(part, weight, how);
  e.points.method = fmt::format("执行数÷预算数×分值，不超过分值：{}÷{}×{}＝{}，{}得 {}", shown(executed), shown(budget),
                                shown(weight), shown(spent / budget * weight), text_of(how),
                                printed_points(e.points.points, how.places).text);
  if (spent > budget) e.points.remarks.emplace_back("执行数大于预算数，按分值封顶");
  return e;
}

light light_of(const scored& s) { return s.met ? light::green : s.points > 0 ? light::yellow : light::red; }

light light_of(plans::tier t) {
  return t == plans::tier::reached ? light::green : t == plans::tier::partly ? light::yellow : light::red;
}

std::string grade_of(const exact& total, const std::vector<plans::grade>& bands) {
  for (const plans::grade& g : bands)
    if (total >= g.from) return g.name;
  return {};
}

std::string text_of(const plans::point_scale& how) {
  const std::string_view to = how.places == 0 ? "到整数" : how.places == 1 ? "到一位小数" : "到两位小数";
  const std::string_view by = how.how == rounding::half_up     ? "四舍五入"
                              : how.how == rounding::half_even ? "四舍六入五成双"
                                                               : "截";
  return fmt::format("{}{}", by, to);
}

printed_number printed_points(const exact& points, int places) {
  // a person's points may have more places than a formula's: they are not rounded behind their back
  const std::string whole = shortest(points);
  const auto point = whole.find('.');
  const std::size_t behind = point == std::string::npos ? 0 : whole.size() - point - 1;
  return {points, behind <= static_cast<std::size_t>(places) ? fixed(points, places) : whole};
}

}  // namespace changtong::evaluate
