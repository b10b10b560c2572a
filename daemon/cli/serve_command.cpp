// `changtong serve`: the daemon in the foreground.
#include <iostream>
#include <memory>

#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/run/serve.h"

namespace changtong {
namespace {

int serve(const std::string& config, bool in_clear) {
  auto started = daemon_process::start(
      {.config = config,
       .listen = {},
       .announced = {},
       .ready =
           [](const std::string& url) { std::cerr << "畅通已启动：" << url << " （Ctrl-C 停止，SIGHUP 重新加载）\n"; },
       .in_clear = in_clear,
       .first_link =
           [](const std::string& link) {
             std::cerr << "首次登录：一日内打开一次下面的链接，设置管理员 admin 的密码 / first login: "
                          "within a day, once, to set the password of admin\n  "
                       << link << "\n";
           }});
  if (!started) return fail(started.error());
  (*started)->run();
  return exit_ok;
}

}  // namespace

void serve_arguments(grammar app, int& code) {
  const auto config = std::make_shared<std::string>();
  auto sub = app.add_subcommand("serve", "运行监测 / the daemon");
  sub.footer(
      "例 / example:\n"
      "  changtong serve --config /etc/changtong/changtong.yaml");
  sub.add_option("--config", *config, "配置文件").required();
  const auto in_clear = std::make_shared<bool>(false);
  sub.add_flag(
      "--in-clear", *in_clear,
      "确认在本机以外以明文监听，另须配置 listen_in_clear / listens beyond loopback without TLS, as listen_in_clear "
      "says too");
  sub.callback([config, in_clear, &code] { code = serve(*config, *in_clear); });
}

}  // namespace changtong
