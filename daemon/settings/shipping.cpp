// Where our journal is shipped to: the other node of a pair, and the centre.
#include <algorithm>

#include "collectors/wire/web_address.h"
#include "daemon/reading/words.h"
#include "daemon/settings/draft.h"

namespace changtong::reading {
namespace {

/** The block, or nothing, which is told where the key stands there and says nothing. */
const yaml_node* stated_block(const block& top, std::string_view key, const phrase& what) {
  const yaml_node* const node = top.find(key);
  if (node == nullptr && std::ranges::find(top.members(), key, &block::member::key) != top.members().end())
    top.error(top.at(key), both("{} 之下没有内容：请写 url、{}，或删去本键",
                                "nothing stands below {}: write url and {}, or delete the key", key, what));
  return node;
}

/** Where, as whom, and whom TLS believes: the same of both. */
template <class Place>
void read_place(Place& into, const block& body, std::string_view key, std::string_view file, const surroundings& world,
                findings& found) {
  const std::string url_key = fmt::format("{}.url", key);
  body.require("url", "url: https://192.0.2.11:8443");
  if (const auto url = body.text("url", 1024)) into.url = read_receiver(body, *url, url_key);
  into.token = read_token(body, world, found);
  if (const auto path = body.text("ca", 1024)) into.ca_file = beside(file, path->value);
  if (into.url.find_first_of("?#") != std::string::npos)
    body.error(body.at("url"), both("{} 只写到主机和端口，如 https://192.0.2.11:8443",
                                    "{} ends with host and port, as https://192.0.2.11:8443", url_key));
  while (into.url.ends_with('/')) into.url.pop_back();
}

}  // namespace

void read_shipping(settings& into, const block& top, std::string_view file, const surroundings& world,
                   findings& found) {
  const phrase token = as_written("token");
  if (const yaml_node* const node = stated_block(top, "peer", token)) {
    const block body(*node, as_written("peer"), file, found, {"url", "token", "token_file", "ca", "rank"},
                     block::tone::discreet);
    read_place(into.peer.emplace(), body, "peer", file, world, found);
    into.peer->second = word(body, "rank", {"first", "second"}) == 1;
  }
  if (const yaml_node* const node = stated_block(top, "centre", token)) {
    const block body(*node, as_written("centre"), file, found, {"url", "token", "token_file", "ca"},
                     block::tone::discreet);
    read_place(into.centre.emplace(), body, "centre", file, world, found);
  }
}

std::string read_receiver(const block& body, const stated<std::string>& url, std::string_view key) {
  const auto address = wire::parse_web_address(url.value);
  if (!address) {
    body.error(url.at, both("{}：{}", "{}: {}", key, words_of(address.error())));
    return {};
  }
  const bool loopback = address->host == "127.0.0.1" || address->host == "::1" || address->host == "localhost";
  if (!address->tls && !loopback)
    body.error(url.at, both("{} 应以 https:// 开头（http:// 仅限 127.0.0.1、[::1] 或 localhost）",
                            "{} must begin with https:// (http:// only to 127.0.0.1, [::1] or localhost)", key));
  return url.value;
}

}  // namespace changtong::reading
