#pragma once
/** Open conversations for several threads: each has one for itself while it works. Any thread. */
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "daemon/core/mutex.h"
#include "daemon/core/result.h"
#include "daemon/host/clocks.h"

namespace changtong::centre {

/** Of T, which says by good() whether it is still one. */
template <class T>
class lending {
 public:
  /** Opens nothing yet. There are never more conversations than threads that work at once. */
  explicit lending(std::function<result<std::unique_ptr<T>>()> open) : open_(std::move(open)) {}

  /** What `work` says, told with one that nobody else has meanwhile; the problem why there is none. After a failure to
   * open one, for a second everybody is told that at once: a database that is away holds up nobody for long. One that
   * is over, or refused what was asked, is opened anew the next time. */
  template <class Work>
  [[nodiscard]] auto with(Work work) -> decltype(work(std::declval<T&>())) {
    auto mine = borrow();
    if (!mine) return mine.error();
    auto said = work(**mine);
    give_back(std::move(*mine), bool(said));
    return said;
  }

 private:
  static constexpr milliseconds nobody_tries{1'000};

  [[nodiscard]] result<std::unique_ptr<T>> borrow() {
    {
      const holding lock(mutex_);
      while (!idle_.empty()) {
        auto one = std::move(idle_.back());
        idle_.pop_back();
        if (one->good()) return one;  // it may have ended while it lay here: the database was begun anew
      }
      if (away_ && system_clocks().mono() < until_) return *away_;
    }
    auto made = open_();
    const holding lock(mutex_);
    away_.reset();
    if (!made) {
      away_ = made.error();
      until_ = system_clocks().mono() + nobody_tries;
    }
    return made;
  }
  /** One that is over tells that the others are as well. */
  void give_back(std::unique_ptr<T> one, bool well) {
    const holding lock(mutex_);
    if (!one->good()) idle_.clear();
    if (well && one->good()) idle_.push_back(std::move(one));
  }

  std::function<result<std::unique_ptr<T>>()> open_;
  mutex mutex_;
  std::vector<std::unique_ptr<T>> idle_ GUARDED_BY(mutex_);
  std::optional<problem> away_ GUARDED_BY(mutex_);  ///< why none could be opened
  mono_t until_ GUARDED_BY(mutex_){};               ///< nobody tries before
};

}  // namespace changtong::centre
