#pragma once
/** Looks whether the copy of the other node's ledger is what was shipped: its chain, its pages, its tables. At the
 * start, once a day, and when somebody could not read it. Its thread has the lowest priority and rests four times as
 * long as it reads. */
#include <functional>
#include <string>

#include "daemon/core/phrase.h"
#include "daemon/host/background.h"

namespace changtong {

class copy_check {
 public:
  /** `damaged` is called on the thread, with what was found, and may take its time. Both outlive it. */
  copy_check(std::string copy, std::function<void(const phrase& what)> damaged);
  /** Somebody met something. Any thread; never blocks. */
  void look_again() { thread_.ask(); }

 private:
  void look(const std::stop_token& stop);

  std::string copy_;
  std::function<void(const phrase& what)> damaged_;
  host::background thread_;  ///< its end ends a look under way
};

}  // namespace changtong
