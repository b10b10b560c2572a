#include "daemon/publish/alerts/delivery_story.h"

#include <algorithm>

namespace changtong::alerts {

const telling_step* story::next_step() const {
  if (!begun || rule == nullptr || acknowledged || over) return nullptr;
  for (const telling_step& s : rule->steps)
    if (s.after > done) return &s;
  return nullptr;
}

std::size_t story::included() const {
  for (std::size_t i = follow_ups.size(); i > 0; --i)
    if (follow_ups[i - 1].about == latest && follow_ups[i - 1].kind != message_kind::acknowledged) return i;
  return 0;
}

std::vector<std::string> story::names_told() const {
  std::vector<std::string> out;
  for (const auto& [channel, people] : heard)
    for (const hearer& h : people)
      if (!h.name.empty()) add_new(out, h.name);
  return out;
}

std::vector<std::string> story::also_heard_by(const std::vector<std::string>& names) const {
  std::vector<std::string> out;
  for (const auto& [channel, people] : heard)
    if (std::ranges::all_of(names, [&](const std::string& name) {
          return std::ranges::find(people, name, &hearer::name) != people.end();
        }))
      out.push_back(channel);
  return out;
}

bool story::heard_elsewhere(const std::string& name, const std::string& channel) const {
  return std::ranges::any_of(heard, [&](const auto& h) {
    return h.first != channel && std::ranges::find(h.second, name, &hearer::name) != h.second.end();
  });
}

void note_told(story& s, const task& t, const alert_channel& by) {
  auto& people = s.heard[by.id];
  const auto add = [&](const std::string& name) {
    if (std::ranges::find(people, name, &story::hearer::name) == people.end()) people.push_back({name, t.seen});
  };
  for (const std::string& name : t.people) add(name);
  if (is_group(by.kind) || t.group) add("");
  if (!t.number.empty()) add("#" + t.number);
}

std::vector<task> tasks_of(task sample, const alert_channel& by) {
  std::vector<task> out;
  if (!rings(by.kind)) {
    sample.group = is_group(by.kind) || !by.to.empty();
    out.push_back(std::move(sample));
    return out;
  }
  const std::vector<std::string> people = std::exchange(sample.people, {});
  for (const std::string& name : people) {
    out.push_back(sample);
    out.back().people = {name};
  }
  for (const std::string& number : by.to) {
    out.push_back(sample);
    out.back().number = number;
  }
  if (out.empty()) out.push_back(std::move(sample));  // it ends by saying that there is nobody
  return out;
}

namespace {

/** SMS, voice: a task each. A telephone that rang for the fault need not ring for its end where they read of it. */
void follow_by_number(story& s, const task& sample, const alert_channel& by, std::size_t k, std::vector<task>& out) {
  for (auto& [name, covered] : s.heard.at(by.id)) {
    if (covered > k) continue;
    covered = k + 1;
    const bool spoken = by.kind == channel_kind::voice && !name.starts_with('#') && s.heard_elsewhere(name, by.id);
    if (sample.kind == message_kind::acknowledged || spoken) continue;
    task t = sample;
    if (name.starts_with('#'))
      t.number = name.substr(1);
    else
      t.people = {name};
    out.push_back(std::move(t));
  }
}

}  // namespace

std::vector<task> follow_ups_due(story& s, const std::string& alert, const alert_channel& by) {
  std::vector<task> out;
  const auto heard = s.heard.find(by.id);
  if (heard == s.heard.end()) return out;
  auto& people = heard->second;
  for (std::size_t k = 0; k < s.follow_ups.size(); ++k) {
    const follow_up& f = s.follow_ups[k];
    task t{.alert = alert,
           .about = f.about,
           .of = f.of,
           .kind = f.kind,
           .severity = s.rule ? s.rule->severity : 2,
           .people = {},
           .number = {},
           .note = f.note,
           .seen = k + 1};
    if (rings(by.kind)) {
      follow_by_number(s, t, by, k, out);
      continue;
    }
    const auto group = std::ranges::find(people, "", &story::hearer::name);
    const bool whole = is_group(by.kind);
    if (whole && group != people.end() && group->covered > k) continue;
    for (auto& [name, covered] : people) {
      if (!whole && covered > k) continue;
      covered = std::max(covered, k + 1);
      if (name.empty())
        t.group = true;
      else
        t.people.push_back(name);
    }
    const bool thanks = f.kind == message_kind::acknowledged;
    if (thanks) t.people.clear();
    if ((thanks && !whole) || (t.people.empty() && !t.group)) continue;
    out.push_back(std::move(t));
  }
  return out;
}

}  // namespace changtong::alerts
