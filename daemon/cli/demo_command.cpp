#include "daemon/cli/demo_command.h"

#include <fmt/core.h>
#include <memory>

#include <atomic>
#include <deque>

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

}  // namespace

int demo_command(const demo_command_options& o) {
  // The story is told by a thread that starts before the daemon and ends after it, so it reaches the daemon by this.
  std::atomic<daemon_process*> daemon{nullptr};
  auto made = simulate::demo::make({.lines = o.lines,
                                    .seed = o.seed,
                                    .speed = o.speed,
                                    .listen = o.listen,
                                    .webhook = o.webhook,
                                    .dir = o.dir,
                                    .pause_probing = [&](milliseconds length) {
                                      if (daemon_process* d = daemon.load()) d->pause(length);
                                    }});
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
  sub.callback([demo, &code] { code = demo_command(*demo); });
}

}  // namespace changtong
