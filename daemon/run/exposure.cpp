#include "daemon/run/exposure.h"

#include <algorithm>

namespace changtong {

bool has_tokens(const settings& of) {
  return !of.api_token.empty() || std::ranges::any_of(of.people, [](const person& p) { return !p.token.empty(); });
}

std::vector<phrase> exposures(const settings& of, bool as_root, bool users) {
  std::vector<phrase> out;
  if (as_root)
    out.push_back(
        {"以 root 身份运行：一处漏洞就是整台主机；请用随附的 systemd 单元以 changtong 用户运行，只给 CAP_NET_RAW",
         "running as root: a flaw here is the whole host; run it as the user changtong by the unit that comes "
         "with it, with CAP_NET_RAW alone"});
  if (is_loopback(of.listen.address)) return out;
  const std::string address = to_string(of.listen.address);
  const bool tokens = has_tokens(of), clear = of.tls.certificate.empty();
  if (!users)
    out.push_back(
        both("监听 {}，不限于本机：能到达该端口的人都能读取全部状态和账目；请改为 127.0.0.1 并在前面放 TLS 反向代理，"
             "或用防火墙限制来源",
             "listening on {}, beyond loopback: whoever reaches the port reads all states and books; listen on "
             "127.0.0.1 behind a reverse proxy with TLS, or let a firewall say who may come",
             address));
  if (users && clear)
    out.push_back(both("监听 {} 而没有 TLS：密码、账目在网络上以明文传送；请配置 tls，或在前面放 TLS 反向代理",
                       "listening on {} without TLS: passwords and books cross the network in clear; configure tls, or "
                       "put a reverse proxy with TLS before it",
                       address));
  if (tokens && clear)
    out.push_back({"没有 TLS：令牌在网络上以明文传送，谁截获谁就能登记和批准",
                   "no TLS: tokens cross the network in clear, and whoever catches one may enter and approve"});
  return out;
}

std::optional<phrase> too_open(const settings& of, bool new_ledger, bool users, bool told) {
  const bool before = !users && (!new_ledger || has_tokens(of));
  if (before || is_loopback(of.listen.address) || !of.tls.certificate.empty()) return std::nullopt;
  if (of.listen_in_clear && told) return std::nullopt;
  return both(
      "不以明文监听 {}（新安装，或已有用户）：请配置 tls（证书与私钥），或监听 127.0.0.1 并在前面放 TLS "
      "反向代理；确要明文，须说两次："
      "配置 listen_in_clear: true，并以 serve --in-clear 启动",
      "a new installation, or one with users, does not listen on {} in clear: configure tls (certificate and key), or "
      "listen on 127.0.0.1 "
      "behind a reverse proxy with TLS; to do so all the same, say it twice: listen_in_clear: true in the "
      "configuration, and serve --in-clear",
      to_string(of.listen.address));
}

}  // namespace changtong
