#include "daemon/report/ticket_paper.h"

#include <fmt/format.h>

#include <vector>

#include "daemon/core/csv.h"
#include "daemon/core/html.h"
#include "daemon/report/embedded.h"

namespace changtong::report {
namespace {

const std::vector<std::string> columns{"专线",     "名称",         "电路编号", "乡镇", "单位",
                                       "中断开始", "发现（确认）", "现象",     "路径"};
std::vector<std::string> cells_of(const books::reported_line& l, const civil_zone& zone) {
  return {l.id,
          l.name,
          l.circuit,
          l.town,
          l.unit,
          zone.format(l.began),
          zone.format(l.confirmed),
          std::string(chinese(l.why)),
          l.trace};
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) out += (i > 0 ? "," : "") + csv_field(cells[i]);
  return out + "\r\n";
}

std::string html_row(const std::vector<std::string>& cells, std::string_view tag) {
  std::string out = "<tr>";
  for (const std::string& c : cells) out += fmt::format("<{0}>{1}</{0}>", tag, html_text(c));
  return out + "</tr>\n";
}

}  // namespace

std::string ticket_page(const books::due_ticket& t, std::string_view office, const civil_zone& zone) {
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{}</title>\n"
      "<style>{}</style></head><body>\n<h1>专线故障报障单</h1>\n<table>\n",
      html_text(books::ticket_title(t.what)), ticket_css());
  for (const auto& [name, value] : books::ticket_head(t, office, zone))
    out += fmt::format("<tr><th>{}</th><td>{}</td></tr>\n", html_text(name), html_text(value));
  out += "</table>\n<table>\n" + html_row(columns, "th");
  for (const books::reported_line& l : t.lines) out += html_row(cells_of(l, zone), "td");
  return out + fmt::format("</table>\n<p>{}</p>\n</body></html>\n", html_text(books::ticket_request));
}

std::string ticket_csv(const books::due_ticket& t, const civil_zone& zone) {
  std::vector<std::string> headings{"报障单号"};
  headings.insert(headings.end(), columns.begin(), columns.end());
  std::string out = "\xef\xbb\xbf" + csv_line(headings);
  for (const books::reported_line& l : t.lines) {
    std::vector<std::string> cells{t.what.number};
    for (std::string& c : cells_of(l, zone)) cells.push_back(std::move(c));
    out += csv_line(cells);
  }
  return out;
}

}  // namespace changtong::report
