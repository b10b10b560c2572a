// What one unit costs or gets, how many there are, and what that makes: 每人每月800元、312人、12个月、共计…;
// 发放1296万元、学生8640人、生均1500元. Only where all of them stand in one sentence and its words name each unit.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/claims/relations.h"

namespace changtong::claims {
namespace {

using list = std::vector<const claim*>;

/** The units of which a figure is told: 人 and 月 of 每人每月, 校 of 平均每校, 生 of 生均; empty: it is told of none.
 */
word_list units_of(const claim& c) {
  word_list out;
  constexpr std::string_view each = "每", mean = "均";
  const std::string_view t = c.before;
  for (std::size_t at = t.find(each); at != t.npos; at = t.find(each, at + each.size()))
    out.emplace_back(t.substr(at + each.size(), t.find(each, at + each.size()) - at - each.size()));
  for (const std::string& w : words().of("per head"))
    if (out.empty() && has(t, w + std::string(mean))) out.push_back(w);
  return out;
}

/** Whether a figure counts what a rate is told of: 312人 of 每人, 12个月 of 每月, 46所学校 of 每校. */
bool counts(const claim& c, const std::string& unit) {
  static const word_list persons{"人", "名", "生", "户"};
  const auto begins = [&](std::string_view w) { return !w.empty() && unit.starts_with(w); };
  if (c.what.unit == "个月") return begins("月");
  if (c.what.what == measure::days) return begins("天") || begins("日");
  const bool head = c.what.what == measure::persons && (begins("人") || begins("名") || begins("生"));
  return head || begins(c.what.unit) || (length_of(c.noun) > 0 && length_of(unit) > 1 && c.noun.starts_with(unit));
}

bool plain_figure(const claim& c) {
  return c.what.how == bound::exactly && !c.what.range && !c.inside && !c.earlier && c.what.value > 0 &&
         direction(c.before) == 0;
}

/** 均按12个月足额发放: who came and who went in the year changes nothing. */
bool for_all(const inspection& r, const claim& c) { return has_any(r.sentence(c), words().of("for all of them")); }

void tell(inspection& r, const list& factors, const claim& each, const claim& whole, const exact& wanted) {
  list all = factors;
  all.push_back(&each), all.push_back(&whole);
  std::string product = printed(r, each);
  for (const claim* c : factors) product += " × " + printed(r, *c);
  r.tell("amount/amount", factors.size() == 1 || for_all(r, each) ? strength::sure : strength::ask, all,
         fmt::format("{} = {}，写 {}。", product, in_unit(wanted, whole.what), printed(r, whole)));
}

/** Whether a printed mean can be that of the whole; of months or quarters nobody spoke of, it may be another one. */
bool fits(const claim& whole, const exact& count, const claim& each) {
  const exact half = whole.what.grain / 2, mean = whole.what.value / count;
  quantity low = each.what;
  low.grain = std::max<exact>(low.grain, half * 2 / count);
  if (prints(low, mean)) return true;
  for (const int periods : {4, 12, 2, 10})
    if (prints(low, mean / periods)) return true;
  return false;
}

/** The only figures of the sentence before `each` that count its units, and the whole beside it; what else stands among
 * them may be another base. */
void judge(inspection& r, group g, std::size_t i) {
  const claim& each = r.claims[i];
  const word_list units = units_of(each);
  if (units.empty() || each.planned != has(each.before, "标准") || has_any(each.before, words().of("ends of means")))
    return;
  list factors, wholes;
  std::size_t first = i, last = i;
  for (std::size_t k = g.from; k < g.to; ++k) {
    const claim& c = r.claims[k];
    if (k == i || has(r.between(k < i ? c : each, k < i ? each : c), "；")) continue;
    const bool factor = std::ranges::any_of(units, [&](const std::string& u) { return counts(c, u); });
    if (!plain_figure(c) || c.each || (!factor && !same_unit(c, each))) continue;
    (factor ? factors : wholes).push_back(&c);
    first = std::min(first, k), last = std::max(last, k);
  }
  // 412条，10M线路268条、50M线路97条、…: all of them, where one is that of the others
  bool of_all = false;
  for (const claim* all : list(factors)) {
    exact others = 0;
    for (const claim* c : factors) others += c == all || c->what.unit != all->what.unit ? exact(0) : c->what.value;
    if (units.size() == 1 && factors.size() > 2 && others == all->what.value) factors = {all}, of_all = true;
  }
  if (factors.size() != units.size() || wholes.size() != 1 || (!of_all && last - first != factors.size() + 1)) return;
  if (has_any(r.sentence(each), words().of("uneven"))) return;
  const claim& whole = *wholes.front();
  exact count = 1;
  for (const claim* c : factors) count *= c->what.value;
  const exact wanted = each.what.value * count;
  constexpr int close = 40;  // percent: what is far off is of something else
  if (!fits(whole, count, each) && near(wanted, whole.what.value, close)) tell(r, factors, each, whole, wanted);
}

}  // namespace

void products(inspection& r) {
  for (const group g : r.sentences)
    for (std::size_t i = g.from; i < g.to; ++i)
      if (plain_figure(r.claims[i])) judge(r, g, i);
}

}  // namespace changtong::claims
