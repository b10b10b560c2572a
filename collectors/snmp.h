#pragma once
/** SNMP v1, v2c and v3: one GET of sysUpTime.0 and, for each interface, status, octets and errors, of up to eight also
 * admin status, discards and speed (RFC 3418, RFC 2863). Arguments: `credential=NAME` (required), `port=161`, `if=2`,
 * `if=1+3` or `if=name:GE0/0/1+alias:…` (at most 16), `profile=auto` or one of config/profiles, `any_source=no` to
 * refuse what comes from another address or port than was asked.
 *
 * Any answer that carries our request-id is good: the line carries. What it lacks is a missing fact, what is odd about
 * it a word in the detail. One whose end is missing is bad (cut_short); and where something came that is no answer to
 * the question, forget() says what it was in place of a timeout. Octets are of 64 bits, of 32 where an agent has no
 * others. */
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "collectors/collector.h"
#include "collectors/net/syscalls.h"
#include "collectors/snmp_access.h"
#include "collectors/snmp_names.h"
#include "collectors/snmp_profile.h"
#include "collectors/snmp_wish.h"

namespace changtong {

struct asked_interface {
  std::uint32_t index = 0;             ///< ifIndex
  std::uint32_t shown = 0;             ///< fact::index of what it tells
  name_column by = name_column::none;  ///< how it was found: that name is asked along
  friend bool operator==(const asked_interface&, const asked_interface&) = default;
};

/** Everything that decides a request's bytes. Checks with the same settings share one, and so one template;
 * `number` is never used again in a process, so that a template cannot meet another class after a reload. */
struct snmp_request_class {
  std::uint32_t number = 0;
  std::shared_ptr<const snmp_access> access;
  std::vector<interface_wish> wishes;       ///< as the check says
  std::vector<asked_interface> interfaces;  ///< those whose ifIndex is known
};
/** The class of a check as it is written; equal ones are one. Any thread, as the next. */
[[nodiscard]] std::shared_ptr<const snmp_request_class> wished_class(std::shared_ptr<const snmp_access> access,
                                                                     std::vector<interface_wish> wishes);
/** The class of a check whose names have been found. */
[[nodiscard]] std::shared_ptr<const snmp_request_class> found_class(const snmp_request_class& wished,
                                                                    std::vector<asked_interface> interfaces);

struct snmp_settings : check_settings {
  std::shared_ptr<const snmp_request_class> request;
  profile_wish profile;
  std::uint16_t port = 161;
  bool any_source = true;  ///< an answer with the right request-id counts wherever it comes from
  /** The first question is for octets of both widths, and only that: there may be agents that more objects silence.
   * Changed by the probe thread alone. */
  mutable bool asked_once = false;
  /** Something has to be found out of the agent (snmp_scout). */
  bool needs_scouting = false;
  [[nodiscard]] std::vector<fact_place> facts() const override;

 private:
  void add_profile_places(std::vector<fact_place>& to) const;
};

kind_entry snmp_kind();
/** Reads columns of tables (or scalars, by their names without the 0) of the agent that a check of this kind asks,
 * as `probe` and `discover` do: blocks until it has them or `most` has gone; then what is not known is not there. */
[[nodiscard]] snmp_columns_read read_columns(const check& agent, std::span<const wire::object_name> columns,
                                             nanoseconds most, const net::syscalls& calls);
/** `calls` outlives the collector. */
[[nodiscard]] std::unique_ptr<collector> make_snmp(answer_sink& sink, const net::syscalls& calls);

}  // namespace changtong
