#include "daemon/observers/merged_books.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <span>
#include <utility>

#include "daemon/ledger/windows.h"
#include "daemon/observers/shared_entries.h"

namespace changtong::observers {
namespace {

using availability::outage;
using availability::state_span;
using availability::target_history;
using ledger::known_target;

constexpr period all_time{wall_min, wall_max};
constexpr std::size_t asked_one_by_one = 16;  // of more targets a walk over all costs less

/** All the time that an outage may have to do with, brackets included. */
period reach_of(const outage& o) {
  return {o.began_edge.after == wall_min ? o.began : o.began_edge.after,
          o.ended == wall_max ? wall_max : std::max(o.ended, o.ended_edge.until)};
}

/** As a ledger's own reader gives it: what touches `p`. */
void cut(target_history& h, period p) {
  std::erase_if(h.outages, [&](const outage& o) { return intersect(reach_of(o), p).empty(); });
  std::erase_if(h.unconfirmed, [&](wall_t at) { return !p.holds(at); });
  for (state_span& s : h.spans) s.when = intersect(s.when, p);
  std::erase_if(h.spans, [](const state_span& s) { return s.when.empty(); });
}

/** As its reader would have given it at `e`. */
void end_at(target_history& h, wall_t e) {
  std::erase_if(h.spans, [&](const state_span& s) { return s.when.from >= e; });
  if (!h.spans.empty()) h.spans.back().when.to = std::min(h.spans.back().when.to, e);
  h.spans.push_back({{e, wall_max}, line_state::unknown, cause::monitor_stopped});
  std::erase_if(h.outages, [&](const outage& o) { return o.began >= e; });
  for (outage& o : h.outages) {
    if (o.ended <= e) continue;
    o.ended = wall_max, o.ended_edge = {};
    std::erase_if(o.holes, [&](const period& p) { return p.from >= e; });
    if (!o.holes.empty() && o.holes.back().to >= e)
      o.holes.back().to = wall_max;
    else
      o.holes.push_back({e, wall_max});
  }
  std::erase_if(h.unconfirmed, [&](wall_t at) { return at >= e; });
}

/** Whether a run that may lie before `from` has no say in which runs from `p_from` on are one: somewhere between them
 * there is a pause. */
bool runs_are_known(std::span<const target_history> of, wall_t p_from, wall_t from) {
  std::vector<wall_t> all;
  for (const target_history& h : of) all.insert(all.end(), h.unconfirmed.begin(), h.unconfirmed.end());
  std::ranges::sort(all);
  auto run = std::ranges::lower_bound(all, p_from);
  if (run == all.end()) return true;
  while (run != all.begin() && *run - *std::prev(run) <= one_hiccup) --run;
  return run != all.begin() || *run - from > one_hiccup;
}

/** Whether what was read from `from` on says of the time from `p_from` on what all of it would. Somebody says up where
 * it begins, so that no stretch of down time is cut there; nobody's own outage reaches over it, nor by a clock's width
 * into that time; no bracket does, which could rest on when an up time began before; and whoever has left the scope
 * before was asked for nothing. */
bool is_enough(std::span<const target_history> of, const target_history& merged, wall_t p_from, wall_t from) {
  const bool begins_up = std::ranges::any_of(
      merged.spans, [&](const state_span& s) { return s.when.holds(from) && s.state == line_state::up; });
  return begins_up && p_from - from >= greatest_offset &&
         std::ranges::all_of(of,
                             [&](const target_history& h) {
                               return !intersect(h.scope, {from, wall_max}).empty() &&
                                      std::ranges::all_of(h.outages, [&](const outage& o) { return o.began > from; });
                             }) &&
         std::ranges::all_of(merged.outages, [&](const outage& o) { return o.began_edge.after > from; }) &&
         runs_are_known(of, p_from, from);
}

}  // namespace

merged_books::merged_books(std::vector<observed> all, std::function<void()> step, std::vector<milliseconds> before)
    : step_(std::move(step)), before_(std::move(before)) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i == 0) all[i].who.offset = milliseconds{0};
    if (all[i].who.merged())
      all_.push_back(std::move(all[i]));
    else
      shown_.push_back(std::move(all[i].who));
  }
}

std::vector<std::string> merged_books::merged_names() const {
  std::vector<std::string> names(all_.size());
  std::ranges::transform(all_, names.begin(), [](const observed& o) { return o.who.name; });
  return names;
}

const ledger::reader* merged_books::books_of(std::string_view observer) const {
  const auto it = std::ranges::find_if(all_, [&](const observed& o) { return o.who.name == observer; });
  return it == all_.end() ? nullptr : it->books.get();
}

wall_t merged_books::first_entry() const {
  wall_t first = wall_max;
  for (const observed& o : all_) first = std::min(first, o.books->first_entry());
  return first;
}

wall_t merged_books::heartbeat() const {
  std::vector<wall_t> all, ended;  // whose word has an end holds nobody back
  for (const observed& o : all_) (o.until == wall_max ? all : ended).push_back(o.heartbeat());
  return std::max(all.empty() ? wall_min : end_of(all), ended.empty() ? wall_min : end_of(ended));
}

wall_t merged_books::now(wall_t wall) const {
  wall_t last = wall_min;
  for (const observed& o : all_) last = std::max(last, o.books->now(wall));
  return last;
}

wall_t merged_books::sealed_until() const {
  wall_t until = wall_max;
  for (const observed& o : all_) until = std::min(until, o.books->sealed_until());
  return until;
}

std::set<std::int32_t> merged_books::rules() const {
  std::set<std::int32_t> rules;
  for (const observed& o : all_) rules.merge(o.books->rules());
  return rules;
}

