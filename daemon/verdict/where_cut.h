#pragma once
/** What an outage turned out to be, by what was observed beside it; causes.h has said at once whether it is behind a
 * parent. A cause becomes known bit by bit: from the trace at the beginning, from who else went down, from the device's
 * own words afterwards. Each step that says more is a finding; the last one counts. README.md, *Causes*, has the rules.
 *
 * Rather `unexplained` than a guess: what speaks against a cause takes it away. Pure: labels are arguments. */
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/core/record.h"
#include "daemon/core/target.h"
#include "daemon/verdict/paths.h"

namespace changtong::verdict {

struct finding {
  target_index target = no_index;
  wall_t began{};  ///< names the outage
  cause why = cause::unexplained;
  std::string upstream{};  ///< for upstream
  std::string observed{};  ///< one Chinese sentence without a full stop; may be empty
  bool anew = false;       ///< `why` is another than was said before
};

class where_cut {
 public:
  static constexpr milliseconds together{5'000};        ///< lines of a carrier that go down so close to each other
  static constexpr std::size_t carrier_lines = 5;       ///< so many of them, or more
  static constexpr milliseconds company{8'000};         ///< after so long, all that went down together is confirmed
  static constexpr milliseconds late_company{20'000};   ///< the same of parents that are asked seldom
  static constexpr milliseconds up_time_wait{120'000};  ///< after recovery, for the device's word
  static constexpr milliseconds agent_silent{600'000};  ///< after so long another agent of the line speaks for it
  using state_of = std::function<line_state(target_index)>;

  explicit where_cut(std::shared_ptr<const inventory> inv);
  /** A new inventory; what is open is found again by id. */
  void adopt(std::shared_ptr<const inventory> inv);

  /** An outage began; `edge` as in its transition. */
  void down(target_index t, wall_t began, bracket edge);
  /** What causes.h said of it. */
  void said(const cause_found& c);
  void up(target_index t, wall_t ended);
  /** A trace of the line, or of one with the same path, made since its outage began. */
  void followed(target_index t, path_end end);
  /** sysUpTime as the device told it, in centiseconds, in 32 bits. `agent`: which of the line's checks asked for it. Of
   * several agents, which run for different times, only the first that answers counts. */
  void ran_for(target_index t, std::uint32_t agent, wall_t at, std::uint32_t up_time);
  /** Whether what it told before agrees that it had run for so many seconds then; false if it told nothing. */
  [[nodiscard]] bool had_run(target_index t, wall_t at, std::uint64_t seconds) const;
  /** The device said that it is losing its power. */
  void lost_power(target_index t, wall_t at);

  /** What is known by `now` that was not said before. Nothing of an open outage before causes.h has spoken: alarms wait
   * for its word. */
  void due(wall_t now, const usual_paths& paths, const state_of& state, std::vector<finding>& out);

 private:
  struct word {
    wall_t at = wall_min;  ///< wall_min: none yet
    std::uint32_t up_time = 0;
    std::uint32_t agent = 0;  ///< its check's place among those of the line
  };
  struct outage {
    wall_t began{}, good_before = wall_min;
    std::optional<wall_t> ended;
    std::optional<path_end> end;
    word before;                     ///< the device's last one before it
    std::optional<word> after;       ///< its first one after it
    std::optional<wall_t> power;     ///< when it said that it loses its power
    cause why = cause::none;         ///< as last said; none: nothing was
    std::string upstream, observed;  ///< the same
    wall_t look = wall_max;          ///< when it is worth looking again
  };
  class round;

  [[nodiscard]] outage* open(target_index t);
  /** The same word in the inventory that is in force now; none where another agent is asked there. */
  [[nodiscard]] word moved(const word& w, const inventory& before, target_index was, target_index is) const;

  std::shared_ptr<const inventory> inv_;
  std::unordered_map<target_index, outage> outages_;     ///< open, or waiting for the device's word
  std::vector<word> words_;                              ///< by target: the device's last one
  std::unordered_map<target_index, wall_t> last_gasps_;  ///< of lost power, of lines that are not down yet
  wall_t look_ = wall_max;                               ///< the earliest of theirs
};

}  // namespace changtong::verdict
