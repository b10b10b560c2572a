#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "daemon/claims/contradictions.h"

namespace changtong::claims {
namespace {

/** Chapters that define, promise or advise tell nothing that could be contradicted. */
bool asserts(chapter c) { return c != chapter::method && c != chapter::measures && c != chapter::goals; }

struct told {
  passage at;
  std::string_view word;
};

/** The first clause in the chapters that `in` takes for which `wanted` names a word. */
template <class Chapters, class Wanted>
std::optional<told> first_clause(const inspection& r, const Chapters& in, const Wanted& wanted) {
  for (std::size_t i = 0; i < r.report.paragraphs.size(); ++i) {
    const paragraph& p = r.report.paragraphs[i];
    if (!in(p.part)) continue;
    for (const stretch& s : p.sentences)
      for (const stretch& c : clauses(p, s))
        if (const std::string_view word = wanted(p.words(c)); !word.empty())
          return told{{i, c, c.from + p.words(c).find(word)}, word};
  }
  return std::nullopt;
}

std::string_view bad_word(const inspection& r, const opposite_words& o, std::string_view text) {
  const std::string_view word = first_of(text, o.bad);
  if (word.empty() || (!o.about.empty() && !has_any(text, o.about)) || has_any(text, o.unless)) return {};
  return has_any(text.substr(0, text.find(word)), r.words.denials) ? std::string_view() : word;
}

/** 如期 inside 未能如期 is no good word, and none that is only hoped for. */
std::string_view good_word(const inspection& r, const opposite_words& o, std::string_view text) {
  const std::string_view word = first_of(text, o.good);
  if (word.empty() || has_any(text, o.bad)) return {};
  const std::string_view before = text.substr(0, text.find(word));
  const bool hoped = has_any(before, r.words.hopes) && before.find("确保了") == std::string_view::npos;
  return hoped || before.ends_with("未") || before.ends_with("不") ? std::string_view() : word;
}

/** Saving as the reason why money was left, and an output chapter on cost that knows of no saving. */
void saving_without_saving(inspection& r) {
  for (std::size_t i = 0; i < r.report.paragraphs.size(); ++i) {
    const paragraph& p = r.report.paragraphs[i];
    if (p.titles.empty() || p.titles.back().find("成本") == std::string::npos || p.part != chapter::outputs) continue;
    if (p.heading || p.sentences.empty() || has_any(p.text, r.words.saving_words) ||
        has_any(p.text, {"结余", "低于", "下降", "减少", "少"}))
      continue;
    const auto reason = first_clause(
        r, [](chapter c) { return c == chapter::process || c == chapter::summary; },
        [&](std::string_view t) {
          return has_any(t, {"原因", "主要是", "未执行", "由于"}) ? first_of(t, r.words.saving_words)
                                                                  : std::string_view();
        });
    if (reason)
      r.tell("claim/claim", strength::ask, {reason->at, inspection::all_of(i, p.sentences.front())},
             "未执行的资金以节约成本解释，产出成本却没有说节约了什么、节约多少。");
    return;
  }
}

/** Grades of rules.md 3.3 as half-open bands. */
std::string_view grade_of(const exact& score) {
  return score >= 90 ? "优" : score >= 80 ? "良" : score >= 60 ? "中" : "差";
}

void grade_against_score(inspection& r) {
  for (const claim& c : r.claims) {
    if (c.what.what != measure::score || c.what.value > 100 || !has_any(c.subject, {"得分", "自评", "评分"})) continue;
    const paragraph& p = r.of(c);
    const std::string_view text =
        std::string_view(p.text).substr(c.what.at.to, c.sentence.to - std::min(c.sentence.to, c.what.at.to));
    const std::string_view word = first_of(text, {"等级", "评定", "评为"});
    const std::size_t at = word.empty() ? std::string_view::npos : text.find(word);
    if (at == std::string_view::npos || at > 40) continue;
    for (const std::string_view g : {"优", "良", "中", "差"})
      for (const std::string_view form : {"为“", "为", "是", "“"}) {
        const std::string wanted = std::string(form) + std::string(g);
        if (text.substr(at + 6, wanted.size()) != wanted || g == grade_of(c.what.value)) continue;
        const std::size_t from = c.what.at.to + at;
        r.tell("claim/claim", strength::sure, {r.here(c), {c.paragraph, clause_at(p, c.sentence, from), from}},
               fmt::format("{} 按通行的分档属“{}”，却评为“{}”。", printed(r, c), grade_of(c.what.value), g));
        return;
      }
  }
}

}  // namespace

void opposites_in_claims(inspection& r) {
  for (const opposite_words& o : r.words.opposites) {
    const auto good = first_clause(r, asserts, [&](std::string_view t) { return good_word(r, o, t); });
    const auto bad = first_clause(
        r, [&](chapter c) { return o.problems_only ? c == chapter::problems : asserts(c); },
        [&](std::string_view t) { return bad_word(r, o, t); });
    if (!good || !bad || (good->at.paragraph == bad->at.paragraph && good->at.s == bad->at.s)) continue;
    r.tell("claim/claim", o.sure ? strength::sure : strength::ask, {good->at, bad->at},
           fmt::format("关于{}，一处说“{}”，一处说“{}”。", o.topic, good->word, bad->word));
  }
  saving_without_saving(r);
  grade_against_score(r);
}

namespace {

struct date_told {
  std::size_t paragraph;
  stretch sentence, at;
  int year, month, day;
  [[nodiscard]] int order() const { return year * 10'000 + month * 100 + day; }
};

int digits_before(std::string_view t, std::size_t end, std::size_t& from) {
  from = end;
  int value = 0, scale = 1;
  while (from > 0 && end - from < 4 && t[from - 1] >= '0' && t[from - 1] <= '9') {
    --from;
    value += (t[from] - '0') * scale;
    scale *= 10;
  }
  return from == end ? -1 : value;
}

/** 2023年12月31日, and 12月31日 or 10月18日 with the year of the report. */
std::vector<date_told> dates_of(const inspection& r, std::size_t index) {
  std::vector<date_told> out;
  const paragraph& p = r.report.paragraphs[index];
  for (const stretch& s : p.sentences)
    for (std::size_t at = p.text.find("日", s.from); at < s.to; at = p.text.find("日", at + 3)) {
      std::size_t from = 0;
      const int day = digits_before(p.text, at, from);
      if (day < 0 || from < 3 || p.text.compare(from - 3, 3, "月") != 0) continue;
      const int month = digits_before(p.text, from - 3, from);
      if (month < 0) continue;
      int year = r.report.year;
      std::size_t begin = from;
      if (from >= 3 && p.text.compare(from - 3, 3, "年") == 0)
        if (const int told_year = digits_before(p.text, from - 3, begin); told_year > 1900) year = told_year;
      out.push_back({index, s, {begin, at + 3}, year, month, day});
    }
  return out;
}

int days_of(int year, int month) {
  constexpr std::array days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12) return 0;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : days[static_cast<std::size_t>(month) - 1];
}

passage clause_of(const inspection& r, const date_told& d) {
  return {d.paragraph, clause_at(r.report.paragraphs[d.paragraph], d.sentence, d.at.from), d.at.from};
}

/** 计划于 A 前完成，实际于 B 完成: later than planned and yet on time. */
void planned_against_done(inspection& r, const std::vector<date_told>& all) {
  for (std::size_t i = 1; i < all.size(); ++i) {
    const paragraph& p = r.report.paragraphs[all[i].paragraph];
    const passage plan = clause_of(r, all[i - 1]), done = clause_of(r, all[i]);
    const bool pair = has_any(p.words(plan.s), {"计划", "应", "要求", "目标", "合同约定"}) &&
                      has_any(p.words(done.s), {"实际", "完成", "通过", "交付", "上线"}) &&
                      !has_any(p.words(done.s), {"计划", "应于", "要求"});
    if (!pair || all[i].order() <= all[i - 1].order() || !has_any(p.text, {"如期", "按期", "按时", "及时", "提前"}))
      continue;
    if (has_any(p.text, {"未按", "未能", "延期", "推迟", "逾期"})) continue;
    r.tell("date/date", strength::sure, {plan, done}, "完成日期晚于计划日期，却说按期或提前完成。");
  }
}

std::int64_t day_number(const date_told& d) {
  const std::chrono::year_month_day day{std::chrono::year(d.year), std::chrono::month(static_cast<unsigned>(d.month)),
                                        std::chrono::day(static_cast<unsigned>(d.day))};
  return std::chrono::sys_days(day).time_since_epoch().count();
}

bool on_the_calendar(const date_told& d) { return d.day >= 1 && d.day <= days_of(d.year, d.month); }

/** 计划 A，实际 B，提前 N 天. */
void days_between(inspection& r, std::size_t index, const std::vector<date_told>& all) {
  for (const claim& c : r.claims) {
    if (c.paragraph != index || c.what.what != measure::days || !has_any(c.subject, {"提前", "延期", "推迟"})) continue;
    const date_told* done = nullptr;
    const date_told* plan = nullptr;
    for (const date_told& d : all)
      if (d.sentence == c.sentence && d.at.from < c.what.at.from) plan = done, done = &d;
    if (plan == nullptr || !on_the_calendar(*plan) || !on_the_calendar(*done)) continue;
    if (!has_any(r.report.paragraphs[index].words(clause_of(r, *plan).s), {"计划", "应", "要求", "目标", "约定"}))
      continue;
    const std::int64_t days = c.subject.find("提前") != std::string::npos ? day_number(*plan) - day_number(*done)
                                                                          : day_number(*done) - day_number(*plan);
    if (exact(days) != c.what.value)
      r.tell("date/date", strength::sure, {clause_of(r, *plan), clause_of(r, *done), r.here(c)},
             fmt::format("两个日期相差 {} 天，却写 {}。", days, printed(r, c)));
  }
}

}  // namespace

void dates_that_cannot_be(inspection& r) {
  for (std::size_t i = 0; i < r.report.paragraphs.size(); ++i) {
    const paragraph& p = r.report.paragraphs[i];
    const std::vector<date_told> all = dates_of(r, i);
    for (const date_told& d : all) {
      const passage at = clause_of(r, d);
      if (d.day < 1 || d.day > days_of(d.year, d.month)) {
        r.tell("date/date", strength::sure, {at}, fmt::format("没有 {} 月 {} 日这一天。", d.month, d.day));
      } else if (r.report.year > 0 && d.year < r.report.year && p.part == chapter::outputs &&
                 has_any(p.words(at.s), {"如期", "按期", "按时", "完成"}) &&
                 has_any(p.words(at.s), {"各类", "各项", "全部", "任务"})) {
        r.tell("date/date", strength::ask, {at},
               fmt::format("报告是 {} 年度的，产出却在 {} 年完成。", r.report.year, d.year));
      }
    }
    planned_against_done(r, all);
    days_between(r, i, all);
  }
}

}  // namespace changtong::claims
