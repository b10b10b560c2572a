// Where traps are heard, with which credentials, and how many are kept.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/reading/words.h"
#include "daemon/settings/draft.h"

namespace changtong::reading {
namespace {

/** Which of the credentials, as a list; all of them where nothing is written. */
std::vector<std::string> read_names(const config_draft& draft, const block& body, findings& found) {
  std::vector<std::string_view> known;
  for (const credential& c : draft.value.credentials) known.push_back(c.name);
  const yaml_node* node = body.find("credentials");
  if (node == nullptr) return {known.begin(), known.end()};
  std::vector<std::string> out;
  if (!is_list(*node, "traps.credentials", draft.root.file, found)) return out;
  for (const yaml_node& child : node->children) {
    const std::string_view name = child.what == yaml_node::shape::scalar ? std::string_view(child.scalar) : "";
    if (std::ranges::find(known, name) == known.end())
      body.error(body.at(child), unknown_word({"凭据", "credential"}, name, known));
    else if (std::ranges::find(out, name) == out.end())
      out.emplace_back(name);
  }
  return out;
}

}  // namespace

std::optional<listen_address> read_listen(const block& from, std::string_view key, std::string_view example_port) {
  const auto written = from.text(key, 64);
  if (!written) return std::nullopt;
  const std::string_view text = written->value;
  const std::size_t colon = text.rfind(':');
  std::string_view host = text.substr(0, std::min(colon, text.size()));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const auto address = parse_address(host);
  if (colon == std::string_view::npos || !address || (address->v6 && text[0] != '[')) {
    from.error(written->at, both("{0} {1} 不是带端口的地址：请写 127.0.0.1:{2} 或 [::1]:{2}",
                                 "{0} {1} is no address with port: write 127.0.0.1:{2} or [::1]:{2}", key, quote(text),
                                 example_port));
    return std::nullopt;
  }
  const auto port = parse_whole(text.substr(colon + 1), 65535);
  if (port) return listen_address{.address = *address, .port = static_cast<std::uint16_t>(*port)};
  from.error(written->at, both("{} 的端口 {} 超出范围：应为 1 至 65535", "port {1} of {0} is out of range: 1 to 65535",
                               key, quote(text.substr(colon + 1))));
  return std::nullopt;
}

void read_traps(config_draft& into, const yaml_node& node, findings& found) {
  const block body(node, as_written("traps"), into.root.file, found, {"listen", "credentials", "burst", "per_hour"});
  trap_settings& t = into.value.traps;
  body.require("listen", "listen: \"0.0.0.0:1620\"");
  t.listen = read_listen(body, "listen", "1620");
  t.credentials = read_names(into, body, found);
  if (const auto n = body.whole("burst", 1, 1000)) t.burst = static_cast<std::uint32_t>(n->value);
  if (const auto n = body.whole("per_hour", 1, 3600)) t.per_hour = static_cast<std::uint32_t>(n->value);
  if (t.listen && into.value.credentials.empty())
    body.error(body.begin(), {"接收陷阱需要凭据：请在 credentials 之下写明团体字或 v3 用户",
                              "traps need credentials: state communities or users of v3 under 'credentials'"});
}

}  // namespace changtong::reading
