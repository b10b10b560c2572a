#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "daemon/claims/contradictions.h"

namespace changtong::claims {
namespace {

constexpr std::size_t most_of_one_key = 200;  // a table with more rows of one name is no prose
constexpr std::size_t most_counts = 2000;     // compared in pairs

/** What can be compared: 个 also stands for 家, 所, 处 and 项, other units only for themselves. */
std::string_view dimension(const claim& c) {
  switch (c.what.what) {
    case measure::percent:
      return "%";
    case measure::count:
      return has_any(c.what.unit, {"家", "所", "处", "座", "项"}) ? "个" : std::string_view(c.what.unit);
    case measure::times:
      return "次";
    case measure::persons:
      return "人";
    case measure::person_times:
      return "人次";
    case measure::days:
      return "天";
    default:
      return {};
  }
}

bool can_be_compared(const inspection& r, const claim& c) {
  if (dimension(c).empty() || c.each || length_of(c.head) < 2) return false;
  if (c.change && c.verb.empty()) return false;  // 增长 24% of one thing says nothing of another
  if (r.of(c).part == chapter::method || r.of(c).part == chapter::measures || r.of(c).part == chapter::problems)
    return false;
  if (has_any(c.head, {"问卷", "占比"}) || c.head == "其中") return false;
  const bool vague = std::ranges::find(r.words.vague_heads, c.head) != r.words.vague_heads.end();
  const bool work = (has_any(c.head, {"任务", "项目"}) && !c.verb.empty()) || c.verb == "接入";
  return !vague || !c.about.empty() || work;
}

bool verbs_agree(const claim& a, const claim& b) { return a.verb == b.verb || a.verb.empty() || b.verb.empty(); }

void same_thing_twice(inspection& r, const std::vector<const claim*>& all) {
  std::map<exact, std::size_t> times;
  for (const claim* c : all) ++times[c->what.value];
  const claim* usual = all.front();
  for (const claim* c : all)
    if (times[c->what.value] > times[usual->what.value]) usual = c;
  std::map<exact, bool> told;
  for (const claim* c : all) {
    if (c == usual || agree(c->what, usual->what) || !verbs_agree(*c, *usual)) continue;
    if (c->sentence == usual->sentence && c->paragraph == usual->paragraph && c->part != usual->part) continue;
    if (!told.emplace(c->what.value, true).second) continue;
    const bool rate = c->what.what == measure::percent;
    r.tell(rate ? "rate/rate" : "count/count", strength::sure, {r.here(*c), r.here(*usual)},
           fmt::format("同一项“{}{}”前后不一：{} 与 {}。", c->about, c->head, printed(r, *usual), printed(r, *c)));
  }
}

/** What narrows `some` against `all`: its own words, or those before the same noun; empty if they are not of one kind.
 */
std::string narrower(const claim& all, const claim& some) {
  if (!all.about.empty() || all.part) return {};
  if (all.head == some.head) return some.about;
  const bool longer = some.head.size() > all.head.size() && some.head.ends_with(all.head) && length_of(all.head) >= 3;
  return longer ? some.about + some.head.substr(0, some.head.size() - all.head.size()) : std::string();
}

/** A part of something cannot be more than all of it. */
bool more_than_all(const claim& all, const claim& some) {
  if (some.what.value <= all.what.value || all.what.how != bound::exactly || some.what.how != bound::exactly)
    return false;
  return verbs_agree(all, some) && all.planned == some.planned && all.change == some.change && all.time == some.time;
}

void parts_that_exceed(inspection& r, const std::vector<const claim*>& counts) {
  std::set<std::pair<std::string, exact>> told;
  for (const claim* all : counts)
    for (const claim* some : counts) {
      if (dimension(*all) != dimension(*some) || !more_than_all(*all, *some)) continue;
      const std::string which = narrower(*all, *some);
      if (which.empty() || !told.emplace(which, some->what.value).second) continue;
      r.tell("count/count", strength::ask, {r.here(*all), r.here(*some)},
             fmt::format("“{}”共 {}，其中“{}”的却有 {}；若是两种口径，应分别说明。", all->head, printed(r, *all), which,
                         printed(r, *some)));
    }
}

}  // namespace

void counts_that_differ(inspection& r) {
  std::map<std::tuple<std::string, std::string, std::string, std::string_view, bool, bool, bool>,
           std::vector<const claim*>>
      keys;
  std::vector<const claim*> counts;
  for (const claim& c : r.claims) {
    if (!can_be_compared(r, c)) continue;
    auto& same = keys[{c.head, c.about, c.time, dimension(c), c.planned, c.change, c.part}];
    if (same.size() < most_of_one_key) same.push_back(&c);
    if (counts.size() < most_counts && c.what.what == measure::count) counts.push_back(&c);
  }
  for (const auto& [key, all] : keys)
    if (all.size() > 1) same_thing_twice(r, all);
  parts_that_exceed(r, counts);
}

}  // namespace changtong::claims
