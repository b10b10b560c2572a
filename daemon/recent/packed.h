#pragma once
/** A figure in 16 bits: exact up to 4,095, then to one in 4,096, up to 4e12. Five bits say how far the other eleven are
 * shifted. */
#include <algorithm>
#include <cstdint>

namespace changtong::recent {

using packed = std::uint16_t;
inline constexpr packed no_figure = 0xffff;    ///< nobody measured it
inline constexpr packed most_packed = 0xfffe;  ///< what is larger is told as this

constexpr packed pack(std::uint64_t value) {
  constexpr std::uint64_t told = 4096;  // a larger one is halved until it is less
  std::uint64_t shift = 0, rounded = value;
  for (; rounded >= told; ++shift) rounded = value >> (shift + 1);
  if (shift > 0) rounded += value >> (shift - 1) & 1U;  // at the most `told`, whose code is the next shift's first
  return static_cast<packed>(std::min<std::uint64_t>(shift * 2048 + rounded, most_packed));
}

/** Of anything but no_figure. */
constexpr std::uint64_t unpack(packed p) {
  const std::uint64_t shift = p / 2048U;
  return shift == 0 ? p : std::uint64_t{p % 2048U + 2048U} << (shift - 1);
}

}  // namespace changtong::recent
