#include "daemon/publish/alerts/delivery_inside.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/core/cause_words.h"
#include "daemon/core/id_list.h"
#include "daemon/publish/alerts/own_faults.h"

namespace changtong::alerts {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_ended = 10'000;
constexpr milliseconds late_digest = 3h;  ///< after its minute the digest of a day is still sent, once we run again

}  // namespace

message_kind delivery::inside::kind_of(const story& s, message_kind otherwise) const {
  return s.latest->subject == alert_subject::own ? message_kind::own : otherwise;
}

void delivery::inside::take(const alert_record& step, wall_t now, wall_t told_from) {
  if (step.of == another_cause) return correct(step, now);
  const auto [there, is_new] = stories.try_emplace(step.alert);
  story& s = there->second;
  if (is_new && step.step == alert_step::resolved) return static_cast<void>(stories.erase(there));
  const auto targets = ids_in(step.targets);
  if (step.step == alert_step::resolved) {
    // Without targets nobody is left who could be well, and nobody is told so (grouping.h); nor what they have read.
    const bool silently = step.subject == alert_subject::own ? step.of == told_when_over : targets.empty();
    if (!silently) follow(s, step, message_kind::resolved);
    for (const std::string& id : targets) s.open.erase(id);
    if (s.open.empty() || silently) end_of(step, s);
    if (s.over && !silently && told_from > now) {
      s.told_from = told_from;
      held.insert(step.alert);
    }
    spread(step.alert, s, now);
    if (s.done_with() && !replaying) stories.erase(there);
    return;
  }
  s.latest = std::make_shared<const alert_record>(step);
  s.open.insert(targets.begin(), targets.end());
  if (is_new || !s.begun)
    begin_or_wait(step.alert, s, now);
  else
    grow(step.alert, s, now);
}

/** It is told nothing more to whom it was told, and to nobody else. */
void delivery::inside::correct(const alert_record& step, wall_t now) {
  const auto there = stories.find(step.alert);
  if (there == stories.end() || there->second.over || !there->second.begun) return;
  there->second.follow_ups.push_back({.about = std::make_shared<const alert_record>(step),
                                      .kind = message_kind::grown,
                                      .of = std::string(name_of(step.step)),
                                      .note = {}});
  spread(step.alert, there->second, now);
}

void delivery::inside::follow(story& s, const alert_record& step, message_kind kind) {
  const bool same = step.step != alert_step::resolved;
  s.follow_ups.push_back({.about = same ? s.latest : std::make_shared<const alert_record>(step),
                          .kind = kind_of(s, kind),
                          .of = std::string(name_of(step.step)),
                          .note = {}});
}

void delivery::inside::begin_or_wait(const std::string& id, story& s, wall_t now) {
  const telling_rule* rule = rule_for(settings, *inv, zone, *s.latest, now);
  s.rule = rule == nullptr ? nullptr : std::make_shared<const telling_rule>(*rule);
  if (s.over || rule == nullptr || rule->steps.empty()) {
    if (!s.over) silent.insert(id);
    return;
  }
  silent.erase(id);
  s.begun = true;
  s.base = now;
  for (const telling_step& step : rule->steps) {
    if (step.after > 0ms) break;
    s.done = step.after;
    order(id, s, step, {.alert = id, .of = "opened", .people = meant(step, s, now)}, now);
  }
  plan(id, s);
}

void delivery::inside::grow(const std::string& id, story& s, wall_t now) {
  follow(s, *s.latest, message_kind::grown);
  if (!replaying) out.supersede(id, s.latest, s.included());
  const telling_rule* other = rule_for(settings, *inv, zone, *s.latest, s.base);
  if (other != nullptr && !other->steps.empty() && (!s.rule || *other != *s.rule)) call_for_more(id, s, *other, now);
  spread(id, s, now);
}

/** Now that it is larger another rule fits: whom that would have told by now is told, its later steps follow. */
void delivery::inside::call_for_more(const std::string& id, story& s, const telling_rule& other, wall_t now) {
  unplan(id, s);
  s.rule = std::make_shared<const telling_rule>(other);
  const milliseconds elapsed = now - s.base;
  for (const telling_step& step : other.steps) {
    if (step.after > (s.acknowledged ? 0ms : elapsed)) break;
    telling_step rest{.after = step.after, .tell = {}, .by = {}};
    const auto people = meant(step, s, now);
    for (const std::string& by : step.by) {
      const alert_channel* c = settings.channel(by);
      if (c == nullptr) continue;
      rest.by = {by};
      std::vector<std::string> missing;
      for (const std::string& name : people)
        if (!s.ordered.contains({by, name})) missing.push_back(name);
      const bool known = s.ordered.contains({by, ""});
      if (is_group(c->kind) ? !known : !missing.empty() || (!known && people.empty()))
        order(id, s, rest, {.alert = id, .of = "grown", .kind = message_kind::grown, .people = missing}, now);
    }
  }
  s.done = std::max(s.done, elapsed);
  plan(id, s);
}

