#include "daemon/publish/alerts/delivery.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/publish/alerts/delivery_inside.h"

namespace changtong::alerts {
namespace {

using namespace std::chrono_literals;

constexpr milliseconds old_news = 24h;  ///< what a journal has not ended by then is not told any more
constexpr std::size_t forget_every = 256;

}  // namespace

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
  auto care = by_people.begin();
  std::size_t count = 0;
  for (const alert_record& r : steps) {
    // What was told of an acknowledgement stands behind it, though it may bear the same time.
    for (; care != by_people.end() && (care->at < r.at || (care->at == r.at && r.of == "acknowledged")); ++care)
      in.acknowledged(care->alert, care->by, care->note, care->at);
    if (r.step == alert_step::told || r.step == alert_step::untold || r.step == alert_step::escalated)
      in.recalled(r);
    else
      in.take(r, r.at);
    if (++count % forget_every == 0) in.forget(r.at - old_news);
  }
  for (; care != by_people.end(); ++care) in.acknowledged(care->alert, care->by, care->note, care->at);
  if (!steps.empty()) in.forget(steps.back().at - old_news);
  for (const auto& [id, s] : in.stories) in.out.supersede(id, s.latest, s.included());
  in.replaying = false;
  in.pressing = true;
}

void delivery::adopt(const alert_settings& s, std::vector<person> people, std::shared_ptr<const inventory> inv,
                     wall_t now, roster who) {
  if (who) in_->on = std::move(who);
  in_->settings = s;
  in_->inv = std::move(inv);
  in_->out.adopt(s, {std::move(people), s.carriers}, now);
  in_->adopt(now);
  in_->pressing = true;
}

void delivery::take(const alert_record& step, wall_t now) {
  in_->take(step, now);
  in_->pressing = true;
}

void delivery::acknowledged(std::string_view alert, std::string_view by, std::string_view note, wall_t now) {
  in_->acknowledged(alert, by, note, now);
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
  return first;
}

std::vector<delivery::channel_state> delivery::channels() const { return in_->out.channels(); }

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
  std::erase_if(stories, [&](const auto& one) { return one.second.over && one.second.pending == 0; });
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
