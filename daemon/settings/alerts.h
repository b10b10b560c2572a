#pragma once
/** The key `alerts`: who is told of alerts, by what and when. Internal to daemon/settings; the keys are explained in
 * config/changtong.yaml. */
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/alert_settings.h"
#include "daemon/settings/draft.h"

namespace changtong::reading {

/** What stands where, for what only the whole can tell. */
struct alerts_draft {
  alert_settings value;
  place at;
  std::vector<place> channels_at;                     ///< of each channel's id
  std::vector<stated<std::string>> grades, carriers;  ///< that rules and contacts name
  std::vector<place> rules_at;                        ///< of each rule; empty: the built-in one
};

/** The mapping `channels`. */
void read_channels(alerts_draft& into, const yaml_node& node, std::string_view file, const surroundings& world,
                   findings& found);
/** The list `rules`, once channels, people and categories are known. */
void read_rules(alerts_draft& into, const yaml_node& node, const config_draft& known, findings& found);
/** The list `limits`, once categories are known. */
void read_limits(alerts_draft& into, const yaml_node& node, const config_draft& known, findings& found);
/** Behind those that are written. */
[[nodiscard]] std::vector<quality_limit> built_in_limits(const degrade_limits& d);
/** Without `rules`: everything at once to who is on duty, by every channel that does not ring. */
[[nodiscard]] telling_rule built_in_rule(const alert_settings& s);

/** The list behind `key`, each one line of text; nothing where it is absent or after an error. */
[[nodiscard]] std::vector<stated<std::string>> names_in(const block& from, std::string_view key);
/** Ids of channels behind `key`. */
[[nodiscard]] std::vector<std::string> channels_in(const block& from, std::string_view key, const alert_settings& s);
/** `08:30`, as the minute of a civil day. */
[[nodiscard]] std::optional<int> minute_in(const block& from, std::string_view key);
/** `08:30-18:00`, `weekdays 08:30-18:00`, `sat,sun 00:00-24:00`, 工作日, 周一至周五; none: it is none of them. */
[[nodiscard]] std::optional<civil_hours> parse_hours(std::string_view text);
[[nodiscard]] std::string hours_text(const civil_hours& h);

/** Whether some channel can find them by a step that tells whoever is on duty; true where no step does. */
[[nodiscard]] bool finds_on_duty(const person& p, const alert_settings& a);
/** Whom an alert would not reach, and what is written for nothing: warnings. */
void check_alerts(const alerts_draft& alerts, const settings& s, findings& found);

}  // namespace changtong::reading