void delivery::inside::end_of(const alert_record& step, story& s) {
  const std::string& id = step.alert;
  unplan(id, s);
  s.over = true;
  silent.erase(id);
  drop_calls(id, "已恢复，不再告知");
  if (settings.digest && ended.size() < most_ended && (!step.targets.empty() || step.subject == alert_subject::own))
    ended.push_back(std::make_shared<const alert_record>(step));
}

/** Nobody is woken for what has ended, or for what somebody takes care of. */
void delivery::inside::drop_calls(const std::string& id, const std::string& why) {
  const auto call = [&](const task& t, const alert_channel& c) {
    return t.alert == id && (t.of == "escalated" || (rings(c.kind) && (t.of == "opened" || t.of == "grown")));
  };
  out.drop(call, why);
}

void delivery::inside::plan(const std::string& id, const story& s) {
  if (const telling_step* next = s.next_step()) alarms.emplace(s.base + next->after, id);
}
void delivery::inside::unplan(const std::string& id, const story& s) {
  if (const telling_step* next = s.next_step()) alarms.erase({s.base + next->after, id});
}

void delivery::inside::acknowledged(const known_acknowledgement& a, wall_t now) {
  const auto there = stories.find(a.alert);
  if (there == stories.end() || there->second.over) return;
  story& s = there->second;
  if (!s.is_last_word(a) || s.taken_by == a.by) return;
  unplan(there->first, s);
  const std::string before = std::exchange(s.taken_by, a.by);
  s.acknowledged = true;
  drop_calls(there->first, "已有人确认，不再告知");
  if (a.elsewhere) return;
  s.follow_ups.push_back(
      {.about = s.latest,
       .kind = message_kind::acknowledged,
       .of = "acknowledged",
       .note = fmt::format("{} {} 已确认{}{}{}", a.by, zone.format_short(now).substr(11, 5),
                           before.empty() ? "" : "（此前 " + before + "）", a.note.empty() ? "" : "：", a.note),
       .by = a.by});
  spread(there->first, s, now);
}

std::vector<std::string> delivery::inside::meant(const telling_step& step, const story& s, wall_t now) const {
  std::vector<std::string> out_names;
  const auto add = [&](const std::vector<std::string>& names) {
    for (const std::string& name : names) add_new(out_names, name);
  };
  for (const std::string& word : step.tell) {
    if (word == "on_duty") {
      add(on(now).now);
    } else if (word == "next") {  // whoever has come on duty since and has not heard of it is next
      const auto today = on(now);
      const auto told = s.names_told();
      std::vector<std::string> unaware;
      for (const std::string& name : today.now)
        if (std::ranges::find(told, name) == told.end() &&
            !std::ranges::any_of(s.ordered, [&](const auto& o) { return o.second == name; }))
          unaware.push_back(name);
      add(unaware.empty() ? today.next : unaware);
    } else if (word == "head") {
      if (!settings.head.empty()) add({settings.head});
    } else if (word == "carrier") {
      add(carriers_of(settings, *inv, *s.latest));
    } else {
      add({word});
    }
  }
  return out_names;
}

void delivery::inside::put(story& s, task t, const std::string& channel, wall_t now) {
  s.pending += t.weight;
  out.put(std::move(t), channel, now);
}

void delivery::inside::order(const std::string& id, story& s, const telling_step& step, task sample, wall_t now) {
  sample.alert = id;
  sample.about = s.latest;
  sample.order = ++orders_made;
  sample.kind = kind_of(s, sample.kind);
  sample.severity = s.rule ? s.rule->severity : 2;
  sample.seen = s.included();
  sample.visited = step.by;  // they tell the same people
  for (const std::string& by : step.by) {
    const alert_channel* c = settings.channel(by);
    if (c == nullptr || c->severity < sample.severity || (rings(c->kind) && sample.severity > 1)) continue;
    s.ordered.emplace(by, "");
    for (const std::string& name : sample.people) s.ordered.emplace(by, name);
    for (task& t : tasks_of(sample, *c)) put(s, std::move(t), by, now);
  }
}

void delivery::inside::spread(const std::string& id, story& s, wall_t now) {
  if (s.told_from > now) return;
  for (const alert_channel& c : settings.channels)
    for (task& t : follow_ups_due(s, id, c)) {
      t.order = ++orders_made;
      put(s, std::move(t), c.id, now);
    }
}

void delivery::inside::escalate(const std::string& id, wall_t now) {
  const auto there = stories.find(id);
  if (there == stories.end()) return;
  story& s = there->second;
  const telling_step* next = s.next_step();
  if (next == nullptr) return;
  const telling_step step = *next;
  const bool first = s.done < 0ms;
  s.done = step.after;
  const auto people = meant(step, s, now);
  enter.push_back({.at = now,
                   .alert = id,
                   .step = alert_step::escalated,
                   .subject = s.latest->subject,
                   .name = s.latest->name,
                   .began = s.latest->began,
                   .targets = {},
                   .of = step_name(step.after),
                   .person = joined(people),
                   .channel = {},
                   .answer = {}});
  const std::string lasted = chinese_duration(step.after);
  order(id, s, step,
        {.alert = id, .of = "escalated", .people = people, .note = first ? "已持续 " + lasted : lasted + "无人确认"},
        now);
  plan(id, s);
}

