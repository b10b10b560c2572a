#include "daemon/backup/second_node.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "daemon/backup/taking.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/ledger_files.h"

namespace changtong::backup {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_file_bytes = 64 << 20;

std::string absolute(const std::string& path) { return fs::absolute(path).lexically_normal().string(); }

problems one(problem p) { return {.list = {std::move(p)}, .what = problem_class::no}; }

/** What a configuration says in YAML's double quotes. */
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

/** `text` with its line `node:` saying this, or with such a line at the end. */
std::string with_node(const std::string& text, const std::string& node) {
  const std::string line = "node: " + quoted(node);
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    if (text.compare(from, 5, "node:") == 0) return text.substr(0, from) + line + text.substr(end);
    from = end + 1;
  }
  return text + (text.ends_with('\n') ? "" : "\n") + line + "\n";
}

std::string with_peer(const std::string& text, const std::string& url, const std::string& ca, std::string_view rank) {
  return text + (text.ends_with('\n') ? "" : "\n") +
         fmt::format(
             "\n# 另一台监测：各记各的账，互存一份（deploy/README.md，两台监测）\npeer:\n  url: {}\n  token_file: "
             "peer.token\n  rank: {}\n{}",
             quoted(url), rank, ca.empty() ? "" : fmt::format("  ca: {}\n", quoted(absolute(ca))));
}

result<node_file> as_it_is(const std::string& path) {
  struct stat is{};
  if (::stat(path.c_str(), &is) != 0) return about(path, said({"不在", "is not there"}));
  auto text = host::read_plain_file(path, most_file_bytes);
  if (!text) return about(path, text.error());
  return node_file{.path = path, .text = std::move(*text), .mode = is.st_mode & 0777U, .whose = owner_of(is)};
}

/** Whether a file is this machine's alone. */
bool is_own(const std::string& path, const scope& s, const settings& v) {
  if (path == s.ledger + ".users") return false;
  const auto is = [&](const std::string& named) { return !named.empty() && path == absolute(named); };
  if (!v.console.empty() && path.starts_with(absolute(v.console) + "/")) return true;  // it comes with the program
  return path.starts_with(s.ledger + ".") || is(v.seal.key_file) || is(v.tls.certificate) || is(v.tls.key);
}

/** What it would say where these two files are as given. */
boost::system::result<settings, problems> loaded_with(const std::string& config, const std::string& text,
                                                      const node_file& token, const surroundings& from) {
  const auto as_text = [](const std::string& t) { return result<std::string>(boost::system::in_place_value, t); };
  surroundings amended = from;
  amended.read = [&](const std::string& path) -> result<std::string> {
    if (absolute(path) == absolute(config)) return as_text(text);
    if (absolute(path) == token.path) return as_text(token.text);
    return from.read(path);
  };
  auto read = load(config, amended);
  if (!read) return read.error();
  return std::move(read->value);
}

std::string in_lower_case(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

/** What the two addresses say of each other and of the server behind them; `here` and `there` as they are loaded. */
result<void> sensible(const std::string& here, const std::string& there, const settings& now) {
  if (in_lower_case(here) == in_lower_case(there))
    return said(both("--here 与 --there 是同一个地址 {}：一个是本机的，一个是第二台的",
                     "--here and --there are the same address {}: one is this machine's, the other the second one's",
                     here));
  // A proxy in front may have the certificate.
  if (in_lower_case(here).starts_with("https:") && now.tls.certificate.empty() && now.proxies.trusted.empty())
    return said(both("--here 是 {}，而本机的配置没有 tls，不应答 https：请先写 tls: {{ certificate: …, key: … }}",
                     "--here is {}, but this machine's configuration has no tls and answers no https: write tls: {{ "
                     "certificate: …, key: … }} first",
                     here));
  return {};
}

std::vector<phrase> left_to_people(const settings& v, const scope& s) {
  std::vector<phrase> all;
  if (!v.tls.certificate.empty())
    all.push_back(both("把那台自己的证书和私钥放到 {}、{}", "put its own certificate and key into {} and {}",
                       absolute(v.tls.certificate), absolute(v.tls.key)));
  if (const std::string at = to_string(v.listen.address); at != "0.0.0.0" && at != "::")
    all.push_back(both("listen 是本机的 {}：改成那台自己的地址", "listen is {}, of this machine: write its own", at));
  if (v.centre)
    all.push_back(
        {"centre 的令牌、证书（nats 的用户）是本机的：请中心为那台另立一个节点，换上它的，否则两台的账在中心成了分叉",
         "the token and the certificate of centre (the user of nats) are this machine's: have a node of its own made "
         "there and "
         "write its token, or the two fork at the centre"});
  std::string names;
  for (const std::string& name : s.variables) names += " " + name;
  if (!names.empty())
    all.push_back(both("设好配置引用的环境变量：{}", "set the variables of the environment that are named:{}", names));
  return all;
}

}  // namespace

boost::system::result<pair_plan, problems> plan_pair(const pair_wish& wish, const std::string& token,
                                                     const surroundings& from) {
  const auto s = scope_of(wish.config, from);
  if (!s) return s.error();
  auto config = as_it_is(absolute(wish.config));
  if (!config) return one(config.error());
  const auto now = load(wish.config, from);
  if (!now) return now.error();
  if (now->value.peer)
    return one(said(both("{}: 已经有 peer：{}", "{}: there is a peer already: {}", wish.config, now->value.peer->url)));
  if (wish.node == now->value.node)
    return one(said(both("两台不能同名：本机就叫 {}", "two nodes of one name: this one is called {}", wish.node)));
  pair_plan p;
  p.token = {.path = (fs::path(config->path).parent_path() / "peer.token").string(),
             .text = token + "\n",
             .mode = config->mode & 0640U,
             .whose = config->whose};
  if (fs::exists(p.token.path))
    return one(said(both("{}: 已经有了：是以前留下的就移走再试",
                         "{}: is there already: move it away if it is an old one", p.token.path)));
  node_file there = *config;
  there.text = with_peer(with_node(config->text, wish.node), wish.here, wish.ca, "second");
  p.config = std::move(*config);
  p.config.text = with_peer(p.config.text, wish.there, wish.ca, "first");
  std::vector<std::string> peers;
  for (const std::string& text : {p.config.text, there.text}) {
    const auto good = loaded_with(wish.config, text, p.token, from);
    if (!good) return good.error();
    peers.push_back(good->peer->url);
  }
  if (const auto fine = sensible(peers[1], peers[0], now->value); !fine) return one(fine.error());
  for (const source& f : s->files) {
    if (is_own(f.path, *s, now->value) || f.path == there.path) continue;
    auto file = as_it_is(f.path);
    if (!file) return one(file.error());
    p.other.push_back(std::move(*file));
  }
  if (const std::string ca = wish.ca.empty() ? "" : absolute(wish.ca);
      !ca.empty() && std::ranges::find(p.other, ca, &node_file::path) == p.other.end()) {
    auto file = as_it_is(ca);
    if (!file) return one(file.error());
    p.other.push_back(std::move(*file));
  }
  p.other.push_back(std::move(there));
  p.other.push_back(p.token);
  p.to_be_done = left_to_people(now->value, *s);
  return p;
}

}  // namespace changtong::backup
