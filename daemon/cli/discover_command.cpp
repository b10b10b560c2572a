#include "daemon/cli/discover_command.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>

#include "collectors/net/own_address.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/options.h"
#include "daemon/cli/probe_words.h"
#include "daemon/core/json.h"
#include "daemon/core/log.h"
#include "daemon/core/utf8.h"
#include "daemon/discover/explorer.h"
#include "daemon/host/plain_file.h"
#include "daemon/report/columns.h"

namespace changtong {
namespace {

using discover::explorer;
using discover::proposal;

std::string_view origin_of(const proposal& p) {
  static constexpr std::array<std::string_view, 3> words{"起点", "LLDP", "ARP"};
  return words[static_cast<std::size_t>(p.from)];
}

std::string_view origin_word(const proposal& p) {
  static constexpr std::array<std::string_view, 3> words{"start", "lldp", "arp"};
  return words[static_cast<std::size_t>(p.from)];
}

std::string standing_of(const proposal& p) {
  if (!p.known) return p.address ? "新 / new" : "无地址 / no address";
  if (p.from == proposal::origin::start || p.parent == p.inventory_parent) return "已有 / known";
  return p.inventory_parent.empty() ? "已有，未写上级 / known, no parent"
                                    : fmt::format("已有，清单上级 {0} / known, parent {0}", p.inventory_parent);
}

void print_table(const explorer& e) {
  std::vector<std::vector<std::string>> rows;
  for (const proposal& p : e.proposals())
    rows.push_back({p.id, p.name, p.circuit, p.address ? to_string(*p.address) : "", p.parent, p.parent_port,
                    std::string(origin_of(p)), standing_of(p)});
  fmt::print("{}", report::in_columns(
                       {{"编号"}, {"名称"}, {"电路编号"}, {"地址"}, {"上级"}, {"上级接口"}, {"来源"}, {"清单"}}, rows));
  for (const discover::remark& r : e.remarks()) fmt::print("{}：{}\n", r.about, to_string(r.text));
}

void print_json(const explorer& e) {
  json_array proposals, remarks;
  for (const proposal& p : e.proposals()) {
    json_object o;
    o.add("id", p.id).add("name", p.name).add("category", p.category).add("circuit", p.circuit);
    p.address ? o.add("address", to_string(*p.address)) : o.add_null("address");
    o.add("parent", p.parent).add("parent_port", p.parent_port).add("from", origin_word(p));
    o.add_raw("known", p.known ? "true" : "false");
    p.known ? o.add("inventory_parent", p.inventory_parent) : o.add_null("inventory_parent");
    proposals.add_raw(o.text());
  }
  for (const discover::remark& r : e.remarks())
    remarks.add_raw(json_object().add("about", r.about).add("text", to_string(r.text)).text());
  fmt::print("{}\n", json_object().add_raw("proposals", proposals.text()).add_raw("remarks", remarks.text()).text());
}

/** The address that the word names. */
result<ip_address> address_named(const std::string& word, const settings* known) {
  if (const auto literal = parse_address(word)) return *literal;
  const auto found = known == nullptr ? std::vector<const target*>{} : targets_named(*known->targets, word);
  if (found.size() == 1 && !found[0]->addresses.empty()) return found[0]->addresses.front();
  return said(known == nullptr
                  ? both("“{}”不是地址；按编号或名称要写 --config",
                         "'{}' is no address: to name a device, add --config", shortened(word, 64))
                  : both("清单中没有“{}”，或不止一个：请写编号或地址",
                         "no device '{}' in the inventory, or several: write an id or an address", shortened(word, 64)),
              problem_class::usage);
}

/** Whether the rows would replace what they are to be merged into: a person's columns and comments would be lost. */
bool is_of_the_configuration(const std::string& out, const settings& given) {
  std::error_code not_there;
  return std::ranges::any_of(std::array{&given.inventory_file, &given.sites_file, &given.file},
                             [&](const auto* own) { return std::filesystem::equivalent(out, *own, not_there); });
}

/** Round after round, until nobody is left to ask. False if the first device did not answer. */
bool explore(explorer& e, const network_survey& how, const ip_address& first) {
  bool told = false;
  for (auto round = e.next(); !round.empty(); round = e.next()) {
    std::vector<agent_place> places;
    std::vector<ip_address> whose;
    for (const ip_address& a : round) {
      if (const auto place = how.of_address(a)) {
        places.push_back(*place);
        whose.push_back(a);
      } else {
        e.take_silence(a, {"没有凭据：写 --credential", "no credential: add --credential"});
      }
    }
    how.ask(places, [&](std::size_t i, const discover::asked_device& d) {
      d.answered ? e.take(whose[i], d.seen, d.trouble) : e.take_silence(whose[i], d.trouble);
      told = told || (d.answered && whose[i] == first);
    });
    if (interrupted()) break;
  }
  return told;
}

int finish(const explorer& e, const discover_options& o, const inventory* known, bool told) {
  const std::string rows = discover::lines_csv(e.proposals(), known);
  if (o.format == "json")
    print_json(e);
  else if (o.format == "csv")
    fmt::print("{}", rows);
  else
    print_table(e);
  if (o.format == "csv")
    for (const discover::remark& r : e.remarks()) fmt::print(stderr, "{}：{}\n", r.about, to_string(r.text));
  if (interrupted())
    return fail(said({"已中断，只列出了此前已知的，未写文件",
                      "interrupted: only what was known so far is listed; no file was written"}));
  if (!told) return exit_cannot;
  if (o.out.empty()) return exit_ok;
  if (const auto written = host::replace_plain_file(o.out, rows, 0644); !written) {
    const phrase why = words_of(written.error());
    return fail(said(fmt::format("{}：{}", o.out, why.cn), why.en));
  }
  if (o.format == "table")
    fmt::print("已写入 {0}；用 check 核对后并入清单 / written to {0}; look it through with check\n", o.out);
  return exit_ok;
}

}  // namespace

int discover_command(const discover_options& o) {
  log::set_level(log::level::warn);
  std::optional<loaded> known;
  if (!o.config.empty()) {
    auto read = load(o.config);
    if (!read) return fail(read.error());
    known = std::move(*read);
  }
  const settings* given = known ? &known->value : nullptr;
  if (given != nullptr && !o.out.empty() && is_of_the_configuration(o.out, *given))
    return fail(said({"--out 指的是配置或清单本身，不覆盖：请写另一个文件",
                      "--out is the configuration or the inventory itself: name another file"},
                     problem_class::usage));
  const auto first = address_named(o.from, given);
  if (!first) return fail(first.error());
  auto how = network_survey::prepare(given, o.how);
  if (!how) return fail(how.error());
  notice_interrupts();
  const inventory* inv = given == nullptr ? nullptr : given->targets.get();
  explorer e(*first, inv, {o.depth, o.limit, o.category, net::is_here});
  const bool told = explore(e, *how, *first);
  return finish(e, o, inv, told);
}

void discover_arguments(grammar app, int& code) {
  const auto o = std::make_shared<discover_options>();
  auto sub =
      app.add_subcommand("discover", "由设备的邻居表提出专线和上级 / lines and parents that the network proposes");
  sub.add_option("--from", o->from,
                 "从哪台设备开始，写最上面的一台：地址，有 --config 时也可写编号 / the topmost device")
      .required();
  sub.add_option("--config", o->config,
                 "配置文件：凭据，以及哪些设备已在清单中 / credentials, and what is known already");
  sub.add_option("--credential", o->how.credential,
                 "清单中没有 snmp 检查的设备用哪个凭据；只有一个时可不写 / for devices without an snmp check");
  sub.add_option("--port", o->how.port, "这些设备的 SNMP 端口 / their port").shows_default().within(1, 65535);
  sub.add_option("--timeout-ms", o->how.timeout_ms, "一次应答最多等多少毫秒，共问三次 / for one answer, asked thrice")
      .shows_default()
      .within(50, 60000);
  sub.add_option("--depth", o->depth, "向下再问几层邻居，0 为只问起点 / how far below others are asked too")
      .shows_default()
      .within(0, 16);
  sub.add_option("--limit", o->limit, "最多问几台设备 / devices that are asked at most")
      .shows_default()
      .within(1, 10000);
  sub.add_option("--category", o->category, "提出的专线的类别 / category of what is proposed").shows_default();
  format_option(sub, o->format, {"table", "json", "csv"}, "（可并入 lines.csv 的行）/ csv: rows for lines.csv");
  sub.add_option("--out", o->out, "另把这些行写入文件，不能是清单本身 / a file for the rows, not the inventory itself")
      .output();
  sub.footer(
      "读 LLDP 邻居、接口名称和描述（电路编号）、ARP 表；邻居的上级就是发现它的那台设备\n"
      "  reads LLDP neighbours, interface names and aliases (circuits), ARP; a parent is the device that shows a line\n"
      "没有 LLDP 邻居的接口，后面恰好一个 ARP 地址也算一条专线；多个则说明无法判断\n"
      "  an interface without neighbour and with exactly one ARP address is a line too; of several nobody can tell\n"
      "没有 --config 时团体名取环境变量 CHANGTONG_COMMUNITY，缺省 public / without --config: the community from there\n"
      "例 / such as:\n"
      "  changtong discover --from 192.0.2.5 --config changtong.yaml --out proposed.csv\n"
      "  changtong check --live --config changtong.yaml    上级是否与网络一致 / do the parents hold?\n"
      "退出码 / exit codes: 0 起点已应答 / the start answered, 1 配置有误 / a mistake in the configuration,\n"
      "  2 选项有误或没有这个对象 / wrong option or no such device, 3 起点不应答、写不了文件或已中断 / no answer, no "
      "file, interrupted");
  sub.callback([o, &code] { code = discover_command(*o); });
}

}  // namespace changtong
