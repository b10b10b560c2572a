/** changtong 畅通: subcommands, and which function carries them out. No logic. */
#include <CLI/CLI.hpp>
#include <iostream>
#include <optional>

#include "daemon/commands.h"
#include "daemon/demo_command.h"
#include "daemon/replay_command.h"
#include "daemon/serve.h"

namespace {

int serve(const std::string& config) {
  auto started = changtong::daemon_process::start(
      {.config = config, .listen = {}, .announced = {}, .ready = [](const std::string& url) {
         std::cerr << "畅通已启动：" << url << " （Ctrl-C 停止，SIGHUP 重新加载）\n";
       }});
  if (!started) {
    for (const changtong::problem& p : started.error().list) std::cerr << to_string(p) << "\n";
    return started.error().list.front().line > 0 ? 1 : 3;
  }
  (*started)->run();
  return 0;
}

void books_arguments(CLI::App* sub, changtong::books_options& o) {
  sub->add_option("--ledger", o.ledger, "账本文件 / the ledger")->required()->check(CLI::ExistingFile);
  sub->add_option("--from", o.from, "起：2026、2026-03、2026-03-14 或带时区的 ISO 8601")->required();
  sub->add_option("--to", o.to, "止（含该年、月、日）/ end, inclusive for civil periods")->required();
  sub->add_option("--format", o.format, "table、json 或 csv")->capture_default_str();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"畅通 - 电子政务外网专线与网站运行监测 / network operations monitor for e-government WANs"};
  app.set_version_flag("--version", std::string("changtong ") + CHANGTONG_VERSION);
  app.require_subcommand(1);
  app.footer(
      "例 / examples:\n  changtong check --config /etc/changtong/changtong.yaml\n"
      "  changtong serve --config /etc/changtong/changtong.yaml\n"
      "  changtong availability --ledger ledger.db --from 2026-03 --to 2026-03 --by category\n"
      "退出码 / exit codes: 0 成功, 1 结论为否, 2 用法错误, 3 无法运行");
  std::string config, target, ledger;
  std::optional<std::string> against;
  changtong::books_options books;
  changtong::demo_command_options demo;
  changtong::replay_options replay;
  int code = 0;

  auto* sub = app.add_subcommand("serve", "运行监测 / the daemon");
  sub->add_option("--config", config, "配置文件")->required();
  sub->callback([&] { code = serve(config); });

  sub = app.add_subcommand("demo", "本机模拟整个区县，真实报文，无需 root / a whole simulated district on loopback");
  sub->add_option("--lines", demo.lines, "专线数 / lines, 1 to 100000")
      ->capture_default_str()
      ->check(CLI::Range(1, 100000));
  sub->add_option("--listen", demo.listen, "网页地址 / ADDRESS:PORT")->capture_default_str();
  sub->add_option("--speed", demo.speed, "故障节奏倍数 / pace of the outages")
      ->capture_default_str()
      ->check(CLI::Range(0.1, 100.0));
  sub->add_option("--seed", demo.seed, "随机种子，同种子同剧情 / same seed, same story")->capture_default_str();
  sub->add_option("--dir", demo.dir, "保留生成的配置与账本 / keep generated files here");
  sub->callback([&] { code = changtong::demo_command(demo); });

  sub = app.add_subcommand("check", "检查配置 / validate everything");
  sub->add_option("--config", config, "配置文件")->required();
  sub->add_option("--against", against, "与此配置比较，列出变化 / print what would change");
  sub->callback([&] { code = changtong::check_command(config, against); });

  sub = app.add_subcommand("probe", "立即探测一条专线或网站 / ask one target now");
  sub->add_option("--config", config, "配置文件")->required();
  sub->add_option("target", target, "编号 / id")->required();
  sub->callback([&] { code = changtong::probe_command(config, target); });

  sub = app.add_subcommand("replay", "把记录的样本按虚拟时间写入新账本 / recorded samples into a new ledger");
  sub->add_option("--config", replay.config, "配置文件")->required();
  sub->add_option("--trace", replay.trace, "轨迹，JSON 行 / JSON lines")->required()->check(CLI::ExistingFile);
  sub->add_option("--ledger", replay.ledger, "新账本 / a ledger that is not there yet")->required();
  sub->callback([&] { code = changtong::replay_command(replay); });

  sub = app.add_subcommand("availability", "畅通率账目 / the books");
  books_arguments(sub, books);
  sub->add_option("--by", books.by, "line、category、carrier、town、day 或 month")->capture_default_str();
  sub->callback([&] { code = changtong::availability_command(books); });

  sub = app.add_subcommand("outages", "中断清单 / the list of outages");
  books_arguments(sub, books);
  sub->add_option("--line", books.line, "只列一条 / one target only");
  sub->callback([&] { code = changtong::outages_command(books); });

  sub = app.add_subcommand("ledger", "账本核验与重建 / verify or rebuild");
  sub->require_subcommand(1);
  auto* verify = sub->add_subcommand("verify", "核验哈希链 / the chain");
  verify->add_option("--ledger", ledger, "账本文件")->required()->check(CLI::ExistingFile);
  verify->callback([&] { code = changtong::ledger_verify_command(ledger); });
  auto* rebuild = sub->add_subcommand("rebuild", "由账目重建汇总 / projections from the journal");
  rebuild->add_option("--ledger", ledger, "账本文件")->required()->check(CLI::ExistingFile);
  rebuild->callback([&] { code = changtong::ledger_rebuild_command(ledger); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  return code;
}
