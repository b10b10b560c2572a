#include "daemon/cli/plan_command.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>

#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/import_files.h"
#include "daemon/cli/office_tables.h"
#include "daemon/cli/output.h"
#include "daemon/core/civil.h"
#include "daemon/core/phrase.h"
#include "daemon/forms/check.h"
#include "daemon/forms/fill.h"
#include "daemon/forms/to_plan.h"
#include "daemon/host/clocks.h"
#include "daemon/host/file_stamp.h"
#include "daemon/host/plain_file.h"
#include "daemon/plans/plan.h"
#include "daemon/report/pandoc.h"
#include "daemon/report/workbook.h"

namespace changtong {
namespace {

namespace fs = std::filesystem;

/** The year that is evaluated now: the one that is over. */
int last_year() {
  const auto zone = civil_zone::named("Asia/Shanghai");
  return zone ? std::stoi(zone->format_short(host::wall_now()).substr(0, 4)) - 1 : 2025;
}

void print_marks(const std::vector<forms::mark>& marks) {
  if (marks.empty()) {
    fmt::print(stderr, "没有待定的事项 / nothing is left to decide\n");
    return;
  }
  fmt::print(stderr, "待定 {} 处 / {} left to a person:\n", marks.size(), marks.size());
  std::size_t n = 0;
  for (const forms::mark& m : marks) {
    const std::string stands = m.stands.empty() ? "" : fmt::format("「{}」", m.stands);
    fmt::print(stderr, "  {}. {}{}{}{}\n", ++n, m.at, stands, m.at.empty() && stands.empty() ? "" : "：",
               to_string(m.write));
  }
}

/** A form with wrong cells makes a plan with wrong figures. */
void print_wrong_cells(const forms::form& form, const std::string& file) {
  const auto all = forms::check_form(form);
  const auto wrong =
      std::ranges::count(all, forms::weight_of_finding::wrong, [](const forms::slip& s) { return s.how; });
  if (all.empty()) return;
  fmt::print(
      stderr,
      "原表有误 {0} 处、待说明 {1} 处：changtong form check {2} / the form itself has {0} wrong cells and {1} to "
      "be explained: see form check\n",
      wrong, static_cast<std::ptrdiff_t>(all.size()) - wrong, file);
}

/** A plan's text, and what it reads as. */
struct read_plan_file {
  std::string yaml;
  plans::plan plan;
};
std::optional<read_plan_file> plan_in(const std::string& path, int& code) {
  auto yaml = host::read_document(path);
  if (!yaml) {
    code = fail(yaml.error());
    return std::nullopt;
  }
  auto plan = read_plan(*yaml, path);
  if (!plan) {
    code = fail(plan.error());
    return std::nullopt;
  }
  return read_plan_file{std::move(*yaml), std::move(*plan)};
}

int import_fill(const plan_import_options& o) {
  int code = exit_ok;
  const auto p = plan_in(o.file, code);
  if (!p) return code;
  const auto tables = read_tables(o.fill);
  if (!tables) return fail(tables.error());
  const auto done = forms::filled_in(*tables, p->yaml, p->plan);
  if (!done) return fail(done.error());
  for (const phrase& c : done->changes) fmt::print("{}\n", to_string(c));
  if (done->changes.empty()) fmt::print("没有新填的内容 / nothing new was filled in\n");
  if (!o.out.empty()) {
    if (const auto written = write_new(o.out, done->yaml); !written) return fail(written.error());
    fmt::print(stderr, "已写入 / written: {}\n", o.out);
    return exit_ok;
  }
  if (done->changes.empty()) return exit_ok;
  const auto now = host::read_document(o.file);
  if (!now) return fail(now.error());
  if (*now != p->yaml)
    return fail(said(
        both("{} 在此期间被改过，没有写入：请重来", "{} was changed meanwhile, nothing was written: try again", o.file),
        problem_class::no));
  return replace_keeping_copy(o.file, p->yaml, done->yaml, host::file_stamp());
}

}  // namespace

int plan_import_command(const plan_import_options& o) {
  if (!o.fill.empty()) return import_fill(o);
  const auto tables = read_tables(o.file);
  if (!tables) return fail(tables.error());
  const auto all = forms::read_forms(*tables);
  if (!all) return fail(about(o.file, all.error()));
  if (o.number == 0 && all->size() > 1) {
    std::size_t n = 0;
    for (const forms::form& f : *all) fmt::print(stderr, "  {}. {} {}\n", ++n, f.project.text, f.project.at);
    return fail(
        said(both("文件里有 {} 张表：用 --form 写明是第几张", "there are {} forms: say which by --form", all->size()),
             problem_class::no));
  }
  if (o.number > all->size())
    return fail(said(
        both("--form：没有第 {} 张表，共 {} 张", "--form: there is no {}, {} forms are there", o.number, all->size()),
        problem_class::usage));
  const forms::form& form = (*all)[std::max(o.number, 1U) - 1];
  const forms::drafted_plan made = forms::plan_of(form, fs::path(o.file).filename().string(), last_year());
  const auto loads = read_plan(made.yaml, o.out.empty() ? "plan.yaml" : o.out);
  if (o.out.empty()) {
    fmt::print("{}", made.yaml);
  } else {
    if (const auto written = write_new(o.out, made.yaml); !written) return fail(written.error());
    fmt::print(stderr, "已写入 / written: {}\n", o.out);
  }
  print_marks(made.marks);
  print_wrong_cells(form, o.file);
  return loads ? exit_ok : fail(loads.error());
}

int plan_export_command(const plan_export_options& o) {
  if (!o.fill)
    return fail(
        said({"请写 --fill：生成供人填写的表", "say --fill: a sheet to be filled in by people"}, problem_class::usage));
  const std::string kind = fs::path(o.out).extension().string();
  if (kind != ".xlsx" && kind != ".docx")
    return fail(said(both("--out：{} 应以 .xlsx 或 .docx 结尾", "--out: {} has to end in .xlsx or .docx", o.out),
                     problem_class::usage));
  int code = exit_ok;
  const auto p = plan_in(o.plan, code);
  if (!p) return code;
  if (const auto good = may_write(o.out); !good) return fail(good.error());
  if (fs::exists(o.out))
    return fail(said(both("{} 已存在，没有写入：其中可能已有人填写，请换一个文件名",
                          "{} is there already, and may have been filled in: choose another name", o.out)));
  constexpr std::chrono::seconds patience{60};
  const auto done = kind == ".xlsx" ? report::write_workbook(p->plan.title, {forms::fill_sheet(p->plan)}, o.out)
                                    : report::write_docx(forms::fill_page(p->plan), o.out, patience);
  if (!done) return fail(done.error());
  fmt::print("已写入 / written: {}\n", o.out);
  return exit_ok;
}

void plan_arguments(grammar app, int& code) {
  auto group = app.add_subcommand("plan", "绩效方案与表格互转 / an evaluation plan from and to the forms of offices");
  group.needs_subcommand();
  group.footer(
      "例 / examples:\n  changtong plan import 自评表.xlsx --out plan.yaml\n  changtong plan export --fill plan.yaml "
      "--out 填报.xlsx");
  const auto in = std::make_shared<plan_import_options>();
  auto sub = group.add_subcommand(
      "import",
      "申报表或自评表（XLSX、DOCX）-> 方案；--fill：把填好的表并入方案 / a form into a plan, or a filled sheet");
  sub.add_option("FORM", in->file, "表格；用 --fill 时为方案 YAML / the form; with --fill the plan").required();
  sub.add_option("--fill", in->fill, "填好的表（plan export --fill 所生成） / a sheet that was filled in");
  sub.add_option("--out", in->out,
                 "写入的新文件；不写：方案印到标准输出，--fill 时就地写入方案并留一份原文件 / a new file")
      .output();
  sub.add_option("--form", in->number, "文件里有几张表时，是第几张 / which of several forms")
      .within(1, forms::most_forms);
  sub.footer(
      "不能确定之处在方案里有“待定”注释，并列在标准错误 / what could not be decided is a comment 待定, and a list on "
      "stderr\n"
      "--fill 只改填过的键，注释和其余各行一字不动；改法不安全时不写入 / only keys that were filled in are changed\n"
      "例 / examples:\n  changtong plan import 自评表.xlsx --out plan.yaml\n"
      "  changtong plan export --fill plan.yaml --out 填报.xlsx\n"
      "  changtong plan import --fill 填报.xlsx plan.yaml");
  sub.callback([in, &code] { code = plan_import_command(*in); });
  const auto out = std::make_shared<plan_export_options>();
  auto exported =
      group.add_subcommand("export", "供人填写原因、措施与评定的表 / a sheet for reasons, measures, points");
  exported.add_option("PLAN", out->plan, "方案 YAML / the plan").required();
  exported.add_flag("--fill", out->fill, "生成填报表 / the sheet to fill in");
  exported.add_option("--out", out->out, ".xlsx 或 .docx（需 pandoc） / a new file").required().output();
  exported.callback([out, &code] { code = plan_export_command(*out); });
}

}  // namespace changtong
