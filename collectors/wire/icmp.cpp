#include "collectors/wire/icmp.h"

#include <cstring>

namespace changtong::wire {
namespace {

constexpr std::uint32_t magic = 0x43746e67;  // "Ctng"
constexpr std::size_t payload_of_ours = 16;

constexpr std::uint8_t echo4_request = 8, echo4_reply = 0, unreachable4 = 3, exceeded4 = 11;
constexpr std::uint8_t echo6_request = 128, echo6_reply = 129, unreachable6 = 1, exceeded6 = 3;
constexpr std::uint8_t protocol_icmp4 = 1, protocol_icmp6 = 58;

icmp_news of(icmp_news::sort s) {
  icmp_news n;
  n.what = s;
  return n;
}

bool ours(bytes message, std::optional<std::uint16_t> id) { return !id || get16(message.data() + 4) == *id; }

/** Header and payload of an echo, without looking at type and id. */
std::optional<echo> whole_echo(bytes message) {
  if (message.size() < echo_header + payload_of_ours) return std::nullopt;
  const std::uint8_t* p = message.data();
  const echo e{get16(p + 4), get32(p + 12), get64(p + 16)};
  if (get32(p + 8) != magic || get16(p + 6) != static_cast<std::uint16_t>(e.index)) return std::nullopt;
  return e;
}

icmp_news reply(bytes message, std::optional<std::uint16_t> id) {
  if (!ours(message, id)) return of(icmp_news::sort::foreign);
  const auto e = whole_echo(message);
  if (!e) return of(icmp_news::sort::malformed);
  icmp_news n;
  n.what = icmp_news::sort::reply;
  n.about = *e;
  n.whole = true;
  return n;
}

icmp_news refusal(bytes quoted, std::uint8_t request_type, std::optional<std::uint16_t> id, cause why,
                  const ip_address& to) {
  if (quoted.size() < echo_header) return of(icmp_news::sort::malformed);
  if (quoted[0] != request_type || !ours(quoted, id)) return of(icmp_news::sort::foreign);
  icmp_news n;
  n.what = icmp_news::sort::refusal;
  n.why = why;
  n.to = to;
  if (const auto e = whole_echo(quoted)) {
    n.about = *e;
    n.whole = true;
  } else if (quoted.size() >= echo_header + payload_of_ours) {
    return of(icmp_news::sort::foreign);  // long enough to carry our mark, and does not
  } else {
    n.about = {get16(quoted.data() + 4), get16(quoted.data() + 6), 0};
  }
  return n;
}

/** An IPv4 header's length, or 0 if it is none or longer than what is there. */
std::size_t header_length4(bytes packet) {
  if (packet.size() < 20 || packet[0] >> 4U != 4) return 0;
  const std::size_t length = (packet[0] & 15U) * std::size_t{4};
  return length < 20 || length > packet.size() ? 0 : length;
}

icmp_news error4(bytes message, std::optional<std::uint16_t> id) {
  const bytes quoted = message.subspan(echo_header);
  const std::size_t ihl = header_length4(quoted);
  if (ihl == 0) return of(icmp_news::sort::malformed);
  const cause why = cause_of_icmp4(message[0], message[1]);
  if (quoted[9] != protocol_icmp4 || why == cause::none) return of(icmp_news::sort::foreign);
  ip_address to;
  std::memcpy(to.bytes.data(), quoted.data() + 16, 4);
  return refusal(quoted.subspan(ihl), echo4_request, id, why, to);
}

icmp_news error6(bytes message, std::optional<std::uint16_t> id) {
  const bytes quoted = message.subspan(echo_header);
  if (quoted.size() < 40 || quoted[0] >> 4U != 6) return of(icmp_news::sort::malformed);
  const cause why = cause_of_icmp6(message[0], message[1]);
  // Extension headers: we send none, so anything but a plain echo is not ours.
  if (quoted[6] != protocol_icmp6 || why == cause::none) return of(icmp_news::sort::foreign);
  ip_address to;
  to.v6 = true;
  std::memcpy(to.bytes.data(), quoted.data() + 24, 16);
  return refusal(quoted.subspan(40), echo6_request, id, why, to);
}

}  // namespace

std::uint16_t internet_checksum(bytes message) {
  std::uint64_t sum = 0;
  const std::uint8_t* p = message.data();
  std::size_t left = message.size();
  for (; left >= 4; left -= 4, p += 4) sum += get32(p);
  if (left >= 2) {
    sum += static_cast<std::uint64_t>(get16(p)) << 16U;
    p += 2;
    left -= 2;
    if (left == 1) sum += static_cast<std::uint64_t>(*p) << 8U;
  } else if (left == 1) {
    sum += static_cast<std::uint64_t>(*p) << 24U;
  }
  sum = (sum & 0xffffffffU) + (sum >> 32U);
  sum = (sum & 0xffffU) + (sum >> 16U);
  sum = (sum & 0xffffU) + (sum >> 16U);
  sum = (sum & 0xffffU) + (sum >> 16U);
  return static_cast<std::uint16_t>(~sum);
}

std::size_t write_echo(std::uint8_t* out, const echo& e, std::size_t payload, bool v6) {
  const std::size_t length = echo_header + payload;
  std::memset(out, 0, length);
  out[0] = v6 ? echo6_request : echo4_request;
  put16(out + 4, e.id);
  put16(out + 6, static_cast<std::uint16_t>(e.index));
  put32(out + 8, magic);
  put32(out + 12, e.index);
  put64(out + 16, e.cookie);
  // Zeros do not change the sum: only header and mark are added up.
  if (!v6) put16(out + 2, internet_checksum({out, echo_header + payload_of_ours}));
  return length;
}

icmp_news read_icmp4_packet(bytes packet, std::uint16_t id) {
  const std::size_t ihl = header_length4(packet);
  if (ihl == 0 || packet[9] != protocol_icmp4) return of(icmp_news::sort::malformed);
  const bytes message = packet.subspan(ihl);
  if (message.size() < echo_header) return of(icmp_news::sort::malformed);
  if (message[0] == echo4_reply && !ours(message, id)) return of(icmp_news::sort::foreign);
  if (internet_checksum(message) != 0) return of(icmp_news::sort::malformed);
  return read_icmp4(message, id);
}

icmp_news read_icmp4(bytes message, std::optional<std::uint16_t> id) {
  if (message.size() < echo_header) return of(icmp_news::sort::malformed);
  if (message[0] == echo4_reply) return message[1] == 0 ? reply(message, id) : of(icmp_news::sort::malformed);
  if (message[0] == unreachable4 || message[0] == exceeded4) return error4(message, id);
  return of(icmp_news::sort::foreign);
}

icmp_news read_icmp6(bytes message, std::optional<std::uint16_t> id) {
  if (message.size() < echo_header) return of(icmp_news::sort::malformed);
  if (message[0] == echo6_reply) return message[1] == 0 ? reply(message, id) : of(icmp_news::sort::malformed);
  if (message[0] == unreachable6 || message[0] == exceeded6) return error6(message, id);
  return of(icmp_news::sort::foreign);
}

std::optional<echo> read_own_request(bytes message, bool v6) {
  if (message.size() < echo_header || message[0] != (v6 ? echo6_request : echo4_request)) return std::nullopt;
  return whole_echo(message);
}

cause cause_of_icmp4(std::uint8_t type, std::uint8_t code) {
  if (type == exceeded4) return code == 0 ? cause::ttl_exceeded : cause::none;
  if (type != unreachable4) return cause::none;
  switch (code) {
    case 0:
    case 6:
    case 11:
      return cause::net_unreachable_remote;
    case 1:
    case 2:
    case 5:
    case 7:
    case 8:
    case 12:
      return cause::host_unreachable;
    case 3:
      return cause::port_unreachable;
    case 9:
    case 10:
    case 13:
    case 14:
    case 15:
      return cause::admin_prohibited;
    default:
      return cause::none;  // 4 is path MTU discovery, not a verdict about the target
  }
}

cause cause_of_icmp6(std::uint8_t type, std::uint8_t code) {
  if (type == exceeded6) return code == 0 ? cause::ttl_exceeded : cause::none;
  if (type != unreachable6) return cause::none;
  switch (code) {
    case 0:
      return cause::net_unreachable_remote;
    case 1:
    case 5:
    case 6:
      return cause::admin_prohibited;
    case 2:
    case 3:
      return cause::host_unreachable;
    case 4:
      return cause::port_unreachable;
    default:
      return cause::none;
  }
}

}  // namespace changtong::wire
