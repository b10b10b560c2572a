#include "daemon/ledger/windows.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "daemon/availability/intervals.h"

namespace changtong::ledger {
namespace {

/** Without a timely approval: the last approval, cut by what was made after it. */
period admitted_late(const std::vector<window_step>& steps) {
  period out{};
  for (const window_step& s : steps) {
    if (s.state == window_state::approved)
      out = s.when;
    else if (!out.empty() && s.at < out.from)
      out = {};
    else if (!out.empty())
      out.to = std::min(out.to, s.state == window_state::cancelled ? s.at : std::max(s.when.to, s.at));
  }
  return out.empty() ? period{} : out;
}

void add_words(std::set<std::string>& to, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) to.emplace(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

window_step step_of(const window_record& r) { return {r.at, {r.from, r.to}, r.state}; }

std::map<std::string, std::vector<window_step>> steps_by_target(std::span<const window_record> records) {
  std::map<std::string, std::vector<window_step>> all;
  for (const window_record& r : records) all[r.target].push_back(step_of(r));
  return all;
}

period excluded_by(const std::vector<window_step>& steps, const window_rules& rules) {
  const late_approval late = rules.lead > milliseconds{0} ? late_approval::none : rules.late;
  const window_step* decides = nullptr;
  wall_t end{};
  const auto in_force = [&](wall_t at) {
    return decides != nullptr && decides->state == window_state::approved && decides->at < decides->when.from &&
           decides->at + rules.lead <= decides->when.from && decides->when.from <= at;
  };
  for (const window_step& s : steps) {
    if (!in_force(s.at)) {
      decides = &s;
      end = s.when.to;
      continue;
    }
    const bool longer = s.state == window_state::approved && s.when.from <= end && s.when.to > end;
    if (late == late_approval::allow && longer)
      end = s.when.to;
    else
      end = std::min(end, s.state == window_state::cancelled ? s.at : std::max(s.when.to, s.at));
  }
  if (in_force(wall_max)) return {decides->when.from, end};
  return late == late_approval::allow ? admitted_late(steps) : period{};
}

excluded_times all_excluded(std::span<const window_record> records, std::vector<policy_version> policies) {
  std::map<std::pair<std::string, std::string>, std::vector<window_step>> windows;  // id, target
  for (const window_record& r : records) windows[{r.id, r.target}].push_back(step_of(r));
  window_policies rules(std::move(policies));
  excluded_times all;
  for (const auto& [which, steps] : windows)
    if (const period p = excluded_by(steps, rules(steps.back().when.from)); !p.empty()) all[which.second].push_back(p);
  const auto everybody_s = all.find(every_target);
  for (auto& [target, agreed] : all) {
    if (everybody_s != all.end() && target != every_target)
      agreed.insert(agreed.end(), everybody_s->second.begin(), everybody_s->second.end());
    agreed = availability::united(std::move(agreed));
  }
  return all;
}

window_state standing_of(const std::vector<window_step>& steps, const window_rules& rules) {
  const window_step& last = steps.back();
  if (last.state != window_state::revised) return last.state;
  const period out = excluded_by(steps, rules);
  if (intersect(last.when, out) != last.when) return window_state::revised;  // it asks for more
  // What was admitted late is taken back by a further approval only.
  std::vector<window_step> approved_too = steps;
  approved_too.push_back({last.at, last.when, window_state::approved});
  return excluded_by(approved_too, rules) == out ? window_state::approved : window_state::revised;
}

window_story story_of(std::span<const window_record> records, wall_t now, const rules_by_begin& rules) {
  window_story s;
  std::set<std::string> flags;
  s.id = records.front().id;
  s.requested_at = records.front().at;
  s.late_request = records.front().at >= records.front().from;
  const auto by_target = steps_by_target(records);
  const auto dropped = [](const auto& target) { return target.second.back().state == window_state::cancelled; };
  const bool over = std::ranges::all_of(by_target, dropped);
  wall_t approved_at{};
  bool approval_is_older = false;  // than what stands
  for (const window_record& r : records) {
    if (!r.text.empty()) s.text = r.text;
    if (r.state == window_state::requested) s.requested_by = r.by, s.requested_via = r.via;
    if (r.state == window_state::cancelled) s.cancelled_by = r.by;
    if (r.state == window_state::revised && std::ranges::find(s.revisers, r.by) == s.revisers.end())
      s.revisers.push_back(r.by);
    add_words(flags, r.flags);
    if (r.state == window_state::cancelled && !over) continue;  // of a target that was dropped
    s.when = {r.from, r.to};
    s.state = r.state;
    s.changed_at = r.at;
    if (r.state == window_state::revised) s.revised_by = r.by, s.revised_via = r.via, approval_is_older = true;
    if (r.state != window_state::approved) continue;
    s.approved_by = r.by, s.approved_via = r.via;
    approved_at = r.at;
    approval_is_older = false;
  }
  bool waits = false, takes_out = false;
  for (const auto& target : by_target) {
    if (over || !dropped(target)) s.targets.push_back(target.first);
    const window_rules of_it = rules(target.second.back().when.from);
    takes_out = takes_out || !excluded_by(target.second, of_it).empty();
    waits = waits || standing_of(target.second, of_it) == window_state::revised;
  }
  if (s.state == window_state::revised && !waits) s.state = window_state::approved;
  if (approval_is_older && (waits || !takes_out)) s.approved_by.clear(), s.approved_via.clear();
  if (!over) s.cancelled_by.clear();
  s.flags.assign(flags.begin(), flags.end());
  s.late = s.state == window_state::approved ? approved_at >= s.when.from : !over && now >= s.when.from;
  return s;
}

}  // namespace changtong::ledger
