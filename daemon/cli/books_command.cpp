#include "daemon/cli/books_command.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "daemon/books/books.h"
#include "daemon/books/formulas.h"
#include "daemon/books/outage_notes.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/disagreement_list.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/list_request.h"
#include "daemon/cli/observed_books.h"
#include "daemon/cli/options.h"
#include "daemon/cli/output.h"
#include "daemon/cli/report_command.h"
#include "daemon/core/phrase.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/reader.h"
#include "daemon/observers/trails.h"
#include "daemon/report/book_text.h"
#include "daemon/report/columns.h"
#include "daemon/report/document.h"
#include "daemon/report/report_layout.h"

namespace changtong {
namespace {

/** Ledger, period and format of a command on the books. */
struct books_request {
  std::unique_ptr<ledger::reader> reader;
  const observers::merged_books* merged;  ///< the same, where several ledgers are
  report::book_observers by;
  period when;
  wall_t now;  ///< scope is cut here
  report::format format;
};

/** Of csv: whether a person's spreadsheet reads it. */
bool for_people(const books_options& o) { return o.headings.empty() ? !o.out.empty() : o.headings == "chinese"; }

result<books_request> requested(const books_options& o) {
  if (o.books.ledgers.empty()) return one_of_both();
  auto opened = open_observed(o.books, o.as_known_at, o.reopened);
  if (!opened) return opened.error();
  opened_books* const books = &opened->books;
  const auto when = period_between(books->reader->zone(), o.from, o.to);
  if (!when) return when.error();
  const auto format = report::format_named(o.format == "xlsx" ? "table" : o.format);
  if (!format) return format.error();
  const bool as_sheet = *format == report::format::csv && for_people(o);
  if (opened->merged != nullptr) fmt::print(stderr, "{}\n", report::in_words(opened->names()));
  return books_request{.reader = std::move(books->reader),
                       .merged = opened->merged,
                       .by = opened->names(),
                       .when = *when,
                       .now = books->now,
                       .format = as_sheet ? report::format::sheet : *format};
}

/** Which lines of a group its formula leaves out; the first of many, `--by line` has each. */
void tell_uncounted(const std::string& group, const availability::group_value& v) {
  std::vector<phrase> why;
  if (!v.without_value.empty())
    why.push_back(
        both("无观测 {} 条（{}）", "{} not observed ({})", v.without_value.size(), report::first_of(v.without_value)));
  if (!v.without_target.empty())
    why.push_back(both("无合同指标 {} 条（{}）", "{} without a contract's target ({})", v.without_target.size(),
                       report::first_of(v.without_target)));
  for (const phrase& p : why)
    for (const std::string& line :
         report::wrapped(fmt::format("{}：不计入：{} / not counted: {}", group, p.cn, p.en), report::usual_width))
      fmt::print(stderr, "{}\n", line);
}

/** R2, R3 and R4 of groups; what a formula leaves out is said on stderr, since the rows have no place for it. */
result<std::vector<availability::availability_row>> rows_by_formula(const books_request& books, const books_options& o,
                                                                    books::grouping by) {
  const auto formula = availability::formula_named(o.formula);
  if (!formula) return said("--formula 只能是 R1、R2、R3、R4", "unknown formula: " + o.formula, problem_class::usage);
  if (by == books::grouping::line)
    return said("--formula R2 至 R4 只用于分组，--by line 时不可用", "R2 to R4 are for groups", problem_class::usage);
  const auto step = sampling_step(o.step);
  if (!step) return step.error();
  const auto policies = books::read_policies(books.reader->policies());
  if (!policies) return policies.error();
  std::vector<availability::availability_row> rows;
  for (auto& g : books::books_by(*books.reader, books.when, books.now, by, *formula, *step, *policies)) {
    const auto& v = g.value;
    if (*formula == availability::formula::r3)
      fmt::print(stderr, "{}: 每 {} 一个时刻，计 {} 个，无人被观测的 {} 个不计\n", g.row.title, o.step, v.counted,
                 v.unobserved_instants);
    else
      tell_uncounted(g.row.title, v);
    if (g.in_part > 0)
      fmt::print(
          stderr,
          "{}: {} 条的合同只覆盖部分期间，只按覆盖的时间判定 / contracts cover {} lines for a part of the period "
          "and judge that part only\n",
          g.row.title, g.in_part, g.in_part);
    rows.push_back(std::move(g.row));
  }
  return rows;
}

/** On stdout, or in the file that was asked for. */
int hand_out(const std::string& text, const std::string& out) {
  if (out.empty()) {
    fmt::print("{}", text);
    return exit_ok;
  }
  if (const auto good = may_write(out); !good) return fail(good.error());
  if (const auto done = host::replace_plain_file(out, text, 0644); !done)
    return fail(said(
        both("{}: 无法写入：{}；检查目录是否可写、有空间", "{}: cannot be written: {}", out, words_of(done.error()))));
  fmt::print("已写入 / written: {}\n", out);
  return exit_ok;
}

/** A workbook names whose books it holds above its rows. */
int hand_out_sheets(report::document d, const report::book_observers& by, const std::string& out) {
  if (!by.merged.empty())
    for (report::sheet& s : d.sheets) s.notes.push_back(report::in_words(by));
  return hand_out_workbook(d, out);
}

int disagreements(const books_request& books, const books_options& o, const std::string& line) {
  if (books.merged == nullptr)
    return fail(
        said("--disagreements 需要几个 --ledger", "--disagreements wants several --ledger", problem_class::usage));
  if (o.format == "xlsx")
    return fail(
        said("--disagreements 没有 xlsx，只有 table、json、csv", "--disagreements has no xlsx", problem_class::usage));
  const auto found = books.merged->disagreements_in(books.when, books.now, line);
  return hand_out(write_disagreements(observers::with_trails(*books.merged, found), books.format, books.reader->zone()),
                  o.out);
}

/** The first option that only the ledger itself can answer for; none: a daemon can. */
std::optional<std::string> beyond_api(const books_options& o) {
  const std::array<std::pair<bool, const char*>, 7> all{{{!o.books.observer.empty(), "--observer"},
                                                         {!o.books.offsets.empty(), "--offset"},
                                                         {!o.as_known_at.empty(), "--as-known-at"},
                                                         {o.reopened, "--reopened"},
                                                         {o.disagreements, "--disagreements"},
                                                         {o.formula != "R1", "--formula"},
                                                         {o.format == "xlsx", "--format xlsx"}}};
  const auto it = std::ranges::find_if(all, [](const auto& one) { return one.first; });
  return it == all.end() ? std::nullopt : std::optional<std::string>(it->second);
}

/** What the daemon says of it, which is what is said of its ledger. */
int of_daemon(const lists::kind& which, const books_options& o, const std::string& of) {
  if (!o.books.ledgers.empty()) return fail(one_of_both());
  if (const auto beyond = beyond_api(o)) return fail(needs_ledger(*beyond));
  const list_options asked{.ledger = {},
                           .api = o.api,
                           .from = o.from,
                           .to = o.to,
                           .line = o.line,
                           .of = of,
                           .format = o.format == "csv" && for_people(o) ? "sheet" : o.format};
  const auto list = list_of_daemon(which, asked);
  return list ? hand_out(list->text, o.out) : fail(list.error());
}

int outages(const books_options& o) {
  if (!o.api.url.empty()) return of_daemon(lists::outages, o, {});
  auto books = requested(o);
  if (!books) return fail(books.error());
  const auto line = line_named(*books->reader, o.line);
  if (!line) return fail(line.error());
  if (o.disagreements) return disagreements(*books, o, *line);
  auto rows = books::list_outages(*books->reader, books->when, *line, 1'000'000);
  if (books->when.from > books->now) rows.clear();  // an open outage is of no time that is still to come
  if (o.format == "xlsx")
    return hand_out_sheets(report::outages_document(rows, books->when, books->reader->zone()), books->by, o.out);
  return hand_out(report::write_outages(rows, books->format, books->reader->zone()), o.out);
}

/** A file is what its name says where nobody said otherwise: a table called 2026.xlsx opens nowhere. */
void take_ending(books_options& o) {
  if (o.format != "table") return;
  for (const std::string_view ending : {"xlsx", "csv", "json"})
    if (o.out.ends_with("." + std::string(ending))) o.format = ending;
}

}  // namespace

int availability_command(const books_options& o) {
  if (!o.api.url.empty()) return of_daemon(lists::availability, o, o.by);
  auto books = requested(o);
  if (!books) return fail(books.error());
  const auto by = books::grouping_named(o.by);
  if (!by) return fail(by.error());
  std::vector<availability::availability_row> rows;
  if (o.formula == "R1") {
    rows = books::books(*books->reader, books->when, books->now, *by);
  } else {
    auto found = rows_by_formula(*books, o, *by);
    if (!found) return fail(found.error());
    rows = std::move(*found);
  }
  if (o.format == "xlsx")
    return hand_out_sheets(report::books_document(rows, books->when, books->reader->zone()), books->by, o.out);
  return hand_out(report::write_availability(rows, books->format, books->reader->zone(), books->by), o.out);
}

void books_arguments(grammar app, int& code) {
  const auto o = std::make_shared<books_options>();
  const auto shared = [&](grammar sub) {
    observer_options(sub, o->books);
    api_options(sub, o->api, "本人的或只读的令牌，与 --api 同用 / a token, with --api");
    period_options(sub, o->from, o->to, true);
    format_option(sub, o->format, {"table", "json", "csv", "xlsx"});
    sub.add_option("--out", o->out, "写入的文件，缺省为标准输出 / the file to write").output();
    sub.add_option(
           "--headings", o->headings,
           "csv 的表头：keys（程序用）或 chinese（表格软件用，带 BOM）；缺省：写文件用 chinese，标准输出用 keys / of "
           "csv: for programs or for a spreadsheet")
        .one_of({"keys", "chinese"});
    knowledge_options(sub, o->as_known_at, o->reopened);
  };
  auto sub = app.add_subcommand("availability", "畅通率账目 / the books");
  sub.footer(
      "例 / examples:\n"
      "  changtong availability --ledger ledger.db --from 2026-03 --to 2026-03 --by category\n"
      "  changtong availability --ledger ledger.db --from 2026 --to 2026 --by line --format xlsx --out 2026.xlsx\n"
      "  changtong availability --api https://monitor.example.gov.cn:8080 --token-file ~/.changtong.token --ca ca.pem "
      "--from 2026-03 --to 2026-03");
  shared(sub);
  sub.add_option("--by", o->by, "line、category、carrier、town、day 或 month").shows_default();
  sub.add_option("--formula", o->formula, "分组口径 R1、R2、R3 或 R4 / formula of groups").shows_default();
  sub.add_option("--step", o->step, "R3 的取样间隔 / between the instants of R3").shows_default();
  sub.callback([o, &code] {
    take_ending(*o);
    code = availability_command(*o);
  });

  sub = app.add_subcommand("outages", "中断清单 / the list of outages");
  sub.footer(
      "例 / example:\n"
      "  changtong outages --ledger ledger.db --from 2026-03 --to 2026-03 --line V014");
  shared(sub);
  sub.add_option("--line", o->line,
                 "只列一条：编号、名称、电路编号或地址 / one target only: id, name, circuit or address");
  sub.add_flag(
      "--disagreements", o->disagreements,
      "改列几个观测者超过 30 秒说法不一之处，附各方所见路径 / where observers disagree for more than 30 s, with what "
      "each saw on the way");
  sub.callback([o, &code] {
    take_ending(*o);
    code = outages(*o);
  });
}

}  // namespace changtong
