#pragma once
/** Network byte order on plain bytes. Callers check bounds; these only move. */
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace changtong::wire {

using bytes = std::span<const std::uint8_t>;

[[nodiscard]] inline bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view text_of(bytes b) { return {reinterpret_cast<const char*>(b.data()), b.size()}; }

[[nodiscard]] inline std::uint16_t get16(const std::uint8_t* p) {
  return static_cast<std::uint16_t>(static_cast<unsigned>(p[0]) << 8U | p[1]);
}
[[nodiscard]] inline std::uint32_t get32(const std::uint8_t* p) {
  return static_cast<std::uint32_t>(get16(p)) << 16U | get16(p + 2);
}
[[nodiscard]] inline std::uint64_t get64(const std::uint8_t* p) {
  return static_cast<std::uint64_t>(get32(p)) << 32U | get32(p + 4);
}
inline void put16(std::uint8_t* p, std::uint16_t v) {
  p[0] = static_cast<std::uint8_t>(v >> 8U);
  p[1] = static_cast<std::uint8_t>(v);
}
inline void put32(std::uint8_t* p, std::uint32_t v) {
  put16(p, static_cast<std::uint16_t>(v >> 16U));
  put16(p + 2, static_cast<std::uint16_t>(v));
}
inline void put64(std::uint8_t* p, std::uint64_t v) {
  put32(p, static_cast<std::uint32_t>(v >> 32U));
  put32(p + 4, static_cast<std::uint32_t>(v));
}

}  // namespace changtong::wire
