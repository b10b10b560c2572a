// The settings of a centre.
#include "daemon/settings/centre_file.h"

#include <algorithm>
#include <map>

#include "daemon/reading/words.h"
#include "daemon/settings/draft.h"

namespace changtong {

namespace reading {
namespace {

constexpr std::size_t most_nodes = 1'000, most_readers = 100, most_name_bytes = 64;

/** Plain text; empty where the key is not there. */
std::string read_name(const block& from, std::string_view key) {
  const auto name = from.text(key, most_name_bytes);
  if (!name) return {};
  if (const auto odd = first_odd(name->value))
    from.error(name->at, both("{0} 的第 {1} 个字符有误（{2}）：请重新输入", "character {1} of {0} is {2}: type it anew",
                              key, odd->nth, told(odd->what)));
  return name->value;
}

/** `by_nats`: the broker may say who a node is. */
centre_node read_node(const yaml_node& node, std::string_view file, const surroundings& world, findings& found,
                      bool by_nats) {
  const block from(node, {"节点", "a node"}, file, found,
                   {"name", "pair", "token", "token_file", "district", "city", "province"}, block::tone::discreet);
  centre_node made;
  from.require("name", "name: 东城区");
  made.name = read_name(from, "name");
  made.pair = read_name(from, "pair");
  made.district = read_name(from, "district");
  if (made.district.empty()) made.district = made.pair.empty() ? made.name : made.pair;
  made.city = read_name(from, "city");
  made.province = read_name(from, "province");
  const bool shows_token = from.find("token") != nullptr || from.find("token_file") != nullptr;
  if (shows_token || !by_nats) made.token = read_token(from, world, found);
  return made;
}

class file_of_centre {
 public:
  file_of_centre(centre_file& into, std::string_view file, const surroundings& from, findings& found)
      : made_(into), file_(file), from_(from), found_(found) {}

  void read(const yaml_node& root) {
    const block top(root, {"中心的配置文件", "the centre's configuration"}, file_, found_,
                    {"name", "zone", "listen", "tls", "database", "reader", "readers", "nodes", "nats", "seal"});
    made_.name = read_name(top, "name");
    zone(top);
    seal(top);
    made_.listen = {.address = *parse_address("127.0.0.1"), .port = 8443};
    if (const auto written = read_listen(top, "listen", "8443")) made_.listen = *written;
    if (const auto* node = top.find("tls")) made_.tls = read_tls(*node, file_, from_, found_, true);
    if (made_.tls.certificate.empty() && top.find("tls") == nullptr && !is_loopback(made_.listen.address))
      top.error(top.at("listen"), {"本机以外必须有 TLS，令牌不能以明文传送：请写 tls: { certificate: …, key: … }",
                                   "beyond this host there has to be TLS, for tokens must not cross the network in "
                                   "clear: write tls: { certificate: …, key: … }"});
    database(top);
    if (const auto* node = top.find("nats")) {
      const block body(*node, as_written("nats"), file_, found_,
                       {"servers", "token", "token_file", "user", "password", "password_file", "ca"},
                       block::tone::discreet);
      body.require("servers", "servers: [tls://192.0.2.31:4222]");
      made_.nats = read_brokers(body, "servers", file_, from_, found_);
    }
    if (const auto* node = top.find("reader")) {
      const block body(*node, as_written("reader"), file_, found_, {"token", "token_file"}, block::tone::discreet);
      made_.readers.push_back({.name = "reader", .token = read_token(body, from_, found_)});
    }
    if (const auto* node = top.find("readers")) readers(*node);
    top.require("nodes", "nodes: [{ name: 东城区, token_file: east.token }]");
    if (const auto* node = top.find("nodes")) nodes(*node);
  }

 private:
  void zone(const block& top) {
    const auto written = top.text("zone", 64);
    auto named = civil_zone::named(written ? written->value : "Asia/Shanghai");
    if (named)
      made_.zone = *named;
    else
      top.error(written ? written->at : top.begin(), words_of(named.error()));
  }

  /** A service may write its state alone; a key that is there already goes on signing. */
  [[nodiscard]] std::string usual_seal_key() const {
    constexpr std::string_view name = "centre.seal.key";
    std::string here = beside(file_, name);
    const std::string state = from_.environment("STATE_DIRECTORY").value_or("");
    if (state.empty() || from_.read(here)) return here;
    return fmt::format("{}/{}", state.substr(0, state.find(':')), name);
  }

