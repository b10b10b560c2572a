#include <CLI/CLI.hpp>
#include <memory>

#include "daemon/arguments.h"
#include "daemon/commands.h"

namespace changtong {
namespace {

void period_options(CLI::App* sub, books_options& o) {
  sub->add_option("--ledger", o.ledger, "账本文件 / the ledger")->required()->check(CLI::ExistingFile);
  sub->add_option("--from", o.from, "起：2026、2026-03、2026-03-14 或带时区的 ISO 8601")->required();
  sub->add_option("--to", o.to, "止（含该年、月、日）/ end, inclusive for civil periods")->required();
  sub->add_option("--format", o.format, "table、json 或 csv")->capture_default_str();
}

}  // namespace

void books_arguments(CLI::App& app, int& code) {
  const auto o = std::make_shared<books_options>();
  auto* sub = app.add_subcommand("availability", "畅通率账目 / the books");
  period_options(sub, *o);
  sub->add_option("--by", o->by, "line、category、carrier、town、day 或 month")->capture_default_str();
  sub->callback([o, &code] { code = availability_command(*o); });

  sub = app.add_subcommand("outages", "中断清单 / the list of outages");
  period_options(sub, *o);
  sub->add_option("--line", o->line, "只列一条 / one target only");
  sub->callback([o, &code] { code = outages_command(*o); });
}

void ledger_arguments(CLI::App& app, int& code) {
  const auto path = std::make_shared<std::string>();
  auto* sub = app.add_subcommand("ledger", "账本核验与重建 / verify or rebuild");
  sub->require_subcommand(1);
  auto* verify = sub->add_subcommand("verify", "核验哈希链 / the chain");
  verify->add_option("--ledger", *path, "账本文件")->required()->check(CLI::ExistingFile);
  verify->callback([path, &code] { code = ledger_verify_command(*path); });
  auto* rebuild = sub->add_subcommand("rebuild", "由账目重建汇总 / projections from the journal");
  rebuild->add_option("--ledger", *path, "账本文件")->required()->check(CLI::ExistingFile);
  rebuild->callback([path, &code] { code = ledger_rebuild_command(*path); });
}

}  // namespace changtong
