// A carrier's sheet: its contracts, its lines by contract period, the credits, and the repairs that took too long.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/core/clock_text.h"
#include "daemon/report/report_layout.h"

namespace changtong::report {
namespace {

using availability::judgement;
using availability::repair_judgement;

std::string limit_text(const std::optional<milliseconds>& d) { return d ? clock_text(*d) : "未约定"; }

std::string band_text(const credit_band& b) {
  const std::string when = b.below ? fmt::format("可用率低于 {} %", percent_text(*b.below))
                                   : fmt::format("单次中断长于 {}", clock_text(*b.outage_longer_than));
  return fmt::format(
      "{}：{}", when,
      b.of_fee ? fmt::format("周期租费的 {} %", percent_text(*b.of_fee)) : fmt::format("{} 天租费", b.days));
}

std::string bands_text(const contract& c) {
  if (c.credit_bands.empty()) return "未约定";
  std::vector<std::string> all;
  for (const credit_band& b : c.credit_bands) all.push_back(band_text(b));
  return fmt::format("{}{}", fmt::join(all, "；"),
                     c.credit_cap ? fmt::format("；合计不超过周期租费的 {} %", percent_text(*c.credit_cap)) : "");
}

std::string windows_text(window_treatment w) {
  return w == window_treatment::removed ? "剔除" : w == window_treatment::counted ? "计入" : "剔除，并列计入值";
}

std::string power_text(const contract& c) {
  if (!c.user_power) return "未约定，按中断计";
  return *c.user_power == power_treatment::excluded ? "剔除" : "计入";
}

std::string validity_text(const contract& c, const civil_zone& zone) {
  const auto day = [&](wall_t at) { return zone.key(at, civil_zone::unit::day); };
  return fmt::format("{} 至 {}", c.valid_from ? day(*c.valid_from) : "未载明",
                     c.valid_to ? day(*c.valid_to - milliseconds{1}) : "未载明");
}

table contract_table(const carrier_part& part, const civil_zone& zone) {
  table t{.title = "合同条款",
          .columns = {{"合同", 14},
                      {"等级", 8},
                      {"指标 %", 10},
                      {"考核周期", 9},
                      {"单次上限", 10},
                      {"响应时限", 10},
                      {"修复时限", 10},
                      {"起算", 8},
                      {"报障时限", 10},
                      {"计划停机", 12},
                      {"用户断电", 12},
                      {"月租（元/条）", 11},
                      {"扣减", 36},
                      {"有效期", 24},
                      {"依据", 30}},
          .rows = {},
          .if_empty = "无合同指标：账本中没有与该运营商的合同"};
  for (const contract& c : part.contracts)
    t.rows.push_back({text_cell(c.id), text_cell(c.grade.empty() ? "—" : c.grade),
                      text_cell(c.availability_target ? percent_text(*c.availability_target) : "未约定"),
                      text_cell(c.period == contract_period::month ? "月" : "年"),
                      text_cell(limit_text(c.max_single_outage)), text_cell(limit_text(c.response_limit)),
                      text_cell(limit_text(c.repair_limit)),
                      text_cell(!c.clock                              ? "—"
                                : *c.clock == repair_clock::discovery ? "发现"
                                                                      : "报障"),
                      text_cell(limit_text(c.report_deadline)), text_cell(windows_text(c.windows)),
                      text_cell(power_text(c)), c.monthly_fee ? money_cell(c.monthly_fee) : text_cell("未约定"),
                      text_cell(bands_text(c)), text_cell(validity_text(c, zone)),
                      text_cell(c.clause.empty() ? c.source : fmt::format("{} {}", c.source, c.clause))});
  return t;
}

std::string verdict_text(const contract_row& r) {
  const std::string so_far = r.result.complete ? "" : "（未满期，累计）";
  switch (r.result.target) {
    case judgement::met:
      return (r.result.proven ? "达标" : "达标（仅按已观测时间，下限未达）") + so_far;
    case judgement::missed:
      return "未达标" + so_far;
    case judgement::no_value:
      return "无观测";
    default:
      return "无合同指标";
  }
}

std::string credit_text(const contract_row& r) {
  if (!r.result.complete) return "期满结算";
  std::vector<std::string> all;
  for (const auto& [band, amount] : r.credits)
    all.push_back(amount ? fmt::format("{}（{} 元）", band_text(band), yuan_text(*amount)) : band_text(band));
  return all.empty() ? "无" : fmt::format("{}", fmt::join(all, "；"));
}

/** Civil days where the edges are midnights, else instants; ends as people write them: the last day included. */
std::string only_text(const std::vector<period>& parts, const civil_zone& zone) {
  std::vector<std::string> all;
  for (const period& p : parts) {
    const auto day = [&](wall_t at) { return zone.around(at, civil_zone::unit::day); };
    if (day(p.from).from == p.from && day(p.to - milliseconds{1}).to == p.to)
      all.push_back(fmt::format("{} 至 {}", zone.key(p.from, civil_zone::unit::day),
                                zone.key(p.to - milliseconds{1}, civil_zone::unit::day)));
    else
      all.push_back(fmt::format("{} 至 {}（不含）", instant_text(zone, p.from), instant_text(zone, p.to)));
  }
  return fmt::format("{}", fmt::join(all, "、"));
}

/** What is left of the budget, in percent, cut towards what is worse. */
std::string budget_left(const contract_row& r) {
  const std::int64_t budget = r.result.budget->count(), used = r.result.sums.down.count();
  if (used <= budget) return budget == 0 ? "0" : availability::truncated_percent(budget - used, budget, 2);
  if (budget == 0) return "超出";
  const std::int64_t over = used - budget;  // 0.01 % more where anything is cut off
  const std::int64_t hundredths = static_cast<std::int64_t>(portion_below(over, 10'000, budget));
  const bool whole = portion_below(hundredths, budget, 10'000) == over;
  const std::int64_t shown = hundredths + (whole ? 0 : 1);
  return fmt::format("−{}.{:02}", shown / 100, shown % 100);
}

std::string remark_of(const contract_row& r, const civil_zone& zone) {
  std::vector<std::string> all;
  if (r.recorded_late) all.push_back(fmt::format("合同于 {} 补录", instant_text(zone, *r.recorded_late)));
  if (!r.result.only.empty()) all.push_back("合同只覆盖部分期间，只判：" + only_text(r.result.only, zone));
  if (r.result.power.count() > 0) all.push_back(fmt::format("已剔除用户侧断电 {}", clock_text(r.result.power)));
  if (r.result.with_windows && r.result.sums.excluded.count() > 0)
    all.push_back(fmt::format("计入计划停机时为 {}", availability::chinese_ratio(*r.result.with_windows)));
  return fmt::format("{}", fmt::join(all, "；"));
}

table period_table(const carrier_part& part, const civil_zone& zone) {
  table t{.title = "各线路按合同周期",
          .columns = {{"专线", 14},
                      {"名称", 22},
                      {"合同", 14},
                      {"周期", 10},
                      {"畅通率（按合同）", 24},
                      {"覆盖率 %", 10},
                      {"中断分钟", 10},
                      {"中断时长", 11},
                      {"计划停机", 11},
                      {"未观测", 11},
                      {"次数", 6},
                      {"指标 %", 10},
                      {"结论", 16},
                      {"允许中断", 11},
                      {"剩余额度 %", 11},
                      {"扣减依据", 36},
                      {"扣减（元）", 11},
                      {"备注", 40}},
          .rows = {},
          .if_empty = "无合同指标"};
  for (const contract_row& r : part.periods) {
    const seconds& s = r.result.sums;
    const std::int64_t measured = (s.up + s.down).count();
    t.rows.push_back({text_cell(r.line), text_cell(r.name), text_cell(r.terms.id), text_cell(r.period_name),
                      availability_cell(s),
                      percent_cell(availability::truncated_percent(measured, measured + s.unknown.count(), 5), measured,
                                   measured + s.unknown.count()),
                      count_cell(s.down.count() / 60'000), duration_cell(s.down), duration_cell(s.excluded),
                      duration_cell(s.unknown), count_cell(s.outages),
                      text_cell(r.terms.availability_target ? percent_text(*r.terms.availability_target) : "未约定"),
                      text_cell(verdict_text(r)), r.result.budget ? duration_cell(*r.result.budget) : cell{},
                      text_cell(r.result.budget ? budget_left(r) : ""), text_cell(credit_text(r)),
                      money_cell(r.result.total), text_cell(remark_of(r, zone))});
  }
  return t;
}

/** A contract that counts from the report: what the first ticket says, which a person has to hold against the
 * carrier's own paper. */
std::string undecided_text(const repair_row& r, const civil_zone& zone) {
  if (r.note.tickets.empty()) return "待核：合同自报障起算，报障时间未入账；自发现起已超过时限";
  const books::ticket& t = r.note.tickets.front();
  std::string text = fmt::format("待核：合同自报障起算，报障单 {} 报于 {}", t.number, instant_text(zone, t.reported));
  if (r.what.ended != wall_max)
    text += fmt::format("，自报障至恢复 {}", clock_text(std::max(milliseconds{0}, r.what.ended - t.reported)));
  return text;
}

std::string fault_text(const repair_row& r, const civil_zone& zone) {
  std::vector<std::string> all;
  if (r.judgement == repair_judgement::over) all.emplace_back("超过修复时限");
  if (r.judgement == repair_judgement::undecided) all.push_back(undecided_text(r, zone));
  if (r.too_long) all.emplace_back("超过单次中断上限");
  return fmt::format("{}", fmt::join(all, "；"));
}

table fault_table(const carrier_part& part, const civil_zone& zone) {
  table t{.title = "超过合同时限的故障",
          .columns = {{"专线", 14},
                      {"名称", 22},
                      {"合同", 14},
                      {"开始", 20},
                      {"发现（确认）", 20},
                      {"恢复", 20},
                      {"修复用时", 11},
                      {"修复时限", 11},
                      {"中断时长", 11},
                      {"单次上限", 11},
                      {"原因", 14},
                      {"最迟报障", 20},
                      {"结论", 36},
                      {"报障、答复与批注", 40}},
          .rows = {}};
  for (const repair_row& r : part.faults) {
    const auto& o = r.what;
    t.rows.push_back(
        {text_cell(r.line), text_cell(r.name), text_cell(r.terms.id), text_cell(instant_text(zone, o.began)),
         text_cell(instant_text(zone, o.confirmed)),
         text_cell(o.ended == wall_max ? "未恢复" : instant_text(zone, o.ended)), duration_cell(r.took),
         r.terms.repair_limit ? duration_cell(*r.terms.repair_limit) : cell{}, duration_cell(r.down),
         r.terms.max_single_outage ? duration_cell(*r.terms.max_single_outage) : cell{}, text_cell(cause_text(o)),
         text_cell(r.terms.report_deadline ? instant_text(zone, o.confirmed + *r.terms.report_deadline) : "未约定"),
         text_cell(fault_text(r, zone)),
         text_cell(fmt::format("{}", fmt::join(books::sentences(r.note, zone), "；")))});
  }
  return t;
}

table ticket_table(const carrier_part& part, const civil_zone& zone) {
  table t{.title = "报障单",
          .columns = {{"报障单", 16},
                      {"专线", 22},
                      {"名称", 22},
                      {"中断开始", 20},
                      {"报障", 20},
                      {"最迟报障", 20},
                      {"报障人", 10},
                      {"送达", 20},
                      {"运营商单号", 16},
                      {"故障原因", 10},
                      {"答复", 36},
                      {"办结", 20}},
          .rows = {}};
  for (const ticket_row& r : part.tickets) {
    const books::ticket& one = r.what;
    const bool late = one.deadline && one.reported > *one.deadline;
    t.rows.push_back({text_cell(one.number), text_cell(fmt::format("{}", fmt::join(one.targets, " "))),
                      text_cell(fmt::format("{}", fmt::join(r.names, "、"))), text_cell(instant_text(zone, one.began)),
                      text_cell(instant_text(zone, one.reported) + (late ? "（超时）" : "")),
                      text_cell(one.deadline ? instant_text(zone, *one.deadline) : "未约定"),
                      text_cell(one.reported_by == automatic_author ? "自动" : one.reported_by),
                      text_cell(one.sent             ? instant_text(zone, *one.sent)
                                : one.answer.empty() ? ""
                                                     : "未送达"),
                      text_cell(one.theirs), text_cell(chinese_of(one.cause)), text_cell(one.reply),
                      text_cell(one.closed ? instant_text(zone, *one.closed) : "未办结")});
  }
  return t;
}

std::vector<std::string> notes_of(const carrier_part& part) {
  const seconds& s = part.row.sums;
  std::vector<std::string> notes{
      fmt::format("专线 {} 条，中断合计 {}（{} 分钟），{} 次；畅通率 R1 {}；计划停机 {}；未观测 {}。", part.lines,
                  clock_text(s.down), s.down.count() / 60'000, s.outages, availability::chinese_ratio(s),
                  clock_text(s.excluded), clock_text(s.unknown))};
  if (part.without_contract > 0)
    notes.push_back(
        fmt::format("其中 {} 条无合同指标：账本中没有适用的合同，既不判达标，也不判未达标。", part.without_contract));
  if (part.repairs > 0)
    notes.push_back(fmt::format("修复时限：考核 {} 次，平均修复 {}，时限内 {} 次，超时 {} 次，待核 {} 次。",
                                part.repairs, clock_text(part.repair_time / part.repairs), part.within, part.over,
                                part.undecided));
  if (part.credit) notes.push_back(fmt::format("按合同应扣减合计 {} 元。", yuan_text(*part.credit)));
  notes.emplace_back(
      "扣减规则：可用率低于多档时取最低一档；每次中断取最长一档，按其全程中断时长，计入开始所在周期；各项相加，以合同上"
      "限为限。"
      "年度租费为 12 "
      "个月；一天租费为周期租费除以周期的日历天数；每项四舍五入到分。不满周期的线路按整周期租费计，不折算。"
      "修复用时自发现（确认）至首个正常样本。");
  notes.emplace_back(
      "允许中断＝（1−指标）×整个合同周期应计的时间：已观测的畅通与中断，加上周期内尚未到来的时间，不含计划停机（合同规"
      "定计"
      "入的除外）和未观测；剩余额度为负，即已超出。");
  return notes;
}

}  // namespace

sheet carrier_sheet(const availability_report& r, const carrier_part& part) {
  sheet s{
      .name = part.carrier.empty() ? "运营商未填写" : part.carrier,
      .notes = notes_of(part),
      .bars_title = {},
      .bars = {},
      .tables = {contract_table(part, r.head.zone), period_table(part, r.head.zone), fault_table(part, r.head.zone)}};
  if (!part.tickets.empty()) s.tables.push_back(ticket_table(part, r.head.zone));
  return s;
}

}  // namespace changtong::report
