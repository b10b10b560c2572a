#pragma once
/** net-snmp as an encoder for v2c and nothing else: no sessions, no transports, no MIB files, no configuration, no
 * files of its own, no output. It refuses too much of what real agents say to be the decoder (wire/snmp_answer.h). The
 * library has unlocked globals: one thread for everything here, the probe thread. */
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "daemon/core/secret.h"

namespace changtong::net {

using object_id = std::vector<std::uint32_t>;

/** Any request, built once; its request-id is patched for every question (always four bytes: 0x40000000 and up). */
struct snmp_template {
  std::vector<std::uint8_t> packet;  ///< empty if the library could not build it
  std::size_t id_offset = 0;
};

class snmp_codec {
 public:
  snmp_codec();
  [[nodiscard]] snmp_template make_get(const secret& community, std::span<const object_id> objects);
  /** What stands behind one object: a GetNext. */
  [[nodiscard]] snmp_template make_next(const secret& community, const object_id& after);
  /** So many as stand behind it: a GetBulk without non-repeaters. */
  [[nodiscard]] snmp_template make_bulk(const secret& community, const object_id& after, std::uint16_t repetitions);
};

}  // namespace changtong::net
