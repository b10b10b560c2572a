#pragma once
/** Seeded chance that gives the same numbers on every platform (std distributions do not promise that). */
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace changtong::simulate {

class dice {
 public:
  explicit dice(std::uint64_t seed) : state_(seed) {}

  /** splitmix64 */
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  /** 0 .. n-1; n > 0. The bias below 2^-32 does not matter here. */
  std::uint64_t below(std::uint64_t n) { return next() % n; }
  /** low .. high, both included. */
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
  }
  /** 0 <= x < 1 */
  double share() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }
  template <class T>
  void shuffle(std::vector<T>& all) {
    for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[below(i)]);
  }

 private:
  std::uint64_t state_;
};

}  // namespace changtong::simulate
