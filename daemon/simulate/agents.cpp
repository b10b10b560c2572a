#include "daemon/simulate/agents.h"

#include <sys/resource.h>

namespace changtong::simulate {

agent_world make_world(const district& d, std::string community, mono_t began) {
  auto secured = std::make_unique<secured_agents>(community);
  agent_world w{&d, std::move(community), {}, began, std::move(secured)};
  w.lines.reserve(d.lines.size());
  for (const district_line& line : d.lines) w.lines.push_back(make_agent(line, d.seed));
  return w;
}

std::size_t agent_world::answer(std::uint32_t line, std::span<const std::uint8_t> datagram,
                                std::span<std::uint8_t, most_response_bytes> out) const {
  const auto running = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began);
  if (is_secured(where->lines[line], line)) return secured->answer(lines[line], datagram, running, out);
  return answer_datagram(lines[line], community, datagram, running, out);
}

void agent_world::restart(std::uint32_t line) {
  agent& a = lines[line];
  ++a.restarts;
  a.restarted = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began);
}

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  if (limit.rlim_cur < limit.rlim_max) {
    const rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return before;
  }
  return limit.rlim_cur;
}

result<std::unique_ptr<agents>> open_agents(boost::asio::io_context& io, agent_world world, std::size_t descriptors) {
  // The rest is for the daemon in the same process: its probes' sockets, ledger, visitors.
  const std::size_t lines = world.lines.size();
  const std::size_t needed = 2 * lines + lines / 2 + 1024;
  return needed <= descriptors ? open_own_sockets(io, std::move(world)) : open_shared_sockets(io, std::move(world));
}

}  // namespace changtong::simulate
