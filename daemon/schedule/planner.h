#pragma once
/** When is which check due. Pure: time is an argument; nothing is sent here.
 *
 * Regular slot k of a check lies at phase + k·interval ± 10 % jitter on a time axis that is wall time when the planner
 * was made, so phases are stable over restarts; phase and jitter come from a hash of the check's id. At the fast pace a
 * slot lies one fast interval after the one before, if the budget allows; a fast question without budget waits for the
 * next regular slot and is not late. A slot whose successor is due too when we come to it is late: it is reported with
 * how many there were, and only the newest is asked. */
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "daemon/core/target.h"
#include "daemon/core/wish.h"
#include "daemon/schedule/wheel.h"

namespace changtong::schedule {

inline constexpr nanoseconds tick_length = milliseconds{10};

struct due_slot {
  check_index check = no_index;
  mono_t due{};
  std::uint32_t missed = 0;  ///< slots before it that could not be sent
  mono_t first_missed{};
};

class planner {
 public:
  /** `wall_offset` = wall − monotonic at this moment. `fast_budget` questions a second; 0 = as many as regular ones,
   * at least 2,000 (design.md 4). */
  planner(mono_t now, nanoseconds wall_offset, std::uint32_t fast_budget = 0);

  void adopt(std::shared_ptr<const inventory> inv, mono_t now);
  void grant(const wish& w, mono_t now);
  /** Everything due by `now`, urgent ones first. Valid until the next call. */
  const std::vector<due_slot>& due(mono_t now);

 private:
  struct plan {
    using brief = std::chrono::duration<std::uint32_t, std::milli>;
    std::uint64_t hash = 0;
    brief interval{0}, fast_interval{0};  ///< copies: the check itself is a cache miss away
    std::int64_t slot = 0;                ///< number of the next regular slot
    mono_t due{};                         ///< next question, regular or fast
    mono_t regular{};                     ///< when the next regular slot lies
    std::uint32_t serial = 0;
    pace speed = pace::usual;
    bool urgent = false;
    bool extra = false;   ///< one question out of turn was asked for
    bool anchor = false;  ///< few, and everybody's doubts wait for them: beyond the budget of fast questions
  };
  static_assert(sizeof(plan) <= 48);  // there are as many as checks
  [[nodiscard]] nanoseconds interval_of(check_index c) const;
  [[nodiscard]] mono_t slot_time(check_index c, std::int64_t slot) const;
  void next_regular(check_index c, mono_t after);
  void put(check_index c);
  void fire(check_index c, mono_t now);
  void fire_regular(check_index c, mono_t now);
  void fire_fast(check_index c, mono_t now);
  [[nodiscard]] std::uint64_t tick_of(mono_t at) const;
  void refill(mono_t now);

  std::shared_ptr<const inventory> inv_;
  std::vector<plan> plans_;
  wheel wheel_;
  mono_t zero_;  ///< tick 0
  nanoseconds offset_;
  std::uint32_t configured_budget_;
  double regular_rate_ = 0;
  double tokens_ = 0;
  mono_t refilled_;
  struct fired {
    check_index check;
    std::uint32_t serial;
  };
  std::vector<fired> fired_;  ///< scratch
  std::vector<due_slot> out_, calm_;
};

}  // namespace changtong::schedule
