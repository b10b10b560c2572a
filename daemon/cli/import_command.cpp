#include "daemon/cli/import_command.h"

#include <fmt/core.h>

#include <memory>

#include "collectors/registry.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/import_files.h"
#include "daemon/cli/import_text.h"
#include "daemon/core/log.h"
#include "daemon/host/plain_file.h"
#include "daemon/lines/office_words.h"
#include "daemon/settings/settings.h"
#include "daemon/sheets/preview.h"
#include "daemon/sheets/rules.h"
#include "daemon/sheets/sheet_preview.h"

namespace changtong {
namespace {

using sheets::preview;

/** Prints it and carries out what was asked for. */
int finish(const line_import_options& o, const preview& p, const lines::inventory_on_disk& inventory,
           const lines::known_words& words) {
  if (o.format == "json")
    fmt::print("{}\n", sheets::to_json(p));
  else
    print_preview(p, o.file, o.confirm);
  if (o.confirm && !p.to_confirm.empty()) {
    if (const auto kept = lines::keep_words(words, p); !kept) return fail(kept.error());
    fmt::print(stderr, "用词已记入 {0} / the words are kept in {0}\n", words.path);
  }
  if (!p.problems.empty()) {
    if (o.apply)
      return fail(
          said(both("有 {} 处问题，没有写入：改好后再来", "{} problems, nothing was written", p.problems.size()),
               problem_class::no));
    return exit_no;
  }
  if (!o.apply) return exit_ok;
  if (!o.confirm && !p.to_confirm.empty())
    return fail(said({"有猜出的类别，没有写入：看过之后加 --confirm",
                      "categories were guessed, nothing was written: look at them, then add --confirm"},
                     problem_class::no));
  return write_inventory(inventory, p);
}

}  // namespace

int import_lines_command(const line_import_options& o) {
  log::set_level(log::level::warn);
  if (!o.close_missing.empty() && !is_civil_day(o.close_missing))
    return fail(said(both("--close-missing：{} 不是日期，请写 2026-03-14",
                          "--close-missing: {} is no day, write 2026-03-14", o.close_missing),
                     problem_class::usage));
  const surroundings world = real_surroundings(kinds());
  sheets::rules known;
  if (o.config.empty()) {
    known = sheets::built_in_rules(world);
  } else {
    auto read = sheets::rules_of(o.config, world);
    if (!read) return fail(read.error());
    known = std::move(*read);
  }
  auto words = lines::read_words(o.config);
  if (!words) return fail(as(problem_class::no, words.error()));
  const auto inventory = lines::read_inventory(o.config.empty() ? std::nullopt : std::optional(known.file), o.apply);
  if (!inventory) return fail(inventory.error());
  auto known_lines = sheets::table_file::read(inventory->bytes);
  if (!known_lines) return fail(as(problem_class::no, known_lines.error()));
  auto bytes = host::read_document(o.file);
  if (!bytes) return fail(bytes.error());
  const preview p = sheets::preview_of_sheet(std::move(*bytes), {.tab = o.sheet, .close_missing = o.close_missing},
                                             std::move(*known_lines), known, words->list);
  return finish(o, p, *inventory, *words);
}

void import_arguments(grammar app, int& code) {
  const auto o = std::make_shared<line_import_options>();
  auto group = app.add_subcommand("import", "导入单位自己的表格 / an office's own sheets");
  group.footer("例 / example:\n  changtong import lines 专线台账.xlsx --config changtong.yaml");
  group.needs_subcommand();
  auto sub = group.add_subcommand(
      "lines",
      "专线表（XLSX 或任意编码的 CSV）并入清单，先预览 / a sheet of lines into the inventory, previewed first");
  sub.add_option("FILE", o->file, "XLSX 或 CSV / XLSX or CSV").required();
  sub.add_option("--config", o->config,
                 "配置文件；不写则全部算新增 / the configuration; without it every line is added");
  sub.add_option("--sheet", o->sheet, "工作表的名称 / which sheet of the workbook");
  sub.add_flag("--apply", o->apply, "写入清单（原文件留一份）/ write the inventory, keeping a copy of what it was");
  sub.add_flag(
      "--confirm", o->confirm,
      "猜出的类别都对，记入 import-words.yaml / the guessed categories are right: keep them in import-words.yaml");
  sub.add_option("--close-missing", o->close_missing,
                 "表里没有的专线在这一天停用；不写则不动 / lines that the sheet does not have are closed on this day");
  sub.add_option("--format", o->format, "text 或 json").shows_default().one_of({"text", "json"});
  sub.footer(
      "例 / examples:\n  changtong import lines 专线台账.xlsx --config changtong.yaml\n"
      "  changtong import lines 专线台账.xlsx --config changtong.yaml --apply");
  sub.callback([o, &code] { code = import_lines_command(*o); });
}

}  // namespace changtong
