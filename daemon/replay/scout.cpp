#include "daemon/replay/scout.h"

#include <algorithm>
#include <utility>

namespace changtong::replay {
namespace {

constexpr std::int64_t counts_for = 10 * 60 * 1000;
constexpr std::int64_t after_for = 60 * 1000;
constexpr std::uint64_t lines_a_report = 100'000;

}  // namespace

bool own_silences::meet(std::size_t session, std::int64_t at, std::int64_t took) const {
  if (session >= sessions_.size()) return false;
  const auto& all = sessions_[session];
  const auto it = std::ranges::upper_bound(all, at, {}, &own_silence::to);  // the first that ends after it
  return it != all.end() && it->from < at + took;
}

bool own_silences::just_before(std::size_t session, std::int64_t at) const {
  if (session >= sessions_.size()) return false;
  const auto& all = sessions_[session];
  const auto it = std::ranges::upper_bound(all, at, {}, &own_silence::to);
  return it != all.begin() && std::prev(it)->to >= at - after_for;
}

scout::scout(const tape& t, const settings& start, amended_inventory& amended)
    : tape_(t), amended_(amended), supply_(t), label_(ms_of(t.begin)), barrier_(ms_of(wall_min)) {
  for (const kind_policy& k : start.kinds)  // of an anchor that the trace will tell of
    if (k.name == "icmp") answer_within_ = k.when.timeout;
  adopt(start.targets);
}

result<own_silences> scout::run(const std::function<bool(std::uint64_t, std::uint64_t)>& progress) {
  const std::uint64_t all = tape_.singles.size() + tape_.events.size();
  std::size_t s = 0, e = 0;
  while (s + e < all) {
    if (e < tape_.events.size() && tape_.events[e].order <= s) {
      if (!step(tape_.events[e++])) return std::move(found_);
    } else if (!single(tape_.singles[s++])) {
      return std::move(found_);
    }
    if ((s + e) % lines_a_report == 0 && !progress(s + e, all)) return problem{};
  }
  if (running_) end(ms_of(tape_.end));
  return std::move(found_);
}

// -- what happens ----------------------------------------------------------------------------------------------------

/** False if the line is wrong: the replay will say so. */
bool scout::step(const taped_event& e) {
  if (const auto* over = std::get_if<taped_end>(&e.what)) {
    label_ = ms_of(over->at);
    end(label_ + (over->takes_at ? 1 : 0));
    return true;
  }
  const auto& said = std::get<trace_event>(e.what);
  label_ = ms_of(label_of(said));
  drain_anchors(label_);
  if (std::holds_alternative<trace_monitor>(said)) {
    begin(label_);
  } else if (const auto* r = std::get_if<trace_range>(&said)) {
    if (r->seen.target != "*" && known(r->seen.target, r->seen.check) == no_index) return false;
    supply_.open(*r);
  } else if (const auto* jump = std::get_if<trace_step>(&said)) {
    drain_lines(label_);
    if (jump->by < milliseconds{0}) barrier_ = std::max(barrier_, label_);
    ++frame_;
    if (running_) supply_.run(std::max(label_ + jump->by.count(), barrier_ + 1), tape_.offsets[frame_]);
  } else if (const auto* i = std::get_if<trace_inventory>(&said)) {
    return adopt(amended_.put(i->cells));
  }
  return true;
}

void scout::begin(std::int64_t label) {
  running_ = true;
  ours_ = false;
  last_sign_ = -own_silence::forever;
  seen_.assign(inv_->targets.size(), {});
  found_.begin_session();
  supply_.run(std::max(label, barrier_ + 1), tape_.offsets[frame_]);
}

/** The session is over: the silence that it ends in has no end. */
void scout::end(std::int64_t until) {
  drain_anchors(until);
  if (ours_) {
    drain_lines(until);
    if (ours_) found_.add({last_sign_, own_silence::forever});
  }
  ours_ = running_ = false;
  supply_.rest();
}

/** As step(). */
bool scout::single(const taped_single& s) {
  if (s.lost) return true;
  label_ = s.label;
  drain_anchors(s.label);
  check_index c = supply_.check_of(s.key);
  if (c == no_index) c = known(tape_.keys[s.key].target, tape_.keys[s.key].check);
  if (c == no_index) return false;
  if (s.label > barrier_ && s.what != outcome::not_measured) take(s, c);
  return true;
}

void scout::take(const taped_single& s, check_index c) {
  const std::int64_t mono = tape_.mono_of(s);
  const target_index t = inv_->checks[c].target;
  if (inv_->targets[t].kind == target_kind::anchor)
    return sample_of_anchor(t, mono, s.what == outcome::good, nanoseconds{s.rtt});
  if (s.what != outcome::good || !is_sign(c, nanoseconds{s.rtt})) return;
  if (ours_) drain_lines(s.label);
  sign(mono);
}

/** The check that a line names; an anchor that nobody has told of is made. */
check_index scout::known(const std::string& target, const std::string& check) {
  if (inv_->find(target) == nullptr && (!target.starts_with("anchor") || !adopt(amended_.add_anchor(target))))
    return no_index;
  return supply_.check_named(target, check);
}

bool scout::adopt(result<std::shared_ptr<const inventory>> next) {
  if (!next) return false;
  if (inv_ != nullptr) drain_lines(label_);
  const auto before = std::exchange(inv_, std::move(*next));
  const auto seen_before = std::exchange(seen_, std::vector<anchor>(inv_->targets.size()));
  anchors_.clear();
  nanoseconds within{0};
  for (target_index t = 0; t < inv_->targets.size(); ++t) {
    const target& a = inv_->targets[t];
    if (a.kind != target_kind::anchor) continue;
    anchors_.push_back(t);
    if (before != nullptr)
      if (const auto was = before->index_of(a.id); was != no_index) seen_[t] = seen_before[was];
    for (check_index c = a.first_check; c < a.first_check + a.check_count; ++c)
      within = std::max<nanoseconds>(within, inv_->checks[c].when.timeout);
  }
  if (!anchors_.empty()) answer_within_ = within;
  supply_.adopt(inv_, label_);
  return true;
}

// -- samples ---------------------------------------------------------------------------------------------------------

bool scout::is_sign(check_index c, nanoseconds rtt) const {
  const target& t = inv_->targets[inv_->checks[c].target];
  return rtt <= answer_within_ && inv_->checks[c].role == check_role::reach && t.kind != target_kind::site &&
         (t.kind == target_kind::anchor || t.witness);
}

/** What ranges say of anchors before the label `until`, in order of time. */
void scout::drain_anchors(std::int64_t until) {
  while (running_) {
    target_index first = no_index;
    for (const target_index a : anchors_)
      if (supply_.next(a) < until && (first == no_index || supply_.next(a) < supply_.next(first))) first = a;
    if (first == no_index) return;
    const sample s = supply_.take(first);
    if (s.what == outcome::not_measured) continue;
    label_ = ms_of(s.at);
    sample_of_anchor(first, mono_of(label_), s.what == outcome::good, s.rtt);
  }
}

void scout::sample_of_anchor(target_index t, std::int64_t mono, bool good, nanoseconds rtt) {
  if (good && rtt > answer_within_) return;
  if (good) {
    seen_[t].sign = mono;
    if (ours_) drain_lines(mono + tape_.offsets[frame_]);
    return sign(mono);
  }
  seen_[t].bad = mono;
  if (ours_ || attentive(mono)) look(mono);
}

/** No anchor's last word is a sign, but for those that may count no more, and one may still count. */
bool scout::attentive(std::int64_t mono) const {
  return std::ranges::all_of(anchors_,
                             [&](target_index a) { return seen_[a].quiet() || seen_[a].sign < mono - counts_for; }) &&
         (last_sign_ == -own_silence::forever ||
          std::ranges::any_of(anchors_, [&](target_index a) { return seen_[a].sign >= last_sign_ - counts_for; }));
}

/** Is the silence that began at `a` ours by now? */
bool scout::ours_since(std::int64_t a) const {
  bool counting = false;
  for (const target_index t : anchors_) {
    if (a != -own_silence::forever && seen_[t].sign < a - counts_for) continue;
    counting = true;
    if (seen_[t].bad <= a) return false;
  }
  return counting;
}

/** A bad sample of an anchor, with all others quiet: since when has nobody given a sign? */
void scout::look(std::int64_t mono) {
  drain_lines(mono + tape_.offsets[frame_] + 1);
  if (ours_) return;
  ours_ = ours_since(last_sign_);
  ours_at_ = mono;
}

void scout::sign(std::int64_t mono) {
  if (mono <= last_sign_) return;
  if (ours_ && mono > ours_at_) found_.add({last_sign_, mono});  // a bad sample at its end is not inside
  ours_ = false;
  last_sign_ = mono;
}

/** Signs of lines in ranges before the label `until`: the first of them ends a silence of ours, the last one counts. */
void scout::drain_lines(std::int64_t until) {
  if (!running_) return;
  std::int64_t first = supply::never, last = -own_silence::forever;
  for (target_index t = 0; t < inv_->targets.size(); ++t) {
    if (inv_->targets[t].kind == target_kind::anchor) continue;
    while (supply_.next(t) < until) {
      const auto& runs = supply_.good_runs(t, until);
      for (const verdict::good_run& r : runs) {
        if (!is_sign(r.check, r.rtt)) continue;
        first = std::min(first, mono_of(ms_of(r.first)));
        last = std::max(last, mono_of(ms_of(r.last)));
      }
      if (!runs.empty())
        supply_.taken(t);
      else if (const sample s = supply_.take(t); s.what == outcome::good && is_sign(s.check, s.rtt)) {
        first = std::min(first, mono_of(ms_of(s.at)));
        last = std::max(last, mono_of(ms_of(s.at)));
      }
    }
  }
  if (first == supply::never) return;
  sign(first);
  sign(last);
}

}  // namespace changtong::replay
