#pragma once
/** What a node says and hears by way of a broker besides its journal: every five seconds that it is there and how far
 * its journal goes, which lines are not up as soon as that is durable and all of them every 15 s, and what somebody
 * at the centre may have it do. None of it is kept anywhere, nothing waits for it. Threads of its own. */
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/centre/broker.h"
#include "daemon/centre/live_text.h"
#include "daemon/core/board.h"
#include "daemon/core/civil.h"
#include "daemon/core/command.h"
#include "daemon/core/mutex.h"
#include "daemon/core/record.h"
#include "daemon/host/background.h"
#include "daemon/ledger/journal.h"
#include "daemon/run/centre_requests.h"

namespace changtong {

class centre_talk {
 public:
  struct doors {
    std::shared_ptr<centre::broker> by;  ///< hears commands to this node, as its first and only subject, if they may be
    std::string node, ledger;
    const board_holder* boards;                                 ///< of one that holds nothing yet nothing is said
    std::function<void()> found;                                ///< a broker is there again; must not block
    std::function<void(std::vector<std::string> lines)> probe;  ///< they are asked soon; empty: nobody may
    enter_commands enter;  ///< what people ask for; called once there is a board; empty: nobody may
    bool may_request = false, may_approve = false;  ///< what of it: windows, and what is said of those that wait
    civil_zone zone;                                ///< of what is entered
  };
  explicit centre_talk(doors d);

  /** Commands are not heard any more: what they use is about to go. Waits for the one under way. */
  void obey_no_more() { listening_.end(); }

  /** These are durable. Any thread; never blocks. */
  void take(const std::vector<record>& records);

 private:
  [[nodiscard]] host::background::pause speak(const std::stop_token& stop);
  [[nodiscard]] host::background::pause listen(const std::stop_token& stop);
  [[nodiscard]] bool beat(const std::stop_token& stop);
  [[nodiscard]] bool show(const std::set<std::string>& changed, bool whole, const std::stop_token& stop);
  [[nodiscard]] std::string obey(const std::string& command, const std::stop_token& stop);
  [[nodiscard]] std::string probe(const std::string& target, const std::stop_token& stop);

  doors doors_;
  // Of the thread that speaks.
  std::unique_ptr<ledger::journal> journal_;
  mono_t next_beat_{}, next_sheet_{};
  bool well_ = false;
  mutex mutex_;
  std::set<std::string> changed_ GUARDED_BY(mutex_);  ///< ids; beyond a sheet's bound all of them are shown
  centre_requests requests_;                          ///< of the thread that listens
  host::background speaking_, listening_;             ///< use all of these
};

/** The board as a sheet: those of `changed`, or with `whole` all that are not up, those that are down first. Pure. */
[[nodiscard]] centre::live_sheet sheet_of(const board& b, const std::set<std::string>& changed, bool whole, wall_t now);

}  // namespace changtong
