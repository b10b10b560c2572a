#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <optional>

#include "daemon/cli/arguments.h"
#include "daemon/cli/books_command.h"
#include "daemon/cli/demo_command.h"
#include "daemon/cli/replay_command.h"
#include "daemon/run/serve.h"

namespace changtong {
namespace {

int serve(const std::string& config) {
  auto started =
      daemon_process::start({.config = config, .listen = {}, .announced = {}, .ready = [](const std::string& url) {
                               std::cerr << "畅通已启动：" << url << " （Ctrl-C 停止，SIGHUP 重新加载）\n";
                             }});
  if (!started) {
    for (const problem& p : started.error().list) std::cerr << to_string(p) << "\n";
    return started.error().list.front().line > 0 ? 1 : 3;
  }
  (*started)->run();
  return 0;
}

void demo_arguments(CLI::App& app, int& code) {
  const auto demo = std::make_shared<demo_command_options>();
  auto* sub =
      app.add_subcommand("demo", "本机模拟整个区县，真实报文，无需 root / a whole simulated district on loopback");
  sub->add_option("--lines", demo->lines, "专线数 / lines, 1 to 100000")
      ->capture_default_str()
      ->check(CLI::Range(1, 100000));
  sub->add_option("--listen", demo->listen, "网页地址 / ADDRESS:PORT")->capture_default_str();
  sub->add_option("--speed", demo->speed, "故障节奏倍数 / pace of the outages")
      ->capture_default_str()
      ->check(CLI::Range(0.1, 100.0));
  sub->add_option("--seed", demo->seed, "随机种子，同种子同剧情 / same seed, same story")->capture_default_str();
  sub->add_option("--dir", demo->dir, "保留生成的配置与账本 / keep generated files here");
  sub->callback([demo, &code] { code = demo_command(*demo); });
}

void replay_arguments(CLI::App& app, int& code) {
  const auto o = std::make_shared<replay_options>();
  auto* sub = app.add_subcommand("replay", "把记录的样本按虚拟时间写入新账本 / recorded samples into a new ledger");
  sub->add_option("--config", o->config, "配置文件")->required();
  sub->add_option("--trace", o->trace, "轨迹，JSON 行 / JSON lines")->required()->check(CLI::ExistingFile);
  sub->add_option("--ledger", o->ledger, "新账本 / a ledger that is not there yet")->required();
  sub->callback([o, &code] { code = replay_command(*o); });
}

}  // namespace

void daemon_arguments(CLI::App& app, int& code) {
  struct options {
    std::string config, target;
    std::optional<std::string> against;
  };
  const auto o = std::make_shared<options>();
  auto* sub = app.add_subcommand("serve", "运行监测 / the daemon");
  sub->add_option("--config", o->config, "配置文件")->required();
  sub->callback([o, &code] { code = serve(o->config); });

  demo_arguments(app, code);
  replay_arguments(app, code);

  sub = app.add_subcommand("check", "检查配置 / validate everything");
  sub->add_option("--config", o->config, "配置文件")->required();
  sub->add_option("--against", o->against, "与此配置比较，列出变化 / print what would change");
  sub->callback([o, &code] { code = check_command(o->config, o->against); });

  sub = app.add_subcommand("probe", "立即探测一条专线或网站 / ask one target now");
  sub->add_option("--config", o->config, "配置文件")->required();
  sub->add_option("target", o->target, "编号 / id")->required();
  sub->callback([o, &code] { code = probe_command(o->config, o->target); });
}

}  // namespace changtong
