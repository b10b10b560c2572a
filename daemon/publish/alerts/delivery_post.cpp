#include "daemon/publish/alerts/delivery_post.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "daemon/core/utf8.h"

namespace changtong::alerts {
namespace {

using namespace std::chrono_literals;

constexpr std::array<milliseconds, 6> backoff{5s, 15s, 45s, 135s, 405s, 600s};
constexpr int most_tries = 3;             ///< then another channel takes it
constexpr milliseconds long_pause = 60s;  ///< so does it where the channel wants to be left alone for longer
constexpr milliseconds patience = 2h;     ///< with a channel that fails and has no other in its place
constexpr milliseconds lost = 2min;       ///< a sending that nobody answered for
constexpr std::size_t most_waiting = 20'000;
constexpr std::size_t most_answer = 200;

}  // namespace

post::post(const alert_settings& s, directory people, civil_zone zone)
    : people_(std::move(people)), zone_(std::move(zone)) {
  for (const alert_channel& c : s.channels) {
    lane l;
    l.what = c;
    l.tokens = c.burst;
    lanes_.push_back(std::move(l));
  }
}

void post::adopt(const alert_settings& s, directory people, wall_t now) {
  std::vector<lane> before = std::exchange(lanes_, {});
  people_ = std::move(people);
  for (const alert_channel& c : s.channels) {
    const auto old = std::ranges::find_if(before, [&](const lane& l) { return l.what.id == c.id; });
    lane l = old == before.end() ? lane{} : std::move(*old);
    if (old == before.end()) l.tokens = c.burst;
    if (old != before.end()) before.erase(old);
    const bool other = l.what.url != c.url || l.what.key != c.key || l.what.proxy != c.proxy;
    if (other) l.failures = 0, l.not_before = wall_min;  // it deserves another chance
    l.what = c;
    l.tokens = std::min(l.tokens, static_cast<double>(c.burst));
    lanes_.push_back(std::move(l));
  }
  for (lane& gone : before) {
    if (gone.out)
      for (task& t : gone.out->tasks) gone.waiting.push_back(std::move(t));
    for (task& t : gone.waiting) pass_on(std::move(t), gone, "渠道已不在配置中", now);
  }
}

void post::stepped(milliseconds by) {
  const auto move = [&](wall_t& at) {
    if (at > wall_min && at < wall_max) at += by;
  };
  for (lane& l : lanes_) {
    move(l.filled);
    move(l.not_before);
    for (task& t : l.waiting) move(t.queued);
    if (l.out) move(l.out->since);
    for (auto& [who, times] : l.spent)
      for (wall_t& at : times) move(at);
  }
}

void post::rename(const std::string& from, const std::string& to) {
  if (lane* l = find(from)) l->what.id = to;
  for (lane& l : lanes_)
    for (task& t : l.waiting) std::ranges::replace(t.visited, from, to);
  for (ending& e : endings_)
    if (e.channel == from) e.channel = to;
}

post::lane* post::find(std::string_view id) {
  const auto l = std::ranges::find_if(lanes_, [&](const lane& one) { return one.what.id == id; });
  return l == lanes_.end() ? nullptr : &*l;
}
const post::lane* post::find(std::string_view id) const {
  const auto l = std::ranges::find_if(lanes_, [&](const lane& one) { return one.what.id == id; });
  return l == lanes_.end() ? nullptr : &*l;
}

std::string post::cannot(const lane& l, const task& t) const {
  const auto reached = [&](const std::string& who) { return !people_.way(who, l.what.kind).empty(); };
  const bool any = std::ranges::any_of(t.people, reached);
  if (rings(l.what.kind) && t.number.empty() && !any) return t.people.empty() ? "无人可告知" : "没有登记电话号码";
  if (l.what.kind == channel_kind::mail && !any && (!t.group || l.what.to.empty()))
    return t.people.empty() ? "无人可告知" : "没有登记邮件地址";
  return {};
}

bool post::reaches(std::string_view channel, const std::vector<std::string>& people) const {
  const lane* l = find(channel);
  return l != nullptr &&
         std::ranges::any_of(people, [&](const std::string& who) { return !people_.way(who, l->what.kind).empty(); });
}

void post::put(task t, const std::string& channel, wall_t now) {
  lane* l = find(channel);
  if (l == nullptr) return end(std::move(t), channel, false, "渠道已不在配置中");
  t.queued = now;
  if (const std::string why = cannot(*l, t); !why.empty()) return pass_on(std::move(t), *l, why, now);
  if (l->waiting.size() >= most_waiting) return pass_on(std::move(t), *l, "等待发送的消息太多", now);
  // What several numbers could not take is one message where it is read together.
  const auto same = [&](const task& o) {
    return !rings(l->what.kind) && t.passed && o.alert == t.alert && o.of == t.of && o.order == t.order;
  };
  const auto there = std::ranges::find_if(l->waiting, same);
  if (there == l->waiting.end()) return l->waiting.push_back(std::move(t));
  for (const std::string& name : t.people) add_new(there->people, name);
  there->group = there->group || t.group;
  there->weight += t.weight;
}

post::lane* post::instead_of(const lane& l, const task& t) {
  lane* other = l.what.instead.empty() ? nullptr : find(l.what.instead);
  if (other == nullptr || other->what.severity < t.severity ||
      std::ranges::find(t.visited, other->what.id) != t.visited.end())
    return nullptr;
  return other;
}

void post::pass_on(task t, lane& from, const std::string& why, wall_t now) {
  add_new(t.visited, from.what.id);
  t.passed = true;
  const lane* other = instead_of(from, t);
  task as_it_was = t;
  if (other == nullptr || (narrow_ && !narrow_(t, other->what)))
    return end(std::move(as_it_was), from.what.id, false, why);
  const std::string id = other->what.id;
  put(std::move(t), id, now);
}

void post::end(task t, const std::string& channel, bool told, std::string answer) {
  answer = std::string(shortened(answer, most_answer));
  endings_.push_back({std::move(t), channel, told, std::move(answer)});
}

void post::fail(lane& l, const channel_answer& answer, wall_t now) {
  if (l.failures++ == 0) l.failing_since = now;
  ++l.failed;
  l.last = std::string(shortened(answer.text, most_answer));
  const milliseconds step = backoff.at(std::min<std::size_t>(static_cast<std::size_t>(l.failures), backoff.size()) - 1);
  const bool refused = answer.how == channel_answer::end::refused;
  if (!refused) l.not_before = now + std::clamp(answer.pause, step, std::max<milliseconds>(step, 24h));
  if (l.well && (refused || l.failures > 1 || answer.pause > long_pause)) {
    l.well = false;
    l.since = l.failing_since;
    l.announced = false;
  }
}

void post::returned(std::uint64_t number, const channel_answer& answer, wall_t now) {
  const auto at = std::ranges::find_if(lanes_, [&](const lane& l) { return l.out && l.out->number == number; });
  if (at == lanes_.end()) return;  // given up as lost, or of a channel that is gone
  lane& l = *at;
  flight f = std::move(*l.out);
  l.out.reset();
  if (answer.how == channel_answer::end::elsewhere) {
    for (task& t : f.tasks) end(std::move(t), l.what.id, true, answer.text);
    return;
  }
  if (answer.how == channel_answer::end::taken) {
    if (!l.well) l.since = now;
    l.well = true;
    l.failures = 0;
    l.not_before = wall_min;
    l.told += f.tasks.size();
    l.last = std::string(shortened(answer.text, most_answer));
    for (task& t : f.tasks) {
      if (rings(l.what.kind)) l.spent[t.people.empty() ? t.number : t.people.front()].push_back(now);
      end(std::move(t), l.what.id, true, answer.text);
    }
    return;
  }
  fail(l, answer, now);
  for (const std::string& id : f.told_of)
    if (lane* other = find(id)) other->announced = false;
  if (answer.how == channel_answer::end::refused) {
    for (task& t : f.tasks) pass_on(std::move(t), l, answer.text, now);
    return;
  }
  while (!f.tasks.empty()) {  // they keep their place
    l.waiting.push_front(std::move(f.tasks.back()));
    f.tasks.pop_back();
  }
}

/** While a channel fails nobody waits for it who has another way, nor for ever. */
void post::look_after_failing(lane& l, wall_t now) {
  if (l.failures == 0 || now >= l.not_before) return;
  while (!l.waiting.empty() && now - l.waiting.front().queued >= patience) {
    task t = std::move(l.waiting.front());
    l.waiting.pop_front();
    pass_on(std::move(t), l, l.last, now);
  }
  const bool elsewhere = l.failures >= most_tries || l.not_before - now > long_pause;
  if (!elsewhere || l.what.instead.empty()) return;
  std::deque<task> all = std::exchange(l.waiting, {}), stay;
  for (task& t : all)
    if (instead_of(l, t) != nullptr)
      pass_on(std::move(t), l, l.last, now);
    else
      stay.push_back(std::move(t));
  for (task& t : l.waiting) stay.push_back(std::move(t));  // somebody's instead is this one
  l.waiting = std::move(stay);
}

void post::refill(lane& l, wall_t now) {
  if (l.filled != wall_min && now > l.filled)
    l.tokens = std::min<double>(
        l.what.burst, l.tokens + static_cast<double>((now - l.filled).count()) * l.what.per_minute / 60'000.0);
  l.filled = now;
}

bool post::spent(lane& l, const task& t, wall_t now) {
  if (l.what.a_day <= 0) return false;
  auto& times = l.spent[t.people.empty() ? t.number : t.people.front()];
  while (!times.empty() && times.front() + 24h <= now) times.pop_front();
  return times.size() >= static_cast<std::size_t>(l.what.a_day);
}

/** The first one alone; all of its kind that may go with it where there are more than may leave one by one. */
std::vector<task> post::choose(lane& l) {
  std::vector<task> out;
  const auto take_first = [&] {
    out.push_back(std::move(l.waiting.front()));
    l.waiting.pop_front();
  };
  const bool digests = !for_programs(l.what.kind);
  if (!digests || static_cast<double>(l.waiting.size()) <= l.tokens + 1 || l.waiting.front().daily) {
    take_first();
    return out;
  }
  const message_kind kind = l.waiting.front().kind;
  const bool apart = !is_group(l.what.kind);
  const auto people = l.waiting.front().people;
  const std::string number = l.waiting.front().number;
  std::deque<task> stay;
  for (task& t : l.waiting) {
    const bool with = !t.daily && t.kind == kind && (!apart || (t.people == people && t.number == number));
    if (with)
      out.push_back(std::move(t));
    else
      stay.push_back(std::move(t));
  }
  l.waiting = std::move(stay);
  return out;
}

sending post::written(const lane& l, const std::vector<task>& tasks) const {
  sending s;
  s.channel = l.what.id;
  s.kind = tasks.front().kind;
  s.of = tasks.front().of;
  s.severity = tasks.front().severity;
  s.daily = tasks.front().daily != nullptr;
  s.note = tasks.front().note;
  bool group = false;
  std::set<std::string_view> notes;
  for (const task& t : tasks) {
    if (t.daily) s.about = *t.daily;
    if (t.about) s.about.push_back(*t.about);
    s.kind = std::min(s.kind, t.kind);
    s.severity = std::min(s.severity, t.severity);
    for (const std::string& name : t.people) add_new(s.people, name);
    if (!t.number.empty()) add_new(s.phones, t.number);
    group = group || t.group;
    notes.insert(t.note);
  }
  if (notes.size() > 1) {
    s.note.clear();
    for (const std::string_view n : notes)
      if (!n.empty() && s.note.size() + n.size() < 400) s.note += (s.note.empty() ? "" : "；") + std::string(n);
  }
  // Those two call people by their telephone as well.
  const bool by_phone = l.what.kind == channel_kind::wecom || l.what.kind == channel_kind::dingtalk;
  for (const std::string& name : s.people) {
    const std::string way = people_.way(name, l.what.kind);
    if (!way.empty())
      add_new(rings(l.what.kind) ? s.phones : l.what.kind == channel_kind::mail ? s.mails : s.ids, way);
    else if (const std::string phone = people_.way(name, channel_kind::sms);
             by_phone && !phone.empty() && people_.is_person(name))
      add_new(s.phones, phone);
  }
  if (group && l.what.kind == channel_kind::mail)
    for (const std::string& to : l.what.to) add_new(s.mails, to);
  return s;
}

std::string post::failing_note(const lane& by, std::vector<std::string>& told_of) {
  std::string note;
  for (lane& l : lanes_) {
    if (l.well || l.announced || &l == &by) continue;
    l.announced = true;
    told_of.push_back(l.what.id);
    note += fmt::format("{}渠道 {} 自 {} 起不通：{}", note.empty() ? "" : "；", l.what.id,
                        zone_.format_short(l.since).substr(11, 5), l.last);
  }
  return note;
}

void post::form(lane& l, wall_t now, std::vector<sending>& out) {
  refill(l, now);
  while (!l.waiting.empty() && rings(l.what.kind) && spent(l, l.waiting.front(), now)) {
    task t = std::move(l.waiting.front());
    l.waiting.pop_front();
    pass_on(std::move(t), l, fmt::format("24 小时内已发满 {} 条", l.what.a_day), now);
  }
  if (l.out || l.waiting.empty() || now < l.not_before || l.tokens < 1) return;
  l.tokens -= 1;
  flight f{.number = ++number_, .since = now, .tasks = choose(l), .told_of = {}};
  sending s = written(l, f.tasks);
  s.number = f.number;
  if (const std::string note = failing_note(l, f.told_of); !note.empty()) s.note += (s.note.empty() ? "" : "；") + note;
  out.push_back(std::move(s));
  l.out = std::move(f);
}

void post::work(wall_t now, std::vector<sending>& out) {
  for (lane& l : lanes_)
    if (l.out && now - l.out->since >= lost) returned(l.out->number, {channel_answer::end::later, {}, "没有应答"}, now);
  for (lane& l : lanes_) look_after_failing(l, now);
  for (lane& l : lanes_) form(l, now, out);
}

wall_t post::ready(const lane& l) {
  if (l.waiting.empty()) return wall_max;
  const double missing = l.filled == wall_min ? 0 : std::max(0.0, 1 - l.tokens);
  const wall_t token =
      missing <= 0 ? wall_min
                   : l.filled + milliseconds{static_cast<std::int64_t>(missing * 60'000 / l.what.per_minute) + 1};
  return std::max(l.not_before, token);
}

wall_t post::until() const {
  if (!endings_.empty()) return wall_min;
  wall_t first = wall_max;
  for (const lane& l : lanes_) {
    first = std::min(first, l.out ? l.out->since + lost : ready(l));
    if (!l.out && l.failures > 0)
      if (!l.waiting.empty() && l.waiting.front().queued + patience < l.not_before)
        first = std::min(first, l.waiting.front().queued + patience);
  }
  return first;
}

}  // namespace changtong::alerts
