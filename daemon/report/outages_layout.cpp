// The list of outages as a document.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "daemon/report/report_layout.h"

namespace changtong::report {
namespace {

const std::vector<heading> outage_headings{
    {"开始", 22},     {"开始的不确定区间", 28}, {"确认", 22}, {"恢复", 22}, {"恢复的不确定区间", 28},
    {"中断时长", 12}, {"其间未观测", 12},       {"现象", 16}, {"原因", 16}, {"上级", 12},
    {"判定", 20},     {"自身上联中断后", 16}};

std::vector<cell> outage_cells(const availability::outage& o, const civil_zone& zone) {
  const bool open = o.ended == wall_max;
  milliseconds hole{0};
  wall_t end = o.ended;
  for (const period& h : o.holes) {
    if (h.to == wall_max)
      end = h.from;
    else
      hole += h.length();
  }
  return {instant_cell(zone, o.began),
          text_cell(bracket_text(zone, o.began_edge)),
          instant_cell(zone, o.confirmed),
          open ? text_cell("未恢复") : instant_cell(zone, o.ended),
          text_cell(open ? "" : bracket_text(zone, o.ended_edge)),
          duration_cell(period{o.began, end}.length() - hole),
          duration_cell(hole),
          text_cell(chinese(o.why)),
          text_cell(cause_text(o)),
          text_cell(o.upstream),
          text_cell(o.decided_by),
          text_cell(o.after_own_uplink ? "是" : "")};
}

template <class T>
void append(std::vector<T>& to, std::vector<T> more) {
  std::ranges::move(more, std::back_inserter(to));
}

document document_of(table t, period p, const civil_zone& zone) {
  return {.title = "中断清单",
          .sheets = {{.name = "中断",
                      .notes = {fmt::format("{} 至 {}（{}）", instant_text(zone, p.from), instant_text(zone, p.to),
                                            zone.name())},
                      .bars_title = {},
                      .bars = {},
                      .tables = {std::move(t)}}}};
}

}  // namespace

document outages_document(const std::vector<availability::outage>& rows, period p, const civil_zone& zone) {
  table t{.title = {}, .columns = {{"编号", 14}}, .rows = {}};
  append(t.columns, outage_headings);
  for (const availability::outage& o : rows) append(t.rows.emplace_back(1, text_cell(o.target)), outage_cells(o, zone));
  return document_of(std::move(t), p, zone);
}

document outages_document(const std::vector<books::listed_outage>& rows, period p, const civil_zone& zone) {
  table t{.title = {}, .columns = {{"编号", 14}, {"名称", 22}, {"乡镇", 10}, {"运营商", 8}}, .rows = {}};
  append(t.columns, outage_headings);
  t.columns.push_back({"说明", 60});
  for (const books::listed_outage& o : rows) {
    std::vector<cell>& cells = t.rows.emplace_back(
        std::vector<cell>{text_cell(o.what.target), text_cell(o.name), text_cell(o.town), text_cell(o.carrier)});
    append(cells, outage_cells(o.what, zone));
    cells.push_back(text_cell(fmt::format("{}", fmt::join(books::sentences(o.note, zone), "；"))));
  }
  return document_of(std::move(t), p, zone);
}

}  // namespace changtong::report
