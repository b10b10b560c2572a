// `changtong serve`: the daemon in the foreground.
#include <iostream>
#include <memory>

#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/core/phrase.h"
#include "daemon/run/centre_serve.h"
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

/** Another program by the same name: it watches nothing, and keeps what others have watched. */
int serve_centre(const std::string& config) {
  auto started = centre_process::start(
      config, [](const std::string& url) { std::cerr << "畅通中心已启动：" << url << " （Ctrl-C 停止）\n"; });
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
      "  changtong serve --config /etc/changtong/changtong.yaml\n"
      "  changtong serve --centre /etc/changtong/centre.yaml");
  const auto centre = std::make_shared<std::string>();
  sub.add_option("--config", *config, "配置文件 / the configuration");
  sub.add_option("--centre", *centre, "作为中心运行，这是中心的配置文件 / as a centre, by its configuration");
  const auto in_clear = std::make_shared<bool>(false);
  sub.add_flag(
      "--in-clear", *in_clear,
      "确认在本机以外以明文监听，另须配置 listen_in_clear / listens beyond loopback without TLS, as listen_in_clear "
      "says too");
  sub.callback([config, centre, in_clear, &code] {
    if (config->empty() == centre->empty())
      code =
          fail(said({"--config 与 --centre 写一个", "give --config or --centre, one of them"}, problem_class::usage));
    else
      code = centre->empty() ? serve(*config, *in_clear) : serve_centre(*centre);
  });
}

}  // namespace changtong
