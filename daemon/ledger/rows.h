#pragma once
/** Reads one target after the other out of the projections, inside the caller's read transaction. Internal to
 * daemon/ledger. */
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/availability/figures.h"
#include "daemon/ledger/history.h"
#include "daemon/ledger/store.h"

namespace changtong::ledger {

[[nodiscard]] wall_t heartbeat_in(store& s);
/** Label of the journal's first entry; wall_max for an empty journal. */
[[nodiscard]] wall_t first_in(store& s);

class rows {
 public:
  /** `only`: the number of the one target that will be asked for, 0 = any. */
  rows(store& s, std::int64_t only);

  [[nodiscard]] availability::target_history history(std::int64_t number, const std::string& id, period scope,
                                                     period p);
  /** The outage must be there. */
  [[nodiscard]] availability::outage one_outage(std::int64_t number, const std::string& id, wall_t began);

 private:
  struct current {
    bool known = false;
    line_state state = line_state::unknown;
    cause why = cause::none;
    wall_t since{}, first{};
    std::int64_t seq = 0;
  };
  struct gap_row {
    std::int64_t seq;
    period when;  ///< to == wall_max: open
    cause why;
  };

  [[nodiscard]] std::vector<availability::outage> outages(std::int64_t number, const std::string& id, period p);
  [[nodiscard]] belief believed(std::int64_t number, period p);
  [[nodiscard]] std::vector<wall_t> unconfirmed(std::int64_t number, period p);
  void read_states(std::int64_t only);
  void read_gaps();
  void read_windows(std::int64_t only);

  store& store_;
  wall_t heartbeat_;
  std::vector<current> states_;  ///< by number
  std::vector<gap_row> gaps_;    ///< in order of seq
  std::unordered_map<std::int64_t, std::vector<period>> excluded_;
};

}  // namespace changtong::ledger
