// The YAML file's top level: one function a section, each with its keys beside its bounds.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

#include "daemon/core/plain_text.h"
#include "daemon/reading/words.h"
#include "daemon/settings/alerts.h"
#include "daemon/settings/draft.h"
#include "daemon/settings/profiles.h"

namespace changtong::reading {
namespace {

using log_level = log::level;

struct known_category {
  const char *id, *name;
};
constexpr std::size_t most_node_bytes = 64;

constexpr std::array known_categories{known_category{"township", "乡镇街"}, known_category{"village", "村/社区"},
                                      known_category{"health", "卫生"},     known_category{"education", "教育"},
                                      known_category{"department", "区直"}, known_category{"backbone", "骨干"},
                                      known_category{"website", "网站"}};

class reader {
 public:
  reader(config_draft& into, std::string_view file, const surroundings& from, findings& found)
      : draft_(into), file_(file), from_(from), found_(found) {}

  void read(const yaml_node& root) {
    const block top(root, {"配置文件", "the configuration"}, file_, found_,
                    {"zone",         "listen",      "ledger",      "inventory",  "defaults",  "categories",
                     "kinds",        "credentials", "sites",       "anchors",    "api",       "log",
                     "degrade",      "flap",        "fast_budget", "seal",       "contracts", "report",
                     "windows",      "duty",        "metrics",     "evaluation", "node",      "alerts",
                     "name_servers", "profiles",    "traps",       "console",    "tls",       "listen_in_clear",
                     "peer",         "recent",      "accounts",    "map",        "centre",    "nodes"});
    if (root.what == yaml_node::shape::nothing)
      top.error(top.begin(), {"配置文件是空的：请从 config/changtong.yaml 开始",
                              "the configuration is empty: start from config/changtong.yaml"});
    zone(top);
    listen(top);
    node(top);
    ledger_and_inventory(top);
    if (const auto* n = top.find("defaults")) draft_.defaults = timing_block(*n, "defaults");
    categories(top);
    kinds(top);
    if (const auto* n = top.find("credentials")) read_credentials(draft_, *n, from_, found_);
    api_and_log(top);
    entries(top);
    degrade(top);
    flap(top);
    recent(top);
    seal(top);
    read_shipping(draft_.value, top, file_, from_, found_);
    read_nodes(draft_, top, found_);
    if (const auto n = top.whole("fast_budget", 1, 1'000'000))
      draft_.fast_budget = static_cast<std::uint32_t>(n->value);
    profiles(top);
    if (const auto* n = top.find("name_servers")) read_name_servers(draft_, *n, found_);
    if (const auto* n = top.find("sites")) read_sites(draft_, *n, found_);
    if (const auto* n = top.find("anchors")) read_anchors(draft_, *n, found_);
    draft_.anchors_at = top.at("anchors");
    draft_.map_at = top.at("map");
    if (const auto* n = top.find("contracts")) draft_.contracts = read_contracts(*n, file_, draft_.value.zone, found_);
    if (const auto* n = top.find("accounts")) read_accounts(draft_, *n, from_, found_);
    report(top);
    metrics(top);
    console(top);
    draft_.value.map = read_map(top, file_, from_, found_);
    if (const auto* n = top.find("alerts"))
      read_alerts(draft_, *n, from_, found_);
    else if (std::ranges::find(top.members(), "alerts", &block::member::key) != top.members().end())
      found_.warn(top.at("alerts"),
                  both("alerts 之下没有内容，不告知任何人：请写 channels，或删去本键",
                       "nothing stands below alerts, so nobody is told: write channels, or delete the key"));
    if (const auto* n = top.find("traps")) read_traps(draft_, *n, found_);
    if (const auto* n = top.find("evaluation")) draft_.value.evaluation = read_evaluation(*n, file_, from_, found_);
  }

 private:
  void profiles(const block& top) {
    std::vector<std::string>& files = draft_.value.profile_files;
    std::vector<place> written;
    for (const auto& one : names_in(top, "profiles")) {
      files.push_back(beside(file_, one.value));
      written.push_back(one.at);
    }
    draft_.value.profiles = read_profiles(files, written, from_, found_);
  }

  timing_layer timing_block(const yaml_node& node, std::string_view name) {
    const auto keys = timing_keys();
    return read_timing(block(node, as_written(name), file_, found_, {keys.begin(), keys.end()}));
  }

