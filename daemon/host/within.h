#pragma once
/** Work that cannot be told to stop, such as a name that the system looks up: it has a thread of its own, and is left
 * to it where it takes too long. */
#include <condition_variable>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>

#include "daemon/core/instant.h"
#include "daemon/core/mutex.h"

namespace changtong::host {

/** What `work` says; none if that takes longer than `patience`, or `stop` says so before. `work` owns all that it uses,
 * for it may go on after this and what it then says is dropped on its thread; it must not throw. */
template <class T>
[[nodiscard]] std::optional<T> within(milliseconds patience, std::function<T()> work,
                                      const std::stop_token& stop = {}) {
  struct place {
    mutex guard;
    std::condition_variable_any told;
    std::optional<T> said GUARDED_BY(guard);
  };
  const auto shared = std::make_shared<place>();
  std::thread([shared, work = std::move(work)]() mutable {
    auto said = work();
    work = nullptr;  // what it used ends before anybody hears
    const holding lock(shared->guard);
    shared->said = std::move(said);
    shared->told.notify_all();
  }).detach();
  holding lock(shared->guard);
  shared->told.wait_for(lock, stop, patience, [&s = *shared]() REQUIRES(s.guard) { return s.said.has_value(); });
  return std::move(shared->said);
}

}  // namespace changtong::host
