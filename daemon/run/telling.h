#pragma once
/** What tells people, wired: the desks of alerts and of tickets, their threads, and the way out. Their steps go the way
 * of transitions - through the probe thread to the ledger - and come back by take(). */
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/core/alert_view.h"
#include "daemon/core/board.h"
#include "daemon/core/mutex.h"
#include "daemon/core/record.h"
#include "daemon/core/tallies.h"
#include "daemon/host/background.h"
#include "daemon/host/post.h"
#include "daemon/ledger/writer.h"
#include "daemon/run/alert_desk.h"
#include "daemon/run/node_pair.h"
#include "daemon/run/ticket_desk.h"
#include "daemon/settings/settings.h"

namespace changtong {

class telling {
 public:
  /** All but `note` may be called on any thread, until end() is over. */
  struct doors {
    std::string ledger;
    const board_holder* boards = nullptr;
    const daemon_tallies* tallies = nullptr;
    std::function<wall_t()> now;       ///< label
    const node_pair* other = nullptr;  ///< null: this node is alone
    std::function<bool()> in_doubt;
    std::function<host::look_up()> names;
    std::function<void(std::function<void()>)> on_probe_thread;  ///< never waits
    std::function<void(std::vector<record>)> note;               ///< on the probe thread, or after its end
  };

  /** `recalled` is what the ledger held when it was opened. */
  telling(const settings& s, const ledger::restored& recalled, doors d);
  ~telling() { end(); }
  telling(const telling&) = delete;
  telling& operator=(const telling&) = delete;

  /** Announced. Any thread; never blocks. */
  void take(const std::vector<record>& records) { alerts_->take(records); }
  /** A reload. Any thread; never blocks. */
  void adopt(const settings& s);
  /** People entered something on the other node of a pair. Any thread; never blocks. */
  void hear_elsewhere() { alerts_->hear_elsewhere(); }
  [[nodiscard]] alert_view view() const { return alerts_->view(); }
  /** Nothing is told any more; done within 2 s. Not from a thread of its own. Idempotent. */
  void end();
  /** Hands what the desks have brought forth to `note`. On the probe thread, or after its end. */
  void note_all();

 private:
  [[nodiscard]] alert_desk::doors alert_doors(const settings& s);

  doors doors_;
  mutex noting_;
  std::vector<record> noted_ GUARDED_BY(noting_);
  std::atomic<std::int64_t> free_bytes_{-1};  ///< of the ledger's disk; -1: not known
  std::unique_ptr<host::background> gauge_;   ///< of that: a disk that hangs holds up nobody but it
  std::unique_ptr<alert_desk> alerts_;
  std::unique_ptr<host::background> alert_thread_;
  std::unique_ptr<ticket_desk> tickets_;
  std::unique_ptr<host::post_office> office_;  ///< ends before the desks, which hear how each message ended
};

}  // namespace changtong
