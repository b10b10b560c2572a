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
constexpr std::array<std::string_view, 4> this_year_words{"本年度", "本年", "当年", "今年"};
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

/** The words of a column's head that name what it counts, without the year: 支出 of 2023年支出. */
std::string counted(std::string head, int year) {
  take_year(head, year);
  for (const std::string_view w : this_year_words)
    if (head.starts_with(w)) head.erase(0, w.size());
  return std::string(stripped(head, words().of("neutral")));
}

/** Columns that tell what was, and not what was to be or how it is judged. */
bool tells_what_was(const table_figure& f) {
  switch (f.is) {
    case column::executed:
    case column::actual:
    case column::amount:
    case column::count:
    case column::total:
    case column::other:
      return f.what.how == bound::exactly && !direction_word(f.head);
    default:
      return false;
  }
}

std::multimap<full_label, said> said_in(const inspection& last) {
  std::multimap<full_label, said> out;
  const written_report& report = last.report;
  for (const claim& c : last.claims) {
    if (!plain_figure(last, c) || c.earlier || !c.time.empty()) continue;
    std::string label = c.label;
    take_year(label, report.year);
    label = stripped(label, words().of("neutral"));
    const paragraph& p = report.paragraphs[c.paragraph];
    const std::size_t at = c.what.digits.from;
    if (!label.empty())
      out.emplace(full_label{std::move(label), c.noun}, said{c.what, report.line(p, at), report.quote(p, c.words, at)});
  }
  const auto blocks = blocks_of(report);
  for (const table_figure& f : figures_of(report, blocks)) {
    if (of_last_year(f.head, report.year)) continue;
    const std::string what = counted(f.head, report.year);
    const said one{f.what, f.line, std::string(report.source_line(f.line))};
    if (tells_what_was(f)) out.emplace(full_label{f.row, ""}, one);
    if (!what.empty() && (tells_what_was(f) || has_any(what, words().of("budget"))))
      out.emplace(full_label{f.row + what, ""}, one);
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

void money_approved(inspection& r, const approved_rows& rows, const std::string& label, const claim& c) {
  if (c.what.what != measure::money || c.planned || c.what.how != bound::exactly || direction_word(c.before)) return;
  if (const auto how = named_as(c, *rows.front(), label); how && !is_approved(rows, c.what))
    r.tell("claim/approval", *how, {&c}, text_of(*rows.front(), "报告", printed(r, c)));
}

/** What was reached may differ from a target; what is said to be the target may not. */
void target_approved(inspection& r, const approved_rows& rows, const std::string& label, const claim& c) {
  if (!c.planned || (c.label != label && c.label + c.noun != label) || !in_unit_of(c.what, rows.front()->wanted))
    return;
  if (!is_approved(rows, c.what))
    r.tell("claim/approval", strength::sure, {&c}, text_of(*rows.front(), "报告", printed(r, c)));
}

void approved_under(inspection& r, const std::string& label, const approved_rows& rows) {
  for (const claim& c : r.claims) {
    if (c.earlier || c.each || c.what.range || c.inside || !c.time.empty() || in_list(r, c)) continue;
    (is_money(rows.front()->wanted) ? money_approved : target_approved)(r, rows, label, c);
  }
}

/** The budget of a row in each of its columns: what was approved stands in one of them, or was changed in the year. */
void money_in_row(inspection& r, const approved_rows& rows, std::span<const table_figure> row) {
  const table_figure* budget = nullptr;
  for (const table_figure& f : row) {
    if (f.what.what != measure::money || (f.is != column::initial && f.is != column::budget)) continue;
    if (has_any(f.head, words().of("adjusted")) || has_any(f.head, words().of("earlier"))) continue;
    if (is_approved(rows, f.what)) return;
    budget = &f;
  }
  if (budget != nullptr)
    r.tell_lines("claim/approval", strength::sure, {budget->line},
                 text_of(*rows.front(), "报告的表", budget->as_written));
}

void target_in_row(inspection& r, const approved_rows& rows, std::span<const table_figure> row) {
  for (const table_figure& f : row) {
    if (f.is != column::target) continue;
    quantity q = f.what;
    const plans::target& wanted = rows.front()->wanted;
    const bool percent = plans::is_percent(wanted.unit);
    if (q.unit.empty() && plans::scale_of(wanted.unit) == 1) {  // a table without units means those of the approval
      q.unit = percent ? "%" : wanted.unit;
      q.what = percent ? measure::percent : q.what;
    }
    if (!is_money(wanted) && in_unit_of(q, wanted) && !is_approved(rows, q))
      r.tell_lines("claim/approval", strength::sure, {f.line}, text_of(*rows.front(), "报告的表", f.as_written));
  }
}

}  // namespace

std::optional<exact> in_unit_of(const quantity& q, const plans::target& t) {
  if (plans::is_percent(t.unit) != (q.what == measure::percent)) return std::nullopt;
  const auto one = plans::units_in(t.unit, q.what == measure::money ? "元" : q.what == measure::percent ? "%" : q.unit);
  return one ? std::optional(exact{q.value / *one}) : std::nullopt;
}

void against_last_year(inspection& r, const inspection& last) {
  const auto known = said_in(last);
  for (const claim& c : r.claims) {
    const auto label = plain_figure(r, c) ? of_last_year(c.label, r.report.year) : std::nullopt;
    if (!label || label->empty()) continue;
    if (const said* other = differs(known, {*label, c.noun}, c.what); other != nullptr)
      r.tell("claim/last_year", strength::sure, {&c}, text_of(*other, printed(r, c)));
  }
  const auto blocks = blocks_of(r.report);
  for (const table_figure& f : figures_of(r.report, blocks)) {
    const auto what =
        f.what.how == bound::exactly && !direction_word(f.head) ? of_last_year(f.head, r.report.year) : std::nullopt;
    if (!what) continue;
    if (const said* other = differs(known, {f.row + *what, ""}, f.what); other != nullptr)
      r.tell_lines("claim/last_year", strength::sure, {f.line}, text_of(*other, f.as_written));
  }
}

void against_approval(inspection& r, const std::vector<plans::approved_figure>& approved) {
  std::map<std::string, approved_rows> by_label;
  for (const plans::approved_figure& a : approved)
    by_label[a.whole_budget ? std::string("合计") : std::string(stripped(a.label, words().of("neutral")))].push_back(
        &a);
  const auto blocks = blocks_of(r.report);
  const std::vector<table_figure> cells = figures_of(r.report, blocks);
  for (const auto& [key, rows] : by_label) {
    const std::string label(stripped(rows.front()->label, words().of("neutral")));
    approved_under(r, label, rows);
    for (auto from = cells.begin(); from != cells.end();) {
      const auto to = std::find_if(from, cells.end(), [&](const table_figure& f) { return f.line != from->line; });
      if (stripped(from->row, words().of("neutral")) == label)
        (is_money(rows.front()->wanted) ? money_in_row : target_in_row)(r, rows, {from, to});
      from = to;
    }
  }
}

}  // namespace changtong::claims
