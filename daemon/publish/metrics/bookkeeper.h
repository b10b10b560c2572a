#pragma once
/** Keeps the books of the periods ready on a thread of its own: a scrape takes what is there and never waits. */
#include <functional>
#include <memory>
#include <stop_token>

#include "daemon/core/board.h"
#include "daemon/core/mutex.h"
#include "daemon/host/background.h"
#include "daemon/publish/metrics/period_books.h"

namespace changtong::metrics {

/** Called on the bookkeeper's thread. */
struct book_sources {
  const board_holder* boards = nullptr;
  std::function<result<std::unique_ptr<ledger::reader>>()> open_ledger;
  std::function<std::vector<contract>()> contracts;
  std::function<wall_t()> now;
};

class bookkeeper {
 public:
  /** What `from` names outlives it. Starts its thread, which does nothing before the first get(). */
  explicit bookkeeper(book_sources from);

  /** The last result, null before the first. Asking keeps it fresh: when nobody has asked since the last computation,
   * none is made. Fresh means 2 s for a small ledger, and 50 times what it costs, at most 60 s, for a large one. */
  [[nodiscard]] std::shared_ptr<const period_books> get();

 private:
  [[nodiscard]] host::background::pause refresh(const std::stop_token& stop);

  book_sources from_;
  std::unique_ptr<ledger::reader> reader_;  ///< of the thread alone
  mutex mutex_;
  std::shared_ptr<const period_books> last_ GUARDED_BY(mutex_);
  host::background thread_;
};

}  // namespace changtong::metrics
