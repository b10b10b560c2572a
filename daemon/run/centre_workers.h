#pragma once
/** A centre's end of NATS: what nodes ship by request to `ct.ship.<node>` goes to the door as if it had come over HTTP;
 * what they say of themselves to `ct.beat` and `ct.live` is shown to whoever looks on: GET /centre/v1/live, by the
 * reader's token.
 * Who a node is the broker knows, which lets each user publish below one name. Of several processes one gets each
 * request, and a request that none answers is made again. Nodes come in turn: what one asks beyond its few that wait is
 * dropped, and counted as refused. Threads of its own. */
#include <cstddef>
#include <deque>
#include <vector>

#include "daemon/centre/broker.h"
#include "daemon/centre/live_view.h"
#include "daemon/centre/turns.h"
#include "daemon/host/background.h"
#include "daemon/run/centre_door.h"
#include "daemon/settings/centre_file.h"

namespace changtong {

class centre_workers {
 public:
  /** `s` names brokers, which need not be there yet. `door` outlives it. */
  centre_workers(const centre_file& s, centre_door& door);

  /** It outlives it. */
  [[nodiscard]] web_route route();

 private:
  [[nodiscard]] host::background::pause queue(const std::stop_token& stop);
  [[nodiscard]] host::background::pause take(const std::stop_token& stop);
  [[nodiscard]] host::background::pause look_on(std::size_t which, const std::stop_token& stop);
  void say_once(const result<void>& how);

  centre_door& door_;
  civil_zone zone_;
  std::vector<centre_reader> readers_;
  centre::live_view live_;
  centre::broker broker_;
  centre::turns turns_;
  mutex mutex_;
  bool away_told_ GUARDED_BY(mutex_) = false;
  std::deque<host::background> threads_;  ///< use all of these
};

/** What a centre without brokers answers there. */
[[nodiscard]] web_route no_live_route(std::vector<centre_reader> readers);

}  // namespace changtong
