#pragma once
/** Just enough BER to speak as an SNMP agent, written apart from the code under test. */
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace changtong::test::ber {

using byte_vector = std::vector<std::uint8_t>;

inline byte_vector tlv(std::uint8_t tag, const byte_vector& value) {
  byte_vector out{tag};
  if (value.size() < 128) {
    out.push_back(static_cast<std::uint8_t>(value.size()));
  } else {
    out.push_back(0x82);
    out.push_back(static_cast<std::uint8_t>(value.size() >> 8U));
    out.push_back(static_cast<std::uint8_t>(value.size()));
  }
  out.insert(out.end(), value.begin(), value.end());
  return out;
}
inline byte_vector joined(std::initializer_list<byte_vector> parts) {
  byte_vector out;
  for (const auto& p : parts) out.insert(out.end(), p.begin(), p.end());
  return out;
}
inline byte_vector number(std::uint8_t tag, std::uint64_t v) {
  byte_vector b;
  do {
    b.insert(b.begin(), static_cast<std::uint8_t>(v));
    v >>= 8U;
  } while (v != 0);
  if (b[0] & 0x80U) b.insert(b.begin(), 0);
  return tlv(tag, b);
}
inline byte_vector text(std::string_view s) { return tlv(0x04, {s.begin(), s.end()}); }
inline byte_vector oid(std::initializer_list<std::uint8_t> rest) {
  byte_vector b{0x2b};
  b.insert(b.end(), rest.begin(), rest.end());
  return tlv(0x06, b);
}
inline const byte_vector sys_up_time = oid({6, 1, 2, 1, 1, 3, 0});
inline byte_vector interface(std::uint8_t column, std::uint8_t index) {
  return column == 6 || column == 10 ? oid({6, 1, 2, 1, 31, 1, 1, 1, column, index})
                                     : oid({6, 1, 2, 1, 2, 2, 1, column, index});
}
inline byte_vector binding(const byte_vector& name, const byte_vector& value) {
  return tlv(0x30, joined({name, value}));
}
inline const byte_vector no_such_instance = {0x81, 0};

inline byte_vector message(std::uint8_t pdu, std::string_view community, std::uint32_t id, std::uint64_t error,
                           const byte_vector& bindings) {
  return tlv(0x30,
             joined({number(0x02, 1), text(community),
                     tlv(pdu, joined({number(0x02, id), number(0x02, error), number(0x02, 0), tlv(0x30, bindings)}))}));
}

}  // namespace changtong::test::ber
