#include "daemon/run/exposure.h"

#include <algorithm>

namespace changtong {
namespace {

bool is_loopback(const ip_address& a) {
  constexpr ip_address one_v6{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, true};
  if (!a.v6) return a.bytes[0] == 127;
  const bool mapped = std::all_of(a.bytes.begin(), a.bytes.begin() + 10, [](auto b) { return b == 0; }) &&
                      a.bytes[10] == 0xff && a.bytes[11] == 0xff;
  return a == one_v6 || (mapped && a.bytes[12] == 127);
}

}  // namespace

std::vector<phrase> exposures(const settings& of, bool as_root) {
  std::vector<phrase> out;
  if (as_root)
    out.push_back(
        {"以 root 身份运行：一处漏洞就是整台主机；请用随附的 systemd 单元以 changtong 用户运行，只给 CAP_NET_RAW",
         "running as root: a flaw here is the whole host; run it as the user changtong by the unit that comes "
         "with it, with CAP_NET_RAW alone"});
  if (is_loopback(of.listen.address)) return out;
  const std::string address = to_string(of.listen.address);
  const bool tokens = !of.api_token.empty() || !of.people.empty();
  out.push_back(
      both("监听 {}，不限于本机：能到达该端口的人都能读取全部状态和账目；请改为 127.0.0.1 并在前面放 TLS 反向代理，"
           "或用防火墙限制来源",
           "listening on {}, beyond loopback: whoever reaches the port reads all states and books; listen on "
           "127.0.0.1 behind a reverse proxy with TLS, or let a firewall say who may come",
           address));
  if (tokens)
    out.push_back({"没有 TLS：令牌在网络上以明文传送，谁截获谁就能登记和批准",
                   "no TLS: tokens cross the network in clear, and whoever catches one may enter and approve"});
  return out;
}

}  // namespace changtong
