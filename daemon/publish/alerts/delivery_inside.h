#pragma once
/** Stories and what moves them: steps of alerts, acknowledgements, the clock, ends of tasks. Internal to
 * publish/alerts.
 */
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/publish/alerts/delivery_story.h"

namespace changtong::alerts {

struct delivery::inside {
  inside(const alert_settings& s, std::vector<person> all, std::shared_ptr<const inventory> targets,
         const civil_zone& z, roster who)
      : settings(s), inv(std::move(targets)), zone(z), on(std::move(who)), out(s, {std::move(all), s.carriers}, z) {
    out.ask_before_passing([this](task& t, const alert_channel& by) {
      const auto there = stories.find(t.alert);
      return there == stories.end() || narrow(there->second, t, by);
    });
  }
  inside(const inside&) = delete;
  inside& operator=(const inside&) = delete;

  alert_settings settings;
  std::shared_ptr<const inventory> inv;
  civil_zone zone;
  roster on;
  post out;
  std::map<std::string, story, std::less<>> stories;
  std::set<std::pair<wall_t, std::string>> alarms;  ///< when whose next step is due
  std::set<std::string> silent;                     ///< of no rule that tells anybody at the hour when it opened
  wall_t edge = wall_min;                           ///< when those are looked at again
  std::vector<alert_record> enter;
  std::set<std::string> held;  ///< over, and not told yet (story::told_from)
  std::uint64_t orders_made = 0;
  bool replaying = false, fresh = true, pressing = false;
  wall_t digest_at = wall_max;
  std::string last_digest;                                 ///< id of its entries
  bool has_past = false;                                   ///< the journal had something
  std::vector<std::shared_ptr<const alert_record>> ended;  ///< since the last digest

  void take(const alert_record& step, wall_t now, wall_t told_from);
  void acknowledged(const known_acknowledgement& a, wall_t now);
  /** told, untold, escalated: as the journal has them. */
  void recalled(const alert_record& step);
  void forget(wall_t before);
  void adopt(wall_t now);
  void due(wall_t now, std::vector<sending>& send);

  /** A channel has another name, and is the same otherwise. */
  void rename(const std::string& from, const std::string& to);
  void correct(const alert_record& step, wall_t now);
  void begin_or_wait(const std::string& id, story& s, wall_t now);
  void grow(const std::string& id, story& s, wall_t now);
  void call_for_more(const std::string& id, story& s, const telling_rule& other, wall_t now);
  void end_of(const alert_record& step, story& s);
  void plan(const std::string& id, const story& s);
  void unplan(const std::string& id, const story& s);
  void escalate(const std::string& id, wall_t now);
  void order(const std::string& id, story& s, const telling_step& step, task sample, wall_t now);
  void put(story& s, task t, const std::string& channel, wall_t now);
  void spread(const std::string& id, story& s, wall_t now);
  void drop_calls(const std::string& id, const std::string& why);
  void finish_endings(wall_t now);
  void tell_held(wall_t now);
  void follow(story& s, const alert_record& step, message_kind kind);
  [[nodiscard]] std::vector<std::string> meant(const telling_step& step, const story& s, wall_t now) const;
  void daily(wall_t now);
  void send_daily(wall_t now);
  [[nodiscard]] message_kind kind_of(const story& s, message_kind otherwise) const;

  // delivery_reach.cpp
  /** Some rule would reach nobody now, or nobody who is on duty. Looked at now and then. */
  [[nodiscard]] bool roster_fails(wall_t now);
  [[nodiscard]] bool reaches(const alert_channel& c, const telling_rule& r,
                             const std::vector<std::string>& people) const;
  [[nodiscard]] bool fails(const telling_rule& r, const on_duty& who) const;
  wall_t roster_looked = wall_min;
  bool roster_failed = false;
};

}  // namespace changtong::alerts
