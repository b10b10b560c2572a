#pragma once
/** Recorded before announced (promise 4): takes batches from the probe thread, commits them on its own thread, and only
 * then announces what they hold.
 *
 * If commits fail for two seconds, records are announced all the same, marked 未入账, and stay queued to be recorded
 * first when the ledger is back. */
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "daemon/core/counters.h"
#include "daemon/core/record.h"
#include "daemon/ledger/writer.h"

namespace changtong {

struct recorder_limits {
  milliseconds patience{2000};  ///< commits may fail so long before records are announced all the same
  std::size_t most_queued =
      2'000'000;  ///< records kept for a ledger that is not there; more are announced and lost, loudly
};

class recorder {
 public:
  /** Called on the recorder's thread, in order; `recorded` is false for what the ledger could not take yet (and such
   * records are announced once more, recorded, when it could). */
  using announce = std::function<void(const std::vector<record>& records, bool recorded)>;

  /** `sealed` is called on the recorder's thread after a commit that sealed days; it must not block. */
  recorder(std::unique_ptr<ledger::writer> writer, daemon_counters& counters, announce tell,
           recorder_limits limits = {}, std::function<void()> sealed = {});
  ~recorder();

  /** From any one thread; never blocks on the disk. */
  void give(ledger_batch batch);
  /** Commits what is queued, writes the clean stop at `at`, joins. */
  void stop(wall_t at);
  /** The ledger takes commits (for /readyz). Any thread. */
  [[nodiscard]] bool healthy() const { return healthy_.load(std::memory_order_relaxed); }

 private:
  void run();
  bool commit(const ledger_batch& batch);
  void count_seals();
  void announce_unrecorded(ledger_batch& batch, std::size_t& told);
  static void merge(ledger_batch& into, ledger_batch&& from);

  std::unique_ptr<ledger::writer> writer_;
  daemon_counters& counters_;
  announce tell_;
  recorder_limits limits_;
  std::function<void()> sealed_;
  std::int64_t seals_;  ///< in the ledger after the last commit
  std::mutex mutex_;
  std::condition_variable wake_;
  ledger_batch queued_;
  bool anything_ = false;
  bool stopping_ = false;
  std::atomic<bool> healthy_{true};
  std::thread thread_;
};

}  // namespace changtong
