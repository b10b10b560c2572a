// Whether whom the rules would tell now can be reached at all, before there is anything to tell.
#include <algorithm>

#include "daemon/publish/alerts/delivery_inside.h"

namespace changtong::alerts {

namespace {

constexpr milliseconds look_every{10'000};

bool names(const telling_step& step, std::string_view word) {
  return std::ranges::find(step.tell, word) != step.tell.end();
}

/** Of the roster and the settings; of carriers each line has its own, which the settings were checked for. */
std::vector<std::string> people_of(const telling_step& step, const on_duty& who, const std::string& head) {
  std::vector<std::string> all;
  for (const std::string& word : step.tell) {
    const std::vector<std::string> meant = word == "on_duty" ? who.now
                                           : word == "next"  ? who.next
                                           : word == "head"  ? std::vector<std::string>{head}
                                                             : std::vector<std::string>{word};
    for (const std::string& name : meant) add_new(all, name);
  }
  return all;
}

}  // namespace

/** What a step tells by a channel may go by the one in its place. */
bool delivery::inside::reaches(const alert_channel& c, const telling_rule& r,
                               const std::vector<std::string>& people) const {
  const alert_channel* by = &c;
  for (std::size_t k = 0; by != nullptr && k <= settings.channels.size(); ++k, by = settings.channel(by->instead)) {
    if (by->severity < r.severity || (rings(by->kind) && r.severity > 1)) continue;
    if (is_group(by->kind) || !by->to.empty() || out.reaches(by->id, people)) return true;  // whoever that is
  }
  return false;
}

bool delivery::inside::fails(const telling_rule& r, const on_duty& who) const {
  bool any = false, asked_for_duty = false, duty = false;
  for (const telling_step& step : r.steps) {
    const bool on_duty_told = names(step, "on_duty");
    asked_for_duty = asked_for_duty || on_duty_told;
    for (const std::string& by : step.by) {
      const alert_channel* c = settings.channel(by);
      if (c == nullptr) continue;
      any = any || names(step, "carrier") || reaches(*c, r, people_of(step, who, settings.head));
      duty = duty || (on_duty_told && reaches(*c, r, who.now));
    }
  }
  return !r.steps.empty() && (!any || (asked_for_duty && !duty));
}

bool delivery::inside::roster_fails(wall_t now) {
  if (roster_looked != wall_min && now >= roster_looked && now - roster_looked < look_every) return roster_failed;
  roster_looked = now;
  const on_duty who = on(now);
  roster_failed = std::ranges::any_of(settings.rules, [&](const telling_rule& r) { return fails(r, who); });
  return roster_failed;
}

}  // namespace changtong::alerts
