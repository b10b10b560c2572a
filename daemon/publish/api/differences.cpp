// Where the two nodes of a pair differ: one saw a line up while the other saw it down.
#include <map>
#include <string>

#include "daemon/core/so_far.h"
#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/routes.h"
#include "daemon/publish/api/views.h"

namespace changtong::api {
namespace {

std::string sides_json(const std::vector<differing_side>& sides, const civil_zone& zone) {
  json_array all;
  for (const differing_side& s : sides) {
    json_object one;
    one.add("observer", s.observer).add("cause", name_of(s.why));
    add_instant(one, "began", s.began, zone);
    all.add_raw(one.add("path", s.path).text());
  }
  return all.text();
}

/** The latest first. */
web_response write_differences(context& from, const question& q, const asked_books& of) {
  const civil_zone& zone = of.books.zone();
  const wall_t cut = cut_of(from.from.now(), of.books.heartbeat());
  period day = zone.around(cut, civil_zone::unit::day);
  const auto asked = period_parameters(q.request, zone, day);
  if (!asked) return bad_parameter(asked.error());
  const std::size_t limit = q.number("limit");
  const differences all =
      of.both != nullptr && of.both->differ ? of.both->differ(*asked, cut, q.line, limit) : differences{};
  json_array rows;
  std::map<std::string, std::string, std::less<>> names;
  for (const ledger::known_target& t : of.books.targets()) names[t.id] = t.name;
  for (const difference& d : all.latest) {
    json_object one;
    one.add("target", d.target).add("name", names[d.target]);
    add_instant(one, "from", d.when.from, zone);
    add_instant(one, "to", d.when.to, zone);
    one.add_bool("open", d.when.to >= of.books.heartbeat());
    rows.add_raw(one.add_raw("up", sides_json(d.up, zone)).add_raw("down", sides_json(d.down, zone)).text());
  }
  json_object out;
  add_instant(out, "from", asked->from, zone);
  add_instant(out, "to", asked->to, zone);
  out.add("limit", static_cast<std::int64_t>(limit)).add("count", static_cast<std::int64_t>(all.count));
  of.view.name(out);
  return json_answer(out.add_raw("differences", rows.text()).text());
}

web_response list_differences(context& from, const question& q) {
  if (!from.both.of_a_pair()) return problem_answer(404, "no_pair", "本机没有配对的另一台", "this node has no peer");
  return in_view(from, q, write_differences);
}

}  // namespace

std::vector<route> difference_routes() {
  return {
      {.path = "/api/v1/differences",
       .summary = "两台说法不一之处",
       .about = "Of a pair: where one node saw a line up and the other down for longer than 30 s, latest first, with "
                "what each saw. Default period: today. None is known where the books are not of both (view: own).",
       .evidence = true,
       .parameters =
           {{"from", "as in /api/v1/outages"}, {"to", "as from, but its end"}, one_line(), number("limit", 100, 2'000)},
       .answer = "Differences",
       .refusals = {{404, "This node has no peer"}, {503, "The ledger cannot be read just now"}},
       .function = list_differences}};
}

}  // namespace changtong::api
