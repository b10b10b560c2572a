#pragma once
/** What came by trap, and what was not kept: written by who receives, read by the metrics page, by the names that stand
 * here. Thread-safe. */
#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace changtong {

/** Why a trap was not kept. Names are labels of a metric. */
enum class trap_drop : std::uint8_t {
  unknown_source,  ///< no line has that address
  malformed,       ///< it could not be read as a trap, or is longer than any
  credential,      ///< a community or a user that is not ours
  wrong_digest,    ///< v3: signed with another password, or changed on its way
  not_in_time,     ///< v3: an old one, or its sender's clock is wrong
  discovery,       ///< v3: no trap yet, its sender asked for our engine
  storm,           ///< more in its line's name than are read
  queue,           ///< too many wait for the ledger
  kernel,          ///< lost before we read it
};
inline constexpr std::array<std::string_view, 9> trap_drops{"unknown_source", "malformed",   "credential",
                                                            "wrong_digest",   "not_in_time", "discovery",
                                                            "storm",          "queue",       "kernel"};

struct trap_tallies {
  static constexpr std::array<std::string_view, 3> versions{"v1", "v2c", "v3"};
  std::array<std::atomic<std::uint64_t>, versions.size()> received{};  ///< from a line, and readable
  std::array<std::atomic<std::uint64_t>, trap_drops.size()> dropped{};
  std::atomic<std::uint64_t> kept{0};      ///< entries
  std::atomic<std::uint64_t> summed{0};    ///< counted in an entry to come
  std::atomic<std::uint64_t> repeated{0};  ///< informs that came before
  std::atomic<std::uint64_t> answered{0};  ///< informs, with repetitions

  void drop(trap_drop why, std::uint64_t count = 1) {
    dropped.at(static_cast<std::size_t>(why)).fetch_add(count, std::memory_order_relaxed);
  }
};

}  // namespace changtong
