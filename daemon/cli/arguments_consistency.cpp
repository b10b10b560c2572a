#include <CLI/CLI.hpp>
#include <memory>

#include "daemon/cli/arguments.h"
#include "daemon/cli/consistency_command.h"

namespace changtong {

void consistency_arguments(CLI::App& app, int& code) {
  const auto o = std::make_shared<consistency_options>();
  auto* sub = app.add_subcommand("consistency", "找出一份报告中的矛盾 / contradictions in a written report");
  sub->add_option("REPORT", o->report, "报告的纯文本（UTF-8 或 GB18030） / the report as plain text")->required();
  sub->add_option("--format", o->format, "text 或 json")->capture_default_str();
  sub->add_option("--plan", o->plan, "与绩效自评方案核对 / compare with an evaluation plan");
  sub->add_option("--ledger", o->ledger, "与账本的数核对 / compare with what the books say")->check(CLI::ExistingFile);
  sub->add_option("--from", o->from, "起，缺省为报告的年度 / the report's year if not given");
  sub->add_option("--to", o->to, "止（含该年、月、日）/ end, inclusive for civil periods");
  sub->callback([o, &code] { code = consistency_command(*o); });
}

}  // namespace changtong
