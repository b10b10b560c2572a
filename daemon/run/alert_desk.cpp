#include "daemon/run/alert_desk.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "daemon/books/month_effect.h"
#include "daemon/core/cause_words.h"
#include "daemon/core/id_list.h"
#include "daemon/core/log.h"
#include "daemon/publish/alerts/own_faults.h"
#include "daemon/run/console_routes.h"
#include "daemon/run/site_visit.h"

namespace changtong {

namespace {

constexpr milliseconds look_every{1000}, look_at_doubts{100};

bool is_a_step_to_tell(alert_step s) {
  return s == alert_step::opened || s == alert_step::grown || s == alert_step::resolved;
}

/** Of several receivers: what most wants to be done about. */
const alerts::channel_answer& worse(const alerts::channel_answer& a, const alerts::channel_answer& b) {
  return static_cast<int>(a.how) >= static_cast<int>(b.how) ? a : b;
}

}  // namespace

struct alert_desk::parts {
  std::uint64_t number = 0;
  std::size_t left = 0;
  std::size_t taken = 0;
  alerts::channel_answer worst{.how = alerts::channel_answer::end::taken, .pause = milliseconds{0}, .text = {}};
  mutex guard;
};

alert_desk::alert_desk(const settings& s, const ledger::restored& recalled, doors d)
    : doors_(std::move(d)),
      settings_(s),
      roster_(doors_.roster_of(s)),
      grouping_(s.targets, s.alerts.together, s.zone),
      delivery_(s.alerts, s.people, s.targets, s.zone, [this](wall_t at) { return roster_(at); }),
      elsewhere_(doors_.taken_there),
      planned_(s.targets),
      qualities_(s.alerts) {
  recall(recalled);
  show();
}

/** What was told before this start, and what is open. */
void alert_desk::recall(const ledger::restored& recalled) {
  const wall_t now = doors_.now();
  const told_before all = read_told(doors_.books, elsewhere_, now, own_rank());
  for (const ledger::restored::state& one : recalled.states)
    if (one.believed == line_state::down)
      facts_.recall(
          one.target,
          {.began = one.outage_began, .ended = {}, .why = one.why, .upstream = {}, .after_own_uplink = false});
  for (const availability::outage& o : read_open(now))
    (void)facts_.take(cause_found{.target = o.target, .began = o.began, .why = o.found, .upstream = o.upstream});
  for (const alert_record& s : all.steps) facts_.take(s);
  facts_.forget_runs();
  health_ = own_health(all.since);
  delivery_.recall(all.steps, all.by_people);
  read_windows(now);
  grouping_.recall(all.steps, unplanned(all.steps, now), now);
  taken_.clear();
}

void alert_desk::take(const std::vector<record>& records) {
  holding lock(mutex_);
  for (const record& r : records) {
    if (inbox_.records.size() >= doors_.most_waiting) {
      if (!inbox_.lost_since) inbox_.lost_since = doors_.now();
      break;
    }
    if (std::holds_alternative<transition>(r) || std::holds_alternative<cause_found>(r) ||
        std::holds_alternative<alert_record>(r) || std::holds_alternative<acknowledgement>(r) ||
        std::holds_alternative<window_record>(r) || std::holds_alternative<trace_record>(r) ||
        std::holds_alternative<trap_record>(r) || std::holds_alternative<duty_record>(r))
      inbox_.records.push_back(r);
  }
  lock.unlock();
  doors_.wake();
}

void alert_desk::adopt(const settings& s) {
  holding lock(mutex_);
  inbox_.adopted = s;
  lock.unlock();
  doors_.wake();
}

void alert_desk::hear_elsewhere() {
  holding lock(mutex_);
  inbox_.elsewhere = true;
  lock.unlock();
  doors_.wake();
}

alert_view alert_desk::view() const {
  const holding lock(mutex_);
  return view_;
}

host::background::pause alert_desk::round() {
  inbox in;
  {
    const holding lock(mutex_);
    std::swap(in, inbox_);
  }
  const wall_t now = doors_.now();
  look_at_the_clock(now);
  // before what has come in: an answer that was just taken and is not in the books yet would look like nobody's
  if (now - looked_ >= look_every || now < looked_) look_around(now);
  if (in.lost_since) lost_since_ = std::min(lost_since_.value_or(wall_max), *in.lost_since);
  if (in.adopted) change(std::move(*in.adopted), now);  // first: what has come in may be of a line that is new
  if (in.elsewhere) {
    roster_ = doors_.roster_of(settings_);  // these read the books now and then, and this is news
    windows_read_ = false, windows_tried_ = wall_min;
    stirred_ = true;
  }
  for (const record& r : in.records) take_one(r, now);
  take_over_elsewhere(now);
  for (const auto& [number, how] : in.answers) delivery_.returned(number, how, now);
  if (lost_since_ && in.records.empty()) catch_up(now);
  take_planned(now);
  const bool in_doubt = !doors_.in_doubt || doors_.in_doubt();
  grouping_.doubts(in_doubt, now);
  std::vector<record> note;
  for (alert_record& s : grouping_.due(now))
    if (!settings_.alerts.channels.empty()) note.emplace_back(std::move(s));  // else nobody asked to be told
  if (looked_ == now && !settings_.alerts.channels.empty())
    for (alert_record& s : corrections(now)) note.emplace_back(std::move(s));
  speak_second(now);
  alerts::delivery::orders orders = delivery_.due(now);
  for (alert_record& s : orders.enter) note.emplace_back(std::move(s));
  if (!note.empty()) doors_.note(std::move(note));
  for (alerts::sending& s : orders.send) {
    if (s.daily) s.note += (s.note.empty() || planned_note(now).empty() ? "" : "；") + planned_note(now);
    if (doors_.first && alerts::second_voice::is_shared(s))
      second_.hold(std::move(s), now);
    else
      carry(s, now);
  }
  show();
  const wall_t next = std::min({grouping_.until(), delivery_.until(), looked_ + look_every});
  const milliseconds most = in_doubt ? look_at_doubts : look_every;
  const milliseconds rest = std::clamp(next - now, milliseconds{5}, most);
  return {.least = milliseconds{5}, .most = rest};
}

/** The clock was set: labels say another time, and no time has passed. */
void alert_desk::look_at_the_clock(wall_t now) {
  if (!doors_.steady) return;
  const mono_t steady = doors_.steady();
  const auto before = std::exchange(clock_, std::pair{now, steady});
  if (!before) return;
  constexpr milliseconds no_step{1'000};
  const auto passed = std::chrono::duration_cast<milliseconds>(steady - before->second);
  const milliseconds by = (now - before->first) - passed;
  if (std::chrono::abs(by) < no_step) return;
  grouping_.stepped(by);
  delivery_.stepped(by);
}

void alert_desk::change(settings next, wall_t now) {
  const bool nobody_was_told = settings_.alerts.channels.empty();
  settings_ = std::move(next);
  roster_ = doors_.roster_of(settings_);
  planned_.adopt(settings_.targets);
  grouping_.adopt(settings_.targets, settings_.alerts.together, now);
  delivery_.adopt(settings_.alerts, settings_.people, settings_.targets, now);
  qualities_.adopt(settings_.alerts);
  grouping_.adopt(settings_.zone);
  delivery_.adopt(settings_.zone, now);
  if (!nobody_was_told || settings_.alerts.channels.empty()) return;
  grouping_ = alerts::grouping(settings_.targets, settings_.alerts.together, settings_.zone);
  const std::vector<alert_record> steps = read_told(doors_.books, elsewhere_, now, own_rank()).steps;
  grouping_.recall(steps, unplanned(steps, now), now);  // what is down is told now that there is somebody
  qualities_.repeat();
}

void alert_desk::take_one(const record& r, wall_t now) {
  if (const auto* t = std::get_if<transition>(&r)) {
    if (!facts_.take(*t)) return;
    if (t->to == line_state::down) note_visit(*t, now);
    if (!planned_.take(*t, now)) grouping_.take(*t, now);
  } else if (const auto* c = std::get_if<cause_found>(&r)) {
    if (facts_.take(*c) && !planned_.take(*c)) grouping_.take(*c, now);
    told_causes_.stir();
    if (explains(c->why) && c->why != cause::restart) delivery_.cause_known(c->target, now);
  } else if (std::holds_alternative<duty_record>(r)) {
    roster_ = doors_.roster_of(settings_);  // it reads the ledger now and then, and this is news
  } else if (std::holds_alternative<window_record>(r)) {
    windows_read_ = false;
    windows_tried_ = wall_min;  // at once
  } else if (const auto* s = std::get_if<alert_record>(&r)) {
    if (!is_a_step_to_tell(s->step) || !taken_.emplace(s->alert, s->step, s->at, s->targets).second) return;
    if (taken_.size() > 10'000) taken_.erase(taken_.begin());  // the oldest days first; a recorded step follows soon
    facts_.take(*s);
    stirred_ = true;  // who took it over elsewhere may have been sooner than we
    const bool ends = s->step == alert_step::resolved && !facts_.is_open(s->alert);
    delivery_.take(*s, now, ends ? facts_.cause_expected(*s, *settings_.targets, now) : now);
  } else if (const auto* seen = std::get_if<trace_record>(&r)) {
    facts_.take(*seen);
    if (seen->step == trace_step::cause && has_devices_word(seen->observed))
      for (const std::string& id : ids_in(seen->targets)) delivery_.cause_known(id, now);
  } else if (const auto* trap = std::get_if<trap_record>(&r)) {
    facts_.take(*trap);
  } else if (const auto* a = std::get_if<acknowledgement>(&r)) {
    delivery_.acknowledged(known_of(*a, own_rank(), false), now);
  }
}

/** What is not planned any more is an outage like any other. */
void alert_desk::take_planned(wall_t now) {
  constexpr milliseconds again{5000};
  if (!windows_read_ && (now - windows_tried_ >= again || now < windows_tried_)) read_windows(now);
  for (const record& r : planned_.due(now)) {
    if (const auto* t = std::get_if<transition>(&r)) grouping_.take(*t, now);
    if (const auto* c = std::get_if<cause_found>(&r)) grouping_.take(*c, now);
  }
}

/** What no record says: how we are ourselves, and what is up but not well. */
void alert_desk::look_around(wall_t now) {
  looked_ = now;
  const auto free = doors_.free_bytes ? doors_.free_bytes() : std::nullopt;
  const bool unreachable = delivery_.nobody_reachable() || delivery_.roster_unreachable(now);
  for (const own_health::fault& f : health_.look(*doors_.tallies, free, unreachable, now))
    grouping_.own(f.name, f.wrong, now, f.since);
  if (const auto b = doors_.boards->get())
    for (const quality_watch::change& c : qualities_.look(*b, now))
      grouping_.condition(c.about, c.target, c.name, c.wrong, now, {.holds = c.holds, .away = c.away}, c.since);
}

/** What the last visit saw is what made it one too many. */
void alert_desk::note_visit(const transition& t, wall_t now) {
  const auto b = doors_.boards->get();
  if (!b) return;
  const auto at = b->districts->index_of(t.target);
  if (at == no_index || b->districts->targets[at].kind != target_kind::site) return;
  facts_.saw(t.target, visited(*b, at, t.why, now));
}

/** What a message that leaves now names as the cause is compared with what is found out later. */
void alert_desk::note_causes(const alerts::sending& s, wall_t now) {
  const bool news = s.kind == message_kind::opened || s.kind == message_kind::grown;
  if (s.daily || !news) return;
  const auto b = doors_.boards->get();
  const alerts::told_world w = world(*b, now);
  for (const alert_record& step : s.about) told_causes_.said(step, alerts::named_cause(step, w));
}

std::vector<alert_record> alert_desk::corrections(wall_t now) {
  const auto b = doors_.boards->get();
  if (!b) return {};
  const alerts::told_world w = world(*b, now);
  return told_causes_.due(
      now, [this](std::string_view alert) { return facts_.is_open(alert); },
      [&w](const alert_record& step) { return alerts::named_cause(step, w); });
}

// -- messages --------------------------------------------------------------------------------------------------------

alerts::told_world alert_desk::world(const board& b, wall_t now) const {
  alerts::told_world w = facts_.world(*b.districts, settings_.zone, settings_.alerts, now);
  w.api = api_here(settings_);
  w.state = [&b](target_index k) { return b.lines[k].shown_state(); };
  w.measured = [this, &b](std::span<const std::string> targets, std::string_view name) {
    return qualities_.measured(b, targets, name);
  };
  w.own_ended = [this](std::string_view fault, wall_t began) {
    return fault == alerts::standstill ? health_.pause_ended(began) : std::nullopt;
  };
  w.course = [this](std::string_view alert) { return grouping_.course(alert); };
  w.on_duty = [this, now] { return roster_(now).now; };
  w.month = [this, now](std::span<const std::string> targets, wall_t began) { return month(targets, began, now); };
  return w;
}

std::optional<alerts::month_figures> alert_desk::month(std::span<const std::string> targets, wall_t began,
                                                       wall_t now) const {
  if (!doors_.tallies->ledger_writable.load(std::memory_order_relaxed)) return std::nullopt;  // its disk may hang
  try {
    const auto books = doors_.books();
    if (!books) return std::nullopt;
    const auto e = books::effect_on_month(**books, targets, began, now);
    if (!e) return std::nullopt;
    const bool too_little = e->lost.find_first_not_of("0.") == std::string::npos;
    return alerts::month_figures{.with = e->availability + " %",
                                 .effect = (too_little ? "不到 0.0001" : e->lost) + " 个百分点"};
  } catch (const std::runtime_error&) {
    return std::nullopt;  // the ledger's own alarm says so
  }
}

std::vector<message> alert_desk::worded(alerts::sending s, bool apart, wall_t now) const {
  if (!doors_.tallies->ledger_writable.load(std::memory_order_relaxed))
    s.note += std::string(s.note.empty() ? "" : "；") + "未入账：账本暂不可写，恢复后补记";
  const auto b = doors_.boards->get();
  const alerts::told_world w = world(*b, now);
  std::vector<message> all;
  if (apart && !s.daily) {
    for (const alert_record& step : s.about) {
      alerts::sending one = s;
      one.about = {step};
      all.push_back(alerts::in_words(*settings_.words, one, w));
    }
  } else {
    all.push_back(alerts::in_words(*settings_.words, s, w));
  }
  const bool ends = s.kind == message_kind::resolved || s.kind == message_kind::own;
  const auto is_past = [&](const message& m) {  // such as a standstill: nothing more is told of it
    return std::ranges::any_of(s.about, [&](const alert_record& r) {
      return r.alert == m.id && r.subject == alert_subject::own && w.own_ended(r.name, r.began);
    });
  };
  for (message& m : all) m.over = s.daily || (ends && (!facts_.is_open(m.id) || is_past(m)));
  return all;
}

/** The digest says what nobody was woken for. */
const std::string& alert_desk::planned_note(wall_t now) {
  constexpr milliseconds same_digest = std::chrono::hours{12};
  if (planned_note_at_ != wall_min && std::chrono::abs(now - planned_note_at_) < same_digest) return planned_note_;
  planned_note_at_ = now;
  planned_note_.clear();
  const std::vector<std::string> names = planned_.take_for_digest();
  if (names.empty()) return planned_note_;
  constexpr std::size_t most_names = 10;
  std::string list;
  for (std::size_t k = 0; k < std::min(names.size(), most_names); ++k) list += (k == 0 ? "" : "、") + names[k];
  return planned_note_ = fmt::format("计划停机窗口内中断 {} 条，未告警：{}{}", names.size(), list,
                                     names.size() > most_names ? "等" : "");
}

/** What the first node of the pair has not told by now. */
void alert_desk::speak_second(wall_t now) {
  if (!second_.waits() || (now - listened_ < look_every && now >= listened_)) return;
  listened_ = now;
  const alerts::second_voice::decision d =
      second_.due(now, doors_.first ? doors_.first(second_.since()) : alerts::first_word{});
  for (const std::uint64_t number : d.told_there)
    delivery_.returned(number, {.how = alerts::channel_answer::end::elsewhere, .pause = {}, .text = "另一台已告知"},
                       now);
  for (const alerts::sending& s : d.send) carry(s, now);
}

void alert_desk::carry(const alerts::sending& s, wall_t now) {
  const alert_channel* c = settings_.alerts.channel(s.channel);
  alert_channel addressed;  // whom of `to` this goes to, delivery has said
  if (c != nullptr) {
    addressed = *c;
    addressed.to.clear();
    c = &addressed;
  }
  note_causes(s, now);
  const auto of = std::make_shared<parts>();
  of->number = s.number;
  std::vector<alerts::outgoing> out;
  if (c != nullptr)  // alerts of Alertmanager end one by one, so they are told so
    for (const message& m : worded(s, c->kind == channel_kind::alertmanager, now))
      for (alerts::outgoing& one :
           alerts::outgoing_of(*c, m, {.phones = s.phones, .mails = s.mails, .ids = s.ids}, now, settings_.zone))
        out.push_back(std::move(one));
  if (out.empty()) {
    of->left = 1;
    return end_part(of, {.how = alerts::channel_answer::end::refused, .pause = milliseconds{0}, .text = "没有接收人"});
  }
  of->left = out.size();
  const auto channel = std::make_shared<const alert_channel>(*c);
  for (const alerts::outgoing& one : out)
    doors_.send(*c, one, [this, of, channel](unsigned status, const std::string& body) {
      end_part(of, alerts::answer_of(*channel, status, body));
    });
}

void alert_desk::end_part(const std::shared_ptr<parts>& of, const alerts::channel_answer& how) {
  holding one(of->guard);
  of->worst = worse(of->worst, how);
  if (--of->left > 0) return;
  const alerts::channel_answer end = of->worst;
  one.unlock();
  holding lock(mutex_);
  inbox_.answers.emplace_back(of->number, end);
  lock.unlock();
  doors_.wake();
}

void alert_desk::show() {
  alert_view v;
  v.open = facts_.open_alerts();
  v.nobody_reachable = delivery_.nobody_reachable() || delivery_.roster_unreachable(doors_.now());
  for (const alerts::delivery::channel_state& c : delivery_.channels()) {
    const alert_channel* known = settings_.alerts.channel(c.id);
    v.channels.push_back({.id = c.id,
                          .kind = known == nullptr
                                      ? std::string{}
                                      : std::string(channel_kind_names[static_cast<std::size_t>(known->kind)]),
                          .well = c.well,
                          .since = c.since,
                          .told = c.told,
                          .failed = c.failed,
                          .waiting = c.waiting,
                          .last = c.last});
  }
  const holding lock(mutex_);
  view_ = std::move(v);
}

}  // namespace changtong
