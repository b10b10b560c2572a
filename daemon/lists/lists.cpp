#include "daemon/lists/lists.h"

#include <fmt/format.h>

#include <map>

#include "daemon/books/alert_stories.h"
#include "daemon/books/books.h"
#include "daemon/books/due_tickets.h"
#include "daemon/books/operation_days.h"
#include "daemon/books/outage_notes.h"
#include "daemon/books/policy.h"
#include "daemon/books/tickets.h"
#include "daemon/books/window_list.h"
#include "daemon/core/id_list.h"
#include "daemon/core/json.h"
#include "daemon/core/phrase.h"
#include "daemon/core/utf8.h"
#include "daemon/entries/closing.h"
#include "daemon/report/alerts.h"
#include "daemon/report/book_text.h"
#include "daemon/report/evaluation_lists.h"
#include "daemon/report/ticket_paper.h"
#include "daemon/report/windows.h"

namespace changtong::lists {
namespace {

result<std::string> text(std::string of) { return {boost::system::in_place_value, std::move(of)}; }

report::format format_of(const wanted& what) {
  if (what.format == "sheet") return report::format::sheet;
  const auto named = report::format_named(what.format);
  return named ? *named : report::format::table;
}

/** What a table without rows says in their place; JSON and CSV have their own way to say it. */
template <class T>
result<std::string> listed(const std::vector<T>& rows, report::format f, const phrase& none, const civil_zone& zone,
                           std::string (*write)(const std::vector<T>&, report::format, const civil_zone&)) {
  return text(rows.empty() && f == report::format::table ? to_string(none) + "\n" : write(rows, f, zone));
}

std::string lines_of(const period_closed& c, const civil_zone& zone) {
  std::string out = fmt::format(
      "{} 至 {}，第 {} 版，经办人 {}{}{}\n", zone.format_short(c.when.from), zone.format_short(c.when.to), c.version,
      c.author, c.via.empty() ? "" : "（" + c.via + "）", c.reason.empty() ? "" : "，原因：" + c.reason);
  out += fmt::format("  分线路明细摘要 / digest of the rows of all lines: {}\n", c.sheet);
  if (c.version > 1) out += fmt::format("  与上一版的差异 / differences from the version before: {}\n", c.changes);
  return out;
}

std::string json_of(const period_closed& c, const civil_zone& zone) {
  json_object row;
  row.add("from", zone.format(c.when.from)).add("to", zone.format(c.when.to)).add("version", c.version);
  row.add("at", zone.format(c.at)).add("author", c.author).add("reason", c.reason).add("sheet", c.sheet);
  row.add("via", c.via);
  row.add_raw("figures", c.figures).add_raw("changes", c.changes);
  return row.text();
}

/** What is about one line has no name of its own: in the table it has that line's. */
void name_lines(std::vector<books::alert_story>& all, const ledger::reader& from) {
  std::map<std::string, std::string, std::less<>> names;
  for (const ledger::known_target& t : from.targets()) names.emplace(t.id, t.name);
  for (books::alert_story& a : all) {
    if (!a.name.empty() || a.targets.size() != 1) continue;
    if (const auto found = names.find(a.targets.front()); found != names.end()) a.name = found->second;
  }
}

/** `begins`: when one was opened or reported. */
template <class T>
std::vector<T> chosen(std::vector<T> all, const wanted& what, wall_t T::* begins, std::optional<wall_t> T::* ends) {
  std::erase_if(all, [&](const T& one) {
    return !what.when.holds(one.*begins) || (what.open && one.*ends) ||
           (!what.line.empty() && !is_among(one.targets, what.line));
  });
  return all;
}

}  // namespace

result<std::string> write_outages(const ledger::reader& from, const wanted& what, wall_t now) {
  constexpr std::size_t most = 1'000'000;
  auto rows = books::list_outages(from, what.when, what.line, most);
  if (what.when.from > now) rows.clear();  // an open outage is of no time that is still to come
  return text(report::write_outages(rows, format_of(what), from.zone()));
}

result<std::string> write_availability(const ledger::reader& from, const wanted& what, wall_t now) {
  const auto by = books::grouping_named(what.of.empty() ? "line" : what.of);
  if (!by) return by.error();
  return text(report::write_availability(books::books(from, what.when, now, *by), format_of(what), from.zone()));
}

result<std::string> write_closings(const ledger::reader& from, const wanted& what, wall_t /*now*/) {
  const auto all = from.closings();
  if (what.format == "json") {
    json_array rows;
    for (const period_closed& c : all) rows.add_raw(json_of(c, from.zone()));
    return text(rows.text() + "\n");
  }
  std::string out;
  for (const period_closed& c : all) out += lines_of(c, from.zone());
  return text(out.empty() ? to_string(phrase{"没有结账", "nothing has been closed"}) + "\n" : std::move(out));
}

std::vector<std::string> doubts_of_closings(const ledger::reader& from) {
  return entries::closings_that_disagree(from);
}

result<std::string> write_windows(const ledger::reader& from, const wanted& what, wall_t now) {
  constexpr std::size_t most = 1'000'000;
  return listed(books::list_windows(from, what.when, what.line, now, most), format_of(what),
                {"没有停机窗口", "no maintenance windows"}, from.zone(), report::write_windows);
}

result<std::string> write_duty(const ledger::reader& from, const wanted& what, wall_t /*now*/) {
  const auto day = [&](wall_t at) { return from.zone().key(at, civil_zone::unit::day); };
  const std::string first = what.when.from == wall_min ? "" : day(what.when.from);
  const std::string last = what.when.to == wall_max ? "9999-12-31" : day(what.when.to - milliseconds{1});
  return listed(from.duties(first, last), format_of(what), {"没有值班记录", "no duty records"}, from.zone(),
                report::write_duty_records);
}

result<std::string> write_duty_days(const ledger::reader& from, const wanted& what, wall_t now) {
  if (what.of.empty())
    return text(report::write_duty(books::days_of_operation(from, from.zone().around(now, civil_zone::unit::year), now),
                                   format_of(what)));
  const auto year = from.zone().parse(what.of);
  if (!year || period{year->from, year->to} != from.zone().around(year->from, civil_zone::unit::year))
    return said(both("{} 不是一个年份：写作 2026", "{} is no year: write 2026", shortened(what.of, 32)));
  return text(report::write_duty(books::days_of_operation(from, {year->from, year->to}, now), format_of(what)));
}

result<std::string> write_counters(const ledger::reader& from, const wanted& what, wall_t /*now*/) {
  return listed(from.counters(what.of, what.when), format_of(what), {"没有读数", "no readings"}, from.zone(),
                changtong::write_counters);
}

result<std::string> write_verdicts(const ledger::reader& from, const wanted& what, wall_t /*now*/) {
  return listed(from.verdicts(what.of), format_of(what), {"没有结论", "no verdicts"}, from.zone(),
                changtong::write_verdicts);
}

result<std::string> write_alerts(const ledger::reader& from, const wanted& what, wall_t /*now*/) {
  using books::alert_story;
  auto all = chosen(books::alert_stories(from, {}), what, &alert_story::opened, &alert_story::resolved);
  if (format_of(what) == report::format::table) name_lines(all, from);
  return listed(all, format_of(what), {"没有告警", "no alerts"}, from.zone(), report::write_alerts);
}

result<std::string> write_tickets(const ledger::reader& from, const wanted& what, wall_t /*now*/) {
  return listed(chosen(books::fold_tickets(from.declared<ticket_record>()), what, &books::ticket::reported,
                       &books::ticket::closed),
                format_of(what), {"没有报障单", "no tickets"}, from.zone(), report::write_tickets);
}

result<std::string> write_due_tickets(const ledger::reader& from, const wanted& what, wall_t now) {
  const auto policies = books::read_policies(from.policies());
  if (!policies) return policies.error();
  const std::string office = policies->empty() ? std::string() : policies->back().what.report.office;
  const auto due = books::due_tickets(from, {.now = now, .office = office});
  if (!due) return due.error();
  std::string out;
  for (const books::due_ticket& t : *due)
    out += what.format == "html"  ? report::ticket_page(t, office, from.zone())
           : what.format == "csv" ? report::ticket_csv(t, from.zone())
                                  : fmt::format("{}\n{}", books::ticket_title(t.what), t.what.text);
  return text(std::move(out));
}

}  // namespace changtong::lists
