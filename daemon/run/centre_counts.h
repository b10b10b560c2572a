#pragma once
/** How far each node is folded and how many of its lines are up, down and unknown, looked at every few seconds on a
 * thread of its own for those who wait for nothing. Any thread. */
#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "daemon/centre/archives.h"
#include "daemon/centre/folded_heads.h"
#include "daemon/core/mutex.h"
#include "daemon/host/background.h"

namespace changtong {

class centre_counts {
 public:
  /** `books` outlive it. */
  explicit centre_counts(centre::conversations& books);

  struct of_node {
    centre::folded_head head;
    std::array<std::int64_t, 3> lines{};  ///< up, down, unknown at the end of what is folded
  };
  /** By name; as it was last. */
  [[nodiscard]] std::map<std::string, of_node> last() const;
  /** The end; at most one look is waited for. */
  void end() { thread_.end(); }

 private:
  [[nodiscard]] host::background::pause look(const std::stop_token& stop);
  [[nodiscard]] result<std::map<std::string, of_node>> counted(centre::database& db, const std::stop_token& stop);

  centre::conversations& books_;
  std::uint64_t round_ = 0;
  mutable mutex mutex_;
  std::map<std::string, of_node> last_ GUARDED_BY(mutex_);
  host::background thread_;  ///< uses all of these
};

}  // namespace changtong
