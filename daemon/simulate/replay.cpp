#include "daemon/simulate/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace changtong::simulate {
namespace {

constexpr std::size_t records_a_commit = 20'000;
constexpr std::uint64_t lines_a_report = 100'000;
constexpr const char* author = "replay";

}  // namespace

replay::replay(const tape& t, const settings& s, amended_inventory& inventory, ledger::writer& books, bool each_sample)
    : tape_(t),
      amended_(inventory),
      books_(books),
      each_sample_(each_sample),
      inv_(s.targets),
      supply_(t),
      judge_(inv_, t.begin),
      zone_(s.zone),
      label_(ms_of(t.begin)),
      next_day_(ms_of(zone_.around(t.begin, civil_zone::unit::day).to)) {
  for (const kind_policy& k : s.kinds) kinds_.push_back(k.name);
  supply_.adopt(inv_, label_);
  wakes_.assign(inv_->targets.size(), never);
  first_entries(s);
}

void replay::first_entries(const settings& s) {
  out_.records.emplace_back(
      policy_version{.at = tape_.begin, .zone = s.zone.name(), .policy = policy_json(s), .author = author});
  for (const target& t : inv_->targets) describe(t);
}

void replay::describe(const target& t) {
  if (t.kind == target_kind::anchor) return;
  out_.records.emplace_back(
      inventory_version{.at = wall_from_ms(label_), .target = t.id, .json = to_json(t, *inv_), .author = author});
}

result<replayed> replay::run(const std::function<bool(std::uint64_t, std::uint64_t)>& progress) {
  const std::uint64_t all = tape_.singles.size() + tape_.events.size();
  std::size_t s = 0, e = 0;
  while (s + e < all) {
    const bool is_event = e < tape_.events.size() && tape_.events[e].order <= s;
    const auto done = is_event ? step(tape_.events[e++]) : single(tape_.singles[s++]);
    if (!done) return done.error();
    if ((s + e) % lines_a_report == 0 && !progress(s + e, all)) return problem{};
  }
  if (const auto done = conclude(); !done) return done.error();
  if (!progress(all, all)) return problem{};
  done_.samples += supply_.given();
  done_.muted = judge_.muted();
  done_.samples -= done_.muted;
  return done_;
}

problem replay::at_line(std::string text) const { return {.text = std::move(text), .line = static_cast<int>(line_)}; }

// -- what the lines say -----------------------------------------------------------------------------------------------

result<void> replay::step(const taped_event& e) {
  line_ = e.line;
  if (const auto* end = std::get_if<taped_end>(&e.what)) {
    label_ = ms_of(end->at);
    return event(*end);
  }
  const auto& said = std::get<trace_event>(e.what);
  label_ = ms_of(label_of(said));
  if (const auto done = keep_up(); !done) return done;
  return std::visit([&](const auto& what) { return event(what); }, said);
}

result<void> replay::single(const taped_single& s) {
  if (s.lost) {
    ++done_.lost;
    return {};
  }
  line_ = s.line;
  label_ = s.label;
  if (const auto done = keep_up(); !done) return done;
  check_index c = supply_.check_of(s.key);
  if (c == no_index) {
    const auto found = check_of(tape_.keys[s.key].target, tape_.keys[s.key].check);
    if (!found) return found.error();
    c = *found;
  }
  bring(inv_->checks[c].target, label_);
  feed({.check = c,
        .what = s.what,
        .why = s.why,
        .sent = {},
        .at = wall_from_ms(s.label),
        .rtt = nanoseconds{s.rtt},
        .interval = inv_->checks[c].when.interval});
  ++done_.samples;
  wake(inv_->checks[c].target);
  return {};
}

/** The check that a line names; an anchor that nobody has told of is made. */
result<check_index> replay::check_of(const std::string& target, const std::string& check) {
  if (inv_->find(target) == nullptr && target.starts_with("anchor")) {
    auto made = amended_.add_anchor(target);
    if (!made) return at_line(made.error().text);
    adopt(std::move(*made));
  }
  if (const auto known = need_target(target); !known) return known.error();
  const check_index c = supply_.check_named(target, check);
  if (c == no_index)
    return at_line(fmt::format("{} 没有检查 '{}' / {} has no check '{}': name one of its column 'checks'", target,
                               check, target, check));
  return c;
}

result<void> replay::need_target(const std::string& id) const {
  if (inv_->find(id) != nullptr) return {};
  return at_line(fmt::format(
      "'{}' 不在资料中 / there is no line or site '{}' at this instant: add it to the inventory before this line", id,
      id));
}

