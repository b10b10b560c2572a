#include "daemon/publish/api/entries.h"

#include <algorithm>
#include <utility>

#include "daemon/books/window_list.h"
#include "daemon/core/record_fields.h"
#include "daemon/entries/command_json.h"
#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/people.h"
#include "daemon/report/windows.h"

namespace changtong::api {
namespace {

constexpr std::size_t default_limit = 200, most_rows = 10'000;

web_response refusal_answer(const refused& r, bool several) {
  const int status = r.why == refused::reason::invalid    ? 400
                     : r.why == refused::reason::unknown  ? 404
                     : r.why == refused::reason::conflict ? 409
                     : r.why == refused::reason::too_much ? 413
                                                          : 503;
  const std::string where = several ? "entries[" + std::to_string(r.nth) + "]: " : "";
  return problem_answer(status, r.code, where + r.text, where + r.text_en);
}

// How a type of field is shown.
void put(json_object& o, std::string_view key, const std::string& text, const civil_zone& /*zone*/) {
  o.add(key, text);
}
void put(json_object& o, std::string_view key, std::int64_t number, const civil_zone& /*zone*/) { o.add(key, number); }
void put(json_object& o, std::string_view key, wall_t at, const civil_zone& zone) { o.add(key, zone.format(at)); }
void put(json_object& o, std::string_view key, attainment a, const civil_zone& /*zone*/) { o.add(key, name_of(a)); }

/** What the record says, all of it, in the journal's order; when it was entered stands with who entered it. */
template <class T>
void add_fields(json_object& o, const T& r, const civil_zone& zone) {
  each_field<T>([&](const auto& f) {
    if (f.name == "at") return;
    if (f.name == "author" || f.name == "by") put(o, "at", r.at, zone);
    if constexpr (std::is_same_v<decltype(f.of(r)), const std::string&>)
      if (f.stands == presence::as_json) return void(o.add_raw(f.name, f.of(r)));
    put(o, f.name, f.of(r), zone);
  });
  if constexpr (std::is_same_v<T, duty_record>) {
    const auto day = zone.parse(r.day);
    o.add_bool("late", day && entered_late(r, day->to));
  }
}

/** Latest first, at most `limit`; each says whether it counts. */
template <class T>
std::string listed(const std::vector<T>& all, std::size_t limit, const civil_zone& zone) {
  const std::vector<bool> counts = counting(all);
  json_array list;
  for (std::size_t i = all.size(); i > 0 && all.size() - i < limit; --i) {
    json_object o;
    add_fields(o, all[i - 1], zone);
    list.add(o.add_bool("counts", counts[i - 1]).text());
  }
  return list.text();
}

template <class... T>
void add_declared(json_object& o, const record& r, const civil_zone& zone, types<T...> /*all*/) {
  const auto add = [&]<class D>(const D* one) {
    if (one != nullptr) add_fields(o, *one, zone);
  };
  (add(std::get_if<T>(&r)), ...);
}

/** Empty for what no person declares. */
std::string json_of(const record& r, const civil_zone& zone) {
  json_object o;
  add_declared(o, r, zone, declarations{});
  return o.text();
}

web_response entered_answer(const entered& done, const civil_zone& zone) {
  json_array records, notices;
  for (const record& r : done.records) records.add(json_of(r, zone));
  for (const notice& n : done.notices)
    notices.add(json_object().add("code", n.code).add("text", n.text).add("text_en", n.text_en).text());
  return json_answer(json_object().add_raw("entered", records.text()).add_raw("notices", notices.text()).text());
}

/** Sentences that speak both languages are Chinese, " / ", English; others are English only. */
std::pair<std::string, std::string> in_both(const std::string& text) {
  const std::size_t cut = text.find(" / ");
  return cut == std::string::npos ? std::pair(text, text) : std::pair(text.substr(0, cut), text.substr(cut + 3));
}

/** Permission, body, books: in this order, so that nobody without a token learns what is in the books. */
template <class Read>
web_response enter(const context& from, const web_request& request, right needed, Read read) {
  const permission who = permitted(from, request, needed);
  if (who.refusal) return *who.refusal;
  if (!from.from.enter) return cannot_enter();
  const civil_zone zone = from.from.zone();
  const result<std::vector<command>> what = read(request.body, zone);
  if (!what) {
    const auto [chinese, english] = in_both(what.error().text);
    return problem_answer(400, "bad_body", "内容无法读取：" + chinese, "the body cannot be read: " + english);
  }
  const entering done = from.from.enter(*what, {.name = who.name, .source = "api", .via = who.via});
  return done ? entered_answer(*done, zone) : refusal_answer(done.error(), what->size() > 1);
}

web_response enter_kind(const context& from, const web_request& request, right needed, const command& kind) {
  return enter(from, request, needed,
               [&](std::string_view body, const civil_zone& zone) { return read_commands(kind, body, zone); });
}

/** Period, target and limit of a list. */
struct asked {
  period when;
  std::string line;
  std::size_t limit = default_limit;
};
result<asked> read_asked(const web_request& request, const civil_zone& zone, period otherwise) {
  if (const auto known = only_parameters(request, {"from", "to", "line", "limit"}); !known) return known.error();
  const auto limit = number_parameter(request, "limit", default_limit, most_rows);
  if (!limit) return limit.error();
  const auto when = period_parameters(request, zone, otherwise);
  if (!when) return when.error();
  return asked{.when = *when, .line = std::string(request.parameter("line")), .limit = *limit};
}

/** This civil year and the next two months: what was, and what is planned. */
period about_now(const civil_zone& zone, wall_t now) {
  const period year = zone.around(now, civil_zone::unit::year);
  return {year.from, std::max(year.to, now + std::chrono::hours{24 * 62})};
}

}  // namespace

web_response list_windows(context& from, const web_request& request) {
  const auto reader = from.readers.borrow();
  if (!reader) return no_ledger(reader.error());
  const civil_zone zone = (*reader)->zone();
  const wall_t now = from.from.now();
  const auto what = read_asked(request, zone, about_now(zone, now));
  if (!what) return bad_parameter(what.error());
  const auto rows = ledger::list_windows(**reader, what->when, what->line, now, what->limit);
  json_object out;
  out.add("from", zone.format(what->when.from)).add("to", zone.format(what->when.to));
  out.add_raw("windows", report::write_windows(rows, report::format::json, zone));
  return json_answer(out.text());
}

web_response request_windows(context& from, const web_request& request) {
  return enter_kind(from, request, right::request, window_command{});
}

web_response step_window(context& from, const web_request& request) {
  const std::string_view id = std::string_view(request.path).substr(std::string_view("/api/v1/windows/").size());
  // Which right it needs stands in the body, so it is read first; it says nothing about the books.
  const auto what = read_window_step(request.body, id, from.from.zone());
  const bool approval = what && std::get<window_command>(what->front()).what == window_command::act::approve;
  return enter(from, request, approval ? right::approve : right::request,
               [&](std::string_view, const civil_zone&) { return what; });
}

web_response list_annotations(context& from, const web_request& request) {
  const auto reader = from.readers.borrow();
  if (!reader) return no_ledger(reader.error());
  const civil_zone zone = (*reader)->zone();
  const auto what = read_asked(request, zone, about_now(zone, from.from.now()));
  if (!what) return bad_parameter(what.error());
  json_array list;
  std::vector<annotation> all = (*reader)->annotations(what->line, what->when);
  std::ranges::reverse(all);  // latest first
  if (all.size() > what->limit) all.resize(what->limit);
  for (const annotation& a : all) list.add(json_of(a, zone));
  json_object out;
  out.add("from", zone.format(what->when.from)).add("to", zone.format(what->when.to));
  return json_answer(out.add_raw("annotations", list.text()).text());
}

web_response annotate(context& from, const web_request& request) {
  return enter_kind(from, request, right::annotate, annotation_command{});
}

web_response list_closings(context& from, const web_request& request) {
  if (const auto known = only_parameters(request, {}); !known) return bad_parameter(known.error());
  const auto reader = from.readers.borrow();
  if (!reader) return no_ledger(reader.error());
  json_array list;
  for (const period_closed& c : (*reader)->closings()) list.add(json_of(c, (*reader)->zone()));
  return json_answer(json_object().add_raw("closings", list.text()).text());
}

web_response close_period(context& from, const web_request& request) {
  return enter_kind(from, request, right::close, close_command{});
}

web_response list_duty(context& from, const web_request& request) {
  const auto reader = from.readers.borrow();
  if (!reader) return no_ledger(reader.error());
  const civil_zone zone = (*reader)->zone();
  const auto what = read_asked(request, zone, about_now(zone, from.from.now()));
  if (!what) return bad_parameter(what.error());
  if (!what->line.empty()) return bad_parameter({"duty is of the district, not of a line"});
  const auto day = [&](wall_t at) { return zone.key(at, civil_zone::unit::day); };
  json_array list;
  std::vector<duty_record> all = (*reader)->duties(day(what->when.from), day(what->when.to - milliseconds{1}));
  if (all.size() > what->limit) all.resize(what->limit);
  for (const duty_record& d : all) list.add(json_of(d, zone));
  json_object out;
  out.add("from", zone.format(what->when.from)).add("to", zone.format(what->when.to));
  return json_answer(out.add_raw("duty", list.text()).text());
}

web_response enter_duty(context& from, const web_request& request) {
  return enter_kind(from, request, right::duty, duty_command{});
}

web_response list_counters(context& from, const web_request& request) {
  if (const auto known = only_parameters(request, {"counter", "from", "to", "limit"}); !known)
    return bad_parameter(known.error());
  const auto reader = from.readers.borrow();
  if (!reader) return no_ledger(reader.error());
  const civil_zone zone = (*reader)->zone();
  const auto limit = number_parameter(request, "limit", default_limit, most_rows);
  if (!limit) return bad_parameter(limit.error());
  const auto when = period_parameters(request, zone, about_now(zone, from.from.now()));
  if (!when) return bad_parameter(when.error());
  json_object out;
  out.add("from", zone.format(when->from)).add("to", zone.format(when->to));
  out.add_raw("counters", listed((*reader)->counters(request.parameter("counter"), *when), *limit, zone));
  return json_answer(out.text());
}

web_response enter_counters(context& from, const web_request& request) {
  return enter_kind(from, request, right::import, counter_command{});
}

web_response list_verdicts(context& from, const web_request& request) {
  if (const auto known = only_parameters(request, {"plan", "limit"}); !known) return bad_parameter(known.error());
  const auto reader = from.readers.borrow();
  if (!reader) return no_ledger(reader.error());
  const auto limit = number_parameter(request, "limit", default_limit, most_rows);
  if (!limit) return bad_parameter(limit.error());
  json_object out;
  out.add_raw("verdicts", listed((*reader)->verdicts(request.parameter("plan")), *limit, (*reader)->zone()));
  return json_answer(out.text());
}

web_response enter_verdicts(context& from, const web_request& request) {
  return enter_kind(from, request, right::evaluate, verdict_command{});
}

}  // namespace changtong::api
