#pragma once
/** What collectors ignored, by kind and reason: counted on the probe thread, read by a scrape. */
#include <vector>

#include "daemon/core/mutex.h"
#include "daemon/publish/metrics/page.h"
#include "daemon/schedule/engine.h"

namespace changtong {

class ignored_packets_view {
 public:
  /** Copies the rows. On the probe thread, once a second. */
  void look(const schedule::engine& at);
  /** As last copied. Any thread. */
  [[nodiscard]] std::vector<metrics::ignored_row> rows() const;

 private:
  mutable mutex mutex_;
  std::vector<metrics::ignored_row> rows_ GUARDED_BY(mutex_);
};

}  // namespace changtong