void delivery::inside::finish_endings(wall_t now) {
  for (auto all = out.take_endings(); !all.empty(); all = out.take_endings())
    for (post::ending& e : all) {
      const auto there = stories.find(e.what.alert);
      alert_record r{.at = now,
                     .alert = e.what.alert,
                     .step = e.told ? alert_step::told : alert_step::untold,
                     .subject = alert_subject::own,
                     .name = "digest",
                     .began = now,
                     .targets = {},
                     .of = e.what.of,
                     .person = joined(e.what.people),
                     .channel = e.channel,
                     .answer = std::move(e.answer)};
      if (e.what.about) {
        r.subject = e.what.about->subject;
        r.name = e.what.about->name;
        r.began = e.what.about->began;
      }
      enter.push_back(std::move(r));
      if (there == stories.end()) continue;
      story& s = there->second;
      s.pending -= std::min(s.pending, e.what.weight);
      const bool news = e.what.of == "opened" || e.what.of == "escalated" || e.what.of == "grown";
      const alert_channel* c = settings.channel(e.channel);
      if (news && e.told && c != nullptr) {
        note_told(s, e.what, *c);
        spread(there->first, s, now);
      }
      s.failed = s.failed || (news && !e.told);
      if (s.done_with()) stories.erase(there);
    }
}

void delivery::inside::tell_held(wall_t now) {
  for (const std::string& id : std::vector<std::string>(held.begin(), held.end())) {
    const auto there = stories.find(id);
    story& s = there->second;
    if (s.told_from > now) continue;
    held.erase(id);
    s.told_from = wall_min;
    spread(id, s, now);
    if (s.done_with()) stories.erase(there);
  }
}

void delivery::inside::adopt(wall_t now) {
  roster_looked = wall_min;
  alarms.clear();
  silent.clear();
  edge = wall_min;
  digest_at = settings.digest ? next_minute(*settings.digest, zone, now) : wall_max;
  for (auto& [id, s] : stories) {
    if (s.over) continue;
    if (!s.begun) {
      silent.insert(id);
      continue;
    }
    const telling_rule* rule = rule_for(settings, *inv, zone, *s.latest, s.base);
    s.rule = rule == nullptr ? nullptr : std::make_shared<const telling_rule>(*rule);
    plan(id, s);
  }
}

void delivery::inside::due(wall_t now, std::vector<sending>& send) {
  if (fresh) {
    out.restart(now);
    if (settings.digest) digest_at = next_minute(*settings.digest, zone, now);
  }
  if (!silent.empty() && now >= edge) {
    for (const std::string& id : std::vector<std::string>(silent.begin(), silent.end()))
      if (const auto s = stories.find(id); s != stories.end()) begin_or_wait(id, s->second, now);
    edge = next_edge(settings.rules, zone, now);
  }
  while (!alarms.empty() && alarms.begin()->first <= now) {
    const std::string id = alarms.begin()->second;
    alarms.erase(alarms.begin());
    escalate(id, now);
  }
  tell_held(now);
  if (settings.digest) daily(now);
  fresh = false;
  finish_endings(now);
  out.work(now, send);
  finish_endings(now);
}

void delivery::inside::daily(wall_t now) {
  const wall_t last = next_minute(*settings.digest, zone, now - 24h);
  std::string day = zone.key(last, civil_zone::unit::day);
  std::erase(day, '-');
  const bool missed =
      fresh && has_past && last <= now && now - last <= late_digest && last_digest != "A" + day + "-0000";
  if (now < digest_at && !missed) return;
  digest_at = next_minute(*settings.digest, zone, now);
  send_daily(now);
}

void delivery::inside::send_daily(wall_t now) {
  std::string day = zone.key(now, civil_zone::unit::day);
  std::erase(day, '-');
  last_digest = "A" + day + "-0000";
  auto all = std::make_shared<std::vector<alert_record>>();
  for (const auto& r : std::exchange(ended, {}))
    if (r->at >= now - 24h) all->push_back(*r);
  for (const auto& [id, s] : stories)
    if (!s.over && all->size() < most_ended) all->push_back(*s.latest);
  for (const std::string& by : settings.digest_by) {
    const alert_channel* c = settings.channel(by);
    task t{.alert = last_digest, .of = "digest", .severity = 3, .group = true, .daily = all};
    if (c != nullptr && c->kind == channel_kind::mail && c->to.empty()) t.people = on(now).now;
    out.put(std::move(t), by, now);
  }
}

}  // namespace changtong::alerts
