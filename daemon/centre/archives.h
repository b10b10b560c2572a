#pragma once
/** Open archives for several threads: each has one for itself while it works. Any thread. */
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/centre/archive.h"
#include "daemon/core/mutex.h"

namespace changtong::centre {

class archives {
 public:
  /** Opens nothing yet. There are never more conversations than threads that work at once. */
  archives(database_place where, std::vector<std::string> nodes);

  /** What `work` says, told with an archive that nobody else has meanwhile; the problem why there is none. After a
   * failure to open one, for a second everybody is told that at once: a database that is away holds up nobody for
   * long. One that is over, or refused to write, is opened anew the next time. */
  template <class Work>
  [[nodiscard]] auto with(Work work) -> decltype(work(std::declval<archive&>())) {
    auto mine = borrow();
    if (!mine) return mine.error();
    auto said = work(**mine);
    give_back(std::move(*mine), bool(said));
    return said;
  }

 private:
  [[nodiscard]] result<std::unique_ptr<archive>> borrow();
  /** One that is over tells that the others are as well. */
  void give_back(std::unique_ptr<archive> one, bool well);

  database_place where_;
  std::vector<std::string> nodes_;
  mutex mutex_;
  std::vector<std::unique_ptr<archive>> idle_ GUARDED_BY(mutex_);
  std::optional<problem> away_ GUARDED_BY(mutex_);  ///< why none could be opened
  mono_t until_ GUARDED_BY(mutex_){};               ///< nobody tries before
};

}  // namespace changtong::centre
