#include "daemon/simulate/socket_filter.h"

#include <linux/filter.h>
#include <sys/socket.h>

#include <algorithm>
#include <vector>

namespace changtong::simulate {
namespace {

constexpr std::uint32_t keep = 0xffffffff, lose = 0;

sock_filter step(int code, std::uint32_t k, std::uint8_t if_true = 0, std::uint8_t if_false = 0) {
  return {static_cast<std::uint16_t>(code), if_true, if_false, k};
}

bool attach(int socket, std::vector<sock_filter>& program) {
  const sock_fprog p{static_cast<unsigned short>(program.size()), program.data()};
  return setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &p, sizeof p) == 0;
}

}  // namespace

bool lose_share(int socket, double share) {
  const auto threshold = static_cast<std::uint32_t>(std::clamp(share, 0.0, 1.0) * 0xffffffffU);
  std::vector<sock_filter> program{
      step(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_RANDOM)),
      step(BPF_JMP | BPF_JGE | BPF_K, threshold, 0, 1),
      step(BPF_RET | BPF_K, keep),
      step(BPF_RET | BPF_K, lose),
  };
  return attach(socket, program);
}

bool lose_addresses(int socket, std::span<const std::uint32_t> addresses) {
  constexpr std::uint32_t destination = 16;  // in the IPv4 header
  std::vector<sock_filter> program{
      step(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(SKF_NET_OFF) + destination)};
  for (const std::uint32_t address : addresses.first(std::min(addresses.size(), most_filtered))) {
    program.push_back(step(BPF_JMP | BPF_JEQ | BPF_K, address, 0, 1));
    program.push_back(step(BPF_RET | BPF_K, lose));
  }
  program.push_back(step(BPF_RET | BPF_K, keep));
  return attach(socket, program);
}

void lose_nothing(int socket) {
  const int none = 0;
  setsockopt(socket, SOL_SOCKET, SO_DETACH_FILTER, &none, sizeof none);
}

}  // namespace changtong::simulate
