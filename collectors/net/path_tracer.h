#pragma once
/** Follows paths by echoes whose time to live is limited, over a socket of its own: a ping socket where this host
 * allows them (the kernel then sorts the answers), else a raw one, opened while a path is being followed. IPv4 and
 * IPv6.
 *
 * It never blocks, and asks at most `a_second` echoes a second and `most_at_once` in a tick: probes come first. Probe
 * thread only. */
#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "collectors/net/cookies.h"
#include "collectors/net/datagram_port.h"
#include "collectors/net/icmp_socket.h"
#include "collectors/net/path_search.h"

namespace changtong::net {

class path_tracer {
 public:
  static constexpr std::size_t most_paths = 16;  ///< under way at a time
  static constexpr std::size_t most_at_once = 16;

  /** `calls` outlives it. */
  explicit path_tracer(const syscalls& calls, unsigned a_second = 100, path_limits limits = {});

  /** Whether another one may be started. */
  [[nodiscard]] bool has_room() const;
  /** `tag` is the caller's; `expected` as in path_search. Only while there is room. */
  void start(std::uint32_t tag, const ip_address& to, unsigned expected);
  /** Null: it could not be asked, for a reason of our own. */
  using told = std::function<void(std::uint32_t tag, const seen_path* seen)>;
  /** Reads, sends, and tells each path once, when it is known. */
  void tick(mono_t now, const told& followed);

 private:
  struct under_way {
    std::uint32_t tag = 0;
    ip_address to;
    path_search search;
    std::uint64_t cookie = 0;
  };
  struct side {
    datagram_port port;
    icmp_opening how;
    mono_t wanted{};     ///< last; closed when nobody has wanted it for a while
    mono_t no_sooner{};  ///< to be opened again
  };

  bool ready(side& s, bool v6, mono_t now);
  bool ask(std::size_t slot, unsigned step, mono_t now);
  bool ask_due(std::size_t slot, mono_t now);
  void read(side& s, bool v6);
  void read(const arrival& a, const side& s, bool v6);
  void take(std::uint32_t index, std::optional<std::uint64_t> cookie, const std::optional<ip_address>& to,
            const ip_address& from, path_search::word what);

  std::array<side, 2> sides_;  ///< IPv4, IPv6
  std::array<std::optional<under_way>, most_paths> paths_;
  path_limits limits_;
  unsigned a_second_;
  double allowance_ = 0;
  mono_t allowed_{};
  cookies cookies_;
  std::uint16_t id_ = 0;
  std::vector<std::uint8_t> steps_;  ///< scratch
};

}  // namespace changtong::net
