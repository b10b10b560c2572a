#include "daemon/publish/api/api.h"

#include "daemon/publish/api/context.h"
#include "daemon/publish/api/embedded.h"
#include "daemon/publish/api/people.h"
#include "daemon/publish/api/routes.h"
#include "daemon/publish/api/status_page.h"

namespace changtong::api {
namespace {

web_response text_answer(std::string_view type, std::string body) {
  web_response out;
  out.content_type = type;
  out.body = std::move(body);
  return out;
}

/** To the console, which asks who it is; where it was not built, a page without data says what to do. */
web_response sign_in_first(bool console) {
  web_response out =
      text_answer("text/html; charset=utf-8",
                  "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>畅通 · 请先登录</title>"
                  "<link rel=\"stylesheet\" href=\"/status.css\"><body><main><h1>请先登录</h1><p><a "
                  "href=\"/console/\">控制台</a></p>"
                  "<p lang=\"en\">Sign in at the <a href=\"/console/\">console</a> first.</p></main></body></html>\n");
  out.status = console ? 303 : 401;
  if (console) out.headers.emplace_back("Location", "/console/");
  return out;
}

/** The route "/" is a prefix and catches what no other does. */
web_response show_page(context& from, const web_request& request, bool console) {
  if (request.path != "/" && request.path != "/status")
    return problem_answer(404, "not_found", "没有这个地址", "no such address");
  if (const auto who = may_read(from, request); who.refusal) return sign_in_first(console);
  return text_answer("text/html; charset=utf-8", status_page(summarize(from), from.from.zone(), console));
}

}  // namespace

service::service(sources from) : context_(std::make_shared<context>(std::move(from))) {}
service::~service() = default;

std::vector<web_route> service::routes() const {
  std::vector<web_route> out;
  for (const route& r : all_routes())
    out.push_back({std::string(r.method), std::string(prefix_of(r)),
                   [c = context_, &r](const web_request& request) { return answered(r, *c, request); },
                   r.lane == web_lane::reading && r.method == "POST" ? web_lane::entering : r.lane, r.most_body,
                   std::string(ending_of(r))});
  return out;
}

std::vector<web_route> service::page_routes(bool console) const {
  const auto page = [c = context_, console](const web_request& r) { return show_page(*c, r, console); };
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
