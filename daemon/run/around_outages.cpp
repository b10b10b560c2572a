#include "daemon/run/around_outages.h"

#include <algorithm>
#include <utility>

#include "daemon/core/log.h"

namespace changtong {
namespace {

const mono_t never{nanoseconds::min() / 2};
constexpr std::size_t most_at_the_end = 60;
constexpr nanoseconds warn_again = std::chrono::minutes{10};

/** The last sample that an edge knows before it. */
wall_t seam_of(const transition& t) { return t.edge.after == wall_min ? t.at : t.edge.after; }

}  // namespace

around_outages::around_outages(std::shared_ptr<const inventory> inv, const around_limits& limits)
    : inv_(std::move(inv)),
      limits_(limits),
      rings_(*inv_, limits_.ring_bytes),
      collected_(inv_->targets.size(), false),
      looked_at_(never),
      day_began_(never),
      warned_at_(never) {}

void around_outages::recall(const std::vector<ledger::restored::state>& states) {
  for (const auto& s : states)
    if (const auto i = inv_->index_of(s.target); i != no_index && s.believed == line_state::down)
      open_[i] = s.outage_began;
}

void around_outages::adopt(std::shared_ptr<const inventory> inv) {
  const auto before = std::exchange(inv_, std::move(inv));
  const sample_rings was = std::exchange(rings_, sample_rings(*inv_, limits_.ring_bytes));
  rings_.carry(*inv_, was, *before);
  collected_.assign(inv_->targets.size(), false);
  for (auto& [t, began] : std::exchange(open_, {}))
    if (const auto is = inv_->index_of(before->targets[t].id); is != no_index) open_.emplace(is, began);
  for (auto& [t, what] : std::exchange(under_way_, {})) {
    const auto is = inv_->index_of(what.target);
    if (is == no_index) {
      waiting_.push_back(std::move(what));
      continue;
    }
    collected_[is] = true;
    under_way_.emplace(is, std::move(what));
  }
}

// -- collecting ------------------------------------------------------------------------------------------------------

void around_outages::seen(const sample& s) {
  const ring_sample kept = ring_sample_of(s);
  rings_.put(s.check, kept);
  const target_index t = inv_->checks[s.check].target;
  if (!collected_[t]) return;
  piece& into = under_way_.find(t)->second;
  const auto of = std::ranges::find(into.checks, inv_->checks[s.check].id, [](const auto& c) { return c.first; });
  if (of == into.checks.end() || s.at <= into.after) return;
  of->second.push_back(kept_from(kept, s.at));
  if (++into.samples < limits_.samples) return;
  end(t);
}

void around_outages::follow(const record& r, mono_t now) {
  const auto* t = std::get_if<transition>(&r);
  const auto i = t == nullptr ? no_index : inv_->index_of(t->target);
  if (i == no_index) return;
  if (t->to == line_state::down && !t->same_outage) down(*t, i, now);
  if (t->to == line_state::up) up(*t, i, now);
}

void around_outages::down(const transition& t, target_index i, mono_t now) {
  if (collected_[i]) end(i, seam_of(t));  // of an outage before, that ended some minutes ago
  open_[i] = t.at;
  begin(t, i,
        {.target = t.target,
         .began = t.at,
         .part = samples_part::beginning,
         .until = now + samples_nearness - (t.confirmed - t.at)},
        now);
}

void around_outages::up(const transition& t, target_index i, mono_t now) {
  const auto outage = open_.find(i);
  if (outage == open_.end()) return;
  const wall_t began = outage->second;
  open_.erase(outage);
  const mono_t until = now + samples_nearness - (t.confirmed - t.at);
  if (!collected_[i])
    return begin(t, i, {.target = t.target, .began = began, .part = samples_part::end, .until = until}, now);
  piece& of = under_way_.find(i)->second;
  of.part = samples_part::whole;
  of.until = until;
}

void around_outages::begin(const transition& t, target_index i, piece what, mono_t now) {
  if (under_way_.size() + waiting_.size() >= limits_.at_once) return leave_out(now);
  if (const auto told = told_until_.find(t.target); told != told_until_.end())
    what.after = std::min(told->second, seam_of(t) - milliseconds{1});
  copy_ring(what, i, t.at - samples_nearness);
  collected_[i] = true;
  under_way_.insert_or_assign(i, std::move(what));
}

/** No more than half of a piece: what follows needs its room too. The oldest are dropped. */
void around_outages::copy_ring(piece& into, target_index i, wall_t from) const {
  const target& t = inv_->targets[i];
  for (check_index c = t.first_check; c < t.first_check + t.check_count; ++c) {
    auto& [id, samples] = into.checks.emplace_back(inv_->checks[c].id, std::vector<kept_sample>{});
    const wall_t near = from + samples_nearness;
    rings_.each(c, [&](const ring_sample& s) {
      const kept_sample one = kept_from(s, near);
      if (one.at >= from && one.at > into.after) samples.push_back(one);
    });
    const std::size_t share = limits_.samples / 2 / t.check_count;
    if (samples.size() > share) samples.erase(samples.begin(), samples.end() - static_cast<std::ptrdiff_t>(share));
    into.samples += samples.size();
  }
}

void around_outages::end(target_index i, wall_t seam) {
  collected_[i] = false;
  waiting_.push_back(std::move(under_way_.extract(i).mapped()));
  piece& of = waiting_.back();
  wall_t last = wall_min;
  for (auto& [check, samples] : of.checks) {
    std::erase_if(samples, [&](const kept_sample& s) { return s.at >= seam; });
    for (const kept_sample& s : samples) last = std::max(last, s.at);
  }
  if (last == wall_min) return;
  std::erase_if(told_until_, [&](const auto& one) { return one.second + samples_nearness < last; });
  told_until_.insert_or_assign(of.target, last);
}

void around_outages::leave_out(mono_t now) {
  ++left_;
  if (now - warned_at_ < warn_again) return;
  warned_at_ = now;
  log::warn(
      "中断过多：部分中断前后的样本不留存，段数记入下一条样本账目 / too many outages: the samples around some are not "
      "kept; the next entry of samples says of how many");
}

// -- entering --------------------------------------------------------------------------------------------------------

void around_outages::tick(mono_t now, wall_t label, std::vector<record>& out) {
  if (under_way_.empty() && waiting_.empty()) return;
  if (now - looked_at_ < limits_.pause) return;
  looked_at_ = now;
  std::vector<target_index> over;
  for (const auto& [t, what] : under_way_)
    if (what.until <= now) over.push_back(t);
  std::ranges::sort(over);  // the order of a hash is nobody's
  for (const target_index t : over) end(t);
  enter_next(now, label, out);
}

void around_outages::stop(mono_t now, wall_t label, std::vector<record>& out) {
  std::vector<target_index> all;
  for (const auto& [t, what] : under_way_) all.push_back(t);
  std::ranges::sort(all);
  for (const target_index t : all) end(t);
  for (std::size_t n = 0; n < most_at_the_end && !waiting_.empty(); ++n) enter_next(now, label, out);
  if (!waiting_.empty())
    log::warn("停止时另有 {} 次中断前后的样本未留存 / stopped: the samples around {} outages are not kept",
              waiting_.size(), waiting_.size());
}

void around_outages::enter_next(mono_t now, wall_t label, std::vector<record>& out) {
  if (waiting_.empty()) return;
  piece what = std::move(waiting_.front());
  waiting_.pop_front();
  samples_record r;
  r.at = label, r.target = std::move(what.target), r.about = what.began, r.part = what.part;
  r.from = wall_max, r.to = wall_min;
  std::vector<kept_stretch> stretches;
  for (auto& [check, samples] : what.checks) {
    for (const kept_sample& s : samples) r.from = std::min(r.from, s.at), r.to = std::max(r.to, s.at);
    stretches.push_back({.check = std::move(check), .samples = std::move(samples)});
  }
  r.packed = pack(stretches);
  if (r.packed.empty()) return;
  if (!day_has_room(now, r.packed.size())) {
    told_until_.erase(r.target);  // the next outage of it does not count on them
    return leave_out(now);
  }
  r.left = std::exchange(left_, 0);
  out.emplace_back(std::move(r));
}

bool around_outages::day_has_room(mono_t now, std::size_t bytes) {
  if (now - day_began_ >= std::chrono::hours{24}) day_began_ = now, today_ = 0;
  if (today_ + bytes > limits_.a_day + limits_.a_day_each * inv_->targets.size()) return false;
  today_ += bytes;
  return true;
}

}  // namespace changtong
