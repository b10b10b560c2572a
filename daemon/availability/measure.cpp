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
  const wall_t latest = bottomless ? o.began : o.began_edge.until;
  if (o.ended == wall_max) return {{latest, wall_max}, {middle(earliest, latest), wall_max}, {earliest, wall_max}};
  return {{latest, o.ended_edge.after},
          {middle(earliest, latest), middle(o.ended_edge.after, o.ended_edge.until)},
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

void measure_spans(seconds& s, const frame& f, const std::vector<state_span>& spans) {
  std::vector<period> up, down;
  wall_t done = f.scope.from;  // a span never speaks for time that one before it has spoken for
  for (const state_span& span : spans) {
    if (span.when.from >= f.scope.to) break;
    const period p{std::max(span.when.from, done), std::min(span.when.to, f.scope.to)};
    if (p.empty()) continue;
    done = p.to;
    if (span.state == line_state::up) up.push_back(p);
    if (span.state == line_state::down) down.push_back(p);
  }
  s.excluded = f.windows;
  s.up = total(f.excluded.empty() ? up : without(up, f.excluded));
  s.down = total(f.excluded.empty() ? down : without(down, f.excluded));
  s.unknown = f.scope.length() - f.outside - s.excluded - s.up - s.down;
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

void measure_outages(seconds& s, const frame& f, const std::vector<outage>& outages) {
  std::vector<period> least, middle, greatest, own;
  for (const outage& o : outages) {
    const reach r = reach_of(o);
    if (intersect(hull_of(o, r), f.scope).empty()) continue;  // a year's history measured day by day
    const std::vector<period> holes = united(o.holes);
    own.clear();
    add_without(own, {o.began, o.ended}, holes);
    if (!f.counted(own).empty()) ++s.outages;
    add_without(least, r.least, holes);
    add_without(middle, r.middle, holes);
    add_without(greatest, r.greatest, holes);
  }
  s.down_min = total(f.counted(united(std::move(least))));
  s.down_mid = total(f.counted(united(std::move(middle))));
  s.down_max = total(f.counted(united(std::move(greatest))));
}

bool outside_of(const target_history& history, wall_t at) {
  return std::ranges::any_of(history.outside, [&](const period& o) { return o.holds(at); });
}

}  // namespace

seconds measure(const target_history& history, period p) {
  seconds s;
  const frame f = frame_of(history, p);
  if (f.scope.length() == f.outside) return s;
  s.scope = f.scope;
  measure_spans(s, f, history.spans);
  measure_outages(s, f, history.outages);
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
