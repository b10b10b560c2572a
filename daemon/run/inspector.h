#pragma once
/** Verifies the daemon's own ledger in the background: at the start, after each sealed day, and at least once a day.
 * Its thread has the lowest priority and rests four times as long as it reads; probing and commits do not feel it. What
 * it finds goes to the tallies and, if it is bad, to the log. */
#include <functional>
#include <string>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/mutex.h"
#include "daemon/core/phrase.h"
#include "daemon/core/tallies.h"
#include "daemon/host/background.h"

namespace changtong {

class inspector {
 public:
  inspector(std::string ledger, daemon_tallies& tallies, std::function<wall_t()> now);
  /** Any thread; never blocks. */
  void look_again() { thread_.ask(); }
  /** No failures, but to be known: what the last verification said of files of seals set aside. Any thread. */
  [[nodiscard]] std::vector<phrase> set_aside() const;

 private:
  void look(const std::stop_token& stop);

  std::string ledger_;
  daemon_tallies& tallies_;
  std::function<wall_t()> now_;
  mutable mutex mutex_;
  std::vector<phrase> set_aside_ GUARDED_BY(mutex_);
  host::background thread_;  ///< its end ends a verification under way
};

}  // namespace changtong
