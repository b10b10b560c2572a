// What people enter: windows, annotations, duty, closings, counters, verdicts, acknowledgements, tickets. GET shows
// what the ledger has; POST answers when it is durable.
#include <algorithm>
#include <deque>
#include <utility>

#include "daemon/books/window_list.h"
#include "daemon/core/command.h"
#include "daemon/core/phrase.h"
#include "daemon/entries/command_json.h"
#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/entry_answers.h"
#include "daemon/publish/api/entry_schemas.h"
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

/** Latest first, at most `limit`; each says whether it counts. */
template <class T>
std::string listed(const std::vector<T>& all, std::size_t limit, const civil_zone& zone) {
  const std::vector<bool> counts = counting(all);
  json_array list;
  for (std::size_t i = all.size(); i > 0 && all.size() - i < limit; --i) {
    json_object o;
    add_fields(o, all[i - 1], zone);
    list.add_raw(o.add_bool("counts", counts[i - 1]).text());
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
  for (const record& r : done.records) records.add_raw(json_of(r, zone));
  for (const notice& n : done.notices)
    notices.add_raw(json_object().add("code", n.code).add("text", n.text).add("text_en", n.text_en).text());
  return json_answer(json_object().add_raw("entered", records.text()).add_raw("notices", notices.text()).text());
}

/** The body, then the books; who may ask was settled before, so that nobody without a token learns what is in them. */
template <class Read>
web_response enter(const context& from, const question& q, Read read) {
  if (!from.from.enter) return cannot_enter();
  const civil_zone zone = from.from.zone();
  const result<std::vector<command>> what = read(q.request.body, zone);
  if (!what) {
    const phrase why = words_of(what.error());
    return problem_answer(400, "bad_body", "内容无法读取：" + why.cn, "the body cannot be read: " + why.en);
  }
  const entering done = from.from.enter(*what, q.who);
  return done ? entered_answer(*done, zone) : refusal_answer(done.error(), what->size() > 1);
}

template <class Command>
web_response enter_kind(context& from, const question& q) {
  return enter(from, q,
               [](std::string_view body, const civil_zone& zone) { return read_commands(Command{}, body, zone); });
}

/** This civil year and the next two months: what was, and what is planned. */
period around_now(const civil_zone& zone, wall_t now) {
  const period year = zone.around(now, civil_zone::unit::year);
  return {year.from, std::max(year.to, now + std::chrono::hours{24 * 62})};
}
period this_day(const civil_zone& zone, wall_t now) { return zone.around(now, civil_zone::unit::day); }

/** The list `name` of a period; `usual`: where nobody says which. `rows`: (reader, period) -> a JSON array. */
template <class Rows>
web_response list_of(context& from, const question& q, std::string_view name, Rows rows,
                     period (*usual)(const civil_zone&, wall_t) = around_now) {
  const auto reader = from.readers.borrow();
  if (!reader) return no_ledger(reader.error());
  const civil_zone zone = (*reader)->zone();
  const auto when = period_parameters(q.request, zone, usual(zone, from.from.now()));
  if (!when) return bad_parameter(when.error());
  json_object out;
  out.add("from", zone.format(when->from)).add("to", zone.format(when->to));
  return json_answer(out.add_raw(name, rows(**reader, *when)).text());
}

/** The first ones, as many as were asked for. */
template <class All>
std::string told(const All& all, const question& q, const civil_zone& zone) {
  json_array list;
  for (std::size_t i = 0; i < std::min<std::size_t>(all.size(), q.number("limit")); ++i)
    list.add_raw(json_of(all[i], zone));
  return list.text();
}

web_response list_windows(context& from, const question& q) {
  return list_of(from, q, "windows", [&](const ledger::reader& r, const period& when) {
    const auto rows = books::list_windows(r, when, q.line, from.from.now(), q.number("limit"));
    return report::write_windows(rows, report::format::json, r.zone());
  });
}

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

/** Of one line or of all, latest first. */
template <class T>
web_response list_by_line(context& from, const question& q) {
  return list_of(from, q, list_name<T>(), [&](const ledger::reader& r, const period& when) {
    std::vector<T> all = r.declared<T>({.about = when}, q.line);
    std::ranges::reverse(all);
    return told(all, q, r.zone());
  });
}

/** Of one line or of all, latest first; a day may have thousands. */
web_response list_traps(context& from, const question& q) {
  const auto rows = [&](const ledger::reader& r, const period& when) {
    std::deque<record> latest;
    r.declared(description<trap_record>::kind, {.keys = {}, .about = when}, q.line, [&](record&& one) {
      latest.push_front(std::move(one));
      if (latest.size() > q.number("limit")) latest.pop_back();
    });
    return told(latest, q, r.zone());
  };
  return list_of(from, q, list_name<trap_record>(), rows, this_day);
}

web_response list_closings(context& from, const question&) {
  const auto reader = from.readers.borrow();
  if (!reader) return no_ledger(reader.error());
  json_array list;
  for (const period_closed& c : (*reader)->closings()) list.add_raw(json_of(c, (*reader)->zone()));
  return json_answer(json_object().add_raw(list_name<period_closed>(), list.text()).text());
}

web_response list_duty(context& from, const question& q) {
  return list_of(from, q, list_name<duty_record>(), [&](const ledger::reader& r, const period& when) {
    const auto day = [&](wall_t at) { return r.zone().key(at, civil_zone::unit::day); };
    return told(r.duties(day(when.from), day(when.to - milliseconds{1})), q, r.zone());
  });
}

web_response list_acknowledgements(context& from, const question& q) {
  return list_of(from, q, list_name<acknowledgement>(), [&](const ledger::reader& r, const period& when) {
    auto all = r.declared<acknowledgement>();
    std::erase_if(all, [&](const acknowledgement& a) { return !when.holds(a.at); });
    std::ranges::reverse(all);
    return told(all, q, r.zone());
  });
}

web_response list_counters(context& from, const question& q) {
  return list_of(from, q, list_name<counter_record>(), [&](const ledger::reader& r, const period& when) {
    return listed(r.counters(q.text("counter"), when), q.number("limit"), r.zone());
  });
}

web_response list_verdicts(context& from, const question& q) {
  const auto reader = from.readers.borrow();
  if (!reader) return no_ledger(reader.error());
  json_object out;
  out.add_raw(list_name<indicator_verdict>(),
              listed((*reader)->verdicts(q.text("plan")), q.number("limit"), (*reader)->zone()));
  return json_answer(out.text());
}

/** A list of what was entered. */
route list(std::string_view path, std::string_view summary, std::string_view schema, decltype(route::function) function,
           std::vector<parameter> parameters) {
  return {.path = path,
          .summary = summary,
          .evidence = true,
          .parameters = std::move(parameters),
          .answer = schema,
          .refusals = {{503, "The ledger cannot be read just now"}},
          .function = function};
}

/** What enters. */
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

/** One entry or several of one kind, where the command line sends them. */
template <class Command>
route post(std::string_view summary, right needs, std::string_view about) {
  return post(description<Command>::path, summary, needs, description<Command>::schema, enter_kind<Command>, about);
}

/** Where its command is sent. */
template <class T>
route list(std::string_view summary, decltype(route::function) function, std::vector<parameter> parameters) {
  return list(description<typename description<T>::command>::path, summary, description<T>::list, function,
              std::move(parameters));
}

}  // namespace

