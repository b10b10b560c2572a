#pragma once
/** A step of an alert in words: the facts behind it, and a message for people. Pure: whoever calls knows the facts.
 * What is not known is not said. Times are civil, of the zone. */
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/cause.h"
#include "daemon/core/civil.h"
#include "daemon/core/declared_alert.h"
#include "daemon/core/known_trap.h"
#include "daemon/core/message.h"
#include "daemon/core/message_words.h"
#include "daemon/core/record.h"
#include "daemon/core/target.h"
#include "daemon/publish/alerts/alert_course.h"
#include "daemon/publish/alerts/delivery.h"

namespace changtong::alerts {

/** The latest outage of a target. */
struct outage_facts {
  wall_t began{};
  std::optional<wall_t> ended;  ///< none: it is open
  cause why = cause::none;      ///< of its first bad sample
  std::string upstream;         ///< id of the parent that is down; empty: none is, or not known yet
  bool after_own_uplink = false;
  cause found = cause::none;           ///< what it turned out to be, so far
  std::string last_hop{}, next_hop{};  ///< where its path ended; empty: not known
  std::string observed{};              ///< why `found` is what it is
  std::string visited{};               ///< of a site: what the visit saw that failed; empty: not known
  wall_t previous_end = wall_min;      ///< of its outage before this one; wall_min: none is known
  bool recalled = false;               ///< it was open at a start: what else was down since it began is not all known
};

/** What a device said unasked near an outage. */
struct heard_trap {
  wall_t about{};
  trap_class what = trap_class::other;
  std::string words;  ///< such as 接口中断 GE0/0/1
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
  /** Of degraded targets: what is measured and its limit, of each thing that `name` (alert_record::name) says. */
  std::function<std::string(std::span<const std::string> targets, std::string_view name)> measured;
  /** Whether it was in an outage at some moment of [from, to), by its latest one. */
  std::function<bool(std::string_view target, wall_t from, wall_t to)> was_down;
  /** Near that outage of it, the most telling first. */
  std::function<std::vector<heard_trap>(std::string_view target, const outage_facts& near)> traps;
  std::function<std::optional<wall_t>(std::string_view fault, wall_t began)> own_ended;  ///< of a fault of our own
  std::function<std::optional<alert_course>(std::string_view alert)> course;             ///< of ourselves, of quality
  std::function<std::optional<alert_course>(const alert_record& step)> run;  ///< outages of a line that flaps
  std::function<std::vector<std::string>()> on_duty;                         ///< names
  std::function<std::size_t(std::string_view alert)> left;                   ///< how many of it are not well
  std::string link;  ///< base address without a slash at its end; empty: messages have no links
  std::string api = "http://127.0.0.1:8080";  ///< where this machine asks the daemon; likewise without a slash
};

/** What a message says besides the step itself. */
struct told_besides {
  int severity = 2;
  std::string note;
};

/** What a message about this step that left now says the cause is; none: it names nothing but what was seen. */
[[nodiscard]] cause named_cause(const alert_record& step, const told_world& world);

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
