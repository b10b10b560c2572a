/** Every byte string as a v3 message: read, opened with keys of each kind, and told to an agent's state as an answer to
 * a question of ours, which ends however often it makes us ask again. */
#include <cstdlib>
#include <vector>

#include "collectors/net/usm.h"
#include "collectors/snmp_engines.h"
#include "collectors/wire/snmp3_message.h"
#include "collectors/wire/snmp_envelope.h"

using namespace changtong;

namespace {

using byte_vector = std::vector<std::uint8_t>;

snmp_access access_with(net::auth_protocol auth, net::privacy_protocol privacy, std::uint32_t number) {
  snmp_access a;
  a.number = number;
  a.version = wire::snmp3_version;
  a.user = "reader";
  a.keys = net::usm_keys_of(auth, secret("maplesyrup"), privacy, secret("maplesugar"));
  return a;
}

const std::vector<snmp_access>& everybody() {
  static const std::vector<snmp_access> all{
      access_with(net::auth_protocol::none, net::privacy_protocol::none, 0),
      access_with(net::auth_protocol::md5, net::privacy_protocol::none, 1),
      access_with(net::auth_protocol::sha1, net::privacy_protocol::aes128, 2),
      access_with(net::auth_protocol::sha256, net::privacy_protocol::des, 3),
      access_with(net::auth_protocol::sha512, net::privacy_protocol::aes256, 4),
  };
  return all;
}

/** Views must lie inside the message. */
void look_at(wire::bytes message, const wire::snmp3_message& m) {
  for (const wire::bytes part : {m.engine, m.user, m.mac, m.salt, m.scoped})
    if (!part.empty() && (part.data() < message.data() || part.data() + part.size() > message.data() + message.size()))
      std::abort();
  if (m.known && m.mac_offset + m.mac.size() > message.size()) std::abort();
  const auto s = wire::read_snmp3_scoped(m.scoped);
  if (s.known && s.rest.size() > m.scoped.size()) std::abort();
}

/** An engine that has been heard of is told the message as its answer, as often as it asks for more. */
void tell(snmp_engines& engines, const snmp_access& access, const wire::snmp3_message& m, wire::bytes message) {
  static constexpr std::uint8_t pdu[]{0xa0, 11, 2, 1, 1, 2, 1, 0, 2, 1, 0, 0x30, 0};
  const snmp_engines::agent who{{}, 161, access.number};
  const mono_t now{std::chrono::hours{1}};
  byte_vector out(1024);
  snmp_engines::step s;
  unsigned asked = 0;
  for (bool more = true; more; ++asked) {
    if (engines.write(who, access, s, 0x40000001, pdu, now, out) == 0) std::abort();
    more = engines.read(who, access, s, m, message, now).ask_again;
    if (asked > snmp_engines::step::most) std::abort();
  }
  static_cast<void>(engines.detail(who, access, snmp3_note::refused, now));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static net::usm u;
  static snmp_engines engines;
  const wire::bytes message(data, size);
  static_cast<void>(wire::read_snmp3_message(message, wire::of_unknown_length));
  static_cast<void>(wire::pdu_of_community_message(message));
  static_cast<void>(wire::read_snmp3_scoped(message));
  const auto m = wire::read_snmp3_message(message);
  if (!m.known) return 0;
  look_at(message, m);
  for (const snmp_access& a : everybody()) {
    const auto keys = net::localized(a.keys, m.engine);
    const auto opened = u.open(keys, m, message);
    if (opened.authentic() && a.keys.auth == net::auth_protocol::none) std::abort();
    static_cast<void>(wire::read_snmp3_scoped(opened.scoped));
    if (!m.cut) tell(engines, a, m, message);
  }
  return 0;
}
