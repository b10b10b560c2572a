// A report's figures against last year's report and against the approval: only where both say the same full label.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "daemon/claims/relations.h"
#include "daemon/claims/table_blocks.h"
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

/** The label without the year before that it names; nothing: it names none. */
std::optional<std::string> of_last_year(std::string label, int year) {
  bool named = year > 0 && take_year(label, year - 1);
  for (const std::string_view w : last_year_words)
    if (!named && label.starts_with(w)) {
      label.erase(0, w.size());
      named = true;
    }
  if (!named || begins_with_any(label, not_of_that_year)) return std::nullopt;
  return std::string(stripped(label, words().of("neutral")));
}

bool plain_figure(const inspection& r, const claim& c) {
  return c.what.how == bound::exactly && !c.what.range && !c.each && !c.planned && !c.inside &&
         !direction_word(c.before) && !in_list(r, c);
}

/** What last year's report says, in a sentence or a row of a table. */
struct said {
  quantity what;
  int line;
  std::string quote;
};

/** All figures of a report, in sentences and in tables. */
std::vector<claim> all_claims(const inspection& r) {
  std::vector<claim> out = claims_of_tables(r.report);
  out.insert(out.begin(), r.claims.begin(), r.claims.end());
  return out;
}

std::multimap<full_label, said> said_in(const inspection& last) {
  std::multimap<full_label, said> out;
  for (const claim& c : all_claims(last)) {
    if (!plain_figure(last, c) || c.earlier || !c.time.empty()) continue;
    std::string label = c.label;
    take_year(label, last.report.year);
    label = stripped(label, words().of("neutral"));
    const paragraph& p = last.report.paragraphs[c.paragraph];
    const std::size_t at = c.what.digits.from;
    if (!label.empty())
      out.emplace(full_label{std::move(label), c.noun},
                  said{c.what, last.report.line(p, at), last.report.quote(p, c.words, at)});
  }
  return out;
}

bool agree(const quantity& a, const quantity& b) { return prints(a, b.value) || prints(b, a.value); }

/** Nothing where the report of last year has not this label, or has this figure under it. */
const said* differs(const std::multimap<full_label, said>& known, const full_label& label, const quantity& what) {
  const auto [from, to] = known.equal_range(label);
  const said* other = nullptr;
  for (auto at = from; at != to; ++at) {
    if (!same_unit(at->second.what, what)) continue;
    if (agree(at->second.what, what)) return nullptr;
    other = &at->second;
  }
  return other;
}

std::string text_of(const said& other, std::string_view now) {
  return fmt::format("上年报告第 {} 行写「{}」，本报告写上年 {}。", other.line, other.quote, now);
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

/** Whether one of the rows has this figure. */
bool is_approved(const approved_rows& rows, const quantity& q) {
  return std::ranges::any_of(rows, [&](const plans::approved_figure* a) {
    if (is_money(a->wanted)) return prints(q, a->wanted.number * (a->wanted.unit == "元" ? 1 : 10'000));
    const auto value = in_unit_of(q, a->wanted);
    return value && *value == a->wanted.number;
  });
}

std::string text_of(const plans::approved_figure& a, std::string_view where, std::string_view now) {
  const std::string amount = shortest(a.wanted.number) + a.wanted.unit;
  return fmt::format("批复（{}）中“{}”是 {}，{}写 {}。", a.place, a.label, is_money(a.wanted) ? amount : a.wanted.text,
                     where, now);
}

std::string_view where(const inspection& r, const claim& c) {
  return r.report.paragraphs[c.paragraph].table ? "报告的表" : "报告";
}

void money_approved(inspection& r, const approved_rows& rows, const std::string& label, const claim& c) {
  if (c.what.what != measure::money || c.planned || c.what.how != bound::exactly || direction_word(c.before)) return;
  if (const auto how = named_as(c, *rows.front(), label); how && !is_approved(rows, c.what))
    r.tell("claim/approval", *how, {&c}, text_of(*rows.front(), where(r, c), printed(r, c)));
}

/** What was reached may differ from a target; what is said to be the target may not. A figure without a unit is in that
 * of the approval. */
void target_approved(inspection& r, const approved_rows& rows, const std::string& label, const claim& c) {
  if (!c.planned || (c.label != label && c.label + c.noun != label)) return;
  const plans::target& wanted = rows.front()->wanted;
  quantity q = c.what;
  if (q.unit.empty() && plans::scale_of(wanted.unit) == 1) {
    q.unit = plans::is_percent(wanted.unit) ? "%" : wanted.unit;
    q.what = plans::is_percent(wanted.unit) ? measure::percent : q.what;
  }
  if (in_unit_of(q, wanted) && !is_approved(rows, q))
    r.tell("claim/approval", strength::sure, {&c}, text_of(*rows.front(), where(r, c), printed(r, c)));
}

}  // namespace

std::optional<exact> in_unit_of(const quantity& q, const plans::target& t) {
  if (plans::is_percent(t.unit) != (q.what == measure::percent)) return std::nullopt;
  const auto one = plans::units_in(t.unit, q.what == measure::money ? "元" : q.what == measure::percent ? "%" : q.unit);
  return one ? std::optional(exact{q.value / *one}) : std::nullopt;
}

void against_last_year(inspection& r, const inspection& last) {
  const auto known = said_in(last);
  for (const claim& c : all_claims(r)) {
    const auto label = plain_figure(r, c) ? of_last_year(c.label, r.report.year) : std::nullopt;
    if (!label || label->empty()) continue;
    if (const said* other = differs(known, {*label, c.noun}, c.what); other != nullptr)
      r.tell("claim/last_year", strength::sure, {&c}, text_of(*other, printed(r, c)));
  }
}

void against_approval(inspection& r, const std::vector<plans::approved_figure>& approved) {
  std::map<std::string, approved_rows> by_label;
  for (const plans::approved_figure& a : approved)
    by_label[a.whole_budget ? std::string("合计") : std::string(stripped(a.label, words().of("neutral")))].push_back(
        &a);
  const std::vector<claim> all = by_label.empty() ? std::vector<claim>() : all_claims(r);
  for (const auto& [key, rows] : by_label) {
    const std::string label(stripped(rows.front()->label, words().of("neutral")));
    for (const claim& c : all) {
      if (c.earlier || c.each || c.what.range || c.inside || !c.time.empty() || in_list(r, c)) continue;
      (is_money(rows.front()->wanted) ? money_approved : target_approved)(r, rows, label, c);
    }
  }
}

}  // namespace changtong::claims
