/** changtong 畅通: the subcommands, by topic. No logic. */
#include <CLI/CLI.hpp>
#include <iostream>
#include <stdexcept>
#include <utility>

#include "changtong_version.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/options.h"

int main(int argc, char** argv) {
  CLI::App app{"畅通 - 电子政务外网专线与网站运行监测 / network operations monitor for e-government WANs"};
  app.set_version_flag("--version", std::string("changtong ") + CHANGTONG_VERSION);
  for (const auto& [word, shown] : {std::pair{"Usage", "用法 / usage"},
                                    {"OPTIONS", "选项"},
                                    {"SUBCOMMAND", "子命令"},
                                    {"Positionals", "参数 / arguments"},
                                    {"REQUIRED", "必填"}})
    app.get_formatter()->label(word, shown);
  app.require_subcommand(1);
  app.failure_message(changtong::usage_mistake);
  app.footer(
      "例 / examples:\n  changtong check --config /etc/changtong/changtong.yaml\n"
      "  changtong serve --config /etc/changtong/changtong.yaml\n"
      "  changtong availability --ledger ledger.db --from 2026-03 --to 2026-03 --by category\n"
      "退出码 / exit codes: 0 成功, 1 结论为否, 2 用法错误, 3 无法运行");
  int code = 0;
  changtong::serve_arguments(app, code);
  changtong::demo_arguments(app, code);
  changtong::replay_arguments(app, code);
  changtong::check_arguments(app, code);
  changtong::books_arguments(app, code);
  changtong::report_arguments(app, code);
  changtong::evaluate_arguments(app, code);
  changtong::ledger_arguments(app, code);
  changtong::evidence_arguments(app, code);
  changtong::consistency_arguments(app, code);
  changtong::entry_arguments(app, code);
  changtong::clock_arguments(app, code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  } catch (const std::runtime_error& e) {  // a reader's sentence about a ledger that cannot be read
    std::cerr << "changtong: " << e.what() << "\n";
    return 3;
  }
  return code;
}
