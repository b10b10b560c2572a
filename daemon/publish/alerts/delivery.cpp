#include "daemon/publish/alerts/delivery.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "daemon/core/id_list.h"
#include "daemon/publish/alerts/delivery_inside.h"

namespace changtong::alerts {
namespace {

using namespace std::chrono_literals;

constexpr milliseconds old_news = 24h;  ///< what a journal has not ended by then is not told any more
constexpr std::size_t forget_every = 256;

/** Channels of before that are there under another name: it alone differs, and one alone has it so. */
std::vector<std::pair<std::string, std::string>> renamed(const alert_settings& before, const alert_settings& now) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const alert_channel& old : before.channels) {
    if (now.channel(old.id) != nullptr) continue;
    std::vector<std::string> like;
    for (const alert_channel& c : now.channels) {
      alert_channel same = c;
      same.id = old.id;
      same.instead = old.instead;  // that one may have another name too
      if (before.channel(c.id) == nullptr && same == old) like.push_back(c.id);
    }
    if (like.size() == 1) out.emplace_back(old.id, like.front());
  }
  return out;
}

/** Ids of channels of steps at once, or of later ones. */
std::set<std::string, std::less<>> channels_of(const alert_settings& s, bool at_once) {
  std::set<std::string, std::less<>> out;
  for (const telling_rule& r : s.rules)
    for (const telling_step& one : r.steps)
      if ((one.after <= milliseconds{0}) == at_once) out.insert(one.by.begin(), one.by.end());
  return out;
}

/** The same where nobody knows what they were: of the journal's last day one is gone, and there is one alone of which
 * it has never heard and that takes the same steps. */
std::vector<std::pair<std::string, std::string>> renamed(std::span<const alert_record> steps,
                                                         const alert_settings& now) {
  std::set<std::string, std::less<>> heard;
  std::map<std::string, bool> gone;  // whether it was told at once
  for (const alert_record& r : steps) {
    if (r.channel.empty()) continue;
    heard.insert(r.channel);
    if (r.at < steps.back().at - old_news || now.channel(r.channel) != nullptr) continue;
    gone[r.channel] = gone[r.channel] || r.of == "opened";
  }
  std::vector<std::pair<std::string, std::string>> out;
  std::set<std::string, std::less<>> taken;
  for (const auto& [id, at_once] : gone) {
    std::vector<std::string> like;
    for (const std::string& c : channels_of(now, at_once))
      if (!heard.contains(c) && now.channel(c) != nullptr) like.push_back(c);
    if (like.size() == 1 && taken.insert(like.front()).second) out.emplace_back(id, like.front());
  }
  return out;
}

}  // namespace

void delivery::inside::rename(const std::string& from, const std::string& to) {
  out.rename(from, to);
  for (auto& [id, s] : stories) {
    if (auto heard = s.heard.extract(from); !heard.empty()) {
      heard.key() = to;
      s.heard.insert(std::move(heard));
    }
    std::set<std::pair<std::string, std::string>> ordered;
    for (const auto& [channel, name] : s.ordered) ordered.emplace(channel == from ? to : channel, name);
    s.ordered = std::move(ordered);
    decltype(s.given) given;
    for (const auto& [channel, nth, name] : s.given) given.emplace(channel == from ? to : channel, nth, name);
    s.given = std::move(given);
  }
}

delivery::delivery(const alert_settings& s, std::vector<person> people, std::shared_ptr<const inventory> inv,
                   const civil_zone& zone, roster who)
    : in_(std::make_unique<inside>(s, std::move(people), std::move(inv), zone, std::move(who))) {}
delivery::~delivery() = default;
delivery::delivery(delivery&&) noexcept = default;
delivery& delivery::operator=(delivery&&) noexcept = default;

void delivery::recall(std::span<const alert_record> steps, std::span<const known_acknowledgement> by_people) {
  inside& in = *in_;
  in.replaying = true;
  in.has_past = !steps.empty();
  const auto names = renamed(steps, in.settings);
  auto care = by_people.begin();
  std::size_t count = 0;
  for (const alert_record& r : steps) {
    // What was told of an acknowledgement stands behind it, though it may bear the same time.
    for (; care != by_people.end() && (care->at < r.at || (care->at == r.at && r.of == "acknowledged")); ++care)
      in.acknowledged(*care, care->at);
    if (r.step == alert_step::told || r.step == alert_step::untold || r.step == alert_step::escalated) {
      alert_record as = r;
      for (const auto& [from, to] : names)
        if (as.channel == from) as.channel = to;
      in.recalled(as);
    } else {
      in.take(r, r.at, wall_min);
    }
    if (++count % forget_every == 0) in.forget(r.at - old_news);
  }
  for (; care != by_people.end(); ++care) in.acknowledged(*care, care->at);
  if (!steps.empty()) in.forget(steps.back().at - old_news);
  for (const auto& [id, s] : in.stories) in.out.supersede(id, s.latest, s.included());
  in.replaying = false;
  in.pressing = true;
}

