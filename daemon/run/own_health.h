#pragma once
/** What is wrong with the monitor itself, from its own tallies: the names of publish/alerts/own_faults.h. Asked about
 * once a second. Pure; one thread. */
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/tallies.h"

namespace changtong {

class own_health {
 public:
  /** `kept_since`: the ledger's first entry; before it there is no day to be sealed. None: it is new. */
  explicit own_health(std::optional<wall_t> kept_since = {}) : kept_since_(kept_since) {}

  struct fault {
    std::string_view name;
    bool wrong = false;
    wall_t since{};  ///< when it began, or, of what is well, ended, as far as it can be known
  };
  /** `free_bytes` of the ledger's disk; none: it does not say. A standstill is over when it is seen: it stands there
   * twice, wrong and well. */
  [[nodiscard]] std::vector<fault> look(const daemon_tallies& c, std::optional<std::uint64_t> free_bytes,
                                        bool nobody_reachable, wall_t now);
  /** Of the time that we stood still ("paused") that began then, if it is one of the last; of several that a clock set
   * back gave one label, the latest. */
  [[nodiscard]] std::optional<wall_t> pause_ended(wall_t began) const;

  static constexpr milliseconds least_silence{3'000};        ///< of the uplink: a phone does not ring for less
  static constexpr milliseconds least_away{2'000};           ///< of the ledger, of the audit log
  static constexpr milliseconds least_blind{5'000};          ///< without any sample that was measured
  static constexpr std::uint64_t most_blind = 10;            ///< samples that were not measured, in a row
  static constexpr milliseconds unsynchronised{600'000};     ///< after it was synchronised
  static constexpr milliseconds unsealed{26 * 3600'000LL};   ///< since the last sealed day ended …
  static constexpr milliseconds catches_up{1'800'000};       ///< … and we have had so long to do it
  static constexpr std::uint64_t least_free = 512ULL << 20;  ///< bytes
  static constexpr std::uint64_t most_late = 100;            ///< slots in a minute, and a tenth of all

 private:
  bool lasts(std::string_view name, bool wrong, wall_t now, milliseconds least);
  [[nodiscard]] fault since(std::string_view name, bool wrong, wall_t now) const;
  bool paused(const daemon_tallies& c);
  bool late(const daemon_tallies& c, wall_t now);
  bool blind(const daemon_tallies& c, wall_t now);

  std::map<std::string_view, wall_t> since_;
  bool was_synchronised_ = false;
  std::optional<wall_t> kept_since_;
  wall_t minute_ = wall_min;
  std::uint64_t late_before_ = 0, samples_before_ = 0;
  bool late_ = false;
  wall_t late_since_ = wall_min;  ///< when the minute began by which it is judged
  std::uint64_t measured_ = 0, unmeasured_then_ = 0;
  wall_t measured_at_ = wall_min;
  struct pause {
    wall_t began{}, ended{};  ///< labels
    friend bool operator==(const pause&, const pause&) = default;
  };
  std::optional<pause> known_pause_;  ///< as the tallies had it at the last look
  static constexpr std::size_t most_pauses = 64;
  std::deque<pause> pauses_;  ///< the last ones, as they were seen: their labels are no order, and none's own
};

}  // namespace changtong
