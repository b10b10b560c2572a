#pragma once
/** What is wrong with the monitor itself, from its own counters: the names of publish/alerts/own_faults.h. Asked about
 * once a second. Pure; one thread. */
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/core/counters.h"
#include "daemon/core/instant.h"

namespace changtong {

class own_health {
 public:
  /** `free_bytes` of the ledger's disk; none: it does not say. */
  [[nodiscard]] std::vector<std::pair<std::string_view, bool>> look(const daemon_counters& c,
                                                                    std::optional<std::uint64_t> free_bytes,
                                                                    bool nobody_reachable, wall_t now);

  static constexpr milliseconds least_silence{3'000};        ///< of the uplink: a phone does not ring for less
  static constexpr milliseconds least_away{2'000};           ///< of the ledger
  static constexpr milliseconds least_blind{5'000};          ///< without any sample that was measured
  static constexpr std::uint64_t most_blind = 10;            ///< samples that were not measured, in a row
  static constexpr milliseconds unsynchronised{600'000};     ///< after it was synchronised
  static constexpr milliseconds unsealed{26 * 3600'000LL};   ///< since the last sealed day ended
  static constexpr std::uint64_t least_free = 512ULL << 20;  ///< bytes
  static constexpr std::uint64_t most_late = 100;            ///< slots in a minute, and a tenth of all

 private:
  bool lasts(std::string_view name, bool wrong, wall_t now, milliseconds least);
  bool late(const daemon_counters& c, wall_t now);
  bool blind(const daemon_counters& c, wall_t now);

  std::map<std::string_view, wall_t> since_;
  bool was_synchronised_ = false;
  std::optional<wall_t> first_;
  wall_t minute_ = wall_min;
  std::uint64_t late_before_ = 0, samples_before_ = 0;
  bool late_ = false;
  std::uint64_t measured_ = 0, unmeasured_then_ = 0;
  wall_t measured_at_ = wall_min;
};

}  // namespace changtong
