#pragma once
/** Requests of many nodes that wait for the few who work on them. Each node has a short line of its own, and nodes come
 * in turn: one that asks without end gets as much as the others, and waits for itself alone. Of one node one request
 * at a time is worked on, for the next would wait for its rows and keep a worker from everybody. Any thread. */
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <stop_token>
#include <string>

#include "daemon/centre/broker.h"
#include "daemon/core/instant.h"
#include "daemon/core/mutex.h"

namespace changtong::centre {

class turns {
 public:
  static constexpr std::size_t usual_bytes = 64 << 20;

  /** `most_of_one`: requests of a node that wait; `most_bytes`: of all of them together. */
  explicit turns(std::size_t most_of_one = 4, std::size_t most_bytes = usual_bytes)
      : most_of_one_(most_of_one), most_bytes_(most_bytes) {}

  /** The last in the node's line; false if the line is full. Where all together are too much the last of whoever has
   * most waiting goes, which may be this one: false then. Whoever is dropped asks again. */
  [[nodiscard]] bool take(const std::string& node, broker_message request);
  /** Has `work`, which must not throw, do one request of whose turn it is; false if there is none within `patience`, or
   * `stop` says so. */
  bool serve(const std::function<void(const std::string& node, const broker_message& request)>& work,
             milliseconds patience, const std::stop_token& stop);

 private:
  struct line {
    std::deque<broker_message> waiting;
    std::size_t bytes = 0;
    bool at_work = false;  ///< on one of its requests, which waits no more
  };
  using lines = std::map<std::string, line, std::less<>>;

  [[nodiscard]] static std::size_t weight(const std::string& node, const broker_message& request);
  /** The node whose line was cut. */
  std::string drop_one() REQUIRES(mutex_);
  [[nodiscard]] broker_message leave(lines::iterator of, bool first) REQUIRES(mutex_);

  const std::size_t most_of_one_, most_bytes_;
  mutex mutex_;
  std::condition_variable_any came_;
  lines lines_ GUARDED_BY(mutex_);                    ///< of nodes of whom something waits, or is worked on
  std::deque<std::string> order_ GUARDED_BY(mutex_);  ///< of whom something waits and nothing is worked on; each once
  std::size_t bytes_ GUARDED_BY(mutex_) = 0;
};

}  // namespace changtong::centre
