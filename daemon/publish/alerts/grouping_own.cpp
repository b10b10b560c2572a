#include "daemon/publish/alerts/grouping_own.h"

#include <algorithm>

#include "daemon/publish/alerts/grouping_patience.h"
#include "daemon/publish/alerts/own_faults.h"

namespace changtong::alerts::fold {

void own_faults::recall(std::span<const alert_record> steps, wall_t now) {
  for (const alert_record& r : steps) {
    if (r.subject != alert_subject::own) continue;
    if (r.step == alert_step::opened) {
      fault& f = of_[r.name];
      f = {};
      f.alert = r.alert;
      f.began = r.began;
      f.recalled = true;
      f.course.ended = now;  // unless it is said again
      f.away = now;
      f.after = said_again;
      until_ = std::min(until_, now + said_again);
    } else if (const auto at = of_.find(r.name);
               r.step == alert_step::resolved && at != of_.end() && at->second.alert == r.alert) {
      at->second = {};
    }
  }
}

milliseconds own_faults::hold(const fault& f, wall_t now) const {
  const bool flaps =
      limits_.flaps > 0 && f.times.size() >= limits_.flaps && now - f.times.front() <= limits_.flap_window;
  return flaps ? limits_.flap_window / 2 : own_away;
}

void own_faults::take(std::string_view name, bool wrong, wall_t label, wall_t now) {
  auto at = of_.find(name);
  if (at == of_.end()) {
    if (!wrong) return;
    at = of_.emplace(name, fault{}).first;
  }
  fault& f = at->second;
  if (f.wrong == wrong) return;
  f.wrong = wrong;
  if (wrong) {
    f.times.push_back(now);
    if (f.times.size() > std::max<std::size_t>(limits_.flaps, 1)) f.times.erase(f.times.begin());
    const bool news = f.alert.empty() && !f.untold;
    if (news) f.course = {}, f.recalled = false;
    f.came = label;
    f.course.ended.reset();
    if (!f.recalled) ++f.course.times;
    if (!news) return;
    f.untold = true;
    f.began = label;
    until_ = std::min(until_, now);
  } else {
    f.course.ended = std::max(label, f.came);
    f.course.lasted += *f.course.ended - f.came;
    f.away = now;
    f.after = hold(f, now);
    until_ = std::min(until_, now + f.after);
  }
}

void own_faults::due(wall_t now, sheet& out) {
  if (now < until_) return;
  until_ = wall_max;
  for (auto& [name, f] : of_) {
    if (std::exchange(f.untold, false)) {
      f.alert = out.ids.next(out.at);
      out.tell(f.alert, alert_step::opened, alert_subject::own, name, f.began, {});
    }
    if (f.alert.empty() || f.wrong) continue;
    if (now < f.away + f.after) {
      until_ = std::min(until_, f.away + f.after);
      continue;
    }
    out.courses.note(f.alert, f.course);
    out.tell(std::exchange(f.alert, {}), alert_step::resolved, alert_subject::own, name, f.began, {});
    if (name == standstill && f.course.times == 1) out.steps.back().of = told_when_over;
  }
}

}  // namespace changtong::alerts::fold