std::vector<route> entry_routes() {
  const parameter from{"from", "as in /api/v1/outages; default: this civil year and the next two months"};
  const parameter to{"to", "as from, but its end"};
  const parameter line = one_line();
  const parameter limit = number("limit", 200, 10'000);
  constexpr std::string_view several = R"(One entry, or {"entries":[…]} with up to 2000, all or nothing.)";
  route step = post("/api/v1/windows/{id}", "批准、修改或取消", right::request, "WindowStep", step_window,
                    "approve needs the right `approve` and a second person; revise and cancel need `request`.");
  step.needs_by_body = right_of_step;
  route verdicts = list<indicator_verdict>("指标结论", list_verdicts, {{"plan", "方案：年度或名称"}, limit});
  route counters = list<counter_record>("计数器读数", list_counters, {{"counter", "计数器名"}, from, to, limit});
  verdicts.about = counters.about =
      "Latest first. Of several about the same the one entered last counts; all are listed.";
  return {
      list("/api/v1/windows", "停机窗口（计划停机、割接）", "Windows", list_windows, {from, to, line, limit}),
      post<window_command>("申请停机窗口", right::request, several),
      step,
      list<annotation>("批注", list_by_line<annotation>, {from, to, line, limit}),
      post<annotation_command>("批注一条线路", right::annotate, several),
      list<duty_record>("值班记录", list_duty, {from, to, limit}),
      post<duty_command>("登记值班", right::duty, several),
      list<period_closed>("结账记录", list_closings, {}),
      post<close_command>(
          "结账", right::close,
          "The figures of a civil period stand from then on; a second closing is a new version with its reason and "
          "what it changes. Its last day must be sealed."),
      counters,
      post<counter_command>(
          "登记计数器读数", right::import,
          R"(One entry, or {"entries":[…]} with up to 2000, all or nothing. The same reading again is not entered )"
          "(notice counter_known); another one of the same counter and instant corrects it (counter_corrected)."),
      verdicts,
      post<verdict_command>(
          "登记指标结论", right::evaluate,
          R"(One entry, or {"entries":[…]} with up to 2000, all or nothing. The same verdict of the same person again )"
          "is not entered (notice verdict_known); another one replaces the last (verdict_replaced)."),
      list<acknowledgement>("接手记录", list_acknowledgements, {from, to, limit}),
      post<acknowledgement_command>("接手一次中断或一个告警", right::acknowledge,
                                    "Of an alert by its id, or of the outage of a line or site: its open one, or the "
                                    "one that began at `began`. The "
                                    "same person again is not entered (notice acknowledgement_known)."),
      list(description<trap_record>::path, "陷阱通知", description<trap_record>::list, list_traps,
           {{"from", "as in /api/v1/outages; default: today"}, to, line, limit}),
      post<ticket_command>(
          "报障、登记运营商的答复、办结", right::acknowledge,
          "Without a number a new ticket 报障单 is made for lines of one carrier; with one it is the carrier's reply, "
          "or the closing, with its number, cause and words."),
  };
}

}  // namespace changtong::api
