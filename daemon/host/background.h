#pragma once
/** Work that comes round again on a thread of its own: the one place that starts such a thread, wakes it and ends it.
 *
 * A round runs at once, or for what nobody may ever want when it is first asked for; and then whenever its own answer
 * says so. Nothing waits for it but the destructor, which asks the work to stop (its stop token) and joins: at most one
 * round is waited for. */
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <stop_token>
#include <string_view>
#include <thread>

#include "daemon/core/mutex.h"
#include "daemon/core/result.h"

namespace changtong::host {

/** For work that its round can end in the middle. */
struct ended_early : std::exception {
  [[nodiscard]] const char* what() const noexcept override { return "told to stop"; }
};
/** Throws it once `stop` says so. */
inline void end_early(const std::stop_token& stop) {
  if (stop.stop_requested()) throw ended_early();
}

class background {
 public:
  using duration = std::chrono::steady_clock::duration;
  static constexpr duration for_ever = duration::max();

  /** When the next round is due: when somebody asks, but `least` from now at the earliest and `most` at the latest. */
  struct pause {
    duration least{};
    duration most = for_ever;
  };
  /** Called on the thread; must not throw. */
  using round = std::function<pause(const std::stop_token& stop)>;

  enum class first : std::uint8_t { at_once, when_asked };

  /** What `work` uses outlives this: declare it last. `niceness` of the thread: 0 like its maker to 19; where a sandbox
   * refuses it, it stays as it is. */
  explicit background(round work, int niceness = 0, first when = first::at_once);
  background(const background&) = delete;
  background& operator=(const background&) = delete;

  /** A round is wanted. Any thread; never blocks. */
  void ask();
  /** The end: what is asked for afterwards is not done. Waits for the round under way; not from inside one. */
  void end();
  /** For the work inside a round: sleeps so long; false if it is time to stop. */
  [[nodiscard]] bool rest(const std::stop_token& stop, duration length);

 private:
  void run(const std::stop_token& stop);

  round work_;
  int niceness_;
  first first_;
  mutex mutex_;
  std::condition_variable_any wake_;
  bool asked_ GUARDED_BY(mutex_) = false;
  std::jthread thread_;
};

/** A round that computes what may be a little old: it counts as fresh for 50 times what it cost, from two seconds to
 * `latest`, so that it takes a bounded share of one core whatever the size of the ledger. `compute` may throw, also
 * ended_early; it says whether there was anything to compute from yet, or what hinders it, which `what` is told with in
 * the log. */
[[nodiscard]] background::pause round_by_cost(std::string_view what, std::chrono::milliseconds latest,
                                              const std::function<result<bool>()>& compute);

}  // namespace changtong::host
