// The first sheet, for who asks how the month was; and the last one: by which rules, and the whole in the four
// formulas.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "daemon/core/clock_text.h"
#include "daemon/report/report_layout.h"

namespace changtong::report {
namespace {

std::string share_text(const std::optional<availability::part>& p) {
  return p ? availability::truncated_percent(p->units, availability::part::one, 5) : "—";
}

std::vector<std::string> head_notes(const report_head& h) {
  const auto at = [&](wall_t t) { return instant_text(h.zone, t); };
  std::vector<std::string> notes{fmt::format("编制单位：{}　　期间：{}（{} 至 {}，不含止时刻）　　时区：{}",
                                             h.office.empty() ? "（未填写）" : h.office, h.period_name, at(h.when.from),
                                             at(h.when.to), h.zone.name())};
  if (h.as_known_at) notes.push_back(fmt::format("按 {} 时账本所载编制；此后登记的内容不在内。", at(*h.as_known_at)));
  if (!h.complete) notes.emplace_back("注意：期间尚未结束或尚未观测完，以下为截至已观测时刻的数字，不是期末结果。");
  notes.insert(notes.end(), h.remarks.begin(), h.remarks.end());
  return notes;
}

std::vector<std::string> rules_notes(const report_head& h) {
  std::vector<std::string> notes{
      fmt::format("编制时间：{}　　账本已观测至：{}　　软件：畅通 {}　　账目规则：第 {} 版",
                  h.zone.format_short(h.made_at), h.known_to == wall_t{} ? "未知" : h.zone.format_short(h.known_to),
                  h.version, h.rules),
      fmt::format("账本签名公钥指纹：{}", h.fingerprint.empty() ? "未封存" : h.fingerprint)};
  notes.emplace_back(
      "口径：每条线路的每一毫秒属于且只属于畅通 U、中断 D、计划停机 X、未观测 K 之一。A = U/(U+D)；下限 = U/(U+D+K)；"
      "上限 = (U+K)/(U+D+K)；覆盖率 = (U+D)/(S−X)；平均修复 MTTR = ΣD/次数；平均无故障 MTBF = ΣU/次数。"
      "百分数一律截断，不进位；只有中断和未观测都为零才写 100 %。");
  notes.emplace_back(
      "时间依据：墙上时钟（民用时，上述时区），时长由单调时钟校核；时钟跳变记为未观测。中断自首个异常样本起，至首个正常"
      "样本止，"
      "确认只推迟告警，不影响账目。中断时长另给出由两端不确定区间得出的最短、居中、最长值。");
  notes.emplace_back(
      "最短必能确认的中断：周期 T（抖动 ±10 %，相邻两次最多 1.2T）、时限 t、加密周期 F、连续 n "
      "次确认。首个异常样本最迟在中断后 1.2T "
      "发出，t 后得知无应答，再以 F 为间隔问 n−1 次：1.2T + t + (n−1)F；只靠常规周期为 nT + "
      "0.2T；取两者中较小的，每次另加调度刻度 "
      "10 ms。多个检查的目标以周期最短的检查为准。短于此长度的异常若未确认，计在“未确认”。");
  return notes;
}

/** One figure of the period, and of those that it is held against. */
struct compared {
  const char* name;
  cell (*value)(const seconds& s, std::int64_t targets);
  std::int64_t (*amount)(const seconds& s, std::int64_t targets);
  bool share = false;  ///< differs by points, not by a part of what it was
  bool grows = false;  ///< with the time: three days' are not held against a month's
};

std::int64_t measured_in(const seconds& s) { return (s.up + s.down).count(); }
std::int64_t counted_in(const seconds& s) { return measured_in(s) + s.unknown.count(); }
std::int64_t units_of(std::int64_t part, std::int64_t whole) { return whole <= 0 ? 0 : share_units(part, whole); }

cell coverage_cell(const seconds& s) {
  const std::int64_t measured = measured_in(s), counted = counted_in(s);
  if (counted <= 0) return text_cell("—");
  return percent_cell(availability::truncated_percent(measured, counted, 5) + " %", measured, counted);
}

cell repair_cell(const seconds& s) { return s.outages == 0 ? cell{} : duration_cell(s.down / s.outages); }

const std::array<compared, 6> compared_figures{{
    {"畅通率", [](const seconds& s, std::int64_t) { return availability_cell(s); },
     [](const seconds& s, std::int64_t) { return units_of(s.up.count(), measured_in(s)); }, true},
    {"中断次数", [](const seconds& s, std::int64_t) { return count_cell(s.outages); },
     [](const seconds& s, std::int64_t) { return s.outages; }, false, true},
    {"中断时长（线路合计）", [](const seconds& s, std::int64_t) { return duration_cell(s.down); },
     [](const seconds& s, std::int64_t) { return std::int64_t{s.down.count()}; }, false, true},
    {"平均修复时长", [](const seconds& s, std::int64_t) { return repair_cell(s); },
     [](const seconds& s, std::int64_t) { return s.outages == 0 ? 0 : std::int64_t{s.down.count()} / s.outages; }},
    {"监测覆盖率", [](const seconds& s, std::int64_t) { return coverage_cell(s); },
     [](const seconds& s, std::int64_t) { return units_of(measured_in(s), counted_in(s)); }, true},
    {"专线与网站（个）", [](const seconds&, std::int64_t targets) { return count_cell(targets); },
     [](const seconds&, std::int64_t targets) { return targets; }},
}};

table compared_table(const availability_report& r) {
  const auto heading_of = [](const char* what, const std::optional<books::earlier_period>& e) {
    return e ? fmt::format("{}（{}）", what, e->name) : std::string(what);
  };
  table t{.title = "本期与前期",
          .columns = {{"项目", 24},
                      {"本期", 18},
                      {heading_of("上期", r.against.before), 18},
                      {"环比", 20},
                      {heading_of("去年同期", r.against.year_ago), 18},
                      {"同比", 20}},
          .rows = {}};
  const std::int64_t now = r.all.lines + r.all.sites;
  for (const compared& c : compared_figures) {
    std::vector<cell> row{text_cell(c.name), c.value(r.all.sums, now)};
    for (const auto* e : {&r.against.before, &r.against.year_ago}) {
      if (!*e) {
        row.insert(row.end(), {text_cell("—"), text_cell("—")});
        continue;
      }
      const std::int64_t is = c.amount(r.all.sums, now), was = c.amount((*e)->sums, (*e)->targets);
      const cell then = c.value((*e)->sums, (*e)->targets);
      const bool both = row[1].what != cell::kind::blank && then.what != cell::kind::blank;
      row.push_back(then);
      const bool unlike = c.grows && (!r.head.complete || !(*e)->whole);
      row.push_back(!both || unlike || measured_in(r.all.sums) <= 0 ? text_cell("—")
                    : c.share                                       ? points_cell(is, was)
                                                                    : change_cell(is, was));
    }
    t.rows.push_back(std::move(row));
  }
  return t;
}

/** Who has shipped nothing is unknown, and never a figure. */
table places_table(const availability_report& r) {
  table t{.title = "各区县",
          .columns = {{"区县", 24},
                      {"畅通率", 18},
                      {"中断次数", 18},
                      {"中断时长", 20},
                      {"专线与网站（个）", 18},
                      {"覆盖率", 20},
                      {"账到何时", 40}},
          .rows = {}};
  for (const place_row& p : r.places) {
    const bool known = p.sums.scope.has_value();
    t.rows.push_back({text_cell(p.name), known ? availability_cell(p.sums) : text_cell("未知"),
                      known ? count_cell(p.sums.outages) : text_cell("—"),
                      known ? duration_cell(p.sums.down) : text_cell("—"),
                      known ? count_cell(p.targets) : text_cell("—"), coverage_cell(p.sums), text_cell(p.known)});
  }
  return t;
}

table worst_table(const availability_report& r) {
  constexpr std::size_t shown = 5;
  std::vector<const target_row*> rows;
  for (const target_row& t : r.targets)
    if (t.sums.down.count() > 0) rows.push_back(&t);
  std::ranges::sort(rows, {}, [](const target_row* t) { return std::tuple(-t->sums.down.count(), t->id); });
  if (rows.size() > shown) rows.resize(shown);
  table t{.title = "中断最长的线路（前五，全部见“最差线路”）",
          .columns = {{"名称", 24}, {"编号", 18}, {"运营商", 18}, {"畅通率", 20}, {"中断时长", 18}, {"次数", 20}},
          .rows = {},
          .if_empty = r.targets.empty() ? "没有一条线路的账" : "期内没有线路中断"};
  for (const target_row* one : rows)
    t.rows.push_back({text_cell(one->name), text_cell(one->id), text_cell(one->carrier), availability_cell(one->sums),
                      duration_cell(one->sums.down), count_cell(one->sums.outages)});
  return t;
}

table causes_table(const availability_report& r) {
  table t{.title = "中断原因",
          .columns = {{"原因", 24}, {"次数", 18}, {"中断时长", 18}, {"占比", 20}},
          .rows = {},
          .if_empty = r.targets.empty() ? "没有一条线路的账" : "期内没有中断"};
  milliseconds all{0};
  for (const cause_row& c : r.causes) all += c.down;
  for (const cause_row& c : r.causes)
    t.rows.push_back({text_cell(c.why == cause::none ? "尚未查明" : chinese(c.why)), count_cell(c.outages),
                      duration_cell(c.down),
                      percent_cell(availability::truncated_percent(c.down.count(), all.count(), 2) + " %",
                                   c.down.count(), all.count())});
  return t;
}

table carriers_table(const availability_report& r) {
  table t{
      .title = "运营商",
      .columns = {{"运营商", 24}, {"畅通率", 18}, {"中断次数", 18}, {"中断时长", 20}, {"平均修复", 18}, {"覆盖率", 20}},
      .rows = {}};
  for (const availability_row& c : r.carriers) {
    const seconds& s = c.sums;
    t.rows.push_back({text_cell(c.title), availability_cell(s), count_cell(s.outages), duration_cell(s.down),
                      repair_cell(s), coverage_cell(s)});
  }
  return t;
}

table formula_table(const overall_figures& a) {
  table t{.title = "总体（四种口径，数值不同，不可互换）",
          .columns = {{"公式", 26}, {"数值", 34}, {"下限 %", 12}, {"上限 %", 12}, {"说明", 60}},
          .rows = {}};
  const auto row = [&](const group_value& v, const std::string& value, const std::string& about) {
    t.rows.push_back({text_cell(availability::text_of(v.by)), text_cell(value), text_cell(share_text(v.lower)),
                      text_cell(share_text(v.upper)), text_cell(about)});
  };
  const auto listed = [](const std::vector<std::string>& ids) {
    if (ids.empty()) return std::string("无");
    const std::size_t shown = std::min<std::size_t>(ids.size(), 20);
    return fmt::format("{}{}", fmt::join(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(shown), "、"),
                       ids.size() > shown ? fmt::format(" 等 {} 条", ids.size()) : "");
  };
  row(a.r1, availability::chinese_ratio(a.sums), "按线路时间合并（缺省口径，“政务专线畅通率”）");
  row(a.r2, availability::chinese_part(a.r2),
      fmt::format("{} 条的简单平均；无观测、不计入的：{}", a.r2.counted, listed(a.r2.without_value)));
  row(a.r3, availability::chinese_part(a.r3),
      fmt::format("每 {} 一个时刻，{} 个时刻的平均；无人被观测、不计入的时刻 {} 个", seconds_text(a.r3.step),
                  a.r3.counted, a.r3.unobserved_instants));
  row(a.r4,
      a.r4.counted == 0 ? "无合同指标"
                        : fmt::format("{}（{}/{}）", availability::chinese_part(a.r4), a.r4.reached, a.r4.counted),
      fmt::format(
          "每个合同周期都达到合同指标的条数之比，按合同口径，按整数精确比较；无指标、不计入的 {} 条{}",
          a.r4.without_target.size(),
          a.in_part == 0 ? "" : fmt::format("；其中 {} 条的合同只覆盖部分期间，只按覆盖的时间判定", a.in_part)));
  return t;
}

table sums_table(const overall_figures& a) {
  const seconds& s = a.sums;
  const std::int64_t measured = (s.up + s.down).count();
  table t{.title = "合计", .columns = {{"项目", 26}, {"数值", 34}}, .rows = {}};
  const auto row = [&](const char* what, cell value) { t.rows.push_back({text_cell(what), std::move(value)}); };
  row("专线（条）", count_cell(a.lines));
  row("网站（个）", count_cell(a.sites));
  row("畅通率 R1 比值", ratio_cell(s.up.count(), measured));
  row("覆盖率 %", text_cell(availability::truncated_percent(measured, measured + s.unknown.count(), 5)));
  row("畅通时长", duration_cell(s.up));
  row("中断时长", duration_cell(s.down));
  row("中断最短", duration_cell(s.down_min));
  row("中断居中", duration_cell(s.down_mid));
  row("中断最长", duration_cell(s.down_max));
  row("计划停机", duration_cell(s.excluded));
  row("未观测", duration_cell(s.unknown));
  row("中断次数", count_cell(s.outages));
  row("未确认的短暂异常", count_cell(s.unconfirmed));
  row("平均修复 MTTR", s.outages == 0 ? cell{} : duration_cell(s.down / s.outages));
  row("平均无故障 MTBF", s.outages == 0 ? cell{} : duration_cell(s.up / s.outages));
  return t;
}

table certain_table(const report_head& h) {
  table t{.title = "最短必能确认的中断（由设置推出，短于此者可能看不到）",
          .columns = {{"类别", 26}, {"检查", 34}, {"周期", 12}, {"时限", 12}, {"必能确认", 60}},
          .rows = {},
          .if_empty = "账本中没有检查设置的记录"};
  for (const certain_row& c : h.certain)
    t.rows.push_back({text_cell(c.category), text_cell(c.kind), text_cell(seconds_text(c.when.interval)),
                      text_cell(seconds_text(c.when.timeout)),
                      text_cell(fmt::format("{}（加密周期 {}，连续 {} 次确认）；加密额度用尽时 {}",
                                            seconds_text(c.length.confirmed), seconds_text(c.when.fast_interval),
                                            c.when.down_after, seconds_text(c.length.without_budget)))});
  return t;
}

}  // namespace

sheet overview_sheet(const availability_report& r) {
  sheet s{.name = "总览", .notes = head_notes(r.head), .bars_title = {}, .bars = {}, .tables = {}};
  s.bars_title = r.by_day ? "每日中断时长（线路合计）" : "每月中断时长（线路合计）";
  s.bar_columns = {{r.by_day ? "日期" : "月份", 24}, {"中断时长", 18}, {"中断次数", 18}, {"畅通率", 20}};
  milliseconds longest{1};
  for (const availability_row& m : r.months) longest = std::max(longest, m.sums.down);
  for (const availability_row& m : r.months)
    s.bars.push_back({m.key,
                      fmt::format("中断 {}　{} 次　{}", clock_text(m.sums.down), m.sums.outages,
                                  availability::chinese_ratio(m.sums)),
                      static_cast<double>(m.sums.down.count()) / static_cast<double>(longest.count()),
                      {duration_cell(m.sums.down), count_cell(m.sums.outages), availability_cell(m.sums)}});
  s.tables = {compared_table(r), worst_table(r), causes_table(r), carriers_table(r)};
  if (!r.places.empty()) s.tables.insert(s.tables.begin() + 1, places_table(r));
  return s;
}

sheet rules_sheet(const availability_report& r) {
  return {.name = "口径",
          .notes = rules_notes(r.head),
          .bars_title = {},
          .bars = {},
          .tables = {formula_table(r.all), sums_table(r.all), certain_table(r.head)}};
}

}  // namespace changtong::report