  void zone(const block& top) {
    const auto written = top.text("zone", 64);
    auto zone = civil_zone::named(written ? written->value : "Asia/Shanghai");
    if (!zone) {
      top.error(written ? written->at : top.begin(), words_of(zone.error()));
      zone = civil_zone::named("UTC");  // so that dates can still be read and their errors reported
    }
    if (zone) draft_.value.zone = *zone;
  }

  void listen(const block& top) {
    draft_.value.listen = {.address = *parse_address("127.0.0.1"), .port = 8080};
    if (const auto written = read_listen(top, "listen", "8080")) draft_.value.listen = *written;
    draft_.value.listen_in_clear = word(top, "listen_in_clear", {"false", "true"}) == 1;
    if (const auto* node = top.find("tls")) draft_.value.tls = read_tls(*node, file_, from_, found_);
  }

  /** It stands in the books and in front of people. */
  void node(const block& top) {
    const auto written = top.text("node", most_node_bytes);
    draft_.value.node = written ? written->value : first_odd(from_.host) ? std::string() : from_.host;
    if (const auto odd = written ? first_odd(written->value) : std::nullopt)
      top.error(written->at, both("node 的第 {} 个字符有误（{}）：请重新输入",
                                  "character {} of node is {}: type it anew", odd->nth, told(odd->what)));
  }

  void ledger_and_inventory(const block& top) {
    const auto ledger = top.text("ledger", 1024);
    draft_.value.ledger = beside(file_, ledger ? ledger->value : "ledger.db");
    draft_.inventory_file = top.text("inventory", 1024);
    if (draft_.inventory_file) draft_.value.inventory_file = beside(file_, draft_.inventory_file->value);
    if (const auto* sites = top.find("sites"); sites != nullptr && sites->what == yaml_node::shape::scalar)
      draft_.sites_file = top.text("sites", 1024);
    if (draft_.sites_file) draft_.value.sites_file = beside(file_, draft_.sites_file->value);
    const auto plain = [](std::string_view name) { return std::filesystem::path(name).lexically_normal(); };
    const settings& v = draft_.value;
    for (const std::string_view other : {std::string_view(v.inventory_file), std::string_view(v.sites_file), file_})
      if (ledger && plain(draft_.value.ledger) == plain(other))
        top.error(ledger->at,
                  both("ledger 与 {} 是同一个文件：账本要有自己的文件名，如 ledger.db",
                       "ledger names the same file as {}: give the ledger one of its own, such as ledger.db", other));
    if (!top.members().empty() && top.find("inventory") == nullptr && top.find("sites") == nullptr)
      top.error(top.begin(), {"没有监测对象：请用 'inventory: lines.csv' 写明专线清单",
                              "nothing to watch: name the list of lines with 'inventory: lines.csv'"});
  }

  void categories(const block& top) {
    for (const auto& known : known_categories) draft_.categories.push_back({.what = {known.id, known.name}});
    const auto* node = top.find("categories");
    if (node == nullptr) return;
    const block names = block::of_names(*node, "categories", file_, found_);
    for (const auto& m : names.members()) {
      if (const auto bad = bad_id(m.key)) {
        names.error(names.at(*m.key_node), both("类别 {} {}", "category {}: {}", quote(m.key), *bad));
        continue;
      }
      const auto timing = timing_keys();
      std::vector<std::string_view> keys{timing.begin(), timing.end()};
      keys.insert(keys.begin(), "name");
      category_draft read{.what = {std::string(m.key), {}}};
      const block body(*m.value, both("类别 {}", "category {}", m.key), file_, found_, keys);
      if (const auto name = body.text("name", 64)) read.what.name = name->value;
      read.when = read_timing(body);
      keep(std::move(read), names.at(*m.key_node));
    }
  }

  void keep(category_draft read, const place& at) {
    const auto known =
        std::ranges::find_if(draft_.categories, [&](const auto& c) { return c.what.id == read.what.id; });
    if (known != draft_.categories.end()) {
      if (read.what.name.empty()) read.what.name = known->what.name;
      *known = std::move(read);
      return;
    }
    if (read.what.name.empty()) {
      found_.error(at, both("类别 '{}' 不是内置类别：请用 'name: …' 写出中文名称",
                            "category '{}' is not a built-in one: give its Chinese name with 'name: …'", read.what.id));
      read.what.name = read.what.id;
    }
    draft_.categories.push_back(std::move(read));
  }

