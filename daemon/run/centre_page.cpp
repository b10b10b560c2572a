#include "daemon/run/centre_page.h"

#include "daemon/centre/one_state.h"
#include "daemon/core/phrase.h"
#include "daemon/host/clocks.h"
#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/embedded.h"
#include "daemon/run/centre_door.h"

namespace changtong {
namespace {

web_response no_such_address() { return problem_answer(404, "not_found", "没有这个地址", "no such address"); }

}  // namespace

centre_page::centre_page(const centre_file& s, centre::conversations& books)
    : nodes_(s.nodes), readers_(s.readers), zone_(s.zone), name_(s.name), books_(books) {}

std::vector<web_route> centre_page::routes() {
  const auto css = [](const web_request&) {
    web_response out;
    out.content_type = "text/css; charset=utf-8";
    out.body = std::string(api::status_css());
    return out;
  };
  return {{.method = "GET",
           .path = "/",
           .answer = [this](const web_request& request) { return answer(request); },
           .lane = web_lane::reading,
           .keeper = [this](const web_request& head) { return stranger(head); }},
          {.method = "GET", .path = "/status.css", .answer = css, .lane = web_lane::vital}};
}

/** A browser then asks whom it is for. */
std::optional<web_response> centre_page::stranger(const web_request& request) const {
  if (request.path != "/") return no_such_address();
  auto no = no_reader(request, readers_);
  if (no) no->headers.emplace_back("WWW-Authenticate", "Basic realm=\"changtong\", charset=\"UTF-8\"");
  return no;
}

result<centre_sight> centre_page::look(centre::database& db, const web_request& request, const std::string& month,
                                       period when) const {
  try {
    const centre::one_state held(db);
    auto heads = centre::folded_heads(db);
    if (!heads) return heads.error();
    centre_sight s;
    s.now = system_clocks().wall();
    s.month_name = month;
    s.centre = name_;
    auto seal = centre::newest_seal(db);
    if (!seal) return seal.error();
    s.seal = std::move(*seal);
    s.nodes = nodes_asked_for(nodes_, request, std::move(*heads));
    const auto still_wanted = until_patience_ends();
    const auto rows = [&](std::vector<centre::grouping> by) {
      return centre::figures(
          db, s.nodes, {.when = when, .now = s.now, .zone = zone_, .by = std::move(by), .still_wanted = still_wanted});
    };
    s.districts = rows({centre::grouping::district});
    s.categories = rows({centre::closed_by.begin(), centre::closed_by.end()});
    auto closed = closed_for(db, request, when, zone_);
    if (!closed) return closed.error();
    s.closed = std::move(*closed);
    if (s.closed && !s.closed->of_nodes) {
      s.closed->differs = differing(*s.closed, s.categories);
      s.districts = centre::grouped(s.closed->rows, std::array{centre::grouping::district});
      s.categories = centre::grouped(s.closed->rows, centre::closed_by);
    }
    const period instant{s.now - milliseconds{1}, s.now + milliseconds{1}};
    s.open = outages_of_nodes(db, s.nodes, {.when = instant, .now = s.now, .open_only = true}, still_wanted);
    return s;
  } catch (const std::exception& e) {
    return said(words_of(e));
  }
}

/** The route "/" is a prefix and catches what no other does. */
web_response centre_page::answer(const web_request& request) {
  if (request.path != "/") return no_such_address();
  if (auto no = stranger(request)) return std::move(*no);
  const wall_t now = system_clocks().wall();
  std::string month(request.parameter("month"));
  if (month.empty()) month = zone_.key(now, civil_zone::unit::month);
  const auto when = zone_.parse(month);
  if (!when) return api::bad_parameter(about("month", when.error()));
  const auto seen = books_.with([&](centre::database& db) { return look(db, request, month, *when); });
  if (!seen) {
    const phrase why = words_of(seen.error());
    return problem_answer(503, "database", why.cn, why.en);
  }
  web_response out;
  out.content_type = "text/html; charset=utf-8";
  out.body = centre_html(*seen, zone_);
  out.headers.emplace_back("Cache-Control", "no-store");
  return out;
}

}  // namespace changtong
