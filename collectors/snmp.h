#pragma once
/** SNMP v2c: one GET of sysUpTime.0 and, for each interface, status, 64-bit octets and errors (RFC 3418, RFC 2863).
 * Arguments: `credential=NAME` (required), `port=161`, `if=2` or `if=1+3` (at most 16 ifIndex values).
 *
 * Any whole answer that carries sysUpTime is good: the agent is reachable. An interface it does not have is a missing
 * fact and a word in the detail. */
#include <cstdint>
#include <memory>
#include <vector>

#include "collectors/collector.h"
#include "collectors/net/syscalls.h"

namespace changtong {

/** Everything that decides a request's bytes. Checks with the same settings share one, and so one template;
 * `number` is never used again in a process, so that a template cannot meet another class after a reload. */
struct snmp_request_class {
  std::uint32_t number = 0;
  secret community;
  std::vector<std::uint32_t> interfaces;
};

struct snmp_settings : check_settings {
  std::shared_ptr<const snmp_request_class> request;
  std::uint16_t port = 161;
  [[nodiscard]] std::vector<fact_place> facts() const override;
};

kind_entry snmp_kind();
/** `calls` outlives the collector. */
[[nodiscard]] std::unique_ptr<collector> make_snmp(answer_sink& sink, const net::syscalls& calls);

}  // namespace changtong
