#include "daemon/simulate/secured_agent.h"

#include <algorithm>
#include <array>
#include <string>

#include "collectors/wire/ber_written.h"

namespace changtong::simulate {
namespace {

using net::usm_opened;
constexpr std::uint32_t boots = 3, time_window = 150;
constexpr std::string_view inside = "inside";  // the community between the two readers here
constexpr std::array<std::uint8_t, 5> engine_head{0x80, 0, 0x1f, 0x88, 4};  // what follows is text (RFC 3411)
enum usm_stat : std::uint8_t {
  out_of_time = 2,
  unknown_user = 3,
  unknown_engine = 4,
  wrong_digest = 5,
  undecryptable = 6
};

std::vector<std::uint8_t> engine_of(const agent& who) {
  std::vector<std::uint8_t> id(engine_head.begin(), engine_head.end());
  id.insert(id.end(), who.name.begin(), who.name.begin() + std::min<std::ptrdiff_t>(27, std::ssize(who.name)));
  return id;
}

/** A v2c message with this PDU, for the reader that knows nothing else. */
wire::octets as_community_message(wire::bytes pdu) {
  return wire::tlv(
      0x30, wire::joined(
                {wire::number_tlv(2, 1), wire::tlv(0x04, {inside.begin(), inside.end()}), {pdu.begin(), pdu.end()}}));
}

/** Its view gives this user nothing at a level below authPriv (RFC 3415): the question back, with authorizationError.
 */
wire::octets denied(const wire::snmp3_scoped& question) {
  constexpr std::uint8_t response = 0xa2, authorization_error = 16;
  wire::bytes rest = question.rest;
  for (int k = 0; k < 2; ++k)  // error-status and error-index, or the numbers of a GETBULK in their places
    if (rest.size() >= 2 && rest.size() >= std::size_t{2} + rest[1]) rest = rest.subspan(std::size_t{2} + rest[1]);
  return wire::tlv(response, wire::joined({wire::number_tlv(2, static_cast<std::uint32_t>(question.request_id)),
                                           wire::number_tlv(2, authorization_error),
                                           wire::number_tlv(2, 0),
                                           {rest.begin(), rest.end()}}));
}

}  // namespace

/** Whom an answer goes to, and as whom it is signed. */
struct secured_agents::reply {
  const wire::snmp3_message& to;
  wire::bytes engine;
  std::uint32_t boots, time;
  net::usm_engine_keys keys;  ///< as strong as the answer shall be
};

bool is_secured(const district_line& line, std::size_t number) { return number % 3 == 2 && !line.odd_agent; }

secured_agents::secured_agents(std::string_view password)
    : user_(net::usm_keys_of(net::auth_protocol::sha256, secret(std::string(password)), net::privacy_protocol::aes128,
                             secret(std::string(password)))) {}

std::size_t secured_agents::seal(const reply& how, wire::bytes pdu, std::span<std::uint8_t> out) {
  wire::snmp3_draft d;
  d.id = static_cast<std::uint32_t>(how.to.id & 0x7fffffff);
  d.max_size = most_response_bytes;
  d.engine = how.engine;
  d.boots = how.boots;
  d.time = how.time;
  d.user = wire::text_of(how.to.user);
  d.pdu = pdu;
  return usm_.seal(how.keys, d, out);
}

std::size_t secured_agents::report(const reply& how, std::uint8_t stat, std::span<std::uint8_t> out) {
  return seal(how, wire::usm_report(stat, 1, 0), out);
}

std::size_t secured_agents::answer(const agent& who, std::span<const std::uint8_t> datagram, milliseconds running,
                                   std::span<std::uint8_t, most_response_bytes> out) {
  const wire::snmp3_message m = wire::read_snmp3_message(datagram);
  if (!m.known || m.cut || (m.flags & wire::snmp3_reportable) == 0) return 0;
  const auto engine = engine_of(who);
  const std::uint64_t up_ms = up_time_ms(who, running);
  reply how{m, engine, boots + who.restarts, static_cast<std::uint32_t>(up_ms / 1000 & 0x7fffffffU), {}};
  if (!std::equal(m.engine.begin(), m.engine.end(), engine.begin(), engine.end()))
    return report(how, unknown_engine, out);
  if (!std::equal(m.user.begin(), m.user.end(), secured_user.begin(), secured_user.end()))
    return report(how, unknown_user, out);
  const net::usm_engine_keys keys = net::localized(user_, engine);
  const usm_opened opened = usm_.open(keys, m, datagram);
  if (opened.what == usm_opened::state::wrong_digest) return report(how, wrong_digest, out);
  if (opened.what == usm_opened::state::plain) {
    const auto scoped = wire::read_snmp3_scoped(m.scoped);
    return scoped.known ? seal(how, denied(scoped), out) : 0;
  }
  how.keys = keys;
  how.keys.privacy = net::privacy_protocol::none;
  if (m.boots != how.boots || m.time + time_window < how.time || m.time > std::int64_t{how.time} + time_window)
    return report(how, out_of_time, out);
  const auto scoped = wire::read_snmp3_scoped(opened.scoped);
  if (opened.what == usm_opened::state::undecryptable || !scoped.known) return report(how, undecryptable, out);
  if (!m.is_private()) return seal(how, denied(scoped), out);
  how.keys = keys;
  question_ = as_community_message(scoped.pdu_bytes);
  std::array<std::uint8_t, most_response_bytes> inner{};
  const std::size_t length = answer_datagram(who, inside, question_, running, inner);
  if (length == 0) return 0;
  return seal(how, wire::pdu_of_community_message({inner.data(), length}), out);
}

}  // namespace changtong::simulate
