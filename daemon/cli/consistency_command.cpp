#include "daemon/cli/consistency_command.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>

#include "daemon/books/duty.h"
#include "daemon/claims/consistency.h"
#include "daemon/claims/sentences.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/options.h"
#include "daemon/core/json.h"
#include "daemon/core/plan_tree.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/reader.h"
#include "daemon/plans/plan.h"
#include "daemon/reading/words.h"
#include "daemon/run/watch.h"

namespace changtong {
namespace {

using claims::contradiction;
using claims::measured_figures;

constexpr std::size_t most_bytes = 1 << 20;

problem at_file(const std::string& file, const std::string& text) { return problem{.text = text, .file = file}; }

/** The report as UTF-8 with LF. A problem says what to do with the file. */
result<std::string> read_text(const std::string& path) {
  auto read = host::read_any_file(path, most_bytes);
  if (!read) {
    problem p = said(both("无法读取：{}", "cannot be read: {}", words_of(read.error())));
    p.file = path;
    return p;
  }
  std::string bytes = std::move(*read);
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff"))
    return at_file(path, "这是 UTF-16 文本，请另存为 UTF-8 或 GB18030 / this is UTF-16: save it as UTF-8");
  if (bytes.starts_with("PK\x03\x04") || bytes.starts_with("\xd0\xcf\x11\xe0") || bytes.starts_with("%PDF"))
    return at_file(path, "这是 Word、WPS 或 PDF 文件，请另存为纯文本（.txt） / save it as plain text");
  auto text = reading::to_utf8(std::move(bytes));
  if (!text)
    return problem{.text = "既不是 UTF-8 也不是 GB18030 文本，请另存为 UTF-8 / neither UTF-8 nor GB18030",
                   .file = path,
                   .line = text.error().line,
                   .column = text.error().column};
  if (text->find('\0') != std::string::npos) return at_file(path, "含有 NUL 字节，不是文本 / not a text");
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

result<std::optional<measured_figures>> measured(const consistency_options& o, const std::string& text) {
  using none = std::optional<measured_figures>;
  if (o.ledger.empty() && (!o.from.empty() || !o.to.empty()))
    return said("--from 与 --to 只和 --ledger 一起用", "--from and --to need --ledger", problem_class::usage);
  if (o.ledger.empty()) return none{};
  const auto books = ledger::reader::open(o.ledger);
  if (!books) return books.error();
  const int year = claims::read_report(text, claims::default_office_words()).year;
  const auto when = period_of((*books)->zone(), o, year);
  if (!when) return when.error();
  const wall_t now = (*books)->now(system_clocks().wall());
  measured_figures m{.period = when->second, .lines = {}};
  (*books)->histories(when->first, now, {}, [&](const ledger::known_target& t, const availability::target_history& h) {
    const auto s = availability::measure(h, when->first);
    if (t.kind == "site" || !s.scope) return;
    m.lines += s;
    ++m.line_count;
  });
  for (const availability::duty_day& d : books::days_of_operation(**books, when->first, now)) {
    ++m.days;
    if (d.judgement == availability::duty_judgement::counts) ++m.days_counted;
  }
  return none{std::move(m)};
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
               .add("strength", c.how == claims::strength::sure ? "sure" : "ask")
               .add_raw("places", json_list(c.places))
               .text();
  }
  return out + "]";
}

void print_text(const std::vector<contradiction>& all) {
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
  if (all.empty())
    fmt::print("没有发现矛盾 / no contradiction found\n");
  else
    fmt::print("\n共 {} 处：矛盾 {} 处，待说明 {} 处 / {} found, {} sure, {} to be explained\n", all.size(), sure,
               all.size() - sure, all.size(), sure, all.size() - sure);
}

}  // namespace

int consistency_command(const consistency_options& o) {
  const auto text = read_text(o.report);
  if (!text) return fail(exit_cannot, to_string(text.error()));
  std::optional<plans::plan> plan;
  if (!o.plan.empty()) {
    const auto yaml = host::read_document(o.plan);
    if (!yaml) return fail(exit_cannot, to_string(yaml.error()));
    auto read = read_plan(*yaml, o.plan);
    if (!read) return fail_all(exit_cannot, read.error());
    plan = std::move(*read);
  }
  const auto figures = measured(o, *text);
  if (!figures) return fail(figures.error());
  const auto found = claims::contradictions(*text, claims::default_office_words(), *figures, plan ? &*plan : nullptr);
  if (o.format == "json")
    fmt::print("{}\n", as_json(found));
  else
    print_text(found);
  return found.empty() ? exit_ok : exit_no;
}

void consistency_arguments(grammar app, int& code) {
  const auto o = std::make_shared<consistency_options>();
  auto sub = app.add_subcommand("consistency", "找出一份报告中的矛盾 / contradictions in a written report");
  sub.add_option("REPORT", o->report, "报告的纯文本（UTF-8 或 GB18030） / the report as plain text").required();
  sub.add_option("--format", o->format, "text 或 json").shows_default().one_of({"text", "json"});
  sub.add_option("--plan", o->plan, "与绩效自评方案核对 / compare with an evaluation plan");
  sub.add_option("--ledger", o->ledger, "与账本的数核对 / compare with what the books say").plain_file();
  sub.add_option("--from", o->from, "起，缺省为报告的年度 / the report's year if not given");
  sub.add_option("--to", o->to, "止（含该年、月、日）/ end, inclusive for civil periods");
  sub.callback([o, &code] { code = consistency_command(*o); });
}

}  // namespace changtong
