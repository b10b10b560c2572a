#include "daemon/report/report_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "daemon/core/clock_text.h"

namespace changtong::report {
namespace {

constexpr std::size_t worst_shown = 20;

std::string percent_or_dash(std::int64_t part, std::int64_t whole) {
  return availability::truncated_percent(part, whole, 5);
}

/** Of a line only what fits on a page; MTBF is in `changtong availability`. */
std::vector<heading> line_headings() { return {{"编号", 9}, {"名称", 22}, {"类别", 9}, {"乡镇", 10}, {"运营商", 8}}; }

std::vector<cell> line_cells(const target_row& t) {
  return {text_cell(t.id), text_cell(t.name), text_cell(t.category), text_cell(t.town), text_cell(t.carrier)};
}

std::string met_text(const target_row& t) {
  if (t.site) return "—";
  if (t.judged == 0) return t.agreed.empty() ? "无合同指标" : "无可判周期";
  const std::string part = t.in_part ? "；仅合同期内" : "";
  if (t.judged == 1) return (t.met == 0 ? "未达标" : t.proven == 1 ? "达标" : "达标（下限未达）") + part;
  return fmt::format("{}（{}/{} 个周期达标）{}", t.met == t.judged ? "达标" : "未达标", t.met, t.judged, part);
}

/** Each target once, in the order of the contract periods. */
std::string target_text(const target_row& t) {
  std::vector<std::string> all;
  for (const availability::agreed_part& p : t.agreed)
    if (std::string text = percent_text(p.target); std::ranges::find(all, text) == all.end())
      all.push_back(std::move(text));
  return all.empty() ? "无" : fmt::format("{}", fmt::join(all, "；"));
}

table line_table(const std::vector<const target_row*>& rows) {
  table t{.title = {}, .columns = line_headings(), .rows = {}};
  append_figure_headings(t.columns);
  t.columns.resize(t.columns.size() - 2);
  t.columns.push_back({"合同指标 %", 8});
  t.columns.push_back({"是否达标", 11});
  for (const target_row* r : rows) {
    std::vector<cell> cells = line_cells(*r);
    append_figure_cells(cells, r->sums, "A");
    cells.resize(cells.size() - 2);
    cells.push_back(text_cell(target_text(*r)));
    cells.push_back(text_cell(met_text(*r)));
    t.rows.push_back(std::move(cells));
  }
  return t;
}

std::vector<const target_row*> all_of(const availability_report& r) {
  std::vector<const target_row*> out;
  for (const target_row& t : r.targets) out.push_back(&t);
  return out;
}

sheet group_sheet(std::string name, const std::string& key, const std::vector<availability_row>& rows) {
  table t{.title = {}, .columns = {{key, 20}}, .rows = {}};
  append_figure_headings(t.columns);
  for (const availability_row& r : rows) {
    std::vector<cell> cells{text_cell(r.title)};
    append_figure_cells(cells, r.sums, "R1");
    t.rows.push_back(std::move(cells));
  }
  return {.name = std::move(name),
          .notes = {"合并口径 R1 = ΣU/Σ(U+D)，上下限为同一合计加未观测时间；网站只在“类别”中列出。"},
          .bars_title = {},
          .bars = {},
          .tables = {std::move(t)}};
}

sheet worst_sheet(const availability_report& r) {
  auto rows = all_of(r);
  std::erase_if(rows, [](const target_row* t) { return t->sums.down.count() == 0; });
  std::ranges::sort(rows, [](const target_row* a, const target_row* b) {
    return std::tuple(-a->sums.down.count(), a->id) < std::tuple(-b->sums.down.count(), b->id);
  });
  if (rows.size() > worst_shown) rows.resize(worst_shown);
  return {.name = "最差线路",
          .notes = {fmt::format("按中断时长从长到短，最多 {} 条；公式 A = U/(U+D)。", worst_shown)},
          .bars_title = {},
          .bars = {},
          .tables = {line_table(rows)}};
}

sheet repeat_sheet(const availability_report& r) {
  auto rows = all_of(r);
  std::erase_if(rows, [&](const target_row* t) { return t->sums.outages < r.head.repeat_outages; });
  std::ranges::sort(rows, [](const target_row* a, const target_row* b) {
    return std::tuple(-a->sums.outages, a->id) < std::tuple(-b->sums.outages, b->id);
  });
  return {.name = "重复故障",
          .notes = {fmt::format("期内中断 {} 次及以上的专线和网站（report.repeat_outages）；公式 A = U/(U+D)。",
                                r.head.repeat_outages)},
          .bars_title = {},
          .bars = {},
          .tables = {line_table(rows)}};
}

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, "；")); }

