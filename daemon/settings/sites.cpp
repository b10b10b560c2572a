// Sites and anchors, the targets that may stand in the YAML file, and whom the sites' names are asked of.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/core/ascii.h"
#include "daemon/reading/words.h"
#include "daemon/settings/draft.h"
#include "daemon/settings/site_file.h"
#include "daemon/settings/table_columns.h"

namespace changtong::reading {
namespace {

constexpr std::size_t most_sites = 10'000;
constexpr std::size_t most_anchors = 16;
constexpr std::size_t most_name_servers = 8;

/** Keys of a site that go to the http kind as they are. */
constexpr std::array<std::string_view, 11> http_arguments{"contains",  "forbids",    "status",         "ca",
                                                          "redirects", "max_bytes",  "downgrade",      "empty",
                                                          "resolve",   "user_agent", "local_redirects"};
constexpr std::array<std::string_view, 3> tls_keys{"min", "legacy_renegotiation", "verify"};

void read_url(site_draft& site, const block& from) {
  const auto url = from.text("url", 2048);
  if (!url) return;
  site.url_at = url->at;
  const std::string_view text = url->value;
  const std::string lower = ascii::lower(text.substr(0, 8));
  const std::size_t scheme = lower.starts_with("https://") ? 8 : lower.starts_with("http://") ? 7 : 0;
  const std::string_view host = text.substr(scheme, std::min(text.find_first_of("/?#", scheme), text.size()) - scheme);
  if (text.substr(0, text.find('?')).find('@') != std::string_view::npos)
    from.error(url->at, {"url 含有用户名或口令：请去掉，地址会被保存和显示",
                         "url has a user or password in it: remove it, the address is stored and shown"});
  else if (scheme == 0 || host.empty() || host.find(' ') != std::string_view::npos)
    from.error(url->at,
               both("url {} 不是网页地址：请写 http:// 或 https://、主机和路径",
                    "url {} is no address of a page: write http:// or https://, a host and a path", quote(text)));
  else
    site.what.url = url->value;  // else it stays empty, and its kind is not asked to complain again
}

void read_scope(site_draft& site, const block& from, const civil_zone& zone) {
  const auto edge = [&](std::string_view key) -> std::optional<wall_t> {
    const auto written = from.text(key, 64);
    if (!written) return std::nullopt;
    const auto at = parse_scope_edge(zone, written->value);
    if (at) return *at;
    from.error(written->at, both("{} {}", "{} {}", key, words_of(at.error())));
    return std::nullopt;
  };
  site.what.accepted = edge("accepted");
  site.what.closed = edge("closed");
  if (site.what.accepted && site.what.closed && *site.what.closed <= *site.what.accepted)
    from.error(from.at("closed"), {"停用日期（closed）不晚于开通日期（accepted）：该网站将永远不在统计范围内",
                                   "closed is not after accepted: the site would never be in scope"});
}

void read_arguments(site_draft& site, const block& from, std::string_view file) {
  for (const std::string_view key : http_arguments) {
    const yaml_node* node = from.find(key);
    if (node == nullptr) continue;
    const bool several = key == "contains" || key == "forbids" || key == "status";
    if (node->what == yaml_node::shape::list && (!several || node->children.empty())) {
      from.error({file, node->line, node->column},
                 several ? both("{} 的列表是空的：请写上文字，或删去",
                                "{} is an empty list: write something, or remove it", key)
                         : both("{} 只能写一个值，不能是列表", "{} takes one value, no list", key));
      continue;
    }
    const std::vector<yaml_node> one{*node};
    const auto first = site.arguments.size();
    for (const yaml_node& value : node->what == yaml_node::shape::list ? node->children : one) {
      const place at{file, value.line, value.column};
      if (value.what != yaml_node::shape::scalar || value.scalar.size() > 1024 || has_control_characters(value.scalar))
        from.error(at, both("{} 应为一行文字，最多 1024 字节", "{} must be one line of text, at most 1024 bytes", key));
      else if (key == "status" && site.arguments.size() > first)  // one set of statuses, however it is written
        site.arguments.back().first.value += "+" + value.scalar;
      else
        site.arguments.push_back({{std::string(key), key == "ca" ? beside(file, value.scalar) : value.scalar}, at});
    }
  }
}

/** One line of text that goes to the http kind; false after an error. */
bool is_line(const yaml_node& value, std::string_view key, std::string_view file, findings& found) {
  if (value.what == yaml_node::shape::scalar && value.scalar.size() <= 1024 && !has_control_characters(value.scalar))
    return true;
  found.error({file, value.line, value.column},
              both("{} 应为一行文字，最多 1024 字节", "{} must be one line of text, at most 1024 bytes", key));
  return false;
}

/** `tls: { min: 1.0, verify: no }` */
void read_tls(site_draft& site, const block& from, std::string_view file, findings& found) {
  const yaml_node* node = from.find("tls");
  if (node == nullptr) return;
  if (node->what != yaml_node::shape::mapping)
    return found.error(
        {file, node->line, node->column},
        both("tls 应写作 {{min: 1.2, legacy_renegotiation: no, verify: yes}}，而不是{}",
             "tls is written {{min: 1.2, legacy_renegotiation: no, verify: yes}}, not {}", node->shape_name()));
  const block terms(*node, as_written("tls"), file, found, {tls_keys.begin(), tls_keys.end()});
  for (const std::string_view key : tls_keys)
    if (const yaml_node* value = terms.find(key); value != nullptr && is_line(*value, key, file, found))
      site.arguments.push_back({{fmt::format("tls.{}", key), value->scalar}, {file, value->line, value->column}});
}

/** `headers: { X-Who: changtong }` */
void read_headers(site_draft& site, const block& from, std::string_view file, findings& found) {
  const yaml_node* node = from.find("headers");
  if (node == nullptr) return;
  if (node->what != yaml_node::shape::mapping)
    return found.error({file, node->line, node->column},
                       both("headers 应写作 {{名称: 值}}，而不是{}", "headers is written {{Name: value}}, not {}",
                            node->shape_name()));
  for (std::size_t i = 0; i + 1 < node->children.size(); i += 2) {
    const yaml_node &name = node->children[i], &value = node->children[i + 1];
    if (is_line(name, "headers", file, found) && is_line(value, name.scalar, file, found))
      site.arguments.push_back(
          {{"header", fmt::format("{}: {}", name.scalar, value.scalar)}, {file, name.line, name.column}});
  }
}

/** Its faults are told by its keys. */
site_draft read_by_keys(const yaml_node& node, const config_draft& draft, std::string_view file, findings& found) {
  std::vector<std::string_view> keys;
  for (const table_columns::heading& h : columns_of_sites().headings) keys.push_back(h.english);
  const block from(node, {"网站", "a site"}, file, found, keys);
  site_draft site;
  site.begin = from.begin();
  site.what.kind = target_kind::site;
  site.what.category = "website";
  site.id_at = from.at("id");
  from.require("id", "id: portal");
  from.require("url", "url: https://www.example.gov.cn/");
  const auto take = [&](std::string_view key, auto& into, std::size_t most = 128) {
    if (auto t = from.text(key, most)) into = std::move(t->value);
  };
  take("id", site.what.id);
  take("name", site.what.name, 256);
  take("category", site.what.category);
  take("unit", site.what.unit);
  take("town", site.what.town);
  take("carrier", site.what.carrier);
  take("grade", site.what.grade);
  const auto known =
      std::ranges::any_of(draft.categories, [&](const auto& c) { return c.what.id == site.what.category; });
  if (!known) {
    std::vector<std::string_view> ids;
    for (const auto& c : draft.categories) ids.push_back(c.what.id);
    from.error(from.at("category"), unknown_word({"类别", "category"}, site.what.category, ids));
  }
  read_url(site, from);
  read_scope(site, from, draft.value.zone);
  site.when = read_timing(from);
  read_arguments(site, from, file);
  read_tls(site, from, file, found);
  read_headers(site, from, file, found);
  return site;
}

/** Its faults are told by what people call its keys, as the console and sites.csv do. */
site_draft read_site(const yaml_node& node, const config_draft& draft, std::string_view file, findings& found) {
  findings by_keys;
  site_draft site = read_by_keys(node, draft, file, by_keys);
  for (const problem& p : by_keys.sorted_errors(file))
    found.error({file, p.line, p.column}, columns_of_sites().in_their_words(words_of(p)));
  return site;
}

anchor_draft read_anchor(const yaml_node& node, std::string_view file, findings& found) {
  anchor_draft anchor;
  anchor.at = anchor.checks_at = {file, node.line, node.column};
  std::string written = node.scalar;
  if (node.what == yaml_node::shape::mapping) {
    const block from(node, {"锚点", "an anchor"}, file, found, {"address", "checks"});
    from.require("address", "address: 192.0.2.1");
    if (const auto t = from.text("address", 64)) {
      written = t->value;
      anchor.at = t->at;
    }
    if (const auto t = from.text("checks", 512)) {
      anchor.checks = t->value;
      anchor.checks_at = t->at;
    }
    if (from.find("address") == nullptr) return anchor;
  } else if (node.what != yaml_node::shape::scalar) {
    found.error(anchor.at, both("锚点应为地址或 {{address: …, checks: …}}，而不是{}",
                                "an anchor is an address or {{address: …, checks: …}}, not {}", node.shape_name()));
    return anchor;
  }
  const auto address = parse_address(written);
  if (!address)
    found.error(anchor.at, both("{} 不是 IPv4 或 IPv6 地址：锚点是我方一侧的路由器",
                                "{} is no IPv4 or IPv6 address: an anchor is a router on our side", quote(written)));
  else if (const auto bad = bad_peer(*address))
    found.error(anchor.at, both("锚点 {} {}", "anchor {} {}", written, *bad));
  else
    anchor.address = *address;
  return anchor;
}

}  // namespace

bool is_list(const yaml_node& node, std::string_view name, std::string_view file, findings& found) {
  if (node.what == yaml_node::shape::list) return true;
  found.error({file, node.line, node.column},
              both("{} 应为列表，而不是{}：每项以 '- ' 开头", "{} must be a list, not {}: begin each with '- '", name,
                   node.shape_name()));
  return false;
}

void read_sites(config_draft& into, const yaml_node& node, findings& found) {
  const std::string_view file = into.root.file;
  if (node.what == yaml_node::shape::scalar) return;  // the file that has them: read_sites_file
  if (!is_list(node, "sites", file, found)) return;
  if (node.children.size() > most_sites)
    return found.error({file, node.line, node.column}, both("网站超过 {} 个", "more than {} sites", most_sites));
  for (const yaml_node& child : node.children) into.sites.push_back(read_site(child, into, file, found));
}

void read_sites_file(config_draft& into, const surroundings& world, findings& found) {
  if (!into.sites_file) return;
  const std::string& file = into.value.sites_file;
  auto bytes = world.read(file);
  if (!bytes)
    return found.error(into.sites_file->at, both("sites：无法读取 {}：{}", "sites: cannot read {}: {}", quote(file),
                                                 words_of(bytes.error())));
  for (const yaml_node& row : read_site_rows(std::move(*bytes), file, into.categories, most_sites, found))
    into.sites.push_back(read_site(row, into, file, found));
}

void read_name_servers(config_draft& into, const yaml_node& node, findings& found) {
  const std::string_view file = into.root.file;
  std::vector<name_server>& all = into.value.name_servers;
  if (!is_list(node, "name_servers", file, found)) return;
  if (node.children.size() > most_name_servers)
    return found.error({file, node.line, node.column},
                       both("域名服务器超过 {} 个", "more than {} name servers", most_name_servers));
  for (const yaml_node& child : node.children) {
    const place at{file, child.line, child.column};
    const auto server = child.what == yaml_node::shape::scalar ? parse_name_server(child.scalar) : std::nullopt;
    if (!server)
      found.error(at,
                  both("{} 不是域名服务器的地址：请写 192.0.2.53、192.0.2.53:5353 或 \"[2001:db8::53]:5353\"",
                       "{} is no address of a name server: write 192.0.2.53, 192.0.2.53:5353 or "
                       "\"[2001:db8::53]:5353\"",
                       child.what == yaml_node::shape::scalar ? as_written(quote(child.scalar)) : child.shape_name()));
    else if (const auto bad = bad_peer(server->address))
      found.error(at, both("域名服务器 {} {}", "name server {} {}", child.scalar, *bad));
    else if (std::ranges::find(all, *server) != all.end())
      found.error(at, both("域名服务器 {} 出现两次：请删去一个", "name server {} stands twice: remove one",
                           to_string(*server)));
    else
      all.push_back(*server);
  }
}

void read_anchors(config_draft& into, const yaml_node& node, findings& found) {
  const std::string_view file = into.root.file;
  if (!is_list(node, "anchors", file, found)) return;
  if (node.children.size() > most_anchors)
    return found.error({file, node.line, node.column},
                       both("锚点超过 {} 个：请写最近的两三台路由器",
                            "more than {} anchors: name the two or three nearest routers", most_anchors));
  for (const yaml_node& child : node.children) {
    anchor_draft anchor = read_anchor(child, file, found);
    const auto twice = [&](const anchor_draft& other) { return other.address == anchor.address; };
    if (anchor.address != ip_address{} && std::ranges::any_of(into.anchors, twice))
      found.error(anchor.at, both("锚点 {} 出现两次：请删去一个", "anchor {} stands twice: remove one",
                                  to_string(anchor.address)));
    into.anchors.push_back(std::move(anchor));
  }
}

}  // namespace changtong::reading
