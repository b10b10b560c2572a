#pragma once
/** Echo requests over IPv4 and IPv6. Arguments: `size=` payload bytes, 24 to 1472, default 56; `count=` echoes a
 * question, 1 to 50, default 1, `gap=` between them, 10 ms to 1 s, default 50 ms, and `least=` of them that must come
 * back, default 1. Of a burst `sent` is the first echo's, the round trip the median. */
#include "collectors/collector.h"
#include "collectors/net/syscalls.h"

namespace changtong {

struct icmp_settings : check_settings {
  static constexpr std::size_t most_echoes = 50;
  std::size_t payload = 56;
  std::size_t count = 1, least = 1;
  milliseconds gap{50};
  [[nodiscard]] bool is_burst() const { return count > 1; }

  [[nodiscard]] std::vector<fact_place> facts() const override;
  /** A burst is for quality beside a ping that decides: health, once a minute, a second for the last echo. */
  [[nodiscard]] habit usual() const override;
  [[nodiscard]] milliseconds asking_takes() const override { return (static_cast<std::int64_t>(count) - 1) * gap; }
};

kind_entry icmp_kind();
/** `calls` outlives the collector. */
[[nodiscard]] std::unique_ptr<collector> make_icmp(answer_sink& sink, const net::syscalls& calls);

}  // namespace changtong
