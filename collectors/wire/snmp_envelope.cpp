#include "collectors/wire/snmp_envelope.h"

namespace changtong::wire {
namespace {

constexpr std::uint8_t tag_integer = 0x02, tag_octets = 0x04, tag_sequence = 0x30;
constexpr std::uint8_t version_2c = 1;

/** Walks definite-length BER. Every step checks what is left; after a failure `good` stays false. */
struct reader {
  bytes all;
  std::size_t at = 0;
  bool good = true;

  std::uint8_t byte() {
    if (at >= all.size()) good = false;
    return good ? all[at++] : std::uint8_t{0};
  }
  std::size_t length() {
    const std::uint8_t first = byte();
    if (first < 0x80) return first;
    const unsigned count = first & 0x7fU;
    if (count == 0 || count > 3) good = false;  // indefinite, or longer than any datagram
    std::size_t value = 0;
    for (unsigned i = 0; good && i < count; ++i) value = value << 8U | byte();
    return value;
  }
  std::size_t open(std::uint8_t tag) {
    if (byte() != tag) good = false;
    return length();
  }
  /** The value of a primitive; it must be there as a whole. */
  bytes value(std::uint8_t tag) {
    const std::size_t n = open(tag);
    if (!good || n > all.size() - at) {
      good = false;
      return {};
    }
    const bytes v = all.subspan(at, n);
    at += n;
    return v;
  }
};

/** Two's complement of one to four bytes. */
std::int32_t integer_of(bytes v) {
  std::uint32_t x = v[0] & 0x80U ? 0xffffffffU : 0U;
  for (const std::uint8_t b : v) x = x << 8U | b;
  return static_cast<std::int32_t>(x);
}

}  // namespace

std::optional<snmp_envelope> read_snmp_envelope(bytes message, bool cut_short) {
  reader r{message};
  const std::size_t inside = r.open(tag_sequence);
  if (!r.good || (!cut_short && inside != message.size() - r.at)) return std::nullopt;
  const bytes version = r.value(tag_integer);
  if (!r.good || version.size() != 1 || version[0] != version_2c) return std::nullopt;
  const bytes community = r.value(tag_octets);
  snmp_envelope e;
  e.pdu = r.byte();
  const std::size_t rest = r.length();
  if (!r.good || (!cut_short && rest != message.size() - r.at)) return std::nullopt;
  const bytes id = r.value(tag_integer);
  if (!r.good || id.empty() || id.size() > 4) return std::nullopt;
  e.request_id = integer_of(id);
  e.id_offset = r.at - id.size();
  e.id_length = id.size();
  e.community = {reinterpret_cast<const char*>(community.data()), community.size()};
  return e;
}

}  // namespace changtong::wire
