#include "daemon/cli/evaluate_command.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "changtong_version.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/centre_evidence.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/options.h"
#include "daemon/cli/output.h"
#include "daemon/cli/progress.h"
#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"
#include "daemon/evaluate/evaluate.h"
#include "daemon/host/clocks.h"
#include "daemon/host/digest.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/key.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/ledger/seal.h"
#include "daemon/ledger/verify.h"
#include "daemon/plans/papers.h"
#include "daemon/plans/plan.h"
#include "daemon/reading/words.h"
#include "daemon/report/evaluation_files.h"
#include "daemon/report/evaluation_json.h"
#include "daemon/report/evaluation_table.h"
#include "daemon/report/evidence_file.h"

namespace changtong {
namespace {

namespace fs = std::filesystem;

/** The hash of the last sealed entry, which is on the paper of whoever keeps the seals. */
std::string sealed_digest(const std::string& ledger) {
  const auto text = host::read_plain_file(ledger::seals_file_of(ledger), ledger::most_seals_file_bytes);
  if (!text) return {};
  const auto lines = ledger::lines_in(*text);
  for (auto line = lines.rbegin(); line != lines.rend(); ++line)
    if (const auto s = ledger::read_seal(*line))
      return fmt::format("条目 {}：{}", s->seq, host::hex(ledger::bytes_of(s->hash)));
  return {};
}

/** The whole chain and its seals are checked first: figures from a ledger that was changed are worth nothing. */
result<evaluate::ledger_words> words_of_ledger(const std::string& path, const civil_zone& zone) {
  const auto p =
      ledger::prove(path, {}, [](std::int64_t done, std::int64_t total) { return progress("核验", done, total); });
  if (!p) return p.error();
  evaluate::ledger_words w{.journal = fmt::format("账本条目 1–{}", p->entries),
                           .digest = sealed_digest(path),
                           .fingerprint = {},
                           .objection = p->ok ? "" : p->text};
  w.journal += p->seals > 0 ? fmt::format("，封存 {} 天，至 {}", p->seals, zone.format_short(p->sealed_to))
                            : std::string("，没有封存");
  if (!p->keys.empty()) w.fingerprint = ledger::short_form(p->keys.back().fingerprint);
  return w;
}

result<evaluate::year_before> year_before_in(const std::string& path, int year) {
  const auto text = host::read_document(path);
  if (!text) return about("--before", text.error());
  auto e = report::read_evaluation_json(*text);
  if (!e) {
    problem p = e.error();
    p.file = path;
    return about_option("--before", p);
  }
  if (e->year != std::to_string(year - 1))
    return about("--before", said(both("{} 是 {} 年度的，不是 {} 年的上一年", "{} is of {}, not of the year before {}",
                                       path, e->year, year)));
  return evaluate::year_before{.year = e->year, .actual = std::move(e->actual), .total = e->total};
}

/** `centre`: null where the books are no centre's. */
result<evaluate::evaluation> evaluated(const plans::plan& plan, const evaluate_options& o,
                                       const centre_evidence* centre) {
  std::unique_ptr<ledger::reader> books;
  evaluate::evidence found;
  found.software = std::string("changtong ") + CHANGTONG_VERSION;
  if (!o.ledger.empty()) {
    auto opened = ledger::reader::open(o.ledger);
    if (!opened) return opened.error();
    books = std::move(*opened);
    found.books = books.get();
    auto words = words_of_ledger(o.ledger, books->zone());
    if (!words) return words.error();
    found.ledger = std::move(*words);
  }
  if (centre != nullptr) found.books = centre->books.get();
  const auto when = evaluate::occasion_of(plan, found.books, host::wall_now(), o.as_of);
  if (!when) return when.error();
  if (centre != nullptr) centre->put_into(found, *when);
  if (!o.before.empty()) {
    auto before = year_before_in(o.before, plan.year);
    if (!before) return before.error();
    found.before = std::move(*before);
  }
  found.files = plans::read_papers(plan, when->zone, when->so_far);
  auto e = evaluate::evaluate(plan, found, *when);
  if (e)
    for (auto& i : e->indicators) i.evidence_file = report::evidence_path(i.id);
  return e;
}

result<void> write(const fs::path& path, const std::string& text) {
  if (const auto good = may_write(path.string()); !good) return good;
  const auto done = host::replace_plain_file(path.string(), text, 0644);
  if (done) return {};
  return said(both("{}：无法写入：{}", "{}: cannot be written: {}", path.string(), words_of(done.error())));
}

/** What an earlier run left of indicators that are gone: beside this evaluation it would be read as its evidence. */
void remove_old_evidence(const evaluate::evaluation& e, const fs::path& folder) {
  const auto text = host::read_document((folder / "evaluation.json").string());
  const auto old = text ? report::read_evaluation_json(*text) : text.error();
  if (!old) return;
  for (const auto& [id, actual] : old->actual)
    if (std::ranges::find(e.indicators, id, &evaluate::indicator_result::id) == e.indicators.end() &&
        !reading::bad_id(id)) {
      std::error_code failed;
      fs::remove(folder / report::evidence_path(id), failed);
    }
}

/** Everything that can be written is; the problems of what could not come back, the names of the rest go to `written`.
 */
result<std::vector<problem>> write_all(const evaluate::evaluation& e, const fs::path& folder,
                                       const centre_evidence* centre, std::vector<std::string>& written) {
  for (const std::string_view name : report::evaluation_file_names)
    if (const auto good = may_write((folder / name).string()); !good) return good.error();
  std::error_code failed;
  fs::create_directories(folder / "evidence", failed);
  if (failed)
    return said(both("{}：无法建立目录：{}", "{}: the folder cannot be made: {}", folder.string(),
                     system_words(failed.value())));
  remove_old_evidence(e, folder);
  for (const auto& i : e.indicators)
    if (const auto done = write(folder / i.evidence_file, report::write_evidence(e, i)); !done) return done.error();
  if (centre != nullptr)
    if (const auto done = write(folder / centre_heads_file, centre->heads); !done) return done.error();
  if (const auto done = write(folder / "evaluation.json", report::write_evaluation_json(e)); !done) return done.error();
  auto files = report::write_evaluation_files(e, folder.string());
  written = std::move(files.written);
  written.emplace_back("evaluation.json");
  return std::move(files.problems);
}

/** Lets pass what a person answers for: each block by its number, a name and a reason. */
result<void> let_pass(evaluate::evaluation& e, const std::vector<std::string>& overrides) {
  std::set<std::size_t> passed;
  for (const std::string& text : overrides) {
    const std::size_t first = text.find(':'), second = text.find(':', first == text.npos ? first : first + 1);
    std::size_t n = 0;
    const auto read = std::from_chars(text.data(), text.data() + std::min(first, text.size()), n);
    const std::string by(reading::trim(text.substr(std::min(first, text.size() - 1) + 1, second - first - 1))),
        reason(reading::trim(second == text.npos ? std::string_view() : std::string_view(text).substr(second + 1)));
    if (second == text.npos || read.ec != std::errc() || read.ptr != text.data() + first || by.empty() ||
        reason.empty())
      return said(both("--override 写作 序号:姓名:理由，如 2:张三:验收单已补交，不是 {}",
                       "--override is NUMBER:NAME:REASON, not {}", text),
                  problem_class::usage);
    if (n < 1 || n > e.blocking.size())
      return said(both("--override：没有第 {} 项，阻碍定稿的共 {} 项", "--override: there is no {}, {} reasons block",
                       n, e.blocking.size()),
                  problem_class::usage);
    if (!passed.insert(n - 1).second)
      return said(both("--override：第 {} 项写了两次", "--override: {} is named twice", n), problem_class::usage);
    e.overridden.push_back({e.blocking[n - 1], by, reason});
  }
  for (auto n = passed.rbegin(); n != passed.rend(); ++n)
    e.blocking.erase(e.blocking.begin() + static_cast<std::ptrdiff_t>(*n));
  return {};
}

}  // namespace

int evaluate_command(const evaluate_options& o) try {
  notice_interrupts();
  const auto text = host::read_document(o.plan);
  if (!text) return fail(text.error());
  const auto plan = read_plan(*text, o.plan);
  if (!plan) return fail(plan.error());
  if (const auto good = is_of_a_centre(o.centre); !good) return fail(good.error());
  if (!o.centre.config.empty() && !o.ledger.empty())
    return fail(said("--ledger 与 --centre 选一个", "give either --ledger or --centre", problem_class::usage));
  std::optional<centre_evidence> centre;
  if (!o.centre.config.empty()) {
    auto opened = evidence_of_centre(o.centre);
    if (!opened) return fail(opened.error());
    centre = std::move(*opened);
  }
  const centre_evidence* const books = centre ? &*centre : nullptr;
  auto e = evaluated(*plan, o, books);
  if (!e) return fail(e.error());
  if (const auto passed = let_pass(*e, o.overrides); !passed) return fail(passed.error());
  fmt::print("{}", evaluation_table(*e));
  if (o.final && !e->blocking.empty())
    return fail(
        said(both("有 {} 项未完成，不能定稿，未写任何文件", "not final: {} reasons block it", e->blocking.size()),
             problem_class::no));
  const fs::path folder(o.out);
  std::vector<std::string> written;
  const auto problems = write_all(*e, folder, books, written);
  if (!problems) return fail(problems.error());
  for (const std::string& name : written) fmt::print("已写入 / written: {}\n", (folder / name).string());
  fmt::print("已写入 / written: {}（{} 个指标）\n", (folder / "evidence").string(), e->indicators.size());
  int code = exit_ok;
  for (const problem& p : *problems) code = fail(p);
  return code;
} catch (const std::runtime_error& e) {
  return fail(e);
}

void evaluate_arguments(grammar app, int& code) {
  const auto o = std::make_shared<evaluate_options>();
  auto sub = app.add_subcommand("evaluate", "绩效自评：方案与账本 -> 自评表、证据 / plan and ledger -> evaluation");
  sub.footer(
      "例 / example:\n"
      "  changtong evaluate --plan plan.yaml --ledger ledger.db --out 2026\n"
      "  changtong evaluate --plan plan.yaml --centre /etc/changtong/centre.yaml --out 2026");
  sub.add_option("--plan", o->plan, "方案 YAML（见 config/plans） / the plan").required().existing_file();
  sub.add_option("--ledger", o->ledger, "账本文件；只有申报数和文件的方案可不用 / the ledger").plain_file();
  centre_place_options(sub, o->centre);
  sub.add_option("--out", o->out, "写入的目录 / folder to write").required().output();
  sub.add_option("--as-of", o->as_of, "绩效运行监控截至日，如 2026-06-30 / mid-year, up to this day");
  sub.add_option("--before", o->before, "上年的 evaluation.json，用于对比 / last year's").existing_file();
  sub.add_option("--override", o->overrides,
                 "序号:姓名:理由：放行阻碍定稿的一项，可多次 / NUMBER:NAME:REASON lets one reason pass");
  sub.add_flag("--final", o->final, "定稿：有缺项时拒绝（退出码 1） / refuse while anything blocks");
  sub.callback([o, &code] { code = evaluate_command(*o); });
}

}  // namespace changtong
