#pragma once
/** The bindings of an SNMP answer in the order in which they stand, for walks: what answers which question is told by
 * their names alone. Pure; nothing but names is copied. */
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/wire/bytes.h"
#include "collectors/wire/snmp_answer.h"

namespace changtong::wire {

inline constexpr std::uint8_t snmp_object_name = 0x06, snmp_end_of_mib_view = 0x82;

using object_name = std::vector<std::uint32_t>;

struct snmp_row {
  object_name name;
  std::uint8_t type = 0;  ///< the tag
  bytes value;            ///< a view into the message
};

struct snmp_rows {
  bool readable = false;  ///< false: not even the error fields
  std::int64_t error_status = 0;
  std::vector<snmp_row> rows;  ///< up to the first that cannot be read, at most 1,024
};

/** `pdu` is what stands behind the request-id (snmp_envelope::rest). */
[[nodiscard]] snmp_rows read_snmp_rows(bytes pdu);

/** An object's name from BER; empty: not one, a part above 32 bits, or more than 128 parts. */
[[nodiscard]] std::optional<object_name> read_object_name(bytes value);

/** A number of any of SNMP's types, signed where the type is; also one that an agent tells as decimal text. */
[[nodiscard]] std::optional<std::int64_t> snmp_number(std::uint8_t type, bytes value);

/** A name as agents write it, in UTF-8 or GB18030, as UTF-8 without the spaces and zero bytes around it. */
[[nodiscard]] std::string name_text(std::string_view raw);

}  // namespace changtong::wire
