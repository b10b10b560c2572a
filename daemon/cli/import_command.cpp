#include "daemon/cli/import_command.h"

#include <fmt/core.h>

#include <ctime>
#include <filesystem>
#include <memory>
#include <system_error>

#include "collectors/registry.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/import_files.h"
#include "daemon/cli/import_text.h"
#include "daemon/core/log.h"
#include "daemon/host/plain_file.h"
#include "daemon/settings/settings.h"
#include "daemon/sheets/preview.h"
#include "daemon/sheets/rules.h"

namespace changtong {
namespace {

using sheets::preview;

/** The office's own words stand beside its configuration. */
std::string words_file(const std::string& config) {
  return (std::filesystem::path(config).parent_path() / "import-words.yaml").string();
}

struct known_words {
  std::string path, text;  ///< of the office's file; the text is empty where there is none
  sheets::word_list list;
};

result<known_words> read_words(const std::string& config) {
  known_words w{.path = words_file(config), .text = {}, .list = {}};
  if (const auto good = w.list.add(std::string(sheets::built_in_import_words()), "import.yaml", false); !good)
    return good.error();
  if (!host::plain_file_exists(w.path)) return w;
  auto text = host::read_document(w.path);
  if (!text) return text.error();
  w.text = std::move(*text);
  if (const auto good = w.list.add(w.text, w.path, true); !good) return good.error();
  return w;
}

/** A file that is no sheet is a problem of its own, as any of its rows. */
preview of_no_sheet(const problem& why) {
  preview p;
  p.problems.push_back({static_cast<std::size_t>(why.line), {}, words_of(why)});
  return p;
}

preview preview_of(std::string bytes, const line_import_options& o, sheets::lines_file inventory,
                   const sheets::rules& known, const sheets::word_list& words) {
  const auto grids = sheets::read_grids(
      std::move(bytes), [&words](const sheets::grid_row& row) { return sheets::headings_in(row, words); });
  if (!grids) return of_no_sheet(grids.error());
  const sheets::sheet read = sheets::read_sheet(*grids, o.sheet, words, known.categories);
  return sheets::compare(
      read, std::move(inventory),
      {.categories = known.categories, .words = words, .close_missing = o.close_missing, .check = known.check});
}

/** Prints it and carries out what was asked for. */
int finish(const line_import_options& o, const preview& p, const inventory_on_disk& inventory,
           const known_words& words) {
  if (o.format == "json")
    fmt::print("{}\n", sheets::to_json(p));
  else
    print_preview(p, o.file, o.confirm);
  if (o.confirm && !p.to_confirm.empty()) {
    const std::string now = sheets::with_words(words.text, p.to_confirm);
    // The office's file is appended to: in another style of YAML that would spoil it for ever.
    if (const auto good = sheets::word_list{}.add(now, words.path, true); !good)
      return fail(said(both("{} 不是一行一词的写法，用词没有记入：请自己加上",
                            "{} is not written word by word, so none was kept: add them yourself", words.path),
                       problem_class::no));
    if (const auto written = write_words(words.path, words.text, now); !written) return fail(written.error());
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
  auto words = read_words(o.config);
  if (!words) return fail(as(problem_class::no, words.error()));
  const auto inventory = read_inventory(o.config.empty() ? std::nullopt : std::optional(known.inventory_file), o.apply);
  if (!inventory) return fail(inventory.error());
  auto lines = sheets::lines_file::read(inventory->bytes);
  if (!lines) return fail(as(problem_class::no, lines.error()));
  auto bytes = host::read_document(o.file);
  if (!bytes) return fail(bytes.error());
  return finish(o, preview_of(std::move(*bytes), o, std::move(*lines), known, words->list), *inventory, *words);
}

void import_arguments(grammar app, int& code) {
  const auto o = std::make_shared<line_import_options>();
  auto group = app.add_subcommand("import", "导入单位自己的表格 / an office's own sheets");
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
