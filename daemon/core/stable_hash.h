#pragma once
/** FNV-1a of 64 bits: the same on every machine and in every version, which std::hash does not promise. Phases, shards
 * and visitors are told apart with it; against somebody who wants two texts to meet it is no help. */
#include <cstdint>
#include <string_view>

namespace changtong {

/** `before`: the hash of what came before, to go on with. */
[[nodiscard]] constexpr std::uint64_t stable_hash(std::string_view text, std::uint64_t before = 0xcbf29ce484222325ULL) {
  for (const char c : text) before = (before ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return before;
}

}  // namespace changtong
