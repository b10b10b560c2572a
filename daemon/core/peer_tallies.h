#pragma once
/** How the second book of a pair stands: written by who ships and who receives, read by the metrics page; and how the
 * copy at the centre does, to which is only shipped. Thread-safe. */
#include <atomic>
#include <cstdint>

namespace changtong {

struct peer_tallies {
  std::atomic<std::int64_t> shipped_ms{0};       ///< when the peer last said that it has all; 0: not yet
  std::atomic<std::int64_t> unshipped{0};        ///< entries of ours that it does not have, as far as known
  std::atomic<std::uint64_t> failures{0};        ///< attempts to ship
  std::atomic<std::int64_t> received_ms{0};      ///< when its last shipment was taken; 0: none yet
  std::atomic<std::int64_t> clock_offset_ms{0};  ///< the peer's clock less ours, by the last exchange
  std::atomic<std::int64_t> begun_anew_ms{
      0};  ///< when the copy here was last set aside and begun anew; 0: not since the start
  std::atomic<std::uint64_t> set_aside{0};  ///< copies, since the start
  std::atomic<std::uint64_t> left_out{0};   ///< entries of its people that do not count here: memory is bounded
  std::atomic<bool> ours_forked{false};     ///< the copy there goes on differently from ours
  std::atomic<bool> theirs_forked{false};   ///< and the copy here from what it ships
};

}  // namespace changtong
