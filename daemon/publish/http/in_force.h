#pragma once
/** What a reload exchanges while connections go on with what they have. */
#include <utility>

#include "daemon/core/mutex.h"

namespace changtong::http {

/** `T` points at something constant, or nowhere. Any thread. */
template <class T>
class in_force {
 public:
  [[nodiscard]] T get() {
    const holding lock(mutex_);
    return now_;
  }
  void set(T next) {
    const holding lock(mutex_);
    now_ = std::move(next);
  }

 private:
  mutex mutex_;
  T now_ GUARDED_BY(mutex_);
};

}  // namespace changtong::http
