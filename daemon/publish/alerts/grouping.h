#pragma once
/** From outages to alerts: which outages are one message, and when it has waited long enough to be exact.
 *
 * A pure fold over what the ledger has (or, while it is away, what was announced): the same for the daemon and for
 * `alerts simulate`. Time is the label of the records. It knows nothing of people and channels (delivery.h) and writes
 * no words (words.h). Not thread-safe.
 *
 * An outage waits for its cause (an entry of its own, 2 s at most). Behind a line that is down it belongs to that
 * line's alert: the uppermost one that is down. Others that began together are one alert of their carrier or their town
 * once there are enough of them; else each is its own. An alert that has been told grows once; an alert is over when
 * all of it is well again. README.md has the rules.
 *
 * A `resolved` step without targets (of another subject than own) ends an alert of which nobody is left that could be
 * well: its lines are gone from the inventory, or another alert has just told them as its own. Nobody is told of it. */
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "daemon/core/alert_settings.h"
#include "daemon/core/civil.h"
#include "daemon/core/declared_alert.h"
#include "daemon/core/record.h"
#include "daemon/core/target.h"
#include "daemon/publish/alerts/alert_course.h"

namespace changtong::alerts {

/** How long a condition must be there before it is told, and away before it is over. */
struct condition_patience {
  milliseconds holds{60'000}, away{300'000};
};

class grouping {
 public:
  grouping(std::shared_ptr<const inventory> inv, const together_limits& limits, civil_zone zone);
  ~grouping();
  grouping(grouping&&) noexcept;
  grouping& operator=(grouping&&) noexcept;

  /** What the ledger had when it was opened: every alert step in the journal's order. Then outages that are open and in
   * no alert are taken as if they began now, so that nothing that began while nobody could tell it stays untold. */
  void recall(std::span<const alert_record> steps, std::span<const transition> open, wall_t now);
  void adopt(std::shared_ptr<const inventory> inv, const together_limits& limits, wall_t now);
  /** Ids of alerts are numbered by days of this zone from now on. */
  void adopt(const civil_zone& zone);

  /** Labels have jumped by so much without time passing: nothing is older for it. */
  void stepped(milliseconds by);

  void take(const transition& t, wall_t now);
  void take(const cause_found& c, wall_t now);
  /** Whether lines are in doubt: asked fast, and not down yet. While some are, an outage waits for their company; what
   * nobody says is taken as yes. */
  void doubts(bool any, wall_t now);
  /** A fault of our own, by its name, is there, or is not, since `since` as far as it is known; saying it again changes
   * nothing. */
  void own(std::string_view name, bool wrong, wall_t now, wall_t since = wall_max);
  /** The same of a target that is up: alert_subject::degraded or ::certificate. `patience` is of degraded alone:
   * certificates are told at once. */
  void condition(alert_subject what, std::string_view target, std::string_view name, bool wrong, wall_t now,
                 const condition_patience& patience = {}, wall_t since = wall_max);

  /** Steps that are to be entered by `now`: opened, grown, resolved. Enter them in this order. Before until() it costs
   * nothing to ask. */
  [[nodiscard]] std::vector<alert_record> due(wall_t now);
  /** How an alert of due() went, as far as it is known besides its steps. */
  [[nodiscard]] std::optional<alert_course> course(std::string_view alert) const;
  /** When due() is worth asking again; wall_max: not before something happens. */
  [[nodiscard]] wall_t until() const;

 private:
  struct inside;
  std::unique_ptr<inside> in_;
};

}  // namespace changtong::alerts
