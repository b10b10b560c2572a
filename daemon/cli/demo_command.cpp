#include "daemon/cli/demo_command.h"

#include <fmt/core.h>

#include <atomic>
#include <csignal>
#include <deque>
#include <memory>

#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/options.h"
#include "daemon/host/clocks.h"
#include "daemon/run/serve.h"
#include "daemon/simulate/demo.h"

namespace changtong {
namespace {

/** Routers of the story: a trace takes a moment, as a real one does. */
path_doors paths_of(const simulate::demo& district) {
  struct asked {
    std::uint32_t tag;
    ip_address to;
    mono_t ready;
  };
  const auto under_way = std::make_shared<std::deque<asked>>();
  return {.has_room = [under_way] { return under_way->size() < 16; },
          .start = [under_way](std::uint32_t tag, const ip_address& to,
                               unsigned) { under_way->push_back({tag, to, host::mono_now() + milliseconds{300}}); },
          .tick =
              [under_way, &district](mono_t now, const path_doors::told& followed) {
                while (!under_way->empty() && under_way->front().ready <= now) {
                  const asked one = under_way->front();
                  under_way->pop_front();
                  const auto seen = district.follow_path(one.to);
                  followed(one.tag, seen ? &*seen : nullptr);
                }
              },
          .near = true};
}

/** Until SIGINT or SIGTERM; the district's threads leave them to this one. */
int district_alone(simulate::demo_options o) {
  o.watched = false;
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGINT);
  sigaddset(&ending, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  auto made = simulate::demo::make(std::move(o));
  if (!made) return fail(made.error());
  if (const auto opened = (*made)->start(); !opened) return fail(opened.error());
  int which = 0;
  sigwait(&ending, &which);
  (*made)->stop();
  return exit_ok;
}

}  // namespace

int demo_command(const demo_command_options& o) {
  // The story is told by a thread that starts before the daemon and ends after it, so it reaches the daemon by this.
  std::atomic<daemon_process*> daemon{nullptr};
  simulate::demo_options options{.lines = o.lines,
                                 .seed = o.seed,
                                 .speed = o.speed,
                                 .listen = o.listen,
                                 .webhook = o.webhook,
                                 .dir = o.dir,
                                 .ports = o.ports == 0
                                              ? simulate::port_numbers{}
                                              : simulate::port_numbers::from(static_cast<std::uint16_t>(o.ports))};
  if (o.alone) return district_alone(std::move(options));
  options.pause_probing = [&](milliseconds length) {
    if (daemon_process* d = daemon.load()) d->pause(length);
  };
  auto made = simulate::demo::make(std::move(options));
  if (!made) return fail(made.error());
  simulate::demo& district = **made;
  if (const auto opened = district.start(); !opened) return fail(opened.error());
  auto started = daemon_process::start(
      {.config = district.config_path(),
       .listen = {},
       .announced =
           [&](const std::vector<record>& records, bool recorded) {
             if (!recorded) return;
             const wall_t now = host::wall_now();
             for (const record& r : records)
               if (const auto t = std::get_if<transition>(&r)) district.announced(*t, now);
           },
       .ready =
           [&](const std::string& url) {
             fmt::print("状态页 {}  指标 {}metrics  接口 {}api/v1/summary\n按 Ctrl-C 停止\n", url, url, url);
             std::fflush(stdout);
           },
       .paths = paths_of(district)});
  if (!started) return fail(as(problem_class::cannot, started.error()));
  daemon.store(started->get());
  (*started)->run();
  daemon.store(nullptr);
  started->reset();
  district.stop();
  return exit_ok;
}

void demo_arguments(grammar app, int& code) {
  const auto demo = std::make_shared<demo_command_options>();
  auto sub =
      app.add_subcommand("demo", "本机模拟整个区县，真实报文，无需 root / a whole simulated district on loopback");
  sub.footer(
      "例 / examples:\n"
      "  changtong demo\n"
      "  changtong demo --lines 1000 --listen 127.0.0.1:9090 --speed 10");
  sub.add_option("--lines", demo->lines, "专线数 / lines, 1 to 100000").shows_default().within(1, 100'000);
  sub.add_option("--listen", demo->listen, "网页地址 / ADDRESS:PORT").shows_default();
  sub.add_option("--speed", demo->speed, "故障节奏倍数 / pace of the outages").shows_default().within(0.1, 100);
  sub.add_option("--seed", demo->seed, "随机种子，同种子同剧情 / same seed, same story").shows_default();
  sub.add_option("--webhook", demo->webhook, "告警消息以 JSON 发往此地址，一条一次 POST / messages go there as JSON");
  sub.add_option("--dir", demo->dir, "保留生成的配置与账本 / keep generated files here");
  sub.add_option("--ports", demo->ports,
                 "模拟专线与网站的端口从此起，同机几个区县时写 / ports of what is simulated, from here on")
      .within(1024, 65000);
  sub.add_flag(
      "--alone", demo->alone,
      "只模拟，不监测：由别的进程按 --dir 中的清单监测 / the district without a monitor, for others that watch it");
  sub.callback([demo, &code] { code = demo_command(*demo); });
}

}  // namespace changtong
