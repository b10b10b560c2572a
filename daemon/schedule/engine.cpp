#include "daemon/schedule/engine.h"

#include <algorithm>

#include "daemon/core/life.h"
#include "daemon/core/warm.h"

namespace changtong::schedule {

engine::engine(make_collector make, label_of label, sample_sink& sink, daemon_tallies& tallies, mono_t now,
               nanoseconds wall_offset, engine_options options)
    : make_(std::move(make)),
      label_(std::move(label)),
      sink_(sink),
      tallies_(tallies),
      options_(options),
      planner_(now, wall_offset, options.fast_budget),
      zero_(now) {}

engine::~engine() = default;

// -- inventory -------------------------------------------------------------------------------------------------------

void engine::adopt(std::shared_ptr<const inventory> inv, mono_t now) {
  for (std::uint32_t t = 0; t < flights_.size(); ++t) {
    if (flights_[t].where == phase::under_way) collectors_[briefs_[flights_[t].check].kind]->forget(ticket_of(t));
    if (flights_[t].where != phase::free) release(t);
  }
  inv_ = std::move(inv);
  planner_.adopt(inv_, now);
  queues_.assign(inv_->targets.size(), {});
  sent_.clear();
  anchors_.clear();
  briefs_.clear();
  for (const check& c : inv_->checks) {
    briefs_.push_back(brief_of(c, inv_->targets[c.target]));
    if (c.kind >= collectors_.size()) {
      collectors_.resize(c.kind + 1U);
      bursts_.resize(c.kind + 1U);
      quick_.resize(c.kind + 1U);
    }
    if (!collectors_[c.kind]) collectors_[c.kind] = make_(c.kind, *this);
  }
}

std::vector<std::pair<kind_index, const collector*>> engine::collectors() const {
  std::vector<std::pair<kind_index, const collector*>> all;
  for (std::size_t k = 0; k < collectors_.size(); ++k)
    if (collectors_[k]) all.emplace_back(static_cast<kind_index>(k), collectors_[k].get());
  return all;
}

bool engine::in_scope(check_index c, wall_t at) const {
  if (!briefs_[c].limited) return true;
  return life_of(inv_->targets[briefs_[c].target], at) == life::in_scope;
}

engine::brief engine::brief_of(const check& c, const target& t) {
  return {.target = c.target,
          .timeout_ms = static_cast<std::uint32_t>(c.when.timeout.count()),
          .interval_ms = static_cast<std::uint32_t>(c.when.interval.count()),
          .kind = c.kind,
          .line = t.kind == target_kind::line,
          .anchor = t.kind == target_kind::anchor,
          .limited = t.accepted || t.closed,
          .ordered = c.role == check_role::reach && t.kind != target_kind::anchor};
}

// -- flights ---------------------------------------------------------------------------------------------------------

std::uint32_t engine::take_flight(check_index c, mono_t now) {
  if (free_.empty()) {
    if (flights_.size() >= std::min<std::size_t>(options_.most_under_way, place_mask)) return none;
    free_.push_back(static_cast<std::uint32_t>(flights_.size()));
    flights_.emplace_back();
  }
  const std::uint32_t place = free_.back();
  free_.pop_back();
  flight& f = flights_[place];
  f.where = phase::under_way;
  f.check = c;
  f.next = none;
  f.sent = now;
  const brief& what = briefs_[c];
  f.deadline = now + milliseconds{what.timeout_ms};
  ++under_way_;
  if (what.anchor) {
    constexpr std::size_t many = 64;
    auto& asked = anchors_[what.target];
    asked.push_back({place, f.serial});
    if (asked.size() > many) (void)anchor_known_until(what.target, now);  // forgets those that are answered
  }
  if (what.ordered) {
    queue& q = queues_[what.target];
    if (q.head == none)
      q.head = place;
    else
      flights_[q.tail].next = place;
    q.tail = place;
    if (what.line) sent_.push_back({place, f.serial});
  }
  return place;
}

void engine::release(std::uint32_t place) {
  flight& f = flights_[place];
  if (f.where == phase::under_way) --under_way_;
  f.where = phase::free;
  ++f.serial;
  free_.push_back(place);
}

mono_t engine::lines_judged_until(mono_t now) {
  while (!sent_.empty()) {
    const sent_mark& m = sent_.front();
    const flight& f = flights_[m.place];
    if (f.serial == m.serial && f.where != phase::free) return f.sent;
    sent_.pop_front();
  }
  return now;
}

wall_t engine::judged_until(mono_t now) { return label_(lines_judged_until(now)); }

mono_t engine::anchor_known_until(target_index anchor, mono_t now) {
  const auto it = anchors_.find(anchor);
  if (it == anchors_.end()) return now;
  mono_t oldest = now;
  std::erase_if(it->second, [&](const sent_mark& m) {
    const flight& f = flights_[m.place];
    if (f.serial != m.serial || f.where == phase::free) return true;
    oldest = std::min(oldest, f.sent);
    return false;
  });
  return oldest;
}

wall_t engine::judged_until(target_index t, mono_t now) const {
  const std::uint32_t oldest = queues_[t].head;
  return label_(oldest == none ? now : flights_[oldest].sent);
}

// -- one tick --------------------------------------------------------------------------------------------------------

void engine::tick(mono_t now) {
  constexpr nanoseconds least_stall = 5 * tick_length;
  if (last_tick_ != mono_t{} && now - last_tick_ > least_stall) stall_from_ = last_tick_, stall_to_ = now;
  last_tick_ = now;
  warm_up_answers();
  for (const auto& c : collectors_)
    if (c) c->drain();
  expire(now);
  if (inv_) ask_due(now);
  tallies_.questions_under_way.store(under_way_, std::memory_order_relaxed);
  sink_.tick_done(now);
}

void engine::expire(mono_t now) {
  if (now < zero_) return;
  deadlines_.advance(static_cast<std::uint64_t>((now - zero_) / tick_length),
                     [&](std::uint32_t place, std::uint32_t serial) {
                       flight& f = flights_[place];
                       if (f.serial != serial || f.where != phase::under_way) return;
                       const std::uint32_t ticket = ticket_of(place);
                       cause why = collectors_[briefs_[f.check].kind]->forget(ticket);
                       // what came in place of an answer says nothing of an answer that nobody could have heard
                       if (class_of(why) != cause_class::own && unwatched(f)) why = cause::late;
                       const bool own = class_of(why) == cause_class::own;
                       answered(ticket, {.what = own ? outcome::not_measured : outcome::bad, .why = why});
                     });
}

void engine::ask_due(mono_t now) {
  constexpr std::size_t near = 8, far = 2 * near;  // so many questions before it is put
  const wall_t label = label_(now);
  const std::vector<due_slot>& due = planner_.due(now);
  report_missed(due, label);
  for (std::size_t i = 0; i < due.size(); ++i) {
    if (i + far < due.size()) warm(&briefs_[due[i + far].check]);
    if (i + near < due.size()) warm_up_question(due[i + near].check);
    if (in_scope(due[i].check, label)) ask_one(due[i], now, label);
  }
  for (std::size_t k = 0; k < bursts_.size(); ++k)
    if (!bursts_[k].empty()) ask(static_cast<kind_index>(k));
}

void engine::warm_up_question(check_index c) const {
  const check& what = inv_->checks[c];
  warm(&what.target);
  warm(&what.settings);
  warm(&queues_[briefs_[c].target]);
}

/** What is read in a moment are answers to questions under way. Between two ticks others have used this processor. */
void engine::warm_up_answers() {
  constexpr std::size_t most = 512;  // of an outage of many lines
  soon_.clear();
  for (std::size_t i = 0; i < std::min(sent_.size(), most); ++i) {
    const flight& f = flights_[sent_[i].place];
    if (f.serial == sent_[i].serial && f.where == phase::under_way) soon_.push_back(f.check);
  }
  for (const check_index c : soon_) warm(&briefs_[c]);
  sink_.expect(soon_);
  for (const check_index c : soon_) warm(&queues_[briefs_[c].target]);
}

void engine::ask_one(const due_slot& d, mono_t now, wall_t label) {
  constexpr std::size_t chunk = 256;  // between chunks the sockets are read, so that a large burst cannot overflow them
  tallies_.lateness_seconds.observe(std::chrono::duration<double>(now - d.due).count());
  const brief& what = briefs_[d.check];
  const std::uint32_t place = take_flight(d.check, now);
  if (place == none) {
    const sample s{.check = d.check,
                   .what = outcome::not_measured,
                   .why = cause::own_overload,
                   .sent = now,
                   .at = label,
                   .interval = milliseconds{what.interval_ms}};
    count(s);
    sink_.seen(s);
    sink_.judged(s);
    return;
  }
  bursts_[what.kind].push_back(
      {.ticket = ticket_of(place), .what = &inv_->checks[d.check], .deadline = flights_[place].deadline});
  if (bursts_[what.kind].size() >= chunk) ask(what.kind);
}

void engine::ask(kind_index kind) {
  auto& burst = bursts_[kind];
  collectors_[kind]->ask(burst);
  for (const question& q : burst) {
    const std::uint32_t place = q.ticket & place_mask;
    flight& f = flights_[place];
    if (f.where != phase::under_way || ticket_of(place) != q.ticket) continue;  // answered within ask()
    if (q.sent != mono_t{}) {
      f.sent = q.sent;
      f.deadline = q.sent + milliseconds{briefs_[f.check].timeout_ms};
    }
    deadlines_.add(static_cast<std::uint64_t>((f.deadline - zero_ + tick_length) / tick_length), place, f.serial);
  }
  drain_after(burst, kind);
  burst.clear();
}

/** A line beside us answers before the next tick: then its answer's memory is wanted now. */
void engine::drain_after(const std::vector<question>& burst, kind_index kind) {
  if (quick_[kind]) {
    soon_.clear();
    for (const question& q : burst) soon_.push_back(flights_[q.ticket & place_mask].check);
    sink_.expect(soon_);
  }
  const std::size_t before = under_way_;
  collectors_[kind]->drain();
  quick_[kind] = 2 * (before - std::min(before, under_way_)) > burst.size();
}

/** Before anything is asked anew and in order of time: a target's samples are judged in order of sending. */
void engine::report_missed(const std::vector<due_slot>& due, wall_t label) {
  missed_.clear();
  for (const due_slot& d : due)
    if (d.missed > 0 && in_scope(d.check, label)) missed_.push_back(d);
  std::sort(missed_.begin(), missed_.end(),
            [](const due_slot& a, const due_slot& b) { return a.first_missed < b.first_missed; });
  for (const due_slot& d : missed_) {
    const brief& what = briefs_[d.check];
    tallies_.late_slots.fetch_add(d.missed, std::memory_order_relaxed);
    const sample s{.check = d.check,
                   .what = outcome::not_measured,
                   .why = cause::late,
                   .sent = d.first_missed,
                   .at = label_(d.first_missed),
                   .interval = milliseconds{what.interval_ms},
                   .slots = d.missed};
    count(s);
    sink_.seen(s);
    // Questions sent before it may still be under way: then it waits its turn, already answered.
    const bool waits = what.ordered && queues_[what.target].head != none;
    const std::uint32_t place = waits ? take_flight(d.check, d.first_missed) : none;
    if (place == none) {
      sink_.judged(s);
      continue;
    }
    flights_[place].result = s;
    flights_[place].where = phase::answered;
    --under_way_;
  }
}

// -- answers ---------------------------------------------------------------------------------------------------------

void engine::answered(std::uint32_t ticket, const answer& a) {
  const std::uint32_t place = ticket & place_mask;
  if (place >= flights_.size() || flights_[place].where != phase::under_way || ticket_of(place) != ticket) {
    tallies_.ignored_answers.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  flight& f = flights_[place];
  const brief& what = briefs_[f.check];
  f.result = {.check = f.check,
              .what = a.what,
              .why = a.why,
              .sent = f.sent,
              .at = label_(f.sent),
              .rtt = a.rtt,
              .took = milliseconds{0},
              .interval = milliseconds{what.interval_ms},
              .slots = 1,
              .facts = a.facts,
              .detail = a.detail};
  if (a.what == outcome::good && a.rtt > milliseconds{what.timeout_ms}) {  // came, but too late to count
    f.result.what = outcome::bad;
    f.result.why = cause::timeout;
  }
  if (f.result.what == outcome::bad && f.result.why == cause::timeout && unwatched(f)) {
    f.result.what = outcome::not_measured;
    f.result.why = cause::late;
  }
  if (f.result.what == outcome::bad)
    f.result.took = std::chrono::floor<milliseconds>(std::max(last_tick_ - f.sent, nanoseconds{0}));
  f.where = phase::answered;
  --under_way_;
  count(f.result);
  sink_.seen(f.result);
  f.result.facts = {};
  f.result.detail = {};
  finish(place);
}

/** For more than half of its time nobody could have seen the answer. */
bool engine::unwatched(const flight& f) const {
  const nanoseconds blind = std::min(f.deadline, stall_to_) - std::max(f.sent, stall_from_);
  return 2 * blind > f.deadline - f.sent;
}

void engine::count(const sample& s) {
  const kind_index kind = briefs_[s.check].kind;
  if (kind >= daemon_tallies::max_kinds) return;
  tallies_.samples[kind][static_cast<std::size_t>(s.what)].fetch_add(s.slots, std::memory_order_relaxed);
  const auto why = static_cast<std::size_t>(s.why);
  if (s.what != outcome::good && why < daemon_tallies::max_causes)
    tallies_.blamed[kind][why].fetch_add(s.slots, std::memory_order_relaxed);
}

void engine::finish(std::uint32_t place) {
  const brief& what = briefs_[flights_[place].check];
  if (what.ordered) return deliver(what.target);
  sink_.judged(flights_[place].result);
  release(place);
}

void engine::deliver(target_index t) {
  queue& q = queues_[t];
  while (q.head != none && flights_[q.head].where == phase::answered) {
    const std::uint32_t place = q.head;
    const sample s = flights_[place].result;
    q.head = flights_[place].next;
    if (q.head == none) q.tail = none;
    release(place);
    sink_.judged(s);
  }
}

// -- the timer -------------------------------------------------------------------------------------------------------

namespace {

struct driver : std::enable_shared_from_this<driver> {
  engine& e;
  boost::asio::steady_timer timer;
  std::function<mono_t()> now;
  std::function<bool()> paused;
  driver(engine& engine_, boost::asio::io_context& io, std::function<mono_t()> clock, std::function<bool()> pause)
      : e(engine_), timer(io), now(std::move(clock)), paused(std::move(pause)) {}

  void arm() {
    timer.async_wait([self = shared_from_this()](const boost::system::error_code& ec) {
      if (ec) return;
      if (!self->paused()) self->e.tick(self->now());
      // After a stall the ticks that were missed are not made up for: one tick looks at everything.
      auto next = self->timer.expiry() + std::chrono::duration_cast<std::chrono::steady_clock::duration>(tick_length);
      if (next < std::chrono::steady_clock::now()) next = std::chrono::steady_clock::now() + milliseconds{1};
      self->timer.expires_at(next);
      self->arm();
    });
  }
};

}  // namespace

void run(engine& e, boost::asio::io_context& io, std::function<mono_t()> now, std::function<bool()> paused) {
  auto d = std::make_shared<driver>(e, io, std::move(now), std::move(paused));
  d->timer.expires_after(std::chrono::nanoseconds{0});
  d->arm();
}

}  // namespace changtong::schedule
