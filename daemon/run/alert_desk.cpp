#include "daemon/run/alert_desk.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "daemon/books/month_effect.h"
#include "daemon/core/log.h"

namespace changtong {

namespace {

constexpr std::size_t most_waiting = 500'000;  ///< records; a storm of a million lines is told as one message anyway
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
      delivery_(s.alerts, s.people, s.targets, s.zone, [this](wall_t at) { return roster_(at); }) {
  recall(recalled);
  show();
}

alert_desk::told_before alert_desk::read_told() const {
  told_before all;
  try {
    if (const auto books = doors_.books()) {
      all.steps = (*books)->declared<alert_record>();
      for (acknowledgement& a : (*books)->declared<acknowledgement>())
        all.by_people.push_back({std::move(a.alert), std::move(a.author), std::move(a.text), a.at});
    } else {
      log::error("告警：账本打不开，未取回此前的告警 / alerts: what was told before is not known: {}",
                 to_string(books.error()));
    }
  } catch (const std::runtime_error& e) {
    log::error("告警：账本不可读，未取回此前的告警 / alerts: what was told before could not be read: {}", e.what());
  }
  return all;
}

/** What was told before this start, and what is open. */
void alert_desk::recall(const ledger::restored& recalled) {
  const wall_t now = doors_.now();
  const told_before all = read_told();
  for (const ledger::restored::state& one : recalled.states)
    if (one.believed == line_state::down)
      facts_.recall(
          one.target,
          {.began = one.outage_began, .ended = {}, .why = one.why, .upstream = {}, .after_own_uplink = false});
  for (const alert_record& s : all.steps) facts_.take(s);
  delivery_.recall(all.steps, all.by_people);
  grouping_.recall(all.steps, facts_.open_outages(), now);
  taken_.clear();
}

void alert_desk::take(const std::vector<record>& records) {
  holding lock(mutex_);
  for (const record& r : records) {
    if (inbox_.records.size() >= most_waiting) {
      inbox_.lost = true;
      break;
    }
    if (std::holds_alternative<transition>(r) || std::holds_alternative<cause_found>(r) ||
        std::holds_alternative<alert_record>(r) || std::holds_alternative<acknowledgement>(r))
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
  // before what has come in: an answer that was just taken and is not in the books yet would look like nobody's
  if (now - looked_ >= look_every || now < looked_) look_around(now);
  if (in.lost)
    log::error("告警：待处理记录超过 {} 条，其后的未告知 / alerts: too many records wait, some were not told",
               most_waiting);
  if (in.adopted) change(std::move(*in.adopted), now);  // first: what has come in may be of a line that is new
  for (const record& r : in.records) take_one(r, now);
  for (const auto& [number, how] : in.answers) delivery_.returned(number, how, now);
  const bool in_doubt = !doors_.in_doubt || doors_.in_doubt();
  grouping_.doubts(in_doubt, now);
  std::vector<record> note;
  for (alert_record& s : grouping_.due(now))
    if (!settings_.alerts.channels.empty()) note.emplace_back(std::move(s));  // else nobody asked to be told
  alerts::delivery::orders orders = delivery_.due(now);
  for (alert_record& s : orders.enter) note.emplace_back(std::move(s));
  if (!note.empty()) doors_.note(std::move(note));
  for (const alerts::sending& s : orders.send) carry(s, now);
  show();
  const wall_t next = std::min({grouping_.until(), delivery_.until(), looked_ + look_every});
  const milliseconds most = in_doubt ? look_at_doubts : look_every;
  const milliseconds rest = std::clamp(next - now, milliseconds{5}, most);
  return {.least = milliseconds{5}, .most = rest};
}

void alert_desk::change(settings next, wall_t now) {
  const bool nobody_was_told = settings_.alerts.channels.empty();
  settings_ = std::move(next);
  roster_ = doors_.roster_of(settings_);
  grouping_.adopt(settings_.targets, settings_.alerts.together, now);
  delivery_.adopt(settings_.alerts, settings_.people, settings_.targets, now);
  if (!nobody_was_told || settings_.alerts.channels.empty()) return;
  grouping_ = alerts::grouping(settings_.targets, settings_.alerts.together, settings_.zone);
  grouping_.recall(read_told().steps, facts_.open_outages(), now);  // what is down is told now that there is somebody
  conditions_.clear();
}

void alert_desk::take_one(const record& r, wall_t now) {
  if (const auto* t = std::get_if<transition>(&r)) {
    if (facts_.take(*t)) grouping_.take(*t, now);
  } else if (const auto* c = std::get_if<cause_found>(&r)) {
    if (facts_.take(*c)) grouping_.take(*c, now);
  } else if (const auto* s = std::get_if<alert_record>(&r)) {
    if (!is_a_step_to_tell(s->step) || !taken_.emplace(s->alert, s->step, s->at, s->targets).second) return;
    if (taken_.size() > 10'000) taken_.erase(taken_.begin());  // the oldest days first; a recorded step follows soon
    facts_.take(*s);
    delivery_.take(*s, now);
  } else if (const auto* a = std::get_if<acknowledgement>(&r)) {
    delivery_.acknowledged(a->alert, a->author, a->text, now);
  }
}

/** What no record says: how we are ourselves, and what is up but not well. */
void alert_desk::look_around(wall_t now) {
  looked_ = now;
  const auto free = doors_.free_bytes ? doors_.free_bytes() : std::nullopt;
  for (const auto& [name, wrong] : health_.look(*doors_.counters, free, delivery_.nobody_reachable(), now))
    grouping_.own(name, wrong, now);
  if (const auto b = doors_.boards->get()) look_at_targets(*b, now);
}

void alert_desk::look_at_targets(const board& b, wall_t now) {
  const std::vector<target>& all = b.districts->targets;
  std::map<std::pair<alert_subject, std::string>, std::string> hold;
  for (target_index k = 0; k < all.size(); ++k) {
    const line_view& v = b.lines[k];
    if (!settings_.alerts.degraded || all[k].kind == target_kind::anchor) continue;
    if (!v.degraded.load(std::memory_order_relaxed) || v.shown_state() != line_state::up) continue;
    const bool lossy = v.loss_ratio.load(std::memory_order_relaxed) >= static_cast<float>(settings_.degrade.loss_ratio);
    hold.emplace(std::pair{alert_subject::degraded, all[k].id}, lossy ? "丢包" : "时延过大或接口异常");
  }
  for (const fact_view& f : b.facts) {
    const auto expires = f.value(fact_name::certificate_expiry_seconds);
    if (!expires || settings_.alerts.certificate_days <= 0) continue;
    const auto left = std::chrono::floor<std::chrono::days>(wall_from_ms(*expires * 1000) - now).count();
    if (left <= settings_.alerts.certificate_days)
      hold.emplace(std::pair{alert_subject::certificate, all[f.target].id}, std::to_string(left));
  }
  for (const auto& [which, name] : conditions_)
    if (!hold.contains(which)) {
      if (is_seen(b, which))
        grouping_.condition(which.first, which.second, name, false, now);
      else
        hold.emplace(which, name);  // nobody saw that it is well
    }
  for (auto& [which, name] : hold) {
    const auto before = conditions_.find(which);
    if (before != conditions_.end()) name = before->second;  // said as it began, until it ends
    grouping_.condition(which.first, which.second, name, true, now);
  }
  conditions_ = std::move(hold);
}

/** Whether the latest look says anything about it: time that nobody observed makes nothing well. */
bool alert_desk::is_seen(const board& b, const std::pair<alert_subject, std::string>& condition) {
  const auto at = b.districts->by_id.find(condition.second);
  if (at == b.districts->by_id.end()) return true;
  if (condition.first == alert_subject::degraded) return b.lines[at->second].shown_state() != line_state::unknown;
  const auto facts = b.facts_of(at->second);
  return std::ranges::any_of(
      facts, [](const fact_view& f) { return f.value(fact_name::certificate_expiry_seconds).has_value(); });
}

// -- messages --------------------------------------------------------------------------------------------------------

alerts::told_world alert_desk::world(const board& b, wall_t now) const {
  alerts::told_world w = facts_.world(*b.districts, settings_.zone, settings_.alerts, now);
  w.state = [&b](target_index k) { return b.lines[k].shown_state(); };
  w.month = [this, now](std::span<const std::string> targets, wall_t began) { return month(targets, began, now); };
  return w;
}

std::optional<alerts::month_figures> alert_desk::month(std::span<const std::string> targets, wall_t began,
                                                       wall_t now) const {
  if (!doors_.counters->ledger_writable.load(std::memory_order_relaxed)) return std::nullopt;  // its disk may hang
  try {
    const auto books = doors_.books();
    if (!books) return std::nullopt;
    const auto e = books::effect_on_month(**books, targets, began, now);
    if (!e) return std::nullopt;
    return alerts::month_figures{.with = e->availability + " %", .effect = e->lost + " 个百分点"};
  } catch (const std::runtime_error&) {
    return std::nullopt;  // the ledger's own alarm says so
  }
}

std::vector<message> alert_desk::worded(alerts::sending s, bool apart, wall_t now) const {
  if (!doors_.counters->ledger_writable.load(std::memory_order_relaxed))
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
  for (message& m : all) m.over = s.daily || (ends && !facts_.is_open(m.id));
  return all;
}

void alert_desk::carry(const alerts::sending& s, wall_t now) {
  const alert_channel* c = settings_.alerts.channel(s.channel);
  alert_channel addressed;  // whom of `to` this goes to, delivery has said
  if (c != nullptr) {
    addressed = *c;
    addressed.to.clear();
    c = &addressed;
  }
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
  v.nobody_reachable = delivery_.nobody_reachable();
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
