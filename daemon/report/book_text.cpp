#include "daemon/report/book_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "daemon/core/clock_text.h"
#include "daemon/core/phrase.h"
#include "daemon/report/columns.h"
#include "daemon/report/stable_row.h"

namespace changtong::report {
namespace {

using availability::outage;
using availability::seconds;

double in_seconds(milliseconds ms) { return static_cast<double>(ms.count()) / 1000; }

stable_row fields_of(const availability_row& r, const civil_zone& zone) {
  const seconds& s = r.sums;
  const auto edge = [&](wall_t period::* e) { return s.scope ? std::optional((*s.scope).*e) : std::nullopt; };
  return {text_field("key", r.key),
          number_field("up_s", in_seconds(s.up)),
          number_field("down_s", in_seconds(s.down)),
          number_field("down_min_s", in_seconds(s.down_min)),
          number_field("down_mid_s", in_seconds(s.down_mid)),
          number_field("down_max_s", in_seconds(s.down_max)),
          number_field("excluded_s", in_seconds(s.excluded)),
          number_field("unknown_s", in_seconds(s.unknown)),
          count_field("outages", s.outages),
          count_field("unconfirmed", s.unconfirmed),
          number_field("availability", r.values.availability),
          number_field("lower", r.values.lower),
          number_field("upper", r.values.upper),
          number_field("coverage", r.values.coverage),
          number_field("mttr_s", r.values.mttr_s),
          text_field("formula", r.values.formula),
          instant_field("scope_from", edge(&period::from), zone),
          instant_field("scope_to", edge(&period::to), zone)};
}

/** An outage's measured down time and its unknown part, apart (rule 9). */
struct lengths {
  milliseconds down{0}, unknown{0};
};

lengths lengths_of(const outage& o) {
  lengths l;
  wall_t end = o.ended;
  for (const period& hole : o.holes) {
    if (hole.to == wall_max)
      end = hole.from;  // as far as it is known
    else
      l.unknown += hole.length();
  }
  l.down = period{o.began, end}.length() - l.unknown;
  return l;
}

stable_row fields_of(const outage& o, const civil_zone& zone) {
  const bool open = o.ended == wall_max;
  const auto known = [](wall_t at) { return at == wall_min ? std::nullopt : std::optional(at); };
  const auto ended = [&](wall_t at) { return open ? std::nullopt : std::optional(at); };
  const lengths l = lengths_of(o);
  return {text_field("target", o.target),
          instant_field("began", o.began, zone),
          instant_field("confirmed", o.confirmed, zone),
          instant_field("ended", ended(o.ended), zone),
          instant_field("began_after", known(o.began_edge.after), zone),
          instant_field("began_until", o.began_edge.until, zone),
          instant_field("ended_after", ended(o.ended_edge.after), zone),
          instant_field("ended_until", ended(o.ended_edge.until), zone),
          number_field("down_s", in_seconds(l.down)),
          number_field("unknown_s", in_seconds(l.unknown)),
          text_field("cause", name_of(o.why)),
          text_field("cause_text", chinese(o.why)),
          o.found == cause::none ? stable_field{"found", "null", ""} : text_field("found", name_of(o.found)),
          o.upstream.empty() ? stable_field{"upstream", "null", ""} : text_field("upstream", o.upstream),
          truth_field("open", open),
          text_field("decided_by", o.decided_by),
          truth_field("after_own_uplink", o.after_own_uplink)};
}

/** Who takes care of it, each once. */
std::vector<std::string> takers_of(const books::outage_note& n) {
  std::vector<std::string> all;
  for (const acknowledgement& a : n.taken)
    if (!is_among(all, a.author)) all.push_back(a.author);
  return all;
}

std::vector<std::string> numbers_of(const books::outage_note& n, std::string books::ticket::* which) {
  std::vector<std::string> all;
  for (const books::ticket& t : n.tickets)
    if (!(t.*which).empty()) all.push_back(t.*which);
  return all;
}

/** Whoever said something of an alert that was over has made a note, not taken it over. */
std::vector<std::string> notes_of(const books::outage_note& n) {
  std::vector<std::string> all;
  for (const acknowledgement& a : n.remarks)
    if (!a.text.empty()) all.push_back(fmt::format("{}（{}）", a.text, a.author));
  for (const annotation& a : n.annotations) all.push_back(fmt::format("{}（{}）", a.text, a.author));
  return all;
}

std::vector<std::string> traps_of(const books::outage_note& n, const civil_zone& zone) {
  std::vector<std::string> all;
  for (const trap_record& t : n.traps) all.push_back(books::trap_sentence(t, zone));
  return all;
}

/** Their names, each once. */
std::vector<std::string> trap_words_of(const books::outage_note& n) {
  std::vector<std::string> all;
  for (const trap_record& t : n.traps) {
    const known_trap* known = find_trap(t.trap);
    std::string word(known == nullptr ? std::string_view(t.trap) : known->cn);
    if (!is_among(all, word)) all.push_back(std::move(word));
  }
  return all;
}

std::string reply_of(const books::outage_note& n) {
  std::string last;
  for (const books::ticket& t : n.tickets)
    if (!t.reply.empty()) last = t.reply;
  return last;
}

stable_row fields_of(const books::listed_outage& o, const civil_zone& zone) {
  stable_row row = fields_of(o.what, zone);
  const bool left = o.scope_ended != wall_max;  // nobody waits for its end any more
  if (left)
    std::ranges::replace_if(row, [](const stable_field& f) { return f.name == "open"; }, truth_field("open", false));
  const fault_cause found = books::cause_of(o.note);
  for (stable_field& more :
       stable_row{text_field("id", books::id_of(o.what, zone)), text_field("name", o.name), text_field("town", o.town),
                  text_field("carrier", o.carrier), list_field("alerts", o.note.alerts, " "),
                  list_field("acknowledged_by", takers_of(o.note), "、"),
                  list_field("tickets", numbers_of(o.note, &books::ticket::number), " "),
                  list_field("carrier_tickets", numbers_of(o.note, &books::ticket::theirs), " "),
                  text_field("carrier_cause", name_of(found)), text_field("carrier_cause_text", chinese_of(found)),
                  text_field("carrier_reply", reply_of(o.note)), list_field("notes", notes_of(o.note), "；"),
                  list_field("traps", traps_of(o.note, zone), "；"),
                  text_field("last_hop", o.note.trace ? o.note.trace->last : std::string()),
                  text_field("path", o.note.trace ? o.note.trace->path : std::string()),
                  text_field("observed", o.note.observed),
                  instant_field("closed", left ? std::optional(o.scope_ended) : std::nullopt, zone)})
    row.push_back(std::move(more));
  return row;
}

/** What a person reads over a column. */
constexpr std::array<std::pair<std::string_view, std::string_view>, 52> chinese_headings{{
    {"key", "编号"},
    {"up_s", "畅通（秒）"},
    {"down_s", "中断（秒）"},
    {"down_min_s", "中断最短（秒）"},
    {"down_mid_s", "中断居中（秒）"},
    {"down_max_s", "中断最长（秒）"},
    {"excluded_s", "计划停机（秒）"},
    {"unknown_s", "未观测（秒）"},
    {"outages", "中断次数"},
    {"unconfirmed", "未确认次数"},
    {"availability", "畅通率"},
    {"lower", "畅通率下限"},
    {"upper", "畅通率上限"},
    {"coverage", "覆盖率"},
    {"mttr_s", "平均修复（秒）"},
    {"formula", "公式"},
    {"scope_from", "统计自"},
    {"scope_to", "统计至"},
    {"target", "编号"},
    {"began", "开始"},
    {"confirmed", "确认"},
    {"ended", "恢复"},
    {"began_after", "开始不早于"},
    {"began_until", "开始不晚于"},
    {"ended_after", "恢复不早于"},
    {"ended_until", "恢复不晚于"},
    {"cause", "现象代码"},
    {"cause_text", "现象"},
    {"found", "原因代码"},
    {"upstream", "上级"},
    {"open", "未恢复"},
    {"decided_by", "判定"},
    {"after_own_uplink", "自身上联中断后"},
    {"id", "中断编号"},
    {"name", "名称"},
    {"town", "乡镇"},
    {"carrier", "运营商"},
    {"alerts", "告警"},
    {"acknowledged_by", "接手"},
    {"tickets", "报障单"},
    {"carrier_tickets", "运营商单号"},
    {"carrier_cause", "故障原因代码"},
    {"carrier_cause_text", "故障原因"},
    {"carrier_reply", "运营商答复"},
    {"notes", "批注"},
    {"traps", "陷阱"},
    {"last_hop", "最后应答的一跳"},
    {"path", "路径"},
    {"observed", "依据"},
    {"closed", "停用"},
    {"observers", "观测者"},
    {"observers_shown", "未并入的观测者"},
}};

std::string heading_of(std::string_view name) {
  const auto found = std::ranges::find(chinese_headings, name, &std::pair<std::string_view, std::string_view>::first);
  return std::string(found == chinese_headings.end() ? name : found->second);
}

template <class Row, class ToRow>
std::string write_rows(const std::vector<Row>& rows, format f, const ToRow& to_row) {
  if (f == format::json) return rows_as_json(rows, to_row);
  if (f == format::csv) return rows_as_csv(rows, to_row, "\r\n");
  return "\xef\xbb\xbf" + rows_as_csv(rows, to_row, "\r\n", heading_of);
}

template <class Row>
std::string write_rows(const std::vector<Row>& rows, format f, const civil_zone& zone) {
  return write_rows(rows, f, [&](const Row& r) { return fields_of(r, zone); });
}

std::string percent(milliseconds part, milliseconds whole) {
  return availability::truncated_percent(part.count(), whole.count(), 5);
}

/** As wide as a terminal, and below it which columns found no room there. */
std::string fitted_table(const std::vector<column>& columns, const std::vector<std::vector<std::string>>& lines) {
  fitted table = fitted_columns(columns, lines);
  for (const std::string& heading : table.left_out)
    table.text += (&heading == table.left_out.data() ? "未列出 / not shown: " : "、") + heading;
  if (!table.left_out.empty()) table.text += "\n（--format csv、json、xlsx 全部列出 / list all）\n";
  return std::move(table.text);
}

/** The formula of all rows, which then needs no column; empty where they differ. */
std::string formula_of(const std::vector<availability_row>& rows) {
  if (rows.empty()) return {};
  const std::string_view first = rows.front().values.formula;
  const bool one = std::ranges::all_of(rows, [&](const availability_row& r) { return r.values.formula == first; });
  return one ? std::string(first) : std::string();
}

std::string availability_table(const std::vector<availability_row>& rows) {
  const std::vector<column> columns{
      {"编号"},           {"名称"},           {"畅通率 %", true}, {"下限 %", true},    {"上限 %", true},
      {"覆盖率 %", true}, {"中断次数", true}, {"中断时长", true}, {"最短", true, 4},   {"居中", true, 2},
      {"最长", true, 4},  {"计划停机", true}, {"未观测", true},   {"未确认", true, 3}, {"平均修复", true, 1},
      {"公式", false, 1}};
  const std::string formula = formula_of(rows);
  std::vector<std::vector<std::string>> lines;
  for (const availability_row& r : rows) {
    const seconds& s = r.sums;
    const milliseconds measured = s.up + s.down;
    const milliseconds counted = measured + s.unknown;
    // With no outage and something unobserved the bare number would read as 100 %: the bounds speak instead.
    const bool unseen = s.down.count() == 0 && s.unknown.count() > 0 && measured.count() > 0;
    const auto mttr = [&] { return s.outages == 0 ? std::string("—") : clock_text(s.down / s.outages); };
    const std::vector<std::string> shown =
        r.printed.size() == 3 ? r.printed
                              : std::vector<std::string>{unseen ? "未观测到中断" : percent(s.up, measured),
                                                         percent(s.up, counted), percent(s.up + s.unknown, counted)};
    lines.push_back({r.key, r.title, shown[0], shown[1], shown[2], percent(measured, counted),
                     std::to_string(s.outages), clock_text(s.down), clock_text(s.down_min), clock_text(s.down_mid),
                     clock_text(s.down_max), clock_text(s.excluded), clock_text(s.unknown),
                     std::to_string(s.unconfirmed), mttr(), formula.empty() ? std::string(r.values.formula) : ""});
  }
  return fitted_table(columns, lines) + (formula.empty() ? "" : "公式 / formula: " + formula + "\n");
}

/** Behind the id, which stands first. */
const std::vector<column> outage_columns{
    {"开始"}, {"恢复"},           {"中断时长", true}, {"未观测", true, 6},         {"现象", false, 8},
    {"原因"}, {"上级", false, 3}, {"判定", false, 9}, {"自身上联中断后", false, 1}};
std::vector<std::string> outage_cells(const outage& o, const civil_zone& zone, bool closed = false) {
  const lengths l = lengths_of(o);
  return {zone.format_short(o.began),
          closed                ? "停用时未恢复"
          : o.ended == wall_max ? "未恢复"
                                : zone.format_short(o.ended),
          clock_text(l.down),
          clock_text(l.unknown),
          std::string(chinese(o.why)),
          o.found == cause::none ? "" : std::string(chinese(o.found)),
          o.upstream,
          o.decided_by,
          o.after_own_uplink ? "是" : ""};
}

template <class T>
void append(std::vector<T>& to, std::vector<T> more) {
  std::ranges::move(more, std::back_inserter(to));
}

std::string outage_table(const std::vector<outage>& rows, const civil_zone& zone) {
  std::vector<column> columns{{"编号"}};
  append(columns, outage_columns);
  std::vector<std::vector<std::string>> lines;
  for (const outage& o : rows) append(lines.emplace_back(1, o.target), outage_cells(o, zone));
  return fitted_table(columns, lines);
}

std::string outage_table(const std::vector<books::listed_outage>& rows, const civil_zone& zone) {
  std::vector<column> columns{{"编号"}, {"名称"}, {"乡镇"}};
  append(columns, outage_columns);
  append(columns, {{"接手", false, 1},
                   {"报障单", false, 2},
                   {"运营商单号", false, 5},
                   {"故障原因", false, 1},
                   {"批注", false, 4},
                   {"陷阱", false, 7},
                   {"中断编号", false, 11},
                   {"最后一跳", false, 10},
                   {"依据", false, 12}});
  std::vector<std::vector<std::string>> lines;
  for (const books::listed_outage& o : rows) {
    std::vector<std::string>& line = lines.emplace_back(std::vector<std::string>{o.what.target, o.name, o.town});
    append(line, outage_cells(o.what, zone, o.scope_ended != wall_max));
    append(line,
           {joined(takers_of(o.note), "、"), joined(numbers_of(o.note, &books::ticket::number), " "),
            joined(numbers_of(o.note, &books::ticket::theirs), " "), std::string(chinese_of(books::cause_of(o.note))),
            joined(notes_of(o.note), "；"), joined(trap_words_of(o.note), "、"), books::id_of(o.what, zone),
            o.note.trace ? o.note.trace->last : std::string(), o.note.observed});
  }
  return fitted_table(columns, lines);
}

}  // namespace

result<format> format_named(std::string_view name) {
  if (name == "table") return format::table;
  if (name == "json") return format::json;
  if (name == "csv") return format::csv;
  return said(both("没有格式 {}，只有 table、json、csv", "unknown format: {}", name), problem_class::usage);
}

std::string in_words(const book_observers& by) {
  const std::string cn = by.shown.empty() ? "" : "；仅列出、未并入：" + joined(by.shown, "、");
  const std::string en = by.shown.empty() ? "" : "; shown, not merged: " + joined(by.shown, ", ");
  return fmt::format("合并账目，观测者：{}{} / a merged book of: {}{}", joined(by.merged, "、"), cn,
                     joined(by.merged, ", "), en);
}

std::string write_availability(const std::vector<availability_row>& rows, format f, const civil_zone& zone,
                               const book_observers& by) {
  if (f == format::table) return availability_table(rows) + (by.merged.empty() ? "" : in_words(by) + "\n");
  return write_rows(rows, f, [&](const availability_row& r) {
    stable_row row = fields_of(r, zone);
    if (by.merged.empty()) return row;
    row.push_back(list_field("observers", by.merged, "、"));
    row.push_back(list_field("observers_shown", by.shown, "、"));
    return row;
  });
}

std::string write_outages(const std::vector<outage>& rows, format f, const civil_zone& zone) {
  return f == format::table ? outage_table(rows, zone) : write_rows(rows, f, zone);
}

std::string write_outages(const std::vector<books::listed_outage>& rows, format f, const civil_zone& zone) {
  return f == format::table ? outage_table(rows, zone) : write_rows(rows, f, zone);
}

}  // namespace changtong::report
