// A report's figures against last year's report and against the approval: only where both say the same full label.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "daemon/claims/relations.h"
#include "daemon/core/approved_figure.h"

namespace changtong::claims {
namespace {

/** What a figure counts, whole: the label and the noun behind the unit. */
using full_label = std::pair<std::string, std::string>;

constexpr std::array<std::string_view, 5> last_year_words{"上一年度", "上一年", "上年度", "上年", "去年"};
/** 上年结转 is money of this year. */
constexpr std::array<std::string_view, 5> not_of_that_year{"结转", "结余", "末", "底", "同期"};

bool begins_with_any(std::string_view text, const auto& list) {
  return std::ranges::any_of(list, [&](std::string_view w) { return text.starts_with(w); });
}

/** Takes 2023年, 2023年度 away where it stands first. */
bool take_year(std::string& label, int year) {
  for (const std::string& w : {std::to_string(year) + "年度", std::to_string(year) + "年"})
    if (label.starts_with(w)) {
      label.erase(0, w.size());
      return true;
    }
  return false;
}

/** The label without the year before that it names; empty: it names none. */
std::string of_last_year(const claim& c, int year) {
  std::string label = c.label;
  bool named = year > 0 && take_year(label, year - 1);
  for (const std::string_view w : last_year_words)
    if (!named && label.starts_with(w)) {
      label.erase(0, w.size());
      named = true;
    }
  if (!named || begins_with_any(label, not_of_that_year)) return {};
  return std::string(stripped(label, words().of("neutral")));
}

bool plain_figure(const inspection& r, const claim& c) {
  return c.what.how == bound::exactly && !c.what.range && !c.each && !c.planned && !c.inside &&
         !direction_word(c.before) && !in_list(r, c);
}

std::multimap<full_label, const claim*> said_in(const inspection& last) {
  std::multimap<full_label, const claim*> out;
  for (const claim& c : last.claims) {
    if (!plain_figure(last, c) || c.earlier || !c.time.empty()) continue;
    std::string label = c.label;
    take_year(label, last.report.year);
    label = stripped(label, words().of("neutral"));
    if (!label.empty()) out.emplace(full_label{std::move(label), c.noun}, &c);
  }
  return out;
}

bool agree(const claim& a, const claim& b) { return prints(a.what, b.what.value) || prints(b.what, a.what.value); }

/** In the unit of the approval: 10 of 100000次 where it has 万次; none: another unit. */
std::optional<exact> in_unit_of(const claim& c, const plans::target& t) {
  if (plans::is_percent(t.unit) != (c.what.what == measure::percent)) return std::nullopt;
  if (c.what.what == measure::money)
    return t.unit == "元"     ? std::optional(c.what.value)
           : t.unit == "万元" ? std::optional(exact{c.what.value / 10'000})
                              : std::nullopt;
  if (!plans::is_percent(t.unit) && t.unit != c.what.unit && t.unit != "万" + c.what.unit) return std::nullopt;
  return c.what.value / plans::scale_of(t.unit);
}

/** How a sum of money is named as the approval has it: its budget, or what may be what was spent; none: another. */
std::optional<strength> named_as(const claim& c, const plans::approved_figure& a, const std::string& label) {
  static const word_list approved{"预算金额", "预算数", "预算", "批复金额", "批复"};
  const bool budget = std::ranges::find(words().of("budget"), c.name) != words().of("budget").end();
  if ((a.whole_budget && budget) || (c.label != label && stripped(c.label, approved) == label)) return strength::sure;
  return c.label == label ? std::optional(strength::ask) : std::nullopt;
}

/** What an approval says under one label: of two projects, two figures. */
using approved_rows = std::vector<const plans::approved_figure*>;

bool is_money(const plans::target& t) {  // ≤90万元 is a target, 921.47万元 an amount
  return t.how == plans::sign::equal && (t.unit == "元" || t.unit == "万元");
}

bool says_the_amount(const claim& c, const plans::approved_figure& a) {
  return is_money(a.wanted) && prints(c.what, a.wanted.number * (a.wanted.unit == "元" ? 1 : 10'000));
}

bool says_the_target(const claim& c, const plans::approved_figure& a) {
  const auto value = in_unit_of(c, a.wanted);
  return !is_money(a.wanted) && value && *value == a.wanted.number;
}

void money_approved(inspection& r, const approved_rows& rows, const std::string& label, const claim& c) {
  if (c.what.what != measure::money || c.planned || c.what.how != bound::exactly || direction_word(c.before)) return;
  const plans::approved_figure& a = *rows.front();
  const auto how = named_as(c, a, label);
  if (how && std::ranges::none_of(rows, [&](const auto* one) { return says_the_amount(c, *one); }))
    r.tell("claim/approval", *how, {&c},
           fmt::format("批复（{}）中“{}”是 {}{}，报告写 {}。", a.place, a.label, shortest(a.wanted.number),
                       a.wanted.unit, printed(r, c)));
}

/** What was reached may differ from a target; what is said to be the target may not. */
void target_approved(inspection& r, const approved_rows& rows, const std::string& label, const claim& c) {
  const plans::approved_figure& a = *rows.front();
  if (!c.planned || (c.label != label && c.label + c.noun != label) || !in_unit_of(c, a.wanted)) return;
  if (std::ranges::none_of(rows, [&](const auto* one) { return says_the_target(c, *one); }))
    r.tell("claim/approval", strength::sure, {&c},
           fmt::format("批复（{}）中“{}”是 {}，报告写 {}。", a.place, a.label, a.wanted.text, printed(r, c)));
}

void approved_under(inspection& r, const std::string& label, const approved_rows& rows) {
  for (const claim& c : r.claims) {
    if (c.earlier || c.each || c.what.range || c.inside || !c.time.empty() || in_list(r, c)) continue;
    (is_money(rows.front()->wanted) ? money_approved : target_approved)(r, rows, label, c);
  }
}

}  // namespace

void against_last_year(inspection& r, const inspection& last) {
  const auto known = said_in(last);
  for (const claim& c : r.claims) {
    if (!plain_figure(r, c)) continue;
    const std::string label = of_last_year(c, r.report.year);
    if (label.empty()) continue;
    const auto [from, to] = known.equal_range({label, c.noun});
    const claim* other = nullptr;
    bool same = false;
    for (auto at = from; at != to; ++at) {
      if (!same_unit(*at->second, c)) continue;
      same = same || agree(*at->second, c);
      other = at->second;
    }
    if (other == nullptr || same) continue;
    const paragraph& where = last.report.paragraphs[other->paragraph];
    r.tell("claim/last_year", strength::sure, {&c},
           fmt::format("上年报告第 {} 行写「{}」，本报告写上年 {}。", last.report.line(where, other->what.digits.from),
                       last.report.quote(where, other->words, other->what.digits.from), printed(r, c)));
  }
}

void against_approval(inspection& r, const std::vector<plans::approved_figure>& approved) {
  std::map<std::string, approved_rows> by_label;
  for (const plans::approved_figure& a : approved)
    by_label[a.whole_budget ? std::string("合计") : std::string(stripped(a.label, words().of("neutral")))].push_back(
        &a);
  for (const auto& [label, rows] : by_label)
    approved_under(r, std::string(stripped(rows.front()->label, words().of("neutral"))), rows);
}

}  // namespace changtong::claims
