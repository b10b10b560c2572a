#pragma once
/** Reads the books. Needs no configuration: zone, inventory and policy come from the journal. Opens its own read-only
 * connection; short read transactions, so the writer's log can be checkpointed. One reader, one thread at a time.
 * What goes wrong after open() (a damaged page, a lock) is thrown as std::runtime_error with a sentence for people. */
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/availability/figures.h"
#include "daemon/core/civil.h"
#include "daemon/core/declaration.h"
#include "daemon/core/record.h"
#include "daemon/core/result.h"
#include "daemon/ledger/declared_query.h"

namespace changtong::ledger {

class tables;

/** What people say of a target, and may change over the years. */
struct target_words {
  std::string name, category, unit, town, carrier, circuit, parent, grade;
  friend bool operator==(const target_words&, const target_words&) = default;
};

/** A target as the journal's newest version knows it. */
struct known_target : target_words {
  std::string id, kind;
  std::string addresses, url;  ///< as the inventory has them; addresses parted by blanks
  double bandwidth_mbps = 0;
  std::optional<wall_t> accepted, closed;
  bool removed = false;  ///< taken out of the inventory
  /** The words of other times, each from its instant on, the first one also before it; empty where they never changed.
   */
  std::vector<std::pair<wall_t, target_words>> versions;
};

/** One maintenance window's record for one target, as it was entered. */
struct window_entry {
  std::int64_t seq = 0;
  window_record what;
};

/** Which books are read. */
struct view {
  /** Only what stood in the journal then, observation up to then; of a replayed trace, what was decided then
   * (known_at.h). */
  std::optional<wall_t> as_known_at{};
  bool frozen = true;  ///< closed periods as they were closed; false: as if nothing had been closed
};

class reader {
 public:
  [[nodiscard]] static result<std::unique_ptr<reader>> open(const std::string& path, const view& v = {});
  /** Over rows that are already there: an auditor's, folded from an extract. */
  [[nodiscard]] static result<std::unique_ptr<reader>> over(std::unique_ptr<tables> rows, bool frozen);
  virtual ~reader() = default;

  [[nodiscard]] virtual const civil_zone& zone() const = 0;
  [[nodiscard]] virtual wall_t first_entry() const = 0;  ///< label of entry 1; wall_max for an empty journal
  [[nodiscard]] virtual wall_t heartbeat() const = 0;    ///< the last durable one; read anew at each call
  /** Where scope is cut (rule 8): at `wall`, or for a replayed ledger at the last instant of its trace
   * (its first `start` entry says "replay"). */
  [[nodiscard]] virtual wall_t now(wall_t wall) const { return wall; }
  [[nodiscard]] virtual std::vector<known_target> targets() const = 0;
  [[nodiscard]] virtual std::vector<std::pair<std::string, std::string>> categories() const = 0;  ///< id, Chinese name

  /** Calls `each` once a target (in the order of storage, which is not that of ids) with its history inside `p`; scope
   * is cut at `now`, and time after the heartbeat is unknown (rule 8). `only` empty = all targets. */
  virtual void histories(
      period p, wall_t now, std::string_view only,
      const std::function<void(const known_target&, const availability::target_history&)>& each) const = 0;
  /** Outages that touch `p`, latest first; at most `limit`. An open one's last hole reaches from the end of what is
   * known to wall_max. Do not call from inside `each` of histories(). */
  [[nodiscard]] virtual std::vector<availability::outage> outages(period p, std::string_view only,
                                                                  std::size_t limit) const = 0;
  /** In the order in which they were entered. */
  [[nodiscard]] virtual std::vector<window_entry> windows() const { return {}; }
  /** The same books as if nothing had been closed. */
  [[nodiscard]] virtual result<std::unique_ptr<reader>> reopened() const { return problem{"no other view"}; }
  /** The end of the last sealed day; wall_max where there are no seals to ask for. */
  [[nodiscard]] virtual wall_t sealed_until() const { return wall_max; }
  [[nodiscard]] virtual std::vector<policy_version> policies() const { return {}; }
  /** The versions of the books' rules under which something was recorded (core/rules_version.h), in ascending order. */
  [[nodiscard]] virtual std::set<std::int32_t> rules() const { return {}; }
  /** Every start, in the order of the journal: whose books, and of which branches. */
  [[nodiscard]] virtual std::vector<started> starts() const { return {}; }

  /** Calls `each` for every declaration of a kind (core/declaration.h) that is asked for, in the order of its kind.
   * An empty target: of any. */
  virtual void declared(std::string_view /*kind*/, const declared_query& /*q*/, std::string_view /*target*/,
                        const std::function<void(record&&)>& /*each*/) const {}
  template <class T>
  [[nodiscard]] std::vector<T> declared(const declared_query& q = {}, std::string_view target = {}) const {
    std::vector<T> all;
    declared(description<T>::kind, q, target, [&](record&& what) { all.push_back(std::get<T>(std::move(what))); });
    return all;
  }
  /** In the order in which they were entered. */
  [[nodiscard]] std::vector<period_closed> closings() const { return declared<period_closed>(); }
  /** Of the civil days from `first` to `last` (2026-03-14), both included, in order of day. */
  [[nodiscard]] std::vector<duty_record> duties(const std::string& first, const std::string& last) const {
    return declared<duty_record>({.keys = std::pair(first, last)});
  }
  /** In the order of their instants; an empty target: of all. */
  [[nodiscard]] std::vector<annotation> annotations(std::string_view target, period about) const {
    return declared<annotation>({.about = about}, target);
  }
  /** Readings about instants in `about`, in the order in which they were entered, so that the last one of a counter and
   * instant counts (counting() in core/declaration.h). An empty counter: of all. */
  [[nodiscard]] std::vector<counter_record> counters(std::string_view counter, period about) const {
    return declared<counter_record>({.keys = only(counter), .about = about});
  }
  /** In the order in which they were entered: the last one of a plan's indicator counts. An empty plan: of all. */
  [[nodiscard]] std::vector<indicator_verdict> verdicts(std::string_view plan) const {
    return declared<indicator_verdict>({.keys = only(plan)});
  }
  /** Alert steps, acknowledgements and ticket steps in the order of the journal, as a daemon wants them that goes on
   * with them. `since`: a civil day (2026-03-14): only alerts and tickets that were opened on it or later, and
   * acknowledgements made since; empty: all. */
  virtual void alert_journal(std::string_view /*since*/, const std::function<void(record&&)>& /*each*/) const {}
};

/** Builds every projection anew from the journal, in one transaction; the journal is not touched. `progress` (may be
 * empty) hears entries done and total; returning false stops. */
[[nodiscard]] result<std::int64_t> rebuild(const std::string& path,
                                           const std::function<bool(std::int64_t, std::int64_t)>& progress);

}  // namespace changtong::ledger
