#include <CLI/CLI.hpp>
#include <memory>

#include "daemon/cli/arguments.h"
#include "daemon/cli/evidence_command.h"

namespace changtong {

void evidence_arguments(CLI::App& app, int& code) {
  const auto o = std::make_shared<evidence_options>();
  auto* sub = app.add_subcommand("evidence", "审计证据包：导出与核验 / the auditor's pack");
  sub->require_subcommand(1);
  auto* out = sub->add_subcommand("export", "由账本导出证据包 / write a pack from a ledger");
  out->add_option("--ledger", o->ledger, "账本文件 / the ledger")->required()->check(CLI::ExistingFile);
  out->add_option("--from", o->from, "起：2026、2026-03、2026-03-14 或带时区的 ISO 8601")->required();
  out->add_option("--to", o->to, "止（含该年、月、日）/ end, inclusive for civil periods")->required();
  out->add_option("--out", o->out, "写到 / the pack, FILE.zip")->required();
  out->add_option("--key", o->key, "封存私钥，缺省为 LEDGER.key；读不了则清单不签名 / the private key of the seals");
  out->add_flag("--force", o->force, "覆盖已有文件 / overwrite");
  out->callback([o, &code] { code = evidence_export_command(*o); });

  auto* verify = sub->add_subcommand("verify", "核验证据包，不需要账本与配置 / check a pack, with nothing else");
  verify->add_option("PACK", o->pack, "证据包 / FILE.zip")->required();
  verify->add_option("--fingerprint", o->fingerprints,
                     "报告上印的密钥指纹，可重复 / the key's fingerprint as printed on reports; may be repeated");
  verify->add_option("--format", o->format, "text 或 json")->capture_default_str();
  verify->callback([o, &code] { code = evidence_verify_command(*o); });
}

}  // namespace changtong
