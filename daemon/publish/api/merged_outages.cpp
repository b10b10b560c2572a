#include "daemon/publish/api/merged_outages.h"

#include "daemon/books/merged_notes.h"
#include "daemon/publish/api/answers.h"
#include "daemon/report/book_text.h"

namespace changtong::api {
namespace {

bool is_open(const books::listed_outage& o) { return o.what.ended == wall_max && o.scope_ended == wall_max; }

std::string text_of(const books::listed_outage& o, const civil_zone& zone) {
  return json_element(report::write_outages({o}, report::format::json, zone));
}

outage_list of_both(const asked_books& of, std::vector<availability::outage> outages) {
  outage_list out{.all = {}, .open = "null"};
  json_array all;
  bool first = true;
  for (const books::merged_listed& m : books::merged_noted(of.books, of.own, std::move(outages))) {
    std::string row = text_of(m.row, of.books.zone());
    row.resize(row.rfind('}'));
    row += ",\"own\":" + json_list(m.own) + "}";
    if (std::exchange(first, false) && is_open(m.row)) out.open = row;
    all.add_raw(row);
  }
  out.all = all.text();
  return out;
}

}  // namespace

outage_list listed(const asked_books& of, std::vector<availability::outage> outages) {
  if (of.both != nullptr) return of_both(of, std::move(outages));
  const auto rows = books::noted(of.books, std::move(outages));
  const civil_zone& zone = of.books.zone();
  const bool open = !rows.empty() && is_open(rows.front());
  return {.all = report::write_outages(rows, report::format::json, zone),
          .open = open ? text_of(rows.front(), zone) : "null"};
}

}  // namespace changtong::api
