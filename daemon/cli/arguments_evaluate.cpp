#include <CLI/CLI.hpp>
#include <memory>

#include "daemon/cli/arguments.h"
#include "daemon/cli/evaluate_command.h"

namespace changtong {

void evaluate_arguments(CLI::App& app, int& code) {
  const auto o = std::make_shared<evaluate_options>();
  auto* sub = app.add_subcommand("evaluate", "绩效自评：方案与账本 -> 自评表、证据 / plan and ledger -> evaluation");
  sub->add_option("--plan", o->plan, "方案 YAML（见 config/plans） / the plan")->required()->check(CLI::ExistingFile);
  sub->add_option("--ledger", o->ledger, "账本文件；只有申报数和文件的方案可不用 / the ledger")
      ->check(CLI::ExistingFile);
  sub->add_option("--out", o->out, "写入的目录 / folder to write")->required();
  sub->add_option("--as-of", o->as_of, "绩效运行监控截至日，如 2026-06-30 / mid-year, up to this day");
  sub->add_option("--before", o->before, "上年的 evaluation.json，用于对比 / last year's")->check(CLI::ExistingFile);
  sub->add_flag("--final", o->final, "定稿：有缺项时拒绝（退出码 1） / refuse while anything blocks");
  sub->callback([o, &code] { code = evaluate_command(*o); });
}

}  // namespace changtong
