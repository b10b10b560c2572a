#pragma once
/** What the API's routes share. One per service; the routes keep it alive. */
#include <map>
#include <string>

#include "daemon/core/mutex.h"
#include "daemon/publish/api/api.h"
#include "daemon/publish/api/merged_desk.h"
#include "daemon/publish/api/readers.h"
#include "daemon/publish/api/today.h"

namespace changtong::api {

/** Open outages as the ledger has them, read at most every 2 s however many pages ask. Thread-safe. */
class open_outages {
 public:
  using by_target = std::map<std::string, availability::outage, std::less<>>;
  open_outages(reader_pool& readers, std::function<wall_t()> now) : readers_(readers), now_(std::move(now)) {}

  /** Never null; the last known ones if the ledger cannot be read. */
  [[nodiscard]] std::shared_ptr<const by_target> get();

 private:
  reader_pool& readers_;
  std::function<wall_t()> now_;
  mutex mutex_;
  wall_t read_at_ GUARDED_BY(mutex_) = wall_min;
  std::shared_ptr<const by_target> last_ GUARDED_BY(mutex_) = std::make_shared<const by_target>();
};

struct context {
  explicit context(sources s)
      : from(std::move(s)),
        readers(from.open_ledger),
        open(readers, from.now),
        figures(readers, *from.boards, from.now, from.open_merged),
        both(from.open_merged) {}

  const sources from;
  reader_pool readers;
  open_outages open;
  today figures;
  merged_desk both;  ///< what it computes reads the others: it ends first
};

}  // namespace changtong::api
