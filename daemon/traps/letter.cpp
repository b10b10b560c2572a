#include "daemon/traps/letter.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/core/stable_hash.h"

namespace changtong::traps {
namespace {

constexpr std::size_t most_text = 300;
constexpr std::string_view oam_event = "1.3.6.1.2.1.158.0.2", oam_event_type = "1.3.6.1.2.1.158.1.6.1.4";
constexpr std::int64_t dying_gasp = 257;

bool same(std::string_view a, std::string_view b) {
  unsigned different = a.size() == b.size() ? 0 : 1;
  for (std::size_t k = 0; k < b.size(); ++k)
    different |= static_cast<unsigned char>(b[k]) ^ static_cast<unsigned char>(a.empty() ? 0 : a[k % a.size()]);
  return different == 0;
}

trap_class class_of(const wire::trap_message& t, std::string_view name) {
  if (name == oam_event && wire::trap_number(t, oam_event_type) == dying_gasp) return trap_class::power;
  const known_trap* known = find_trap(name);
  return known == nullptr ? trap_class::other : known->what;
}

/** RFC 3584 puts a zero before the number of every trap of v1, also where its identifier in v2 has none: then it is
 * known without it. */
std::string identifier_of(const wire::trap_message& t) {
  const std::size_t last = t.trap.rfind('.');
  if (t.pdu != wire::snmp_trap_v1 || find_trap(t.trap) != nullptr || last == std::string::npos) return t.trap;
  const std::string_view before(t.trap.data(), last);
  if (!before.ends_with(".0")) return t.trap;
  std::string shorter = t.trap.substr(0, last - 2) + t.trap.substr(last);
  return find_trap(shorter) == nullptr ? t.trap : shorter;
}

}  // namespace

trap_record record_of(const wire::trap_message& t) {
  trap_record r;
  r.trap = identifier_of(t);
  r.what = class_of(t, r.trap);
  if (t.uptime) r.uptime_s = std::to_string(*t.uptime / 100);
  r.text = wire::trap_text(t, most_text);
  return r;
}

std::uint64_t inform_key(const wire::trap_message& t, std::uint16_t port) {
  return stable_hash(fmt::format("{} {} {} {}", port, t.request_id, t.trap, t.uptime.value_or(0)));
}

letter read_community_letter(wire::bytes datagram, const wire::trap_envelope& e, std::uint16_t port,
                             const std::vector<secret>& communities) {
  letter out;
  out.version = e.version == 0 ? 0 : 1;
  bool known = false;
  for (const secret& c : communities) known = same(e.community, c.reveal()) || known;
  const auto trap = wire::read_trap(e.pdu);
  if (!trap || (trap->pdu == wire::snmp_trap_v1) != (e.version == 0)) {
    out.refused = trap_drop::malformed;
  } else if (!known) {
    out.refused = trap_drop::credential;
  } else {
    out.record = record_of(*trap);
    out.record.via = trap_tallies::versions.at(out.version);
    if (!trap->is_inform()) return out;
    out.record.via += " inform";
    out.inform = inform_key(*trap, port);
    out.answer = wire::inform_answer(datagram, e);
  }
  return out;
}

}  // namespace changtong::traps
