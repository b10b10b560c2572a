#include "daemon/verdict/gate.h"

#include <algorithm>
#include <utility>

namespace changtong::verdict {
namespace {

uplink::tick tick_of(mono_t at) { return std::chrono::floor<milliseconds>(at.time_since_epoch()).count(); }

}  // namespace

gate::gate(std::shared_ptr<const inventory> inv) { adopt(std::move(inv)); }

void gate::adopt(std::shared_ptr<const inventory> inv) {
  std::vector<std::size_t> was;
  const auto old = std::exchange(inv_, std::move(inv));
  const auto old_place = std::exchange(place_, std::vector<std::size_t>(inv_->targets.size(), uplink::fresh));
  anchors_.clear();
  anchor_checks_.clear();
  answer_within_ = nanoseconds{0};
  for (target_index t = 0; t < inv_->targets.size(); ++t) {
    const target& anchor = inv_->targets[t];
    if (anchor.kind != target_kind::anchor) continue;
    place_[t] = anchors_.size();
    anchors_.push_back(t);
    for (check_index c = anchor.first_check; c < anchor.first_check + anchor.check_count; ++c) {
      anchor_checks_.push_back(c);
      answer_within_ = std::max<nanoseconds>(answer_within_, inv_->checks[c].when.timeout);
    }
    const auto before = old == nullptr ? target_index{no_index} : [&] {
      const auto it = old->index_of(anchor.id);
      return it == no_index ? target_index{no_index} : it;
    }();
    const bool same = before != no_index && old->targets[before].addresses == anchor.addresses;
    was.push_back(same ? old_place[before] : uplink::fresh);
  }
  silence_.adopt(was);
  const auto ours_before = std::exchange(ours_, std::vector<bool>(inv_->targets.size()));
  changed_.clear();
  for (target_index t = 0; old != nullptr && t < ours_.size(); ++t) {
    const auto it = old->index_of(inv_->targets[t].id);
    ours_[t] = it != no_index && ours_before[it];
    changed_.push_back(t);
  }
}

bool gate::is_sign(const sample& s, const target& t) const {
  return s.what == outcome::good && s.rtt <= answer_within_ && (t.kind == target_kind::anchor || t.witness);
}

void gate::seen(const sample& s) {
  if (!silence_.any() || s.at <= barrier_) return;
  const check& c = inv_->checks[s.check];
  const target& t = inv_->targets[c.target];
  if (c.role != check_role::reach || s.what == outcome::not_measured) return;
  const std::size_t anchor = place_[c.target];
  if (first_seen_ == mono_t{}) first_seen_ = s.sent;
  if (s.what == outcome::bad && anchor == uplink::fresh) ask_ = true;
  if (s.what == outcome::bad) {
    if (anchor != uplink::fresh) silence_.anchor_bad(anchor, tick_of(s.sent));
  } else if (t.kind != target_kind::site && is_sign(s, t)) {
    anchor == uplink::fresh ? silence_.sign(tick_of(s.sent)) : silence_.anchor_sign(anchor, tick_of(s.sent));
  }
}

void gate::take(const sample& s, const passing& pass) {
  const check& c = inv_->checks[s.check];
  if (!silence_.any() || c.role != check_role::reach) return pass(s);
  if (place_[c.target] != uplink::fresh) return;  // anchors are in no book
  if (s.at <= barrier_) {
    if (s.what == outcome::good && ours_[c.target]) {
      ours_[c.target] = false;
      changed_.push_back(c.target);
    }
    return pass(s);
  }
  const auto before = waiting_.empty() ? waiting_.end() : waiting_.find(c.target);
  if (s.what != outcome::bad && before == waiting_.end()) return hand_on(c.target, s, uplink::whose::theirs, pass);
  const uplink::tick sent = tick_of(s.sent);
  waiting_[c.target].push_back({.what = s, .sent = sent, .until = sent + s.took.count()});
  changed_.push_back(c.target);
}

void gate::hand_on(target_index t, sample s, uplink::whose fault, const passing& pass) {
  const bool ours = fault == uplink::whose::ours;
  if (ours) {
    s.what = outcome::not_measured;
    s.why = cause::own_uplink;
    ++taken_out_;
  } else if (s.what == outcome::bad) {
    s.after_own_uplink = silence_.just_after(tick_of(s.sent));
  }
  if (ours_[t] != ours) changed_.push_back(t);
  ours_[t] = ours;
  pass(s);
}

void gate::review(mono_t now, const known& k, const passing& pass) {
  if (waiting_.empty()) return;
  std::vector<uplink::tick> anchors;
  mono_t signs = k.lines;
  for (const target_index a : anchors_) {
    const mono_t of_anchor = k.anchor(a);
    signs = std::min(signs, of_anchor);
    anchors.push_back(tick_of(of_anchor));
  }
  drain(tick_of(now), {.signs = tick_of(std::max(signs, now - answer_within_)), .anchors = anchors}, pass);
}

void gate::drain(uplink::tick now, const uplink::known& k, const passing& pass) {
  for (auto it = waiting_.begin(); it != waiting_.end();) {
    queue& q = it->second;
    while (!q.empty()) {
      const waiting& w = q.front();
      auto fault = uplink::whose::theirs;
      if (w.what.what == outcome::bad) fault = silence_.of(w.sent, w.until, k);
      if (fault == uplink::whose::open && now - w.until < longest_wait.count()) break;
      const sample s = w.what;
      q.pop_front();
      hand_on(it->first, s, fault, pass);
    }
    if (q.empty()) changed_.push_back(it->first);
    it = q.empty() ? waiting_.erase(it) : std::next(it);
  }
}

void gate::conclude(mono_t now, const passing& pass) {
  const std::vector<uplink::tick> anchors(anchors_.size(), uplink::never);
  drain(tick_of(now) + uplink::never / 2, {.signs = uplink::never, .anchors = anchors}, pass);
}

void gate::forget() {
  for (const auto& [t, q] : waiting_) changed_.push_back(t);
  waiting_.clear();
}

wall_t gate::first_waiting() const {
  wall_t first = wall_max;
  for (const auto& [t, q] : waiting_)
    if (inv_->targets[t].kind == target_kind::line) first = std::min(first, q.front().what.at);
  return first;
}

wall_t gate::first_waiting(target_index t) const {
  const auto it = waiting_.find(t);
  return it == waiting_.end() ? wall_max : it->second.front().what.at;
}

bool gate::undecided(target_index t) const { return ours_[t] || waiting_.contains(t); }

bool gate::contradicted(mono_t now) const {
  constexpr std::chrono::minutes long_enough{1};
  return first_seen_ != mono_t{} && now - first_seen_ >= long_enough &&
         silence_.contradicted(tick_of(now - long_enough));
}

}  // namespace changtong::verdict
