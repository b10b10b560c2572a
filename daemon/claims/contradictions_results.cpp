#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "daemon/claims/contradictions.h"

namespace changtong::claims {
namespace {

bool admitted(const inspection& r, const claim& result) {
  const paragraph& p = r.of(result);
  return has_any(p.text, {"未达", "未完成", "低于目标", "差距", "偏差", "扣", "未能"}) || p.part == chapter::problems;
}

bool lower_bound(const claim& c) { return c.what.how == bound::at_least || c.what.how == bound::above; }
bool upper_bound(const claim& c) { return c.what.how == bound::at_most || c.what.how == bound::below; }

/** Whether a result misses what was planned: below a least value, above a most one, fewer than a plain number of
 * things.
 */
bool misses(const claim& plan, const claim& result) {
  if (result.what.how != bound::exactly) return false;
  if (lower_bound(plan) || upper_bound(plan)) return !agree(plan.what, result.what);
  return plan.what.how == bound::exactly && plan.what.what != measure::money && result.what.value < plan.what.value;
}

void tell_miss(inspection& r, const claim& plan, const claim& result) {
  r.tell("goal/output", strength::ask, {r.here(plan), r.here(result)},
         fmt::format("目标 {}，实际 {}，没有达到，也没有说明原因。", printed(r, plan), printed(r, result)));
}

/** 年度指标值≥24次，实际完成 20 次: side by side in one sentence. */
void side_by_side(inspection& r) {
  for (std::size_t i = 1; i < r.claims.size(); ++i) {
    const claim& plan = r.claims[i - 1];
    const claim& result = r.claims[i];
    if (plan.paragraph != result.paragraph || !(plan.sentence == result.sentence)) continue;
    if (!plan.planned || result.planned || plan.what.unit != result.what.unit || plan.part != result.part) continue;
    if (!has_any(result.subject, {"实际", "完成", "达到", "达"}) || result.subject.find("率") != std::string::npos)
      continue;
    if (misses(plan, result) && !admitted(r, result)) tell_miss(r, plan, result);
  }
}

/** 新建 is promised, 安装 is told: any way of making something. */
bool verbs_agree(const claim& a, const claim& b) {
  const auto makes = [](const claim& c) { return has_any(c.verb, {"建设", "安装", "采购", "新增", "更新", "接入"}); };
  return a.verb.empty() || b.verb.empty() || a.verb == b.verb || (makes(a) && makes(b));
}

/** A goal of one chapter and the result of the same name in another. */
void apart(inspection& r) {
  std::map<std::tuple<std::string, std::string, std::string, measure>, const claim*> plans;
  for (const claim& c : r.claims)
    if (c.planned && r.of(c).part == chapter::goals && length_of(c.head) >= 2 && !c.each && !c.what.unit.empty())
      plans.emplace(std::tuple(c.head, c.about, c.time, c.what.what), &c);
  for (const claim& c : r.claims) {
    if (c.planned || c.each || c.part ||
        (r.of(c).part != chapter::outputs && r.of(c).part != chapter::effects && r.of(c).part != chapter::summary))
      continue;
    const auto plan = plans.find({c.head, c.about, c.time, c.what.what});
    if (plan == plans.end() || plan->second->what.unit != c.what.unit || plan->second->change != c.change) continue;
    if (verbs_agree(c, *plan->second) && misses(*plan->second, c) && !admitted(r, c)) tell_miss(r, *plan->second, c);
  }
}

/** Items parted by 、 before the number that counts them; with_and also takes 和, 及 and 与 as marks. */
std::int64_t listed(std::string_view before, bool with_and) {
  std::int64_t n = 1;
  for (std::size_t i = 0; i < before.size(); i += char_bytes(before, i)) {
    const std::string_view c = before.substr(i, char_bytes(before, i));
    if (c == "、" || (with_and && (c == "和" || c == "及" || c == "与"))) ++n;
  }
  return n;
}

/** 决策、过程、产出三个一级指标: as many as are named right before the number. */
void named_and_counted(inspection& r, const claim& c) {
  if (c.what.what != measure::count || !c.what.worded || c.object.empty()) return;
  std::string_view before = c.subject;
  if (before.find("、") == std::string_view::npos || before.ends_with("等") || before.ends_with("的")) return;
  if (has_any(before, {"等", "其他", "共", "分别", "各"}) || length_of(before) > 60) return;
  const std::int64_t least = listed(before, false), most = listed(before, true);
  if (least == c.what.value || most == c.what.value || (c.what.value > least && c.what.value < most)) return;
  r.tell("count/count", strength::sure, {r.here(c)},
         fmt::format("列举了 {} 项，却写“{}{}”。", least, printed(r, c), c.object));
}

}  // namespace

void results_against_goals(inspection& r) {
  side_by_side(r);
  apart(r);
}

void lists_against_their_number(inspection& r) {
  for (const claim& c : r.claims) named_and_counted(r, c);
}

}  // namespace changtong::claims
