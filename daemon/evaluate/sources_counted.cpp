// Values that are counted elsewhere and imported: counters, access logs, surveys.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "daemon/evaluate/sources.h"
#include "daemon/plans/access_log.h"

namespace changtong::evaluate {
namespace {

using plans::counter_value;
using plans::counting;

bool took_papers(finding& f, const papers& p) {
  f.evidence.files = p.files;
  for (const std::string& m : p.missing) insufficient(f, m);
  return p.missing.empty();
}

/** The last value at or before `at`, if it is at most `tolerance` days older; else the first one after, if near. */
const counter_value* value_at(const std::vector<counter_value>& series, wall_t at, int tolerance) {
  const milliseconds most = std::chrono::hours{24} * tolerance;
  const counter_value* found = nullptr;
  for (const counter_value& v : series)
    if (v.at <= at && at - v.at <= most) found = &v;
  if (found != nullptr) return found;
  for (const counter_value& v : series)
    if (v.at > at && v.at - at <= most) return &v;
  return nullptr;
}

std::string origin_of(const plans::counter_source& s) {
  return s.counter.empty() ? "计数文件 " + s.files[0].written : "账本中的计数器 " + s.counter;
}

void end_missing(finding& f, const plans::counter_source& s, const occasion& o, wall_t at, const char* which) {
  insufficient(f, fmt::format("{} 没有{}（{} 前后 {} 天之内）的数值", origin_of(s), which, o.zone.format_short(at),
                              s.tolerance_days));
}

void growth(finding& f, const plans::counter_source& s, const std::vector<counter_value>& series, const occasion& o) {
  const counter_value* from = value_at(series, o.so_far.from, s.tolerance_days);
  const counter_value* to = value_at(series, o.so_far.to, s.tolerance_days);
  if (from == nullptr) end_missing(f, s, o, o.so_far.from, "期初");
  if (to == nullptr) end_missing(f, s, o, o.so_far.to, "期末");
  if (from == nullptr || to == nullptr) return;
  if (from == to) return insufficient(f, fmt::format("{} 在期内只有一个数值", origin_of(s)));
  f.actual = to->value - from->value;
  f.evidence.formula = "期末值−期初值";
  f.evidence.numerator = fmt::format("期末 {}（{}）", shortest(to->value), to->written);
  f.evidence.denominator = fmt::format("期初 {}（{}）", shortest(from->value), from->written);
  for (const counter_value* v = from; v != to; ++v)
    if ((v + 1)->value < v->value) {
      f.remarks.push_back(fmt::format("计数在 {} 下降：核对是否清零或换号", (v + 1)->written));
      break;
    }
}

void total(finding& f, const plans::counter_source& s, const std::vector<counter_value>& series, const occasion& o) {
  exact sum = 0;
  std::int64_t n = 0;
  for (const counter_value& v : series)
    if (v.at > o.so_far.from && v.at <= o.so_far.to) {  // a value covers the time up to it
      sum += v.value;
      ++n;
    }
  if (n == 0) return insufficient(f, fmt::format("{} 在期内没有数值", origin_of(s)));
  f.actual = sum;
  f.evidence.formula = "期内各数值之和";
  f.evidence.numerator = fmt::format("{}，共 {} 个数值", shortest(sum), n);
}

void last(finding& f, const plans::counter_source& s, const std::vector<counter_value>& series, const occasion& o) {
  const counter_value* to = value_at(series, o.so_far.to, s.tolerance_days);
  if (to == nullptr) return end_missing(f, s, o, o.so_far.to, "期末");
  f.actual = to->value;
  f.evidence.formula = "期末值";
  f.evidence.numerator = fmt::format("{}（{}）", shortest(to->value), to->written);
}

void accesses(finding& f, const plans::counter_source& s, const plans::access_counts& a) {
  const bool views = s.how == counting::views;
  f.actual = exact{views ? a.views : a.visits};
  f.evidence.formula = views ? "页面浏览量（PV）" : "访问次数（同一地址与浏览器，间隔不超过 30 分钟为一次）";
  f.evidence.numerator = fmt::format("页面浏览 {} 次，访问 {} 次", a.views, a.visits);
  f.evidence.facts.emplace_back(plans::access_rule);
  f.evidence.facts.push_back(
      fmt::format("日志 {} 行：期外 {}，爬虫 {}，非 GET {}，状态码不是 200/304 的 {}，不是页面 {}，"
                  "无法解读 {}",
                  a.lines, a.outside_period, a.robots, a.other_method, a.other_status, a.no_page, a.unreadable));
  if (!a.first.empty()) f.evidence.facts.push_back(fmt::format("计入的访问自 {} 至 {}", a.first, a.last));
  if (a.unreadable > 0) f.remarks.push_back(fmt::format("日志有 {} 行无法解读，未计入", a.unreadable));
  if (a.lines == 0) insufficient(f, "访问日志是空的");
}

/** 验收: those of the period with an outcome that counts, or their share of all that are due by now. */
void accepted_rows(finding& f, const plans::counter_source& s, const plans::target& t, const papers& p,
                   const occasion& o) {
  constexpr std::size_t most_facts = 500;
  const std::string from = o.day(o.so_far.from), to = o.last_day();
  std::int64_t good = 0, all = 0, elsewhere = 0;
  for (const plans::accepted_row& r : p.accepted) {
    if (!r.day.empty() && (r.day < from || r.day > to)) {
      ++elsewhere;
      continue;
    }
    const bool counts =
        !r.day.empty() && (s.results.empty() || std::ranges::find(s.results, r.result) != s.results.end());
    ++all;
    good += counts ? 1 : 0;
    if (f.evidence.facts.size() < most_facts)
      f.evidence.facts.push_back(fmt::format("{}：{}{}{}", r.name, r.day.empty() ? "尚未验收" : r.day + " 验收",
                                             r.result.empty() ? "" : "，" + r.result, counts ? "" : "，不计入"));
  }
  if (elsewhere > 0) f.remarks.push_back(fmt::format("{} 行的验收日期不在期内，未计入", elsewhere));
  f.source_text = "验收清单：" + s.files[0].written;
  f.evidence.numerator = fmt::format("{} 项", good);
  if (all == 0) return insufficient(f, "验收清单在期内没有一行");
  if (plans::is_percent(t.unit)) {
    f.evidence.formula = "验收合格的项数÷应验收的项数×100%";
    f.evidence.denominator = fmt::format("{} 项", all);
    f.actual = exact{good, all} * 100;
    return;
  }
  f.evidence.formula = "期内验收合格的项数";
  f.actual = exact{good} / plans::scale_of(t.unit);
  extrapolate(f, o);
}

bool is_satisfied(const plans::survey_source& s, const plans::survey_answer& a) {
  if (s.from_score) return a.score && *a.score >= *s.from_score;
  return std::ranges::find(s.satisfied, a.answer) != s.satisfied.end();
}

struct tally {
  std::int64_t satisfied = 0, answers = 0, without_score = 0;
  std::string first, last;
  std::map<std::string, std::int64_t> channels, questions, words;
};

tally count_answers(const plans::survey_source& s, const std::vector<plans::survey_answer>& answers,
                    const occasion& o) {
  tally t;
  const std::string from = o.day(o.so_far.from), to = o.last_day();
  for (const plans::survey_answer& a : answers) {
    if (a.day < from || a.day > to || (!s.question.empty() && a.question != s.question)) continue;
    ++t.questions[a.question];
    if (s.from_score && !a.score) {
      ++t.without_score;
      continue;
    }
    ++t.answers;
    ++t.channels[a.channel];
    ++t.words[a.answer];
    if (is_satisfied(s, a)) ++t.satisfied;
    if (t.first.empty() || a.day < t.first) t.first = a.day;
    if (a.day > t.last) t.last = a.day;
  }
  return t;
}

std::string listed(const std::map<std::string, std::int64_t>& counts, const char* unit) {
  std::string out;
  for (const auto& [word, n] : counts)
    out += fmt::format("{}{} {} {}", out.empty() ? "" : "，", word.empty() ? "（未填）" : word, n, unit);
  return out;
}

}  // namespace

void extrapolate(finding& f, const occasion& o) {
  if (o.whole || !f.actual) return;
  f.forecast = *f.actual * exact{o.days_in(o.year), o.days_in(o.so_far)};
  f.forecast_rule = fmt::format("按已过 {} 天线性外推至全年 {} 天", o.days_in(o.so_far), o.days_in(o.year));
}

void add_counted(papers& p, const counter_record& r, std::string_view wanted, const civil_zone& zone) {
  const auto value = parse_exact(r.value);
  if (!value) return;
  const auto one = [](std::string_view unit) {
    constexpr std::string_view ten_thousand = "万";
    return unit.starts_with(ten_thousand) ? unit.substr(ten_thousand.size()) : unit;
  };
  const std::string at = zone.format_short(r.about);
  if (!one(r.unit).empty() && !one(wanted).empty() && one(r.unit) != one(wanted))
    p.missing.push_back(fmt::format("{} 登记的单位“{}”不是指标值的单位“{}”", at, r.unit, wanted));
  p.counter.push_back({r.about, *value * plans::scale_of(r.unit), at});
  p.notes.push_back(
      fmt::format("{}：{}{}，{} 登记{}", at, r.value, r.unit, r.author, r.source.empty() ? "" : "，来源 " + r.source));
}

finding find_counter(const plans::counter_source& s, const plans::indicator& i, const papers& p, const occasion& o) {
  finding f;
  const bool logs = s.how == counting::views || s.how == counting::visits;
  f.source_text = !s.counter.empty() ? origin_of(s)
                                     : fmt::format("{}：{}", logs ? "访问日志" : "导入的计数", s.files[0].written) +
                                           (s.files.size() > 1 ? fmt::format(" 等 {} 个文件", s.files.size()) : "");
  f.evidence.facts = p.notes;
  if (!took_papers(f, p)) return f;
  if (s.how == counting::rows) {
    accepted_rows(f, s, i.target, p, o);
    return f;
  }
  if (logs)
    accesses(f, s, p.accesses.value_or(plans::access_counts{}));
  else if (s.how == counting::growth)
    growth(f, s, p.counter, o);
  else if (s.how == counting::sum)
    total(f, s, p.counter, o);
  else
    last(f, s, p.counter, o);
  if (!f.actual) return f;
  f.actual = *f.actual / plans::scale_of(i.target.unit);
  if (s.how != counting::last) extrapolate(f, o);
  return f;
}

finding find_survey(const plans::survey_source& s, const plans::indicator&, const papers& p, const occasion& o) {
  finding f;
  f.source_text = "满意度调查：" + s.file.written;
  f.evidence.formula = "满意的答卷÷有效答卷×100%";
  if (!took_papers(f, p)) return f;
  const tally t = count_answers(s, p.answers, o);
  f.evidence.numerator = fmt::format("满意 {} 份", t.satisfied);
  f.evidence.denominator = fmt::format("有效答卷 {} 份", t.answers);
  f.evidence.facts.push_back(s.from_score ? fmt::format("{} 分及以上为满意", shortest(*s.from_score))
                                          : fmt::format("回答“{}”为满意", fmt::join(s.satisfied, "”“")));
  f.evidence.facts.push_back("问题：" + listed(t.questions, "份"));
  f.evidence.facts.push_back("方式：" + listed(t.channels, "份"));
  f.evidence.facts.push_back("回答：" + listed(t.words, "份"));
  if (t.answers > 0) f.evidence.facts.push_back(fmt::format("调查日期 {} 至 {}", t.first, t.last));
  if (t.without_score > 0) f.remarks.push_back(fmt::format("{} 份回答不是分数，未计入", t.without_score));
  if (t.answers < s.least_answers) {
    insufficient(f, fmt::format("期内有效答卷 {} 份，少于要求的 {} 份", t.answers, s.least_answers));
    return f;
  }
  f.actual = exact{t.satisfied, t.answers} * 100;
  return f;
}

}  // namespace changtong::evaluate
