#include "collectors/net/strays.h"

#include "collectors/wire/bytes.h"
#include "daemon/core/stable_hash.h"

namespace changtong::net {
namespace {
constexpr milliseconds clock_blur{1};  // arrivals are stamped by another clock than departures
}

std::size_t strays::place_of(const ip_address& a, std::uint16_t port) {
  const auto h = stable_hash(wire::text_of(a.bytes), port);
  return (h ^ h >> 32U) % places;
}

void strays::note(const ip_address& from, std::uint16_t port, mono_t at, cause why) {
  if (seen_.empty()) seen_.resize(places);
  seen_[place_of(from, port)] = {from, port, why, at};
}

std::optional<cause> strays::from(const ip_address& where, std::uint16_t port, mono_t since) const {
  if (seen_.empty()) return std::nullopt;
  const stray& s = seen_[place_of(where, port)];
  if (s.from != where || s.port != port || s.at + clock_blur < since) return std::nullopt;
  return s.why;
}

}  // namespace changtong::net