sheet longest_sheet(const availability_report& r) {
  table t{.title = {},
          .columns = {{"编号", 10},
                      {"名称", 22},
                      {"类别", 10},
                      {"乡镇", 10},
                      {"运营商", 8},
                      {"开始", 20},
                      {"开始的不确定区间", 26, true},
                      {"恢复", 20},
                      {"恢复的不确定区间", 26, true},
                      {"期内中断时长", 11},
                      {"全程最短", 11, true},
                      {"全程最长", 11, true},
                      {"其间未观测", 11, true},
                      {"现象", 14},
                      {"原因", 14},
                      {"上级", 10, true},
                      {"计划停机", 12},
                      {"说明", 24}},
          .rows = {}};
  const civil_zone& zone = r.head.zone;
  for (const outage_row& o : r.longest) {
    const bool open = o.what.ended == wall_max;
    t.rows.push_back({text_cell(o.id), text_cell(o.name), text_cell(o.category), text_cell(o.town),
                      text_cell(o.carrier), instant_cell(zone, o.what.began),
                      text_cell(bracket_text(zone, o.what.began_edge)),
                      open ? text_cell("未恢复") : instant_cell(zone, o.what.ended),
                      text_cell(open ? "" : bracket_text(zone, o.what.ended_edge)), duration_cell(o.down),
                      duration_cell(o.least), duration_cell(o.greatest), duration_cell(o.hole),
                      text_cell(chinese(o.what.why)), text_cell(cause_text(o.what)), text_cell(o.what.upstream),
                      text_cell(joined(o.windows)), text_cell(joined(books::sentences(o.note, zone)))});
  }
  return {
      .name = "最长中断",
      .notes =
          {"开始于（最后一次正常，首次异常]，恢复于（最后一次异常，首次正常]；上级中断引起的下级中断照常计入各条线路。",
           r.outages_left_out > 0
               ? fmt::format("另有 {} 次较短的中断未列出，见 changtong outages。", r.outages_left_out)
               : "期内中断已全部列出。"},
      .bars_title = {},
      .bars = {},
      .tables = {std::move(t)}};
}

sheet window_sheet(const availability_report& r) {
  table t{.title = {},
          .columns = {{"计划停机编号", 14},
                      {"专线", 10},
                      {"名称", 24},
                      {"计划开始", 20},
                      {"计划结束", 20},
                      {"状态", 10},
                      {"申请人", 12},
                      {"修改人", 12, true},
                      {"审批（登记）人", 12},
                      {"登记途径", 20, true},
                      {"登记时间", 20, true},
                      {"期内剔除", 11},
                      {"备注", 26},
                      {"事由", 26}},
          .rows = {}};
  for (const window_row& w : r.windows)
    t.rows.push_back({text_cell(w.id), text_cell(w.target), text_cell(w.name), instant_cell(r.head.zone, w.when.from),
                      instant_cell(r.head.zone, w.when.to), text_cell(w.state), text_cell(w.requested),
                      text_cell(w.revised), text_cell(w.by), text_cell(w.via), instant_cell(r.head.zone, w.made),
                      duration_cell(w.excluded), text_cell(w.remark), text_cell(w.text)});
  sheet s{.name = "计划停机",
          .notes = {fmt::format("全部线路合计剔除 {}。开始前已批准的窗口才剔除；超出窗口的部分计为中断。",
                                clock_text(r.all.sums.excluded))},
          .bars_title = {},
          .bars = {},
          .tables = {std::move(t)}};
  if (r.windows_left_out > 0) s.notes.push_back(fmt::format("另有 {} 条未列出。", r.windows_left_out));
  return s;
}

