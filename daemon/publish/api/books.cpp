#include "daemon/publish/api/books.h"

#include "daemon/books/books.h"
#include "daemon/publish/api/answers.h"
#include "daemon/report/books.h"

namespace changtong::api {
namespace {

period today_so_far(const ledger::reader& books, wall_t now) {
  period day = books.zone().around(now, civil_zone::unit::day);
  day.to = std::min(day.to, now);
  return day;
}

/** The row of one line, without reading the others. */
std::vector<availability::availability_row> line_rows(const ledger::reader& books, period p, wall_t now,
                                                      std::string_view line) {
  std::vector<availability::availability_row> rows;
  books.histories(p, now, line, [&](const ledger::known_target& t, const availability::target_history& history) {
    const auto sums = availability::measure(history, p);
    if (sums.scope) rows.push_back({t.id, t.name, sums, availability::compute(sums, false)});
  });
  return rows;
}

}  // namespace

web_response list_outages(context& from, const web_request& request) {
  if (const auto known = only_parameters(request, {"from", "to", "line", "open", "limit"}); !known)
    return bad_parameter(known.error());
  const auto limit = number_parameter(request, "limit", 200, 10'000);
  if (!limit) return bad_parameter(limit.error());
  const auto open_only = flag_parameter(request, "open");
  if (!open_only) return bad_parameter(open_only.error());
  const auto reader = from.readers.borrow();
  if (!reader) return no_ledger(reader.error());
  const ledger::reader& books = **reader;
  const wall_t now = from.from.now();
  const period otherwise = *open_only ? period{now - milliseconds{1}, now + milliseconds{1}} : today_so_far(books, now);
  const auto asked = period_parameters(request, books.zone(), otherwise);
  if (!asked) return bad_parameter(asked.error());
  // Closed ones are dropped after reading, so the limit must not be spent on them.
  auto rows = books.outages(*asked, request.parameter("line"), *open_only ? 10'000 : *limit);
  if (*open_only) std::erase_if(rows, [](const auto& o) { return o.ended != wall_max; });
  if (rows.size() > *limit) rows.resize(*limit);
  json_object out;
  add_instant(out, "from", asked->from, books.zone());
  add_instant(out, "to", asked->to, books.zone());
  out.add("limit", static_cast<std::int64_t>(*limit));
  out.add_raw("outages", report::write_outages(rows, report::format::json, books.zone()));
  return json_answer(out.text());
}

web_response list_availability(context& from, const web_request& request) {
  if (const auto known = only_parameters(request, {"from", "to", "by", "line"}); !known)
    return bad_parameter(known.error());
  const std::string_view line = request.parameter("line");
  const std::string_view by_name = request.query.contains("by") ? request.parameter("by")
                                   : line.empty()               ? "category"
                                                                : "line";
  const auto by = ledger::grouping_named(by_name);
  if (!by) return bad_parameter(by.error());
  if (!line.empty() && *by != ledger::grouping::line) return bad_parameter({"line goes with by=line only"});
  const auto reader = from.readers.borrow();
  if (!reader) return no_ledger(reader.error());
  const ledger::reader& books = **reader;
  const wall_t cut = cut_of(from.from.now(), books.heartbeat());
  const auto asked = period_parameters(request, books.zone(), today_so_far(books, cut));
  if (!asked) return bad_parameter(asked.error());
  const auto rows = line.empty() ? ledger::books(books, *asked, cut, *by) : line_rows(books, *asked, cut, line);
  json_object out;
  add_instant(out, "from", asked->from, books.zone());
  add_instant(out, "to", asked->to, books.zone());
  out.add("by", by_name).add_raw("rows", report::write_availability(rows, report::format::json, books.zone()));
  return json_answer(out.text());
}

}  // namespace changtong::api
