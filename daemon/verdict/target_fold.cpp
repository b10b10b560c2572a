#include "daemon/verdict/target_fold.h"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

#include "daemon/verdict/fall_silent.h"

namespace changtong::verdict {
namespace {

bool same(const piece& a, const piece& b) {
  return a.state == b.state && a.covered == b.covered && a.open == b.open && a.gap_from == b.gap_from &&
         a.why == b.why && a.began == b.began && a.doubtful == b.doubtful;
}

bool begins_outage(const bad_seen& bad) { return bad.at == bad.run; }

}  // namespace

void target_fold::push(std::uint32_t check, std::span<const piece> pieces) {
  auto& queue = voices_[check].queue;
  for (piece p : pieces) {
    if (p.state == line_state::up && witnesses_.silent(check)) p.state = line_state::unknown, p.why = cause::silent;
    if (!queue.empty() && queue.back().when.to == p.when.from && same(queue.back(), p))
      queue.back().when.to = p.when.to;
    else
      queue.push_back(p);
  }
}

void target_fold::push(short_run run) {
  run.order = ++pushed_;
  auto& all = short_runs_.own();
  all.push_back(std::move(run));
  const auto place = std::ranges::upper_bound(all.begin(), all.end() - 1, all.back().what.at, {},
                                              [](const short_run& r) { return r.what.at; });
  std::rotate(place, all.end() - 1, all.end());
}

void target_fold::bad_sample(std::uint32_t check, bad_seen bad) {
  trouble& of = voices_[check].bad.own();
  of.samples.push_back(bad);
  if (begins_outage(bad)) of.begins.push_back(bad.at);
}

/** The samples up to `before` of an outage whose word counts as nothing. */
void target_fold::drop(voice& v, wall_t before) {
  trouble* of = v.bad.kept();
  if (of == nullptr) return;
  auto& [bads, begins, silences] = *of;
  const auto later = std::ranges::lower_bound(bads, before, {}, &bad_seen::at);
  bads.erase(std::remove_if(bads.begin(), later, [&](const bad_seen& b) { return b.run == v.outage; }), later);
  while (!begins.empty() && begins.front() == v.outage && v.outage < before) begins.pop_front();
}

/** What a check's word is worth at cursor_: up if it may speak for it, down if it is a witness. */
line_state target_fold::word_of(std::uint32_t k) const {
  const voice& v = voices_[k];
  const piece& p = v.queue.front();
  if (p.state == line_state::up && p.doubtful && witnesses_.doubted(k, cursor_)) return line_state::unknown;
  return p.state == line_state::down && v.stale ? line_state::unknown : p.state;
}

/** An outage of a check that ended and began anew at one instant leaves no time in between, but it is another one. So
 * is one whose first bad sample speaks for no time, because what follows at its very instant was not measured. */
void target_fold::follow_checks() {
  for (voice& v : voices_) {
    const piece& p = v.queue.front();
    wall_t& since = v.down_since;
    if (p.state == line_state::up) since = wall_max;
    const auto& begins = v.bad->begins;
    const bool without_time = p.state == line_state::unknown && !begins.empty() && begins.front() == cursor_;
    if (p.state != line_state::down && !without_time) continue;
    const wall_t began = without_time ? cursor_ : p.began;
    if (since == wall_max || began > since) {
      if (v.stale) drop(v);
      v.outage = began;
      since = began == wall_min ? cursor_ : began;
      v.heard = v.stale = false;
    }
    v.stale = v.stale || since < up_until_;  // it was down already while another kept the target up
  }
}

/** Which of the checks that are down are witnesses, where that matters: nobody speaks for up. False: not known yet. */
bool target_fold::cross_examine(const merging& with) {
  const auto count = static_cast<std::uint32_t>(voices_.size());
  if (count == 1) return true;
  for (std::uint32_t k = 0; k < count; ++k)
    if (word_of(k) == line_state::up) return true;
  bool known = true;
  for (std::uint32_t k = 0; k < count; ++k) {
    voice& v = voices_[k];
    const bool down = v.queue.front().state == line_state::down || v.down_since == cursor_;
    if (v.heard || v.stale || !down) continue;
    const auto said = witnesses_.refuted(k, v.down_since, {with.now, with.decided, with.patience});
    v.heard = said != witnesses::answer::open;
    v.stale = said == witnesses::answer::yes;
    known = known && v.heard;
  }
  return known;
}

void target_fold::take_back(std::uint32_t check, wall_t run_first) {
  trouble* of = voices_[check].bad.kept();
  if (of == nullptr) return;
  while (!of->samples.empty() && of->samples.back().at >= run_first) of->samples.pop_back();
  while (!of->begins.empty() && of->begins.back() >= run_first) of->begins.pop_back();
}

void target_fold::note(std::vector<good_seen>& in, good_seen g) {
  if (in.empty() || in.back().at != g.at) return in.push_back(g);
  in.back().width = g.width;
  in.back().widest = std::max(in.back().widest, g.widest);
}

/** Rule 9: the last bad sample of any check that testified to the outage which ends at cursor_. */
wall_t target_fold::last_bad() const {
  wall_t last = began_;
  for (const voice& v : voices_) {
    const piece& now = v.queue.front();
    if (now.state == line_state::up && !v.stale)
      last = std::max(last, now.bad_before);  // exact also for samples at one instant
    const auto& bads = v.bad->samples;
    const auto later = std::ranges::lower_bound(bads, cursor_, {}, &bad_seen::at);
    for (const bad_seen& b : std::ranges::subrange(bads.begin(), later) | std::views::reverse) {
      if (v.stale && b.run == v.outage) continue;
      last = std::max(last, b.at);
      break;
    }
  }
  return last;
}

/** Rule 9: the latest good sample of any check before cursor_; of a run that begins there also one at the very instant.
 */
void target_fold::good_before(const voice& v, joint& j) const {
  const piece& p = v.queue.front();
  const auto take = [&](wall_t at, milliseconds width) {
    if (std::pair(at, width) > std::pair(j.good_before, j.good_width)) j.good_before = at, j.good_width = width;
  };
  if (p.good_before < cursor_ || p.began == cursor_) take(p.good_before, p.good_width);
  const auto later = std::ranges::lower_bound(v.goods, cursor_, {}, &good_seen::at);
  if (later != v.goods.begin()) take(std::prev(later)->at, std::prev(later)->width);
}

/** The round trip of the good sample with which an outage ends at cursor_. */
milliseconds target_fold::width_at_cursor() const {
  milliseconds width{0};
  for (const voice& v : voices_)
    for (const good_seen& g : std::ranges::equal_range(v.goods, cursor_, {}, &good_seen::at))
      width = std::max<milliseconds>(width, g.widest);
  return width;
}

void target_fold::glide(wall_t to) {
  cursor_ = up_until_ = to;
  forget_samples();
}

/** Of what lies before cursor_ only the last one can still be asked for. */
void target_fold::forget_samples() {
  const auto forget = [](auto& seen, auto before) {
    const auto later = std::ranges::find_if_not(seen, before);
    if (later - seen.begin() > 1) seen.erase(seen.begin(), later - 1);
  };
  for (voice& v : voices_) {
    if (v.stale) drop(v, cursor_);
    forget(v.goods, [&](const good_seen& g) { return g.at < cursor_; });
    if (trouble* of = v.bad.kept()) {
      forget(of->samples, [&](const bad_seen& b) { return b.at < cursor_; });
      while (!of->begins.empty() && of->begins.front() < cursor_) of->begins.pop_front();
    }
  }
  witnesses_.forget(cursor_);
}

/** Rule 9 asks for the samples of any check: those of one that is gone are kept with another's. Of the good ones that
 * two checks had at one instant the slower counts. */
void target_fold::inherit(voice&& gone) {
  if (voices_.empty()) return;
  voice& heir = voices_.front();
  std::vector<good_seen> goods = std::move(gone.goods);
  goods.insert(goods.end(), heir.goods.begin(), heir.goods.end());
  std::ranges::sort(goods, {}, [](const good_seen& g) { return std::pair(g.at, g.width); });
  heir.goods.clear();
  for (const good_seen& g : goods) note(heir.goods, g);
  if (gone.stale) drop(gone);
  if (gone.bad->samples.empty()) return;
  auto& bads = heir.bad.own().samples;
  for (const bad_seen& b : gone.bad->samples)
    bads.push_back({.at = b.at, .run = wall_max});  // of no outage of the heir
  std::ranges::sort(bads, {}, &bad_seen::at);
}

/** Checks that are gone and have no more to say; their short runs have all been judged by then. */
void target_fold::forget_gone() {
  const std::size_t first = voices_.size() - gone_->size();
  for (std::size_t k = voices_.size(); k-- > first;) {
    if (!voices_[k].queue.empty()) continue;
    gone_.own().erase(gone_->begin() + static_cast<std::ptrdiff_t>(k - first));
    voice gone = std::move(voices_[k]);
    voices_.erase(voices_.begin() + static_cast<std::ptrdiff_t>(k));
    witnesses_.forget_voice(static_cast<std::uint32_t>(k));
    inherit(std::move(gone));
    if (auto* all = short_runs_.kept())
      for (short_run& r : *all)
        if (r.check > k) --r.check;
  }
}

target_fold::joint target_fold::look(std::span<const std::string_view> check_ids, bool with_names) const {
  joint j;
  int best = -1;
  for (std::uint32_t k = 0; k < voices_.size(); ++k) {
    const voice& v = voices_[k];
    const piece& p = v.queue.front();
    good_before(v, j);
    const line_state word = word_of(k);
    // A silence explains an unknown better than a check whose word does not count.
    const int rank = word == line_state::up ? 3 : word == line_state::down ? 2 : p.state == line_state::unknown ? 1 : 0;
    // Of several checks that are up, the one that came up here says where the edge lies.
    const bool fresher = rank == 3 && best == 3 && p.when.from == cursor_ && j.said_by->when.from != cursor_;
    if (rank > best || fresher) {
      best = rank;
      j.said_by = &p;
      j.state = word;
    }
    const bool covered = p.covered && (!p.open || written_ <= p.gap_from);
    j.covered = j.covered || covered;
    j.open = j.open || (covered && p.open);
  }
  if (!with_names) return j;
  for (std::uint32_t k = 0; k < voices_.size(); ++k) {
    if (word_of(k) != j.state) continue;
    const std::string_view id = k < check_ids.size() ? check_ids[k] : (*gone_)[k - check_ids.size()];
    j.decided_by.append(j.decided_by.empty() ? "" : " ").append(id);
  }
  return j;
}

void target_fold::accept_unknown(const joint& j, const merging& with, std::vector<record>& out) {
  if (!in_hole_) {
    hole_from_ = cursor_;
    in_hole_ = true;
  }
  if (j.covered) {
    must_write_ = must_write_ || j.open;
    return;
  }
  if (state_ == line_state::unknown) return;
  state_ = line_state::unknown;
  must_write_ = false;
  written_ = cursor_;
  out.emplace_back(transition{.target = with.id,
                              .to = line_state::unknown,
                              .at = cursor_,
                              .edge = {cursor_, cursor_},
                              .confirmed = std::max(with.now, cursor_),
                              .why = j.said_by->why,
                              .decided_by = {}});
}

void target_fold::accept(const joint& j, const merging& with, std::vector<record>& out) {
  if (j.state == line_state::unknown) return accept_unknown(j, with, out);
  const bool after_hole = in_hole_;
  in_hole_ = false;
  if (j.state == state_ && !must_write_) return;
  must_write_ = false;
  transition t{.target = with.id,
               .to = j.state,
               .at = cursor_,
               .edge = {cursor_, cursor_},
               .confirmed = std::max(with.now, cursor_),
               .why = j.said_by->why,
               .decided_by = look(with.check_ids, true).decided_by};
  if (j.state == line_state::down) {
    t.same_outage = in_outage_;
    const piece& first = *j.said_by;
    t.edge = {j.good_before, cursor_ + j.good_width + first.visit};
    t.after_own_uplink = first.began == cursor_ && first.after_own_uplink;
    if (!in_outage_) began_ = cursor_;
    in_outage_ = true;
  } else if (in_outage_) {
    t.edge = {after_hole ? hole_from_ : last_bad(), cursor_ + width_at_cursor()};
    in_outage_ = false;
  }
  state_ = j.state;
  written_ = cursor_;
  out.emplace_back(std::move(t));
}

/** Rule 7: an unconfirmed run counts only if no other check was up, and the target was not down, at its first sample.
 */
void target_fold::judge_short_runs(wall_t next, bool down, std::vector<record>& out) {
  auto& all = short_runs_.own();
  const auto later = std::ranges::lower_bound(all, next, {}, [](const short_run& r) { return r.what.at; });
  std::sort(all.begin(), later, [](const short_run& a, const short_run& b) { return a.order < b.order; });
  for (short_run& r : std::ranges::subrange(all.begin(), later)) {
    bool other_up = false;
    for (std::uint32_t k = 0; k < voices_.size(); ++k)
      other_up = other_up || (k != r.check && word_of(k) == line_state::up);
    if (!other_up && !down) out.emplace_back(std::move(r.what));
  }
  all.pop_front(static_cast<std::size_t>(later - all.begin()));
  if (all.empty()) short_runs_.take();
}

/** Up to where nothing changes after cursor_; none: a check has said nothing yet, so nothing is decided. */
std::optional<wall_t> target_fold::next_edge(wall_t horizon, std::uint64_t& looked_at) const {
  wall_t next = std::min(horizon, voices_.size() > 1 ? witnesses_.next_edge(cursor_, looked_at) : wall_max);
  for (const voice& v : voices_) {
    if (v.queue.empty()) return std::nullopt;
    next = std::min(next, v.queue.front().when.to);
    const auto& all = v.bad->begins;
    const auto begins = std::ranges::find_if(all, [&](wall_t at) { return ++looked_at, at > cursor_; });
    if (begins != all.end()) next = std::min(next, *begins);
  }
  return next;
}

void target_fold::step_to(wall_t next) {
  cursor_ = next;
  for (voice& v : voices_) {
    v.queue.front().when.from = std::min(v.queue.front().when.from, next);
    if (v.queue.front().when.to <= next) v.queue.pop_front();
    trouble* of = v.bad.kept();
    while (of != nullptr && !of->begins.empty() && of->begins.front() < next) of->begins.pop_front();
  }
  witnesses_.pass(next);
}

void target_fold::merge(const merging& with, std::vector<record>& out) {
  const wall_t decided = std::ranges::min(with.decided);
  const wall_t horizon = witnesses_.settle_doubts(
      decided, {with.now, with.decided, with.patience},
      [&](std::uint32_t check, wall_t from, wall_t to) { voices_[check].bad.own().silences.push_back({from, to}); });
  for (voice& v : voices_)
    if (trouble* of = v.bad.kept()) {
      fall_silent(v.queue, of->silences, with.looked_at);
      of->silences.clear();
    }
  waits_ = horizon < decided;
  while (cursor_ < horizon) {
    forget_gone();
    const auto next = next_edge(horizon, with.looked_at);
    if (!next) return;
    follow_checks();
    if (waits_ = !cross_examine(with); waits_) break;
    const joint said = look(with.check_ids, false);
    if (!short_runs_->empty()) judge_short_runs(*next, said.state == line_state::down, out);
    accept(said, with, out);
    if (said.state == line_state::up) up_until_ = *next;
    step_to(*next);
    waits_ = horizon < decided;
  }
  forget_samples();
}

bool target_fold::carries() const {
  return state_ == line_state::up && !in_hole_ && !must_write_ && short_runs_->empty() && witnesses_.calm() &&
         std::ranges::all_of(voices_, [](const voice& v) { return v.queue.empty() && v.down_since == wall_max; });
}

void target_fold::revoice(std::span<const std::optional<std::uint32_t>> was, std::span<const std::string_view> old_ids,
                          wall_t start) {
  std::vector<voice> old = std::exchange(voices_, {});
  const std::vector<std::string> gone_before = gone_.take();
  std::vector<std::optional<std::uint32_t>> is(old.size());  // where each voice went
  for (const auto& before : was) {
    const auto k = static_cast<std::uint32_t>(voices_.size());
    if (before) {
      is[*before] = k;
      voices_.push_back(std::move(old[*before]));
      continue;
    }
    voices_.emplace_back();
    if (cursor_ < start) voices_.back().queue.push_back({.when = {cursor_, start}, .why = cause::not_started});
  }
  for (std::size_t k = 0; k < old.size(); ++k) {
    if (is[k]) continue;
    is[k] = static_cast<std::uint32_t>(voices_.size());
    voices_.push_back(std::move(old[k]));
    gone_.own().emplace_back(k < old_ids.size() ? std::string(old_ids[k]) : gone_before[k - old_ids.size()]);
  }
  if (auto* all = short_runs_.kept())
    for (short_run& r : *all) r.check = *is[r.check];
  std::vector<std::optional<std::uint32_t>> before(voices_.size());  // where each voice was
  for (std::uint32_t k = 0; k < is.size(); ++k) before[*is[k]] = k;
  witnesses_.revoice(before, start);
  for (std::size_t k = was.size(); k < voices_.size(); ++k) witnesses_.gone(static_cast<std::uint32_t>(k));
  forget_gone();
}

void target_fold::restore(line_state believed, wall_t outage_began, wall_t from) {
  state_ = believed;
  in_outage_ = believed == line_state::down;
  began_ = outage_began;
  in_hole_ = believed == line_state::unknown;
  hole_from_ = from;
  cursor_ = from;
  up_until_ = believed == line_state::up ? from : wall_min;
}

}  // namespace changtong::verdict