result<void> replay::event(const trace_monitor& m) {
  running_ = true;  // a start: stops and crashes are ends
  out_.records.emplace_back(started{.at = m.at, .version = CHANGTONG_VERSION, .text = "replay"});
  supply_.run(std::max(label_, barrier_ + 1), tape_.offsets[frame_]);
  wake_all();
  return {};
}

result<void> replay::event(const trace_range& r) {
  if (r.seen.target == "*") {
    const std::string kind = r.seen.check.substr(0, r.seen.check.find('#'));
    if (std::ranges::find(kinds_, kind) == kinds_.end())
      return at_line(fmt::format("未知的检查 '{}' / no kind of check is called '{}': use {}", kind, kind,
                                 fmt::join(kinds_, ", ")));
  } else if (const auto c = check_of(r.seen.target, r.seen.check); !c) {
    return c.error();
  }
  supply_.open(r);
  if (running_) wake_all();
  return {};
}

/** Rule 6. A step of any size is adopted. */
result<void> replay::event(const trace_step& s) {
  const wall_t before = wall_from_ms(label_), after = before + s.by;
  bring_all(label_);
  gap g{.from = before,
        .to = before,
        .why = cause::clock_step,
        .text = fmt::format("clock stepped by {:+.3f} s", static_cast<double>(s.by.count()) / 1000)};
  if (s.by < milliseconds{0}) {
    barrier_ = std::max(barrier_, label_);
    judge_.mute_until(before);
  } else {
    g.from = std::max(before, wall_from_ms(barrier_));  // repeated labels have had their time already
    g.to = std::max(after, g.from);
    if (running_ && g.from < g.to) judge_.gap_over_all({g.from, g.to}, cause::clock_step, out_);
  }
  out_.records.emplace_back(std::move(g));
  ++frame_;
  if (running_) {
    supply_.run(std::max(ms_of(after), barrier_ + 1), tape_.offsets[frame_]);
    wake_all();
  }
  return {};
}

result<void> replay::event(const trace_window& w) {
  trace_window& last = windows_[w.id];
  const bool first = last.state.empty();
  if (first && (w.targets.empty() || !w.from || !w.to))
    return at_line(fmt::format(
        "{} 的第一条记录须有 target、from、to / the first record of window {} needs target, from, to", w.id, w.id));
  trace_window whole = w;
  if (whole.targets.empty()) whole.targets = last.targets;
  if (!whole.from) whole.from = last.from;
  if (!whole.to) whole.to = last.to;
  if (*whole.to < *whole.from)
    return at_line(
        fmt::format("{} 的 to 早于 from / window {} ends before it begins: exchange from and to", w.id, w.id));
  for (const std::string& id : whole.targets) {
    if (const auto known = need_target(id); !known) return known;
    out_.records.emplace_back(window_record{.at = w.at,
                                            .id = w.id,
                                            .target = id,
                                            .from = *whole.from,
                                            .to = *whole.to,
                                            .state = w.state,
                                            .by = w.by,
                                            .text = w.text});
  }
  last = std::move(whole);
  return {};
}

result<void> replay::event(const trace_inventory& i) {
  auto next = amended_.put(i.cells);
  if (!next) return at_line(next.error().text);
  adopt(std::move(*next));
  for (const auto& [key, text] : i.cells)
    if (key == "id" || key == "编号") describe(*inv_->find(text));
  return {};
}

result<void> replay::event(const trace_scope& s) {
  if (const auto known = need_target(s.target); !known) return known;
  auto next = amended_.rescope(s.target, s.accepted, s.closed);
  if (!next) return at_line(next.error().text);
  adopt(std::move(*next));
  describe(*inv_->find(s.target));
  return {};
}

void replay::adopt(std::shared_ptr<const inventory> next) {
  bring_all(label_);
  inv_ = std::move(next);
  judge_.adopt(inv_, wall_from_ms(label_), out_);
  supply_.adopt(inv_, label_);
  wake_all();
}

/** A stop, or a crash at its last heartbeat: from here on nobody observes until the next measured sample. Labels that a
 * barrier mutes have had their time already. */
result<void> replay::event(const taped_end& e) {
  const std::int64_t until = label_ + (e.takes_at ? 1 : 0);
  if (const auto done = keep_up(); !done) return done;
  drain(until);
  bring_all(until);
  supply_.rest();
  running_ = false;
  const wall_t from = std::max(e.at, wall_from_ms(barrier_));
  judge_.gap_over_all({from, wall_max}, cause::monitor_stopped, out_);
  if (e.crash)
    out_.records.emplace_back(gap{.from = from, .to = wall_max, .why = cause::monitor_stopped, .text = "crash"});
  if (const auto done = commit(e.at); !done) return done;
  wake_all();
  if (e.crash) return {};
  const auto stopped = books_.stop(from);
  if (!stopped) return stopped.error();
  done_.entries = *stopped;
  return {};
}

