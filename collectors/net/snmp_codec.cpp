#include "collectors/net/snmp_codec.h"

// The library's headers are C, and not clean.
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

#include "collectors/wire/snmp_envelope.h"

namespace changtong::net {
namespace {

struct free_pdu {
  void operator()(netsnmp_pdu* p) const { snmp_free_pdu(p); }
};
using owned_pdu = std::unique_ptr<netsnmp_pdu, free_pdu>;

struct free_memory {
  void operator()(void* p) const { std::free(p); }
};

/** What snmp_build and snmp_parse want to know of a session: the version. */
netsnmp_session& conversation() {
  static netsnmp_session s = [] {
    netsnmp_session fresh;
    // init_snmp() would read MIBs and make directories; this sets the library's defaults only.
    snmp_sess_init(&fresh);
    fresh.version = SNMP_VERSION_2c;
    return fresh;
  }();
  return s;
}

constexpr std::uint32_t placeholder_id = 0x40000000;

snmp_template build(const owned_pdu& pdu, const secret& community, std::span<const object_id> objects) {
  snmp_template made;
  const std::string& name = community.reveal();
  pdu->version = SNMP_VERSION_2c;
  pdu->reqid = placeholder_id;
  if (pdu->command != SNMP_MSG_GETBULK) pdu->errstat = pdu->errindex = 0;
  pdu->community = static_cast<u_char*>(std::malloc(name.size() + 1));
  std::copy_n(name.c_str(), name.size() + 1, pdu->community);
  pdu->community_len = name.size();
  for (const object_id& o : objects) {
    const std::vector<oid> wide(o.begin(), o.end());
    snmp_add_null_var(pdu.get(), wide.data(), wide.size());
  }
  std::size_t capacity = 4096, length = 0;
  u_char* buffer = static_cast<u_char*>(std::malloc(capacity));
  const int failed = snmp_build(&buffer, &capacity, &length, &conversation(), pdu.get());
  const std::unique_ptr<u_char, free_memory> owned(buffer);
  if (failed != 0 || length > capacity) return made;
  made.packet.assign(buffer + capacity - length, buffer + capacity);  // encoded backwards: at the end of the buffer
  const auto envelope = wire::read_snmp_envelope(made.packet);
  if (!envelope.known || envelope.id_length != 4)
    made.packet.clear();
  else
    made.id_offset = envelope.id_offset;
  return made;
}

}  // namespace

snmp_codec::snmp_codec() {
  // Without any log destination of its own the library writes to stderr.
  static const bool quiet = [] {
    snmp_disable_log();
    netsnmp_register_loghandler(NETSNMP_LOGHANDLER_NONE, LOG_DEBUG);
    return true;
  }();
  static_cast<void>(quiet);
  conversation();
}

snmp_template snmp_codec::make_get(const secret& community, std::span<const object_id> objects) {
  return build(owned_pdu(snmp_pdu_create(SNMP_MSG_GET)), community, objects);
}

snmp_template snmp_codec::make_next(const secret& community, const object_id& after) {
  return build(owned_pdu(snmp_pdu_create(SNMP_MSG_GETNEXT)), community, {&after, 1});
}

snmp_template snmp_codec::make_bulk(const secret& community, const object_id& after, std::uint16_t repetitions) {
  owned_pdu pdu(snmp_pdu_create(SNMP_MSG_GETBULK));
  pdu->max_repetitions = repetitions;
  pdu->non_repeaters = 0;
  return build(pdu, community, {&after, 1});
}

}  // namespace changtong::net
