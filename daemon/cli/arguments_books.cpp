#include <CLI/CLI.hpp>
#include <memory>

#include "daemon/cli/arguments.h"
#include "daemon/cli/books_command.h"
#include "daemon/cli/closing_command.h"
#include "daemon/cli/ledger_command.h"
#include "daemon/cli/report_command.h"

namespace changtong {
namespace {

void period_options(CLI::App* sub, books_options& o) {
  sub->add_option("--ledger", o.ledger, "账本文件 / the ledger")->required()->check(CLI::ExistingFile);
  sub->add_option("--from", o.from, "起：2026、2026-03、2026-03-14 或带时区的 ISO 8601")->required();
  sub->add_option("--to", o.to, "止（含该年、月、日）/ end, inclusive for civil periods")->required();
  sub->add_option("--format", o.format, "table、json、csv 或 xlsx")->capture_default_str();
  sub->add_option("--out", o.out, "xlsx 写入的文件，缺省为标准输出 / file for xlsx");
  sub->add_option("--as-known-at", o.as_known_at, "只用到那时为止已入账的内容 / only what the journal knew then");
  sub->add_flag("--reopened", o.reopened, "按未结账重算 / as if nothing had been closed");
}

}  // namespace

void books_arguments(CLI::App& app, int& code) {
  const auto o = std::make_shared<books_options>();
  auto* sub = app.add_subcommand("availability", "畅通率账目 / the books");
  period_options(sub, *o);
  sub->add_option("--by", o->by, "line、category、carrier、town、day 或 month")->capture_default_str();
  sub->add_option("--formula", o->formula, "分组口径 R1、R2、R3 或 R4 / formula of groups")->capture_default_str();
  sub->add_option("--step", o->step, "R3 的取样间隔 / between the instants of R3")->capture_default_str();
  sub->callback([o, &code] { code = availability_command(*o); });

  sub = app.add_subcommand("outages", "中断清单 / the list of outages");
  period_options(sub, *o);
  sub->add_option("--line", o->line, "只列一条 / one target only");
  sub->callback([o, &code] { code = outages_command(*o); });
}

void report_arguments(CLI::App& app, int& code) {
  const auto o = std::make_shared<report_options>();
  auto* sub = app.add_subcommand("report", "月报、季报、年报（XLSX、HTML） / monthly, quarterly, yearly report");
  sub->add_option("--ledger", o->ledger, "账本文件 / the ledger")->required()->check(CLI::ExistingFile);
  sub->add_option("--period", o->period, "2026-03、2026-Q1 或 2026")->required();
  sub->add_option("--out", o->out, "目录，或 .xlsx、.html 文件 / folder or file")->capture_default_str();
  sub->add_option("--format", o->format, "xlsx、html，以逗号分隔")->capture_default_str();
  sub->add_option("--step", o->step, "R3 的取样间隔 / between the instants of R3")->capture_default_str();
  sub->add_option("--as-known-at", o->as_known_at, "只用到那时为止已入账的内容 / only what the journal knew then");
  sub->add_flag("--reopened", o->reopened, "按未结账重算 / as if nothing had been closed");
  sub->callback([o, &code] { code = report_command(*o); });
}

void ledger_arguments(CLI::App& app, int& code) {
  const auto path = std::make_shared<std::string>();
  const auto proof = std::make_shared<proof_options>();
  auto* sub = app.add_subcommand("ledger", "账本核验与重建 / verify or rebuild");
  sub->require_subcommand(1);
  auto* verify = sub->add_subcommand("verify", "核验哈希链与封存 / the chain and the seals");
  verify->add_option("--ledger", proof->ledger, "账本文件")->required()->check(CLI::ExistingFile);
  verify->add_option("--seals", proof->seals, "封存文件，缺省为 LEDGER.seals / the file of seals, or a copy of it");
  verify->add_option("--key", proof->key, "公钥文件，缺省为 LEDGER.pub / the public keys");
  verify->add_option("--fingerprint", proof->fingerprints,
                     "只信任这把密钥，可重复 / believe only this key; may be repeated");
  verify
      ->add_option("--against", proof->against,
                   "另一本账本（备份、另一台机器）：两者是否分叉 / another ledger: have the two forked")
      ->check(CLI::ExistingFile);
  verify->add_option("--format", proof->format, "text 或 json")->capture_default_str();
  verify->callback([proof, &code] { code = ledger_verify_command(*proof); });
  auto* rebuild = sub->add_subcommand("rebuild", "由账目重建汇总 / projections from the journal");
  rebuild->add_option("--ledger", *path, "账本文件")->required()->check(CLI::ExistingFile);
  rebuild->callback([path, &code] { code = ledger_rebuild_command(*path); });

  const auto o = std::make_shared<closing_options>();
  auto* close = sub->add_subcommand("close", "结账：冻结一个期间的账目 / freeze the books of a period");
  close->add_option("--period", o->period, "2026、2026-Q1、2026-03 或 2026-03-14")->required();
  close->add_option("--reason", o->reason, "原因；重新结账时必填 / required for a new version");
  place_options(close, o->place);
  close->add_flag("--dry-run", o->dry_run, "只显示，不入账 / show, enter nothing");
  close->callback([o, &code] { code = ledger_close_command(*o); });
  auto* closings = sub->add_subcommand("closings", "结账记录及其核对 / closings, checked against the books");
  closings->add_option("--ledger", o->place.ledger, "账本文件")->required()->check(CLI::ExistingFile);
  closings->add_option("--format", o->format, "table 或 json")->capture_default_str();
  closings->callback([o, &code] { code = ledger_closings_command(*o); });
}

}  // namespace changtong
