#pragma once
/** SNMP v2c: one GET of sysUpTime.0 and, for each interface, status, octets and errors (RFC 3418, RFC 2863).
 * Arguments: `credential=NAME` (required), `port=161`, `if=2` or `if=1+3` (at most 16 ifIndex values),
 * `any_source=no` to refuse what comes from another address or port than was asked.
 *
 * Any answer that carries our request-id is good: the line carries. What it lacks is a missing fact, what is odd about
 * it a word in the detail. One whose end is missing is bad (cut_short); and where something came that is no answer to
 * the question, forget() says what it was in place of a timeout. Octets are of 64 bits, of 32 where an agent has no
 * others. */
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
  bool any_source = true;  ///< an answer with the right request-id counts wherever it comes from
  /** The first question is for octets of both widths, and only that: there may be agents that more objects silence.
   * Changed by the probe thread alone. */
  mutable bool asked_once = false;
  [[nodiscard]] std::vector<fact_place> facts() const override;
};

kind_entry snmp_kind();
/** `calls` outlives the collector. */
[[nodiscard]] std::unique_ptr<collector> make_snmp(answer_sink& sink, const net::syscalls& calls);

}  // namespace changtong
