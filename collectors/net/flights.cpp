#include "collectors/net/flights.h"

#include <cassert>

namespace changtong::net {
namespace {
constexpr std::size_t at_first = 1024;
}

flights::flights() { grow(); }

void flights::grow() {
  const std::size_t before = table_.size();
  const std::size_t after = before == 0 ? at_first : before * 2;
  table_.resize(after);
  chains_.assign(after, none);
  for (std::uint32_t i = 0; i < before; ++i) {
    std::uint32_t& head = chain_of(table_[i].ticket);
    table_[i].next = head;
    head = i;
  }
  // Only called when every place is taken: the free ring is exactly the new places.
  free_.resize(after);
  free_first_ = 0;
  free_count_ = after - before;
  for (std::size_t i = 0; i < free_count_; ++i) free_[i] = static_cast<std::uint32_t>(before + i);
}

std::uint32_t flights::take_off(std::uint32_t ticket, const changtong::check& what, std::uint64_t cookie) {
  assert(with_ticket(ticket) == none);
  if (free_count_ == 0) {
    if (table_.size() >= most) return none;
    grow();
  }
  const std::uint32_t index = free_[free_first_];
  free_first_ = (free_first_ + 1) & (free_.size() - 1);
  --free_count_;
  flight& f = table_[index];
  std::uint32_t& head = chain_of(ticket);
  f = {};
  f.cookie = cookie;
  f.what = &what;
  f.ticket = ticket;
  f.next = head;
  f.to = what.address;
  f.now = flight::phase::under_way;
  head = index;
  return index;
}

void flights::land(std::uint32_t index, flight::phase how) {
  flight& f = table_[index];
  assert(f.now == flight::phase::under_way);
  std::uint32_t* link = &chain_of(f.ticket);
  while (*link != index) link = &table_[*link].next;
  *link = f.next;
  f.next = none;
  f.now = how;
  f.what = nullptr;
  free_[(free_first_ + free_count_) & (free_.size() - 1)] = index;
  ++free_count_;
}

std::uint32_t flights::with_ticket(std::uint32_t ticket) const {
  std::uint32_t index = chains_[ticket & (chains_.size() - 1)];
  while (index != none && table_[index].ticket != ticket) index = table_[index].next;
  return index;
}

}  // namespace changtong::net