sheet unknown_sheet(const availability_report& r) {
  table causes{.title = "按原因", .columns = {{"原因", 26}, {"未观测时长（线路合计）", 20}}, .rows = {}};
  for (const auto& [why, total] : r.unknown) causes.rows.push_back({text_cell(chinese(why)), duration_cell(total)});
  table gaps{.title = "最长的未观测时段",
             .columns = {{"自", 26}, {"至", 20}, {"原因", 26}, {"时长", 12}, {"涉及线路数", 10}, {"合计", 12}},
             .rows = {}};
  for (const gap_row& g : r.gaps)
    gaps.rows.push_back({instant_cell(r.head.zone, g.when.from), instant_cell(r.head.zone, g.when.to),
                         text_cell(chinese(g.why)), duration_cell(g.when.length()), count_cell(g.targets),
                         duration_cell(g.total)});
  sheet s{.name = "未观测",
          .notes = {"没有观测到的时间既不算通也不算断：它降低覆盖率和畅通率下限，从不算作畅通。"},
          .bars_title = {},
          .bars = {},
          .tables = {std::move(causes), std::move(gaps)}};
  if (r.gaps_left_out > 0) s.notes.push_back(fmt::format("另有 {} 个较短的时段未列出。", r.gaps_left_out));
  return s;
}

}  // namespace

document layout(const availability_report& r) {
  document d{.title = r.head.title, .sheets = {}};
  d.sheets.push_back(overview_sheet(r));
  d.sheets.push_back(group_sheet("类别", "类别", r.categories));
  d.sheets.push_back(group_sheet("乡镇", "乡镇", r.towns));
  d.sheets.push_back(group_sheet("运营商", "运营商", r.carriers));
  d.sheets.push_back({.name = "线路",
                      .notes = {"公式 A = U/(U+D)；下限 = U/(U+D+K)；上限 = (U+K)/(U+D+K)；覆盖率 = (U+D)/(S−X)。",
                                "“是否达标”按合同口径逐个合同周期判定，与运营商分表、R4 "
                                "一致；合同只覆盖部分期间的只判该部分，注明“仅合同期内”，左侧数字仍是全期的。"},
                      .bars_title = {},
                      .bars = {},
                      .tables = {line_table(all_of(r))}});
  d.sheets.push_back(worst_sheet(r));
  d.sheets.push_back(repeat_sheet(r));
  d.sheets.push_back(longest_sheet(r));
  d.sheets.push_back(window_sheet(r));
  d.sheets.push_back(unknown_sheet(r));
  for (const carrier_part& c : r.carrier_parts) d.sheets.push_back(carrier_sheet(r, c));
  d.sheets.push_back(rules_sheet(r));
  return d;
}

void append_figure_headings(std::vector<heading>& to) {
  const std::vector<heading> figures{{"畅通率（截断）", 22},
                                     {"比值 U/(U+D)", 15, true},
                                     {"下限 %", 10},
                                     {"上限 %", 10},
                                     {"覆盖率 %", 10},
                                     {"畅通时长", 11, true},
                                     {"中断时长", 10},
                                     {"中断最短", 10, true},
                                     {"中断居中", 10, true},
                                     {"中断最长", 10, true},
                                     {"计划停机", 10},
                                     {"未观测", 10},
                                     {"次数", 5},
                                     {"未确认", 5, true},
                                     {"平均修复", 9},
                                     {"平均无故障", 11, true},
                                     {"公式", 6, true}};
  to.insert(to.end(), figures.begin(), figures.end());
}

