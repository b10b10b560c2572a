#pragma once
/** How much of its bandwidth an interface uses, from octets counted between two answers. Only differences that mean
 * something are told: nothing over a restart, a discontinuity, another width of the counters, a count that went back or
 * one that no interface of its speed could make. Pure but for its memory; one thread. */
#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

#include "daemon/core/instant.h"

namespace changtong {

class snmp_meter {
 public:
  struct counted {
    mono_t sent{};
    std::uint64_t in = 0, out = 0;
    bool narrow = false;                         ///< counters of 32 bits
    std::optional<std::uint64_t> up_time;        ///< hundredths
    std::optional<std::uint64_t> discontinuity;  ///< ifCounterDiscontinuityTime
    std::uint64_t speed_mbps = 0;                ///< ifHighSpeed; 0 = not known
  };
  /** Bits a second. */
  struct rates {
    double in = 0, out = 0;
  };
  /** Newcomers beyond `most` interfaces have no rates, until others have not been read for three hours. */
  explicit snmp_meter(std::size_t most = 1U << 18U) : most_(most) {}
  /** `who` names an interface of an agent. Empty until nine seconds are counted. Devices renew their counters every
   * few seconds, some every thirty: so a rate is of at least nine, and of as many as pass until they move, up to a
   * minute; in between the last one is told again. */
  [[nodiscard]] std::optional<rates> take(std::uint64_t who, const counted& now);

 private:
  /** A reading and the rate that led to it, small: there are as many as interfaces. */
  struct state {
    mono_t sent{};
    std::uint64_t in = 0, out = 0;
    std::uint32_t up_time = 0, discontinuity = 0;
    float in_rate = 0, out_rate = 0;
    bool narrow = false, has_up_time = false, has_discontinuity = false, known = false;
  };
  [[nodiscard]] static state kept(const counted& r, std::optional<rates> last);
  [[nodiscard]] static bool same_count(const state& before, const counted& now);
  [[nodiscard]] bool has_room(mono_t now);
  std::size_t most_;
  mono_t swept_{};
  std::unordered_map<std::uint64_t, state> interfaces_;
};

}  // namespace changtong
