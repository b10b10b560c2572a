#pragma once
/** One writer a ledger: an advisory lock on LEDGER.lock, given back when the process ends however it ends. */
#include <string>

namespace changtong::ledger {

class file_lock {
 public:
  /** Throws a refusal if another process has it. The lock file stays: removing it would let two in. */
  explicit file_lock(const std::string& ledger);
  ~file_lock();
  file_lock(const file_lock&) = delete;
  file_lock& operator=(const file_lock&) = delete;

 private:
  int fd_;
};

}  // namespace changtong::ledger
