#include "daemon/cli/consistency_command.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include "daemon/books/operation_days.h"
#include "daemon/claims/consistency.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/options.h"
#include "daemon/cli/pdf_text.h"
#include "daemon/core/json.h"
#include "daemon/core/plan_tree.h"
#include "daemon/host/clocks.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/reader.h"
#include "daemon/plans/plan.h"
#include "daemon/reading/office_file.h"
#include "daemon/reading/words.h"

namespace changtong {
namespace {

using claims::contradiction;
using claims::measured_figures;

constexpr std::size_t most_bytes = 1 << 20;        // of a text
constexpr std::size_t most_file_bytes = 16 << 20;  // of a document, and of its text

problem at_file(const std::string& file, problem p) {
  p.file = file;
  return p;
}

/** Text of a file that is none of an office's: UTF-8 or GB18030. */
result<std::string> plain_text(std::string bytes) {
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff"))
    return said({"这是 UTF-16 文本，请另存为 UTF-8 或 GB18030", "this is UTF-16: save it as UTF-8"});
  auto text = reading::to_utf8(std::move(bytes));
  if (!text)
    return said_at({"既不是 UTF-8 也不是 GB18030 文本，请另存为 UTF-8", "neither UTF-8 nor GB18030"}, text.error().line,
                   text.error().column);
  if (text->find('\0') != std::string::npos)
    return said({"含有 NUL 字节，不是文本", "not a text: it has bytes of zero"});
  return text;
}

result<std::string> text_of(const std::string& path, std::string bytes) {
  switch (reading::office_kind_of(bytes)) {
    case reading::office_kind::packed:
      return reading::office_text(std::move(bytes));
    case reading::office_kind::pdf:
      return pdf_text(path);
    case reading::office_kind::old_office:
      return said({"这是旧格式（.doc、.xls、.wps、.et）：在 Word 或 WPS 中打开，“另存为” .docx 或 .xlsx 后再核对",
                   "an old format (.doc, .xls, .wps): open it and save it as .docx or .xlsx"});
    case reading::office_kind::none:
      break;
  }
  if (bytes.size() > most_bytes) return said(both("超过 {} 字节", "larger than {} bytes", most_bytes));
  return plain_text(std::move(bytes));
}

/** The report as UTF-8 with LF. A problem says what to do with the file. */
result<std::string> read_text(const std::string& path) {
  auto bytes = host::read_any_file(path, most_file_bytes);
  if (!bytes) return at_file(path, said(both("无法读取：{}", "cannot be read: {}", words_of(bytes.error()))));
  auto text = text_of(path, std::move(*bytes));
  if (!text) return at_file(path, text.error());
  if (text->size() > most_file_bytes)
    return at_file(path, said(both("超过 {} 字节", "larger than {} bytes", most_file_bytes)));
  if (text->find_first_not_of(" \t\r\n\f") == std::string::npos)
    return at_file(path, said({"没有文字：可能是扫描件或图片，请先识别为文字（OCR）后另存",
                               "no text in it: a scan or pictures; recognise the text first"}));
  return text;
}

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

void print_text(const claims::consistency& checked) {
  const std::vector<contradiction>& all = checked.found;
  const bool colour = isatty(STDOUT_FILENO) != 0;
  std::size_t sure = 0, number = 0;
  for (const contradiction& c : all) {
    const bool certain = c.how == claims::strength::sure;
    if (certain) ++sure;
    const char* on = !colour ? "" : certain ? "\x1b[1;31m" : "\x1b[1;33m";
    fmt::print("{}{}. [{}]{} {}：{}\n", on, ++number, chinese(c.how), colour ? "\x1b[0m" : "",
               claims::chinese_kind(c.kind), c.text);
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
  const auto text = read_text(o.report);
  if (!text) return fail(text.error());
  std::optional<plans::plan> plan;
  if (!o.plan.empty()) {
    const auto yaml = host::read_document(o.plan);
    if (!yaml) return fail(yaml.error());
    auto read = read_plan(*yaml, o.plan);
    if (!read) return fail(as(problem_class::cannot, read.error()));
    plan = std::move(*read);
  }
  const auto books = books_of(o, claims::check(*text).year);
  if (!books) return fail(books.error());
  const auto checked = claims::check(*text, {.books = *books, .plan = plan ? &*plan : nullptr});
  if (o.format == "json")
    fmt::print("{}\n", as_json(checked.found));
  else
    print_text(checked);
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
  sub.add_option("--ledger", o->ledger, "与账本的数核对 / compare with what the books say").plain_file();
  sub.add_option("--from", o->from, "起，缺省为报告的年度 / the report's year if not given");
  sub.add_option("--to", o->to, "止（含该年、月、日）/ end, inclusive for civil periods");
  sub.callback([o, &code] { code = consistency_command(*o); });
}

}  // namespace changtong
