#pragma once
/** What would have been told: the same grouping, delivery and words as the daemon's, over outages that the ledger has,
 * in virtual time. Every channel takes every message at once. Pure; as long as the outages take. */
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/alert_settings.h"
#include "daemon/core/civil.h"
#include "daemon/core/command.h"
#include "daemon/core/message.h"
#include "daemon/core/message_words.h"
#include "daemon/core/record.h"
#include "daemon/core/target.h"
#include "daemon/publish/alerts/delivery.h"

namespace changtong::alerts {

/** What happened, and when the daemon knew it. */
struct happening {
  wall_t known{};
  /** transition, cause_found, trace, trap or acknowledgement; a fault of our own, what was degraded and certificates:
   * their opened, grown and resolved steps, for no book says more of them. */
  record what;
  /** Acknowledgement: the step of the journal that it was about. Whoever it meets here has another id: the open alert
   * that shares a target with it, or is of the same fault of our own. */
  std::optional<alert_record> about{};
};

struct simulation {
  std::shared_ptr<const inventory> targets;
  civil_zone zone;
  const message_words* words = nullptr;
  alert_settings settings;
  std::vector<person> people;
  roster on_duty;
  wall_t until = wall_max;  ///< nothing is told that would be told later
};

/** One message as it would have left; `to` is who gets it by which channel. */
struct would_tell {
  wall_t at{};
  sending to;
  message what;
};
struct simulated {
  std::size_t alerts = 0;    ///< opened
  std::size_t messages = 0;  ///< each once, however many channels carry it
};

/** `happened` in order of `known`. `step` hears of every step of an alert that is entered, `tell` of every message, in
 * order of time; either may be empty. It ends an hour after the last happening, and by `until`: what is still open then
 * is open. */
[[nodiscard]] simulated simulate(const simulation& world, const std::vector<happening>& happened,
                                 const std::function<void(const alert_record&)>& step,
                                 const std::function<void(const would_tell&)>& tell);

}  // namespace changtong::alerts
