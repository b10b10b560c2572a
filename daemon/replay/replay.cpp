#include "daemon/replay/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace changtong::replay {
namespace {

constexpr std::size_t records_a_commit = 20'000;
constexpr std::uint64_t lines_a_report = 100'000;
constexpr const char* author = "replay";

}  // namespace

replay::replay(const tape& t, const settings& s, amended_inventory& inventory, ledger::writer& books,
               own_silences silences, bool each_sample)
    : tape_(t),
      amended_(inventory),
      books_(books),
      silences_(std::move(silences)),
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

problem replay::at_line(phrase why) const { return said_at(std::move(why), static_cast<int>(line_), 0); }

// -- what the ranges say ----------------------------------------------------------------------------------------------

/** Everything that ranges have to say before the label `until`, in order of time, of those who are not simply up. */
void replay::drain(std::int64_t until) {
  while (!alarms_.empty() && alarms_.front().label < until) ring();
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
  for (target_index p = inv_->targets[a.target].parent_index; p != no_index; p = inv_->targets[p].parent_index)
    bring(p, a.label + (p < a.target ? 1 : 0));
  bring(a.target, a.label + 1);
  judge_.advance(a.target, wall_from_ms(a.label), out_);
  wake(a.target);
  wake_awaited_by(a.target);
}

/** Not of one whose next answer may end another's wait for a cause: when it came decides what stands in the journal. */
bool replay::may_carry(target_index t) const {
  return !each_sample_ && judge_.undoubted(t) && !judge_.waiting_causes().awaits(t);
}

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

/** To the judge, with what rule 10 says of it. */
void replay::feed(sample s) {
  if (s.what == outcome::bad) {
    const std::int64_t mono = std::chrono::floor<milliseconds>(s.sent.time_since_epoch()).count();
    if (silences_.meet(sessions_ - 1, mono, s.took.count()))
      s.what = outcome::not_measured, s.why = cause::own_uplink;
    else
      s.after_own_uplink = silences_.just_before(sessions_ - 1, mono);
  }
  judge_.take(s, out_);
  out_.wishes.clear();
  out_.changed.clear();
}

/** When the target must be looked at again, though no line names it. */
void replay::wake(target_index t) {
  std::int64_t at = never;
  if (running_) {
    const std::int64_t next = supply_.next(t);
    const wall_t quiet = judge_.quiet_until(t);
    const std::int64_t silent = quiet == wall_max ? never : ms_of(quiet) + 1;
    at = std::min(may_carry(t) ? supply_.disturbed(t) : next, silent <= next ? silent : never);
  }
  if (wakes_[t] == at) return;
  wakes_[t] = at;
  if (at == never) return;
  alarms_.push_back({at, t});
  std::ranges::push_heap(alarms_, std::greater{});
}

/** A wait for a cause may have begun. */
void replay::wake_awaited_by(target_index t) {
  const target_index p = inv_->targets[t].parent_index;
  if (p != no_index && judge_.waiting_causes().awaits(p)) wake(p);
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

}  // namespace changtong::replay
