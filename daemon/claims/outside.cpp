// A report's claims against what is known beside it: the books of a ledger and an evaluation plan.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/claims/relations.h"
#include "daemon/core/plan_tree.h"

namespace changtong::claims {
namespace {

std::string hours(milliseconds t) {
  const std::int64_t s = t.count() / 1000;
  return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

void rate_against_books(inspection& r, const claim& c, const measured_figures& m) {
  const auto& s = m.lines;
  const std::int64_t seen = (s.up + s.down).count();
  if (seen == 0)
    return r.tell("claim/measured", strength::ask, {&c},
                  fmt::format("账本中 {} 没有任何观测，{} 无从证实。", m.period, printed(r, c)));
  // cut, never rounded up, at the digits that the report prints (rules.md 4.6)
  const exact book = rounded(exact(s.up.count(), 1) * 100 / seen, places_of(c.what), rounding::down);
  const bool hundred = c.what.value == 100 && c.what.how == bound::exactly;
  const std::string books = availability::chinese_ratio(s);
  if (hundred && s.down.count() == 0 && s.unknown.count() > 0)
    return r.tell("claim/measured", strength::ask, {&c},
                  fmt::format("账本：{} {}；有未观测的时间，不能写 {}。", m.period, books, printed(r, c)));
  const exact& v = c.what.value;
  const bool fits = hundred                         ? s.down.count() == 0
                    : c.what.how == bound::at_least ? book >= v
                    : c.what.how == bound::above    ? book > v
                    : c.what.how == bound::at_most  ? book <= v
                    : c.what.how == bound::below    ? book < v
                    : c.what.how == bound::about    ? prints(c.what, book)
                                                    : book == v;
  if (!fits)
    r.tell("claim/measured", strength::sure, {&c},
           fmt::format("账本：{} {}，中断 {} 次、{}，未观测 {}（{} 条专线，R1 = ΣU/Σ(U+D)）；报告写 {}。", m.period,
                       books, s.outages, hours(s.down), hours(s.unknown), m.line_count, printed(r, c)));
}

/** 2024年1月 of the words before the figure, or of its sentence's beginning: month 0 is the whole period. */
std::optional<std::pair<int, int>> period_of(const inspection& r, const claim& c) {
  if (has_any(c.before, words().of("halves")) || has_any(c.before, words().of("quarters")) || c.earlier)
    return std::nullopt;
  const paragraph& p = r.report.paragraphs[c.paragraph];
  const std::string_view before = p.words({p.sentences[c.sentence].from, c.what.at.from});
  const auto number = [&](std::size_t end) {
    std::size_t from = end;
    while (from > 0 && before[from - 1] >= '0' && before[from - 1] <= '9') --from;
    return from == end ? 0 : digits_in(before.substr(from, end - from));
  };
  const std::size_t year_at = before.rfind("年"), month_at = before.rfind("月");
  int year = year_at == before.npos ? 0 : number(year_at), month = month_at == before.npos ? 0 : number(month_at);
  if (year < 1900 || year > 2999) year = r.report.year;
  if (month < 1 || month > 12 || has(before.substr(month_at), "月底")) month = 0;
  if (month > 0 && (before.substr(month_at + 3).starts_with("至") || has(before, "至" + std::to_string(month) + "月") ||
                    has(before, "-" + std::to_string(month) + "月") ||
                    (month_at + 3 < before.size() && before[month_at + 3] >= '0' && before[month_at + 3] <= '9')))
    month = 0;  // a range, or a day
  return std::pair(year, month);
}

std::string plain_noun(const claim& c) { return std::string(stripped(c.label, words().of("neutral"))); }

void judge(inspection& r, const claim& c, const book_lookup& books) {
  if (c.planned || c.each || c.what.range || direction_word(c.before)) return;
  const bool rate = c.what.what == measure::percent && has_any(c.label, words().of("availability")) &&
                    !has(c.label, "网站") && !has(c.label, "平台") && !has(c.label, "系统");
  const bool days = c.what.what == measure::days && c.what.value >= 300 &&
                    (has(c.before, "保障") || has(c.before, "运维") || has(c.before, "值班"));
  const bool count = c.what.unit == "条" && c.what.how == bound::exactly &&
                     std::ranges::find(words().of("line nouns"), plain_noun(c)) != words().of("line nouns").end();
  if (!rate && !days && !count) return;
  const auto when = period_of(r, c);
  if (!when) return;
  const auto m = books(when->first, rate ? when->second : 0);
  if (!m) return;
  if (rate) rate_against_books(r, c, *m);
  if (days && c.what.value != m->days_counted)
    r.tell("claim/measured", strength::sure, {&c},
           fmt::format("账本：{} 运维保障天数 {}/{}（覆盖率达标且有值班记录的天）；报告写 {}。", m->period,
                       m->days_counted, m->days, printed(r, c)));
  if (count && c.what.value != m->line_count)
    r.tell("claim/measured", strength::ask, {&c},
           fmt::format("账本：{} 在用专线 {} 条；报告写 {}。", m->period, m->line_count, printed(r, c)));
}

bool short_of(const exact& value, const plans::target& t) {
  const bool less = t.how == plans::sign::at_most || t.how == plans::sign::below;
  return t.how != plans::sign::between && (less ? value > t.number : value < t.number);
}

void indicator_against(inspection& r, const plans::indicator& i) {
  for (const claim& c : r.claims) {
    const std::string label = c.name;
    if (label != i.level3 && label + c.noun != i.level3) continue;
    const auto value = in_unit_of(c.what, i.target);
    if (!value || c.each || c.earlier || !c.time.empty() || c.what.range) continue;
    const bool goal = r.report.paragraphs[c.paragraph].goals;
    if (goal && *value != i.target.number)
      r.tell("claim/plan", strength::sure, {&c},
             fmt::format("方案中“{}”的年度指标值是 {}，报告的目标写 {}。", i.level3, i.target.text, printed(r, c)));
    if (!goal && !c.planned && c.what.how == bound::exactly && short_of(*value, i.target) &&
        !has_any(r.sentence(c), words().of("missed")))
      r.tell("claim/plan", strength::ask, {&c},
             fmt::format("方案中“{}”的年度指标值是 {}，报告写 {}，没有达到，也没有说明原因。", i.level3, i.target.text,
                         printed(r, c)));
  }
}

void amount_against(inspection& r, std::string_view key, std::string_view name, const std::string& written, bool yuan) {
  const auto planned = parse_exact(written);
  if (!planned) return;
  for (const claim& c : r.claims) {
    if (c.what.what != measure::money || c.what.how != bound::exactly || c.earlier || c.inside || !c.time.empty() ||
        c.each || c.planned || in_list(r, c))
      continue;
    if (std::ranges::find(words().of(key), c.name) == words().of(key).end()) continue;
    if (!prints(c.what, *planned * (yuan ? 1 : 10'000)))
      r.tell("claim/plan", strength::sure, {&c},
             fmt::format("方案中{}是 {} {}，报告写 {}。", name, written, yuan ? "元" : "万元", printed(r, c)));
  }
}

}  // namespace

void against_books(inspection& r, const book_lookup& books) {
  for (const claim& c : r.claims) judge(r, c, books);
}

void against_plan(inspection& r, const plans::plan& plan) {
  for (const plans::indicator& i : plan.indicators)
    if (i.target.how != plans::sign::none && !i.target.is_date) indicator_against(r, i);
  if (plan.execution.rows.empty()) return;
  amount_against(r, "budget", "预算", plan.execution.rows.front().full_year, plan.execution.yuan);
  amount_against(r, "spending", "支出", plan.execution.rows.front().executed, plan.execution.yuan);
}

}  // namespace changtong::claims
