#include "daemon/cli/consistency_command.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include "daemon/books/operation_days.h"
#include "daemon/claims/consistency.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/ink.h"
#include "daemon/cli/office_tables.h"
#include "daemon/cli/options.h"
#include "daemon/cli/output.h"
#include "daemon/cli/report_file.h"
#include "daemon/core/json.h"
#include "daemon/core/phrase.h"
#include "daemon/core/plan_tree.h"
#include "daemon/forms/approval.h"
#include "daemon/host/clocks.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/reader.h"
#include "daemon/plans/plan.h"
#include "daemon/reading/docx_comments.h"

namespace changtong {
namespace {

using claims::contradiction;
using claims::measured_figures;

/** The civil period that --from and --to name, or the report's year. */
result<std::pair<period, std::string>> period_of(const civil_zone& zone, const consistency_options& o, int year) {
  if (o.from.empty() != o.to.empty())
    return said("--from 与 --to 应同时给出", "give both --from and --to, or none", problem_class::usage);
  if (o.from.empty() && year == 0)
    return said("--from：报告没有写明年度，请给出 --from 与 --to", "the report names no year: give --from and --to",
                problem_class::usage);
  const std::string first = o.from.empty() ? std::to_string(year) : o.from;
  const std::string last = o.to.empty() ? first : o.to;
  const auto when = period_between(zone, first, last);
  if (!when) return when.error();
  return std::pair(*when, first == last ? (first.size() == 4 ? first + " 年" : first) : first + " 至 " + last);
}

measured_figures measured(const ledger::reader& books, const period& when, std::string name, wall_t now) {
  measured_figures m{.period = std::move(name), .lines = {}};
  books.histories(when, now, {}, [&](const ledger::known_target& t, const availability::target_history& h) {
    const auto s = availability::measure(h, when);
    if (t.kind == "site" || !s.scope) return;
    m.lines += s;
    ++m.line_count;
  });
  for (const availability::operation_day& d : books::days_of_operation(books, when, now)) {
    ++m.days;
    if (d.judgement == availability::operation_judgement::counts) ++m.days_counted;
  }
  return m;
}

/** What the books say of the periods that the report names: of a month it is measured when the report asks for it. */
result<claims::book_lookup> books_of(const consistency_options& o, int year) {
  if (o.ledger.empty() && (!o.from.empty() || !o.to.empty()))
    return said("--from 与 --to 只和 --ledger 一起用", "--from and --to need --ledger", problem_class::usage);
  if (o.ledger.empty()) return claims::book_lookup{};
  auto opened = ledger::reader::open(o.ledger);
  if (!opened) return opened.error();
  const auto whole = period_of((*opened)->zone(), o, year);
  if (!whole) return whole.error();
  const wall_t now = (*opened)->now(host::wall_now());
  const std::shared_ptr<ledger::reader> books = std::move(*opened);
  auto known = std::make_shared<std::map<std::string, measured_figures>>();
  const bool named = !o.from.empty();
  return claims::book_lookup([=, when = *whole](int y, int month) -> std::optional<measured_figures> {
    if (month == 0 && y != year && y != 0) return std::nullopt;  // of another year the books were not asked
    period asked = when.first;
    std::string name = when.second;
    if (month > 0) {
      const auto civil = fmt::format("{:04}-{:02}", y, month);
      const auto one = period_between(books->zone(), civil, civil);
      if (!one || (named && (one->from < asked.from || one->to > asked.to))) return std::nullopt;
      asked = *one;
      name = fmt::format("{} 年 {} 月", y, month);
    }
    const auto it = known->find(name);
    return it != known->end() ? it->second : known->emplace(name, measured(*books, asked, name, now)).first->second;
  });
}

/** Last year's report; of another year it would accuse wrongly. */
result<report_file> last_year_of(const std::string& path, int year) {
  if (path.empty()) return report_file{};
  auto report = read_report_file(path);
  if (!report) return report.error();
  const int other = claims::year_of(report->text);
  if (other != 0 && year != 0 && other != year - 1)
    return said(fmt::format("--last-year：{} 是 {} 年度的，所核对的报告是 {} 年度的", path, other, year),
                fmt::format("--last-year: {} is of {}, the report of {}", path, other, year), problem_class::usage);
  return report;
}

result<std::vector<plans::approved_figure>> approved_in(const std::string& path) {
  if (path.empty()) return std::vector<plans::approved_figure>{};
  const auto tables = read_tables_or_csv(path);
  if (!tables) return tables.error();
  auto all = forms::approved_figures(*tables);
  if (!all) return about(path, all.error());
  return all;
}

std::string as_json(const std::vector<contradiction>& all) {
  std::string out = "[";
  for (const contradiction& c : all) {
    json_array lines;
    for (const auto n : c.lines) lines.add_raw(std::to_string(n));
    out += out.size() > 1 ? ",\n" : "";
    out += json_object()
               .add("kind", c.kind)
               .add_raw("quotes", json_list(c.quotes))
               .add_raw("lines", lines.text())
               .add("text", c.text)
               .add("strength", c.how == claims::strength::sure ? "sure" : "question")
               .add_raw("places", json_list(c.places))
               .text();
  }
  return out + "]";
}

/** Each finding beside each of its passages, under the number that the terminal has. */
std::vector<reading::line_comment> comments_of(const std::vector<contradiction>& all) {
  std::vector<reading::line_comment> out;
  std::size_t number = 0;
  for (const contradiction& c : all) {
    ++number;
    for (std::size_t i = 0; i < c.quotes.size(); ++i)
      out.push_back(
          {.line = c.lines[i],
           .quote = c.quotes[i],
           .text = fmt::format("{}. [{}] {}：{}{}", number, chinese(c.how), claims::chinese_kind(c.kind), c.text,
                               c.quotes.size() > 1 ? fmt::format("（{} 处之第 {} 处）", c.quotes.size(), i + 1) : "")});
  }
  return out;
}

/** A copy of the report with its findings in it; the report itself is not touched. */
result<void> annotate(const report_file& report, const std::vector<contradiction>& all, const std::string& out) {
  if (!report.is_document)
    return said("--annotate 只用于 .docx：批注是 Word 文档的", "--annotate needs a .docx: comments are Word's",
                problem_class::usage);
  const auto comments = comments_of(all);
  const auto made = reading::with_comments(report.bytes, comments, "changtong");
  if (!made) return made.error();
  if (const auto written = write_new(out, made->bytes); !written) return written.error();
  fmt::print(stderr, "已写入 {} 条批注 / {} comments written: {}\n", made->placed, made->placed, out);
  if (made->placed < comments.size())
    fmt::print(stderr, "有 {0} 条没有放下：见上文 / {0} found no place, see above\n", comments.size() - made->placed);
  return {};
}

void print_text(const claims::consistency& checked) {
  const std::vector<contradiction>& all = checked.found;
  std::size_t sure = 0, number = 0;
  for (const contradiction& c : all) {
    const bool certain = c.how == claims::strength::sure;
    if (certain) ++sure;
    const std::string head = fmt::format("{}. [{}]", ++number, chinese(c.how));
    fmt::print("{} {}：{}\n", inked(certain ? ink::bad : ink::doubtful, head), claims::chinese_kind(c.kind), c.text);
    for (std::size_t i = 0; i < c.quotes.size(); ++i)
      fmt::print("   第 {} 行{}{}：「{}」\n", c.lines[i], c.places[i].empty() ? "" : "，", c.places[i], c.quotes[i]);
  }
  const claims::amount_read& n = checked.read;
  fmt::print("{}读了 {} 段、{} 张表、{} 个数 / read {} paragraphs, {} tables, {} figures\n", all.empty() ? "" : "\n",
             n.paragraphs, n.tables, n.figures, n.paragraphs, n.tables, n.figures);
  if (all.empty())
    fmt::print("没有发现矛盾 / no contradiction found\n");
  else
    fmt::print("共 {} 处：矛盾 {} 处，待说明 {} 处 / {} found, {} sure, {} to be explained\n", all.size(), sure,
               all.size() - sure, all.size(), sure, all.size() - sure);
}

}  // namespace

int consistency_command(const consistency_options& o) {
  const auto report = read_report_file(o.report);
  if (!report) return fail(report.error());
  const std::string& text = report->text;
  std::optional<plans::plan> plan;
  if (!o.plan.empty()) {
    const auto yaml = host::read_document(o.plan);
    if (!yaml) return fail(yaml.error());
    auto read = read_plan(*yaml, o.plan);
    if (!read) return fail(as(problem_class::cannot, read.error()));
    plan = std::move(*read);
  }
  const int year = claims::year_of(text);
  const auto books = books_of(o, year);
  if (!books) return fail(books.error());
  const auto earlier = last_year_of(o.last_year, year);
  if (!earlier) return fail(earlier.error());
  auto approved = approved_in(o.approval);
  if (!approved) return fail(approved.error());
  const auto checked = claims::check(
      text,
      {.books = *books, .plan = plan ? &*plan : nullptr, .last_year = earlier->text, .approved = std::move(*approved)});
  if (o.format == "json")
    fmt::print("{}\n", as_json(checked.found));
  else
    print_text(checked);
  if (!o.annotate.empty())
    if (const auto done = annotate(*report, checked.found, o.annotate); !done) return fail(done.error());
  if (!checked.read.whole)
    return fail(said(both("{}：数超过 {} 个，其后的没有核对：请拆成几份再查",
                          "{}: more than {} figures, and those after them were not looked at: check it in parts",
                          o.report, checked.read.figures)));
  const auto sure = [](const contradiction& c) { return c.how == claims::strength::sure; };
  return std::ranges::any_of(checked.found, sure) ? exit_no : exit_ok;
}

void consistency_arguments(grammar app, int& code) {
  const auto o = std::make_shared<consistency_options>();
  auto sub = app.add_subcommand("consistency", "找出一份报告中的矛盾 / contradictions in a written report");
  sub.footer(
      "例 / example:\n"
      "  changtong consistency report.docx --plan plan.yaml --ledger ledger.db");
  sub.add_option("REPORT", o->report, "报告：.docx、.xlsx、.txt（UTF-8 或 GB18030）、.pdf / the report").required();
  format_option(sub, o->format, {"text", "json"});
  sub.add_option("--plan", o->plan, "与绩效自评方案核对 / compare with an evaluation plan");
  sub.add_option("--last-year", o->last_year,
                 "与上年的报告核对：正文和表中写明“上年”或年份的数 / last year's report: what is said of it by name");
  sub.add_option("--approval", o->approval,
                 "与批复的表核对：.xlsx、.docx、.csv / the table of approved budget and targets");
  sub.add_option("--ledger", o->ledger, "与账本的数核对 / compare with what the books say").plain_file();
  sub.add_option("--from", o->from, "起，缺省为报告的年度 / the report's year if not given");
  sub.add_option("--to", o->to, "止（含该年、月、日）/ end, inclusive for civil periods");
  sub.add_option("--annotate", o->annotate,
                 "把所查出的写成批注，存为 .docx 的一份新副本；原件不动 / findings as comments in a copy of the .docx")
      .output();
  sub.callback([o, &code] { code = consistency_command(*o); });
}

}  // namespace changtong
