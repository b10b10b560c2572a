#pragma once
/** Why an outage is, as far as it is known at once: behind a parent that is down (upstream), or not known; where_cut.h
 * may find more. An entry of its own that may come up to 2 s after the outage, for the parent is asked only when its
 * child fails. Pure. */
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "daemon/core/record.h"
#include "daemon/core/target.h"

namespace changtong::verdict {

class causes {
 public:
  static constexpr milliseconds patience{2000};  ///< how long a cause may wait for the parent
  using state_of = std::function<line_state(target_index)>;
  /** Whether a target was well at an instant or later, so that what is below it cannot have failed by it. */
  using well_since = std::function<bool(target_index, wall_t)>;

  explicit causes(std::shared_ptr<const inventory> inv) : inv_(std::move(inv)), open_(inv_->targets.size()) {}

  /** An outage began, confirmed by what failed up to `failed`. upstream if an ancestor is down, unexplained where there
   * is no parent or `well` says that it is fine; else it waits. */
  void explain(target_index t, wall_t began, wall_t now, const state_of& state, std::vector<record>& out,
               wall_t failed = wall_max, const well_since& well = {});
  /** A target went down: its children that wait are behind it. */
  void explain_children(target_index parent, std::vector<record>& out);
  /** The outage is over: nobody asks any more. */
  void over(target_index t) { open_[t] = false; }
  /** Those that have waited long enough by `now`, or whose parent is well by now, are unexplained. */
  void settle(wall_t now, std::vector<record>& out, const well_since& well = {});
  /** Whether that one's next good sample may end a child's wait. */
  [[nodiscard]] bool awaits(target_index parent) const { return children_waiting_.contains(parent); }
  /** The beginning of the earliest outage that still waits; wall_max: none. */
  [[nodiscard]] wall_t earliest() const;

  /** A new inventory; what waits is found again by id. */
  void adopt(std::shared_ptr<const inventory> inv);

 private:
  struct waiting {
    target_index target;
    wall_t began, deadline, failed;
  };
  std::shared_ptr<const inventory> inv_;
  std::vector<bool> open_;  ///< by target: in an outage whose cause is not written yet
  std::vector<waiting> waiting_;
  std::map<target_index, std::uint32_t> children_waiting_;  ///< by target: of waiting_, how many have it as parent
  /** What follows from its end: one fewer waits for its parent. */
  bool ended(const waiting& w);
};

}  // namespace changtong::verdict
