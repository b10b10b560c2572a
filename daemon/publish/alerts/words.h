#pragma once
/** A step of an alert in words: the facts behind it, and a message for people. Pure: whoever calls knows the facts.
 * What is not known is not said. Times are civil, of the zone. */
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/core/cause.h"
#include "daemon/core/civil.h"
#include "daemon/core/declared_alert.h"
#include "daemon/core/message.h"
#include "daemon/core/message_words.h"
#include "daemon/core/record.h"
#include "daemon/core/target.h"
#include "daemon/publish/alerts/delivery.h"

namespace changtong::alerts {

/** The latest outage of a target. */
struct outage_facts {
  wall_t began{};
  std::optional<wall_t> ended;  ///< none: it is open
  cause why = cause::none;      ///< of its first bad sample
  std::string upstream;         ///< id of the parent that is down; empty: none is, or not known yet
  bool after_own_uplink = false;
};

/** 畅通率 of this civil month up to now over some targets, and without this alert's outages; digits as they are printed
 * ("99.9412 %"). */
struct month_figures {
  std::string with, effect;  ///< `effect`: "0.0588 个百分点"; empty: none or not known
};

/** All functions may be empty: then nobody knows. */
struct told_world {
  const inventory* targets = nullptr;
  const civil_zone* zone = nullptr;
  wall_t now{};
  std::function<std::optional<outage_facts>(std::string_view target)> outage;
  std::function<line_state(target_index)> state;
  std::function<std::string(const target&)> service_phone;  ///< of its carrier
  std::function<std::optional<month_figures>(std::span<const std::string> targets, wall_t began)> month;
  std::function<std::size_t(std::string_view alert)> left;  ///< how many of it are not well
  std::string link;  ///< base address without a slash at its end; empty: messages have no links
};

/** What a message says besides the step itself. */
struct told_besides {
  int severity = 2;
  std::string note;
};

/** `how` acknowledged: `step` is the alert's latest opened or grown. */
[[nodiscard]] message in_words(const message_words& words, const alert_record& step, message_kind how,
                               const told_world& world, const told_besides& besides);
/** Several as one: more than a channel takes one by one, or, `daily`, the list of a day, which may be empty. Exact:
 * each one's title stands in it, and `lines` are those of all. */
[[nodiscard]] message digest_of(std::span<const message> all, bool daily, const told_world& world,
                                const told_besides& besides);
/** Whatever a sending is. */
[[nodiscard]] message in_words(const message_words& words, const sending& s, const told_world& world);

/** "3 天 2 小时 5 分 9 秒", rounded down; not negative. */
[[nodiscard]] std::string length_in_words(milliseconds length);

}  // namespace changtong::alerts
