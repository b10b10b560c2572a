#pragma once
/** Answers of the books that both nodes of a pair lay together: one thread computes them, one after the other, so that
 * however large the two are, or slow to be read, whoever asks waits a bounded time. README.md says what is shown where
 * there is none. Thread-safe. */
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "daemon/core/mutex.h"
#include "daemon/core/result.h"
#include "daemon/core/web.h"
#include "daemon/host/background.h"
#include "daemon/publish/api/api.h"

namespace changtong::api {

struct merged_limits {
  milliseconds patience{2'000};       ///< for one answer; a thread of the lane that reads waits no longer
  std::size_t waiting = 16;           ///< questions
  std::size_t answers = 64;           ///< that are kept
  std::size_t bytes = 32 << 20;       ///< of these
  int times = 50;                     ///< what one cost: so long it is fresh
  milliseconds freshest{30'000};      ///< and no longer
  milliseconds oldest{120'000};       ///< what is given where a newer one is not ready
  milliseconds after_failure{2'000};  ///< before the books are tried again
};

class merged_desk {
 public:
  using work = std::function<result<web_response>(const merged_view&)>;
  using opener = std::function<result<merged_view>(const std::function<void()>& step)>;
  using clock = std::function<milliseconds()>;  ///< monotonic

  /** `open` may be empty: then nothing is asked of it. */
  explicit merged_desk(opener open, merged_limits limits = {}, clock now = since_boot);

  [[nodiscard]] bool of_a_pair() const { return open_ != nullptr; }
  /** What `how` makes of both books, now or a moment ago: `key` names the question. `how` runs on the desk's thread and
   * may outlive the call: it owns what it reads. A problem: the two cannot be laid together, or not in time. */
  [[nodiscard]] result<web_response> answer(const std::string& key, work how);

 private:
  struct kept {
    result<web_response> what;
    std::uint64_t number = 0;  ///< of the computation, from 1
    milliseconds made{}, fresh_until{};
  };
  struct job {
    std::string key;
    work how;
  };
  static milliseconds since_boot();

  [[nodiscard]] host::background::pause round(const std::stop_token& stop);
  [[nodiscard]] std::optional<job> next();
  [[nodiscard]] result<web_response> compute(const job& j, const std::stop_token& stop) const;
  void keep(const std::string& key, result<web_response> what, milliseconds begun);
  [[nodiscard]] std::uint64_t number_of(const std::string& key) const REQUIRES(mutex_);
  [[nodiscard]] bool is_asked(const std::string& key) const REQUIRES(mutex_);

  opener open_;
  merged_limits limits_;
  clock now_;
  mutable mutex mutex_;
  std::condition_variable_any done_;
  std::deque<job> asked_ GUARDED_BY(mutex_);
  std::optional<std::pair<std::string, milliseconds>> under_way_ GUARDED_BY(mutex_);  ///< its key, since when
  std::map<std::string, kept> kept_ GUARDED_BY(mutex_);
  std::size_t bytes_ GUARDED_BY(mutex_) = 0;
  std::uint64_t count_ GUARDED_BY(mutex_) = 0;  ///< of computations
  host::background thread_;
};

}  // namespace changtong::api