  void kinds(const block& top) {
    const auto* node = top.find("kinds");
    if (node == nullptr) return;
    std::vector<std::string_view> names;
    for (const kind& k : from_.kinds) names.push_back(k.name);
    const block body(*node, as_written("kinds"), file_, found_, names);
    for (const std::string_view name : names)
      if (const auto* n = body.find(name)) draft_.kinds.emplace(name, timing_block(*n, fmt::format("kinds.{}", name)));
  }

  void api_and_log(const block& top) {
    if (const auto* node = top.find("api")) {
      const block body(*node, as_written("api"), file_, found_,
                       {"token", "token_file", "people", "trusted_proxies", "proxy_client_header", "proxy_user_header"},
                       block::tone::discreet);
      const auto* people = body.find("people");
      // Whoever writes the block for something else need not have the token that is nobody's.
      constexpr std::array<std::string_view, 4> others{"people", "trusted_proxies", "proxy_client_header",
                                                       "proxy_user_header"};
      const bool own = body.find("token") != nullptr || body.find("token_file") != nullptr;
      if (own || std::ranges::none_of(others, [&](std::string_view key) { return body.find(key) != nullptr; }))
        draft_.value.api_token = read_token(body, from_, found_);
      if (people != nullptr) read_people(draft_, *people, from_, found_);
      read_proxies(draft_, body, found_);
    }
    const auto* node = top.find("log");
    if (node == nullptr) return;
    const block body(*node, as_written("log"), file_, found_, {"level"});
    const auto level = body.text("level", 16);
    if (!level) return;
    constexpr std::array<std::string_view, 4> names{"debug", "info", "warn", "error"};
    constexpr std::array levels{log_level::debug, log_level::info, log_level::warn, log_level::error};
    const auto at = std::ranges::find(names, level->value);
    if (at == names.end()) return body.error(level->at, unknown_word({"日志级别", "log level"}, level->value, names));
    draft_.value.log_level = levels.at(static_cast<std::size_t>(at - names.begin()));
  }

