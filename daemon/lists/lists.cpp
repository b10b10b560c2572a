#include "daemon/lists/lists.h"

#include <fmt/format.h>

#include "daemon/books/alert_stories.h"
#include "daemon/books/due_tickets.h"
#include "daemon/books/operation_days.h"
#include "daemon/books/policy.h"
#include "daemon/books/tickets.h"
#include "daemon/books/window_list.h"
#include "daemon/core/id_list.h"
#include "daemon/core/phrase.h"
#include "daemon/core/utf8.h"
#include "daemon/report/alerts.h"
#include "daemon/report/evaluation_lists.h"
#include "daemon/report/ticket_paper.h"
#include "daemon/report/windows.h"

namespace changtong::lists {
namespace {

result<std::string> text(std::string of) { return {boost::system::in_place_value, std::move(of)}; }

report::format format_of(const wanted& what) {
  const auto named = report::format_named(what.format);
  return named ? *named : report::format::table;
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

result<std::string> write_windows(const ledger::reader& from, const wanted& what, wall_t now) {
  constexpr std::size_t most = 1'000'000;
  return text(
      report::write_windows(books::list_windows(from, what.when, what.line, now, most), format_of(what), from.zone()));
}

result<std::string> write_duty(const ledger::reader& from, const wanted& what, wall_t /*now*/) {
  const auto day = [&](wall_t at) { return from.zone().key(at, civil_zone::unit::day); };
  const std::string first = what.when.from == wall_min ? "" : day(what.when.from);
  const std::string last = what.when.to == wall_max ? "9999-12-31" : day(what.when.to - milliseconds{1});
  return text(report::write_duty_records(from.duties(first, last), format_of(what), from.zone()));
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
  return text(changtong::write_counters(from.counters(what.of, what.when), format_of(what), from.zone()));
}

result<std::string> write_verdicts(const ledger::reader& from, const wanted& what, wall_t /*now*/) {
  return text(changtong::write_verdicts(from.verdicts(what.of), format_of(what), from.zone()));
}

result<std::string> write_alerts(const ledger::reader& from, const wanted& what, wall_t /*now*/) {
  using books::alert_story;
  return text(
      report::write_alerts(chosen(books::alert_stories(from, {}), what, &alert_story::opened, &alert_story::resolved),
                           format_of(what), from.zone()));
}

result<std::string> write_tickets(const ledger::reader& from, const wanted& what, wall_t /*now*/) {
  return text(report::write_tickets(chosen(books::fold_tickets(from.declared<ticket_record>()), what,
                                           &books::ticket::reported, &books::ticket::closed),
                                    format_of(what), from.zone()));
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
