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

/** What is shown to a centre that asks whom it talks to: both files or neither. */
void read_own_certificate(centre_settings& into, const block& body, std::string_view file, const surroundings& world,
                          findings& found) {
  const bool any = body.find("certificate") != nullptr || body.find("key") != nullptr;
  for (const auto& [key, file_of] : {std::pair{"certificate", &into.certificate_file}, {"key", &into.key_file}}) {
    if (any) body.require(key, fmt::format("{0}: node.{0}", key));
    const auto path = body.text(key, 1024);
    if (!path) continue;
    *file_of = beside(file, path->value);
    if (const auto read = world.read(*file_of); !read)
      body.error(path->at, both("centre.{} {} 读不到：{}", "centre.{} {} cannot be read: {}", key, *file_of,
                                words_of(read.error())));
    else if (file_of == &into.key_file && world.open_to_others(*file_of))
      found.warn(path->at, both("centre.key {0} 本机任何人都能读取：请用 chmod o= 收回其他用户的权限",
                                "centre.key {0}: everybody on this host may read it: chmod o= it", quote(path->value)));
  }
}

/** What somebody at the centre may have this node do. */
void read_commands(centre_settings& into, const block& body) {
  const phrase wrong{"commands 里只能有 probe（立即探测）、windows（申请停机窗口）、approvals（批准或不批准停机窗口）",
                     "commands may have probe, windows and approvals"};
  for (const auto& word : body.texts("commands", {.least = 0, .most = 3, .no_list = wrong, .no_text = wrong})) {
    if (word.value == "probe")
      into.may_probe = true;
    else if (word.value == "windows")
      into.may_request = true;
    else if (word.value == "approvals")
      into.may_approve = true;
    else
      body.error(word.at, wrong);
  }
}

void read_centre(settings& into, const yaml_node& node, std::string_view file, const surroundings& world,
                 findings& found) {
  const block body(node, as_written("centre"), file, found,
                   {"url", "nats", "token", "token_file", "user", "password", "password_file", "ca", "certificate",
                    "key", "commands"},
                   block::tone::discreet);
  centre_settings& made = into.centre.emplace();
  if (body.find("nats") == nullptr) {
    read_place(made, body, "centre", file, world, found);
    read_own_certificate(made, body, file, world, found);
    for (const std::string_view key : {"user", "password", "password_file", "commands"})
      if (body.find(key) != nullptr)
        body.error(body.at(key), both("{} 只与 nats 一起写", "{} goes with nats alone", key));
    return;
  }
  if (body.find("url") != nullptr) body.error(body.at("url"), {"url 与 nats 只写一个", "url and nats: keep one"});
  for (const std::string_view key : {"certificate", "key"})
    if (body.find(key) != nullptr) body.error(body.at(key), both("{} 只与 url 一起写", "{} goes with url alone", key));
  made.nats = read_brokers(body, "nats", file, world, found);
  read_commands(made, body);
  if (into.node.empty())
    body.error(body.begin(), {"经 nats 报送的节点要有名称：请写顶层的 node，与中心 nodes 里的相同",
                              "a node that ships by nats needs a name: write the top-level key node, as it stands "
                              "in the centre's nodes"});
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
    read_centre(into, *node, file, world, found);
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
