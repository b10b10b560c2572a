#pragma once
/** The evaluation 绩效自评 kept in view during the year, so that in June the office sees December: every so often the
 * plan is evaluated up to today on a thread of its own, which gives way to the one that probes. */
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "daemon/core/instant.h"
#include "daemon/core/mutex.h"
#include "daemon/host/background.h"
#include "daemon/run/book_door.h"
#include "daemon/settings/settings.h"

namespace changtong {

namespace evaluate {
struct evaluation;
}

class evaluation_watch {
 public:
  /** Called on the watch's thread. */
  struct sources {
    book_door books;
    std::function<std::optional<evaluation_settings>()> wanted;  ///< in force; none: nothing is evaluated
    std::function<wall_t()> now;
  };
  explicit evaluation_watch(sources from);
  /** The last one; null without a plan, before the first, and outside the plan's year. Never waits. */
  [[nodiscard]] std::shared_ptr<const evaluate::evaluation> get() const;
  /** Another plan may be in force. */
  void look_again() { thread_.ask(); }

 private:
  void look(const std::optional<evaluation_settings>& wanted);

  sources from_;
  mutable mutex mutex_;
  std::shared_ptr<const evaluate::evaluation> last_ GUARDED_BY(mutex_);
  host::background thread_;
};

}  // namespace changtong
