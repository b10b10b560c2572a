#pragma once
/** The thread that reports outages to their carriers by itself, where the contract names an address (report_to): makes
 * the tickets that are due (books/due_tickets), sends those that no channel has taken by the first mail channel, and
 * enters what came of it. All that it knows stands in the ledger, so a restart goes on: a ticket is made once, and sent
 * at least once. */
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/books/due_tickets.h"
#include "daemon/core/civil.h"
#include "daemon/core/mutex.h"
#include "daemon/core/record.h"
#include "daemon/host/background.h"
#include "daemon/ledger/reader.h"
#include "daemon/publish/alerts/channels.h"
#include "daemon/settings/settings.h"

namespace changtong {

class ticket_desk {
 public:
  /** What a channel said: the status, 0 for none, and its words. */
  using answered = std::function<void(unsigned status, std::string body)>;
  /** Called on the desk's thread. */
  struct doors {
    std::function<wall_t()> now;                    ///< label
    std::function<void(std::vector<record>)> note;  ///< hands records on to be entered; never blocks
    /** Never blocks; the answer comes once, on any thread. */
    std::function<void(const alert_channel&, const alerts::outgoing&, answered)> send;
    std::function<result<std::unique_ptr<ledger::reader>>()> books;
  };

  ticket_desk(const settings& s, doors d);
  /** A reload. Any thread; never blocks. */
  void adopt(const settings& s);
  /** What is due is looked for at once, not only every 20 s. Any thread; never blocks. */
  void look();
  /** The thread's end; what a channel answers afterwards is not heard. Idempotent. */
  void stop();

 private:
  /** A try that is under way, or whose step is on its way to the ledger. */
  struct attempt {
    std::size_t tries = 0;  ///< that the ledger had when it began
    std::optional<ticket_record> end;
  };

  [[nodiscard]] host::background::pause round();
  /** What of the settings is needed. */
  struct wishes {
    bool any = false;  ///< a contract names an address
    std::optional<alert_channel> mail;
    std::string office;
    std::optional<node_rank> pair;  ///< which node of one this is
    civil_zone zone;
  };
  [[nodiscard]] static wishes wishes_of(const settings& s);
  void make_due(const ledger::reader& books, const wishes& s, wall_t now);
  void send_waiting(const ledger::reader& books, const wishes& s, wall_t now);
  void send(const ledger::reader& books, const books::unsent_ticket& t, const wishes& s, wall_t now);
  void enter_ends();

  doors doors_;
  std::map<std::string, wall_t> made_;  ///< targets and beginning of what was noted, until the ledger has it
  mutex mutex_;
  wishes wishes_ GUARDED_BY(mutex_);
  std::map<std::string, attempt> under_way_ GUARDED_BY(mutex_);  ///< by number
  std::unique_ptr<host::background> thread_ GUARDED_BY(mutex_);
};

}  // namespace changtong
