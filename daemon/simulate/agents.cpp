#include "daemon/simulate/agents.h"

#include <sys/resource.h>

namespace changtong::simulate {

agent_world make_world(const district& d, std::string community, mono_t began) {
  agent_world w{&d, std::move(community), {}, began};
  w.lines.reserve(d.lines.size());
  for (const district_line& line : d.lines) w.lines.push_back(make_agent(line, d.seed));
  return w;
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
