#include "daemon/audit/papers.h"

#include <algorithm>
#include <boost/json.hpp>
#include <iterator>
#include <map>

#include "daemon/audit/paper.h"
#include "daemon/availability/intervals.h"
#include "daemon/core/json.h"

namespace changtong::audit {
namespace {

namespace json = boost::json;

/** Number -> id of every target. */
std::map<std::int64_t, std::string> ids_of(const folded_books& f) {
  std::map<std::int64_t, std::string> all;
  for (const auto& [id, state] : f.rows->states()) all.emplace(state.number, id);
  return all;
}

std::string yes_or_no(bool is) { return is ? "true" : "false"; }

/** What a window's records for one target come to. */
struct window_fate {
  std::string requested_by, approved_by;
  period hull{wall_max, wall_min};  ///< of all that its records ask for
};

/** Entered when the window had begun: by rule 8 too late, unless the policy admits it. */
bool late(const window_record& w) {
  return (w.state == window_state::requested || w.state == window_state::approved) && w.at >= w.from;
}

/** What is out of the books for each target, whatever policy and closings made of its windows. */
std::map<std::string, std::vector<period>> excluded_of(const folded_books& f, wall_t now) {
  std::map<std::string, std::vector<period>> all;
  f.books->histories({wall_min, wall_max}, now, {},
                     [&](const ledger::known_target& t, const availability::target_history& h) {
                       if (h.excluded.empty()) return;
                       all.emplace(t.id, h.excluded);
                       std::vector<period>& every = all[std::string(every_target)];
                       every.insert(every.end(), h.excluded.begin(), h.excluded.end());
                     });
  if (const auto every = all.find(std::string(every_target)); every != all.end())
    every->second = availability::united(std::move(every->second));
  return all;
}

}  // namespace

std::string embedded(const std::string& text) {
  boost::system::error_code failed;
  (void)json::parse(text, failed);
  if (!failed) return text;
  std::string quoted;
  append_json_string(quoted, text);
  return quoted;
}

std::string inventory_csv(const folded_books& f) {
  std::vector<ledger::declared_row<inventory_version>> all;
  f.rows->versions([&](std::int64_t number, const std::string& id, const ledger::version_row& v) {
    all.push_back({v.seq, {.at = v.at, .target = id, .json = v.json, .author = v.author}, number});
  });
  std::map<std::int64_t, wall_t> until;  // the entry of a version -> when the next one of its target took over
  for (std::size_t i = 1; i < all.size(); ++i)
    if (all[i].number == all[i - 1].number) until.emplace(all[i - 1].seq, all[i].what.at);
  const civil_zone& zone = f.books->zone();
  using row = ledger::declared_row<inventory_version>;
  return csv_paper<inventory_version>(zone)
      .of("target")
      .of("at", "from")
      .known("to", [&](const row& r) { return until.contains(r.seq) ? zone.format(until.at(r.seq)) : std::string(); })
      .known("removed", [](const row& r) { return yes_or_no(r.what.json.empty()); })
      .of("author")
      .of("json")
      .text(all);
}

std::string windows_csv(const folded_books& f, wall_t now) {
  const auto windows = f.rows->rows<window_record>();
  std::map<std::pair<std::string, std::int64_t>, window_fate> fates;
  for (const ledger::window_row& w : windows) {
    window_fate& fate = fates[{w.what.id, w.number}];
    if (w.what.state == window_state::requested) fate.requested_by = w.what.by;
    if (w.what.state == window_state::approved) fate.approved_by = w.what.by;
    fate.hull = {std::min(fate.hull.from, w.what.from), std::max(fate.hull.to, w.what.to)};
  }
  const auto excluded = windows.empty() ? std::map<std::string, std::vector<period>>{} : excluded_of(f, now);
  using row = ledger::window_row;
  const auto fate_of = [&](const row& w) -> const window_fate& { return fates.at({w.what.id, w.number}); };
  std::map<std::int64_t, period> gone;  // the record's entry -> what is out of the books of its window's time
  for (const row& w : windows)
    if (const auto of_target = excluded.find(w.what.target); of_target != excluded.end())
      if (const auto parts = availability::clipped(of_target->second, fate_of(w).hull); !parts.empty())
        gone.emplace(w.seq, period{parts.front().from, parts.back().to});
  const civil_zone& zone = f.books->zone();
  const auto edge = [&](const row& w, wall_t period::* of) {
    const auto it = gone.find(w.seq);
    return it == gone.end() ? std::string() : zone.format(it->second.*of);
  };
  return csv_paper<window_record>(zone)
      .of("id")
      .of("target")
      .of("at", "made")
      .of("from")
      .of("to")
      .of("state")
      .of("by")
      .of("text")
      .known("requested_by", [&](const row& w) { return fate_of(w).requested_by; })
      .known("approved_by", [&](const row& w) { return fate_of(w).approved_by; })
      .known("late", [](const row& w) { return yes_or_no(late(w.what)); })
      .known("excluded_from", [&](const row& w) { return edge(w, &period::from); })
      .known("excluded_to", [&](const row& w) { return edge(w, &period::to); })
      .of("via")
      .of("flags")
      .text(windows);
}

std::string policies_json(const folded_books& f) {
  return json_paper<policy_version>(f.policies, f.books->zone(), {"at", "zone", "author", "policy"});
}

std::string closings_json(const folded_books& f) {
  return json_paper<period_closed>(
      f.rows->rows<period_closed>(), f.books->zone(),
      {"at", "from", "to", "version", "author", "reason", "sheet", "figures", "changes", "via"});
}

std::string duty_csv(const folded_books& f) {
  const civil_zone& zone = f.books->zone();
  return csv_paper<duty_record>(zone)
      .of("day")
      .of("person")
      .of("source")
      .of("author")
      .of("at", "entered")
      .of("text")
      .of("via")
      .known("late",
             [&](const ledger::declared_row<duty_record>& d) {
               const auto day = zone.parse(d.what.day);
               return yes_or_no(day && entered_late(d.what, day->to));
             })
      .text(f.rows->rows<duty_record>());
}

std::string annotations_csv(const folded_books& f) {
  std::vector<ledger::declared_row<annotation>> all;
  for (const auto& [number, id] : ids_of(f))
    std::ranges::move(f.rows->rows<annotation>({}, number), std::back_inserter(all));
  return csv_paper<annotation>(f.books->zone())
      .of("target")
      .of("about")
      .of("at", "entered")
      .of("author")
      .of("text")
      .of("via")
      .text(all);
}

std::string acknowledgements_csv(const folded_books& f) {
  const auto all = f.rows->rows<acknowledgement>();
  if (all.empty()) return {};
  return csv_paper<acknowledgement>(f.books->zone())
      .of("alert")
      .of("line")
      .of("began")
      .of("at", "entered")
      .of("author")
      .of("text")
      .of("via")
      .text(all);
}

std::string tickets_csv(const folded_books& f) {
  const auto all = f.rows->rows<ticket_record>();
  if (all.empty()) return {};
  return csv_paper<ticket_record>(f.books->zone())
      .of("number")
      .of("step")
      .of("carrier")
      .of("targets")
      .of("began")
      .of("at", "entered")
      .of("author")
      .of("alert")
      .of("deadline")
      .of("theirs")
      .of("cause")
      .of("text")
      .of("answer")
      .of("via")
      .text(all);
}

}  // namespace changtong::audit
