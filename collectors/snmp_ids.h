#pragma once
#include <cstdint>

#include "collectors/net/cookies.h"
#include "collectors/net/scramble.h"

namespace changtong {

/** 0x40000000, and 18 bits of table index with 12 bits of cookie, scrambled: always four BER bytes, never negative. An
 * agent that is asked learns nothing of what others are asked, and has to guess all 30 bits to answer for them. */
class request_ids {
 public:
  static constexpr std::uint32_t mark = 0x40000000, cookie_mask = 0xfff;
  struct parts {
    std::uint32_t index;
    std::uint64_t cookie;
  };
  request_ids() : order_({random_.next(), random_.next(), random_.next(), random_.next()}) {}
  [[nodiscard]] std::uint32_t of(std::uint32_t index, std::uint64_t cookie) const {
    return mark | order_.there(index << 12U | static_cast<std::uint32_t>(cookie & cookie_mask));
  }
  static bool ours(std::int64_t id) { return id >= mark && id < 2 * std::int64_t{mark}; }
  [[nodiscard]] parts parts_of(std::int64_t id) const {
    const std::uint32_t plain = order_.back(static_cast<std::uint32_t>(id) & ~mark);
    return {plain >> 12U, plain & cookie_mask};
  }

 private:
  net::cookies random_;
  net::scramble order_;
};

}  // namespace changtong
