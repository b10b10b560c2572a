/** Every byte string as an SNMP answer: our lenient reader as the collector uses it, and net-snmp beside it. What the
 * library takes for a v2c response we tie to the same question; where we find nothing odd, both read the same values.
 */
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wconversion"
#pragma clang diagnostic ignored "-Wold-style-cast"
#pragma clang diagnostic ignored "-Wpedantic"
extern "C" {
#include <net-snmp/net-snmp-config.h>
// clang-format off
#include <net-snmp/net-snmp-includes.h>
// clang-format on
}
#pragma clang diagnostic pop

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <vector>

#include "collectors/wire/snmp_answer.h"
#include "collectors/wire/snmp_envelope.h"

using namespace changtong;

namespace {

using sort = wire::snmp_value::sort;

const std::vector<wire::snmp_object> asked{
    {{0x2b, 6, 1, 2, 1, 1, 3, 0}, wire::snmp_time_ticks},
    {{0x2b, 6, 1, 2, 1, 2, 2, 1, 8, 2}, wire::snmp_integer, 1, 7},
    {{0x2b, 6, 1, 2, 1, 31, 1, 1, 1, 6, 2}, wire::snmp_counter64},
    {{0x2b, 6, 1, 2, 1, 31, 1, 1, 1, 10, 2}, wire::snmp_counter64},
    {{0x2b, 6, 1, 2, 1, 2, 2, 1, 14, 2}, wire::snmp_counter32},
};

struct free_pdu {
  void operator()(netsnmp_pdu* p) const { snmp_free_pdu(p); }
};
using owned_pdu = std::unique_ptr<netsnmp_pdu, free_pdu>;

/** The message as the library reads it; null where it refuses, and for what is no v2c response. */
owned_pdu library_reads(const std::uint8_t* data, std::size_t size) {
  static netsnmp_session session = [] {
    snmp_disable_log();
    netsnmp_register_loghandler(NETSNMP_LOGHANDLER_NONE, LOG_DEBUG);
    netsnmp_session s;
    snmp_sess_init(&s);
    s.version = SNMP_VERSION_2c;
    return s;
  }();
  std::vector<u_char> copy(data, data + size);
  owned_pdu pdu(static_cast<netsnmp_pdu*>(std::calloc(1, sizeof(netsnmp_pdu))));
  if (snmp_parse(nullptr, &session, pdu.get(), copy.data(), copy.size()) != 0) return nullptr;
  return pdu->command == SNMP_MSG_RESPONSE && pdu->version == SNMP_VERSION_2c ? std::move(pdu) : nullptr;
}

std::uint64_t number_of(const netsnmp_variable_list& v) {
  if (v.type == ASN_COUNTER64)
    return std::uint64_t{v.val.counter64->high & 0xffffffffU} << 32U | (v.val.counter64->low & 0xffffffffU);
  if (v.type == ASN_INTEGER) return static_cast<std::uint64_t>(*v.val.integer);
  return static_cast<std::uint32_t>(*v.val.integer);
}

void compare(const netsnmp_pdu& theirs, const wire::snmp_answer& ours) {
  if (theirs.errstat != static_cast<std::int32_t>(ours.error_status)) std::abort();
  std::size_t at = 0;  // nothing is odd: only what was asked, each at most once, in this order
  for (const netsnmp_variable_list* v = theirs.variables; v != nullptr; v = v->next_variable, ++at) {
    const std::vector<oid> name(v->name, v->name + v->name_length);
    const auto is = [&](const wire::snmp_object& o) {
      return std::equal(name.begin() + 2, name.end(), o.name.begin() + 1, o.name.end());
    };
    while (at < asked.size() && !is(asked[at])) ++at;
    if (at == asked.size()) std::abort();
    if (ours.values[at].what == sort::number && ours.values[at].number != number_of(*v)) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static wire::snmp_answer answer;
  const wire::bytes message(data, size);
  static_cast<void>(wire::snmp_names(message));
  static_cast<void>(wire::read_snmp_envelope(message, wire::of_unknown_length));
  const wire::snmp_envelope e = wire::read_snmp_envelope(message);
  if (e.known && (e.id_length == 0 || e.id_offset + e.id_length + e.rest.size() > size)) std::abort();
  const owned_pdu library = library_reads(data, size);
  if (library && (!e.known || e.cut)) std::abort();
  if (library && static_cast<std::int32_t>(library->reqid) != static_cast<std::int32_t>(e.request_id)) std::abort();
  if (!e.known) return 0;
  answer.odd = e.odd;
  wire::read_snmp_answer(e.rest, asked, answer);
  if (library && !answer.odd.any()) compare(*library, answer);
  return 0;
}
