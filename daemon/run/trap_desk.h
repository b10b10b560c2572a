#pragma once
/** Where traps arrive: one thread receives, judges and asks for checks; another enters what is to be kept and answers
 * informs, once they are durable and never before. Neither is the probe thread, so no flood delays a question.
 *
 * What the ledger does not take waits, bounded; informs do not: who gets no answer sends again. */
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "collectors/net/trap_socket.h"
#include "daemon/core/board.h"
#include "daemon/core/mutex.h"
#include "daemon/core/record.h"
#include "daemon/core/trap_tallies.h"
#include "daemon/host/background.h"
#include "daemon/settings/settings.h"
#include "daemon/traps/intake.h"
#include "daemon/traps/letter.h"
#include "daemon/traps/v3_letters.h"

namespace changtong {

class trap_desk {
 public:
  struct doors {
    std::function<wall_t()> now;           ///< label; any thread
    const board_holder* boards = nullptr;  ///< whose lines they are
    /** Durable when it returns, or nothing of it was kept (recorder::enter). Blocks. */
    std::function<result<void>(std::vector<record>)> enter;
    /** A trap that is durable; `proven`: it is no old one that somebody sends again. Any thread; never blocks. */
    std::function<void(const trap_record& t, bool proven)> heard;
    /** The checks of these lines are to be asked at once. Never blocks. */
    std::function<void(std::vector<std::string> lines)> ask;
    trap_tallies* tallies = nullptr;
  };

  /** A problem: the port cannot be had. `s.traps.listen` is stated. */
  [[nodiscard]] static result<std::unique_ptr<trap_desk>> open(const settings& s, doors d);
  ~trap_desk();
  trap_desk(const trap_desk&) = delete;
  trap_desk& operator=(const trap_desk&) = delete;

  /** A reload; the port stays. Any thread. */
  void adopt(const settings& s);
  [[nodiscard]] std::uint16_t port() const { return socket_->port(); }
  /** Enters what waits, and no more comes. Not from the recorder's threads. */
  void end();

 private:
  static constexpr std::size_t most_waiting = 2000;  ///< entries that wait for the ledger
  static constexpr std::size_t most_lines = 4;       ///< of one address that a trap is kept for
  static constexpr milliseconds look_pause{200};     ///< how long a thread sleeps at most
  static constexpr milliseconds retry_pause{1000};   ///< after the ledger took nothing

  struct to_keep {
    std::vector<record> entries;
    std::string line;  ///< the intake's name for the source
    bool proven = false;
    std::optional<std::uint64_t> inform;
    std::vector<std::uint8_t> answer;
    net::trap_sender sender;
    std::vector<std::uint64_t> summed;  ///< informs that the entry stands for; their repetitions are answered
  };
  struct entered_inform {
    std::string line;
    std::uint64_t key = 0;
    bool durable = false;
  };
  /** Of the settings; making keys of v3 takes milliseconds, which the receiving thread spends. */
  struct rules {
    std::vector<credential> credentials;
    traps::limits most;
  };
  [[nodiscard]] static rules rules_of(const settings& s);

  trap_desk(const settings& s, doors d, std::unique_ptr<net::trap_socket> socket);
  void receive();
  void look_around();
  void obey(const rules& r);
  void take(const net::trap_datagram& d, std::vector<std::string>& ask);
  [[nodiscard]] traps::letter open_letter(const net::trap_datagram& d, const std::string& line, mono_t now);
  void keep(traps::letter l, const std::vector<std::string>& lines, const net::trap_sender& sender);
  void hand_over(to_keep what);
  /** Adds what became of its informs. */
  static void settled(const to_keep& k, bool durable, std::vector<entered_inform>& to);
  void keep_sums(bool all);
  /** False: the ledger took nothing of it. */
  [[nodiscard]] bool enter_what_waits();
  void settle(std::deque<to_keep>& batch, bool durable);
  [[nodiscard]] const std::vector<std::string>& lines_of(const ip_address& a) const;

  doors doors_;
  std::unique_ptr<net::trap_socket> socket_;
  // of the receiving thread
  std::vector<secret> communities_;
  traps::v3_letters v3_;
  traps::intake intake_;
  std::shared_ptr<const inventory> inv_;
  std::map<ip_address, std::vector<std::string>> lines_;
  mono_t looked_{};

  mutex mutex_;
  std::deque<to_keep> waiting_ GUARDED_BY(mutex_);
  std::vector<entered_inform> settled_ GUARDED_BY(mutex_);
  std::optional<rules> adopted_ GUARDED_BY(mutex_);
  std::unique_ptr<host::background> keeper_, receiver_;  ///< the threads, which use all of this
};

}  // namespace changtong
