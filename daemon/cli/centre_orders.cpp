// `changtong centre probe`, a node asks one of its targets now and says what it saw; `changtong centre window`, a
// maintenance window is requested there. By way of a broker, where the node's settings allow it.
#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <string>
#include <tuple>

#include "daemon/centre/command_text.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/asked_node.h"
#include "daemon/cli/centre_commands.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/options.h"
#include "daemon/core/command.h"
#include "daemon/core/log.h"
#include "daemon/core/phrase.h"
#include "daemon/core/plain_text.h"
#include "daemon/core/stable_hash.h"
#include "daemon/entries/command_json.h"
#include "daemon/host/clocks.h"
#include "daemon/settings/centre_file.h"

namespace changtong {
namespace {

struct order_options {
  std::string config, node, format = "table";
  std::string target;     ///< of a probe
  window_command window;  ///< and what is requested
  std::string from, to, by;
};

std::string_view chinese_of(line_state s) { return s == line_state::up ? "通" : s == line_state::down ? "断" : "未知"; }

void print(const centre::probe_seen& p, const civil_zone& zone) {
  fmt::print("{} {}  {} / {}  自 / since {}\n", as_seen(p.line.target), as_seen(p.line.name), chinese_of(p.line.state),
             name_of(p.line.state), zone.format_short(p.line.since));
  if (!p.sampled) fmt::print("  十秒内没有新的样本 / no new sample within ten seconds\n");
  if (p.sampled) fmt::print("  样本 / sampled {}\n", zone.format_short(*p.sampled));
  if (p.rtt_seconds >= 0) fmt::print("  时延 / round trip {:.1f} ms\n", p.rtt_seconds * 1'000);
  if (p.loss_ratio >= 0) fmt::print("  丢包 / loss {:.1f} %\n", p.loss_ratio * 100);
}

int probe(const order_options& o) {
  log::set_level(log::level::warn);
  const auto loaded = load_centre(o.config, real_surroundings({}));
  if (!loaded) return fail(loaded.error());
  const centre_file& s = loaded->value;
  const auto answer = answer_of_node({.what = "probe", .target = o.target}, s, o.node, "probe");
  if (!answer) return fail(answer.error());
  const auto seen = centre::read_probe_seen(*answer);
  if (!seen) return fail(not_done(*answer));
  if (o.format == "json")
    fmt::print("{}\n", *answer);
  else
    print(*seen, s.zone);
  return seen->sampled && seen->line.state == line_state::up ? exit_ok : exit_no;
}

/** The same for the same request: whoever asks again, for nobody answered, has it once. */
std::string id_of(const order_options& o, const civil_zone& zone, wall_t from) {
  std::uint64_t hash = stable_hash(o.window.below ? "\nbelow" : "", stable_hash(o.node));
  for (const std::string* part : {&o.from, &o.to, &o.by, &o.window.text}) hash = stable_hash("\n" + *part, hash);
  for (const std::string& t : o.window.targets) hash = stable_hash("\n" + t, hash);
  return fmt::format("C{}-{:08x}", zone.key(from, civil_zone::unit::day), hash & 0xffffffffU);
}

int request_window(const order_options& o) {
  log::set_level(log::level::warn);
  const auto loaded = load_centre(o.config, real_surroundings({}));
  if (!loaded) return fail(loaded.error());
  const centre_file& s = loaded->value;
  window_command w = o.window;
  for (const auto& [text, option, into] : {std::tuple{&o.from, "--from", &w.from}, {&o.to, "--to", &w.to}}) {
    const auto at = s.zone.parse_instant(*text);
    if (!at) return fail(about_option(option, at.error()));
    *into = *at;
  }
  w.id = id_of(o, s.zone, *w.from);
  const auto answer = answer_of_node({.what = "window",
                                      .target = {},
                                      .by = o.by,
                                      .entry = api::json_of(w, s.zone),
                                      .until = system_clocks().wall() + patience_for_nodes + clocks_apart},
                                     s, o.node, "windows");
  if (!answer && answer.error().what == problem_class::usage) return fail(answer.error());
  if (!answer)
    return fail(said(both("{}；没有等到回答，也可能已登记：照样再申请一次不会登记两次，编号 {}",
                          "{}; it may have been entered all the same: asking again enters it once, as {}",
                          words_of(answer.error()), w.id),
                     answer.error().what));
  const auto done = centre::read_window_requested(*answer);
  if (!done) return fail(not_done(*answer));
  if (o.format == "json") {
    fmt::print("{}\n", *answer);
    return exit_ok;
  }
  const bool all = w.targets == std::vector<std::string>{std::string(every_target)};
  const std::string how_many = all ? "全部" : std::to_string(done->targets), many = all ? "all" : how_many;
  fmt::print(
      "{}：已申请停机窗口 {}，对象 {}，等节点的人批准 / window {} is requested, targets: {}; people of the node "
      "approve\n",
      as_seen(o.node), as_seen(done->id), how_many, as_seen(done->id), many);
  for (const phrase& n : done->notices) fmt::print("  {} / {}\n", as_seen(n.cn), as_seen(n.en));
  return exit_ok;
}

void place_options(grammar sub, order_options& o) {
  sub.add_option("--config", o.config, "中心的配置文件 / the centre's configuration").required();
  sub.add_option("--node", o.node, "节点的名称 / the node's name").required();
  format_option(sub, o.format, {"table", "json"});
}

}  // namespace

void centre_orders_arguments(grammar centre, int& code) {
  const auto o = std::make_shared<order_options>();
  auto sub = centre.add_subcommand("probe", "让一个节点立即探测一个对象 / a node asks one of its targets now");
  place_options(sub, *o);
  sub.add_option("target", o->target, "编号 / its id").required();
  sub.footer(
      "例 / example:\n"
      "  changtong centre probe --config centre.yaml --node 东城区 V014\n"
      "退出码 / exit codes: 0 通, 1 不是通或没有新样本 / not up, or no new sample, 3 没有问到 / it could not be asked");
  sub.callback([o, &code] { code = probe(*o); });
  const auto w = std::make_shared<order_options>();
  sub = centre.add_subcommand("window", "在一个节点申请停机窗口，由它的人批准 / request a window at a node");
  place_options(sub, *w);
  sub.add_option("--targets", w->window.targets,
                 "线路或网站的编号、名称、电路编号或地址，* 为全部 / lines and sites, * for all")
      .separated_by(',')
      .required();
  sub.add_flag("--below", w->window.below, "连同其下各级线路 / with all lines below them, by parent");
  sub.add_option("--from", w->from, "开始：\"2026-03-14 22:00\" 或带时区的 ISO 8601").required();
  sub.add_option("--to", w->to, "结束 / end").required();
  sub.add_option("--by", w->by, "申请人，不能由同名的人批准 / who asks; nobody of that name approves").required();
  words_option(sub, w->window.text, "事由 / why");
  sub.footer(
      "例 / example:\n"
      "  changtong centre window --config centre.yaml --node 东城区 --targets V014 --from \"2026-12-05 01:00\" \\\n"
      "    --to \"2026-12-05 03:00\" --by 李工 --text 市级割接\n"
      "退出码 / exit codes: 0 已申请 / requested, 1 没有照办 / refused, 3 没有问到 / it could not be asked");
  sub.callback([w, &code] { code = request_window(*w); });
}

}  // namespace changtong
