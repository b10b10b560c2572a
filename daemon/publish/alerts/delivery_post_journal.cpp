// What waits, seen from outside: dropped, said anew, settled by what the journal has, counted.
#include <algorithm>
#include <iterator>

#include "daemon/publish/alerts/delivery_post.h"

namespace changtong::alerts {
namespace {

/** Takes out of `from` all for which `which` holds. */
template <class Which>
std::vector<task> taken_out(std::deque<task>& from, const Which& which) {
  std::vector<task> out;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < from.size(); ++i)
    if (which(from[i]))
      out.push_back(std::move(from[i]));
    else if (kept++ != i)
      from[kept - 1] = std::move(from[i]);
  from.resize(kept);
  return out;
}

}  // namespace

void post::drop(const std::function<bool(const task&, const alert_channel&)>& which, const std::string& why) {
  for (lane& l : lanes_)
    for (task& t : taken_out(l.waiting, [&](const task& one) { return which(one, l.what); }))
      end(std::move(t), l.what.id, false, why);
}

void post::supersede(std::string_view alert, const std::shared_ptr<const alert_record>& about, std::size_t seen) {
  for (lane& l : lanes_)
    for (task& t : l.waiting)
      if (t.alert == alert && (t.of == "opened" || t.of == "escalated")) {
        t.about = about;
        t.seen = seen;
      }
}

bool post::leads_to(std::string_view from, std::string_view to) const {
  std::vector<std::string> seen;
  for (const lane* l = find(from); l != nullptr && !l->what.instead.empty(); l = find(l->what.instead)) {
    if (l->what.instead == to) return true;
    if (std::ranges::find(seen, l->what.instead) != seen.end()) return false;
    seen.push_back(l->what.instead);
  }
  return false;
}

std::vector<task> post::settle(const alert_record& ended) {
  const std::vector<std::string> people = pieces(ended.person, "、");
  const auto same_step = [&](const task& t) { return t.alert == ended.alert && t.of == ended.of; };
  const auto same_people = [&](const task& t) {
    return std::ranges::all_of(
        t.people, [&](const std::string& name) { return std::ranges::find(people, name) != people.end(); });
  };
  if (lane* l = find(ended.channel); l != nullptr && ended.step == alert_step::told && rings(l->what.kind))
    if (!people.empty()) l->spent[people.front()].push_back(ended.at);
  for (std::size_t i = 0; i < endings_.size(); ++i) {  // it ended as it did then, or was under way when it was dropped
    const ending& e = endings_[i];
    if (e.channel != ended.channel || !same_step(e.what) || e.what.people != people) continue;
    std::vector<task> out{e.what};
    endings_.erase(endings_.begin() + static_cast<std::ptrdiff_t>(i));
    return out;
  }
  for (const bool direct : {true, false}) {
    std::optional<std::uint64_t> order;
    std::vector<task> out;
    for (lane& l : lanes_) {
      if (!(direct ? l.what.id == ended.channel : leads_to(l.what.id, ended.channel))) continue;
      // A number each: there every entry settles one of them.
      const bool one = direct && rings(l.what.kind);
      const auto which = [&](const task& t) {
        if (!same_step(t) || (one ? order || t.people != people : !same_people(t)) || (order && t.order != *order))
          return false;
        order = t.order;
        return true;
      };
      std::ranges::move(taken_out(l.waiting, which), std::back_inserter(out));
    }
    if (!out.empty()) return out;
  }
  // Entered under another roster or other settings: on that channel the step has had its end.
  lane* l = find(ended.channel);
  return l == nullptr ? std::vector<task>{} : taken_out(l->waiting, same_step);
}

std::vector<task> post::forget_before(wall_t when) {
  std::vector<task> out;
  const auto old = [&](const task& t) { return t.queued < when; };
  for (lane& l : lanes_) std::ranges::move(taken_out(l.waiting, old), std::back_inserter(out));
  std::vector<ending> fresh;
  for (ending& e : endings_)
    if (old(e.what))
      out.push_back(std::move(e.what));
    else
      fresh.push_back(std::move(e));
  endings_ = std::move(fresh);
  return out;
}

void post::restart(wall_t now) {
  for (lane& l : lanes_)
    for (task& t : l.waiting) t.queued = now;
}

std::set<std::string_view> post::hopeful() const {
  std::set<std::string_view> out;
  for (const lane& l : lanes_) {
    if (!l.well) continue;
    for (const task& t : l.waiting) out.insert(t.alert);
    if (l.out)
      for (const task& t : l.out->tasks) out.insert(t.alert);
  }
  return out;
}

std::vector<delivery::channel_state> post::channels() const {
  std::vector<delivery::channel_state> out;
  for (const lane& l : lanes_)
    out.push_back({.id = l.what.id,
                   .well = l.well,
                   .since = l.since,
                   .told = l.told,
                   .failed = l.failed,
                   .waiting = l.waiting.size() + (l.out ? l.out->tasks.size() : 0),
                   .last = l.last});
  return out;
}

}  // namespace changtong::alerts
