#pragma once
/** What is under way: a flat table whose position travels in the packet, found again by position or by ticket in O(1).
 *
 * A landed flight keeps its cookie until its place is used again (places are used in turn, oldest first), so that a
 * second or late answer can be told from a forged one. One thread. */
#include <cstddef>
#include <cstdint>
#include <vector>

#include "daemon/core/address.h"
#include "daemon/core/check.h"
#include "daemon/core/instant.h"

namespace changtong::net {

struct flight {
  enum class phase : std::uint8_t { unused, under_way, answered, forgotten };
  std::uint64_t cookie = 0;
  mono_t sent;
  mono_t deadline;
  const changtong::check* what = nullptr;  ///< valid only while under way
  std::uint32_t ticket = 0;
  std::uint32_t next = 0xffffffff;  ///< the next flight in the ticket's chain
  int fd = -1;                      ///< kinds with a descriptor a question
  std::uint16_t port = 0;
  std::uint16_t form = 0;  ///< the dialect's own: how it asked
  ip_address to;
  phase now = phase::unused;
  bool any_source = false;       ///< its answer may come from any address and port
  bool heard_elsewhere = false;  ///< one came from another than it was allowed to
  std::uint8_t step = 0;         ///< the dialect's own: how far a question of several datagrams has come
};

class flights {
 public:
  static constexpr std::uint32_t none = 0xffffffff;
  static constexpr std::uint32_t most = 1U << 18U;  ///< positions fit 18 bits of an SNMP request-id

  flights();
  /** A new flight under way, or none if `most` are. The ticket must not be under way (a bug otherwise). */
  [[nodiscard]] std::uint32_t take_off(std::uint32_t ticket, const changtong::check& what, std::uint64_t cookie);
  void land(std::uint32_t index, flight::phase how);

  /** Null for a position that no flight ever had. `index` may come from a packet. */
  [[nodiscard]] flight* at(std::uint32_t index) { return index < table_.size() ? &table_[index] : nullptr; }
  [[nodiscard]] std::uint32_t with_ticket(std::uint32_t ticket) const;
  [[nodiscard]] std::size_t under_way() const { return table_.size() - free_count_; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(table_.size()); }

 private:
  void grow();
  [[nodiscard]] std::uint32_t& chain_of(std::uint32_t ticket) { return chains_[ticket & (chains_.size() - 1)]; }

  std::vector<flight> table_;
  std::vector<std::uint32_t> chains_;  ///< by the ticket's low bits; as many as places, a power of two
  std::vector<std::uint32_t> free_;    ///< a ring of free places
  std::size_t free_first_ = 0;
  std::size_t free_count_ = 0;
};

}  // namespace changtong::net
