/** Every byte string as an ICMP packet: raw and ping sockets, both families, and our own quoted request. */
#include <cstdlib>

#include "collectors/wire/icmp.h"

using namespace changtong::wire;

namespace {
void must(bool held) {
  if (!held) std::abort();
}
void check(const icmp_news& news) {
  must(news.what != icmp_news::sort::reply || news.whole);
  must((news.what == icmp_news::sort::refusal) == (news.why != changtong::cause::none));
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const bytes packet{data, size};
  constexpr std::uint16_t id = 0x1234;
  check(read_icmp4_packet(packet, id));
  check(read_icmp4(packet, id));
  check(read_icmp4(packet, std::nullopt));
  check(read_icmp6(packet, id));
  check(read_icmp6(packet, std::nullopt));
  for (const bool v6 : {false, true})
    if (const auto e = read_own_request(packet, v6)) must(size >= echo_header + 16);
  return 0;
}
