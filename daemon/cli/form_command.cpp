// `changtong form check`.
#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <memory>

#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/ink.h"
#include "daemon/cli/office_tables.h"
#include "daemon/cli/options.h"
#include "daemon/cli/plan_command.h"
#include "daemon/core/json.h"
#include "daemon/core/phrase.h"
#include "daemon/forms/check.h"

namespace changtong {
namespace {

using forms::slip;

bool is_wrong(const slip& s) { return s.how == forms::weight_of_finding::wrong; }

std::string as_json(const std::vector<slip>& all) {
  std::string out = "[";
  for (const slip& s : all) {
    out += out.size() > 1 ? ",\n" : "";
    out += json_object()
               .add("kind", s.kind)
               .add("strength", is_wrong(s) ? "wrong" : "question")
               .add("cell", s.at.at)
               .add("stands", s.at.text)
               .add("should", s.right)
               .add("text", s.text.cn)
               .add("text_en", s.text.en)
               .text();
  }
  return out + "]";
}

struct reading_size {
  std::size_t forms = 0, indicators = 0, funds = 0;
};

void print_text(const std::vector<slip>& all, const reading_size& n_read) {
  std::size_t n = 0;
  for (const slip& s : all) {
    const std::string head = fmt::format("{}. [{}]", ++n, is_wrong(s) ? "有误" : "待说明");
    fmt::print("{} {}：{}{}\n", inked(is_wrong(s) ? ink::bad : ink::doubtful, head), s.at.at,
               s.right.empty() ? "" : fmt::format("应为 {}。", s.right), to_string(s.text));
  }
  const auto wrong = std::ranges::count_if(all, is_wrong);
  const auto asked = static_cast<std::ptrdiff_t>(all.size()) - wrong;
  fmt::print(
      "{}读了 {} 张表、{} 个指标、{} 行资金：有误 {} 处，待说明 {} 处 / {} forms, {} indicators, {} rows of funds: {} "
      "wrong, {} to be explained\n",
      all.empty() ? "" : "\n", n_read.forms, n_read.indicators, n_read.funds, wrong, asked, n_read.forms,
      n_read.indicators, n_read.funds, wrong, asked);
}

}  // namespace

int form_check_command(const form_check_options& o) {
  const auto tables = read_tables(o.form);
  if (!tables) return fail(tables.error());
  const auto all = forms::read_forms(*tables);
  if (!all) return fail(about(o.form, all.error()));
  std::vector<slip> found;
  reading_size read{.forms = all->size(), .indicators = 0, .funds = 0};
  for (const forms::form& f : *all) {
    std::ranges::move(forms::check_form(f), std::back_inserter(found));
    read.indicators += f.indicators.size();
    read.funds += f.funds.size();
  }
  if (o.format == "json")
    fmt::print("{}\n", as_json(found));
  else
    print_text(found, read);
  return std::ranges::any_of(found, is_wrong) ? exit_no : exit_ok;
}

void form_arguments(grammar app, int& code) {
  auto group = app.add_subcommand("form", "财政部门的绩效表格 / the bureau's forms of an evaluation");
  group.needs_subcommand();
  group.footer("例 / example:\n  changtong form check 自评表.xlsx");
  const auto o = std::make_shared<form_check_options>();
  auto sub = group.add_subcommand(
      "check", "重算自评表：得分、合计、执行率、分值、总分 / computes a form anew and says which cell is wrong");
  sub.add_option("FORM", o->form, "自评表：.xlsx 或 .docx / the form").required();
  format_option(sub, o->format, {"text", "json"});
  sub.footer(
      "例 / example:\n  changtong form check 自评表.xlsx\n退出码 / exit codes: 0 没有错误（可能有待说明之处）, 1 有误, "
      "2 用法错误, 3 不能读");
  sub.callback([o, &code] { code = form_check_command(*o); });
}

}  // namespace changtong
