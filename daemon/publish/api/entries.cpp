// What people enter: windows, annotations, duty, closings, counters, verdicts. GET shows what the ledger has; POST
// answers when it is durable.
#include <algorithm>
#include <utility>

#include "daemon/books/window_list.h"
#include "daemon/entries/command_json.h"
#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/people.h"
#include "daemon/publish/api/routes.h"
#include "daemon/report/windows.h"

namespace changtong::api {
namespace {

web_response refusal_answer(const refused& r, bool several) {
  const int status = r.why == refused::reason::invalid    ? 400
                     : r.why == refused::reason::unknown  ? 404
                     : r.why == refused::reason::conflict ? 409
                     : r.why == refused::reason::too_much ? 413
                                                          : 503;
  const std::string where = several ? "entries[" + std::to_string(r.nth) + "]: " : "";
  return problem_answer(status, r.code, where + r.text, where + r.text_en);
}

void add_fields(json_object& o, const counter_reading& r, const civil_zone& zone) {
  o.add("counter", r.counter).add("about", zone.format(r.about)).add("value", r.value).add("unit", r.unit);
  o.add("source", r.source).add("at", zone.format(r.at)).add("author", r.author).add("via", r.via);
}

void add_fields(json_object& o, const indicator_verdict& v, const civil_zone& zone) {
  o.add("plan", v.plan).add("indicator", v.indicator).add("verdict", name_of(v.verdict)).add("points", v.points);
  o.add("text", v.text).add("document", v.document).add("sha256", v.sha256).add("at", zone.format(v.at));
  o.add("author", v.author).add("via", v.via);
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

std::string json_of(const record& r, const civil_zone& zone) {
  json_object o;
  if (const auto* c = std::get_if<counter_reading>(&r)) add_fields(o, *c, zone);
  if (const auto* v = std::get_if<indicator_verdict>(&r)) add_fields(o, *v, zone);
  if (const auto* w = std::get_if<window_record>(&r))
    o.add("id", w->id).add("target", w->target).add("state", w->state).add("from", zone.format(w->from));
  if (const auto* w = std::get_if<window_record>(&r))
    o.add("to", zone.format(w->to)).add("at", zone.format(w->at)).add("by", w->by).add("text", w->text);
  if (const auto* w = std::get_if<window_record>(&r)) o.add("flags", w->flags).add("via", w->via);
  if (const auto* a = std::get_if<annotation>(&r)) {
    o.add("target", a->target).add("about", zone.format(a->about)).add("at", zone.format(a->at));
    o.add("author", a->author).add("text", a->text).add("via", a->via);
  }
  if (const auto* d = std::get_if<duty_record>(&r)) {
    o.add("day", d->day).add("person", d->person).add("source", d->source).add("at", zone.format(d->at));
    o.add("author", d->author).add("text", d->text).add("via", d->via);
    const auto day = zone.parse(d->day);
    o.add_bool("late", day && entered_late(*d, day->to));
  }
  if (const auto* c = std::get_if<period_closed>(&r)) {
    o.add("from", zone.format(c->when.from)).add("to", zone.format(c->when.to)).add("version", c->version);
    o.add("at", zone.format(c->at)).add("author", c->author).add("reason", c->reason).add("sheet", c->sheet);
    o.add("via", c->via);
    o.add_raw("figures", c->figures).add_raw("changes", c->changes);
  }
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

/** The body, then the books; who may ask was settled before, so that nobody without a token learns what is in them. */
template <class Read>
web_response enter(const context& from, const question& q, Read read) {
  if (!from.from.enter) return cannot_enter();
  const civil_zone zone = from.from.zone();
  const result<std::vector<command>> what = read(q.request.body, zone);
  if (!what) {
    const auto [chinese, english] = in_both(what.error().text);
    return problem_answer(400, "bad_body", "内容无法读取：" + chinese, "the body cannot be read: " + english);
  }
  const entering done = from.from.enter(*what, q.who);
  return done ? entered_answer(*done, zone) : refusal_answer(done.error(), what->size() > 1);
}

/** This civil year and the next two months: what was, and what is planned. */
result<period> asked_period(const question& q, const civil_zone& zone, wall_t now) {
  const period year = zone.around(now, civil_zone::unit::year);
  return period_parameters(q.request, zone, {year.from, std::max(year.to, now + std::chrono::hours{24 * 62})});
}

json_object list_of(const period& when, const civil_zone& zone) {
  json_object out;
  return out.add("from", zone.format(when.from)).add("to", zone.format(when.to));
}

web_response list_windows(context& from, const question& q) {
  const auto reader = from.readers.borrow();
  if (!reader) return no_ledger(reader.error());
  const civil_zone zone = (*reader)->zone();
  const wall_t now = from.from.now();
  const auto when = asked_period(q, zone, now);
  if (!when) return bad_parameter(when.error());
  const auto rows = ledger::list_windows(**reader, *when, std::string(q.text("line")), now, q.number("limit"));
  json_object out = list_of(*when, zone);
  return json_answer(out.add_raw("windows", report::write_windows(rows, report::format::json, zone)).text());
}

web_response request_windows(context& from, const question& q) { return enter(from, q, read_window_requests); }

result<std::vector<command>> read_step(const context& from, const question& q) {
  return read_window_step(q.request.body, q.id, from.from.zone());
}

/** It stands in the body, which says nothing about the books. */
right right_of_step(const context& from, const question& q) {
  const auto what = read_step(from, q);
  const bool approval = what && std::get<window_command>(what->front()).what == window_command::act::approve;
  return approval ? right::approve : right::request;
}

web_response step_window(context& from, const question& q) {
  return enter(from, q, [&](std::string_view, const civil_zone&) { return read_step(from, q); });
}

web_response list_annotations(context& from, const question& q) {
  const auto reader = from.readers.borrow();
  if (!reader) return no_ledger(reader.error());
  const civil_zone zone = (*reader)->zone();
  const auto when = asked_period(q, zone, from.from.now());
  if (!when) return bad_parameter(when.error());
  json_array list;
  std::vector<annotation> all = (*reader)->annotations(q.text("line"), *when);
  std::ranges::reverse(all);  // latest first
  if (all.size() > q.number("limit")) all.resize(q.number("limit"));
  for (const annotation& a : all) list.add(json_of(a, zone));
  return json_answer(list_of(*when, zone).add_raw("annotations", list.text()).text());
}

web_response annotate(context& from, const question& q) { return enter(from, q, read_annotations); }

web_response list_closings(context& from, const question&) {
  const auto reader = from.readers.borrow();
  if (!reader) return no_ledger(reader.error());
  json_array list;
  for (const period_closed& c : (*reader)->closings()) list.add(json_of(c, (*reader)->zone()));
  return json_answer(json_object().add_raw("closings", list.text()).text());
}

web_response close_period(context& from, const question& q) { return enter(from, q, read_closings); }

web_response list_duty(context& from, const question& q) {
  const auto reader = from.readers.borrow();
  if (!reader) return no_ledger(reader.error());
  const civil_zone zone = (*reader)->zone();
  const auto when = asked_period(q, zone, from.from.now());
  if (!when) return bad_parameter(when.error());
  const auto day = [&](wall_t at) { return zone.key(at, civil_zone::unit::day); };
  json_array list;
  std::vector<duty_record> all = (*reader)->duties(day(when->from), day(when->to - milliseconds{1}));
  if (all.size() > q.number("limit")) all.resize(q.number("limit"));
  for (const duty_record& d : all) list.add(json_of(d, zone));
  return json_answer(list_of(*when, zone).add_raw("duty", list.text()).text());
}

web_response enter_duty(context& from, const question& q) { return enter(from, q, read_duties); }

web_response list_counters(context& from, const question& q) {
  const auto reader = from.readers.borrow();
  if (!reader) return no_ledger(reader.error());
  const civil_zone zone = (*reader)->zone();
  const auto when = asked_period(q, zone, from.from.now());
  if (!when) return bad_parameter(when.error());
  const auto all = (*reader)->counters(q.text("counter"), *when);
  return json_answer(list_of(*when, zone).add_raw("counters", listed(all, q.number("limit"), zone)).text());
}

web_response enter_counters(context& from, const question& q) { return enter(from, q, read_counters); }

web_response list_verdicts(context& from, const question& q) {
  const auto reader = from.readers.borrow();
  if (!reader) return no_ledger(reader.error());
  json_object out;
  out.add_raw("verdicts", listed((*reader)->verdicts(q.text("plan")), q.number("limit"), (*reader)->zone()));
  return json_answer(out.text());
}

web_response enter_verdicts(context& from, const question& q) { return enter(from, q, read_verdicts); }

/** A list of what was entered. */
route list(std::string_view path, std::string_view summary, std::string_view schema, decltype(route::function) function,
           std::vector<parameter> parameters) {
  return {.path = path,
          .summary = summary,
          .parameters = std::move(parameters),
          .answer = schema,
          .refusals = {{503, "The ledger cannot be read just now"}},
          .function = function};
}

/** One entry or several of one kind. */
route post(std::string_view path, std::string_view summary, right needs, std::string_view schema,
           decltype(route::function) function, std::string_view about) {
  return {.method = "POST",
          .path = path,
          .summary = summary,
          .about = about,
          .needs = needs,
          .body = schema,
          .answer = "Entered",
          .refusals = {{404, "It names a window, line or site that is not there"},
                       {409, "The books, or who asks, stand against it"},
                       {413,
                        "It would write more than 2000 entries, or more than 20000 of this author today; nothing "
                        "was kept"},
                       {503, "The ledger does not take it just now; nothing was kept"}},
          .function = function};
}

}  // namespace

std::vector<route> entry_routes() {
  const parameter from{"from", "as in /api/v1/outages; default: this civil year and the next two months"};
  const parameter to{"to", "as from, but its end"};
  const parameter line{"line", "编号"};
  const parameter limit = number("limit", 200, 10'000);
  constexpr std::string_view several = R"(One entry, or {"entries":[…]} with up to 2000, all or nothing.)";
  route step = post("/api/v1/windows/{id}", "批准、修改或取消", right::request, "WindowStep", step_window,
                    "approve needs the right `approve` and a second person; revise and cancel need `request`.");
  step.needs_by_body = right_of_step;
  route verdicts =
      list("/api/v1/verdicts", "指标结论", "Verdicts", list_verdicts, {{"plan", "方案：年度或名称"}, limit});
  route counters =
      list("/api/v1/counters", "计数器读数", "Counters", list_counters, {{"counter", "计数器名"}, from, to, limit});
  verdicts.about = counters.about =
      "Latest first. Of several about the same the one entered last counts; all are listed.";
  return {
      list("/api/v1/windows", "停机窗口（计划停机、割接）", "Windows", list_windows, {from, to, line, limit}),
      post("/api/v1/windows", "申请停机窗口", right::request, "WindowRequest", request_windows, several),
      step,
      list("/api/v1/annotations", "批注", "Annotations", list_annotations, {from, to, line, limit}),
      post("/api/v1/annotations", "批注一条线路", right::annotate, "AnnotationRequest", annotate, several),
      list("/api/v1/duty", "值班记录", "Duty", list_duty, {from, to, limit}),
      post("/api/v1/duty", "登记值班", right::duty, "DutyRequest", enter_duty, several),
      list("/api/v1/closings", "结账记录", "Closings", list_closings, {}),
      post("/api/v1/closings", "结账", right::close, "ClosingRequest", close_period,
           "The figures of a civil period stand from then on; a second closing is a new version with its reason and "
           "what it changes. Its last day must be sealed."),
      counters,
      post("/api/v1/counters", "登记计数器读数", right::import, "CounterRequest", enter_counters,
           R"(One entry, or {"entries":[…]} with up to 2000, all or nothing. The same reading again is not entered )"
           "(notice counter_known); another one of the same counter and instant corrects it (counter_corrected)."),
      verdicts,
      post(
          "/api/v1/verdicts", "登记指标结论", right::evaluate, "VerdictRequest", enter_verdicts,
          R"(One entry, or {"entries":[…]} with up to 2000, all or nothing. The same verdict of the same person again )"
          "is not entered (notice verdict_known); another one replaces the last (verdict_replaced)."),
  };
}

}  // namespace changtong::api
