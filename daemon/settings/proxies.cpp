// Who hands requests on to us: api.trusted_proxies, and what of their word counts.
#include <algorithm>

#include "daemon/core/ascii.h"
#include "daemon/reading/words.h"
#include "daemon/settings/draft.h"

namespace changtong::reading {
namespace {

constexpr std::size_t most_networks = 64;

void read_networks(proxy_settings& into, const yaml_node& node, const block& api, std::string_view file,
                   findings& found) {
  if (!is_list(node, "trusted_proxies", file, found)) return;
  if (node.children.size() > most_networks)
    return api.error(api.at(node),
                     both("trusted_proxies 超过 {} 项", "more than {} entries in trusted_proxies", most_networks));
  for (const yaml_node& one : node.children) {
    const place here{file, one.line, one.column};
    const auto network = one.what == yaml_node::shape::scalar ? parse_network(one.scalar) : std::nullopt;
    if (!network)
      api.error(here, both("trusted_proxies 中的 {} 不是地址或网段：请写 10.0.0.5 或 10.0.0.0/24（掩码以外的位为 0）",
                           "{} in trusted_proxies is no address or network: write 10.0.0.5 or 10.0.0.0/24, with 0 in "
                           "the bits behind its length",
                           quote(one.scalar)));
    else if (network->bits == 0)
      api.error(here, both("trusted_proxies 不能是 {}：那样谁都能自称任何地址、任何用户",
                           "trusted_proxies cannot be {}: everybody could call themselves any address and any user",
                           to_string(*network)));
    else
      into.trusted.push_back(*network);
  }
}

/** The name of a field of HTTP (RFC 9110, 5.1), in lower case as requests have it. */
std::string read_field_name(const block& api, std::string_view key, std::string otherwise) {
  const auto written = api.text(key, 64);
  if (!written) return otherwise;
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789-";
  std::string name = ascii::lower(written->value);
  if (name.empty() || name.find_first_not_of(letters) != std::string::npos) {
    api.error(written->at, both("{} 应为请求头的名字，如 X-Forwarded-For",
                                "{} must be the name of a header, such as "
                                "X-Forwarded-For",
                                key));
    return otherwise;
  }
  return name;
}

}  // namespace

void read_proxies(config_draft& into, const block& api, findings& found) {
  proxy_settings& p = into.value.proxies;
  const yaml_node* const networks = api.find("trusted_proxies");
  if (networks != nullptr) read_networks(p, *networks, api, into.root.file, found);
  for (const std::string_view key : {"proxy_client_header", "proxy_user_header"})
    if (networks == nullptr && api.find(key) != nullptr)
      api.error(api.at(key), both("{} 需要 trusted_proxies：没有写明可信的代理，谁的话都不算",
                                  "{} needs trusted_proxies: without a trusted proxy nobody's word counts", key));
  p.client_header = read_field_name(api, "proxy_client_header", p.client_header);
  p.user_header = read_field_name(api, "proxy_user_header", {});
  constexpr std::array<std::string_view, 4> own{"cookie", "authorization", "host", "x-csrf-token"};
  if (std::ranges::find(own, p.user_header) != own.end() ||
      (!p.user_header.empty() && p.user_header == p.client_header))
    api.error(api.at("proxy_user_header"),
              {"proxy_user_header 要用一个只由代理写的请求头，如 X-Remote-User",
               "proxy_user_header must be a header that only the proxy writes, such as X-Remote-User"});
}

}  // namespace changtong::reading
