#include "daemon/publish/alerts/delivery_story.h"

#include <algorithm>

#include "daemon/core/cause_words.h"

namespace changtong::alerts {

const telling_step* story::next_step() const {
  if (!begun || rule == nullptr || acknowledged || over) return nullptr;
  for (const telling_step& s : rule->steps)
    if (s.after > done) return &s;
  return nullptr;
}

std::size_t story::included() const {
  std::size_t n = follow_ups.size();
  while (n > 0 && (follow_ups[n - 1].about != latest || follow_ups[n - 1].kind == message_kind::acknowledged)) --n;
  while (n < follow_ups.size() && follow_ups[n].about->of == another_cause) ++n;  // it is said as it is known then
  return n;
}

std::vector<std::string> story::names_told() const {
  std::vector<std::string> out;
  for (const auto& [channel, people] : heard)
    for (const hearer& h : people)
      if (!h.name.empty()) add_new(out, h.name);
  return out;
}

bool story::is_last_word(const known_acknowledgement& a) {
  const bool second = a.on == node_rank::second;
  wall_t& here = taken_until[second ? 1 : 0];
  here = std::max(here, a.at);
  const wall_t there = taken_until[second ? 0 : 1];
  return second ? here >= there : here > there;
}

bool story::heard_elsewhere(const std::string& name, const std::string& channel) const {
  return std::ranges::any_of(heard, [&](const auto& h) {
    return h.first != channel && std::ranges::find(h.second, name, &hearer::name) != h.second.end();
  });
}

bool story::knows_who(const std::string& name, const std::string& channel, const std::string& who) const {
  if (name.empty() || name.starts_with('#')) return false;
  return name == who || std::ranges::any_of(heard, [&](const auto& h) {
           const auto among = [&](const std::string& one) {
             return std::ranges::find(h.second, one, &hearer::name) != h.second.end();
           };
           return h.first != channel && among("") && among(name);
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

/** SMS, voice: a task each. A telephone that rang for the fault need not ring for its end where they read of it, nor
 * for somebody who takes care of it; a short message lets its reader sleep on. */
void follow_by_number(story& s, const task& sample, const alert_channel& by, std::size_t k, std::vector<task>& out) {
  const bool thanks = sample.kind == message_kind::acknowledged;
  for (auto& [name, covered] : s.heard.at(by.id)) {
    if (covered > k) continue;
    covered = k + 1;
    const bool spoken = by.kind == channel_kind::voice && !name.starts_with('#') && s.heard_elsewhere(name, by.id);
    const bool known = thanks && (by.kind == channel_kind::voice || s.knows_who(name, by.id, s.follow_ups[k].by));
    if (known || spoken || !s.give(by.id, k, name)) continue;
    task t = sample;
    if (name.starts_with('#'))
      t.number = name.substr(1);
    else
      t.people = {name};
    out.push_back(std::move(t));
  }
}

}  // namespace

bool narrow(story& s, task& t, const alert_channel& by) {
  if (!t.follow) return true;
  const std::size_t k = t.seen - 1;
  if (is_group(by.kind)) return s.give(by.id, k, "");
  const bool named = !t.people.empty() || !t.number.empty();
  std::erase_if(t.people, [&](const std::string& name) { return !s.give(by.id, k, name); });
  if (!t.number.empty() && s.give(by.id, k, "#" + t.number)) return true;
  return !t.people.empty() || (!named && t.group);
}

std::vector<task> follow_ups_due(story& s, const std::string& alert, const alert_channel& by) {
  std::vector<task> out;
  const auto heard = s.heard.find(by.id);
  if (heard == s.heard.end()) return out;
  auto& people = heard->second;
  const bool whole = is_group(by.kind);
  for (std::size_t k = 0; k < s.follow_ups.size(); ++k) {
    const follow_up& f = s.follow_ups[k];
    const bool thanks = f.kind == message_kind::acknowledged;
    task t;
    t.alert = alert;
    t.about = f.about;
    t.of = f.of;
    t.kind = f.kind;
    t.severity = s.rule ? s.rule->severity : 2;
    t.note = f.note;
    t.seen = k + 1;
    t.follow = true;
    if (rings(by.kind)) {
      follow_by_number(s, t, by, k, out);
      continue;
    }
    bool news = false;
    for (auto& [name, covered] : people) {
      if (!whole && covered > k) continue;
      const bool known = thanks && !whole && s.knows_who(name, by.id, f.by);
      const bool first = covered <= k && !known && s.give(by.id, k, name);
      covered = std::max(covered, k + 1);
      if (whole ? name.empty() && first : first) news = true;
      if (name.empty() && (first || whole))
        t.group = true;
      else if (!name.empty() && !(thanks && whole) && (first || whole))
        t.people.push_back(name);
    }
    if (news) out.push_back(std::move(t));
  }
  return out;
}

}  // namespace changtong::alerts
