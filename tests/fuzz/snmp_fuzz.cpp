/** Every byte string as an SNMP reply: our envelope reader, then net-snmp behind it as the collector uses it. */
#include <cstdlib>

#include "collectors/net/snmp_codec.h"
#include "collectors/wire/snmp_envelope.h"

using namespace changtong;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static net::snmp_codec codec;
  static net::snmp_reply reply;
  static const std::vector<net::object_id> asked{
      {1, 3, 6, 1, 2, 1, 1, 3, 0},           {1, 3, 6, 1, 2, 1, 2, 2, 1, 8, 2},
      {1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 6, 2}, {1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 10, 2},
      {1, 3, 6, 1, 2, 1, 2, 2, 1, 14, 2},    {1, 3, 6, 1, 2, 1, 2, 2, 1, 20, 2}};
  static_cast<void>(wire::read_snmp_envelope({data, size}, true));
  const auto envelope = wire::read_snmp_envelope({data, size});
  if (!envelope) return 0;
  if (envelope->id_offset + envelope->id_length > size || envelope->id_length > 4) std::abort();
  if (codec.read({data, size}, asked, reply) && reply.count > asked.size()) std::abort();
  return 0;
}
