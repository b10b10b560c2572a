#pragma once
/** A centre's end of NATS: what nodes ship by request to `ct.ship.<node>` goes to the door as if it had come over HTTP.
 * Who a node is the broker knows, which lets each user publish below one name. Of several processes one gets each
 * request, and a request that none answers is made again. Threads of its own. */
#include <cstddef>
#include <deque>
#include <string_view>

#include "daemon/centre/broker.h"
#include "daemon/host/background.h"
#include "daemon/run/centre_door.h"
#include "daemon/settings/centre_file.h"

namespace changtong {

class centre_workers {
 public:
  /** `s` names brokers, which need not be there yet. `door` outlives it. */
  centre_workers(const centre_file& s, centre_door& door);

 private:
  [[nodiscard]] host::background::pause take(const std::stop_token& stop);
  void say_once(const result<void>& how);

  centre_door& door_;
  centre::broker broker_;
  mutex mutex_;
  bool away_told_ GUARDED_BY(mutex_) = false;
  std::deque<host::background> threads_;  ///< use all of these
};

}  // namespace changtong
