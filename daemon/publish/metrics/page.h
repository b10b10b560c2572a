#pragma once
/** GET /metrics[?shard=K/N][&without=GROUP+GROUP]: Prometheus text format 0.0.4, or OpenMetrics 1.0.0 where the request
 * accepts it; gzip where it accepts that; streamed.
 *
 * Lines and sites come from the current board by a writer of our own (a library takes twenty times as long), the
 * daemon's few own metrics through prometheus-cpp (own.h). A scrape waits for nothing: no lock of the probe thread, no
 * ledger. It sees one board from its first byte to its last. */
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/core/alert_view.h"
#include "daemon/core/board.h"
#include "daemon/core/civil.h"
#include "daemon/core/door_tallies.h"
#include "daemon/core/peer_tallies.h"
#include "daemon/core/series_group.h"
#include "daemon/core/tallies.h"
#include "daemon/core/trap_tallies.h"
#include "daemon/core/web.h"

namespace changtong::evaluate {
struct evaluation;
}

namespace changtong::metrics {

struct period_books;

/** Total since start; for collectors' packets that answered nothing. */
struct ignored_row {
  std::string kind;
  std::string reason;
  std::uint64_t count = 0;
};

/** Everything outlives the page. The functions are called on HTTP threads and must not block; they may be empty. */
struct page_sources {
  const board_holder* boards = nullptr;
  const daemon_tallies* tallies = nullptr;
  std::vector<std::string> kinds;  ///< names by kind_index
  std::string version;
  std::function<std::vector<ignored_row>()> ignored;
  std::function<std::shared_ptr<const period_books>()> books;
  std::function<std::shared_ptr<const evaluate::evaluation>()> evaluation;
  std::function<series_groups()> without;  ///< what the configuration in force leaves out
  const door_tallies* door = nullptr;      ///< null: nothing is said of it
  const peer_tallies* peer = nullptr;      ///< likewise: there is no other node
  const peer_tallies* centre = nullptr;    ///< likewise: nothing is shipped to a centre
  const trap_tallies* traps = nullptr;     ///< likewise: no traps are heard
  std::function<alert_view()> alerts{};    ///< empty: nothing is said of them
  std::function<civil_zone()> zone{};      ///< in force; empty: no civil time is said
};

class page {
 public:
  explicit page(page_sources from);
  ~page();
  page(const page&) = delete;
  page& operator=(const page&) = delete;

  /** Thread-safe. The stream keeps what it needs alive, also over a reload. 400 for a shard or a
   * group that is none, and for any other parameter: a misspelt filter must not quietly give everything. */
  [[nodiscard]] web_response answer(const web_request& asked) const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/** The one route, owning its page. */
[[nodiscard]] std::vector<web_route> routes(page_sources from);

}  // namespace changtong::metrics