result<void> replay::conclude() {
  const std::int64_t end = ms_of(tape_.end);
  drain(end);
  bring_all(end);
  judge_.conclude(tape_.end, out_);
  return commit(tape_.end);
}

// -- what the ranges say ----------------------------------------------------------------------------------------------

/** Everything that ranges have to say before the label `until`, in order of time, of those who are not simply up. */
void replay::drain(std::int64_t until) {
  for (;;) {
    const std::int64_t review = ms_of(judge_.next_review());
    const std::int64_t next = alarms_.empty() ? never : alarms_.front().label;
    if (std::min(review, next) >= until) break;
    if (next <= review) {
      ring();
      continue;
    }
    bring_all(review + 1);
    judge_.review(wall_from_ms(review + 1), out_);
    for (target_index t = 0; t < wakes_.size(); ++t) wake(t);
  }
  if (running_) judge_.settle_causes(wall_from_ms(until), out_);
}

/** The earliest alarm. */
void replay::ring() {
  std::ranges::pop_heap(alarms_, std::greater{});
  const alarm a = alarms_.back();
  alarms_.pop_back();
  if (wakes_[a.target] != a.label) return;
  wakes_[a.target] = never;
  judge_.settle_causes(wall_from_ms(a.label), out_);
  bring(a.target, a.label + 1);
  judge_.advance(a.target, wall_from_ms(a.label), out_);
  wake(a.target);
}

bool replay::may_carry(target_index t) const { return !each_sample_ && judge_.undoubted(t); }

/** Judges the target's samples before `until`. */
void replay::bring(target_index t, std::int64_t until) {
  while (supply_.next(t) < until) {
    if (may_carry(t)) {
      const auto& runs = supply_.good_runs(t, until);
      if (!runs.empty() && judge_.take_good_runs(t, runs)) {
        supply_.taken(t);
        continue;
      }
    }
    feed(supply_.take(t));
  }
}

void replay::bring_all(std::int64_t until) {
  for (target_index t = 0; t < wakes_.size(); ++t) bring(t, until);
}

void replay::feed(const sample& s) {
  judge_.take(s, out_);
  out_.wishes.clear();
  out_.changed.clear();
}

/** When the target must be looked at again, though no line names it. */
void replay::wake(target_index t) {
  std::int64_t at = never;
  if (running_) {
    const std::int64_t next = may_carry(t) ? supply_.disturbed(t) : supply_.next(t);
    const wall_t quiet = judge_.quiet_until(t);
    at = std::min(next, quiet == wall_max || (next != never && may_carry(t)) ? never : ms_of(quiet) + 1);
  }
  if (wakes_[t] == at) return;
  wakes_[t] = at;
  if (at == never) return;
  alarms_.push_back({at, t});
  std::ranges::push_heap(alarms_, std::greater{});
}

void replay::wake_all() {
  alarms_.clear();
  wakes_.assign(inv_->targets.size(), never);
  for (target_index t = 0; t < wakes_.size(); ++t) wake(t);
}

// -- what the ledger gets ---------------------------------------------------------------------------------------------

/** Brings ranges up to the present label. At each midnight, and when there is much to write, the ledger gets everything
 * before it. */
result<void> replay::keep_up() {
  if (label_ >= next_day_) {
    const period today = zone_.around(wall_from_ms(label_), civil_zone::unit::day);
    next_day_ = ms_of(today.to);
    if (const auto done = sync(ms_of(today.from)); !done) return done;
  }
  drain(label_);
  return out_.records.size() < records_a_commit ? result<void>{} : sync(label_);
}

/** Everything before `until` is judged and written. */
result<void> replay::sync(std::int64_t until) {
  if (!running_) return commit(wall_t{});
  drain(until);
  bring_all(until);
  judge_.advance(wall_from_ms(until), out_);
  for (target_index t = 0; t < wakes_.size(); ++t) wake(t);
  return commit(wall_from_ms(until));
}

result<void> replay::commit(wall_t heartbeat) {
  done_.outages += static_cast<std::uint64_t>(std::ranges::count_if(out_.records, [](const record& r) {
    const auto* t = std::get_if<transition>(&r);
    return t != nullptr && t->to == line_state::down && !t->same_outage;
  }));
  ledger_batch batch{.heartbeat = heartbeat, .records = std::move(out_.records), .memory = {}};
  if (heartbeat != wall_t{}) batch.decided = judge_.settled_before(heartbeat);
  const auto written = books_.commit(batch);
  out_.records.clear();
  if (!written) return written.error();
  done_.entries = *written;
  return {};
}

}  // namespace changtong::simulate
