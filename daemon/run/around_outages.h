#pragma once
/** What each check saw around an outage, kept as an entry of the journal (core/declared_samples.h): the last minutes
 * before it come from rings in memory, and what follows is added until ten minutes after it began and, if it ended
 * within those, ten minutes after its end. A longer one has a second piece, around its end. Pieces of a line do not
 * overlap but for a few samples at a seam: that of an outage soon after another begins with the last good sample before
 * it, where the other's ends.
 *
 * Many outages at once must swell neither memory nor the journal: so many pieces are collected at a time, so many are
 * entered a minute, and so many bytes a day; the others are left out, and their number is said. What was being
 * collected is lost with a crash. Probe thread only; asks for no time. */
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/core/record.h"
#include "daemon/ledger/writer.h"
#include "daemon/run/sample_rings.h"

namespace changtong {

struct around_limits {
  std::size_t ring_bytes = 16U << 20U;          ///< of all rings: ten minutes of some 3,000 lines asked every second
  std::size_t at_once = 256;                    ///< pieces under way, and those that wait to be entered
  std::size_t samples = 8'000;                  ///< of one piece, all its checks; it ends with the last of them
  nanoseconds pause = std::chrono::seconds{1};  ///< between two entries
  std::size_t a_day = 4U << 20U;                ///< bytes of text in 24 hours …
  std::size_t a_day_each = 1024;                ///< … and for each line or site that many more
};

class around_outages {
 public:
  explicit around_outages(std::shared_ptr<const inventory> inv, const around_limits& limits = {});

  /** Outages that were open when the ledger was opened. Before the first sample. */
  void recall(const std::vector<ledger::restored::state>& states);
  void adopt(std::shared_ptr<const inventory> inv);

  /** Any sample, just before the verdict takes it; what rule 10 makes our own uplink's as that. */
  void seen(const sample& s);
  /** What was decided, just after. */
  void follow(const record& r, mono_t now);
  /** Appends what is to be entered now; `label` is that of `now`. */
  void tick(mono_t now, wall_t label, std::vector<record>& out);
  /** The end of a run: what was collected so far, as far as a minute has entries. */
  void stop(mono_t now, wall_t label, std::vector<record>& out);

 private:
  struct piece {
    std::string target;
    wall_t began{};
    samples_part part = samples_part::beginning;
    mono_t until{};
    wall_t after = wall_min;                                                 ///< earlier samples stand in another piece
    std::vector<std::pair<std::string, std::vector<kept_sample>>> checks{};  ///< in the inventory's order
    std::size_t samples = 0;
  };
  void down(const transition& t, target_index i, mono_t now);
  void up(const transition& t, target_index i, mono_t now);
  void begin(const transition& t, target_index i, piece what, mono_t now);
  void copy_ring(piece& into, target_index i, wall_t from) const;
  /** Ends the piece of that target, before `seam`; it then waits to be entered. */
  void end(target_index i, wall_t seam = wall_max);
  void leave_out(mono_t now);
  void enter_next(mono_t now, wall_t label, std::vector<record>& out);
  [[nodiscard]] bool day_has_room(mono_t now, std::size_t bytes);

  std::shared_ptr<const inventory> inv_;
  around_limits limits_;
  sample_rings rings_;
  std::vector<bool> collected_;  ///< by target: has a piece under way
  std::unordered_map<target_index, piece> under_way_;
  std::unordered_map<target_index, wall_t> open_;       ///< outages: when they began
  std::unordered_map<std::string, wall_t> told_until_;  ///< by target, of the last minutes: its last piece's end
  std::deque<piece> waiting_;
  mono_t looked_at_, day_began_, warned_at_;
  std::size_t today_ = 0;  ///< bytes entered since then
  std::int64_t left_ = 0;  ///< pieces left out, and not yet said
};

}  // namespace changtong
