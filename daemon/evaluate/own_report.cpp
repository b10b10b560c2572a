#include "daemon/evaluate/own_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/claims/consistency.h"

namespace changtong::evaluate {
namespace {

std::string sentence_of(const evaluation& e, const indicator_result& i) {
  return fmt::format("{}{}。公式与定义：{}{}；统计期：{}；数据来源：{}。{}\n", i.level3,
                     i.actual_text.empty() ? "尚无数值" : i.actual_text, i.evidence.formula, i.definition,
                     e.period_text, i.source_text, i.reason.empty() ? "" : "未达到的原因：" + i.reason + "。");
}

}  // namespace

void check_own_report(evaluation& e) {
  std::string text;
  for (const chapter& c : e.chapters) {
    text += c.title + "\n";
    for (const std::string& p : c.paragraphs) text += p + "\n";
  }
  if (text.empty()) return;
  const auto free_lines = static_cast<int>(std::ranges::count(text, '\n'));
  for (const indicator_result& i : e.indicators) text += sentence_of(e, i);
  for (const auto& c : claims::contradictions(text)) {
    std::string quotes;
    for (const std::string& q : c.quotes) quotes += "「" + q + "」";
    const bool ours = std::ranges::all_of(c.lines, [&](int line) { return line > free_lines; });
    auto& to = c.how == claims::strength::sure && ours ? e.blocking : e.findings;
    to.push_back(fmt::format("报告各章{}：{}{}", claims::chinese(c.how), c.text, quotes));
  }
}

}  // namespace changtong::evaluate
