#include "daemon/report/shortfalls.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <functional>
#include <map>

namespace changtong::report {
namespace {

using evaluate::indicator_result;
using evaluate::light;
using evaluate::standing;

std::string reason_of(const indicator_result& i) {
  if (i.how == standing::insufficient && !i.evidence.missing.empty())
    return fmt::format("缺少：{}", fmt::join(i.evidence.missing, "；"));
  if (!i.reason.empty() || !i.reason_needed) return i.reason_text();
  return "尚未说明偏差原因和改进措施" + (i.fault_causes.empty() ? "" : "；" + i.fault_causes);
}

/** Words stand in quotes, numbers as they are. */
std::string quoted(const indicator_result& i, const std::string& value) {
  return i.comparator.empty() && !value.empty() ? "“" + value + "”" : value;
}

shortfall of(const indicator_result& i) {
  std::string what = fmt::format("年度指标值{}", i.target_text.empty() ? "未填" : quoted(i, i.target_text));
  if (i.how == standing::insufficient) return {&i, what + "，证据不足，未计分", reason_of(i)};
  what += i.actual_text.empty() ? "，没有实际完成值" : "，实际完成值" + quoted(i, i.actual_text);
  what += i.score                     ? fmt::format("，得{}分（分值{}）", i.score->text, i.weight.text)
          : i.how == standing::scored ? ""
                                      : "，待评定";
  return {&i, what, reason_of(i)};
}

/** The settings' codes with what they mean; other words as they are. */
std::string meaning_of(const std::string& code) {
  static const std::map<std::string, std::string, std::less<>> words{
      {"A", "A＝U÷(U＋D)，未观测的时间不计入"},
      {"A_low", "A_low＝U÷(U＋D＋未观测)，未观测的时间全部按中断计"},
      {"R1", "R1 时长畅通率，ΣU÷Σ(U＋D)"},
      {"R2", "R2 线路平均，各线路畅通率的平均"},
      {"R3", "R3 快照，各时刻畅通线路所占比例的平均"},
      {"R4", "R4 达标率，达到合同目标的线路所占比例"}};
  const auto found = words.find(code);
  return found == words.end() ? code : found->second;
}

void add(std::vector<std::string>& lines, std::string_view label, const std::string& text) {
  if (!text.empty()) lines.push_back(fmt::format("{}：{}", label, text));
}

}  // namespace

std::vector<shortfall> shortfalls_of(const evaluate::evaluation& e) {
  std::vector<shortfall> out;
  for (const indicator_result& i : e.indicators)
    if (i.how != standing::scored || i.colour == light::yellow || i.colour == light::red) out.push_back(of(i));
  return out;
}

std::vector<std::string> statement_of(const evaluate::evaluation& e) {
  std::vector<std::string> out;
  add(out, "评价期间", e.period_text);
  add(out, "预算执行率", e.execution.method);
  add(out, "预算执行偏差", e.execution.reason);
  if (e.execution.reason_needed && e.execution.reason.empty()) add(out, "预算执行偏差", "【缺】须说明原因");
  add(out, "畅通率取值", meaning_of(e.score_by));
  add(out, "反向指标", e.reverse_variant);
  add(out, "取整", e.rounding_text);
  add(out, "畅通率口径", meaning_of(e.group_formula));
  for (const indicator_result& i : e.indicators)
    for (const std::string& r : i.remarks) add(out, i.level3, r);
  for (const std::string& w : e.warnings) add(out, "注意", w);
  for (const auto& o : e.overridden)
    add(out, "放行", fmt::format("{}（{}：{}）", o.block.substr(0, o.block.find("：")), o.by, o.reason));
  if (!e.blocking.empty())
    for (const std::string& f : e.findings) add(out, "自查", f);
  std::string made = e.software;
  if (!e.ledger_digest.empty()) made += fmt::format("；账本摘要 {}", e.ledger_digest);
  if (!e.fingerprint.empty()) made += fmt::format("；封条公钥指纹 {}", e.fingerprint);
  if (e.ledger_digest.empty()) made += made.empty() ? "本表没有账本作依据" : "；本表没有账本作依据";
  add(out, "软件与账本", made);
  return out;
}

std::vector<std::string> paragraphs_of(const evaluate::evaluation& e, std::string_view ending) {
  for (const evaluate::chapter& c : e.chapters)
    if (c.title.ends_with(ending)) return c.paragraphs;
  return {};
}

std::string conclusion_of(const evaluate::evaluation& e) {
  std::string before;
  if (!e.scored) return {};
  if (!e.before_total.empty()) before = fmt::format("上年（{}年度）总分{}分。", e.before_year, e.before_total);
  if (!e.whole_year) {
    std::string forecast = "；总分和等级待年终评定。";
    if (e.forecast_total)
      forecast = fmt::format("；预计全年总分{}分{}。", e.forecast_total->text,
                             e.forecast_grade.empty() ? "" : "，等级为" + e.forecast_grade);
    return fmt::format("截至{}，已评指标合计得{}分{}{}", e.as_of, e.total_so_far.text, forecast, before);
  }
  if (!e.total)
    return fmt::format("已评指标合计得{}分；尚有指标没有得分，不计总分，不评等级。{}", e.total_so_far.text, before);
  return fmt::format("自评总分{}分{}。{}", e.total->text, e.grade.empty() ? "" : "，等级为" + e.grade, before);
}

}  // namespace changtong::report
