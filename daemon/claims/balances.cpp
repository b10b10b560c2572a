// What a first figure leaves when another is taken from it or added to it: 到位、支出、结余; 年初、追加、调整后;
// 分值、扣、得.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/claims/relations.h"

namespace changtong::claims {
namespace {

using list = std::vector<const claim*>;

bool says(const claim& c, std::string_view key) { return has_any(c.before, words().of(key)); }

/** 未支出 is rest, and 预算支出 is spent. */
bool is_rest(const claim& c) { return says(c, "rest"); }
bool is_spent(const claim& c) { return !is_rest(c) && (says(c, "spending") || says(c, "spent")); }
bool is_given(const claim& c) {
  return !is_rest(c) && !is_spent(c) && (says(c, "budget") || says(c, "received") || has(c.before, "收入"));
}

void three(inspection& r, std::string_view kind, const list& all, const exact& left, std::string_view text) {
  const quantity& told = all.back()->what;
  const exact slack = told.what == measure::money && told.grain < 10'000 ? told.grain : exact(0);
  if (apart(left, told.value) > slack)
    r.tell(kind, strength::sure, all, fmt::format("{}{}，写 {}。", text, in_unit(left, told), printed(r, *all.back())));
}

/** The money that arrived, told in the sentences just before. */
const claim* received_before(const inspection& r, const claim& c) {
  for (const claim* at : r.before(c, 1))
    if (at->what.what == measure::money && says(*at, "received"))
      return in_list(r, *at) || at->planned || at->earlier || !at->time.empty() ? nullptr : at;
  return nullptr;
}

/** The only money of the whole project that is given, or spent, in the paragraphs before; nothing where there are two.
 */
const claim* only_before(const inspection& r, const claim& c, bool (*is)(const claim&)) {
  const claim* found = nullptr;
  for (const claim* at : r.before(c, 4)) {
    if (at->what.what != measure::money || !is(*at) || in_list(r, *at) || at->inside || at->earlier) continue;
    if (!at->time.empty() || at->each || at->planned) return nullptr;
    if (is == is_spent && !at->name.empty() && at->name != "支出") continue;  // of a part
    if (found != nullptr) return nullptr;
    found = at;
  }
  return found;
}

/** 到位100万元，支出96万元，结余5万元; spending above what was received is a question. */
void rest_of(inspection& r, list all) {
  if (all.size() == 2 && is_spent(*all[0]) && is_rest(*all[1]))
    if (const claim* in = received_before(r, *all[0]); in != nullptr) all.insert(all.begin(), in);
  if (all.size() == 1 && is_rest(*all[0]) && !has_any(r.sentence(*all[0]), words().of("earlier")))
    if (const claim *in = only_before(r, *all[0], is_given), *out = only_before(r, *all[0], is_spent);
        in != nullptr && out != nullptr && in < out)
      all = {in, out, all[0]};
  if (all.size() < 2 || all.size() > 3 || !is_given(*all[0]) || !is_spent(*all[1])) return;
  const claim &in = *all[0], &out = *all[1];
  if (std::ranges::any_of(all, [](const claim* c) { return c->what.how != bound::exactly; })) return;
  if (all.size() == 3 && is_rest(*all[2]))
    return three(r, "amount/amount", all, in.what.value - out.what.value,
                 fmt::format("{} 减去 {} 余 ", printed(r, in), printed(r, out)));
  if (all.size() == 3 || out.what.value <= in.what.value) return;
  const bool denied = has_any(r.sentence(out), words().of("not overspent"));
  r.tell("amount/amount", denied ? strength::sure : strength::ask, {&in, &out},
         fmt::format("支出 {} 大于 {}{}", printed(r, out), printed(r, in),
                     denied ? "，却写没有超支。" : "，差额从何而来？"));
}

/** 年初预算 A，追加 B，调整后预算 C. */
void adjusted(inspection& r, const claim& first, const claim& more, const claim& last) {
  const bool added = says(more, "added");
  if (!has(first.before, "年初") || !(added || says(more, "cut")) ||
      !(says(last, "adjusted") || has(last.before, "预算")) || &last - &first != 2)
    return;
  if (first.what.unit != last.what.unit || more.what.unit != last.what.unit) return;
  three(r, "amount/amount", {&first, &more, &last},
        added ? exact(first.what.value + more.what.value) : exact(first.what.value - more.what.value),
        fmt::format("{}、{} 得 ", printed(r, first), printed(r, more)));
}

/** 10分，扣1分，得9.5分: what was taken off does not lead to what is left. */
void off_of(inspection& r, const claim& weight, const claim& lost, const claim& got) {
  if (is_got(weight) || is_lost(weight) || !is_lost(lost) || !is_got(got) || says(weight, "total markers")) return;
  if (length_of(r.between(weight, lost)) > 30 || length_of(r.between(lost, got)) > 8) return;
  const std::string_view rest = r.sentence(got);
  const bool more_lost = has_any(rest.substr(std::min(rest.rfind(got.before), rest.size())), words().of("lost"));
  if (weight.what.value > got.what.value && !more_lost)
    three(r, "score/parts", {&weight, &lost, &got}, weight.what.value - lost.what.value,
          fmt::format("{} 扣 {} 应得 ", printed(r, weight), printed(r, lost)));
}

/** 自评总分98.85分，扣分项为：…扣0.15分，…扣1分; 共扣分3.5分，自评得分96.5分: what is left of a hundred. */
void off_a_hundred(inspection& r, const list& scores) {
  const auto total =
      std::ranges::find_if(scores, [](const claim* c) { return !is_lost(*c) && says(*c, "total scores"); });
  if (total == scores.end()) return;
  list told;
  exact lost = 0;
  const claim* in_all = nullptr;
  for (const claim* c : scores)
    if (has(c->before, "共扣"))
      in_all = c;
    else if (is_lost(*c))
      told.push_back(c), lost += c->what.value;
  if (in_all != nullptr)
    told = {in_all}, lost = in_all->what.value;
  else if (told.size() + 1 != scores.size() || *total != scores.front() || !has(r.sentence(**total), "扣分项"))
    return;
  told.push_back(*total);
  if (told.size() > 1 && lost < 40) three(r, "score/parts", told, 100 - lost, "100分扣去 " + shortest(lost) + " 应得 ");
}

}  // namespace

void balances(inspection& r) {
  for (const group g : r.sentences) {
    list money, scores;
    for (const claim& c : r.of(g)) {
      if (c.what.what == measure::money && !c.inside && !c.earlier && !c.each) money.push_back(&c);
      if (is_score(c)) scores.push_back(&c);
    }
    rest_of(r, money);
    for (std::size_t i = 0; i + 2 < money.size(); ++i) adjusted(r, *money[i], *money[i + 1], *money[i + 2]);
    for (std::size_t i = 0; i + 2 < scores.size(); ++i) off_of(r, *scores[i], *scores[i + 1], *scores[i + 2]);
    off_a_hundred(r, scores);
  }
}

}  // namespace changtong::claims
