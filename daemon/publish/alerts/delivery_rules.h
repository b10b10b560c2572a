#pragma once
/** Which rule an alert follows, at which hours, and how people are reached. Pure. Internal to publish/alerts. */
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/alert_settings.h"
#include "daemon/core/civil.h"
#include "daemon/core/command.h"
#include "daemon/core/declared_alert.h"
#include "daemon/core/target.h"

namespace changtong::alerts {

/** Non-empty pieces between `separator`. */
[[nodiscard]] std::vector<std::string> pieces(std::string_view text, std::string_view separator);
[[nodiscard]] std::string joined(const std::vector<std::string>& names);  ///< by "、"
void add_new(std::vector<std::string>& into, std::string_view name);

[[nodiscard]] bool within(const civil_hours& h, const civil_zone& zone, wall_t at);
/** The next instant after `now` at which some rule's hours begin or end; wall_max: no rule has any. */
[[nodiscard]] wall_t next_edge(const std::vector<telling_rule>& rules, const civil_zone& zone, wall_t now);
/** The first instant after `now` at that minute of a civil day. */
[[nodiscard]] wall_t next_minute(int minute, const civil_zone& zone, wall_t now);

/** Null: no rule fits. */
[[nodiscard]] const telling_rule* rule_for(const alert_settings& s, const inventory& inv, const civil_zone& zone,
                                           const alert_record& what, wall_t at);
/** Of the targets; only those that have a desk in the settings. */
[[nodiscard]] std::vector<std::string> carriers_of(const alert_settings& s, const inventory& inv,
                                                   const alert_record& what);

/** `15m`, `90s`: how an escalation says which step it is. */
[[nodiscard]] std::string step_name(milliseconds after);
[[nodiscard]] std::optional<milliseconds> step_named(std::string_view text);
/** `15 分钟`, `2 小时`, `90 秒` */
[[nodiscard]] std::string chinese_duration(milliseconds d);

[[nodiscard]] inline bool rings(channel_kind k) { return k == channel_kind::sms || k == channel_kind::voice; }
/** Programs match messages by the alert's id: for them there are no digests. */
[[nodiscard]] inline bool for_programs(channel_kind k) {
  return k == channel_kind::webhook || k == channel_kind::alertmanager || k == channel_kind::syslog;
}
/** Everybody who reads it reads all of it. */
[[nodiscard]] inline bool is_group(channel_kind k) { return !rings(k) && k != channel_kind::mail; }

/** Where people and carriers' desks are reached. */
class directory {
 public:
  directory(std::vector<person> people, std::vector<carrier_contact> carriers)
      : people_(std::move(people)), carriers_(std::move(carriers)) {}
  /** Empty: not that way. */
  [[nodiscard]] std::string way(std::string_view name, channel_kind k) const;
  [[nodiscard]] bool is_person(std::string_view name) const;  ///< not a carrier's desk

 private:
  std::vector<person> people_;
  std::vector<carrier_contact> carriers_;
};

}  // namespace changtong::alerts
