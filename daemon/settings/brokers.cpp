// Brokers of NATS: of a node under `centre`, of a centre under `nats`.
#include <algorithm>

#include "collectors/wire/web_address.h"
#include "daemon/reading/words.h"
#include "daemon/settings/draft.h"

namespace changtong::reading {
namespace {

constexpr std::size_t most_brokers = 8;  // each may be waited for, one after the other
constexpr std::uint16_t usual_port = 4222;
constexpr std::string_view in_clear = "nats://", by_tls = "tls://";

/** `host:port`, told as of `key` where it is no address; empty then. */
std::string read_server(const block& body, const stated<std::string>& url, std::string_view key, bool& tls) {
  tls = url.value.starts_with(by_tls);
  const bool known = tls || url.value.starts_with(in_clear);
  const std::string rest = known ? url.value.substr(url.value.find("//")) : "";
  const auto address = wire::parse_web_address("https:" + rest);
  if (!address || address->target != "/" || rest.ends_with('/')) {
    body.error(url.at, both("{}：{} 不是消息中间件的地址，写法如 tls://192.0.2.31:4222",
                            "{}: {} is no address of a broker, as tls://192.0.2.31:4222", key, quote(url.value)));
    return {};
  }
  const auto number = parse_address(address->host);
  if (!tls && !(number && is_loopback(*number)) && address->host != "localhost")
    body.error(url.at, both("{} 应以 tls:// 开头（nats:// 仅限 127.0.0.1、[::1] 或 localhost）",
                            "{} must begin with tls:// (nats:// only to 127.0.0.1, [::1] or localhost)", key));
  const bool states_port = address->port != 443 || rest.ends_with(":443");
  const bool six = address->host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", six ? "[" : "", address->host, six ? "]" : "",
                     states_port ? address->port : usual_port);
}

}  // namespace

broker_settings read_brokers(const block& body, std::string_view servers, std::string_view file,
                             const surroundings& world, findings& found) {
  broker_settings made;
  const list_rules rules{
      .least = 1,
      .most = most_brokers,
      .most_bytes = 256,
      .no_list = both("{} 应为列表，如 [tls://192.0.2.31:4222]，最多 {} 个",
                      "{} is a list, as [tls://192.0.2.31:4222], of at most {}", servers, most_brokers),
      .no_text = both("{} 中应为地址", "{} holds addresses", servers)};
  for (const auto& url : body.texts(servers, rules)) {
    bool tls = false;
    std::string server = read_server(body, url, servers, tls);
    if (!made.servers.empty() && tls != made.tls)
      body.error(url.at, both("{} 应全是 tls:// 或全是 nats://", "{} are all tls:// or all nats://", servers));
    made.tls = tls;
    if (!server.empty()) made.servers.push_back(std::move(server));
  }
  if (const auto path = body.text("ca", 1024)) made.ca_file = beside(file, path->value);
  const auto stated = [&body](std::string_view key) { return body.find(key) != nullptr; };
  const bool shows_token = stated("token") || stated("token_file");
  if (const auto user = body.text("user", 128)) {
    made.user = user->value;
    made.password = read_secret(body, "password", world, found);
    if (shows_token) body.error(user->at, {"user 与 token 只写一个", "user and token: keep one"});
  } else if (shows_token) {
    made.token = read_token(body, world, found);
  } else if (!body.strange()) {
    body.error(body.begin(), {"缺少 user：请写 user 和 password_file（或只写 token_file）",
                              "user is missing: write user and password_file (or token_file alone)"});
  }
  return made;
}

}  // namespace changtong::reading
