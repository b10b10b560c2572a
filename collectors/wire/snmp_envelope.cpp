#include "collectors/wire/snmp_envelope.h"

namespace changtong::wire {
namespace {

constexpr std::uint8_t tag_integer = 0x02, tag_sequence = 0x30;
constexpr std::uint8_t tag_pdu = 0xa0, pdu_mask = 0xe0;
constexpr std::int64_t version_2c = 1;

}  // namespace

bool read_snmp_integer(ber_cursor& from, std::int64_t& to, snmp_oddities& odd) {
  const auto v = from.primitive();
  const auto number = v ? signed_of(v->value) : std::nullopt;
  if (!number) return false;
  if (v->tag != tag_integer || !number->shortest) odd |= snmp_oddity::integer;
  to = number->value;
  return true;
}

snmp_envelope read_snmp_envelope(bytes message, std::size_t whole) {
  snmp_envelope e;
  ber_cursor all(message);
  const auto outer = all.head();
  if (!outer || outer->tag != tag_sequence) return e;
  if (outer->endless) e.odd |= snmp_oddity::endless;
  if (!outer->endless && outer->length > whole - all.at()) e.cut = true;
  ber_cursor in = all.inside(*outer);
  if (!all.done()) e.odd |= snmp_oddity::trailing;
  if (!read_snmp_integer(in, e.version, e.odd)) return e;
  if (e.version != version_2c) e.odd |= snmp_oddity::version;
  const auto community = in.primitive();
  if (!community) return e;
  e.community = text_of(community->value);
  const auto pdu = in.head();
  if (!pdu || (pdu->tag & pdu_mask) != tag_pdu) return e;
  e.pdu = pdu->tag;
  if (e.pdu != snmp_response) e.odd |= snmp_oddity::pdu;
  if (pdu->endless) e.odd |= snmp_oddity::endless;
  if (pdu->length > in.left()) e.odd |= snmp_oddity::unreadable;
  ber_cursor body = in.inside(*pdu);
  if (!in.done() && !outer->endless) e.odd |= snmp_oddity::trailing;
  ber_cursor id = body;
  if (!read_snmp_integer(body, e.request_id, e.odd)) return e;
  e.id_length = id.any()->value.size();
  e.id_offset = body.at() - e.id_length;
  e.rest = message.subspan(body.at(), body.left());
  e.known = true;
  return e;
}

}  // namespace changtong::wire
