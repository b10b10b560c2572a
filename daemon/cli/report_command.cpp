#include "daemon/cli/report_command.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <memory>

#include "daemon/books/report_figures.h"
#include "daemon/centre/schema.h"
#include "daemon/cli/api_answers.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/centre_place.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/list_request.h"
#include "daemon/cli/open_centre.h"
#include "daemon/cli/options.h"
#include "daemon/cli/output.h"
#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"
#include "daemon/core/utf8.h"
#include "daemon/host/clocks.h"
#include "daemon/host/plain_file.h"
#include "daemon/report/report_layout.h"
#include "daemon/report/web_page.h"
#include "daemon/report/workbook.h"
#include "daemon/run/centre_report.h"
#include "daemon/run/report_desk.h"

namespace changtong {
namespace {

namespace fs = std::filesystem;

struct report_options {
  std::string ledger;  ///< or
  api_place api;       ///< or
  centre_place centre;
  std::string period;
  std::string out = ".";             ///< a folder, or a file that ends in .xlsx or .html
  std::string format = "xlsx,html";  ///< not asked where `out` is a file
  std::string as_known_at;           ///< empty: as known now
  bool reopened = false;             ///< as if nothing had been closed
  std::string step = "5m";           ///< between the instants of R3
};

/** Where each format goes; empty = not wanted. */
struct destinations {
  std::string xlsx, html;
};

result<destinations> destinations_of(const report_options& o, const std::string& token) {
  if (o.out.ends_with(".xlsx")) return destinations{o.out, {}};
  if (o.out.ends_with(".html")) return destinations{{}, o.out};
  destinations d;
  for (std::string_view rest = o.format; !rest.empty();) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view word = rest.substr(0, comma);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    std::string& to = word == "xlsx" ? d.xlsx : d.html;
    if (word != "xlsx" && word != "html")
      return said("--format 只能是 xlsx、html", fmt::format("unknown format: {}", shortened(word, 32)),
                  problem_class::usage);
    to = (fs::path(o.out) / fmt::format("changtong-report-{}.{}", token, word)).string();
  }
  std::error_code e;
  fs::create_directories(o.out, e);
  if (e) return said(both("{}：无法建立目录：{}", "{}: the folder cannot be made: {}", o.out, system_words(e.value())));
  return d;
}

problem unwritten(const std::string& path, const problem& why) {
  return said(both("{}：无法写入：{}；检查目录是否可写、有空间",
                   "{}: cannot be written: {}; check that the folder is writable and has room", path, words_of(why)));
}

struct opened {
  std::unique_ptr<ledger::reader> reader;
  report_request request;
};

result<opened> open_report(const report_options& o) {
  const auto step = sampling_step(o.step);
  if (!step) return step.error();
  auto books = open_books(o.ledger, o.as_known_at, o.reopened);
  if (!books) return books.error();
  opened all{.reader = std::move(books->reader), .request = {}};
  all.request.now = books->now;
  all.request.step = *step;
  all.request.as_known_at = books->known_at;
  auto when = report_period_named(all.reader->zone(), o.period);
  if (!when) return when.error();
  if (when->when.from >= all.request.now)
    return said("--period 尚未开始", "the period has not begun", problem_class::usage);
  all.request.when = std::move(*when);
  auto print = fingerprint_of_seals(o.ledger);
  if (!print) return print.error();
  all.request.fingerprint = std::move(*print);
  return all;
}

/** As the daemon makes them, which stands in the address: a year, a quarter, a month. */
bool is_period(const std::string& text) {
  return !text.empty() && text.size() <= 10 && text.find_first_not_of("0123456789-Q") == std::string::npos;
}

int fetch_report(const report_options& o) {
  constexpr milliseconds patience{600'000};  // of a year, behind others
  if (!o.ledger.empty()) return fail(one_of_both());
  for (const auto& [is_asked, name] :
       {std::pair(!o.as_known_at.empty(), "--as-known-at"), {o.reopened, "--reopened"}, {o.step != "5m", "--step"}})
    if (is_asked) return fail(needs_ledger(name));
  if (!is_period(o.period))
    return fail(
        said("--period 应为 2026-03、2026-Q1 或 2026", "--period: 2026-03, 2026-Q1 or 2026", problem_class::usage));
  const auto daemon = peer_at(o.api);
  if (!daemon) return fail(daemon.error());
  const auto to = destinations_of(o, o.period);
  if (!to) return fail(to.error());
  for (const std::string& path : {to->xlsx, to->html})
    if (const auto good = may_write(path); !good) return fail(good.error());
  for (const auto& [path, ending] : {std::pair(to->xlsx, "xlsx"), {to->html, "html"}}) {
    if (path.empty()) continue;
    const auto made = api_get(*daemon, fmt::format("/api/v1/reports/{}.{}", o.period, ending), {}, patience);
    if (!made) return fail(made.error());
    if (made->status != 200)
      return fail(made->status == 400 ? as(problem_class::usage, refusal_in(*made)) : refusal_in(*made));
    if (const auto done = host::replace_plain_file(path, made->body, 0644); !done)
      return fail(unwritten(path, done.error()));
    fmt::print("已写入 / written: {}\n", path);
  }
  return exit_ok;
}

int write_report(const report_options& o, const std::string& token,
                 const std::function<result<report::availability_report>()>& gather) {
  const auto to = destinations_of(o, token);
  if (!to) return fail(to.error());
  for (const std::string& path : {to->xlsx, to->html})
    if (const auto good = may_write(path); !good) return fail(good.error());
  const auto values = gather();
  if (!values) return fail(values.error());
  const report::document d = report::layout(*values);
  if (!to->xlsx.empty())
    if (const auto done = report::write_workbook(d, to->xlsx); !done) return fail(done.error());
  if (!to->html.empty())
    if (const auto done = host::replace_plain_file(to->html, report::write_web_page(d), 0644); !done)
      return fail(unwritten(to->html, done.error()));
  fmt::print("{}：专线 {} 条，网站 {} 个，中断 {} 次，{}\n", values->head.title, values->all.lines, values->all.sites,
             values->all.sums.outages, availability::chinese_ratio(values->all.sums));
  for (const std::string& remark : values->head.remarks) fmt::print("{}\n", remark);
  for (const std::string& path : {to->xlsx, to->html})
    if (!path.empty()) fmt::print("已写入 / written: {}\n", path);
  return exit_ok;
}

int report_of_centre(const report_options& o) {
  if (!o.ledger.empty() || !o.api.url.empty())
    return fail(
        said("--ledger、--api、--centre 选一个", "give one of --ledger, --api and --centre", problem_class::usage));
  for (const auto& [is_asked, name] : {std::pair(!o.as_known_at.empty(), "--as-known-at"), {o.reopened, "--reopened"}})
    if (is_asked) return fail(needs_ledger(name));
  const auto step = sampling_step(o.step);
  if (!step) return fail(step.error());
  const auto from = opened_centre(o.centre.config);
  if (!from) return fail(from.error());
  auto when = report_period_named(from->settings.zone, o.period);
  if (!when) return fail(when.error());
  const wall_t now = host::wall_now();
  if (when->when.from >= now) return fail(said("--period 尚未开始", "the period has not begun", problem_class::usage));
  return write_report(o, when->token, [&]() -> result<report::availability_report> {
    centre::database& db = from->books->conversation();
    if (const auto set = centre::ask_by_index(db); !set) return set.error();
    return centre_report(db, from->settings, {.when = *when, .now = now, .step = *step, .of = asked_of(o.centre)});
  });
}

int make_report(const report_options& o) try {
  if (const auto good = is_of_a_centre(o.centre); !good) return fail(good.error());
  if (!o.centre.config.empty()) return report_of_centre(o);
  if (!o.api.url.empty()) return fetch_report(o);
  if (o.ledger.empty()) return fail(one_of_both());
  const auto source = open_report(o);
  if (!source) return fail(source.error());
  return write_report(o, source->request.when.token, [&] { return gather_report(*source->reader, source->request); });
} catch (const std::exception& e) {
  return fail(e);
}

}  // namespace

int hand_out_workbook(const report::document& d, const std::string& out) {
  if (!out.empty()) {
    const auto done = report::write_workbook(d, out);
    if (!done) return fail(done.error());
    fmt::print("已写入 / written: {}\n", out);
    return exit_ok;
  }
  if (isatty(STDOUT_FILENO) != 0)
    return fail(said({"--out FILE.xlsx：XLSX 不能显示在终端上", "a workbook cannot be shown on a terminal"},
                     problem_class::usage));
  std::error_code e;
  std::string folder = (fs::temp_directory_path(e) / "changtong-XXXXXX").string();
  if (e || mkdtemp(folder.data()) == nullptr) return fail(said({"没有临时目录", "no temporary folder"}));
  const std::string path = folder + "/book.xlsx";
  const auto done = report::write_workbook(d, path);
  bool whole = false;
  if (done) {
    std::ifstream in(path, std::ios::binary);
    std::array<char, 65536> piece{};
    while (in.read(piece.data(), piece.size()), in.gcount() > 0)
      std::fwrite(piece.data(), 1, static_cast<std::size_t>(in.gcount()), stdout);
    whole = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  }
  fs::remove_all(folder, e);
  if (!done) return fail(done.error());
  return whole ? exit_ok : fail(said({"无法写到标准输出", "stdout cannot be written"}));
}

void report_arguments(grammar app, int& code) {
  const auto o = std::make_shared<report_options>();
  auto sub = app.add_subcommand("report", "月报、季报、年报（XLSX、HTML） / monthly, quarterly, yearly report");
  sub.footer(
      "例 / example:\n"
      "  changtong report --ledger ledger.db --period 2026-03 --out reports\n"
      "  changtong report --centre /etc/changtong/centre.yaml --period 2026-03 --out reports");
  sub.add_option("--ledger", o->ledger, "账本文件 / the ledger").plain_file();
  api_options(sub, o->api, "本人的或只读的令牌，与 --api 同用 / a token, with --api");
  centre_place_options(sub, o->centre);
  sub.add_option("--period", o->period, "2026-03、2026-Q1 或 2026").required();
  sub.add_option("--out", o->out, "目录，或 .xlsx、.html 文件 / folder or file").shows_default().output();
  sub.add_option("--format", o->format, "xlsx、html，以逗号分隔").shows_default();
  sub.add_option("--step", o->step, "R3 的取样间隔 / between the instants of R3").shows_default();
  knowledge_options(sub, o->as_known_at, o->reopened);
  sub.callback([o, &code] { code = make_report(*o); });
}

}  // namespace changtong
