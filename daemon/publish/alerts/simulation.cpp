#include "daemon/publish/alerts/simulation.h"

#include <algorithm>

#include "daemon/publish/alerts/grouping.h"
#include "daemon/publish/alerts/kept_facts.h"
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
    for (const happening& h : happened) {
      pass_until(h.known);
      take(h.what, h.known);
      settle(h.known);
    }
    if (!happened.empty()) pass_until(happened.back().known + std::chrono::hours{1});
  }
  [[nodiscard]] simulated result() const { return result_; }

 private:
  void take(const record& r, wall_t now) {
    if (const auto* t = std::get_if<transition>(&r)) {
      if (const auto at = world_.targets->by_id.find(t->target); at != world_.targets->by_id.end())
        states_[at->second] = t->to;
      if (facts_.take(*t)) groups_.take(*t, now);
    } else if (const auto* c = std::get_if<cause_found>(&r)) {
      if (facts_.take(*c)) groups_.take(*c, now);
    } else if (const auto* a = std::get_if<acknowledgement>(&r)) {
      delivery_.acknowledged(a->alert, a->author, a->text, now);
    }
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
      delivery_.take(s, now);
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
