#pragma once
/** Outages that were agreed on: what begins inside an approved window, and what hangs below it, wakes nobody. It is
 * held back until the target is up again, and then stands in the digest of the day; if the window is over first, or is
 * cancelled, it is an outage like any other. Pure; one thread. */
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/core/record.h"
#include "daemon/core/target.h"
#include "daemon/ledger/windows.h"

namespace changtong {

class planned_outages {
 public:
  /** A line above that is in a window may be confirmed down so much later than what hangs below it. */
  static constexpr milliseconds waits_for_above{30'000};

  explicit planned_outages(std::shared_ptr<const inventory> inv) : inv_(std::move(inv)) {}

  /** The time that approved windows take out of the books; what is not among it is not agreed on any more. */
  void know(ledger::excluded_times windows) { windows_ = std::move(windows); }
  void adopt(std::shared_ptr<const inventory> inv);

  /** True: it is held back, or it ends what is: nobody has to hear of it. In order of happening. */
  [[nodiscard]] bool take(const transition& t, wall_t now);
  [[nodiscard]] bool take(const cause_found& c);
  /** What is not planned any more, in the order in which it came: each outage, with its cause where it is known. */
  [[nodiscard]] std::vector<record> due(wall_t now);

  /** Names of what was down as planned since the last digest, each once; then none. */
  [[nodiscard]] std::vector<std::string> take_for_digest();

 private:
  struct held {
    transition down;
    std::optional<cause_found> why;
    std::size_t nth = 0;
    std::string under;     ///< whose window it is: its own, or of a line above it
    bool with_it = false;  ///< that one has been down too
  };
  /** Whose window lies over the beginning of the outage and over now: the target's or that of a line above it. Empty:
   * nobody's. */
  [[nodiscard]] std::string window_over(const std::string& target, wall_t began, wall_t now) const;
  [[nodiscard]] bool still_planned(held& one, wall_t now) const;
  [[nodiscard]] bool in_window(std::string_view target, wall_t began, wall_t now) const;
  [[nodiscard]] std::string name_of(const std::string& target) const;

  std::shared_ptr<const inventory> inv_;
  ledger::excluded_times windows_;
  std::map<std::string, held> held_;
  std::set<std::string> for_digest_;  ///< names
  std::size_t next_ = 0;
};

}  // namespace changtong
