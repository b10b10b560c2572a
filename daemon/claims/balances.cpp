// What a first amount leaves when another is taken from it or added to it: 到位、支出、结余; 年初、追加、调整后.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/claims/relations.h"

namespace changtong::claims {
namespace {

bool says(const claim& c, std::string_view key) { return has_any(c.before, words().of(key)); }

/** 未支出 is rest, and 预算支出 is spent. */
bool is_rest(const claim& c) { return says(c, "rest") || says(c, "left over") || says(c, "beyond"); }
bool is_spent(const claim& c) { return !is_rest(c) && (says(c, "spending") || says(c, "spent") || says(c, "done")); }
bool is_given(const claim& c) {
  return !is_rest(c) && !is_spent(c) &&
         (says(c, "budget") || says(c, "received") || says(c, "given") || has(c.before, "收入"));
}

void three(inspection& r, strength how, const claim& a, std::string_view verb, const claim& b, const claim& told,
           const exact& left) {
  if (how == strength::ask && left < 0) return;  // 年初结转 stands before: there was more to take from
  const exact slack = told.what.grain < 10'000 ? told.what.grain : exact(0);
  if (apart(left, told.what.value) > slack)
    r.tell("amount/amount", how, {&a, &b, &told},
           fmt::format("{}{}{} 得 {}，写 {}。", printed(r, a), verb, printed(r, b), in_unit(left, told.what),
                       printed(r, told)));
}

/** What arrived, in the sentences just before: sure where its paragraph tells of no other money, else whether it is
 * what was spent from is for the author to say. */
const claim* given_before(const inspection& r, const claim& c, strength& how) {
  const auto near = r.before(c, 1);
  const auto in = std::ranges::find_if(
      near, [](const claim* at) { return at->what.what == measure::money && says(*at, "received"); });
  if (in == near.end() || in_list(r, **in) || (*in)->planned || (*in)->earlier || !(*in)->time.empty()) return nullptr;
  const paragraph& p = r.report.paragraphs[c.paragraph];
  const bool alone = (*in)->paragraph == c.paragraph && !(*in)->inside && !has_any(p.text, words().of("other money")) &&
                     std::ranges::count_if(near, [&](const claim* at) {
                       return at->paragraph == c.paragraph && at->what.what == measure::money && !at->inside;
                     }) == 1;
  if (!alone) how = strength::ask;
  return *in;
}

/** 预算安排520万元。…实际支出546.8万元，结余26.8万元: what was spent beyond a budget is no rest of it. */
bool rest_of_too_much(inspection& r, const claim& spent, const claim& rest) {
  for (const claim* c : r.before(spent, 0))
    if (c->what.what == measure::money && is_given(*c) && c->what.how == bound::exactly && !c->inside &&
        !says(rest, "beyond") && c->what.value > 0 && spent.what.value - c->what.value == rest.what.value) {
      r.tell(
          "amount/amount", strength::sure, {c, &spent, &rest},
          fmt::format("支出 {} 大于 {}，多出的 {} 却写作结余。", printed(r, spent), printed(r, *c), printed(r, rest)));
      return true;
    }
  return false;
}

void judge(inspection& r, std::vector<const claim*> money, strength how, std::string_view clause,
           std::size_t clause_end) {
  if (money.size() == 2 && is_spent(*money[0]) && is_rest(*money[1]) && money[0]->what.what == measure::money)
    if (rest_of_too_much(r, *money[0], *money[1])) return;
  if (money.size() == 2 && is_spent(*money[0]) && is_rest(*money[1]) && money[0]->what.what == measure::money)
    if (const claim* in = given_before(r, *money[0], how); in != nullptr) money.insert(money.begin(), in);
  const bool paid = !money.empty() && money[0]->what.what == measure::money;
  if (paid && money.size() == 2 && is_given(*money[0]) && is_spent(*money[1]) &&
      money[1]->what.value > money[0]->what.value) {
    const std::string_view within = first_of(clause, words().of("within budget"));
    const bool grown = has(money[0]->before, "年初") && !has(within, "年初") && !has(clause, "未作调整");
    if (within.empty() || grown || how == strength::ask)
      return r.tell("amount/amount", strength::ask, money,
                    fmt::format("支出 {} 大于 {}，差额从何而来？", printed(r, *money[1]), printed(r, *money[0])));
    claim said = *money[1];
    said.words.to = std::max(said.words.to, clause_end);
    return r.tell("amount/amount", strength::sure, {money[0], &said},
                  fmt::format("支出 {} 大于 {}，却写“{}”。", printed(r, *money[1]), printed(r, *money[0]), within));
  }
  if (money.size() != 3 || std::ranges::any_of(money, [](const claim* c) { return c->what.how != bound::exactly; }))
    return;
  const claim &a = *money[0], &b = *money[1], &c = *money[2];
  if (is_given(a) && is_spent(b) && is_rest(c) && says(c, "beyond"))
    three(r, how, b, " 减去 ", a, c, b.what.value - a.what.value);
  else if (is_given(a) && is_spent(b) && is_rest(c))
    three(r, how, a, " 减去 ", b, c, a.what.value - b.what.value);
  else if (has(a.before, "年初") && (says(b, "added") || says(b, "cut")) &&
           (says(c, "adjusted") || has(c.before, "预算")))
    three(r, how, a, says(b, "added") ? " 加上 " : " 减去 ", b, c,
          says(b, "added") ? exact(a.what.value + b.what.value) : exact(a.what.value - b.what.value));
}

}  // namespace

void balances(inspection& r) {
  for (const group g : r.sentences) {
    const paragraph& p = r.report.paragraphs[r.claims[g.from].paragraph];
    const stretch s = p.sentences[r.claims[g.from].sentence];
    std::vector<const claim*> told;
    strength how = strength::sure;
    for (std::size_t from = s.from, to = 0; from < s.to; from = to + 3) {
      to = std::min(p.text.find("；", from), s.to);
      for (const claim& c : r.of(g)) {
        if (c.what.at.from < from || c.what.at.from >= to || (!told.empty() && !same_unit(c, *told.front()))) continue;
        const bool counted = c.what.what == measure::count || c.what.what == measure::days;
        if (c.what.what != measure::money && (!counted || c.before.empty())) continue;
        if (told.size() >= 2 && in_list(r, c)) break;  // 尚余64万元，其中质保金16万元
        if (!c.inside && !c.earlier && !c.each)
          told.push_back(&c);
        else
          how = strength::ask;  // 结余80万元（含年初结转30万元）
      }
      if (told.size() < 2 && to < s.to) continue;  // 全年预算2,150万元，…；实际支出2,236.8万元
      judge(r, std::exchange(told, {}), std::exchange(how, strength::sure), p.words({from, to}), to);
    }
  }
}

}  // namespace changtong::claims
