#pragma once
/** Writes the audit log on a thread of its own, so that a slow disk holds up who waits for a line only for so long. Any
 * thread. */
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <thread>

#include "daemon/accounts/trail.h"
#include "daemon/core/instant.h"
#include "daemon/core/mutex.h"

namespace changtong::accounts {

class scribe {
 public:
  struct terms {
    milliseconds patience{2'000};           ///< then who waits goes on; the line is written when the disk takes it
    std::size_t most_waiting = 1024;        ///< lines; one more is only told
    std::function<void(bool kept)> kept{};  ///< of each line: false as well where it takes longer; must not block
  };
  /** `into` outlives it. */
  scribe(trail& into, terms t);
  /** Writes what waits. */
  ~scribe();
  scribe(const scribe&) = delete;
  scribe& operator=(const scribe&) = delete;

  /** In the order of the calls. Durable when it returns, unless the disk fails or is slow. */
  void write(trail_entry e);

 private:
  void work();
  void say(bool kept) REQUIRES(mutex_);

  trail& into_;
  const terms terms_;
  mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<trail_entry> waiting_ GUARDED_BY(mutex_);
  std::uint64_t given_ GUARDED_BY(mutex_) = 0, done_ GUARDED_BY(mutex_) = 0;
  bool ending_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace changtong::accounts
