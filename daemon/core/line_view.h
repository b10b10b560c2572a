#pragma once
/** The numbers of one line or site on the board (board.h, which says who writes them). */
#include <atomic>
#include <cstdint>

#include "daemon/core/cause.h"
#include "daemon/core/life.h"
#include "daemon/core/record.h"

namespace changtong {

struct alignas(64) line_view {  // a sample of another line is another line of memory
  /** Outside its scope nobody asks it: then it has no state, and no outage of it is open, whatever the rest says. */
  std::atomic<life> where{life::in_scope};
  std::atomic<line_state> state{line_state::unknown};
  std::atomic<cause> why{cause::not_started};
  /** A bad sample of it waits for rule 10, or its time is our own uplink's: it shows unknown, whatever `state` says. */
  std::atomic<bool> undecided{false};
  std::atomic<bool> outage_open{false};  ///< confirmed, and no good sample since: over unknown time, restarts, reloads
  std::atomic<std::int64_t> outage_began_ms{0};  ///< label; of the open outage
  std::atomic<cause> outage_why{cause::none};    ///< of it: what it turned out to be, else its first sample's
  std::atomic<bool> degraded{false};    ///< inside up: loss, delay, an interface or a check says it is not well
  std::atomic<bool> flapping{false};    ///< for display and alarms only
  std::atomic<bool> unrecorded{false};  ///< 未入账: announced although the ledger could not take it yet
  std::atomic<std::int64_t> since_ms{0}, last_sample_ms{0};  ///< labels: last change of state, last sample
  std::atomic<std::uint32_t> outages{0};                     ///< announced by this run, however short
  std::atomic<float> rtt_seconds{-1};                        ///< of the last good reach sample; negative = none yet
  std::atomic<float> loss_ratio{-1};        ///< bad / measured over the last 64 measured samples; negative = none yet
  std::atomic<float> mean_rtt_seconds{-1};  ///< smoothed over about 16 good ones; negative = none yet
  /** A check beside those of reach: no answer; of SNMP: no data. One kind of those of reach: silent, others answer. */
  std::atomic<bool> unwell{false}, dataless{false}, filtered{false};
  std::atomic<std::int8_t> answers{-1};  ///< anchors: 1 if the latest measured sample is good, 0 if bad; -1 = none yet

  [[nodiscard]] bool in_scope() const { return where.load(std::memory_order_relaxed) == life::in_scope; }
  [[nodiscard]] line_state shown_state() const {
    const bool nobody_knows = undecided.load(std::memory_order_relaxed) || !in_scope();
    return nobody_knows ? line_state::unknown : state.load(std::memory_order_relaxed);
  }
  [[nodiscard]] bool shows_outage() const { return outage_open.load(std::memory_order_relaxed) && in_scope(); }
};

}  // namespace changtong
