// Outages and availability with the field names of the command line.
#include <algorithm>

#include "daemon/books/books.h"
#include "daemon/books/outage_notes.h"
#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/merged_outages.h"
#include "daemon/publish/api/routes.h"
#include "daemon/publish/api/views.h"
#include "daemon/report/book_text.h"

namespace changtong::api {
namespace {

constexpr std::size_t most_outages = 10'000;

period today_so_far(const ledger::reader& books, wall_t now) {
  period day = books.zone().around(now, civil_zone::unit::day);
  day.to = std::min(day.to, now);
  return day;
}

/** The rows of one line, without reading the others: one of the whole period, or one a civil day or month of it. */
std::vector<availability::availability_row> line_rows(const ledger::reader& books, period p, wall_t now,
                                                      std::string_view line, books::grouping by) {
  const bool whole = by == books::grouping::line;
  const auto unit = by == books::grouping::day ? civil_zone::unit::day : civil_zone::unit::month;
  const std::vector<period> parts = whole ? std::vector{p} : books.zone().split({p.from, std::min(p.to, now)}, unit);
  std::vector<availability::availability_row> rows;
  books.histories(p, now, line, [&](const ledger::known_target& t, const availability::target_history& history) {
    for (const period& part : parts) {
      const auto sums = availability::measure(history, part);
      if (!sums.scope) continue;
      const std::string key = whole ? t.id : books.zone().key(part.from, unit);
      rows.push_back({key, whole ? t.name : key, sums, availability::compute(sums, false)});
    }
  });
  return rows;
}

web_response write_outages_of(context& from, const question& q, const asked_books& of) {
  const ledger::reader& books = of.books;
  const wall_t now = from.from.now();
  const bool open_only = q.flag("open");
  const std::size_t limit = q.number("limit");
  const period otherwise = open_only ? period{now - milliseconds{1}, now + milliseconds{1}} : today_so_far(books, now);
  const auto asked = period_parameters(q.request, books.zone(), otherwise);
  if (!asked) return bad_parameter(asked.error());
  // Closed ones are dropped after reading, so the limit must not be spent on them.
  auto rows = books.outages(*asked, q.line, open_only ? most_outages : limit);
  if (asked->from > now) rows.clear();  // an open outage is of no time that is still to come
  if (open_only) {
    std::erase_if(rows, [](const auto& o) { return o.ended != wall_max; });
    const auto over = books::ended_scopes(books, rows);
    std::erase_if(rows, [&](const auto& o) { return over.contains(o.target); });
  }
  if (rows.size() > limit) rows.resize(limit);
  json_object out;
  add_instant(out, "from", asked->from, books.zone());
  add_instant(out, "to", asked->to, books.zone());
  out.add("limit", static_cast<std::int64_t>(limit));
  of.view.name(out);
  out.add_raw("outages", listed(of, std::move(rows)).all);
  return json_answer(out.text());
}

web_response list_outages(context& from, const question& q) { return in_view(from, q, write_outages_of); }

web_response write_rows(context& from, const question& q, const asked_books& of) {
  const std::string_view line = q.line;
  const std::string_view by_name = q.request.query.contains("by") ? q.text("by") : line.empty() ? "category" : "line";
  const auto by = books::grouping_named(by_name);
  if (!by) return bad_parameter(by.error());
  const bool of_one = *by == books::grouping::line || *by == books::grouping::day || *by == books::grouping::month;
  if (!line.empty() && !of_one)
    return bad_parameter(said("line 只能与 by=line、day、month 同用", "line goes with by=line, day or month only"));
  const ledger::reader& books = of.books;
  const wall_t cut = cut_of(from.from.now(), books.heartbeat());
  const auto asked = period_parameters(q.request, books.zone(), today_so_far(books, cut));
  if (!asked) return bad_parameter(asked.error());
  const auto rows = line.empty() ? books::books(books, *asked, cut, *by) : line_rows(books, *asked, cut, line, *by);
  json_object out;
  add_instant(out, "from", asked->from, books.zone());
  add_instant(out, "to", asked->to, books.zone());
  of.view.name(out);
  out.add("by", by_name).add_raw("rows", report::write_availability(rows, report::format::json, books.zone()));
  return json_answer(out.text());
}

web_response list_availability(context& from, const question& q) { return in_view(from, q, write_rows); }

}  // namespace

std::vector<route> book_routes() {
  const parameter from{"from",
                       "ISO 8601 with offset, or civil in the zone: 2026, 2026-03, 2026-03-14 (its first instant)"};
  const parameter to{"to", "as from, but its end"};
  const parameter view = view_parameter();
  return {
      {.path = "/api/v1/outages",
       .summary = "中断清单",
       .about = "Outages that touch the period, latest first. Default period: today; with open=1: now.",
       .evidence = true,
       .parameters = {from, to, one_line(), flag("open", "1: only those that are still open"),
                      number("limit", 200, most_outages), view},
       .answer = "Outages",
       .refusals = {{503, "The ledger cannot be read just now"}},
       .function = list_outages},
      {.path = "/api/v1/availability",
       .summary = "畅通率",
       .about = "The rows of `changtong availability --format json`. Default period: today.",
       .evidence = true,
       .parameters = {from, to,
                      word("by", "分组；默认 category，有 line 时为 line",
                           {"line", "category", "carrier", "town", "day", "month"}),
                      one_line(), view},
       .answer = "Availability",
       .refusals = {{503, "The ledger cannot be read just now"}},
       .function = list_availability},
  };
}

}  // namespace changtong::api
