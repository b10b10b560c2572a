#include "collectors/wire/ber_written.h"

namespace changtong::wire {
namespace {

constexpr std::uint8_t tag_integer = 0x02, tag_name = 0x06, tag_sequence = 0x30, tag_counter = 0x41, report = 0xa8;

}  // namespace

octets joined(std::initializer_list<octets> parts) {
  octets out;
  for (const octets& p : parts) out.insert(out.end(), p.begin(), p.end());
  return out;
}

octets tlv(std::uint8_t tag, const octets& value) {
  const std::size_t length = value.size();
  octets out{tag};
  if (length > 0x7f) {
    const unsigned more = length > 0xffff ? 3 : length > 0xff ? 2 : 1;
    out.push_back(static_cast<std::uint8_t>(0x80U | more));
    for (unsigned i = more - 1; i > 0; --i) out.push_back(static_cast<std::uint8_t>(length >> 8U * i));
  }
  out.push_back(static_cast<std::uint8_t>(length));
  out.insert(out.end(), value.begin(), value.end());
  return out;
}

octets number_tlv(std::uint8_t tag, std::uint32_t n) {
  octets v;
  for (int shift = 32; shift >= 0; shift -= 8) v.push_back(static_cast<std::uint8_t>(std::uint64_t{n} >> shift));
  while (v.size() > 1 && v[0] == 0 && (v[1] & 0x80U) == 0) v.erase(v.begin());
  return tlv(tag, v);
}

octets binding(const octets& name, const octets& value) {
  return tlv(tag_sequence, joined({tlv(tag_name, name), value}));
}

octets usm_report(std::uint8_t counter, std::uint32_t value, std::uint32_t request) {
  const octets list = binding({0x2b, 6, 1, 6, 3, 15, 1, 1, counter, 0}, number_tlv(tag_counter, value));
  return tlv(report, joined({number_tlv(tag_integer, request), number_tlv(tag_integer, 0), number_tlv(tag_integer, 0),
                             tlv(tag_sequence, list)}));
}

}  // namespace changtong::wire
