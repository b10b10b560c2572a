#include "daemon/traps/v3_letters.h"

#include <algorithm>
#include <array>

#include "collectors/wire/ber_written.h"
#include "daemon/core/stable_hash.h"

namespace changtong::traps {
namespace {

constexpr std::uint8_t response = 0xa2;
constexpr std::int64_t last_boots = 0x7fffffff;
constexpr std::int64_t epoch_s = 1'767'225'600;  ///< 2026-01-01: boots have 31 bits
constexpr std::size_t longest_answer = 8192;

using wire::bytes_of, wire::text_of;

bool strong_enough(const wire::snmp3_message& m, const net::usm_user_keys& keys) {
  return m.authenticated() == (keys.auth != net::auth_protocol::none) &&
         m.is_private() == (keys.privacy != net::privacy_protocol::none);
}

}  // namespace

v3_identity identity_of(std::string_view node, wall_t started, mono_t now) {
  v3_identity out{.engine = std::string("\x80\x00\x00\x00\x05", 5), .boots = 1, .began = now};
  std::array<std::uint8_t, 8> octets{};
  wire::put64(octets.data(), stable_hash(node, stable_hash("changtong traps")));
  out.engine.append(octets.begin(), octets.end());
  const std::int64_t since = ms_of(started) / 1000 - epoch_s;
  out.boots = static_cast<std::uint32_t>(std::clamp<std::int64_t>(since, 1, last_boots - 1));
  return out;
}

std::uint32_t v3_letters::our_time(mono_t now) const {
  return static_cast<std::uint32_t>(std::chrono::floor<std::chrono::seconds>(now - ours_.began).count());
}

/** RFC 3414 3.2 (7): of our own engine both ways, of another's what is older than the latest. */
standing v3_letters::standing_of(const wire::snmp3_message& m, wire::bytes datagram, const ip_address& from,
                                 mono_t now) {
  if (m.boots < 0 || m.boots >= last_boots || m.time < 0) return standing::refused;
  const std::string_view engine = text_of(m.engine);
  const bool ours = engine == ours_.engine;
  if (ours && (m.boots != ours_.boots || std::abs(m.time - std::int64_t{our_time(now)}) > heard_engines::window_s))
    return standing::refused;
  if (engines_.is_copy(datagram, from, ours, now)) return standing::refused;
  if (ours) return standing::proven;
  return engines_.take({.engine = std::string(engine), .boots = m.boots, .time = m.time, .from = from}, now);
}

std::vector<std::uint8_t> v3_letters::sealed(const wire::snmp3_message& m, const net::usm_engine_keys& keys,
                                             const wire::snmp3_scoped& of, wire::bytes pdu, mono_t now) {
  std::vector<std::uint8_t> out(longest_answer);
  out.resize(usm_.seal(keys,
                       {.id = static_cast<std::uint32_t>(m.id),
                        .max_size = longest_answer,
                        .flags = 0,
                        .engine = bytes_of(ours_.engine),
                        .boots = ours_.boots,
                        .time = our_time(now),
                        .user = text_of(m.user),
                        .context_engine = of.known ? of.context_engine : bytes_of(ours_.engine),
                        .context = text_of(of.context),
                        .pdu = pdu},
                       out));
  return out;
}

void v3_letters::report(letter& out, const wire::snmp3_message& m, usm_stat what, const net::usm_engine_keys& keys,
                        mono_t now) {
  if ((m.flags & wire::snmp3_reportable) == 0) return;
  std::uint32_t request = 0;
  if (!m.is_private())
    if (const auto scoped = wire::read_snmp3_scoped(m.scoped); scoped.known)
      request = static_cast<std::uint32_t>(scoped.request_id);
  const auto which = static_cast<std::uint8_t>(what);
  const auto pdu = wire::usm_report(which, ++reported_.at(which), request);
  out.answer = sealed(m, keys, {}, pdu, now);
}

letter v3_letters::read(wire::bytes datagram, const letter_sender& sender, mono_t now) {
  letter out;
  out.version = 2;
  const wire::snmp3_message m = wire::read_snmp3_message(datagram);
  if (!m.known || m.cut || m.model != wire::snmp3_user_based || m.id < 0 || m.id > last_boots) {
    out.refused = trap_drop::malformed;
    return out;
  }
  out.refused = trap_drop::credential;
  if (m.engine.empty()) {
    report(out, m, usm_stat::engines, {}, now);
    if (!out.answer.empty()) out.refused = trap_drop::discovery;
    return out;
  }
  bool known = false, tried = false;
  for (std::size_t k = 0; k < users_.size(); ++k) {
    if (users_[k].name != text_of(m.user)) continue;
    known = true;
    if (!strong_enough(m, users_[k].keys)) continue;
    tried = true;
    if (read_signed(out, m, k, datagram, sender, now)) return out;
  }
  if (tried) out.refused = trap_drop::wrong_digest;
  report(out, m, tried ? usm_stat::digests : known ? usm_stat::levels : usm_stat::users, {}, now);
  return out;
}

bool v3_letters::read_signed(letter& out, const wire::snmp3_message& m, std::size_t user, wire::bytes datagram,
                             const letter_sender& sender, mono_t now) {
  const bool ours = text_of(m.engine) == ours_.engine;
  net::usm_engine_keys keys;
  if (ours) {
    if (!ours_keys_[user]) ours_keys_[user] = net::localized(users_[user].keys, m.engine);
    keys = *ours_keys_[user];
  } else {
    keys = net::localized(users_[user].keys, m.engine);
  }
  const net::usm_opened opened = usm_.open(keys, m, datagram);
  using state = net::usm_opened::state;
  if (opened.what == state::wrong_digest) return false;
  if (opened.what == state::undecryptable) {
    out.refused = trap_drop::wrong_digest;
    report(out, m, usm_stat::decryption, {}, now);
    return true;
  }
  const standing who = opened.authentic() ? standing_of(m, datagram, sender.address, now) : standing::proven;
  if (who == standing::refused) {
    out.refused = trap_drop::not_in_time;
    net::usm_engine_keys open_keys = keys;  // what it says is no secret
    open_keys.privacy = net::privacy_protocol::none;
    if (ours) report(out, m, usm_stat::windows, open_keys, now);
    return true;
  }
  out.proven = who == standing::proven;
  take_pdu(out, m, keys, opened.scoped, sender.port, now);
  return true;
}

void v3_letters::take_pdu(letter& out, const wire::snmp3_message& m, const net::usm_engine_keys& keys,
                          wire::bytes scoped, std::uint16_t port, mono_t now) {
  const wire::snmp3_scoped inside = wire::read_snmp3_scoped(scoped);
  const auto trap = inside.known ? wire::read_trap(inside.pdu_bytes) : std::nullopt;
  const bool ours = text_of(m.engine) == ours_.engine;
  // Of an inform we are the authority, of a trap its sender (RFC 3414 1.5.1).
  if (!trap || trap->pdu == wire::snmp_trap_v1 || trap->is_inform() != ours) {
    out.refused = trap_drop::malformed;
    if (trap && trap->is_inform()) report(out, m, usm_stat::engines, {}, now);
    return;
  }
  out.refused.reset();
  out.record = record_of(*trap);
  out.record.via = "v3";
  if (!trap->is_inform()) return;
  out.record.via += " inform";
  out.inform = inform_key(*trap, port);
  std::vector<std::uint8_t> pdu(inside.pdu_bytes.begin(), inside.pdu_bytes.end());
  pdu.at(0) = response;
  out.answer = sealed(m, keys, inside, pdu, now);
}

}  // namespace changtong::traps