  void seal(const block& top) {
    made_.seal_key_file = usual_seal_key();
    const auto* node = top.find("seal");
    if (node == nullptr) return;
    const block body(*node, as_written("seal"), file_, found_, {"key_file"});
    if (const auto path = body.text("key_file", 1'024)) made_.seal_key_file = beside(file_, path->value);
  }

  void database(const block& top) {
    top.require("database", "database: { connect: \"host=/run/postgresql dbname=changtong\" }");
    const auto* node = top.find("database");
    if (node == nullptr) return;
    const block body(*node, as_written("database"), file_, found_, {"connect", "password", "password_file"},
                     block::tone::discreet);
    body.require("connect", "connect: \"host=/run/postgresql dbname=changtong user=changtong\"");
    if (const auto text = body.text("connect", 2'048)) made_.database = text->value;
    if (body.find("password") != nullptr || body.find("password_file") != nullptr)
      made_.database_password = read_secret(body, "password", from_, found_);
  }

  void readers(const yaml_node& list) {
    if (!is_list(list, "readers", file_, found_)) return;
    if (list.children.size() > most_readers)
      return found_.error(place{file_, list.line, list.column},
                          both("readers 超过 {} 个", "more than {} readers", most_readers));
    for (const yaml_node& one : list.children) {
      const block from(one, as_written("readers"), file_, found_, {"name", "token", "token_file"},
                       block::tone::discreet);
      from.require("name", "name: 市局大屏");
      centre_reader made{.name = read_name(from, "name"), .token = read_token(from, from_, found_)};
      if (!made.token.empty() &&
          std::ranges::find(made_.readers, made.token, &centre_reader::token) != made_.readers.end())
        found_.error(place{file_, one.line, one.column},
                     {"令牌与别的相同：收回一个就收回了两个", "the token is another reader's too: each has its own"});
      made_.readers.push_back(std::move(made));
    }
  }

  void nodes(const yaml_node& list) {
    if (!is_list(list, "nodes", file_, found_)) return;
    const place at{file_, list.line, list.column};
    if (list.children.empty())
      return found_.error(at, {"nodes 是空的：没有节点可收", "nodes is empty: there is nobody to receive from"});
    if (list.children.size() > most_nodes)
      return found_.error(at, both("节点超过 {} 个", "more than {} nodes", most_nodes));
    for (const yaml_node& one : list.children) {
      centre_node made = read_node(one, file_, from_, found_, made_.nats.has_value());
      const place here{file_, one.line, one.column};
      if (!made.name.empty() && std::ranges::find(made_.nodes, made.name, &centre_node::name) != made_.nodes.end())
        found_.error(here,
                     both("{} 出现两次：一个节点只写一项", "{} stands twice: one entry a node", quote(made.name)));
      const bool shared = std::ranges::find(made_.nodes, made.token, &centre_node::token) != made_.nodes.end() ||
                          std::ranges::find(made_.readers, made.token, &centre_reader::token) != made_.readers.end();
      if (shared && !made.token.empty())
        found_.error(here, {"令牌与别的相同：无法分清是谁送来的",
                            "the token is another one's too: nobody could tell who ships"});
      made_.nodes.push_back(std::move(made));
    }
    pairs(list);
  }

  /** `list` has the nodes as they were read. */
  void pairs(const yaml_node& list) {
    std::map<std::string, std::vector<std::size_t>> all;  // by name, which nodes
    for (std::size_t i = 0; i < made_.nodes.size(); ++i)
      if (const std::string& name = made_.nodes[i].pair; !name.empty()) all[name].push_back(i);
    for (const auto& [name, of] : all) {
      const yaml_node& last = list.children[of.back()];
      if (const phrase wrong = wrong_with(name, of); !wrong.empty())
        found_.error(place{file_, last.line, last.column}, wrong);
    }
  }

  [[nodiscard]] phrase wrong_with(const std::string& pair, const std::vector<std::size_t>& of) const {
    if (std::ranges::find(made_.nodes, pair, &centre_node::name) != made_.nodes.end())
      return both("{} 既是一对的名称又是一个节点的名称：请给这一对另起一个",
                  "{} is a pair and a node: call the pair otherwise", quote(pair));
    if (of.size() == 1)
      return both("{0} 这一对只有一台：另一台也写 pair: {0}；没有另一台就删去",
                  "the pair {0} has one node: the other one says so too; where there is none, leave it out",
                  quote(pair));
    if (of.size() > 2)
      return both("{} 这一对有 {} 台：一对是两台", "the pair {} has {} nodes: a pair has two", quote(pair), of.size());
    const centre_node &one = made_.nodes[of[0]], &other = made_.nodes[of[1]];
    if (one.district != other.district || one.city != other.city || one.province != other.province)
      return both("{} 这一对的两台看的是同样的专线，district、city、province 要写得一样",
                  "the two of the pair {} see the same lines: district, city and province are the same for both",
                  quote(pair));
    return {};
  }

  centre_file& made_;
  std::string_view file_;
  const surroundings& from_;
  findings& found_;
};

}  // namespace
}  // namespace reading

boost::system::result<loaded_centre, problems> load_centre(const std::string& path, const surroundings& from) {
  using namespace reading;
  findings found;
  const auto text = read_text(path, from, found);
  if (!text) return problems{found.sorted_errors(path)};
  centre_file made;
  if (const auto tree = parse_yaml(*text))
    file_of_centre(made, path, from, found).read(*tree);
  else
    found.error(path, tree.error());
  if (found.errors() > 0) return problems{found.sorted_errors(path)};
  return loaded_centre{std::move(made), found.sorted_warnings(path)};
}

bool is_of_centre(const std::string& text) {
  const auto tree = reading::parse_yaml(text);
  if (!tree || tree->what != reading::yaml_node::shape::mapping) return false;
  bool ours = false;
  for (std::size_t i = 0; i < tree->children.size(); i += 2) {
    const std::string& key = tree->children[i].scalar;
    if (key == "inventory" || key == "ledger" || key == "sites") return false;
    ours = ours || key == "database" || key == "reader" || key == "readers";
  }
  return ours;
}

std::string describe(const loaded_centre& l, const std::string& path) {
  const centre_file& s = l.value;
  std::string out;
  const auto say = [&out](const phrase& p) { out += to_string(p) + "\n"; };
  say(both("{}：中心的配置，节点 {} 个，读者 {} 个", "{}: of a centre, {} nodes, {} readers", path, s.nodes.size(),
           s.readers.size()));
  say(both("  时区 {}，监听 {} 端口 {}", "zone {}, listen {} port {}", s.zone.name(), to_string(s.listen.address),
           s.listen.port));
  if (!s.tls.client_ca.empty())
    say({"  经 HTTPS 报送的节点除令牌外还要出示以其名称签发的证书",
         "nodes that ship over HTTPS show a certificate for their name, beside the token"});
  if (s.nats) say(both("  消息中间件：{}", "brokers: {}", fmt::format("{}", fmt::join(s.nats->servers, ", "))));
  if (s.readers.empty())
    say({"  没有 reader 或 readers：谁也看不了网页和数字", "no reader or readers: nobody may see the page or figures"});
  for (const problem& w : l.warnings) out += fmt::format("{} {}\n", warning_head, to_string(w));
  return out;
}

result<void> is_a_node(const centre_file& s, const std::string& name) {
  constexpr std::size_t most_told = 10;
  phrase of_pair, all;
  std::size_t told = 0;
  for (const centre_node& n : s.nodes) {
    if (n.name == name) return {};
    if (n.pair == name) {
      of_pair.cn += (of_pair.cn.empty() ? "" : " 或 ") + as_seen(n.name);
      of_pair.en += (of_pair.en.empty() ? "" : " or ") + as_seen(n.name);
    }
    if (told++ < most_told) all.cn += (all.cn.empty() ? "" : "、") + as_seen(n.name);
  }
  if (told > most_told) all.cn += " …";
  all.en = all.cn;
  if (!of_pair.cn.empty())
    return said(both("{} 是一对：请写 {}", "{} is a pair: name {}", as_seen(name), of_pair), problem_class::usage);
  return said(both("中心的 nodes 里没有 {}，有 {}", "the centre's nodes do not name {}, but {}", as_seen(name), all),
              problem_class::usage);
}

}  // namespace changtong