void append_figure_cells(std::vector<cell>& to, const seconds& s, std::string_view formula) {
  const std::int64_t measured = (s.up + s.down).count(), counted = measured + s.unknown.count();
  to.push_back(availability_cell(s));
  to.push_back(ratio_cell(s.up.count(), measured));
  for (const std::int64_t part : {s.up.count(), (s.up + s.unknown).count(), measured})
    to.push_back(percent_cell(percent_or_dash(part, counted), part, counted));
  for (const milliseconds d : {s.up, s.down, s.down_min, s.down_mid, s.down_max, s.excluded, s.unknown})
    to.push_back(duration_cell(d));
  to.push_back(count_cell(s.outages));
  to.push_back(count_cell(s.unconfirmed));
  to.push_back(s.outages == 0 ? cell{} : duration_cell(s.down / s.outages));
  to.push_back(s.outages == 0 ? cell{} : duration_cell(s.up / s.outages));
  to.push_back(text_cell(formula));
}

std::string instant_text(const civil_zone& zone, wall_t at) {
  if (at <= wall_min) return "最早";
  if (at >= wall_max) return "至今";
  std::string text = zone.format(at);  // 2026-03-14T09:26:53.589+08:00
  if (text.size() > 19) {
    const bool whole = ms_of(at) % 1000 == 0;
    text = text.substr(0, whole ? 19 : 23);
    text[10] = ' ';
  }
  return text;
}

cell instant_cell(const civil_zone& zone, wall_t at) {
  const std::string text = instant_text(zone, at);
  if (text.size() < 19) return text_cell(text);
  const auto number = [&](std::size_t from, std::size_t length) { return std::stoi(text.substr(from, length)); };
  using namespace std::chrono;
  const sys_days day = year{number(0, 4)} / number(5, 2) / number(8, 2), first = year{1899} / 12 / 30;
  const milliseconds of_day = hours{number(11, 2)} + minutes{number(14, 2)} + std::chrono::seconds{number(17, 2)} +
                              milliseconds{ms_of(at) % 1000};
  constexpr double day_ms = 86'400'000;
  return {cell::kind::instant, text,
          static_cast<double>((day - first).count()) + static_cast<double>(of_day.count()) / day_ms};
}

cell availability_cell(const seconds& s) {
  const std::int64_t measured = (s.up + s.down).count();
  const std::string text = availability::chinese_ratio(s);
  const bool number = measured > 0 && (s.down.count() > 0 || s.unknown.count() == 0);
  return number ? percent_cell(text, s.up.count(), measured) : text_cell(text);
}

std::string bracket_text(const civil_zone& zone, const bracket& b) {
  if (b.after == wall_min) return "此前未见正常";
  return fmt::format("（{}，{}]", instant_text(zone, b.after), instant_text(zone, b.until));
}

std::string seconds_text(milliseconds d) {
  std::string text = fmt::format("{}.{:03}", d.count() / 1000, d.count() % 1000);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text + " 秒";
}

std::string cause_text(const availability::outage& o) {
  return o.found == cause::none ? "" : std::string(chinese(o.found));
}

document books_document(const std::vector<availability_row>& rows, period p, const civil_zone& zone) {
  table t{.title = {}, .columns = {{"编号", 14}, {"名称", 24}}, .rows = {}};
  append_figure_headings(t.columns);
  t.columns.back().width = 26;
  for (const availability_row& r : rows) {
    std::vector<cell> cells{text_cell(r.key), text_cell(r.title)};
    append_figure_cells(cells, r.sums, r.values.formula);
    if (r.printed.size() == 3) {  // another formula than that of the sums
      cells[2] = text_cell(r.printed[0]);
      cells[3] = r.units ? ratio_cell(*r.units, availability::part::one) : cell{};
      cells[4] = text_cell(r.printed[1]);
      cells[5] = text_cell(r.printed[2]);
    }
    t.rows.push_back(std::move(cells));
  }
  return {.title = "畅通率账目",
          .sheets = {{.name = "畅通率",
                      .notes = {fmt::format("{} 至 {}（{}）", instant_text(zone, p.from), instant_text(zone, p.to),
                                            zone.name())},
                      .bars_title = {},
                      .bars = {},
                      .tables = {std::move(t)}}}};
}

}  // namespace changtong::report
