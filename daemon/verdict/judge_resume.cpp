#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "daemon/verdict/judge.h"

/** How a judge goes on: after a restart from what the ledger remembers, after a reload from its own folds. */
namespace changtong::verdict {

check_memory judge::memory_of(check_index c) const {
  const check_fold& fold = checks_[c].fold;
  return {.check = inv_->checks[c].id, .text = fold.steady() ? std::string{} : fold.remember()};
}

void judge::recall(const std::vector<remembered>& targets, const std::vector<check_memory>& memory, wall_t heartbeat,
                   judgement& out) {
  std::unordered_map<std::string_view, const check_memory*> texts;
  for (const check_memory& m : memory) texts[m.check] = &m;
  for (const remembered& r : targets) {
    const auto it = inv_->index_of(r.target);
    if (it == no_index) continue;
    target_state& t = targets_[it];
    wall_t undecided = heartbeat;
    for (const check_index c : t.reach) {
      check_fold& fold = checks_[c].fold;
      const milliseconds spoken = inv_->checks[c].when.interval * 3 / 2;
      const auto text = texts.find(inv_->checks[c].id);
      if (text == texts.end() || !fold.recall(text->second->text, heartbeat)) {
        fold = check_fold(heartbeat);
        // Somewhere in the time that its last sample spoke for; the early end keeps the bracket honest.
        if (r.believed == line_state::up) fold.assume_up(heartbeat - spoken);
      }
      undecided = std::min(undecided, fold.decided());
    }
    t.fold.restore(r.believed, r.outage_began, undecided);
    for (const check_index c : t.reach) {
      check_fold& fold = checks_[c].fold;
      if (fold.down()) t.fold.restore_down(checks_[c].position);
      if (!fold.steady())
        t.fold.testimony().restore(checks_[c].position, fold.down() ? undecided : fold.pending_run().first, fold.down(),
                                   c == t.lead);
      if (undecided < fold.decided()) {
        const piece known{.when = {undecided, fold.decided()},
                          .state = fold.down() ? line_state::down : line_state::up};
        t.fold.push(checks_[c].position, std::span(&known, 1));
      }
      fold.gap({heartbeat, wall_max}, cause::monitor_stopped, pieces_);
      drain(it, c);
      if (!fold.steady()) want(c, pace::fast, true, fold.pending(), out);
    }
    if (r.believed == line_state::down && !r.cause_known)
      causes_.explain(it, r.outage_began, heartbeat, states(), out.records);
  }
}

void judge::say_again() {
  land_all();
  for (target_state& t : targets_) t.fold.say_again();
}

void judge::keep(check_index now, const check_state& before) {
  const std::uint8_t position = checks_[now].position;
  const target_index target = checks_[now].target;
  checks_[now] = before;
  checks_[now].target = target;
  checks_[now].position = position;
  checks_[now].speed.reset();  // the schedule begins anew at the usual pace
}

/** Of this check no sample will come any more: a pending run stays too short (rules 1 and 3). */
void judge::end_of(target_index t, check_index c, wall_t end) {
  check_fold& fold = checks_[c].fold;
  const check_fold::run pending = fold.pending_run();
  const bool was_down = fold.down();
  const bool short_run = fold.conclude(end, pieces_);
  drain(t, c);
  if (short_run) run_short(c, pending, end);
  witnesses& w = targets_[t].fold.testimony();
  if (was_down) w.recovery_failed(checks_[c].position);
  was_down ? w.outage_ended(checks_[c].position, end) : w.run_short(checks_[c].position, end);
}

void judge::adopt(std::shared_ptr<const inventory> inv, wall_t now, judgement& out) {
  land_all();
  now = std::max(now, barrier_);  // labels up to the barrier have had their time already
  std::unordered_set<std::string_view> stay;
  for (const check& c : inv->checks)
    if (c.role == check_role::reach) stay.insert(c.id);
  for (target_index i = 0; i < targets_.size(); ++i)
    for (const check_index c : targets_[i].reach) {
      checks_[c].fold.advance(now, pieces_);
      drain(i, c);
      if (!stay.contains(inv_->checks[c].id)) end_of(i, c, now);
    }
  for (target_index i = 0; i < targets_.size(); ++i) settle(i, now, out);
  const auto old_inv = std::move(inv_);
  const auto old_checks = std::move(checks_);
  auto old_targets = std::move(targets_);
  const auto old_reach = std::exchange(reach_, {});  // old_targets points into it
  inv_ = std::move(inv);
  build(*inv_, now);
  causes_.adopt(inv_);
  for (target_index i = 0; i < targets_.size(); ++i) {
    const auto before = old_inv->index_of(inv_->targets[i].id);
    if (before == no_index) continue;
    target_state& t = targets_[i];
    target_state& old = old_targets[before];
    std::vector<std::string_view> old_ids;
    for (const check_index c : old.reach) old_ids.push_back(old_inv->checks[c].id);
    std::vector<std::optional<std::uint32_t>> was;
    t.fold = std::move(old.fold);
    const wall_t start = std::max(now, t.fold.judged_until());
    for (const check_index c : t.reach) {
      const auto at = std::ranges::find(old_ids, inv_->checks[c].id) - old_ids.begin();
      const auto position = static_cast<std::size_t>(at);
      if (position < old_ids.size())
        keep(c, old_checks[old.reach[position]]);
      else
        checks_[c].fold = check_fold(start);
      was.push_back(position < old_ids.size() ? std::optional(static_cast<std::uint32_t>(position)) : std::nullopt);
    }
    t.fold.revoice(was, old_ids, start);
    const auto troubled = [&](check_index c) { return !checks_[c].fold.steady() || checks_[c].ours; };
    if (std::ranges::any_of(t.reach, troubled))
      for (const check_index c : t.reach) want(c, pace::fast, true, checks_[c].fold.pending(), out);
    settle(i, now, out);
  }
  for (const target& t : old_inv->targets)
    if (t.kind != target_kind::anchor && inv_->find(t.id) == nullptr)
      out.records.emplace_back(transition{.target = t.id,
                                          .to = line_state::unknown,
                                          .at = now,
                                          .edge = {now, now},
                                          .confirmed = now,
                                          .why = cause::monitor_stopped,
                                          .decided_by = {}});
}

}  // namespace changtong::verdict
