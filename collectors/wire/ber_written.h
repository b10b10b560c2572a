#pragma once
/** BER as it is written where messages are short and rare: each piece has bytes of its own. Pure. */
#include <cstdint>
#include <initializer_list>
#include <vector>

namespace changtong::wire {

using octets = std::vector<std::uint8_t>;

[[nodiscard]] octets joined(std::initializer_list<octets> parts);
/** Tag, length and value; a value of less than 16 MiB. */
[[nodiscard]] octets tlv(std::uint8_t tag, const octets& value);
/** A number without a sign, in as few bytes as can be. */
[[nodiscard]] octets number_tlv(std::uint8_t tag, std::uint32_t n);
/** Of a list of bindings. */
[[nodiscard]] octets binding(const octets& name, const octets& value);

/** That counter of usmStats (1.3.6.1.6.3.15.1.1) at its value: the Report that tells of it (RFC 3414 3.2). */
[[nodiscard]] octets usm_report(std::uint8_t counter, std::uint32_t value, std::uint32_t request);

}  // namespace changtong::wire
