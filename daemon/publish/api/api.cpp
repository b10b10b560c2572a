#include "daemon/publish/api/api.h"

#include <stdexcept>

#include "daemon/core/log.h"
#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/books.h"
#include "daemon/publish/api/context.h"
#include "daemon/publish/api/entries.h"
#include "daemon/publish/api/health.h"
#include "daemon/publish/api/lines.h"
#include "daemon/publish/api/openapi.h"
#include "daemon/publish/api/status_page.h"
#include "daemon/publish/api/summary.h"
#include "daemon/report/evaluation_json.h"

namespace changtong::api {
namespace {

constexpr std::size_t outages_in_summary = 200;

web_response text_answer(std::string_view type, std::string body) {
  web_response out;
  out.content_type = type;
  out.body = std::move(body);
  return out;
}

web_response show_summary(context& from) {
  return json_answer(to_json(summarize(from, outages_in_summary), from.from.zone()));
}

/** A ledger that fails while it is read throws; what a client can do about it is to ask again later. */
template <class Route>
web_response guarded(Route route, context& from, const web_request& request) {
  try {
    return route(from, request);
  } catch (const std::runtime_error& e) {
    log::warn("api: {}: {}", request.path, e.what());
    return no_ledger({e.what()});
  }
}

/** As evaluation.json, up to today. */
web_response show_evaluation(context& from, const web_request&) {
  const auto now = from.from.evaluation ? from.from.evaluation() : nullptr;
  if (!now)
    return problem_answer(404, "no_evaluation", "没有在评的方案：配置中写 evaluation.plan，并在其年度之内",
                          "no plan is evaluated: name one as evaluation.plan, in its year");
  return json_answer(report::write_evaluation_json(*now));
}

/** The route "/" is a prefix and catches what no other does. */
web_response show_page(context& from, const web_request& request) {
  if (request.path != "/" && request.path != "/status")
    return problem_answer(404, "not_found", "没有这个地址", "no such address");
  return text_answer("text/html; charset=utf-8", status_page(summarize(from, outages_in_summary), from.from.zone()));
}

}  // namespace

service::service(sources from) : context_(std::make_shared<context>(std::move(from))) {}
service::~service() = default;

std::vector<web_route> service::routes() const {
  const auto bind = [c = context_](auto f) { return [c, f](const web_request& r) { return guarded(f, *c, r); }; };
  return {
      {"GET", "/api/v1/evaluation", bind(show_evaluation)},
      {"GET", "/api/v1/summary", bind([](context& c, const web_request&) { return show_summary(c); })},
      {"GET", "/api/v1/lines", bind(list_lines)},
      {"GET", "/api/v1/lines/", bind(show_line)},
      {"GET", "/api/v1/outages", bind(list_outages)},
      {"GET", "/api/v1/availability", bind(list_availability)},
      {"GET", "/api/v1/windows", bind(list_windows)},
      {"POST", "/api/v1/windows", bind(request_windows)},
      {"POST", "/api/v1/windows/", bind(step_window)},
      {"GET", "/api/v1/annotations", bind(list_annotations)},
      {"POST", "/api/v1/annotations", bind(annotate)},
      {"GET", "/api/v1/duty", bind(list_duty)},
      {"POST", "/api/v1/duty", bind(enter_duty)},
      {"GET", "/api/v1/closings", bind(list_closings)},
      {"POST", "/api/v1/closings", bind(close_period)},
      {"GET", "/api/v1/counters", bind(list_counters)},
      {"POST", "/api/v1/counters", bind(enter_counters)},
      {"GET", "/api/v1/verdicts", bind(list_verdicts)},
      {"POST", "/api/v1/verdicts", bind(enter_verdicts)},
      {"POST", "/api/v1/reload", bind(reload)},
      {"GET", "/api/v1/openapi.json", [](const web_request&) { return json_answer(openapi_document()); }},
      {"GET", "/healthz", [](const web_request&) { return healthz(); }},
      {"GET", "/readyz", bind([](context& c, const web_request&) { return readyz(c); })},
  };
}

std::vector<web_route> service::page_routes() const {
  const auto page = [c = context_](const web_request& r) { return show_page(*c, r); };
  return {
      {"GET", "/", page},
      {"GET", "/status", page},
      {"GET", "/status.css",
       [](const web_request&) { return text_answer("text/css; charset=utf-8", std::string(status_css())); }},
      {"GET", "/status.js",
       [](const web_request&) { return text_answer("text/javascript; charset=utf-8", std::string(status_js())); }},
  };
}

bool service::has_figures() const { return context_->figures.get() != nullptr; }

}  // namespace changtong::api
