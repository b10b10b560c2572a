#pragma once
/** Threads on which routes run, apart from the one that carries bytes. Included by files that have Asio anyway. */
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "daemon/publish/http/door.h"

namespace changtong::http {

class lane {
 public:
  /** `most`: routes that run or wait here, of one address a quarter of them (of one of loopback three). */
  lane(std::size_t threads, int niceness, std::size_t most);
  ~lane() { stop(); }
  lane(const lane&) = delete;
  lane& operator=(const lane&) = delete;

  /** False where too many are here already; otherwise leave() follows. One thread. */
  [[nodiscard]] bool enter(const peer_group& from);
  void leave(const peer_group& from);

  /** Runs `f` on a thread of this lane and comes back to the caller's. What `f` throws is thrown there. */
  template <class F>
  boost::asio::awaitable<std::invoke_result_t<F&>> run(F f) {
    auto running = called(std::move(f));  // named: no coroutine's argument is a temporary of a co_await
    co_return co_await boost::asio::co_spawn(io_, std::move(running), boost::asio::use_awaitable);
  }

  /** Waits for what runs; what waits never runs. */
  void stop();

 private:
  template <class F>
  static boost::asio::awaitable<std::invoke_result_t<F&>> called(F f) {
    co_return f();
  }

  std::size_t most_;
  std::size_t here_ = 0;
  std::map<std::string, std::size_t, std::less<>> of_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> open_{io_.get_executor()};
  std::vector<std::thread> threads_;
};

/** Lowers the priority of the calling thread; where that is refused, it runs as it is. */
void give_way(int niceness);

}  // namespace changtong::http
