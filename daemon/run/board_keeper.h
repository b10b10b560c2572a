#pragma once
/** The board of one inventory, kept: what samples and decided transitions show beside the announced state, each value
 * as long as it is known to be true, and no longer. Makes the board; it is filled before anybody sees it. Probe thread;
 * time is handed in.
 *
 * A value of a check lasts for 2.5 of its regular intervals after its sample was sent (board_facts.h has what answers
 * carry). Before that:
 *   round trip   of the last good sample of the leading check; one lost packet does not take it
 *   loss         of the leading check's last measured samples
 *   degraded     by the leading check's samples, health checks, interfaces, filters; flapping by decided transitions */
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "daemon/core/board.h"
#include "daemon/core/sample.h"
#include "daemon/ledger/writer.h"
#include "daemon/run/board_facts.h"
#include "daemon/verdict/condition.h"

namespace changtong {

class board_keeper {
 public:
  /** Makes a board where nothing is known yet. */
  board_keeper(std::shared_ptr<const inventory> inv, const verdict::condition_limits& limits);
  [[nodiscard]] const std::shared_ptr<board>& shown() const { return board_; }

  /** What the ledger knows when a run begins: the outages that are open, and why. */
  void recall(const std::vector<ledger::restored::state>& states);
  /** All that is known of targets and checks that are still there (by id), also what is 未入账. Nobody writes to the
   * board before meanwhile. */
  void carry(const board_keeper& before);

  /** Any sample, as it was seen. */
  void seen(const sample& s);
  /** Some of these checks may come in a moment. */
  void expect(std::span<const check_index> soon) const;
  /** What a decided record means for display; its state is shown only after the ledger has it. */
  void follow(const record& r);
  /** A sample of it waits for rule 10, or was our own uplink's. */
  void show_undecided(target_index t, bool undecided);
  /** One kind of question to it is not answered while others are. */
  void show_filtered(target_index t, bool filtered);
  /** What time alone changes: forgets what has not been said again for too long. */
  void retire(mono_t now, wall_t label);
  /** Who is in scope by now. What was known of whom has left it is forgotten: nobody asks it any more. */
  void look_at_scopes(wall_t label);

 private:
  struct line_times {
    mono_t rtt = board_facts::never, loss = board_facts::never;
  };
  /** What colours an up line. */
  struct health {
    std::vector<check_index> leads;                          ///< by target
    std::vector<verdict::condition> conditions;              ///< by target, of its leading check
    std::unordered_map<check_index, std::uint16_t> failing;  ///< health checks: bad samples in a row
    std::unordered_map<check_index, std::uint16_t> without;  ///< checks of devices: samples without data in a row
    std::vector<std::uint16_t> unwell;                       ///< by target: health checks whose run is long enough
    std::vector<std::uint16_t> dataless;                     ///< the same of checks of devices
    std::unordered_map<target_index, verdict::flap_watch> flaps;
  };
  /** What every sample needs to know of its check, side by side. */
  struct brief {
    target_index target = no_index;
    bool health = false, leads = false, anchor = false;
    bool device = false;  ///< it asks a device for data
  };
  void carry_line(const board_keeper& before, target_index was, target_index is);
  void carry_health(const board_keeper& before, target_index was, target_index is);
  void carry_check(const health& old, target_index of, check_index was, check_index is);
  void show_delay(const sample& s, target_index t);
  void health_sample(const sample& s, const check& c);
  void device_sample(const sample& s, const check& c);
  void show_condition(target_index t);
  void forget(target_index t);
  [[nodiscard]] line_view& line(target_index t) { return board_->lines[t]; }

  std::shared_ptr<board> board_;
  verdict::condition_limits limits_;
  board_facts facts_;
  std::vector<line_times> times_;  ///< by target
  std::vector<brief> briefs_;      ///< by check
  health health_;
  std::vector<wall_t> edges_;         ///< where scopes begin and end, in order
  std::ptrdiff_t edges_passed_ = -1;  ///< at the last look; -1: none yet
};

}  // namespace changtong
