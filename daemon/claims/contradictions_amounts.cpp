#include <fmt/format.h>

#include <map>
#include <tuple>

#include "daemon/claims/contradictions.h"

namespace changtong::claims {
namespace {

/** Claims of one key, by value, in order of the text. */
using by_value = std::map<exact, std::vector<const claim*>>;

bool differs_from(const claim& a, const claim& b) { return !agree(a.what, b.what); }

const claim* most_frequent(const std::vector<const claim*>& all) {
  std::map<exact, std::size_t> times;
  for (const claim* c : all) ++times[c->what.value];
  const claim* best = nullptr;
  for (const claim* c : all)
    if (best == nullptr || times[c->what.value] > times[best->what.value]) best = c;
  return best;
}

quantity plain(exact value, exact grain) {
  quantity q;
  q.value = std::move(value);
  q.grain = std::move(grain);
  return q;
}

/** An amount of another concept with this very value: 把预算写成了支出. */
const claim* namesake(const inspection& r, const claim& odd, std::string_view concept_name) {
  for (const claim& c : r.claims)
    if (of_the_whole(c) && c.money != concept_name && c.what.value == odd.what.value) return &c;
  return nullptr;
}

void compare_with_standing(inspection& r, const std::vector<const claim*>& all) {
  const claim* usual = most_frequent(all);
  std::map<exact, const claim*> told;
  for (const claim* c : all) {
    if (c == usual || !differs_from(*c, *usual) || !told.emplace(c->what.value, c).second) continue;
    std::vector<passage> at{r.here(*c), r.here(*usual)};
    const std::string key = c->about.empty() ? c->head : fmt::format("{}的{}", c->about, c->head);
    std::string text = fmt::format("同一项“{}”写了两个金额：{} 与 {}", key, printed(r, *c), printed(r, *usual));
    if (const claim* other = namesake(r, *c, c->money); c->about.empty() && other != nullptr) {
      at.push_back(r.here(*other));
      text += fmt::format("；前者等于“{}”的数，疑把{}写成{}", other->money, other->money, c->money);
    }
    r.tell("amount/amount", strength::sure, std::move(at), text + "。");
  }
}

}  // namespace

bool of_the_whole(const claim& c) {
  return c.what.what == measure::money && !c.money.empty() && c.about.empty() && c.time.empty() && !c.part &&
         !c.planned && !c.each && !c.change && c.what.how == bound::exactly;
}

const claim* standing(const inspection& r, std::string_view money) {
  std::vector<const claim*> all;
  for (const claim& c : r.claims)
    if (of_the_whole(c) && c.money == money) all.push_back(&c);
  return most_frequent(all);
}

void amounts_that_differ(inspection& r) {
  std::map<std::tuple<std::string, std::string, std::string>, std::vector<const claim*>> keys;
  for (const claim& c : r.claims) {
    if (c.what.what != measure::money || c.each || c.change || c.head.empty() || c.planned) continue;
    if (c.money == "追加" || c.money == "拨款" || c.money == "收入" || c.money == "结余") continue;
    if (c.part && c.about.empty() && !c.money.empty()) continue;
    // 专线租赁费 120 万元 and 专线租赁费支付 125 万元 are the same spending
    const bool named = c.money.empty() || (c.money == "支出" && !c.about.empty() && !c.inherited);
    keys[{named ? "" : c.money, named && c.money.empty() ? c.head : c.about, c.time}].push_back(&c);
  }
  for (const auto& [key, all] : keys)
    if (all.size() > 1) compare_with_standing(r, all);
}

void amounts_without_a_rest(inspection& r) {
  const claim* received = standing(r, "到位");
  const claim* spent = standing(r, "支出");
  if (received == nullptr || spent == nullptr || received->what.value <= spent->what.value) return;
  for (const paragraph& p : r.report.paragraphs)
    if (has_any(p.text, r.words.rest_words)) return;
  const exact rest = (received->what.value - spent->what.value) / 10'000;
  r.tell("amount/amount", strength::ask, {r.here(*received), r.here(*spent)},
         fmt::format("到位 {}、支出 {}，余下的 {} 万元是结转、收回还是上缴，全文没有交代。", printed(r, *received),
                     printed(r, *spent), shortest(rest)));
}

namespace {

/** 年初预算 A，追加 B，全年预算 C in one sentence: A + B = C. */
void budget_and_additions(inspection& r, const claim& first) {
  exact sum = first.what.value;
  std::vector<passage> at{r.here(first)};
  const claim* whole = nullptr;
  std::size_t additions = 0;
  for (const claim& c : r.claims) {
    if (c.paragraph != first.paragraph || !(c.sentence == first.sentence) || c.what.what != measure::money) continue;
    if (c.money == "追加" && c.what.at.from > first.what.at.from) {
      sum += c.subject.find("调减") != std::string::npos ? exact(-c.what.value) : c.what.value;
      at.push_back(r.here(c));
      ++additions;
    }
    if (c.money == "预算" && additions > 0) whole = &c;
  }
  if (additions == 0 || whole == nullptr || agree(whole->what, plain(sum, first.what.grain))) return;
  at.push_back(r.here(*whole));
  r.tell("amount/amount", strength::sure, std::move(at),
         fmt::format("年初预算与追加之和为 {} 万元，全年预算却写 {}。", shortest(sum / 10'000), printed(r, *whole)));
}

/** 结余 as stated, against what was received or granted less what was spent. */
void rest_against_amounts(inspection& r) {
  const claim* spent = standing(r, "支出");
  const claim* received = standing(r, "到位");
  const claim* budget = standing(r, "预算");
  if (spent == nullptr || (received == nullptr && budget == nullptr)) return;
  for (const claim& c : r.claims) {
    if (!of_the_whole(c) || c.money != "结余" || !has_any(c.subject, {"结余", "剩余", "结转", "未执行"})) continue;
    const auto fits = [&](const claim* from) {
      return from != nullptr && agree(c.what, plain(from->what.value - spent->what.value, spent->what.grain));
    };
    if (fits(received) || fits(budget)) continue;
    const claim& from = received != nullptr ? *received : *budget;
    r.tell("amount/amount", strength::ask, {r.here(c), r.here(from), r.here(*spent)},
           fmt::format("{} 减 {} 为 {} 万元，结余却写 {}。", printed(r, from), printed(r, *spent),
                       shortest((from.what.value - spent->what.value) / 10'000), printed(r, c)));
  }
}

}  // namespace

void amounts_that_add_up(inspection& r) {
  for (const claim& c : r.claims)
    if (c.money == "年初预算") budget_and_additions(r, c);
  rest_against_amounts(r);
}

void parts_of_two_concepts(inspection& r) {
  for (std::size_t i = 0; i < r.claims.size(); ++i) {
    std::vector<const claim*> list;
    for (std::size_t k = i; k < r.claims.size() && r.claims[k].paragraph == r.claims[i].paragraph &&
                            r.claims[k].sentence == r.claims[i].sentence;
         ++k)
      if (r.claims[k].what.what == measure::money) list.push_back(&r.claims[k]);
    if (i > 0 && r.claims[i - 1].paragraph == r.claims[i].paragraph && r.claims[i - 1].sentence == r.claims[i].sentence)
      continue;
    if (list.size() < 2 || list.size() > 12) continue;
    const bool mixed = std::ranges::any_of(list, [&](const claim* c) { return c->money != list.front()->money; });
    const bool parts = std::ranges::all_of(list, [](const claim* c) { return !c->money.empty() && !c->about.empty(); });
    if (!mixed || !parts) continue;
    exact sum = 0;
    std::vector<passage> at;
    for (const claim* c : list) sum += c->what.value, at.push_back(r.here(*c));
    for (const std::string_view whole : {"支出", "预算"})
      if (const claim* total = standing(r, whole); total != nullptr && total->what.value == sum) {
        at.push_back(r.here(*total));
        r.tell("amount/amount", strength::sure, at,
               fmt::format("各分项之和 {} 万元等于“{}”，分项却有的称“{}”、有的称“{}”，口径不一。",
                           shortest(sum / 10'000), whole, list.front()->money, list.back()->money));
        break;
      }
  }
}

}  // namespace changtong::claims
