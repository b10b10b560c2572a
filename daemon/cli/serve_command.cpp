// `changtong serve`: the daemon in the foreground.
#include <iostream>
#include <memory>

#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/run/serve.h"

namespace changtong {
namespace {

int serve(const std::string& config) {
  auto started =
      daemon_process::start({.config = config, .listen = {}, .announced = {}, .ready = [](const std::string& url) {
                               std::cerr << "畅通已启动：" << url << " （Ctrl-C 停止，SIGHUP 重新加载）\n";
                             }});
  if (!started) return fail_all(started.error().list.front().line > 0 ? exit_no : exit_cannot, started.error());
  (*started)->run();
  return exit_ok;
}

}  // namespace

void serve_arguments(grammar app, int& code) {
  const auto config = std::make_shared<std::string>();
  auto sub = app.add_subcommand("serve", "运行监测 / the daemon");
  sub.add_option("--config", *config, "配置文件").required();
  sub.callback([config, &code] { code = serve(*config); });
}

}  // namespace changtong
