#pragma once
/** Lines on their way to a file whose disk may hang. Who logs waits until its line is written, as everybody expects of
 * a log, but for `patience` at most, and not at all behind lines that wait already. At most `most_waiting` lines wait;
 * what comes while there is no room is lost, and counted. Thread-safe. */
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "daemon/core/log.h"
#include "daemon/core/mutex.h"

namespace changtong::log {

struct line {
  std::chrono::system_clock::time_point at;
  level of = level::info;
  std::string text;
};

class lines {
 public:
  static constexpr std::size_t most_waiting = 2'000;
  static constexpr std::chrono::milliseconds patience{100}, last_wait{1'000};

  /** `put` writes one line, on a thread of ours, and may block; `lost` so many were lost before it. It is called no
   * more once this is gone, but a call that hangs then goes on: what it uses must outlive everything. */
  explicit lines(std::function<void(const line&, std::uint64_t lost)> put);
  /** Gives what still waits `last_wait`, then leaves it. */
  ~lines();
  lines(const lines&) = delete;
  lines& operator=(const lines&) = delete;

  /** Not from within `put`. */
  void add(line one);

 private:
  struct inside;
  std::shared_ptr<inside> in_;  ///< shared with the thread, which may hang for longer than we are there
  std::thread thread_;
};

}  // namespace changtong::log
