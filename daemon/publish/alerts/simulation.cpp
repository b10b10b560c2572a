#include "daemon/publish/alerts/simulation.h"

#include <algorithm>
#include <map>

#include "daemon/core/id_list.h"
#include "daemon/publish/alerts/delivery_rules.h"
#include "daemon/publish/alerts/grouping.h"
#include "daemon/publish/alerts/grouping_patience.h"
#include "daemon/publish/alerts/kept_facts.h"
#include "daemon/publish/alerts/own_faults.h"
#include "daemon/publish/alerts/words.h"

namespace changtong::alerts {

namespace {

class night {
 public:
  night(const simulation& w, const std::function<void(const alert_record&)>& step,
        const std::function<void(const would_tell&)>& tell)
      : world_(w),
        step_(step),
        tell_(tell),
        groups_(w.targets, w.settings.together, w.zone),
        delivery_(w.settings, w.people, w.targets, w.zone, w.on_duty),
        states_(w.targets->targets.size(), line_state::up) {}

  void run(const std::vector<happening>& happened) {
    for (const happening& h : happened)
      if (const auto* s = std::get_if<alert_record>(&h.what); s != nullptr && s->of == told_when_over)
        standstills_.insert_or_assign(s->began, s->at - fold::own_away);
    for (const happening& h : happened) {
      pass_until(h.known);
      take(h, h.known);
      settle(h.known);
    }
    if (!happened.empty()) pass_until(std::min(happened.back().known + std::chrono::hours{1}, world_.until));
  }
  [[nodiscard]] simulated result() const { return result_; }

 private:
  void take(const happening& h, wall_t now) {
    const record& r = h.what;
    if (const auto* t = std::get_if<transition>(&r)) {
      if (const auto at = world_.targets->index_of(t->target); at != no_index) states_[at] = t->to;
      if (facts_.take(*t)) groups_.take(*t, now);
    } else if (const auto* c = std::get_if<cause_found>(&r)) {
      if (facts_.take(*c)) groups_.take(*c, now);
    } else if (const auto* a = std::get_if<acknowledgement>(&r)) {
      delivery_.acknowledged(
          {.alert = h.about ? here(*h.about) : a->alert, .by = a->author, .note = a->text, .at = a->at}, now);
    } else if (const auto* s = std::get_if<alert_record>(&r); s != nullptr && s->subject == alert_subject::own) {
      const bool wrong = s->step == alert_step::opened;
      groups_.own(s->name, wrong, now, wrong ? s->began : now - fold::own_away);
    } else if (s != nullptr) {
      take_condition(*s, now);
    } else if (const auto* seen = std::get_if<trace_record>(&r)) {
      facts_.take(*seen);
    } else if (const auto* trap = std::get_if<trap_record>(&r)) {
      facts_.take(*trap);
    }
  }

  /** It was told then, so it had lasted by then. */
  void take_condition(const alert_record& s, wall_t now) {
    const bool degraded = s.subject == alert_subject::degraded;
    if (degraded ? !world_.settings.degraded : s.subject != alert_subject::certificate) return;
    const condition_patience none{.holds = milliseconds{0}, .away = milliseconds{0}};
    const std::vector<std::string> names = degraded ? pieces(s.name, "、") : std::vector{s.name};
    for (const std::string& target : ids_in(s.targets))
      for (const std::string& name : names)
        groups_.condition(s.subject, target, name, s.step != alert_step::resolved, now, none, now - waited(s, name));
  }

  /** Before an end was told it was waited whether it stays so. */
  [[nodiscard]] milliseconds waited(const alert_record& s, std::string_view name) const {
    if (s.step != alert_step::resolved) return milliseconds{0};
    for (const quality_limit& l : world_.settings.limits)
      if (row_of(l.of).chinese == name) return l.away;
    return milliseconds{0};
  }

  /** The open alert that is what `there` was; empty: none is. */
  [[nodiscard]] std::string here(const alert_record& there) const {
    const std::vector<std::string> targets = ids_in(there.targets);
    for (const auto& [id, s] : open_) {
      if (there.subject == alert_subject::own
              ? s.subject == there.subject && s.name == there.name
              : std::ranges::any_of(targets, [&](const std::string& t) { return is_among(ids_in(s.targets), t); }))
        return id;
    }
    return {};
  }

  /** All that is due up to `end`, each at its time. */
  void pass_until(wall_t end) {
    for (wall_t next = due(); next <= end; next = due()) settle(next);
  }
  [[nodiscard]] wall_t due() const { return std::max(std::min(groups_.until(), delivery_.until()), done_ + least); }

  void settle(wall_t now) {
    done_ = std::max(done_, now);
    for (const alert_record& s : groups_.due(now)) {
      if (s.step == alert_step::opened) ++result_.alerts;
      if (step_) step_(s);
      facts_.take(s);
      if (s.step != alert_step::resolved)
        open_.insert_or_assign(s.alert, s);
      else if (!facts_.is_open(s.alert))
        open_.erase(s.alert);
      const bool ends = s.step == alert_step::resolved && !facts_.is_open(s.alert);
      delivery_.take(s, now, ends ? facts_.cause_expected(s, *world_.targets, now) : now);
    }
    for (bool more = true; more;) {  // what was told lets the next of its channel leave
      const delivery::orders orders = delivery_.due(now);
      for (const alert_record& s : orders.enter)
        if (step_) step_(s);
      for (const sending& s : orders.send) {
        tell(s, now);
        delivery_.returned(s.number, {.how = channel_answer::end::taken, .pause = milliseconds{0}, .text = {}}, now);
      }
      more = !orders.send.empty();
    }
  }

  void tell(const sending& s, wall_t now) {
    ++result_.messages;
    if (!tell_) return;
    told_world w = facts_.world(*world_.targets, world_.zone, world_.settings, now);
    w.state = [this](target_index k) { return states_[k]; };
    w.own_ended = [this](std::string_view fault, wall_t began) {
      const auto at = standstills_.find(began);
      return fault == standstill && at != standstills_.end() ? std::optional(at->second) : std::nullopt;
    };
    w.course = [this](std::string_view alert) { return groups_.course(alert); };
    tell_(would_tell{.at = now, .to = s, .what = in_words(*world_.words, s, w)});
  }

  static constexpr milliseconds least{1};  ///< so that time passes whatever is said to be due

  const simulation& world_;
  const std::function<void(const alert_record&)>& step_;
  const std::function<void(const would_tell&)>& tell_;
  grouping groups_;
  delivery delivery_;
  std::vector<line_state> states_;
  kept_facts facts_;
  std::map<std::string, alert_record> open_;  ///< opened or grown
  std::map<wall_t, wall_t> standstills_;      ///< begin and end
  simulated result_;
  wall_t done_ = wall_min;
};

}  // namespace

simulated simulate(const simulation& world, const std::vector<happening>& happened,
                   const std::function<void(const alert_record&)>& step,
                   const std::function<void(const would_tell&)>& tell) {
  night n(world, step, tell);
  n.run(happened);
  return n.result();
}

}  // namespace changtong::alerts
