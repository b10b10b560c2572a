#include "daemon/simulate/routers.h"

#include <algorithm>

namespace changtong::simulate {
namespace {

ip_address address_of(std::uint32_t number) {
  ip_address a;
  for (std::size_t i = 0; i < 4; ++i) a.bytes[i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
  return a;
}

/** 198.18/15 is for tests of networks (RFC 2544): nobody takes it for an address of their own. */
ip_address core() { return address_of(0xc6120001); }
ip_address core_of(const district& d, std::string_view carrier) {
  std::uint32_t number = 1;
  for (const char c : carrier) number = number * 31 + static_cast<std::uint8_t>(c);
  return address_of(0xc6130001 + (number + static_cast<std::uint32_t>(d.seed)) % 250 * 256);
}

}  // namespace

seen_path traced(const district& d, const cut_lines& cut, std::uint32_t line) {
  const district_line& l = d.lines[line];
  const bool below = l.parent != no_line;
  const district_line& uppermost = below ? d.lines[l.parent] : l;
  seen_path seen{.hops = {core(), core_of(d, uppermost.carrier)}, .reached = true};
  if (below) seen.hops.emplace_back(address_of(uppermost.address));
  const auto broken = cut.find(line);
  if (broken == cut.end()) return seen;
  seen.reached = false;
  if (broken->second == trouble_kind::carrier_cut) seen.hops.resize(1);
  if (broken->second == trouble_kind::township_cut) seen.hops.resize(2);
  return seen;
}

std::uint32_t line_at(const district& d, const ip_address& address) {
  const auto found =
      std::ranges::find_if(d.lines, [&](const district_line& l) { return address_of(l.address) == address; });
  return found == d.lines.end() ? no_line : static_cast<std::uint32_t>(found - d.lines.begin());
}

}  // namespace changtong::simulate