  void entries(const block& top) {
    entry_policy& policy = draft_.value.entries;
    if (const auto* node = top.find("windows")) {
      const block body(*node, as_written("windows"), file_, found_, {"late_approval", "window_lead"});
      policy.late_approval = word(body, "late_approval", {"none", "allow"}) == 1;
      if (const auto lead = body.duration("window_lead", milliseconds{60'000}, milliseconds{31LL * 86'400'000})) {
        policy.window_lead = lead->value;
        if (policy.late_approval)
          body.error(lead->at, {"window_lead 与 late_approval: allow 相互矛盾：请去掉其中一个",
                                "window_lead and late_approval: allow contradict each other: leave one of them out"});
      }
    }
    const auto* node = top.find("duty");
    if (node == nullptr) return;
    const block body(*node, as_written("duty"), file_, found_, {"coverage", "automatic"});
    policy.duty_automatic = word(body, "automatic", {"false", "true"}) == 1;
    const auto t = body.text("coverage", 32);
    if (!t) return;
    std::string written = t->value;
    std::erase(written, ' ');  // "99 %"
    const auto ratio = parse_decimal(written);
    if (!ratio || *ratio < 1e-6 || *ratio > 1)
      return body.error(t->at,
                        both("coverage {} 超出范围：应大于 0、不超过 1，如 0.99 或 99%",
                             "coverage {} is out of bounds: above 0, at most 1, as 0.99 or 99%", quote(t->value)));
    policy.duty_coverage_ppm = std::llround(*ratio * 1e6);
  }

  void degrade(const block& top) {
    const auto* node = top.find("degrade");
    if (node == nullptr) return;
    const block body(*node, as_written("degrade"), file_, found_, {"samples", "loss_ratio", "rtt"});
    degrade_limits& limits = draft_.value.degrade;
    if (const auto n = body.whole("samples", 8, 1024)) limits.samples = static_cast<std::uint16_t>(n->value);
    if (const auto d = body.duration("rtt", milliseconds{1}, most_timeout)) limits.rtt = d->value;
    if (const auto t = body.text("loss_ratio", 32)) {
      const auto ratio = parse_decimal(t->value);
      if (!ratio || *ratio <= 0 || *ratio > 1)
        return body.error(t->at,
                          both("loss_ratio {} 超出范围：应大于 0、不超过 1，如 0.05 或 5%",
                               "loss_ratio {} is out of bounds: above 0, at most 1, as 0.05 or 5%", quote(t->value)));
      limits.loss_ratio = *ratio;
    }
  }

  void flap(const block& top) {
    const auto* node = top.find("flap");
    if (node == nullptr) return;
    const block body(*node, as_written("flap"), file_, found_, {"changes", "within"});
    if (const auto n = body.whole("changes", 3, 100)) draft_.value.flap.changes = static_cast<std::uint16_t>(n->value);
    if (const auto d = body.duration("within", milliseconds{60'000}, milliseconds{86'400'000}))
      draft_.value.flap.within = d->value;
  }

  void seal(const block& top) {
    const auto* node = top.find("seal");
    if (node == nullptr) return;
    const block body(*node, as_written("seal"), file_, found_,
                     {"key_file", "algorithm", "url", "url_token", "url_token_file", "url_ca_file"},
                     block::tone::discreet);
    seal_settings& s = draft_.value.seal;
    if (const auto path = body.text("key_file", 1024)) s.key_file = beside(file_, path->value);
    if (const auto path = body.text("url_ca_file", 1024)) s.url_ca_file = beside(file_, path->value);
    constexpr std::array<std::string_view, 2> algorithms{"ed25519", "sm2"};
    if (const auto name = body.text("algorithm", 16)) {
      s.algorithm = name->value;
      if (std::ranges::find(algorithms, name->value) == algorithms.end())
        body.error(name->at, unknown_word({"算法", "algorithm"}, name->value, algorithms));
    }
    if (body.find("url_token") != nullptr || body.find("url_token_file") != nullptr)
      s.url_token = read_secret(body, "url_token", from_, found_);
    if (const auto url = body.text("url", 2048)) s.url = read_receiver(body, *url, "seal.url");
    if (s.url.empty() && !s.url_token.empty())
      body.error(body.begin(), {"有 seal.url_token 而没有 seal.url：令牌无处可送",
                                "seal.url_token without seal.url: there is nobody to send it to"});
  }

  void report(const block& top) {
    const auto* node = top.find("report");
    if (node == nullptr) return;
    const block body(*node, as_written("report"), file_, found_, {"office", "repeat_outages"});
    if (auto t = body.text("office", 128)) draft_.value.report.office = std::move(t->value);
    if (const auto n = body.whole("repeat_outages", 2, 1000))
      draft_.value.report.repeat_outages = static_cast<std::uint16_t>(n->value);
  }

  void recent(const block& top) {
    const auto* node = top.find("recent");
    if (node == nullptr) return;
    const block body(*node, as_written("recent"), file_, found_, {"memory_mb"});
    if (const auto n = body.whole("memory_mb", 1, 4096))
      draft_.value.recent.memory_mb = static_cast<std::uint32_t>(n->value);
  }

  /** A folder without a console is a slip of the pen; one that was never built stands nowhere in a configuration. */
  void console(const block& top) {
    const auto written = top.text("console", 4096);
    if (!written) return;
    draft_.value.console = beside(file_, written->value);
    if (const auto page = from_.read(draft_.value.console + "/index.html"); !page)
      top.error(written->at, both("console 目录 {} 中读不到 index.html：{}", "console: no index.html in {}: {}",
                                  draft_.value.console, words_of(page.error())));
  }

  void metrics(const block& top) {
    const auto* node = top.find("metrics");
    if (node == nullptr) return;
    const block body(*node, as_written("metrics"), file_, found_, {"without"});
    const auto written = body.text("without", 256);
    if (!written) return;
    for (const std::string_view word : split(written->value, " ")) {
      if (const auto group = series_group_named(word))
        draft_.value.without_series.add(*group);
      else
        body.error(written->at, unknown_word({"指标序列组", "group of series"}, word, series_group_names));
    }
  }

  config_draft& draft_;
  std::string_view file_;
  const surroundings& from_;
  findings& found_;
};

}  // namespace

config_draft read_config(const std::string& text, std::string_view file, const surroundings& from, findings& found) {
  config_draft draft{};
  draft.value.file = file;
  draft.root = {file, 1, 1};
  const auto tree = parse_yaml(text);
  if (!tree) {
    found.error(file, tree.error());
    return draft;
  }
  reader(draft, file, from, found).read(*tree);
  return draft;
}

}  // namespace changtong::reading
