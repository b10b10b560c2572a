// One outage, with the samples around it as the journal keeps them.
#include "daemon/books/outage_notes.h"
#include "daemon/books/outage_samples.h"
#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/routes.h"
#include "daemon/report/book_text.h"

namespace changtong::api {
namespace {

constexpr std::size_t most_at_an_instant = 8;  // outages of a line that touch its first millisecond

/** None: nothing is called so. */
std::optional<availability::outage> outage_named(const ledger::reader& books, std::string_view id) {
  const std::size_t at = id.rfind('@');
  if (at == std::string_view::npos) return std::nullopt;
  const auto began = books.zone().parse(std::string(id.substr(at + 1)));
  const std::string_view line = id.substr(0, at);
  if (!began || line.empty()) return std::nullopt;
  for (availability::outage& o : books.outages({began->from, began->from + milliseconds{1}}, line, most_at_an_instant))
    if (o.began == began->from) return std::move(o);
  return std::nullopt;
}

/** Side by side, the numbers of a check's samples: thousands of objects would be ten times as long. */
std::string series_json(const kept_stretch& of) {
  json_array at, rtt, what, why;
  for (const kept_sample& s : of.samples) {
    const bool good = s.what == outcome::good;
    at.add_raw(std::to_string(ms_of(s.at)));
    rtt.add_raw(good ? fmt::format("{}.{:02}", s.rtt / 100, s.rtt % 100) : "null");
    what.add(name_of(s.what));
    why.add(good ? std::string_view() : name_of(s.why));
  }
  json_object one;
  one.add("check", of.check).add_raw("at_ms", at.text()).add_raw("rtt_ms", rtt.text());
  one.add_raw("outcome", what.text()).add_raw("cause", why.text());
  return one.text();
}

std::string entries_json(const std::vector<samples_record>& entries, const civil_zone& zone) {
  json_array all;
  for (const samples_record& r : entries) {
    json_object one;
    one.add("part", name_of(r.part));
    add_instant(one, "entered", r.at, zone);
    add_instant(one, "outage_began", r.about, zone);
    add_instant(one, "from", r.from, zone);
    add_instant(one, "to", r.to, zone);
    all.add_raw(one.add("left_out", r.left).text());
  }
  return all.text();
}

web_response show_outage(context& from, const question& q) {
  const auto reader = from.readers.borrow();
  if (!reader) return no_ledger(reader.error());
  const ledger::reader& books = **reader;
  const auto outage = outage_named(books, q.id);
  if (!outage) return problem_answer(404, "no_such_outage", "没有这次中断", "no such outage");
  const books::outage_samples samples = books::samples_of(books, *outage);
  json_array checks;
  for (const kept_stretch& one : samples.checks) checks.add_raw(series_json(one));
  json_object out;
  out.add_raw("outage",
              json_element(report::write_outages(books::noted(books, {*outage}), report::format::json, books.zone())));
  out.add_raw("entries", entries_json(samples.entries, books.zone())).add_raw("samples", checks.text());
  return json_answer(out.add_bool("unreadable", samples.unreadable).text());
}

}  // namespace

std::vector<route> outage_routes() {
  return {{.path = "/api/v1/outages/{id}",
           .summary = "一次中断及其前后的样本",
           .about = "By the id that the list gives it. The samples from ten minutes before it began to ten minutes "
                    "after, and around its end, as the journal keeps them: they come once those minutes are over.",
           .evidence = true,
           .answer = "OutageDetail",
           .refusals = {{404, "No such outage"}, {503, "The ledger cannot be read just now"}},
           .function = show_outage}};
}

}  // namespace changtong::api
