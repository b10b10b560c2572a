#pragma once
/** How far each node of the settings is folded and how many of its lines, or of its pair's, are up, down and unknown,
 * looked at every few seconds on a thread of its own for those who wait for nothing. Any thread. */
#include <array>
#include <cstdint>
#include <vector>

#include "daemon/centre/archives.h"
#include "daemon/centre/asked_books.h"
#include "daemon/core/mutex.h"
#include "daemon/host/background.h"
#include "daemon/settings/centre_file.h"

namespace changtong {

class centre_counts {
 public:
  /** `books` outlive it. */
  centre_counts(const centre_file& s, centre::conversations& books);

  struct counted {
    centre::asked_node who;
    std::array<std::int64_t, 3> lines{};  ///< up, down, unknown at the end of what is folded
  };
  /** In the order of the settings; as it was last. */
  [[nodiscard]] std::vector<counted> last() const;
  /** The end; at most one look is waited for. */
  void end() { thread_.end(); }

 private:
  [[nodiscard]] host::background::pause look(const std::stop_token& stop);
  [[nodiscard]] result<std::vector<counted>> count(centre::database& db, const std::stop_token& stop);

  std::vector<centre_node> nodes_;
  centre::conversations& books_;
  std::uint64_t round_ = 0;
  mutable mutex mutex_;
  std::vector<counted> last_ GUARDED_BY(mutex_);
  host::background thread_;  ///< uses all of these
};

}  // namespace changtong
