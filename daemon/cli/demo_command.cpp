#include "daemon/cli/demo_command.h"

#include <fmt/core.h>

#include <atomic>

#include "daemon/cli/ending.h"
#include "daemon/run/serve.h"
#include "daemon/run/watch.h"
#include "daemon/simulate/demo.h"

namespace changtong {
int demo_command(const demo_command_options& o) {
  // The story is told by a thread that starts before the daemon and ends after it, so it reaches the daemon by this.
  std::atomic<daemon_process*> daemon{nullptr};
  auto made = simulate::demo::make({.lines = o.lines,
                                    .seed = o.seed,
                                    .speed = o.speed,
                                    .listen = o.listen,
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
             const wall_t now = system_clocks().wall();
             for (const record& r : records)
               if (const auto* t = std::get_if<transition>(&r)) district.announced(*t, now);
           },
       .ready =
           [&](const std::string& url) {
             fmt::print("状态页 {}  指标 {}metrics  接口 {}api/v1/summary\n按 Ctrl-C 停止\n", url, url, url);
             std::fflush(stdout);
           }});
  if (!started) {
    for (const problem& p : started.error().list) fmt::print(stderr, "{}\n", to_string(p));
    return 3;
  }
  daemon.store(started->get());
  (*started)->run();
  daemon.store(nullptr);
  started->reset();
  district.stop();
  return 0;
}

}  // namespace changtong