std::vector<known_target> merged_books::targets() const {
  std::map<std::string, known_target> all;
  for (const observed& o : all_)
    for (known_target& t : o.books->targets()) all.try_emplace(t.id, std::move(t));
  std::vector<known_target> in_order;
  for (auto& [id, t] : all) in_order.push_back(std::move(t));
  return in_order;
}

std::vector<ledger::window_entry> merged_books::windows() const {
  std::vector<std::vector<ledger::window_entry>> by_rank;
  for (const observed& o : all_) by_rank.push_back(o.books->windows());
  return windows_of(std::move(by_rank));
}

period merged_books::heard::scope() const {
  period p = histories.front().scope;
  if (accepted.front() || p.empty()) return p;
  for (std::size_t i = 1; i < histories.size(); ++i)
    if (!accepted[i] && !histories[i].scope.empty()) p.from = std::min(p.from, histories[i].scope.from);
  return p;
}

void merged_books::read(period p, wall_t now, std::string_view only, const std::set<std::string>* wanted,
                        all_heard& into) const {
  const wall_t end = heartbeat();
  for (std::size_t rank = 0; rank < all_.size(); ++rank)
    all_[rank].books->histories(p, now, only, [&](const known_target& t, const target_history& h) {
      if (step_) step_();
      if (wanted != nullptr && !wanted->contains(t.id)) return;
      heard& of = into[t.id];
      if (of.ranks.empty()) of.words = t;
      of.ranks.push_back(rank);
      of.histories.push_back(h);
      end_at(of.histories.back(), std::min(end, all_[rank].until));
      of.accepted.push_back(t.accepted.has_value());
    });
}

merged_books::all_heard merged_books::read_of(period p, wall_t now, const std::set<std::string>& wanted) const {
  all_heard some;
  if (wanted.size() > asked_one_by_one)
    read(p, now, {}, &wanted, some);
  else
    for (const std::string& id : wanted) read(p, now, id, nullptr, some);
  return some;
}

merged_books::all_heard merged_books::hear(period p, wall_t now, std::string_view only) const {
  all_heard all, some;
  std::vector<wall_t> beginnings;
  const wall_t first = first_entry(), to = std::min(p.from, heartbeat());
  for (const milliseconds before : before_)
    if (to - before > first) beginnings.push_back(to - before);
  beginnings.push_back(wall_min);
  read({beginnings.front(), wall_max}, now, only, nullptr, some);
  for (std::size_t i = 0; i < beginnings.size(); ++i) {
    std::set<std::string> doubtful;
    for (auto& [id, h] : some) {
      h.merged = merge(testimonies(h));
      if (beginnings[i] == wall_min || is_enough(h.histories, h.merged, p.from, beginnings[i]))
        all.emplace(id, std::move(h));
      else
        doubtful.insert(id);
    }
    if (doubtful.empty()) break;
    some = read_of({beginnings[i + 1], wall_max}, now, doubtful);
  }
  return all;
}

std::vector<testimony> merged_books::testimonies(const heard& h) const {
  std::vector<testimony> of;
  for (std::size_t i = 0; i < h.ranks.size(); ++i) {
    const observer& who = all_[h.ranks[i]].who;
    of.push_back({who.name, who.width(), &h.histories[i]});
  }
  return of;
}

void merged_books::histories(period p, wall_t now, std::string_view only,
                             const std::function<void(const known_target&, const target_history&)>& each) const {
  std::vector<window_record> records;
  for (ledger::window_entry& w : windows()) records.push_back(std::move(w.what));
  const ledger::excluded_times excluded = ledger::all_excluded(records, policies());
  for (auto& [id, h] : hear(p, now, only)) {
    target_history& merged = h.merged;
    merged.scope = h.scope();
    auto its = excluded.find(id);
    if (its == excluded.end()) its = excluded.find(every_target);
    if (its != excluded.end()) merged.excluded = its->second;
    cut(merged, p);
    each(h.words, merged);
  }
}

void merged_books::states_at(wall_t at, const std::function<void(const known_target&, line_state)>& each) const {
  const period instant{at, at + milliseconds{1}};
  all_heard all;
  read(instant, instant.to, {}, nullptr, all);
  for (const auto& [id, h] : all) {
    if (!h.scope().holds(at)) continue;
    const target_history merged = merge(testimonies(h));
    const auto said = std::ranges::find_if(merged.spans, [at](const state_span& s) { return s.when.holds(at); });
    each(h.words, said == merged.spans.end() ? line_state::unknown : said->state);
  }
}

std::vector<outage> merged_books::outages(period p, std::string_view only, std::size_t limit) const {
  std::vector<outage> all;
  for (auto& [id, h] : hear(p, wall_max, only)) {
    cut(h.merged, p);
    std::ranges::move(h.merged.outages, std::back_inserter(all));
  }
  std::ranges::sort(all, std::greater{}, [](const outage& o) { return std::pair(o.began, o.target); });
  if (all.size() > limit) all.resize(limit);
  return all;
}

std::vector<disagreement> merged_books::disagreements_in(period p, wall_t now, std::string_view only) const {
  std::vector<disagreement> all;
  all_heard of;
  read(all_time, now, only, nullptr, of);
  for (const auto& [id, h] : of) {
    auto own = disagreements(testimonies(h), h.scope());
    std::erase_if(own, [&](const disagreement& d) { return intersect(d.when, p).empty(); });
    std::ranges::move(own, std::back_inserter(all));
  }
  return all;
}

}  // namespace changtong::observers
