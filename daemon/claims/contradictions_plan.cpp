#include <fmt/format.h>

#include <algorithm>

#include "daemon/claims/contradictions.h"
#include "daemon/core/plan_tree.h"

namespace changtong::claims {
namespace {

bound bound_of(plans::sign s) {
  switch (s) {
    case plans::sign::at_least:
      return bound::at_least;
    case plans::sign::above:
      return bound::above;
    case plans::sign::at_most:
      return bound::at_most;
    case plans::sign::below:
      return bound::below;
    default:
      return bound::exactly;
  }
}

/** Whether the claim is about the indicator: one name holds the other, in the same kind of unit. */
bool speaks_of(const claim& c, const plans::indicator& i) {
  if (length_of(c.head) < 2 || c.each || c.part || !c.time.empty()) return false;
  if (plans::is_percent(i.target.unit) != (c.what.what == measure::percent)) return false;
  if (!plans::is_percent(i.target.unit) && !i.target.unit.ends_with(c.what.unit)) return false;
  const std::string full = c.about + c.head;
  const bool same = i.level3.find(c.head) != std::string::npos || full.find(i.level3) != std::string::npos;
  return same &&
         (c.about.empty() || full.find(i.level3) != std::string::npos || i.level3.find(c.about) != std::string::npos);
}

/** In the unit of the plan: 10 of 10万人次. */
exact in_plan_unit(const claim& c, const plans::indicator& i) { return c.what.value / plans::scale_of(i.target.unit); }

bool meets(const claim& c, const plans::indicator& i) {
  quantity target, result;
  target.value = i.target.number;
  target.how = bound_of(i.target.how);
  result.value = in_plan_unit(c, i);
  result.how = c.what.how;
  target.grain = result.grain = c.what.grain / plans::scale_of(i.target.unit);
  return agree(target, result);
}

void indicator_against_claims(inspection& r, const plans::indicator& i) {
  for (const claim& c : r.claims) {
    if (!speaks_of(c, i)) continue;
    const bool goal = r.of(c).part == chapter::goals;
    if (goal && in_plan_unit(c, i) != i.target.number)
      r.tell("claim/plan", strength::sure, {r.here(c)},
             fmt::format("方案中“{}”的年度指标值是 {}，报告的目标写 {}。", i.level3, i.target.text, printed(r, c)));
    if (goal || c.planned || !tells_results(r.of(c).part) || meets(c, i)) continue;
    if (has_any(r.of(c).text, {"未达", "未完成", "低于目标", "差距", "偏差", "扣"})) continue;
    r.tell("claim/plan", strength::ask, {r.here(c)},
           fmt::format("方案中“{}”的年度指标值是 {}，报告写 {}，没有达到，也没有说明原因。", i.level3, i.target.text,
                       printed(r, c)));
  }
}

/** Half of the pairs of neighbouring characters of the name in one paragraph. */
bool told_of(const inspection& r, std::string_view name) {
  return std::ranges::any_of(r.report.paragraphs, [&](const paragraph& p) { return mentions(p.text, name); });
}

void amount_against_plan(inspection& r, std::string_view money, const std::string& written) {
  const auto planned = parse_exact(written);
  const claim* stated = standing(r, money);
  if (!planned || stated == nullptr) return;
  quantity q;
  q.value = *planned * 10'000;
  q.grain = 100;
  if (!agree(q, stated->what))
    r.tell("claim/plan", strength::sure, {r.here(*stated)},
           fmt::format("方案中{}是 {} 万元，报告写 {}。", money, written, printed(r, *stated)));
}

}  // namespace

void claims_against_plan(inspection& r, const plans::plan& plan) {
  std::string missing;
  for (const plans::indicator& i : plan.indicators) {
    if (i.target.how != plans::sign::none && !i.target.is_date) indicator_against_claims(r, i);
    if (!told_of(r, i.level3)) missing += (missing.empty() ? "" : "、") + i.level3;
  }
  if (!missing.empty() && !r.report.paragraphs.empty())
    r.tell("indicator/evaluation", strength::ask, {title_of(r)},
           fmt::format("方案中的指标在报告里没有评价：{}。", missing));
  if (plan.execution.rows.empty()) return;
  amount_against_plan(r, "预算", plan.execution.rows.front().full_year);
  amount_against_plan(r, "支出", plan.execution.rows.front().executed);
}

}  // namespace changtong::claims
