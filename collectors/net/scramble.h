#pragma once
#include <array>
#include <cstdint>

namespace changtong::net {

/** A secret order of the 30-bit numbers: who sees some of ours cannot tell what the others are, though what we number
 * (places, used in turn) is easily guessed. Four rounds of Feistel; made for speed and against guessing by people who
 * see a stream of numbers, not to keep a text secret. */
class scramble {
 public:
  using keys = std::array<std::uint64_t, 4>;
  explicit scramble(const keys& k) : keys_(k) {}

  [[nodiscard]] std::uint32_t there(std::uint32_t x) const {
    std::uint32_t left = x >> half, right = x & mask;
    for (const std::uint64_t k : keys_) {
      const std::uint32_t next = left ^ mixed(right, k);
      left = right;
      right = next;
    }
    return left << half | right;
  }
  [[nodiscard]] std::uint32_t back(std::uint32_t x) const {
    std::uint32_t left = x >> half, right = x & mask;
    for (std::size_t round = keys_.size(); round-- > 0;) {
      const std::uint32_t before = right ^ mixed(left, keys_[round]);
      right = left;
      left = before;
    }
    return left << half | right;
  }

 private:
  static constexpr unsigned half = 15;
  static constexpr std::uint32_t mask = (1U << half) - 1;
  static std::uint32_t mixed(std::uint32_t x, std::uint64_t key) {
    std::uint64_t h = (x + 1) * 0x9e3779b97f4a7c15ULL ^ key;  // the finalizer of MurmurHash3
    h = (h ^ h >> 33U) * 0xff51afd7ed558ccdULL;
    h = (h ^ h >> 33U) * 0xc4ceb9fe1a85ec53ULL + key;
    return static_cast<std::uint32_t>(h >> 41U) & mask;
  }
  keys keys_;
};

}  // namespace changtong::net
