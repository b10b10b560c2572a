#pragma once
/** The announced state of every target, for readers on other threads (metrics, API, status page).
 *
 * One board belongs to one inventory; a reload makes a new one. The numbers of a line are atomics written by one
 * thread (relaxed: each is true by itself, together they may be one sample apart). `state` and `since` are written
 * only after the ledger has them (promise 4), all else straight from samples. */
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/core/cause.h"
#include "daemon/core/instant.h"
#include "daemon/core/record.h"
#include "daemon/core/target.h"

namespace changtong {

struct line_view {
  std::atomic<line_state> state{line_state::unknown};
  std::atomic<cause> why{cause::not_started};
  /** A bad sample of it waits for rule 10, or its time is our own uplink's: it shows unknown, whatever `state` says. */
  std::atomic<bool> undecided{false};
  /** From an outage's confirmation to the good sample that ends it: over unknown time, restarts and reloads. */
  std::atomic<bool> outage_open{false};
  std::atomic<std::int64_t> outage_began_ms{0};  ///< label; of the open outage
  std::atomic<cause> outage_why{
      cause::none};                       ///< of the open outage: what it turned out to be, else its first sample's
  std::atomic<bool> degraded{false};      ///< inside up: loss, delay or an interface says it is not well
  std::atomic<bool> flapping{false};      ///< for display and alarms only
  std::atomic<bool> unrecorded{false};    ///< 未入账: announced although the ledger could not take it yet
  std::atomic<std::int64_t> since_ms{0};  ///< label of the last change of state
  std::atomic<std::int64_t> last_sample_ms{0};
  std::atomic<std::uint32_t> outages{0};  ///< announced by this run, however short
  std::atomic<float> rtt_seconds{-1};     ///< of the last good reach sample; negative = none yet
  std::atomic<float> loss_ratio{-1};      ///< bad / measured over the last 64 measured samples; negative = none yet
  std::atomic<std::int8_t> answers{-1};   ///< anchors: 1 if the latest measured sample is good, 0 if bad; -1 = none yet

  [[nodiscard]] line_state shown_state() const {
    return undecided.load(std::memory_order_relaxed) ? line_state::unknown : state.load(std::memory_order_relaxed);
  }
};

/** One SNMP interface of a line. Counters are the device's own; -1 = not read yet. */
struct interface_view {
  target_index target = no_index;
  std::uint32_t if_index = 0;
  std::atomic<std::int64_t> in_octets{-1}, out_octets{-1}, in_errors{-1}, out_errors{-1};
  std::atomic<std::int32_t> oper_status{0};  ///< RFC 2863; 0 = not read yet
};

/** A site's last visit, beyond what a line has. */
struct site_view {
  target_index target = no_index;
  std::atomic<float> open_seconds{-1};
  std::atomic<std::int32_t> http_status{0};
  std::atomic<std::int64_t> certificate_expiry_s{0};  ///< Unix time; 0 = none seen
  /** Parts of the last visit that came so far; negative = there was none. */
  std::atomic<float> resolve_seconds{-1}, connect_seconds{-1}, tls_seconds{-1}, first_byte_seconds{-1};
  /** Visits about one regular interval apart: questions asked faster after a failure would weigh an outage twice. */
  std::atomic<std::uint64_t> visits_good{0}, visits_failed{0};
};

struct board {
  explicit board(std::shared_ptr<const inventory> inv) : districts(std::move(inv)), lines(districts->targets.size()) {}

  std::shared_ptr<const inventory> districts;
  std::vector<line_view> lines;            ///< by target_index
  std::vector<interface_view> interfaces;  ///< in order of target; fixed when the board is made
  std::vector<site_view> sites;            ///< in order of target
};

/** The current board. Readers take the pointer once and use it for the whole answer. Thread-safe. */
class board_holder {
 public:
  [[nodiscard]] std::shared_ptr<board> get() const {
    const std::lock_guard lock(mutex_);
    return board_;
  }
  void set(std::shared_ptr<board> b) {
    const std::lock_guard lock(mutex_);
    board_.swap(b);
  }

  /** Held by who announces and by who replaces the board: nothing that is announced falls between two boards. Never
   * held while waiting for anything. */
  [[nodiscard]] std::unique_lock<std::mutex> writing() { return std::unique_lock(writing_); }

 private:
  mutable std::mutex mutex_;
  std::mutex writing_;
  std::shared_ptr<board> board_;
};

}  // namespace changtong
