#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

namespace changtong::net {

/** Unpredictable 64-bit numbers from the kernel, 512 for each system call. Throws if the kernel gives none (a bug of
 * the installation: without them replies could be forged). */
class cookies {
 public:
  [[nodiscard]] std::uint64_t next() {
    if (left_ == 0) refill();
    return pool_[--left_];
  }

 private:
  void refill();
  std::array<std::uint64_t, 512> pool_{};
  std::size_t left_ = 0;
};

}  // namespace changtong::net
