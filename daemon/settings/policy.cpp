// What the journal keeps of the policy, and what `check` shows of everything.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "daemon/core/json.h"
#include "daemon/reading/words.h"
#include "daemon/settings/alerts.h"

namespace changtong {
namespace {

using reading::duration_text;

json_object& add_timing(json_object& o, const timing& t) {
  return o.add("interval_ms", std::int64_t{t.interval.count()})
      .add("timeout_ms", std::int64_t{t.timeout.count()})
      .add("fast_interval_ms", std::int64_t{t.fast_interval.count()})
      .add("down_after", std::int64_t{t.down_after})
      .add("up_after", std::int64_t{t.up_after});
}

std::string list_of(const std::vector<std::string>& objects) { return fmt::format("[{}]", fmt::join(objects, ",")); }

phrase sentence(const timing& t) {
  return both("间隔 {}，时限 {}，快速间隔 {}，连续 {} 次坏样本判断为中断，连续 {} 次好样本判断为恢复",
              "every {}, timeout {}, fast {}, down after {}, up after {}", duration_text(t.interval),
              duration_text(t.timeout), duration_text(t.fast_interval), t.down_after, t.up_after);
}

std::string rights_of(const person& p) {
  std::string out;
  for (const right r : p.may)
    out += (out.empty() ? "" : " ") + std::string(right_names.at(static_cast<std::size_t>(r)));
  return out;
}

/** The distinct timings of reach checks by category and kind, sorted; not how many have them, so that a new line like
 * the others is no new policy. */
std::vector<std::string> classes_of(const settings& s) {
  std::set<std::string> all;
  const inventory& inv = *s.targets;
  for (const target& t : inv.targets) {
    if (t.kind == target_kind::anchor) continue;
    for (std::uint32_t i = t.first_check; i < t.first_check + t.check_count; ++i) {
      const check& c = inv.checks[i];
      if (c.role != check_role::reach) continue;
      json_object o;
      o.add("category", t.category).add("kind", s.kinds[c.kind].name);
      all.insert(add_timing(o, c.when).text());
    }
  }
  return {all.begin(), all.end()};
}

std::size_t count(const inventory& inv, target_kind k) {
  std::size_t n = 0;
  for (const target& t : inv.targets) n += t.kind == k;
  return n;
}

using sayer = std::function<void(const phrase&)>;

/** ` authPriv SHA/AES` of v3; nothing of others, of which version and community are all. */
std::string strength_of(const credential& c) {
  if (c.version != "3") return {};
  std::string all = " " + c.level;
  if (!c.auth.empty()) all += " " + c.auth;
  if (!c.priv.empty()) all += "/" + c.priv;
  return all;
}

void describe_contracts_and_secrets(const settings& s, const sayer& say) {
  for (const contract& c : s.contracts)
    say(both("  合同 {}（{}）：{}", "contract {} with {}: {}", c.id, c.carrier,
             c.availability_target ? as_written(percent_text(*c.availability_target) + "%")
                                   : phrase{"没有写明畅通率目标", "no availability target"}));
  for (const credential& c : s.credentials)
    say(both("  凭据 {}：SNMP v{}{}", "credential {}: SNMP v{}{}", c.name, c.version, strength_of(c)));
  say(both(
      "  API 令牌：{}", "API token: {}",
      !s.api_token.empty() ? phrase{"已设，可重新加载、可申请", "set, may reload and request"}
      : std::ranges::all_of(s.people, [](const person& p) { return p.token.empty(); })
          ? phrase{"未设，只有登录的用户能通过 HTTP 更改", "none, so over HTTP only users who signed in make changes"}
          : phrase{"未设", "none"}));
  if (s.directory != nullptr)
    say(both("  目录：{}，{} 项角色", "directory: {}, {} entries of roles", s.directory->url,
             s.directory->roles.size()));
  if (!s.proxies.trusted.empty())
    say(both(
        "  可信代理：{} 项，客户端取自 {}{}", "trusted proxies: {}, the client by {}{}", s.proxies.trusted.size(),
        s.proxies.client_header,
        s.proxies.user_header.empty() ? phrase{} : both("，用户取自 {}", ", the user by {}", s.proxies.user_header)));
}

void describe_traps(const trap_settings& t, const sayer& say) {
  if (!t.listen) return;
  say(both("  陷阱：{} 端口 {}，凭据 {}；每条专线一次最多记 {} 条，此后每小时 {} 条，其余合并计数",
           "traps: {} port {}, credentials {}; of a line at most {} entries at once and {} an hour, others are summed",
           to_string(t.listen->address), t.listen->port, fmt::format("{}", fmt::join(t.credentials, " ")), t.burst,
           t.per_hour));
}

void describe_judging(const settings& s, const sayer& say) {
  say(both("  事后批准的计划停机：{}；运维日须有 {}% 的覆盖率和值班记录{}",
           "windows approved late: {}; a day of operation needs {}% coverage and a duty record{}",
           s.entries.late_approval ? phrase{"剔除并标明", "excluded, and flagged"} : phrase{"不剔除", "not excluded"},
           static_cast<double>(s.entries.duty_coverage_ppm) / 1e4,
           s.entries.duty_automatic ? phrase{"（或每日自动自检）", " or the automatic daily check"} : phrase{}));
  say(both(
      "  最近 {1} 个样本丢包达 {0}%{2}即为劣化；{4} 内变化 {3} 次即为抖动；快速探测每秒最多 {5} 次",
      "degraded from {}% loss over {} samples{}; flapping from {} changes within {}; at most {} fast questions a "
      "second",
      s.degrade.loss_ratio * 100, s.degrade.samples,
      s.degrade.rtt ? both(" 或往返时延达 {} ", " or {} round trip", duration_text(*s.degrade.rtt)) : phrase{" ", ""},
      s.flap.changes, duration_text(s.flap.within), s.fast_budget));
}

std::string conditions_of(const telling_rule& r) {
  std::string out;
  const auto add = [&out](std::string_view what) { out += (out.empty() ? "" : " ") + std::string(what); };
  for (const alert_subject a : r.subjects) add(name_of(a));
  for (const auto* list : {&r.categories, &r.grades, &r.carriers})
    for (const std::string& one : *list) add(one);
  if (r.at_least > 1) add(fmt::format("≥{}", r.at_least));
  if (r.hours) add(reading::hours_text(*r.hours));
  return out;
}

std::string text_of(quality_unit unit, double value) {
  switch (unit) {
    case quality_unit::ratio:
      return fmt::format("{:.4g}%", value * 100);
    case quality_unit::milliseconds:
      if (const double whole = std::round(value); whole == value)
        return reading::duration_text(milliseconds{static_cast<std::int64_t>(whole)});
      return fmt::format("{:.4g}ms", value);
    case quality_unit::decibels:
      return fmt::format("{:.4g} dBm", value);
    case quality_unit::celsius:
      return fmt::format("{:.4g} ℃", value);
    case quality_unit::state:
      break;
  }
  return {};
}

/** From which value on something is told as degraded, and who says so. */
void describe_limits(const alert_settings& a, const sayer& say) {
  if (!a.degraded) return;
  for (const quality_limit& l : a.limits) {
    const quality_row& row = row_of(l.of);
    std::string whom;
    for (const auto* list : {&l.categories, &l.grades})
      for (const std::string& one : *list) whom += (whom.empty() ? "" : " ") + one;
    const std::string of = std::string(row.key) + (whom.empty() ? "" : " (" + whom + ")");
    const std::string at = l.off                             ? " off"
                           : row.unit == quality_unit::state ? ""
                                                             : (row.least ? " ≤ " : " ≥ ") + text_of(row.unit, l.at);
    say(both("  劣化限值 {}{}，持续 {}{}", "limit {}{}, for {}{}", of, at, duration_text(l.holds),
             l.source.empty() ? phrase{} : both("，依据：{}", ", by: {}", l.source)));
  }
}

/** Neither addresses nor keys of channels, nor numbers of people. */
void describe_alerts(const alert_settings& a, const sayer& say) {
  if (a.channels.empty()) return;
  for (const alert_channel& c : a.channels)
    say(both("  告警渠道 {}：{}，每分钟最多 {} 条，严重级别 {} 及更紧急{}",
             "alert channel {}: {}, at most {} a minute, "
             "severity {} and more urgent{}",
             c.id, channel_kind_names.at(static_cast<std::size_t>(c.kind)), c.per_minute, c.severity,
             c.instead.empty() ? phrase{} : both("，不通时改走 {}", ", else {}", c.instead)));
  for (std::size_t i = 0; i < a.rules.size(); ++i) {
    const telling_rule& r = a.rules[i];
    std::string steps;
    for (const telling_step& s : r.steps)
      steps += fmt::format("{}{} {} > {}", steps.empty() ? "" : "; ", duration_text(s.after), fmt::join(s.tell, ","),
                           fmt::join(s.by, ","));
    const std::string conditions = conditions_of(r);
    say(both("  告警规则 {}（{}，级别 {}）：{}", "alert rule {} ({}, severity {}): {}", i + 1,
             conditions.empty() ? phrase{"全部", "all"} : as_written(conditions), r.severity,
             steps.empty() ? phrase{"不告知任何人", "tells nobody"} : as_written(steps)));
  }
  describe_limits(a, say);
}

/** Who of the nodes that share the list takes how many of it. */
void describe_nodes(const settings& s, const sayer& say) {
  if (!s.nodes) return;
  for (std::size_t n = 0; n < s.nodes->all.size(); ++n) {
    const node_share& of = s.nodes->all[n];
    say(both("  节点 {}{}：专线 {} 条、网站 {} 个", "node {}{}: {} lines, {} sites", of.name,
             n == s.nodes->self ? phrase{"（本机）", " (this one)"} : phrase{}, of.lines, of.sites));
  }
}

}  // namespace

std::string policy_json(const settings& s) {
  json_object defaults;
  add_timing(defaults, s.defaults);
  std::vector<std::string> categories, kinds;
  for (const category_policy& c : s.categories) {
    json_object o;
    o.add("id", c.what.id).add("name", c.what.name);
    categories.push_back(add_timing(o, c.when).text());
  }
  for (const kind_policy& k : s.kinds) {
    json_object o;
    o.add("kind", k.name);
    kinds.push_back(add_timing(o, k.when).text());
  }
  json_object windows, duty, o;
  windows.add("late_approval", s.entries.late_approval ? "allow" : "none");
  if (s.entries.window_lead > milliseconds{0}) windows.add("window_lead_ms", s.entries.window_lead.count());
  duty.add("coverage_ppm", s.entries.duty_coverage_ppm).add_bool("automatic", s.entries.duty_automatic);
  std::vector<std::string> people;
  for (const person& p : s.people) {
    json_object who;
    who.add("name", p.name).add("may", rights_of(p));
    people.push_back(who.text());
  }
  o.add("zone", s.zone.name())
      .add_raw("defaults", defaults.text())
      .add_raw("kinds", list_of(kinds))
      .add_raw("categories", list_of(categories))
      .add_raw("windows", windows.text())
      .add_raw("duty", duty.text())
      .add_raw("people", list_of(people))
      .add_raw("classes", list_of(classes_of(s)));
  std::vector<std::string> contracts;
  for (const contract& c : s.contracts) contracts.push_back(to_json(c));
  if (!contracts.empty()) o.add_raw("contracts", list_of(contracts));
  if (s.report != report_wishes{}) {
    json_object wishes;
    wishes.add("office", s.report.office).add("repeat_outages", std::int64_t{s.report.repeat_outages});
    o.add_raw("report", wishes.text());
  }
  return o.text();
}

std::string describe(const loaded& l) {
  const settings& s = l.value;
  const inventory& inv = *s.targets;
  std::map<std::pair<std::string_view, std::string>, std::pair<phrase, std::size_t>> checks;
  std::map<std::string_view, std::size_t> lines;
  for (const check& c : inv.checks) {
    const phrase when = sentence(c.when);
    ++checks.try_emplace({s.kinds[c.kind].name, when.en}, when, 0).first->second.second;
  }
  for (const target& t : inv.targets)
    if (t.kind != target_kind::anchor) ++lines[t.category];
  std::string out;
  const auto say = [&out](const phrase& p) { out += to_string(p) + "\n"; };
  say(both("{}：专线 {} 条、网站 {} 个、锚点 {} 个、检查 {} 项", "{}: {} lines, {} sites, {} anchors, {} checks",
           s.file, count(inv, target_kind::line), count(inv, target_kind::site), count(inv, target_kind::anchor),
           inv.checks.size()));
  const phrase inventory = s.inventory_file.empty() ? phrase{"无", "none"} : as_written(s.inventory_file);
  say(both("  时区 {}，监听 {} 端口 {}，账本 {}，清单 {}", "zone {}, listen {} port {}, ledger {}, inventory {}",
           s.zone.name(), to_string(s.listen.address), s.listen.port, s.ledger, inventory));
  if (!s.sites_file.empty()) say(both("  网站清单：{}", "sites: {}", s.sites_file));
  describe_nodes(s, say);
  if (!s.profile_files.empty())
    say(both("  设备画像：{}", "profiles: {}", fmt::format("{}", fmt::join(s.profile_files, ", "))));
  if (!s.name_servers.empty()) say(both("  域名服务器：{}", "name servers: {}", to_string(s.name_servers)));
  for (const category& c : inv.categories)
    if (lines[c.id] > 0) out += fmt::format("  {} ({}): {}\n", c.name, c.id, lines[c.id]);
  for (const auto& [what, when] : checks)
    say(both("  {}：{} 项，{}", "{}: {}, {}", what.first, when.second, when.first));
  describe_contracts_and_secrets(s, say);
  for (const person& p : s.people) out += fmt::format("  {}: {}\n", p.name, rights_of(p));
  describe_judging(s, say);
  describe_traps(s.traps, say);
  describe_alerts(s.alerts, say);
  for (const problem& w : l.warnings) out += fmt::format("{} {}\n", warning_head, to_string(w));
  return out;
}

}  // namespace changtong
