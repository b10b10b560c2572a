// What a reload would change, in sentences.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "daemon/core/json.h"
#include "daemon/reading/words.h"
#include "daemon/settings/settings.h"

namespace changtong {
namespace {

using reading::duration_text;

constexpr std::size_t most_shown_bytes = 500;

phrase shown(std::string_view text) { return text.empty() ? phrase{"空值", "(empty)"} : both("'{0}'", "'{0}'", text); }

class comparison {
 public:
  void key(std::string_view name, std::string_view before, std::string_view after) {
    if (before != after)
      say(name, both("{} 由 {} 改为 {}", "{} changed from {} to {}", name, shown(before), shown(after)));
  }
  void number(std::string_view name, double before, double after) {
    key(name, fmt::format("{}", before), fmt::format("{}", after));
  }
  void say(std::string_view subject, phrase text) { out.push_back({std::string(subject), std::move(text)}); }

  void when(std::string_view of, const timing& a, const timing& b) {
    key(fmt::format("{}.interval", of), duration_text(a.interval), duration_text(b.interval));
    key(fmt::format("{}.timeout", of), duration_text(a.timeout), duration_text(b.timeout));
    key(fmt::format("{}.fast_interval", of), duration_text(a.fast_interval), duration_text(b.fast_interval));
    number(fmt::format("{}.down_after", of), a.down_after, b.down_after);
    number(fmt::format("{}.up_after", of), a.up_after, b.up_after);
  }

  /** Two lists of named things: what came, what went, and `stayed` for the others. */
  template <class T, class Name, class Stayed>
  void named(std::string_view what, const std::vector<T>& a, const std::vector<T>& b, const Name& name,
             const Stayed& stayed) {
    for (const T& x : a)
      if (std::ranges::find(b, name(x), name) == b.end())
        say(fmt::format("{}.{}", what, name(x)), both("{}.{} 已删除", "{}.{} removed", what, name(x)));
    for (const T& y : b)
      if (const auto x = std::ranges::find(a, name(y), name); x == a.end())
        say(fmt::format("{}.{}", what, name(y)), both("{}.{} 新增", "{}.{} added", what, name(y)));
      else
        stayed(*x, y);
  }

