#include <fmt/format.h>

#include "daemon/claims/contradictions.h"

namespace changtong::claims {
namespace {

/** U / (U + D) in percent, cut at the digits that the report prints: a book's figure is never rounded up
 * (rules.md 4.6).
 */
std::string cut(std::int64_t above, std::int64_t below, int places) {
  return fixed(exact(above, 1) * 100 / below, places, rounding::down);
}

int places_of(const claim& c) {
  int n = 0;
  for (exact g = c.what.grain; g < 1 && n < 9; g *= 10) ++n;
  return n;
}

std::string hours(milliseconds t) {
  const std::int64_t s = t.count() / 1000;
  return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

void rate_against_books(inspection& r, const claim& c, const measured_figures& m) {
  const auto& s = m.lines;
  const std::int64_t seen = (s.up + s.down).count();
  if (seen == 0) {
    r.tell("claim/measured", strength::sure, {r.here(c)},
           fmt::format("账本中 {} 没有任何观测，{} 无从证实。", m.period, printed(r, c)));
    return;
  }
  const int n = std::max(places_of(c), 0);
  const exact measured_cut = *parse_exact(cut(s.up.count(), seen, n));
  const bool hundred = c.what.value == 100 && c.what.how == bound::exactly;
  const std::string books = availability::chinese_ratio(s);
  if (hundred && s.down.count() == 0 && s.unknown.count() > 0) {
    r.tell("claim/measured", strength::ask, {r.here(c)},
           fmt::format("账本：{} {}；有未观测的时间，不能写 {}。", m.period, books, printed(r, c)));
    return;
  }
  quantity book = c.what;
  book.value = measured_cut;
  book.how = bound::exactly;
  const bool fits = hundred                        ? s.down.count() == 0 && s.unknown.count() == 0
                    : c.what.how == bound::exactly ? measured_cut == c.what.value
                                                   : agree(c.what, book);
  if (fits) return;
  r.tell("claim/measured", strength::sure, {r.here(c)},
         fmt::format("账本：{} {}，中断 {} 次、{}，未观测 {}（{} 条专线，R1 = ΣU/Σ(U+D)）；报告写 {}。", m.period,
                     books, s.outages, hours(s.down), hours(s.unknown), m.line_count, printed(r, c)));
}

void days_against_books(inspection& r, const claim& c, const measured_figures& m) {
  if (c.what.value == m.days_counted) return;
  r.tell("claim/measured", strength::sure, {r.here(c)},
         fmt::format("账本：{} 运维保障天数 {}/{}（覆盖率达标且有值班记录的天）；报告写 {}。", m.period, m.days_counted,
                     m.days, printed(r, c)));
}

void lines_against_books(inspection& r, const claim& c, const measured_figures& m) {
  if (c.what.value == m.line_count || c.what.how != bound::exactly) return;
  r.tell("claim/measured", strength::ask, {r.here(c)},
         fmt::format("账本：{} 在用专线 {} 条；报告写 {}。", m.period, m.line_count, printed(r, c)));
}

}  // namespace

void claims_against_books(inspection& r, const measured_figures& measured) {
  for (const claim& c : r.claims) {
    if (c.planned || c.each || c.change || !c.time.empty()) continue;
    if (c.what.what == measure::percent && has_any(c.subject, r.words.availability_words) &&
        !has_any(c.subject, {"网站", "系统", "平台"}))
      rate_against_books(r, c, measured);
    if (c.what.what == measure::days && c.what.value >= 300 && has_any(c.subject, {"保障", "运维", "值班"}))
      days_against_books(r, c, measured);
    if (c.what.unit == "条" && c.about.empty() && !c.part &&
        (c.head == "专线" || c.head == "政务专线" || c.head == "电子政务外网专线"))
      lines_against_books(r, c, measured);
  }
}

}  // namespace changtong::claims
