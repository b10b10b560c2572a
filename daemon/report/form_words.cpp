#include "daemon/report/form_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/core/exact.h"
#include "daemon/report/shortfalls.h"

namespace changtong::report {
namespace {

constexpr std::string_view box = "tick ";

void add_line(std::string& to, const std::string& line) { to += (to.empty() ? "" : "\n") + line; }

/** Why an indicator has not all of its points, and who gave fewer; empty where nothing is to be said. */
std::string reason_of(const evaluate::indicator_result& i, const std::vector<shortfall>& all) {
  const auto found = std::ranges::find(all, &i, &shortfall::indicator);
  std::string why = found == all.end() ? i.reason_text() : found->why;
  if (!i.given.empty()) why += (why.empty() ? "" : "；") + i.given;
  return why;
}

/** What is missing and why, in sentences that a person would write into the form's last rows. */
void add_sentences(meanings& words, const evaluate::evaluation& e) {
  const std::vector<shortfall> all = shortfalls_of(e);
  std::string problems, measures, reasons;
  for (const shortfall& s : all) {
    add_line(problems, fmt::format("{}：{}", s.indicator->level3, s.what));
    if (!s.why.empty()) add_line(measures, fmt::format("{}：{}", s.indicator->level3, s.why));
  }
  for (const evaluate::indicator_result& i : e.indicators)
    if (const std::string why = reason_of(i, all); !why.empty()) add_line(reasons, i.level3 + "：" + why);
  if (!e.execution.reason.empty()) add_line(reasons, "预算执行率：" + e.execution.reason);
  for (const char* title : {"存在问题", "存在的问题"})
    for (const std::string& p : paragraphs_of(e, title)) add_line(problems, p);
  for (const std::string& p : paragraphs_of(e, "改进措施")) add_line(measures, p);
  words["conclusion"] = conclusion_of(e) + e.reached_goal;
  words["problems"] = problems.empty() ? "没有未完成的指标。" : problems;
  words["measures"] = measures.empty() ? "—" : measures;
  words["reasons"] = reasons.empty() ? "无" : reasons;
}

}  // namespace

meanings form_words(const evaluate::evaluation& e) {
  exact indicators = 0;
  for (const evaluate::indicator_result& i : e.indicators) indicators += i.weight.value;
  meanings words{{"year", e.year},
                 {"project", e.project},
                 {"department", e.department},
                 {"unit", e.unit},
                 {"office", e.office},
                 {"budget", e.execution.denominator.starts_with("调整后") ? "调整后预算数" : "全年预算数"},
                 {"money_unit", e.execution.yuan ? "元" : "万元"},
                 {"as_of", e.as_of},
                 {"period", e.period_text},
                 {"execution_points", e.execution.weight.text},
                 {"indicator_points", shortest(indicators)}};
  for (const std::string& t : e.ticks) words[std::string(box) + t] = "☑";
  add_sentences(words, e);
  return words;
}

std::string filled(std::string_view text, const meanings& known) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = std::min(text.find('{', at), text.size());
    out += text.substr(at, open - at);
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) break;
    const std::string_view word = text.substr(open + 1, close - open - 1);
    if (const auto found = known.find(word); found != known.end())
      out += found->second;
    else if (word.starts_with(box))
      out += "□";
    at = close + 1;
  }
  return out;
}

}  // namespace changtong::report