  std::vector<change> out;
};

std::string text_of(const listen_address& l) {
  return fmt::format(fmt::runtime(l.address.v6 ? "[{}]:{}" : "{}:{}"), to_string(l.address), l.port);
}

std::string text_of(std::optional<milliseconds> d) { return d ? duration_text(*d) : ""; }

std::string text_of(series_groups without) {
  std::string out;
  for (std::size_t i = 0; i < series_group_names.size(); ++i)
    if (without.has(static_cast<series_group>(i))) out += (out.empty() ? "" : " ") + std::string(series_group_names[i]);
  return out;
}

std::string minute_text(std::optional<int> minute) {
  return minute ? fmt::format("{:02}:{:02}", *minute / 60, *minute % 60) : std::string();
}

/** Addresses and keys of channels are never shown. */
void alerts(comparison& c, const alert_settings& a, const alert_settings& b) {
  c.named(
      "alerts.channels", a.channels, b.channels, [](const alert_channel& k) { return k.id; },
      [&](const alert_channel& x, const alert_channel& y) {
        if (x != y)
          c.say("alerts.channels." + x.id, both("alerts.channels.{} 有变", "alerts.channels.{} changed", x.id));
      });
  c.number("alerts.rules", static_cast<double>(a.rules.size()), static_cast<double>(b.rules.size()));
  for (std::size_t i = 0; i < std::min(a.rules.size(), b.rules.size()); ++i)
    if (a.rules[i] != b.rules[i])
      c.say("alerts.rules", both("alerts.rules：第 {} 条有变", "alerts.rules: rule {} changed", i + 1));
  c.number("alerts.together.lines", static_cast<double>(a.together.lines), static_cast<double>(b.together.lines));
  c.key("alerts.together.within", duration_text(a.together.within), duration_text(b.together.within));
  c.key("alerts.together.quiet", duration_text(a.together.quiet), duration_text(b.together.quiet));
  c.key("alerts.together.at_most", duration_text(a.together.at_most), duration_text(b.together.at_most));
  c.number("alerts.together.flaps", static_cast<double>(a.together.flaps), static_cast<double>(b.together.flaps));
  c.key("alerts.together.flap_window", duration_text(a.together.flap_window), duration_text(b.together.flap_window));
  c.key("alerts.head", a.head, b.head);
  c.key("alerts.staff", fmt::format("{}", fmt::join(a.staff, " ")), fmt::format("{}", fmt::join(b.staff, " ")));
  c.key("alerts.handover", minute_text(a.handover), minute_text(b.handover));
  if (a.carriers != b.carriers) c.say("alerts.carriers", {"alerts.carriers 有变", "alerts.carriers changed"});
  c.key("alerts.link", a.link, b.link);
  c.number("alerts.certificate_days", a.certificate_days, b.certificate_days);
  c.key("alerts.degraded", a.degraded ? "true" : "false", b.degraded ? "true" : "false");
  if (a.limits != b.limits) c.say("alerts.limits", {"alerts.limits 有变", "alerts.limits changed"});
  c.key("alerts.digest.at", minute_text(a.digest), minute_text(b.digest));
  c.key("alerts.digest.by", fmt::format("{}", fmt::join(a.digest_by, " ")),
        fmt::format("{}", fmt::join(b.digest_by, " ")));
  c.key("alerts.words", a.words_dir, b.words_dir);
}

std::string networks_of(const proxy_settings& p) {
  std::string out;
  for (const ip_network& n : p.trusted) (out += out.empty() ? "" : " ") += to_string(n);
  return out;
}

void peers(comparison& c, const std::optional<peer_settings>& a, const std::optional<peer_settings>& b) {
  const auto url = [](const auto& p) { return p ? p->url : std::string(); };
  const auto ca = [](const auto& p) { return p ? p->ca_file : std::string(); };
  c.key("peer.url", url(a), url(b));
  c.key("peer.ca", ca(a), ca(b));
  if (a && b) c.key("peer.rank", a->second ? "second" : "first", b->second ? "second" : "first");
  if (a && b && a->token != b->token) c.say("peer.token", {"peer.token 有变", "peer.token changed"});
}

void centres(comparison& c, const std::optional<centre_settings>& a, const std::optional<centre_settings>& b) {
  c.key("centre.url", a ? a->url : "", b ? b->url : "");
  c.key("centre.ca", a ? a->ca_file : "", b ? b->ca_file : "");
  if (!a || !b) return;
  if (a->token != b->token) c.say("centre.token", {"centre.token 有变", "centre.token changed"});
  c.key("centre.certificate", a->certificate_file, b->certificate_file);
  c.key("centre.key", a->key_file, b->key_file);
  if (a->nats != b->nats) c.say("centre.nats", {"centre.nats 有变", "centre.nats changed"});
  if (a->may_probe != b->may_probe || a->may_request != b->may_request || a->may_approve != b->may_approve)
    c.say("centre.commands", {"centre.commands 有变", "centre.commands changed"});
}

/** Whose each is, as it is written; how many the list gives each is no key. */
std::string shares(const settings& s) {
  if (!s.nodes) return {};
  if (s.nodes->by_id) return fmt::format("of: {}", s.nodes->all.size());
  std::string out;
  for (const node_share& n : s.nodes->all)
    out += fmt::format("{}{}: {}{}{}", out.empty() ? "" : "; ", n.name, fmt::join(n.categories, " "),
                       n.towns.empty() || n.categories.empty() ? "" : " ",
                       n.others ? std::string("others") : fmt::format("{}", fmt::join(n.towns, " ")));
  return out;
}

void nodes(comparison& c, const settings& a, const settings& b) {
  const auto self = [](const settings& s) { return s.nodes ? s.nodes->all[s.nodes->self].name : std::string(); };
  c.key("nodes.this", self(a), self(b));
  const std::string before = shares(a), after = shares(b);
  // Each may name ten thousand towns.
  if (std::max(before.size(), after.size()) <= most_shown_bytes)
    c.key("nodes", before, after);
  else if (before != after)
    c.say("nodes", {"nodes 有变", "nodes changed"});
}

void keys(comparison& c, const settings& a, const settings& b) {
  c.key("zone", a.zone.name(), b.zone.name());
  c.key("listen", text_of(a.listen), text_of(b.listen));
  c.key("tls.certificate", a.tls.certificate, b.tls.certificate);
  c.key("tls.key", a.tls.key, b.tls.key);
  c.key("listen_in_clear", a.listen_in_clear ? "true" : "false", b.listen_in_clear ? "true" : "false");
  c.key("node", a.node, b.node);
  c.key("console", a.console, b.console);
  c.key("ledger", a.ledger, b.ledger);
  c.key("inventory", a.inventory_file, b.inventory_file);
  c.key("sites", a.sites_file, b.sites_file);
  c.key("profiles", fmt::format("{}", fmt::join(a.profile_files, ", ")),
        fmt::format("{}", fmt::join(b.profile_files, ", ")));
  c.key("name_servers", to_string(a.name_servers), to_string(b.name_servers));
  if (a.api_token != b.api_token)
    c.say("api.token", a.api_token.empty()   ? phrase{"api.token 新增", "api.token added"}
                       : b.api_token.empty() ? phrase{"api.token 已删除", "api.token removed"}
                                             : phrase{"api.token 有变", "api.token changed"});
  c.named(
      "api.people", a.people, b.people, [](const person& p) { return p.name; },
      [&](const person& x, const person& y) {
        if (x.token != y.token)
          c.say("api.people." + x.name, both("api.people.{}：令牌有变", "api.people.{}: the token changed", x.name));
        if (x.may != y.may)
          c.say("api.people." + x.name,
                both("api.people.{}：权限有变", "api.people.{}: what they may do changed", x.name));
        if (std::tie(x.phone, x.mail, x.wecom, x.dingtalk, x.feishu) !=
            std::tie(y.phone, y.mail, y.wecom, y.dingtalk, y.feishu))
          c.say("api.people." + x.name,
                both("api.people.{}：联系方式有变", "api.people.{}: how they are reached changed", x.name));
      });
  c.key("api.trusted_proxies", networks_of(a.proxies), networks_of(b.proxies));
  c.key("api.proxy_client_header", a.proxies.client_header, b.proxies.client_header);
  const auto directory = [](const settings& s) { return s.directory ? *s.directory : directory_settings{}; };
  c.key("accounts.ldap.url", directory(a).url, directory(b).url);
  if (directory(a).url == directory(b).url && directory(a) != directory(b))
    c.say("accounts.ldap", {"accounts.ldap 有变", "accounts.ldap changed"});  // its password is not quoted
  c.key("api.proxy_user_header", a.proxies.user_header, b.proxies.user_header);
  c.key("windows.late_approval", a.entries.late_approval ? "allow" : "none",
        b.entries.late_approval ? "allow" : "none");
  c.key("windows.window_lead", reading::duration_text(a.entries.window_lead),
        reading::duration_text(b.entries.window_lead));
  c.number("duty.coverage", static_cast<double>(a.entries.duty_coverage_ppm) / 1e6,
           static_cast<double>(b.entries.duty_coverage_ppm) / 1e6);
  c.key("duty.automatic", a.entries.duty_automatic ? "true" : "false", b.entries.duty_automatic ? "true" : "false");
  c.key("seal.key_file", a.seal.key_file, b.seal.key_file);
  c.key("seal.algorithm", a.seal.algorithm, b.seal.algorithm);
  c.key("seal.url", a.seal.url, b.seal.url);
  c.key("seal.url_ca_file", a.seal.url_ca_file, b.seal.url_ca_file);
  if (a.seal.url_token != b.seal.url_token) c.say("seal.url_token", {"seal.url_token 有变", "seal.url_token changed"});
  peers(c, a.peer, b.peer);
  centres(c, a.centre, b.centre);
  nodes(c, a, b);
  if (a.log_level != b.log_level) c.say("log.level", {"log.level 有变", "log.level changed"});
  c.when("defaults", a.defaults, b.defaults);
  c.named(
      "kinds", a.kinds, b.kinds, [](const kind_policy& k) { return k.name; },
      [&](const kind_policy& x, const kind_policy& y) { c.when("kinds." + x.name, x.when, y.when); });
  c.named(
      "categories", a.categories, b.categories, [](const category_policy& k) { return k.what.id; },
      [&](const category_policy& x, const category_policy& y) {
        c.key("categories." + x.what.id + ".name", x.what.name, y.what.name);
        c.when("categories." + x.what.id, x.when, y.when);
      });
  c.named(
      "credentials", a.credentials, b.credentials, [](const credential& k) { return k.name; },
      [&](const credential& x, const credential& y) {
        c.key("credentials." + x.name + ".version", x.version, y.version);
        if (x.community != y.community)
          c.say("credentials." + x.name,
                both("credentials.{}：团体字有变", "credentials.{}: the community changed", x.name));
        for (const auto& [key, was, is] : {std::tuple{".user", x.user, y.user}, std::tuple{".level", x.level, y.level},
                                           std::tuple{".auth", x.auth, y.auth}, std::tuple{".priv", x.priv, y.priv},
                                           std::tuple{".context", x.context, y.context}})
          c.key("credentials." + x.name + key, was, is);
        if (x.auth_password != y.auth_password || x.priv_password != y.priv_password)
          c.say("credentials." + x.name,
                both("credentials.{}：口令有变", "credentials.{}: a password changed", x.name));
      });
  c.number("degrade.samples", a.degrade.samples, b.degrade.samples);
  c.number("degrade.loss_ratio", a.degrade.loss_ratio, b.degrade.loss_ratio);
  c.key("degrade.rtt", text_of(a.degrade.rtt), text_of(b.degrade.rtt));
  c.number("flap.changes", a.flap.changes, b.flap.changes);
  c.key("flap.within", duration_text(a.flap.within), duration_text(b.flap.within));
  c.number("fast_budget", a.fast_budget, b.fast_budget);
  c.number("recent.memory_mb", a.recent.of(a.targets->targets.size()), b.recent.of(b.targets->targets.size()));
  c.named(
      "contracts", a.contracts, b.contracts, [](const contract& k) { return k.id; },
      [&](const contract& x, const contract& y) { c.key("contracts." + x.id, to_json(x), to_json(y)); });
  c.key("report.office", a.report.office, b.report.office);
  c.key("metrics.without", text_of(a.without_series), text_of(b.without_series));
  const auto plan = [](const settings& s) { return s.evaluation ? s.evaluation->plan_file : std::string(); };
  c.key("evaluation.plan", plan(a), plan(b));
  if (a.evaluation && b.evaluation) {
    c.key("evaluation.every", duration_text(a.evaluation->every), duration_text(b.evaluation->every));
    if (plan(a) == plan(b) && a.evaluation->plan_text != b.evaluation->plan_text)
      c.say("evaluation.plan", both("evaluation.plan：{} 的内容有变", "evaluation.plan: {} changed", plan(a)));
  }
  if ((a.map == nullptr) != (b.map == nullptr) || (a.map && *a.map != *b.map))
    c.say("map", {"map：地图有变", "map: it changed"});
  const auto heard = [](const settings& s) { return s.traps.listen ? text_of(*s.traps.listen) : std::string(); };
  c.key("traps.listen", heard(a), heard(b));
  c.key("traps.credentials", fmt::format("{}", fmt::join(a.traps.credentials, " ")),
        fmt::format("{}", fmt::join(b.traps.credentials, " ")));
  c.number("traps.burst", a.traps.burst, b.traps.burst);
  c.number("traps.per_hour", a.traps.per_hour, b.traps.per_hour);
  alerts(c, a.alerts, b.alerts);
  c.number("report.repeat_outages", a.report.repeat_outages, b.report.repeat_outages);
}

/** A target as named texts, in the order of the headings. An anchor goes by its address: its number shifts. */
struct card {
  struct field {
    std::string_view cn, en;
    std::string value;
    friend bool operator==(const field&, const field&) = default;
  };
  std::string id;
  phrase title;
  std::vector<field> fields;
};

card card_of(const target& t, const settings& s) {
  const auto instant = [&](const std::optional<wall_t>& at) { return at ? s.zone.format(*at) : std::string(); };
  std::string addresses, checks;
  for (const ip_address& a : t.addresses) addresses += (addresses.empty() ? "" : " ") + to_string(a);
  for (std::uint32_t i = 0; i < t.check_count; ++i)
    checks += (i == 0 ? "" : " ") + s.targets->checks[t.first_check + i].spec;
  card c{.id = t.kind == target_kind::anchor ? "anchor " + addresses : t.id, .title = {}, .fields = {}};
  c.title = t.kind == target_kind::anchor ? both("锚点 {}", "anchor {}", addresses)
            : t.kind == target_kind::site ? both("网站 {}", "site {}", t.id)
                                          : both("专线 {}", "line {}", t.id);
  c.fields = {{"名称", "name", t.name},
              {"类别", "category", t.category},
              {"接入单位", "unit", t.unit},
              {"乡镇", "town", t.town},
              {"运营商", "carrier", t.carrier},
              {"电路编号", "circuit", t.circuit},
              {"带宽", "bandwidth_mbps", t.bandwidth_mbps > 0 ? fmt::format("{}", t.bandwidth_mbps) : ""},
              {"地址", "address", addresses},
              {"网址", "url", t.url},
              {"上级", "parent", t.parent},
              {"开通日期", "accepted", instant(t.accepted)},
              {"停用日期", "closed", instant(t.closed)},
              {"等级", "grade", t.grade},
              {"作证", "witness", t.witness ? "" : "no"},
              {"检查", "checks", checks}};
  return c;
}

phrase titled(const card& c) {
  const std::string& name = c.fields[0].value;
  return name == c.id || c.id.starts_with("anchor ") ? c.title : both("{} ({})", "{} ({})", c.title, name);
}

const target* same(const target& t, const inventory& in) {
  if (t.kind != target_kind::anchor) {
    const target* found = in.find(t.id);
    return found != nullptr && found->kind == t.kind ? found : nullptr;
  }
  const auto at =
      std::ranges::find_if(in.targets, [&](const target& o) { return o.kind == t.kind && o.addresses == t.addresses; });
  return at == in.targets.end() ? nullptr : &*at;
}

/** Cheap test first: of 100,000 lines few have changed. */
bool equal(const target& x, const settings& a, const target& y, const settings& b) {
  if (x.kind == target_kind::line || x.kind == target_kind::site)
    return to_json(x, *a.targets) == to_json(y, *b.targets);
  return card_of(x, a).fields == card_of(y, b).fields;
}

void targets(comparison& c, const settings& a, const settings& b) {
  for (const target& t : a.targets->targets)
    if (same(t, *b.targets) == nullptr) {
      const card old = card_of(t, a);
      if (b.nodes)
        c.say(old.id, both("{} 已删除，或归别的节点", "{} removed, or another node's now", titled(old)));
      else
        c.say(old.id, both("{} 已删除", "{} removed", titled(old)));
    }
  std::vector<std::pair<const target*, const target*>> stayed;
  for (const target& t : b.targets->targets) {
    const target* before = same(t, *a.targets);
    if (before == nullptr) {
      const card fresh = card_of(t, b);
      c.say(fresh.id, both("{} 新增", "{} added", titled(fresh)));
    } else if (!equal(*before, a, t, b)) {
      stayed.emplace_back(before, &t);
    }
  }
  for (const auto& [before, after] : stayed) {
    const card x = card_of(*before, a), y = card_of(*after, b);
    phrase differences;
    for (std::size_t i = 0; i < x.fields.size(); ++i) {
      const card::field &old = x.fields[i], &fresh = y.fields[i];
      if (old == fresh) continue;
      const phrase comma = differences.en.empty() ? phrase{} : phrase{"，", ", "};
      differences = both("{}{}{}由 {} 改为 {}", "{}{}{} from {} to {}", differences, comma,
                         phrase{std::string(old.cn), std::string(old.en)}, shown(old.value), shown(fresh.value));
    }
    if (!differences.en.empty()) c.say(y.id, both("{} 有变：{}", "{} changed: {}", titled(y), differences));
  }
}

}  // namespace

std::vector<change> compare(const settings& old_one, const settings& new_one) {
  comparison c;
  keys(c, old_one, new_one);
  targets(c, old_one, new_one);
  return std::move(c.out);
}

}  // namespace changtong
