#pragma once
/** What people entered on the other node, as much of it as memory is given: a list is laid together in memory, and its
 * length is for whoever writes there to say. Beyond a bound the oldest go, of those first that nothing depends on any
 * more. Pure; one thread. */
#include <cstddef>
#include <deque>
#include <set>
#include <string>
#include <vector>

#include "daemon/core/record.h"

namespace changtong::observers {

struct entry_bounds {
  std::size_t entries = 50'000;    ///< of one kind: two and a half days of one author who enters all that one may
  std::size_t bytes = 64U << 20U;  ///< about, in memory
};

class kept_entries {
 public:
  explicit kept_entries(wall_t now, entry_bounds bounds = {}) : now_(now), bounds_(bounds) {}

  /** In the order in which the other node's reader gives them. */
  void take(record&& r);
  [[nodiscard]] std::size_t left_out() const { return left_out_; }
  [[nodiscard]] std::vector<record> all() &&;

 private:
  struct kept {
    record what;
    std::size_t bytes = 0;
  };
  /** A window that has ended, a ticket that is closed, else what was entered more than a month ago. */
  [[nodiscard]] bool is_over(const record& r) const;
  /** The number of the ticket that it closes; null: it closes none. */
  [[nodiscard]] static const std::string* closed_by(const record& r);
  void make_room();

  wall_t now_;
  entry_bounds bounds_;
  std::deque<kept> kept_;
  std::set<std::string, std::less<>> closed_;  ///< numbers of tickets; each goes with the step that closed it
  std::size_t bytes_ = 0, left_out_ = 0;
};

}  // namespace changtong::observers
