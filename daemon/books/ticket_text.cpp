// What a carrier gets: the ticket 报障单 as text. Its page and table are report's.
#include <fmt/format.h>

#include "daemon/books/due_tickets.h"

namespace changtong::books {
namespace {

std::string or_dash(const std::string& text) { return text.empty() ? "—" : text; }

constexpr std::size_t most_in_text = 100;  // lines; the text is kept in the journal

}  // namespace

std::vector<std::pair<std::string, std::string>> ticket_head(const due_ticket& t, std::string_view office,
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

std::string ticket_title(const ticket_record& t) {
  return fmt::format("【报障】{} {} 条专线中断（{}）", t.carrier, ids_in(t.targets).size(), t.number);
}

std::string ticket_text(const due_ticket& t, std::string_view office, const civil_zone& zone) {
  std::string out = "专线故障报障单\n";
  for (const auto& [name, value] : ticket_head(t, office, zone)) out += fmt::format("{}：{}\n", name, value);
  std::size_t number = 0;
  for (const reported_line& l : t.lines) {
    if (number == most_in_text) break;
    out += fmt::format("{}. {} {}；电路编号 {}；{}{}{}\n", ++number, l.id, l.name, or_dash(l.circuit), or_dash(l.town),
                       l.unit.empty() ? "" : " ", l.unit);
    out += fmt::format("   {} 起中断，{} 确认；现象：{}{}\n", zone.format_short(l.began),
                       zone.format_short(l.confirmed), chinese(l.why), l.trace.empty() ? "" : "；路径：" + l.trace);
  }
  if (t.lines.size() > most_in_text) out += fmt::format("其余 {} 条见附件。\n", t.lines.size() - most_in_text);
  return out + std::string(ticket_request) + "\n";
}

}  // namespace changtong::books
