#pragma once
/** Columns of many agents' tables, read once by a person's wish: `discover`, `check --live`. Blocks, but never for one
 * agent: all are asked side by side, each from a socket of its own, and one that is silent costs the others nothing.
 * What was read before something went wrong stays. Uses net/snmp_codec: only where no collector runs beside it. */
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "collectors/collector.h"
#include "collectors/net/syscalls.h"
#include "collectors/snmp_walk.h"
#include "daemon/core/phrase.h"

namespace changtong {

struct agent_place {
  ip_address address;
  std::uint16_t port = 161;
  const credential* by = nullptr;  ///< of any version; outlives the survey
};

struct agent_tables {
  bool answered = false;
  /** Why it was not, or not wholly read; empty: every column was read to its end. */
  phrase trouble{};
  /** As asked for, those behind a failure too (then without rows); none of an agent that was never begun with. */
  std::vector<snmp_walk> columns{};
};

struct survey_limits {
  milliseconds timeout{1000};    ///< of one question; each is asked again as snmp_walk says
  milliseconds longest{60'000};  ///< for one agent
  std::size_t at_once = 64;      ///< agents
  /** Of all agents' answers together. Beyond, only those are read on that said less than `own_rows` and `own_bytes`, so
   * that one that has no end takes nothing from the others. */
  std::size_t rows = 200'000;
  std::size_t bytes = 64U << 20U;
  std::size_t own_rows = 1024;
  std::size_t own_bytes = 256U << 10U;
  snmp_walk_limits walk{.rows = 4096, .questions = 512, .bytes = 1U << 20U, .repetitions = 20, .silences = 3};
};

/** Takes one agent's tables, by its place among the agents, as soon as it has been asked all. */
using tables_taker = std::function<void(std::size_t agent, agent_tables tables)>;

/** Each agent's tables once, in the order in which they come. `stop` is asked after every answer; what is not read then
 * is said to be interrupted. */
void survey(std::span<const agent_place> agents, std::span<const wire::object_name> columns,
            const survey_limits& limits, const std::function<bool()>& stop, const net::syscalls& calls,
            const tables_taker& take);
/** All of them, in the order of `agents`. */
[[nodiscard]] std::vector<agent_tables> survey(std::span<const agent_place> agents,
                                               std::span<const wire::object_name> columns, const survey_limits& limits,
                                               const std::function<bool()>& stop, const net::syscalls& calls);

}  // namespace changtong
