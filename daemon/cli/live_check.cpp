#include "daemon/cli/live_check.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "daemon/cli/ending.h"
#include "daemon/core/log.h"

namespace changtong {
namespace {

using finding = discover::parent_finding;

std::string shown(const target& t) { return t.name == t.id ? t.id : t.id + " " + t.name; }

/** Lines that can be asked: those with an snmp check, and parents, if a credential was named for them. */
struct choice {
  std::vector<target_index> lines;
  std::vector<agent_place> places;
  std::vector<target_index> mute;  ///< parents that nobody can ask
};

choice choose(const inventory& inv, const network_survey& how, bool named) {
  choice c;
  const std::vector<bool> has_children = have_children(inv);
  for (target_index t = 0; t < inv.targets.size(); ++t) {
    const target& line = inv.targets[t];
    if (line.kind != target_kind::line || line.addresses.empty()) continue;
    auto place = how.of_line(line);
    if (!place && has_children[t] && named) place = how.by_wish(line.addresses.front());
    if (place) {
      c.lines.push_back(t);
      c.places.push_back(*place);
    } else if (has_children[t]) {
      c.mute.push_back(t);
    }
  }
  return c;
}

/** Who has an snmp check and gives us nothing may be green all the same, by another check. */
void say_who_did_not_tell(const inventory& inv, const choice& c,
                          const std::map<target_index, discover::asked_device>& asked) {
  std::size_t silent = 0;
  for (const target_index t : c.mute)
    fmt::print("问不到 {}：没有 snmp 检查，也没有 --credential / cannot be asked: no snmp check and no --credential\n",
               shown(inv.targets[t]));
  for (const auto& [t, d] : asked) {
    const std::string line = shown(inv.targets[t]);
    silent += d.answered ? 0 : 1;
    if (!d.answered)
      fmt::print("问不到 {}：{}\n", line, to_string(d.trouble));
    else if (!d.trouble.empty())
      fmt::print("没有读全 {}：{}\n", line, to_string(d.trouble));
    else if (!d.seen.speaks_lldp)
      fmt::print("{}：没有 LLDP 表 / it has no LLDP tables\n", line);
  }
  if (silent > 0)
    fmt::print(
        "取不到数据的设备 {0} 台：请核对其凭据、访问控制与端口；线路若有其他检查应答，仍算通，显示为劣化 / {0} devices "
        "give no data: see "
        "their credentials, access lists and ports; a line that answers another check is up, and shown as degraded\n",
        silent);
}

int say_findings(const inventory& inv, const std::vector<finding>& all) {
  std::array<std::size_t, 4> count{};
  for (const finding& f : all) ++count[static_cast<std::size_t>(f.what)];
  for (const finding::sort what : {finding::sort::contradiction, finding::sort::no_parent, finding::sort::not_known})
    for (const finding& f : all) {
      if (f.what != what) continue;
      const char* word = what == finding::sort::contradiction ? "矛盾"
                         : what == finding::sort::no_parent   ? "未写上级"
                                                              : "无法核对";
      fmt::print("{} {}：{}\n", word, shown(inv.targets[f.line]), to_string(f.text));
    }
  const auto of = [&](finding::sort s) { return count[static_cast<std::size_t>(s)]; };
  fmt::print(
      "上级：一致 {0}，矛盾 {1}，未写 {2}，无法核对 {3} / parents: {0} hold, {1} contradict, {2} missing, {3} not "
      "known\n",
      of(finding::sort::agrees), of(finding::sort::contradiction), of(finding::sort::no_parent),
      of(finding::sort::not_known));
  return of(finding::sort::contradiction) > 0 ? exit_no : exit_ok;
}

}  // namespace

int live_check(const std::string& config, const network_survey::wishes& wishes) {
  log::set_level(log::level::warn);
  const auto read = load(config);
  if (!read) return fail(read.error());
  auto how = network_survey::prepare(&read->value, wishes);
  if (!how) return fail(how.error());
  const inventory& inv = *read->value.targets;
  const choice c = choose(inv, *how, !wishes.credential.empty());
  if (c.places.empty())
    return fail(said({"没有可以问的设备：专线要有 snmp 检查，或写 --credential",
                      "nobody to ask: lines need an snmp check, or add --credential"}));
  notice_interrupts();
  const auto answers = how->ask(c.places);
  std::map<target_index, discover::asked_device> asked;
  for (std::size_t i = 0; i < answers.size(); ++i) asked.emplace(c.lines[i], answers[i]);
  say_who_did_not_tell(inv, c, asked);
  const int code = say_findings(inv, discover::judge_parents(inv, asked));
  const bool told = std::ranges::any_of(answers, &discover::asked_device::answered);
  return told ? code : exit_cannot;
}

}  // namespace changtong
