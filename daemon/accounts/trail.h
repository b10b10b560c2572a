#pragma once
/** The audit log's files: LEDGER.audit (0600), and LEDGER.audit.N of what was before, N the number of its first line.
 * Durable when append returns. Any thread, several processes; who reads sees what was there at one moment. */
#include <functional>
#include <string>
#include <vector>

#include "daemon/accounts/chain.h"
#include "daemon/core/mutex.h"
#include "daemon/core/result.h"

namespace changtong::accounts {

struct trail_limits {
  std::uint64_t file_bytes = 8 << 20;   ///< then the next file is begun
  std::chrono::hours kept{400 * 24};    ///< a file is given up when its last line is older
  std::uint64_t all_bytes = 512 << 20;  ///< or when all of them are larger; that is told by a line of its own
};

class trail {
 public:
  /** `tell` is given each line: syslog's, or a test's. */
  trail(const std::string& ledger, std::function<void(const std::string& line)> tell, trail_limits limits = {});

  /** Its number is given here. False where it could not be kept: that is logged, and the line has been told. */
  bool append(trail_entry e);
  /** For what nobody can keep. */
  void tell_only(const trail_entry& e) const {
    if (tell_) tell_(line_of(e, no_line_before()));
  }

  /** Every line that is kept, the oldest first. `take` may be slow, and may append. */
  [[nodiscard]] result<void> each_line(const std::function<void(std::string_view)>& take) const;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  [[nodiscard]] std::vector<std::string> older_files() const;
  result<void> write(trail_entry& e);
  result<void> turn_over(wall_t now);
  result<void> give_up_old(wall_t now);
  result<void> tell_of_missed(wall_t now, std::uint64_t from, std::uint64_t to);
  result<std::uint64_t> write_line(trail_entry& e);

  std::string path_;
  std::function<void(const std::string&)> tell_;
  trail_limits limits_;
  mutex mutex_;
};

/** To the machine's own syslog, as authpriv.notice. */
void tell_syslog(const std::string& line);

}  // namespace changtong::accounts
