#include "daemon/publish/alerts/grouping.h"

#include <algorithm>
#include <string>
#include <utility>

#include "daemon/publish/alerts/grouping_conditions.h"
#include "daemon/publish/alerts/grouping_numbers.h"
#include "daemon/publish/alerts/grouping_outages.h"
#include "daemon/publish/alerts/grouping_own.h"

namespace changtong::alerts {

namespace {

/** Labels go back when the clock is set back; timers must not wait for them to come again. A little is no step: records
 * are labelled by several hands. */
class steady_labels {
 public:
  wall_t at(wall_t label) {
    if (label + ahead_ + little < last_) ahead_ = last_ - label;
    last_ = std::max(last_, label + ahead_);
    return last_;
  }
  void stepped(milliseconds by) { ahead_ -= by; }
  [[nodiscard]] wall_t label(wall_t steady) const {
    return steady <= wall_min || steady >= wall_max ? steady : steady - ahead_;
  }

 private:
  static constexpr milliseconds little{1'000};
  wall_t last_ = wall_min;
  milliseconds ahead_{0};
};

}  // namespace

struct grouping::inside {
  inside(std::shared_ptr<const inventory> inv, const together_limits& limits, civil_zone zone)
      : ids(std::move(zone)), outages(fold::survey(std::move(inv)), limits), own(limits), conditions(limits) {
    next_closing = outages.land().next_closing(wall_min);
  }

  steady_labels clock;
  fold::numbers ids;
  alert_courses courses;
  fold::outages outages;
  fold::own_faults own;
  fold::conditions conditions;
  wall_t next_closing = wall_max;  ///< a label: when the next scope ends; nobody may say a word of a target then

  void end_scopes(wall_t now);
};

/** Who is closed is asked no more, and will neither be well nor worse. */
void grouping::inside::end_scopes(wall_t now) {
  if (now < next_closing) return;
  const fold::terrain& land = outages.land();
  for (target_index t = 0; t < land.inv->targets.size(); ++t)
    if (land.closed(t, now)) outages.gone(t);
  conditions.move(land, [&](target_index t) { return land.closed(t, now) ? no_index : t; });
  next_closing = land.next_closing(now);
}

grouping::grouping(std::shared_ptr<const inventory> inv, const together_limits& limits, civil_zone zone)
    : in_(std::make_unique<inside>(std::move(inv), limits, std::move(zone))) {}
grouping::~grouping() = default;
grouping::grouping(grouping&&) noexcept = default;
grouping& grouping::operator=(grouping&&) noexcept = default;

void grouping::recall(std::span<const alert_record> steps, std::span<const transition> open, wall_t now) {
  const wall_t steady = in_->clock.at(now);
  for (const alert_record& r : steps) in_->ids.recall(r.alert);
  in_->outages.recall(steps, open, steady);
  in_->own.recall(steps, steady);
  in_->conditions.recall(steps, in_->outages.land(), steady);
}

void grouping::adopt(std::shared_ptr<const inventory> inv, const together_limits& limits, wall_t now) {
  const fold::terrain before = in_->outages.land();
  in_->outages.adopt(fold::survey(std::move(inv)), limits, now);
  in_->own.adopt(limits);
  const fold::terrain& land = in_->outages.land();
  in_->next_closing = land.next_closing(now);
  in_->conditions.adopt(limits, before, [&](target_index t) {
    const target_index is = land.index(before.id(t));
    return is == no_index || land.closed(is, now) ? no_index : is;
  });
}

void grouping::stepped(milliseconds by) { in_->clock.stepped(by); }

void grouping::adopt(const civil_zone& zone) { in_->ids.adopt(zone); }

void grouping::take(const transition& t, wall_t now) {
  const fold::terrain& land = in_->outages.land();
  const target_index i = land.index(t.target);
  if (i == no_index || land.inv->targets[i].kind == target_kind::anchor) return;
  const wall_t steady = in_->clock.at(now);
  if (t.to == line_state::down && !land.closed(i, now))
    in_->outages.took_down(i, t.at, t.edge.after, now - t.at, steady);
  if (t.to == line_state::up && in_->outages.down(i)) {
    in_->outages.came_up(i, steady);
    in_->conditions.came_up(i, steady);
  }
}

void grouping::take(const cause_found& c, wall_t now) {
  const fold::terrain& land = in_->outages.land();
  if (const target_index i = land.index(c.target); i != no_index)
    in_->outages.decided(i, c.why == cause::upstream ? land.index(c.upstream) : no_index, in_->clock.at(now));
}

void grouping::doubts(bool any, wall_t now) { in_->outages.doubts(any, in_->clock.at(now)); }

void grouping::own(std::string_view name, bool wrong, wall_t now, wall_t since) {
  in_->own.take(name, wrong, std::min(since, now), in_->clock.at(now));
}

void grouping::condition(alert_subject what, std::string_view target, std::string_view name, bool wrong, wall_t now,
                         const condition_patience& patience, wall_t since) {
  if (const target_index i = in_->outages.land().index(std::string(target)); i != no_index)
    in_->conditions.take({.about = what, .target = i, .name = name, .wrong = wrong}, patience, std::min(since, now),
                         in_->clock.at(now));
}

std::vector<alert_record> grouping::due(wall_t now) {
  const wall_t steady = in_->clock.at(now);
  in_->end_scopes(now);
  std::vector<alert_record> steps;
  fold::sheet out{.at = now, .ids = in_->ids, .courses = in_->courses, .steps = steps};
  in_->own.due(steady, out);
  in_->outages.due(steady, out);
  in_->conditions.due(steady, in_->outages.land(), [this](target_index t) { return in_->outages.down(t); }, out);
  return steps;
}

std::optional<alert_course> grouping::course(std::string_view alert) const { return in_->courses.of(alert); }

wall_t grouping::until() const {
  const wall_t due = in_->clock.label(std::min({in_->own.until(), in_->outages.until(), in_->conditions.until()}));
  return std::min(due, in_->next_closing);
}

}  // namespace changtong::alerts
