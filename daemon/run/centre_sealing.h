#pragma once
/** The thread of a centre that seals the heads of all nodes once a civil day (centre/own_journal.h), soon after it has
 * begun; whichever process comes first does. What goes wrong is logged once and tried again; nothing waits for it. */
#include <atomic>
#include <optional>
#include <string>

#include "daemon/centre/archives.h"
#include "daemon/core/civil.h"
#include "daemon/host/background.h"
#include "daemon/ledger/key.h"
#include "daemon/settings/centre_file.h"

namespace changtong {

class centre_sealing {
 public:
  /** `books` outlive it. */
  centre_sealing(const centre_file& s, centre::conversations& books);
  /** Whether the day has its seal, as far as this process knows. Any thread. */
  [[nodiscard]] bool is_sealed() const { return sealed_.load(std::memory_order_relaxed); }
  /** The end; at most one seal is waited for. */
  void end() { thread_.end(); }

 private:
  [[nodiscard]] host::background::pause round();
  [[nodiscard]] result<void> seal_today();

  std::string name_, key_file_;
  civil_zone zone_;
  centre::conversations& books_;
  std::optional<ledger::signing_key> key_;
  std::string day_;   ///< that is known to be sealed
  std::string said_;  ///< why it is not, as it was last logged
  std::atomic<bool> sealed_ = false;
  host::background thread_;  ///< uses all of these
};

}  // namespace changtong
