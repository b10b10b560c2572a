// The demo agent reads datagrams off a socket: any bytes may come, and what it says must stay a bounded response.
#include <cstdlib>

#include "daemon/simulate/agent.h"
#include "daemon/simulate/secured_agent.h"

using namespace changtong::simulate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const agent who = make_agent({.id = "v-0001",
                                       .name = "",
                                       .category = "",
                                       .unit = "",
                                       .town = "",
                                       .carrier = "",
                                       .circuit = "DX-1",
                                       .bandwidth_mbps = 100},
                                      1);
  std::array<std::uint8_t, most_response_bytes> out;
  const auto request = read_request({bytes, size});
  const std::size_t length =
      answer_datagram(who, request ? request->community : "demo", {bytes, size}, changtong::milliseconds{1000}, out);
  if (length > out.size() || (request.has_value() != (length > 0))) std::abort();
  static const agent odd = [] {
    agent a = who;
    a.odd = true;
    return a;
  }();
  const std::size_t oddly =
      answer_datagram(odd, request ? request->community : "demo", {bytes, size}, changtong::milliseconds{1000}, out);
  if (oddly > out.size() || (oddly > 0) != (length > 0)) std::abort();
  static secured_agents secured("fuzz-fuzz");
  if (secured.answer(who, {bytes, size}, changtong::milliseconds{1000}, out) > out.size()) std::abort();
  return 0;
}
