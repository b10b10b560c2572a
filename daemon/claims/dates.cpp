// Days of the calendar: that do not exist, and that lie behind the day by which something was to be done.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "daemon/claims/relations.h"

namespace changtong::claims {
namespace {

using std::chrono::year_month_day;

/** A day or month of the text: 2023年10月31日, 6月底, 12月. */
struct date {
  stretch at;
  int year = 0, month = 0, day = 0;  ///< 0: not told
  bool end = false;                  ///< 底, 末: the last day of its month

  [[nodiscard]] bool exists() const {
    return month > 0 && month <= 12 &&
           (day == 0 || year_month_day{std::chrono::year(year == 0 ? 2024 : year) / month / day}.ok());
  }
  /** As a number that grows with time: the first day that can be meant, or the last. */
  [[nodiscard]] int value(bool last) const {
    constexpr int first_day = 1, last_day = 31;
    const int d = day > 0 ? day : last || end ? last_day : first_day;
    return (year * 12 + month) * 32 + d;
  }
};

std::vector<date> dates_in(std::string_view t, int year) {
  constexpr std::string_view digits = "0123456789";
  std::vector<date> out;
  for (std::size_t at = t.find("月"); at != t.npos; at = t.find("月", at + 3)) {
    date d;
    d.at = {t.substr(0, at).find_last_not_of(digits) + 1, at + 3};
    d.month = digits_in(t.substr(d.at.from, at - d.at.from));
    if (d.month == 0 || d.month > 99) continue;
    const std::size_t to = std::min(t.find_first_not_of(digits, at + 3), t.size());
    if (const int day = digits_in(t.substr(at + 3, to - at - 3));
        day > 0 && day <= 99 && t.substr(to).starts_with("日"))
      d.day = day, d.at.to = to + 3;
    else if (t.substr(at + 3).starts_with("底") || t.substr(at + 3).starts_with("末"))
      d.end = true, d.at.to = at + 6;
    const bool dated =
        d.at.from >= 7 && t.substr(d.at.from - 3, 3) == "年" && digits_in(t.substr(d.at.from - 7, 4)) > 0;
    if (dated) d.year = digits_in(t.substr(d.at.from - 7, 4)), d.at.from -= 7;
    if (!dated) d.year = out.empty() ? year : out.back().year;
    out.push_back(d);
  }
  return out;
}

/** The clause of a date: what stands around it between marks. */
std::string_view clause_of(std::string_view t, stretch at) {
  constexpr std::size_t longest = 300;  // bytes
  std::size_t from = at.from, to = at.to;
  while (from > 0 && at.from - from < longest && !(from >= 3 && is_mark(t, from - 3))) --from;
  while (to < t.size() && to - at.to < longest && !is_mark(t, to)) ++to;
  return t.substr(from, to - from);
}

/** 11月31日. */
void no_such_day(inspection& r, const paragraph& p) {
  for (const date& d : dates_in(p.text, 0))
    if (d.day > 0 && d.month <= 12 && !d.exists() &&
        !has_any(clause_of(p.text, d.at), words().of("no days of the calendar")))
      r.tell_stretch("date/date", strength::sure, p, d.at, fmt::format("没有 {} 月 {} 日这一天。", d.month, d.day));
}

/** Full marks among the points that stand in a stretch of a paragraph: 满分8分，得满分8分. */
bool full_marks_in(const inspection& r, std::size_t paragraph, stretch s) {
  const claim* weight = nullptr;
  const auto from = std::ranges::lower_bound(r.claims, std::pair(paragraph, s.from), {},
                                             [](const claim& c) { return std::pair(c.paragraph, c.what.at.from); });
  for (auto at = from; at != r.claims.end() && at->paragraph == paragraph && at->what.at.from < s.to; ++at) {
    const claim& c = *at;
    if (!is_score(c)) continue;
    if (has(c.before, "得满分") || has(c.before, "计满分")) return true;
    if (weight != nullptr) return weight->what.value == c.what.value && (is_got(c) || is_got(*weight));
    weight = &c;
  }
  return false;
}

/** 计划2024年6月底前完工，实际于2024年8月20日竣工，按时完成, or with full marks. */
void behind_their_time(inspection& r, std::size_t n) {
  const paragraph& p = r.report.paragraphs[n];
  const std::string_view t = p.text;
  const std::vector<date> all = p.table ? std::vector<date>() : dates_in(t, r.report.year);
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    const date &due = all[i], &done = all[i + 1];
    const std::string_view wanted = clause_of(t, due.at), told = clause_of(t, done.at), behind = t.substr(due.at.to);
    const bool is_due = behind.starts_with("前") || behind.starts_with("之前") || behind.starts_with("以前");
    if (!is_due || !has_any(wanted, words().of("to be done")) || !has(told, "实际") ||
        !has_any(told, words().of("was done")) ||
        has_any(t.substr(due.at.to, done.at.from - due.at.to), words().of("done between")) ||
        has_any(told, words().of("to be done")) || !due.exists() || !done.exists() ||
        done.value(false) <= due.value(true) || (due.year == 0) != (done.year == 0))
      continue;
    constexpr std::size_t longest = 900;  // bytes
    const std::size_t next = i + 2 < all.size() ? all[i + 2].at.from : t.size();
    const std::string_view said = t.substr(done.at.to, std::min(next - done.at.to, longest));
    if (has_any(t.substr(due.at.from, next - due.at.from), words().of("put off"))) continue;
    const auto begin = static_cast<std::size_t>(wanted.data() - t.data());
    const std::string_view word = has_any(said, words().of("late")) ? "" : first_of(said, words().of("in time"));
    if (!word.empty() || full_marks_in(r, n, {done.at.to, next}))
      r.tell_stretch("date/date", strength::sure, p, {begin, std::min(next, begin + longest)},
                     fmt::format("应在 {} 前，实际 {}，却写“{}”。", p.words(due.at), p.words(done.at),
                                 word.empty() ? "得满分" : word));
  }
}

}  // namespace

void dates(inspection& r) {
  for (std::size_t n = 0; n < r.report.paragraphs.size(); ++n) {
    no_such_day(r, r.report.paragraphs[n]);
    behind_their_time(r, n);
  }
}

}  // namespace changtong::claims
