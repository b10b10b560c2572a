#pragma once
/** Recorded before announced (promise 4): takes batches from the probe thread, commits them on its own thread, and only
 * then announces what they hold.
 *
 * The first commit that fails raises the ledger's own alarm (log, /readyz, changtong_ledger_writable). If commits fail
 * for two seconds, or one has not returned for five (a disk that hangs gives no error), records are announced all the
 * same, marked 未入账, and stay queued to be recorded first when the ledger is back; observation went on, so the books
 * then have no gap. Only what the queue could not hold is lost: then the same commit says from where on nobody's state
 * is known, and every belief is said again (restatement_due). */
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "daemon/core/counters.h"
#include "daemon/core/record.h"
#include "daemon/ledger/writer.h"

namespace changtong {

struct recorder_limits {
  milliseconds patience{2000};  ///< commits may fail so long before records are announced all the same
  milliseconds hang{5000};      ///< one commit may take so long before they are
  /** Records kept for a ledger that is not there (about 150 MB); what samples bring forth beyond them is announced and
   * lost, loudly. What people enter is always kept. */
  std::size_t most_queued = 500'000;
};

class recorder {
 public:
  /** Never called twice at once, and in order; on a thread of the recorder's. `recorded` is false for what the ledger
   * could not take yet (and such records are announced once more, recorded, when it could). */
  using announce = std::function<void(const std::vector<record>& records, bool recorded)>;

  /** `sealed` is called on the recorder's thread after a commit that sealed days; it must not block. */
  recorder(std::unique_ptr<ledger::writer> writer, daemon_counters& counters, announce tell,
           recorder_limits limits = {}, std::function<void()> sealed = {});
  ~recorder();

  /** From any one thread; never blocks on the disk. */
  void give(ledger_batch batch);
  /** What a person enters: durable and announced when this returns, or, with the problem, nothing of it was kept, now
   * or later (a person asks again; a transition cannot). Blocks; any thread but the recorder's. */
  [[nodiscard]] result<void> enter(std::vector<record> records);
  /** Commits what is queued, writes the clean stop at `at`, joins. */
  void stop(wall_t at);
  /** Why the ledger takes no commits, as one sentence; none while it does. Any thread. */
  [[nodiscard]] std::optional<std::string> trouble() const;
  /** True once after records were lost: the journal has an open gap from the first of them, and whoever believes
   * something of a target must say it again. Any one thread. */
  [[nodiscard]] bool restatement_due() { return restatement_due_.exchange(false, std::memory_order_acq_rel); }

 private:
  struct entry_request {
    std::vector<record> records;
    std::promise<result<void>> answer;
  };
  /** What waits for a commit; the recorder's thread alone. */
  struct backlog {
    ledger_batch batch;
    std::vector<entry_request> wanted;  ///< of people, not in the batch: it must not outlive a commit that fails
    std::size_t told = 0;               ///< of batch.records: announced without being recorded
    wall_t lost_since = wall_max;       ///< from here on records are missing
    std::size_t lost = 0;
    std::size_t kept = 0;  ///< of batch.records, once something is lost
  };

  /** The commit that has begun and not returned; none: no records. */
  struct under_way {
    const std::vector<record>* records = nullptr;  ///< nobody changes them until it has returned
    std::size_t count = 0;                         ///< of them are samples', not people's
    std::size_t told = 0;                          ///< of these, without being recorded
    std::chrono::steady_clock::time_point began{};
  };

  /** Since when commits fail, and how long to wait for the next try; none: they do not. */
  struct failing {
    std::optional<std::chrono::steady_clock::time_point> since;
    std::optional<milliseconds> pause;
  };

  bool finish();
  void run();
  bool round(backlog& todo, failing& state);
  [[nodiscard]] bool give_up(const backlog& todo);
  void look_after_commits();
  [[nodiscard]] std::vector<record> untold_of_a_commit_that_hangs();
  void tell(const std::vector<record>& records, bool recorded);
  bool take(backlog& todo, std::optional<milliseconds> pause);
  bool commit(backlog& todo);
  bool committed(backlog& todo, std::string& why);
  void answer(std::vector<entry_request>& wanted, const std::string& failure);
  void refuse_entries(const std::string& why);
  void count_seals();
  void note_trouble(const std::string& text);
  void set_trouble(const std::string& text);
  void show_queue();
  void announce_recorded(std::vector<record> records);
  void announce_unrecorded(backlog& todo);
  void drop_beyond_limit(backlog& todo);

  std::unique_ptr<ledger::writer> writer_;
  daemon_counters& counters_;
  announce tell_;
  recorder_limits limits_;
  std::function<void()> sealed_;
  std::int64_t seals_;  ///< in the ledger after the last commit
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  ledger_batch queued_;
  std::vector<entry_request> wanted_;
  std::size_t held_ = 0;  ///< records of the backlog
  under_way commit_;
  std::size_t queued_told_ = 0;  ///< of queued_.records: announced while a commit hung
  bool anything_ = false;
  bool stopping_ = false;
  bool ended_ = false;  ///< nobody will look at wanted_ again
  std::string trouble_;
  std::atomic<bool> restatement_due_{false};
  std::mutex tell_mutex_;  ///< taken before mutex_
  std::condition_variable looking_;
  bool look_no_more_ = false;
  std::thread thread_;
  std::thread looker_;
};

}  // namespace changtong
