/** changtong 畅通: the subcommands, by topic. No logic. */
#include <cstdio>
#include <iostream>
#include <stdexcept>
#include <string>

#include "changtong_version.h"
#include "daemon/cli/arguments.h"

namespace {

int run(int argc, const char* const* argv) {
  changtong::command_line line(
      {.about = "畅通 - 电子政务外网专线与网站运行监测 / network operations monitor for e-government WANs",
       .version = std::string("changtong ") + CHANGTONG_VERSION,
       .footer = "例 / examples:\n  changtong check --config /etc/changtong/changtong.yaml\n"
                 "  changtong serve --config /etc/changtong/changtong.yaml\n"
                 "  changtong availability --ledger ledger.db --from 2026-03 --to 2026-03 --by category\n"
                 "退出码 / exit codes: 0 成功, 1 结论为否, 2 用法错误, 3 无法运行"});
  changtong::grammar app = line.top();
  int code = 0;
  changtong::serve_arguments(app, code);
  changtong::demo_arguments(app, code);
  changtong::replay_arguments(app, code);
  changtong::check_arguments(app, code);
  changtong::probe_arguments(app, code);
  changtong::discover_arguments(app, code);
  changtong::import_arguments(app, code);
  changtong::export_arguments(app, code);
  changtong::books_arguments(app, code);
  changtong::report_arguments(app, code);
  changtong::evaluate_arguments(app, code);
  changtong::plan_arguments(app, code);
  changtong::form_arguments(app, code);
  changtong::ledger_arguments(app, code);
  changtong::evidence_arguments(app, code);
  changtong::consistency_arguments(app, code);
  changtong::entry_arguments(app, code);
  changtong::alert_arguments(app, code);
  changtong::clock_arguments(app, code);
  changtong::user_arguments(app, code);
  changtong::audit_arguments(app, code);
  changtong::backup_arguments(app, code);
  changtong::pair_arguments(app, code);
  changtong::centre_arguments(app, code);
  auto completion =
      app.add_subcommand("completion", "命令补全，给 bash：source <(changtong completion) / completion for bash");
  completion.footer("例 / example:\n  changtong completion > /etc/bash_completion.d/changtong");
  completion.callback([&line] { std::cout << line.completion(); });
  try {
    if (const auto ended = line.read(argc, argv)) return *ended;
  } catch (const std::runtime_error& e) {  // a reader's sentence about a ledger that cannot be read
    std::cerr << "changtong: " << e.what() << "\n";
    return 3;
  }
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  const int code = run(argc, argv);
  // What a full disk did not take has not been said, however well it went.
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.flush()) return code;
  std::cerr
      << "changtong: 标准输出写不进去，结果不完整 / standard output cannot be written, the result is incomplete\n";
  return code == 0 ? 3 : code;
}
