#pragma once
/** Verifies the daemon's own ledger in the background: at the start, after each sealed day, and at least once a day.
 * Its thread has the lowest priority and rests four times as long as it reads; probing and commits do not feel it. What
 * it finds goes to the counters and, if it is bad, to the log. */
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "daemon/core/counters.h"
#include "daemon/core/instant.h"

namespace changtong {

class inspector {
 public:
  inspector(std::string ledger, daemon_counters& counters, std::function<wall_t()> now);
  /** Ends a verification under way within a read transaction. */
  ~inspector();
  inspector(const inspector&) = delete;
  inspector& operator=(const inspector&) = delete;

  /** Any thread; never blocks. */
  void look_again();
  /** No failures, but to be known: what the last verification said of files of seals set aside. Any thread. */
  [[nodiscard]] std::vector<std::string> remarks() const;

 private:
  void run();
  void look();
  bool rest(std::chrono::steady_clock::duration length);

  std::string ledger_;
  daemon_counters& counters_;
  std::function<wall_t()> now_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool wanted_ = true, stopping_ = false;
  std::vector<std::string> remarks_;
  std::thread thread_;
};

}  // namespace changtong
