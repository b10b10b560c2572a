#pragma once
/** What an SNMP answer says about the objects that were asked for: its error status and one value for each of them,
 * found by name wherever they stand. A broken part spoils nothing but itself. Pure; nothing allocates but snmp_names.
 */
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "collectors/wire/bytes.h"
#include "collectors/wire/snmp_oddity.h"

namespace changtong::wire {

inline constexpr std::uint8_t snmp_integer = 0x02, snmp_text = 0x04, snmp_counter32 = 0x41, snmp_gauge32 = 0x42,
                              snmp_time_ticks = 0x43, snmp_counter64 = 0x46;

struct snmp_object {
  std::vector<std::uint8_t> name;  ///< as BER has it, without tag and length
  std::uint8_t type = 0;           ///< the tag that its value should have
  std::uint64_t least = 0;         ///< bounds of what means anything
  std::uint64_t greatest = UINT64_MAX;
  bool extra = false;  ///< asked for beside what matters: what is odd about its value is not worth a word
};

struct snmp_value {
  enum class sort : std::uint8_t {
    absent,   ///< no binding of this object
    missing,  ///< the agent says that it has none: an exception or a null
    useless,  ///< of a type or form that is no number of this object
    number,
    text  ///< of an object whose type is snmp_text: `number` is the stable_hash of its bytes
  };
  sort what = sort::absent;
  std::uint64_t number = 0;  ///< to the last of 64 bits
};

struct snmp_answer {
  static constexpr std::size_t most = 128;  ///< objects of one question
  std::int64_t error_status = 0;
  std::int64_t error_index = 0;
  snmp_oddities odd;
  std::array<snmp_value, most> values;  ///< in the order asked
};

/** `pdu` is what stands behind the request-id (snmp_envelope::rest). Of the bindings at most 64 more than were asked
 * for are looked at. `out.odd` is added to. */
void read_snmp_answer(bytes pdu, std::span<const snmp_object> asked, snmp_answer& out);

/** The names in a message of ours, in their order; views into it. */
[[nodiscard]] std::vector<bytes> snmp_names(bytes message);

}  // namespace changtong::wire
