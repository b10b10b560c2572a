#pragma once
/** The thread of a centre that folds what came into figures (centre/folder.h), as long as this process has the lease;
 * else it waits for it. What goes wrong with the database is tried again; nothing waits for it. */
#include <atomic>
#include <memory>
#include <string>

#include "daemon/centre/folder.h"
#include "daemon/host/background.h"

namespace changtong {

class centre_folding {
 public:
  explicit centre_folding(centre::database_place where);

  /** Whether this process is the one that folds. Any thread. */
  [[nodiscard]] bool holds_lease() const { return holds_.load(std::memory_order_relaxed); }
  /** The end; at most one transaction is waited for. */
  void end() { thread_.end(); }

 private:
  [[nodiscard]] host::background::pause round(const std::stop_token& stop);

  centre::database_place where_;
  std::unique_ptr<centre::folder> folder_;
  bool said_ = false;
  std::atomic<bool> holds_ = false;
  host::background thread_;  ///< uses all of these
};

}  // namespace changtong
