#include <algorithm>

#include "daemon/availability/figures.h"
#include "daemon/availability/intervals.h"

namespace changtong::availability {
namespace {

/** Rounded down. Taken before any clipping, so that a split of the period cannot move it. */
wall_t middle(wall_t a, wall_t b) {
  const std::int64_t sum = ms_of(a) + ms_of(b);
  return wall_from_ms(sum >= 0 ? sum / 2 : (sum - 1) / 2);
}

/** An outage as three nested stretches, from the brackets of both edges. */
struct reach {
  period least, middle, greatest;
};

reach reach_of(const outage& o) {
  const bool bottomless = o.began_edge.after == wall_min;  // nothing good before: the first bad sample is all we know
  const wall_t earliest = bottomless ? o.began : o.began_edge.after;
  const wall_t latest = bottomless ? std::max(o.began, o.began_edge.until) : o.began_edge.until;
  const wall_t between = bottomless ? o.began : middle(earliest, latest);
  if (o.ended == wall_max) return {{latest, wall_max}, {between, wall_max}, {earliest, wall_max}};
  return {{latest, o.ended_edge.after},
          {between, middle(o.ended_edge.after, o.ended_edge.until)},
          {earliest, o.ended_edge.until}};
}

/** The frame of one measurement: the scope inside the period, less the windows. */
struct frame {
  period scope;                  ///< its hull
  std::vector<period> excluded;  ///< windows and what is not in scope
  milliseconds windows{0};
  milliseconds outside{0};

  [[nodiscard]] std::vector<period> counted(const std::vector<period>& periods) const {
    return excluded.empty() ? clipped(periods, scope) : without(clipped(periods, scope), excluded);
  }
};

/** What is observed inside the frame's scope, windows included. */
std::vector<period> measure_spans(seconds& s, const frame& f, const std::vector<state_span>& spans) {
  std::vector<period> up, down, seen;
  wall_t done = f.scope.from;  // a span never speaks for time that one before it has spoken for
  for (const state_span& span : spans) {
    if (span.when.from >= f.scope.to) break;
    const period p{std::max(span.when.from, done), std::min(span.when.to, f.scope.to)};
    if (p.empty()) continue;
    done = p.to;
    if (span.state != line_state::unknown) seen.push_back(p);
    if (span.state == line_state::up) up.push_back(p);
    if (span.state == line_state::down) down.push_back(p);
  }
  s.excluded = f.windows;
  s.up = total(f.excluded.empty() ? up : without(up, f.excluded));
  s.down = total(f.excluded.empty() ? down : without(down, f.excluded));
  s.unknown = f.scope.length() - f.outside - s.excluded - s.up - s.down;
  return united(std::move(seen));
}

frame frame_of(const target_history& history, period p) {
  frame f{intersect(p, history.scope), {}, {}, {}};
  if (!history.excluded.empty()) f.excluded = clipped(united(history.excluded), f.scope);
  f.windows = total(f.excluded);
  const std::vector<period> outside = clipped(history.outside, f.scope);
  if (outside.empty()) return f;
  f.outside = total(outside);
  f.windows = total(without(f.excluded, outside));
  f.excluded.insert(f.excluded.end(), outside.begin(), outside.end());
  f.excluded = united(std::move(f.excluded));
  return f;
}

/** All the time that an outage may have taken, brackets included. */
period hull_of(const outage& o, const reach& r) {
  return {std::min(o.began, r.greatest.from), std::max(o.ended, r.greatest.to)};
}

void add_without(std::vector<period>& to, period p, const std::vector<period>& holes) {
  if (p.empty()) return;
  if (holes.empty())
    to.push_back(p);
  else
    std::ranges::copy(without({p}, holes), std::back_inserter(to));
}

/** One of the three sums of rule 9. */
class bracketed {
 public:
  void add(const outage& o, period reach, const std::vector<period>& holes) {
    add_without(o.rules >= 2 ? strict_ : all_, reach, holes);
  }
  /** `seen` as measure_spans() gives it. */
  milliseconds sum(const frame& f, const std::vector<period>& seen) {
    const std::vector<period> strict = clipped(united(std::move(strict_)), f.scope);
    std::ranges::copy(without(strict, without({f.scope}, seen)), std::back_inserter(all_));
    return total(f.counted(united(std::move(all_))));
  }

 private:
  std::vector<period> strict_;  ///< of outages that take observed time alone
  std::vector<period> all_;
};

void measure_outages(seconds& s, const frame& f, const std::vector<period>& seen, const std::vector<outage>& outages) {
  bracketed least, middle, greatest;
  std::vector<period> own;
  for (const outage& o : outages) {
    const reach r = reach_of(o);
    if (intersect(hull_of(o, r), f.scope).empty()) continue;  // a year's history measured day by day
    const std::vector<period> holes = united(o.holes);
    own.clear();
    add_without(own, {o.began, o.ended}, holes);
    if (!f.counted(own).empty()) ++s.outages;
    least.add(o, r.least, holes);
    middle.add(o, r.middle, holes);
    greatest.add(o, r.greatest, holes);
  }
  s.down_min = least.sum(f, seen);
  s.down_mid = middle.sum(f, seen);
  s.down_max = greatest.sum(f, seen);
}

/** Less what is outside at its edges. */
period hull_of_scope(const frame& f, const std::vector<period>& outside) {
  if (outside.empty()) return f.scope;
  const std::vector<period> inside = without({f.scope}, outside);
  return {inside.front().from, inside.back().to};
}

bool outside_of(const target_history& history, wall_t at) {
  return std::ranges::any_of(history.outside, [&](const period& o) { return o.holds(at); });
}

}  // namespace

seconds measure(const target_history& history, period p) {
  seconds s;
  const frame f = frame_of(history, p);
  if (f.scope.length() == f.outside) return s;
  s.scope = hull_of_scope(f, history.outside);
  const std::vector<period> seen = measure_spans(s, f, history.spans);
  measure_outages(s, f, seen, history.outages);
  s.unconfirmed = std::ranges::count_if(history.unconfirmed,
                                        [&](wall_t at) { return f.scope.holds(at) && !outside_of(history, at); });
  return s;
}

seconds& seconds::operator+=(const seconds& other) {
  up += other.up;
  down += other.down;
  excluded += other.excluded;
  unknown += other.unknown;
  down_min += other.down_min;
  down_mid += other.down_mid;
  down_max += other.down_max;
  outages += other.outages;
  unconfirmed += other.unconfirmed;
  if (!scope)
    scope = other.scope;
  else if (other.scope)
    scope = period{std::min(scope->from, other.scope->from), std::max(scope->to, other.scope->to)};
  return *this;
}

}  // namespace changtong::availability
