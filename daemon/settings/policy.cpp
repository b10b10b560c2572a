// What the journal keeps of the policy, and what `check` shows of everything.
#include <fmt/format.h>

#include <map>
#include <set>

#include "daemon/core/json.h"
#include "daemon/reading/words.h"
#include "daemon/settings/settings.h"

namespace changtong {
namespace {

using reading::duration_text;

json_object& add_timing(json_object& o, const timing& t) {
  return o.add("interval_ms", std::int64_t{t.interval.count()})
      .add("timeout_ms", std::int64_t{t.timeout.count()})
      .add("fast_interval_ms", std::int64_t{t.fast_interval.count()})
      .add("down_after", std::int64_t{t.down_after})
      .add("up_after", std::int64_t{t.up_after});
}

std::string list_of(const std::vector<std::string>& objects) { return fmt::format("[{}]", fmt::join(objects, ",")); }

std::string sentence(const timing& t) {
  return fmt::format("every {}, timeout {}, fast {}, down after {}, up after {}", duration_text(t.interval),
                     duration_text(t.timeout), duration_text(t.fast_interval), t.down_after, t.up_after);
}

std::string rights_of(const person& p) {
  std::string out;
  for (const right r : p.may)
    out += (out.empty() ? "" : " ") + std::string(right_names.at(static_cast<std::size_t>(r)));
  return out;
}

/** The distinct timings of reach checks by category and kind, sorted; not how many have them, so that a new line like
 * the others is no new policy. */
std::vector<std::string> classes_of(const settings& s) {
  std::set<std::string> all;
  const inventory& inv = *s.targets;
  for (const target& t : inv.targets) {
    if (t.kind == target_kind::anchor) continue;
    for (std::uint32_t i = t.first_check; i < t.first_check + t.check_count; ++i) {
      const check& c = inv.checks[i];
      if (c.role != check_role::reach) continue;
      json_object o;
      o.add("category", t.category).add("kind", s.kinds[c.kind].name);
      all.insert(add_timing(o, c.when).text());
    }
  }
  return {all.begin(), all.end()};
}

std::size_t count(const inventory& inv, target_kind k) {
  std::size_t n = 0;
  for (const target& t : inv.targets) n += t.kind == k;
  return n;
}

}  // namespace

std::string policy_json(const settings& s) {
  json_object defaults;
  add_timing(defaults, s.defaults);
  std::vector<std::string> categories, kinds;
  for (const category_policy& c : s.categories) {
    json_object o;
    o.add("id", c.what.id).add("name", c.what.name);
    categories.push_back(add_timing(o, c.when).text());
  }
  for (const kind_policy& k : s.kinds) {
    json_object o;
    o.add("kind", k.name);
    kinds.push_back(add_timing(o, k.when).text());
  }
  json_object windows, duty, o;
  windows.add("late_approval", s.entries.late_approval ? "allow" : "none");
  if (s.entries.window_lead > milliseconds{0}) windows.add("window_lead_ms", s.entries.window_lead.count());
  duty.add("coverage_ppm", s.entries.duty_coverage_ppm).add_bool("automatic", s.entries.duty_automatic);
  std::vector<std::string> people;
  for (const person& p : s.people) {
    json_object who;
    who.add("name", p.name).add("may", rights_of(p));
    people.push_back(who.text());
  }
  o.add("zone", s.zone.name())
      .add_raw("defaults", defaults.text())
      .add_raw("kinds", list_of(kinds))
      .add_raw("categories", list_of(categories))
      .add_raw("windows", windows.text())
      .add_raw("duty", duty.text())
      .add_raw("people", list_of(people))
      .add_raw("classes", list_of(classes_of(s)));
  std::vector<std::string> contracts;
  for (const contract& c : s.contracts) contracts.push_back(to_json(c));
  if (!contracts.empty()) o.add_raw("contracts", list_of(contracts));
  if (s.report != report_wishes{}) {
    json_object wishes;
    wishes.add("office", s.report.office).add("repeat_outages", std::int64_t{s.report.repeat_outages});
    o.add_raw("report", wishes.text());
  }
  return o.text();
}

std::string describe(const loaded& l) {
  const settings& s = l.value;
  const inventory& inv = *s.targets;
  std::map<std::pair<std::string_view, std::string>, std::size_t> checks;
  std::map<std::string_view, std::size_t> lines;
  for (const check& c : inv.checks) ++checks[{s.kinds[c.kind].name, sentence(c.when)}];
  for (const target& t : inv.targets)
    if (t.kind != target_kind::anchor) ++lines[t.category];
  std::string out =
      fmt::format("{}: {} lines, {} sites, {} anchors, {} checks\n", s.file, count(inv, target_kind::line),
                  count(inv, target_kind::site), count(inv, target_kind::anchor), inv.checks.size());
  out +=
      fmt::format("  zone {}, listen {} port {}, ledger {}, inventory {}\n", s.zone.name(), to_string(s.listen.address),
                  s.listen.port, s.ledger, s.inventory_file.empty() ? "none" : s.inventory_file);
  for (const category& c : inv.categories)
    if (lines[c.id] > 0) out += fmt::format("  {} ({}): {}\n", c.name, c.id, lines[c.id]);
  for (const auto& [what, n] : checks) out += fmt::format("  {}: {}, {}\n", what.first, n, what.second);
  for (const contract& c : s.contracts)
    out += fmt::format("  contract {} with {}: {}\n", c.id, c.carrier,
                       c.availability_target ? percent_text(*c.availability_target) + "%" : "no availability target");
  for (const credential& c : s.credentials) out += fmt::format("  credential {}: SNMP v{}\n", c.name, c.version);
  out += fmt::format("  API token: {}\n", !s.api_token.empty() ? "set, may reload and request"
                                          : s.people.empty()   ? "none, so changes over HTTP are refused"
                                                               : "none");
  for (const person& p : s.people) out += fmt::format("  {}: {}\n", p.name, rights_of(p));
  out += fmt::format("  windows approved late: {}; a day of operation needs {}% coverage and a duty record{}\n",
                     s.entries.late_approval ? "excluded, and flagged" : "not excluded",
                     static_cast<double>(s.entries.duty_coverage_ppm) / 1e4,
                     s.entries.duty_automatic ? " or the automatic daily check" : "");
  out += fmt::format(
      "  degraded from {}% loss over {} samples{}; flapping from {} changes within {}; at most {} fast questions a "
      "second\n",
      s.degrade.loss_ratio * 100, s.degrade.samples,
      s.degrade.rtt ? fmt::format(" or {} round trip", duration_text(*s.degrade.rtt)) : "", s.flap.changes,
      duration_text(s.flap.within), s.fast_budget);
  for (const problem& w : l.warnings) out += fmt::format("warning: {}\n", to_string(w));
  return out;
}

}  // namespace changtong
