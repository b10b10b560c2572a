// What a carrier gets: the ticket 报障单 as text, page and table.
#include <fmt/format.h>

#include "daemon/books/due_tickets.h"
#include "daemon/core/html.h"

namespace changtong::books {
namespace {

std::string or_dash(const std::string& text) { return text.empty() ? "—" : text; }

/** Heading and value of what is said above the lines. */
std::vector<std::pair<std::string, std::string>> head_of(const due_ticket& t, std::string_view office,
                                                         const civil_zone& zone) {
  const std::string paper = t.terms.clause.empty() ? t.terms.source : t.terms.source + " " + t.terms.clause;
  std::vector<std::pair<std::string, std::string>> all{
      {"报障单号", t.what.number}, {"运营商", t.what.carrier}, {"合同", fmt::format("{}（{}）", t.terms.id, paper)}};
  if (!office.empty()) all.emplace_back("报障单位", office);
  all.emplace_back("报障时间", fmt::format("{}（{}）", zone.format_short(t.what.at), zone.name()));
  if (t.what.deadline != wall_t{}) all.emplace_back("合同报障时限", zone.format_short(t.what.deadline));
  all.emplace_back("中断专线", fmt::format("{} 条", t.lines.size()));
  return all;
}

constexpr std::size_t most_in_text = 100;  // lines; the text is kept in the journal

constexpr std::string_view please =
    "请回复：贵方单号、故障原因（光缆、停电、设备、迁改、数据配置、其他）、预计恢复时间；恢复后请告知处理结果。";

const std::vector<std::string> columns{"专线",     "名称",         "电路编号", "乡镇", "单位",
                                       "中断开始", "发现（确认）", "现象",     "路径"};
std::vector<std::string> cells_of(const reported_line& l, const civil_zone& zone) {
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

/** A cell that a spreadsheet would compute has an apostrophe before it. */
std::string csv_cell(const std::string& text) {
  const bool computes = !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos;
  const std::string safe = computes ? "'" + text : text;
  if (safe.find_first_of(",\"\r\n") == std::string::npos) return safe;
  std::string out = "\"";
  for (const char c : safe) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

std::string csv_line(const std::vector<std::string>& cells) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) out += (i > 0 ? "," : "") + csv_cell(cells[i]);
  return out + "\r\n";
}

std::string html_row(const std::vector<std::string>& cells, std::string_view tag) {
  std::string out = "<tr>";
  for (const std::string& c : cells) out += fmt::format("<{0}>{1}</{0}>", tag, html_text(c));
  return out + "</tr>\n";
}

}  // namespace

std::string ticket_title(const ticket_record& t) {
  return fmt::format("【报障】{} {} 条专线中断（{}）", t.carrier, ids_in(t.targets).size(), t.number);
}

std::string ticket_text(const due_ticket& t, std::string_view office, const civil_zone& zone) {
  std::string out = "专线故障报障单\n";
  for (const auto& [name, value] : head_of(t, office, zone)) out += fmt::format("{}：{}\n", name, value);
  std::size_t number = 0;
  for (const reported_line& l : t.lines) {
    if (number == most_in_text) break;
    out += fmt::format("{}. {} {}；电路编号 {}；{}{}{}\n", ++number, l.id, l.name, or_dash(l.circuit), or_dash(l.town),
                       l.unit.empty() ? "" : " ", l.unit);
    out += fmt::format("   {} 起中断，{} 确认；现象：{}{}\n", zone.format_short(l.began),
                       zone.format_short(l.confirmed), chinese(l.why), l.trace.empty() ? "" : "；路径：" + l.trace);
  }
  if (t.lines.size() > most_in_text) out += fmt::format("其余 {} 条见附件。\n", t.lines.size() - most_in_text);
  return out + std::string(please) + "\n";
}

std::string ticket_page(const due_ticket& t, std::string_view office, const civil_zone& zone) {
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{}</title>\n"
      "<style>body{{font-family:sans-serif}}table{{border-collapse:collapse;margin:1em 0}}"
      "th,td{{border:1px solid #888;padding:.3em "
      ".6em;text-align:left}}</style></head><body>\n<h1>专线故障报障单</h1>\n<table>\n",
      html_text(ticket_title(t.what)));
  for (const auto& [name, value] : head_of(t, office, zone))
    out += fmt::format("<tr><th>{}</th><td>{}</td></tr>\n", html_text(name), html_text(value));
  out += "</table>\n<table>\n" + html_row(columns, "th");
  for (const reported_line& l : t.lines) out += html_row(cells_of(l, zone), "td");
  return out + fmt::format("</table>\n<p>{}</p>\n</body></html>\n", html_text(please));
}

std::string ticket_csv(const due_ticket& t, const civil_zone& zone) {
  std::vector<std::string> headings{"报障单号"};
  headings.insert(headings.end(), columns.begin(), columns.end());
  std::string out = "\xef\xbb\xbf" + csv_line(headings);
  for (const reported_line& l : t.lines) {
    std::vector<std::string> cells{t.what.number};
    for (std::string& c : cells_of(l, zone)) cells.push_back(std::move(c));
    out += csv_line(cells);
  }
  return out;
}

}  // namespace changtong::books
