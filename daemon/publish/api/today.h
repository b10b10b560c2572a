#pragma once
/** Today's figures, kept ready by a thread of their own: pages and scrapes take what is there and never wait. */
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>

#include "daemon/availability/figures.h"
#include "daemon/core/board.h"
#include "daemon/core/day_ratios.h"
#include "daemon/core/mutex.h"
#include "daemon/core/so_far.h"
#include "daemon/host/background.h"
#include "daemon/publish/api/merged_desk.h"
#include "daemon/publish/api/readers.h"
#include "daemon/publish/api/shown_view.h"

namespace changtong::api {

struct today_figures {
  period day;    ///< the civil day, cut at `cut`
  wall_t cut{};  ///< figures speak up to here
  std::map<std::string, availability::seconds> by_category;
  availability::seconds lines;  ///< all lines together, without sites
  std::shared_ptr<const day_ratios> ratios;
  shown_view view{};  ///< of a pair: whose they are
};

/** One look at the ledger. Throws host::ended_early where `stop` asks for it. */
[[nodiscard]] today_figures compute_today(const ledger::reader& from, std::shared_ptr<const inventory> inv, wall_t now,
                                          const std::stop_token& stop = {});

class today {
 public:
  /** All outlive it. Starts its thread, which does nothing before the first get(). Of a pair the figures are of both
   * nodes' books, or of this one's where those cannot be had; `both` empty: this node is alone. */
  today(reader_pool& readers, const board_holder& boards, std::function<wall_t()> now, merged_desk::opener both);

  /** The last result, null before the first. Asking keeps it fresh: when nobody has asked since the last computation,
   * none is made. Fresh means 2 s for a small ledger, and 50 times what it costs, at most 30 s, for a large one; of a
   * pair at most ten minutes. */
  [[nodiscard]] std::shared_ptr<const today_figures> get();

 private:
  [[nodiscard]] host::background::pause refresh(const std::stop_token& stop);
  [[nodiscard]] result<today_figures> of_both(const board& b, const std::stop_token& stop) const;

  reader_pool& readers_;
  const board_holder& boards_;
  std::function<wall_t()> now_;
  merged_desk::opener both_;
  mutex mutex_;
  std::shared_ptr<const today_figures> last_ GUARDED_BY(mutex_);
  host::background thread_;
};

}  // namespace changtong::api
