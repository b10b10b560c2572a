// What a first amount leaves when another is taken from it or added to it: 到位、支出、结余; 年初、追加、调整后.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/claims/relations.h"

namespace changtong::claims {
namespace {

bool says(const claim& c, std::string_view key) { return has_any(c.before, words().of(key)); }

/** 未支出 is rest, and 预算支出 is spent. */
bool is_rest(const claim& c) { return says(c, "rest"); }
bool is_spent(const claim& c) { return !is_rest(c) && (says(c, "spending") || says(c, "spent")); }
bool is_given(const claim& c) {
  return !is_rest(c) && !is_spent(c) && (says(c, "budget") || says(c, "received") || has(c.before, "收入"));
}

void three(inspection& r, strength how, const claim& a, std::string_view verb, const claim& b, const claim& told,
           const exact& left) {
  const exact slack = told.what.grain < 10'000 ? told.what.grain : exact(0);
  if (apart(left, told.what.value) > slack)
    r.tell("amount/amount", how, {&a, &b, &told},
           fmt::format("{}{}{} 得 {}，写 {}。", printed(r, a), verb, printed(r, b), in_unit(left, told.what),
                       printed(r, told)));
}

/** What arrived, in the sentences just before; whether it is what was spent from is for the author to say. */
const claim* given_before(const inspection& r, const claim& c) {
  const auto near = r.before(c, 1);
  const auto in = std::ranges::find_if(
      near, [](const claim* at) { return at->what.what == measure::money && says(*at, "received"); });
  return in == near.end() || in_list(r, **in) || (*in)->planned || (*in)->earlier || !(*in)->time.empty() ? nullptr
                                                                                                          : *in;
}

void judge(inspection& r, std::vector<const claim*> money, strength how) {
  if (money.size() == 2 && is_spent(*money[0]) && is_rest(*money[1]))
    if (const claim* in = given_before(r, *money[0]); in != nullptr) {
      money.insert(money.begin(), in);
      how = strength::ask;
    }
  if (money.size() == 2 && is_given(*money[0]) && is_spent(*money[1]) && money[1]->what.value > money[0]->what.value) {
    const std::string_view within = first_of(r.sentence(*money[1]), words().of("within budget"));
    if (within.empty() || has(money[0]->before, "年初") || how == strength::ask)
      return r.tell("amount/amount", strength::ask, money,
                    fmt::format("支出 {} 大于 {}，差额从何而来？", printed(r, *money[1]), printed(r, *money[0])));
    return r.tell("amount/amount", strength::sure, money,
                  fmt::format("支出 {} 大于 {}，却写“{}”。", printed(r, *money[1]), printed(r, *money[0]), within));
  }
  if (money.size() != 3 || std::ranges::any_of(money, [](const claim* c) { return c->what.how != bound::exactly; }))
    return;
  const claim &a = *money[0], &b = *money[1], &c = *money[2];
  if (is_given(a) && is_spent(b) && is_rest(c))
    three(r, how, a, " 减去 ", b, c, a.what.value - b.what.value);
  else if (has(a.before, "年初") && (says(b, "added") || says(b, "cut")) &&
           (says(c, "adjusted") || has(c.before, "预算")))
    three(r, how, a, says(b, "added") ? " 加上 " : " 减去 ", b, c,
          says(b, "added") ? exact(a.what.value + b.what.value) : exact(a.what.value - b.what.value));
}

}  // namespace

void balances(inspection& r) {
  for (const group g : r.sentences) {
    std::vector<const claim*> money;
    strength how = strength::sure;
    for (const claim& c : r.of(g))
      if (c.what.what == measure::money && !c.inside && !c.earlier && !c.each)
        money.push_back(&c);
      else if (c.what.what == measure::money)
        how = strength::ask;  // 结余80万元（含年初结转30万元）
    judge(r, std::move(money), how);
  }
}

}  // namespace changtong::claims
