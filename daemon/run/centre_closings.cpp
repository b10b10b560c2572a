#include "daemon/run/centre_closings.h"

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/core/json.h"
#include "daemon/core/phrase.h"
#include "daemon/host/digest.h"
#include "daemon/publish/api/answers.h"
#include "daemon/run/centre_door.h"
#include "daemon/run/centre_nodes.h"

namespace changtong {
namespace {

constexpr std::size_t usual_closings = 24, most_closings = 240;

bool is_asked_for(const centre::closed_row& r, const web_request& request) {
  const std::array<std::pair<std::string, std::string_view>, 3> places{
      {{"province", r.province}, {"city", r.city}, {"district", r.district}}};
  return std::ranges::all_of(places, [&](const auto& one) {
    const std::string_view asked = request.parameter(one.first);
    return asked.empty() || asked == one.second;
  });
}

std::string nodes_text(const centre::month_closed& c, const civil_zone& zone) {
  json_array out;
  for (const centre::known_node& n : c.nodes) {
    json_object o;
    o.add("node", n.node).add("branch", n.branch).add("entries", n.entries);
    n.as_of ? o.add("as_of", zone.format(*n.as_of)) : o.add_null("as_of");
    o.add_bool("complete", n.as_of && *n.as_of >= c.when.to);
    out.add_raw(o.text());
  }
  return out.text();
}

std::string changes_text(const centre::month_closed& c) {
  json_array out;
  for (const entries::difference& d : c.changes) {
    json_object o;
    out.add_raw(o.add("key", d.key).add("field", d.field).add("before", d.before).add("after", d.after).text());
  }
  return out.text();
}

std::string unread_text(const centre::told_closing& c, const civil_zone& zone) {
  json_object o;
  c.what.month.empty() ? o.add_null("month") : o.add("month", c.what.month);
  o.add("at", zone.format(c.what.at)).add("seq", c.seq).add("hash", host::hex(ledger::bytes_of(c.hash)));
  return o.add("unread", c.unread.cn).add("unread_en", c.unread.en).text();
}

}  // namespace

result<std::optional<closed_answer>> closed_for(centre::database& db, const web_request& request, period when,
                                                const civil_zone& zone) {
  const std::string name = centre::closed_name(zone, when);
  if (name.empty()) return std::optional<closed_answer>{};
  auto found = centre::newest_closing(db, name);
  if (!found) return found.error();
  if (!*found) return std::optional<closed_answer>{};
  closed_answer out{.closing = std::move(**found), .rows = {}, .of_nodes = !request.parameter("node").empty()};
  std::ranges::copy_if(out.closing.what.figures, std::back_inserter(out.rows),
                       [&](const centre::closed_row& r) { return is_asked_for(r, request); });
  return std::optional(std::move(out));
}

std::size_t differing(const closed_answer& closed, const std::vector<centre::figure_row>& now) {
  return centre::what_differs(closed.rows, centre::rows_of(now)).size();
}

std::string to_json(const centre::told_closing& c, const civil_zone& zone, bool with_rows) {
  if (!c.unread.en.empty()) return unread_text(c, zone);
  json_object o;
  o.add("month", c.what.month).add("version", c.what.version).add("at", zone.format(c.what.at));
  o.add("author", c.what.author).add("reason", c.what.reason);
  o.add("seq", c.seq).add("hash", host::hex(ledger::bytes_of(c.hash)));
  o.add_raw("nodes", nodes_text(c.what, zone)).add_raw("changes", changes_text(c.what)).add("more", c.what.more);
  if (with_rows) o.add_raw("rows", rows_text(centre::grouped(c.what.figures, centre::closed_by), zone));
  return o.text();
}

centre_closings::centre_closings(const centre_file& s, centre::conversations& books)
    : readers_(s.readers), zone_(s.zone), books_(books) {}

std::vector<web_route> centre_closings::routes() {
  return {{.method = "GET",
           .path = "/centre/v1/closings",
           .answer = [this](const web_request& request) { return answer(request); },
           .lane = web_lane::reading,
           .keeper = [this](const web_request& head) { return no_reader(head, readers_); }}};
}

web_response centre_closings::answer(const web_request& request) {
  if (auto stranger = no_reader(request, readers_)) return std::move(*stranger);
  const auto limit = number_parameter(request, "limit", usual_closings, most_closings);
  if (!limit) return api::bad_parameter(limit.error());
  const std::string_view month = request.parameter("month");
  const auto found = books_.with([&](centre::database& db) { return centre::closings(db, month, *limit); });
  if (!found) {
    const phrase why = words_of(found.error());
    return problem_answer(503, "database", why.cn, why.en);
  }
  json_array list;
  for (const centre::told_closing& c : *found) list.add_raw(to_json(c, zone_, !month.empty()));
  return api::json_answer(json_object().add_raw("closings", list.text()).text());
}

}  // namespace changtong
