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

std::int64_t unsigned_of(const netsnmp_variable_list& v) {
  return static_cast<std::int64_t>(static_cast<std::uint32_t>(*v.val.integer));
}

snmp_value value_of(const netsnmp_variable_list& v) {
  using sort = snmp_value::sort;
  switch (v.type) {
    case ASN_INTEGER:
      return {sort::number, static_cast<std::int64_t>(*v.val.integer)};
    case ASN_COUNTER:
    case ASN_GAUGE:
    case ASN_TIMETICKS:
      return {sort::number, unsigned_of(v)};
    case ASN_COUNTER64:
      return {sort::number, static_cast<std::int64_t>(std::uint64_t{v.val.counter64->high & 0xffffffffU} << 32U |
                                                      (v.val.counter64->low & 0xffffffffU))};
    case SNMP_NOSUCHOBJECT:
    case SNMP_NOSUCHINSTANCE:
    case SNMP_ENDOFMIBVIEW:
    case ASN_NULL:
      return {sort::missing, 0};
    default:
      return {sort::other, 0};
  }
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

snmp_template snmp_codec::make_get(const secret& community, std::vector<object_id> objects) {
  snmp_template made;
  made.objects = std::move(objects);
  const owned_pdu pdu(snmp_pdu_create(SNMP_MSG_GET));
  const std::string& name = community.reveal();
  pdu->version = SNMP_VERSION_2c;
  pdu->reqid = placeholder_id;
  pdu->errstat = 0;
  pdu->errindex = 0;
  pdu->community = static_cast<u_char*>(std::malloc(name.size() + 1));
  std::copy_n(name.c_str(), name.size() + 1, pdu->community);
  pdu->community_len = name.size();
  for (const object_id& o : made.objects) {
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
  if (!envelope || envelope->id_length != 4)
    made.packet.clear();
  else
    made.id_offset = envelope->id_offset;
  return made;
}

bool snmp_codec::read(std::span<const std::uint8_t> message, const std::vector<object_id>& asked, snmp_reply& out) {
  copy_.assign(message.begin(), message.end());
  const owned_pdu pdu(static_cast<netsnmp_pdu*>(std::calloc(1, sizeof(netsnmp_pdu))));
  if (snmp_parse(nullptr, &conversation(), pdu.get(), copy_.data(), copy_.size()) != 0) return false;
  if (pdu->command != SNMP_MSG_RESPONSE) return false;
  out.error_status = pdu->errstat;
  out.count = 0;
  for (const netsnmp_variable_list* v = pdu->variables; v != nullptr; v = v->next_variable) {
    if (out.count >= asked.size() || out.count >= snmp_reply::most) return false;  // more than was asked
    const object_id& name = asked[out.count];
    const bool same = std::equal(name.begin(), name.end(), v->name, v->name + v->name_length);
    out.values[out.count++] = same ? value_of(*v) : snmp_value{snmp_value::sort::wrong_object, 0};
  }
  return true;
}

}  // namespace changtong::net
