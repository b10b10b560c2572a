#pragma once
/** net-snmp as a codec for v2c and nothing else: no sessions, no transports, no MIB files, no configuration, no files
 * of its own, no output. The library has unlocked globals: one thread for everything here, the probe thread. */
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "daemon/core/secret.h"

namespace changtong::net {

using object_id = std::vector<std::uint32_t>;

/** A GET, built once; its request-id is patched for every question (always four bytes: 0x40000000 and up). */
struct snmp_template {
  std::vector<std::uint8_t> packet;  ///< empty if the library could not build it
  std::size_t id_offset = 0;
  std::vector<object_id> objects;
};

struct snmp_value {
  enum class sort : std::uint8_t { number, other, missing, wrong_object };
  sort what = sort::missing;
  std::int64_t number = 0;
};

struct snmp_reply {
  static constexpr std::size_t most = 96;
  std::int64_t error_status = 0;
  std::size_t count = 0;
  std::array<snmp_value, most> values;  ///< in the order asked; wrong_object where the name is not the one asked
};

class snmp_codec {
 public:
  snmp_codec();
  [[nodiscard]] snmp_template make_get(const secret& community, std::vector<object_id> objects);
  /** False if the library finds the message malformed or it is no response. Never writes into `message`. */
  [[nodiscard]] bool read(std::span<const std::uint8_t> message, const std::vector<object_id>& asked, snmp_reply& out);

 private:
  std::vector<std::uint8_t> copy_;
};

}  // namespace changtong::net
