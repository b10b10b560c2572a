#include "daemon/simulate/trap_sender.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collectors/wire/ber_written.h"

namespace changtong::simulate {
namespace {

using wire::binding, wire::joined, wire::number_tlv, wire::octets, wire::tlv;

octets identifier(device_word what) {
  if (what == device_word::dying_gasp) return {0x2b, 6, 1, 2, 1, 0x81, 0x1e, 0, 2};  // dot3OamNonThresholdEvent
  const std::uint8_t standard = what == device_word::cold_start ? 1 : what == device_word::link_down ? 3 : 4;
  return {0x2b, 6, 1, 6, 3, 1, 1, 5, standard};
}

}  // namespace

std::vector<std::uint8_t> trap_datagram(device_word what, std::string_view community, milliseconds uptime,
                                        std::uint32_t interface) {
  const auto index = static_cast<std::uint8_t>(interface % 127 + 1);
  octets more;
  if (what == device_word::dying_gasp)
    more = binding({0x2b, 6, 1, 2, 1, 0x81, 0x1e, 1, 6, 1, 4, index, 1}, number_tlv(0x42, 257));
  else if (what != device_word::cold_start)
    more =
        joined({binding({0x2b, 6, 1, 2, 1, 2, 2, 1, 1, index}, number_tlv(2, index)),
                binding({0x2b, 6, 1, 2, 1, 2, 2, 1, 8, index}, number_tlv(2, what == device_word::link_up ? 1 : 2))});
  const octets list =
      joined({binding({0x2b, 6, 1, 2, 1, 1, 3, 0}, number_tlv(0x43, static_cast<std::uint32_t>(uptime.count() / 10))),
              binding({0x2b, 6, 1, 6, 3, 1, 1, 4, 1, 0}, tlv(0x06, identifier(what))), more});
  const octets pdu = joined({number_tlv(2, 1), number_tlv(2, 0), number_tlv(2, 0), tlv(0x30, list)});
  return tlv(0x30, joined({number_tlv(2, 1), tlv(0x04, {community.begin(), community.end()}), tlv(0xa7, pdu)}));
}

void send_trap(const district& d, std::uint32_t line, const std::vector<std::uint8_t>& datagram) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return;
  sockaddr_in from{}, to{};
  from.sin_family = to.sin_family = AF_INET;
  from.sin_addr.s_addr = htonl(d.lines[line].address);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(d.ports.traps);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0)
    static_cast<void>(::sendto(fd, datagram.data(), datagram.size(), MSG_DONTWAIT,
                               reinterpret_cast<const sockaddr*>(&to), sizeof to));
  ::close(fd);
}

}  // namespace changtong::simulate
