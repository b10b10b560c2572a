#pragma once
/** What becomes of a trap that is genuine: kept at once, summed, or known already. Pure; time is an argument. One
 * thread. What it keeps of a line is bounded, and lines are those of the inventory. */
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/declared_trap.h"
#include "daemon/core/instant.h"

namespace changtong::traps {

/** Entries a line may have: `burst` at once, then `per_hour`. */
struct limits {
  std::uint32_t burst = 30;
  std::uint32_t per_hour = 4;
  friend bool operator==(const limits&, const limits&) = default;
};

/** So much may be done so often: full at first. */
class token_bucket {
 public:
  token_bucket(double most, double per_second, mono_t now) : most_(most), rate_(per_second), has_(most), at_(now) {}
  [[nodiscard]] bool take(mono_t now) {
    if (!ready(now)) return false;
    has_ -= 1;
    return true;
  }
  [[nodiscard]] bool ready(mono_t now) {
    has_ = std::min(most_, has_ + rate_ * std::chrono::duration<double>(now - at_).count());
    at_ = now;
    return has_ >= 1;
  }

 private:
  double most_, rate_, has_;
  mono_t at_;
};

enum class fate : std::uint8_t {
  keep,     ///< to be entered now
  sum,      ///< counted; part of an entry to come
  waiting,  ///< a repetition of an inform that is not entered yet: say nothing
  kept,     ///< a repetition of one that was: answer it again
};

struct decision {
  fate what = fate::keep;
  bool ask = false;  ///< the line's checks are to be asked at once
};

class intake {
 public:
  static constexpr std::size_t most_kinds = 8;        ///< summed apart, a line
  static constexpr std::size_t most_informs = 32;     ///< of a line that are being entered
  static constexpr std::size_t most_summed = 256;     ///< that wait with their sums, and as many that were entered
  static constexpr milliseconds remembered{600'000};  ///< so long
  static constexpr milliseconds ask_pause{1000};      ///< between two wishes for one line
  static constexpr double most_a_second = 200;        ///< genuine ones of one line that are taken
  static constexpr double most_in_vain = 1000;        ///< a second that were costly to read and are not taken
  static constexpr double most_reports = 50;          ///< a second, to what pretends to be a line

  explicit intake(const limits& l) : limits_(l) {}
  void adopt(const limits& l);

  /** Whether what comes in that line's name may be read where that is costly: as long as little of it was in vain.
   * Anybody can write in its name, so this is apart from what it may send itself. */
  [[nodiscard]] bool may_check(const std::string& target, mono_t now);
  void in_vain(const std::string& target, mono_t now);
  /** Whether something that was refused may be answered. */
  [[nodiscard]] bool may_report(const std::string& target, mono_t now);
  /** Whether one more that is genuine may be taken. */
  [[nodiscard]] bool may_take(const std::string& target, mono_t now);
  /** A genuine one. `inform`: what tells its repetitions from others; none: a trap. */
  [[nodiscard]] decision take(const trap_record& r, std::optional<std::uint64_t> inform, mono_t now);
  /** An inform that was to be kept, or whose sum was, is durable, or could not be: then its repetition is as new. */
  void entered(const std::string& target, std::uint64_t inform, bool durable, mono_t now);
  struct sum {
    trap_record entry;
    std::vector<std::uint64_t> informs;  ///< that it stands for, to be told to entered()
  };
  /** Sums that may be entered now, labelled `at`; `all`: whatever the limits say. */
  [[nodiscard]] std::vector<sum> due(mono_t now, wall_t at, bool all = false);

 private:
  struct remembered_inform {
    std::uint64_t key = 0;
    mono_t at{};
    fate what = fate::waiting;  ///< sum: it waits with its sum, however long that takes
  };
  struct line {
    token_bucket taking, entries, checks, reports;
    token_bucket gasps;  ///< of what decides causes: no storm of links keeps it out
    mono_t asked{};
    bool ever_asked = false;
    std::deque<sum> sums;  ///< the oldest first
    std::deque<remembered_inform> informs;
  };

  [[nodiscard]] line& of(const std::string& target, mono_t now);
  /** The sum that it is part of now. */
  sum& add(line& l, const trap_record& r) const;
  static void remember(line& l, const remembered_inform& i);

  limits limits_;
  std::map<std::string, line> lines_;
};

}  // namespace changtong::traps