void delivery::adopt(const alert_settings& s, std::vector<person> people, std::shared_ptr<const inventory> inv,
                     wall_t now, roster who) {
  if (who) in_->on = std::move(who);
  for (const auto& [from, to] : renamed(in_->settings, s)) in_->rename(from, to);
  in_->settings = s;
  in_->inv = std::move(inv);
  in_->out.adopt(s, {std::move(people), s.carriers}, now);
  in_->adopt(now);
  in_->pressing = true;
}

void delivery::adopt(const civil_zone& zone, wall_t now) {
  in_->zone = zone;
  in_->out.adopt(zone);
  in_->adopt(now);
  in_->pressing = true;
}

void delivery::stepped(milliseconds by) {
  inside& in = *in_;
  in.out.stepped(by);
  std::set<std::pair<wall_t, std::string>> alarms;
  for (const auto& [at, id] : in.alarms) alarms.emplace(at + by, id);
  in.alarms = std::move(alarms);
  for (auto& [id, s] : in.stories) {
    s.base += by;
    if (s.told_from > wall_min) s.told_from += by;
  }
  if (in.settings.digest && in.digest_at < wall_max) in.digest_at = std::max(in.digest_at, in.digest_at + by);
  in.pressing = true;
}

void delivery::take(const alert_record& step, wall_t now, wall_t told_from) {
  in_->take(step, now, told_from);
  in_->pressing = true;
}

void delivery::cause_known(std::string_view target, wall_t now) {
  for (const std::string& id : in_->held)
    if (story& s = in_->stories.at(id); s.told_from > now && is_among(ids_in(s.latest->targets), target)) {
      s.told_from = now;
      in_->pressing = true;
    }
}

void delivery::acknowledged(const known_acknowledgement& a, wall_t now) {
  in_->acknowledged(a, now);
  in_->pressing = true;
}

void delivery::returned(std::uint64_t number, const channel_answer& answer, wall_t now) {
  in_->out.returned(number, answer, now);
  in_->pressing = true;
}

delivery::orders delivery::due(wall_t now) {
  orders all;
  in_->due(now, all.send);
  all.enter = std::exchange(in_->enter, {});
  in_->pressing = false;
  return all;
}

wall_t delivery::until() const {
  const inside& in = *in_;
  if (in.pressing) return wall_min;
  wall_t first = std::min(in.out.until(), in.digest_at);
  if (!in.alarms.empty()) first = std::min(first, in.alarms.begin()->first);
  if (!in.silent.empty()) first = std::min(first, in.edge);
  for (const std::string& id : in.held) first = std::min(first, in.stories.at(id).told_from);
  return first;
}

std::vector<delivery::channel_state> delivery::channels() const { return in_->out.channels(); }

bool delivery::roster_unreachable(wall_t now) { return in_->roster_fails(now); }

bool delivery::nobody_reachable() const {
  const auto hopeful = in_->out.hopeful();
  return std::ranges::any_of(in_->stories, [&](const auto& one) {
    const story& s = one.second;
    const bool ours = s.latest->subject == alert_subject::own && s.latest->name == "nobody";
    if (s.over || ours || !s.heard.empty()) return false;
    return s.pending > 0 ? !hopeful.contains(one.first) : s.failed;
  });
}

void delivery::inside::forget(wall_t before) {
  for (const task& t : out.forget_before(before))
    if (const auto s = stories.find(t.alert); s != stories.end())
      s->second.pending -= std::min(s->second.pending, t.weight);
  std::erase_if(stories, [&](const auto& one) { return one.second.done_with(); });
  std::erase_if(ended, [&](const auto& r) { return r->at < before; });
}

void delivery::inside::recalled(const alert_record& r) {
  if (r.of == "digest") {
    last_digest = r.alert;
    std::erase_if(ended, [&](const auto& one) { return one->at <= r.at; });
    return;
  }
  const auto there = stories.find(r.alert);
  if (there == stories.end()) return;
  story& s = there->second;
  if (!s.begun) begin_or_wait(r.alert, s, r.at);
  if (r.step == alert_step::escalated) {
    const auto after = step_named(r.of);
    if (!after) return;
    unplan(r.alert, s);
    const bool first = s.done < milliseconds{0};
    s.done = std::max(s.done, *after);
    if (s.rule)
      for (const telling_step& step : s.rule->steps)
        if (step.after == *after)
          order(r.alert, s, step,
                {.alert = r.alert,
                 .of = "escalated",
                 .people = pieces(r.person, "、"),
                 .note = (first ? "已持续 " : "") + chinese_duration(*after) + (first ? "" : "无人确认")},
                r.at);
    plan(r.alert, s);
    return;
  }
  std::vector<task> done = out.settle(r);
  for (const task& t : done) s.pending -= std::min(s.pending, t.weight);
  const bool news = r.of == "opened" || r.of == "escalated" || r.of == "grown";
  if (r.step == alert_step::untold) {
    s.failed = s.failed || news;
    return;
  }
  const alert_channel* c = settings.channel(r.channel);
  if (!news || c == nullptr) return;
  if (done.empty()) done.push_back({.alert = r.alert, .people = pieces(r.person, "、"), .seen = s.included()});
  for (const task& t : done) note_told(s, t, *c);
  spread(r.alert, s, r.at);
}

}  // namespace changtong::alerts
