#pragma once
/** Recorded before announced (promise 4): takes batches from the probe thread, commits them on a thread of its own, and
 * only then announces what they hold.
 *
 * The first commit that fails raises the ledger's own alarm (log, /readyz, changtong_ledger_writable). If commits fail
 * for two seconds, or one has not returned for five (a disk that hangs gives no error), records are announced all the
 * same, marked 未入账, and stay queued to be recorded first when the ledger is back; observation went on, so the books
 * then have no gap. Only what the queue could not hold is lost: then the same commit says from where on nobody's state
 * is known, and every belief is said again (restatement_due).
 *
 * What is to be done when is decided in `recording`; here are its threads: one carries out its orders, the other sits
 * in commits, so that a disk that hangs holds up nobody else. */
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "daemon/core/mutex.h"
#include "daemon/core/record.h"
#include "daemon/core/tallies.h"
#include "daemon/ledger/writer.h"
#include "daemon/run/recording.h"

namespace changtong {

class recorder {
 public:
  /** Never called twice at once, and in order; on a thread of the recorder's. `recorded` is false for what the ledger
   * could not take yet (and such records are announced once more, recorded, when it could). */
  using announce = std::function<void(const std::vector<record>& records, bool recorded)>;

  /** `sealed` is called on a thread of the recorder's after a commit that sealed days; it must not block. */
  recorder(std::unique_ptr<ledger::writer> writer, daemon_tallies& tallies, announce tell, recorder_limits limits = {},
           std::function<void()> sealed = {});
  ~recorder();

  /** From any one thread; never blocks on the disk. */
  void give(ledger_batch batch);
  /** What a person enters: durable and announced when this returns, or, with the problem, nothing of it was kept, now
   * or later (a person asks again; a transition cannot). Blocks; any thread but the recorder's. */
  [[nodiscard]] result<void> enter(std::vector<record> records);
  /** Commits what is queued, writes the clean stop at `at`, joins. */
  void stop(wall_t at);
  /** Why the ledger takes no commits, in one sentence; none while it does. Any thread. */
  [[nodiscard]] std::optional<phrase> trouble() const;
  /** True once after records were lost: the journal has an open gap from the first of them, and whoever believes
   * something of a target must say it again. Any one thread. */
  [[nodiscard]] bool restatement_due() { return restatement_due_.exchange(false, std::memory_order_acq_rel); }

 private:
  /** What happened since the machine was last told. */
  struct inbox {
    ledger_batch batch;
    std::vector<entry_request> wanted;
    std::optional<commit_end> returned;
    bool given = false;  ///< `batch`, be it empty
    bool stop = false;
    bool anything = false;
  };

  bool finish();
  void run();
  void read_inbox();
  [[nodiscard]] recording::orders what_now();
  void carry_out(recording::orders what);
  void await(const std::optional<mono_t>& until);
  void raise_or_clear(const phrase& alarm);
  void tell(std::vector<record> records, bool recorded);
  void run_commits();
  [[nodiscard]] commit_end committed(const ledger_batch& batch);
  void count_seals();

  std::unique_ptr<ledger::writer> writer_;
  daemon_tallies& tallies_;
  announce tell_;
  std::size_t most_queued_;
  std::function<void()> sealed_;
  std::int64_t seals_;  ///< in the ledger after the last commit
  recording machine_;   ///< the first thread's alone
  mutable mutex mutex_;
  std::condition_variable_any wake_, commit_ordered_;
  inbox inbox_ GUARDED_BY(mutex_);
  /** To be committed; the machine leaves it alone until it has been. */
  const ledger_batch* ordered_ GUARDED_BY(mutex_) = nullptr;
  bool no_more_ GUARDED_BY(mutex_) = false;  ///< commits, after it
  bool ended_ GUARDED_BY(mutex_) = false;    ///< nobody will look into the inbox again
  phrase trouble_ GUARDED_BY(mutex_);
  std::atomic<bool> restatement_due_{false};
  std::thread thread_;
  std::thread committer_;
};

}  // namespace changtong
