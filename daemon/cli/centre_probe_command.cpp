// `changtong centre probe`: a node asks one of its targets now, and says what it saw. By way of a broker, where the
// node's settings allow it.
#include <fmt/core.h>

#include <memory>
#include <string>

#include "daemon/centre/command_text.h"
#include "daemon/centre/subjects.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/options.h"
#include "daemon/core/log.h"
#include "daemon/core/phrase.h"
#include "daemon/core/plain_text.h"
#include "daemon/run/brokers.h"
#include "daemon/settings/centre_file.h"

namespace changtong {
namespace {

struct asked_probe {
  std::string config, node, target, format = "table";
};

constexpr milliseconds patience{20'000};  // a node waits 10 s for a sample

std::string_view chinese_of(line_state s) { return s == line_state::up ? "通" : s == line_state::down ? "断" : "未知"; }

void print(const centre::probe_seen& p, const civil_zone& zone) {
  fmt::print("{} {}  {} / {}  自 / since {}\n", as_seen(p.line.target), as_seen(p.line.name), chinese_of(p.line.state),
             name_of(p.line.state), zone.format_short(p.line.since));
  if (!p.sampled) fmt::print("  十秒内没有新的样本 / no new sample within ten seconds\n");
  if (p.sampled) fmt::print("  样本 / sampled {}\n", zone.format_short(*p.sampled));
  if (p.rtt_seconds >= 0) fmt::print("  时延 / round trip {:.1f} ms\n", p.rtt_seconds * 1'000);
  if (p.loss_ratio >= 0) fmt::print("  丢包 / loss {:.1f} %\n", p.loss_ratio * 100);
}

/** Where there is a broker and no node answers, that may be what its settings say. */
problem not_asked(const problem& why) {
  if (why.what != problem_class::no) return why;
  return said(both("{}；节点的配置要有 centre.commands: [probe]",
                   "{}; the node's settings need centre.commands: [probe]", words_of(why)));
}

int probe(const asked_probe& o) {
  log::set_level(log::level::warn);
  const auto loaded = load_centre(o.config, real_surroundings({}));
  if (!loaded) return fail(loaded.error());
  const centre_file& s = loaded->value;
  if (!s.nats)
    return fail(said({"中心的配置没有 nats：命令只能经它送到节点",
                      "the centre's configuration has no nats, by which alone commands reach a node"},
                     problem_class::usage));
  centre::broker by(place_of_centre(*s.nats));
  const auto answer = by.ask(centre::subject_of(centre::command_subject, o.node),
                             text_of(centre::node_command{.what = "probe", .target = o.target}), patience, {});
  if (!answer) return fail(about(as_seen(o.node), not_asked(answer.error())));
  const auto seen = centre::read_probe_seen(*answer);
  if (!seen)
    return fail(said(both("节点没有照办：{}", "the node did not: {}", words_of_answer(*answer)), problem_class::no));
  if (o.format == "json")
    fmt::print("{}\n", *answer);
  else
    print(*seen, s.zone);
  return seen->sampled && seen->line.state == line_state::up ? exit_ok : exit_no;
}

}  // namespace

void centre_probe_arguments(grammar centre, int& code) {
  const auto o = std::make_shared<asked_probe>();
  auto sub = centre.add_subcommand("probe", "让一个节点立即探测一个对象 / a node asks one of its targets now");
  sub.add_option("--config", o->config, "中心的配置文件 / the centre's configuration").required();
  sub.add_option("--node", o->node, "节点的名称 / the node's name").required();
  sub.add_option("target", o->target, "编号 / its id").required();
  format_option(sub, o->format, {"table", "json"});
  sub.footer(
      "例 / example:\n"
      "  changtong centre probe --config centre.yaml --node 东城区 V014\n"
      "退出码 / exit codes: 0 通, 1 不是通或没有新样本 / not up, or no new sample, 3 没有问到 / it could not be asked");
  sub.callback([o, &code] { code = probe(*o); });
}

}  // namespace changtong
