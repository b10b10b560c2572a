#pragma once
/** What goes into a judge and comes out of it besides samples (judge.h). */
#include <cstdint>
#include <string_view>
#include <vector>

#include "daemon/core/record.h"
#include "daemon/core/sample.h"
#include "daemon/core/wish.h"

namespace changtong::verdict {

/** What one call brought forth. The caller clears it; vectors keep their storage. */
struct judgement {
  wall_t now =
      wall_min;  ///< IN: label of the present instant, for `confirmed`; a replay may leave it, then the sample's
  std::vector<record> records;
  std::vector<wish> wishes;
  std::vector<check_index> changed;  ///< checks whose memory must be written anew; may name one twice
  std::uint64_t looked_at = 0;       ///< kept pieces, beginnings and doubts so far: what a test of cost counts
};

/** What the ledger knows of a target when a run begins. */
struct remembered {
  std::string_view target;
  line_state believed = line_state::unknown;
  wall_t outage_began{};
  bool cause_known = false;
};

/** Good samples of one check in a row: at first, first + every, … last. */
struct good_run {
  check_index check = no_index;
  wall_t first{}, last{};
  milliseconds every{0};  ///< above 0
  nanoseconds rtt{0};     ///< of each
};

}  // namespace changtong::verdict
