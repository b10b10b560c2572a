// Alerts and tickets, as they stand; what people enter of them is in entries.cpp.
#include <algorithm>
#include <utility>

#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/routes.h"
#include "daemon/report/alerts.h"

namespace changtong::api {
namespace {

constexpr milliseconds recent = std::chrono::days{7};

/** Of the ones that are wanted the latest, first; `begins`: when one was opened or reported. */
template <class T, class Begins, class Wanted>
std::vector<T> chosen(std::vector<T> all, const question& q, Begins begins, Wanted wanted) {
  std::erase_if(all, [&](const T& one) { return !wanted(one) || (!q.line.empty() && !is_among(one.targets, q.line)); });
  std::ranges::sort(all, [&](const T& a, const T& b) { return begins(a) > begins(b); });
  if (all.size() > q.number("limit")) all.resize(q.number("limit"));
  return all;
}

/** What is open whatever its age, and what began in the period: by default the last seven days. */
template <class Write>
web_response list(context& from, const question& q, std::string_view key, Write write) {
  const auto reader = from.readers.borrow();
  if (!reader) return no_ledger(reader.error());
  const civil_zone& zone = (*reader)->zone();
  const wall_t now = from.from.now();
  const auto when = period_parameters(q.request, zone, {now - recent, now + milliseconds{1}});
  if (!when) return bad_parameter(when.error());
  json_object out;
  add_instant(out, "from", when->from, zone);
  add_instant(out, "to", when->to, zone);
  return json_answer(out.add_raw(key, write(**reader, *when, zone)).text());
}

web_response list_alerts(context& from, const question& q) {
  return list(from, q, "alerts", [&](const ledger::reader& books, period when, const civil_zone& zone) {
    const auto wanted = [&](const books::alert_story& a) {
      return !a.resolved || (!q.flag("open") && when.holds(a.opened));
    };
    return report::write_alerts(
        chosen(
            books::alert_stories(books, {}), q, [](const auto& a) { return std::pair(a.opened, a.id); }, wanted),
        report::format::json, zone);
  });
}

web_response list_tickets(context& from, const question& q) {
  return list(from, q, "tickets", [&](const ledger::reader& books, period when, const civil_zone& zone) {
    const auto wanted = [&](const books::ticket& t) {
      return !t.closed || (!q.flag("open") && when.holds(t.reported));
    };
    return report::write_tickets(chosen(
                                     books::fold_tickets(books.declared<ticket_record>()), q,
                                     [](const auto& t) { return std::pair(t.reported, t.number); }, wanted),
                                 report::format::json, zone);
  });
}

}  // namespace

std::vector<route> alert_routes() {
  const std::vector<parameter> parameters{{"from", "as in /api/v1/outages; default: seven days ago"},
                                          {"to", "as from, but its end; default: now"},
                                          one_line(),
                                          flag("open", "1: only those that are still open"),
                                          number("limit", 200, 10'000)};
  constexpr std::string_view unread = "The ledger cannot be read just now";
  return {
      {.path = "/api/v1/alerts",
       .summary = "告警：告知了谁、谁接手、何时恢复",
       .about = "Latest first: those that are open, whatever their age, and those that were opened in the period.",
       .evidence = true,
       .parameters = parameters,
       .answer = "Alerts",
       .refusals = {{503, unread}},
       .function = list_alerts},
      {.path = "/api/v1/tickets",
       .summary = "报障单",
       .about = "Latest first: those that are open, whatever their age, and those that were reported in the period.",
       .evidence = true,
       .parameters = parameters,
       .answer = "Tickets",
       .refusals = {{503, unread}},
       .function = list_tickets},
  };
}

}  // namespace changtong::api
