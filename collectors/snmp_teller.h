#pragma once
/** What an SNMP answer tells: its numbers as facts, and what a person should know of it. Buffers are kept from one
 * answer to the next. Probe thread only. */
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/net/flights.h"
#include "collectors/snmp.h"
#include "collectors/snmp_meter.h"
#include "collectors/snmp_question.h"
#include "collectors/snmp_scout.h"

namespace changtong {

/** An answer that was read, and what it answers. */
struct snmp_facts {
  const net::flight& flight;
  const snmp_settings& settings;
  const snmp_request_class& request;
  snmp_form form;
  const wire::snmp_answer& answer;
  std::size_t asked;  ///< how many objects
};

class snmp_teller {
 public:
  /** Valid until the next answer, as the next. An interface that answers by another name than it was found by tells
   * nothing; its agent's names are looked up again. */
  [[nodiscard]] std::span<const fact> facts_of(const snmp_facts& a, snmp_meter& meter, snmp_scout& scout);
  [[nodiscard]] std::string_view detail_of(const snmp_facts& a, std::string_view odd, snmp_scout& scout);

 private:
  void take_interface(const snmp_facts& a, std::size_t k, snmp_meter& meter);
  void take_use(const snmp_facts& a, std::size_t k, snmp_meter& meter);
  [[nodiscard]] bool names_hold(const snmp_facts& a, snmp_scout& scout);

  std::vector<fact> facts_;
  std::vector<bool> renamed_;  ///< by interface
  std::string detail_;
};

}  // namespace changtong
