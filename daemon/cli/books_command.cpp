#include "daemon/cli/books_command.h"

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <map>
#include <thread>

#include "daemon/books/books.h"
#include "daemon/books/formulas.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/report_command.h"
#include "daemon/ledger/reader.h"
#include "daemon/report/books.h"
#include "daemon/report/report_layout.h"
#include "daemon/run/watch.h"
#include "daemon/settings/settings.h"

namespace changtong {
namespace {

int print_problems(const problems& p) {
  for (const problem& e : p.list) fmt::print(stderr, "{}\n", to_string(e));
  return exit_no;
}

/** Ledger, period and format of a command on the books. */
struct books_request {
  std::unique_ptr<ledger::reader> reader;
  period when;
  wall_t now;  ///< scope is cut here
  report::format format;
};

result<books_request> open_books(const books_options& o) {
  auto reader = ledger::reader::open(o.ledger, {.frozen = !o.reopened});
  if (!reader) return reader.error();
  wall_t now = (*reader)->now(system_clocks().wall());
  if (!o.as_known_at.empty()) {
    const auto known = (*reader)->zone().parse(o.as_known_at);
    if (!known) return problem{.text = "--as-known-at: " + known.error().text};
    now = std::min(now, known->to);
    reader = ledger::reader::open(o.ledger, {.as_known_at = known->to, .frozen = !o.reopened});
    if (!reader) return reader.error();
  }
  const auto from = (*reader)->zone().parse(o.from);
  if (!from) return problem{.text = "--from: " + from.error().text};
  const auto to = (*reader)->zone().parse(o.to);
  if (!to) return problem{.text = "--to: " + to.error().text};
  const auto format = report::format_named(o.format == "xlsx" ? "table" : o.format);
  if (!format) return format.error();
  if (to->to <= from->from) return problem{.text = "--to must be later than --from"};
  return books_request{.reader = std::move(*reader), .when = {from->from, to->to}, .now = now, .format = *format};
}

/** R2, R3 and R4 of groups; what a formula leaves out is said on stderr, since the rows have no place for it. */
result<std::vector<availability::availability_row>> rows_by_formula(const books_request& books, const books_options& o,
                                                                    ledger::grouping by) {
  const auto formula = availability::formula_named(o.formula);
  if (!formula) return problem{.text = "--formula 只能是 R1、R2、R3、R4 / unknown formula: " + o.formula};
  if (by == ledger::grouping::line)
    return problem{.text = "--formula R2 至 R4 只用于分组，--by line 时不可用 / is for groups"};
  const auto step = sampling_step(o.step);
  if (!step) return step.error();
  const auto policies = ledger::read_policies(books.reader->policies());
  if (!policies) return policies.error();
  std::vector<availability::availability_row> rows;
  for (auto& g : ledger::books_by(*books.reader, books.when, books.now, by, *formula, *step, *policies)) {
    const auto& v = g.value;
    if (*formula == availability::formula::r3)
      fmt::print(stderr, "{}: 每 {} 一个时刻，计 {} 个，无人被观测的 {} 个不计\n", g.row.title, o.step, v.counted,
                 v.unobserved_instants);
    else if (!v.without_value.empty() || !v.without_target.empty())
      fmt::print(stderr, "{}: 不计入：无观测 {} 条 {}；无合同指标 {} 条 {}\n", g.row.title, v.without_value.size(),
                 fmt::join(v.without_value, " "), v.without_target.size(), fmt::join(v.without_target, " "));
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

/** Progress on a terminal, silence in a pipe; Ctrl-C stops between two steps and leaves everything as it was. */
std::function<bool(std::int64_t, std::int64_t)> progress(const char* what) {
  notice_interrupts();
  const bool terminal = isatty(STDERR_FILENO) != 0;
  return [what, terminal](std::int64_t done, std::int64_t total) {
    if (terminal) fmt::print(stderr, "\r{} {} / {}{}", what, done, total, done >= total ? "\n" : "");
    return !interrupted();
  };
}

/** Answers of one target's checks, for people. */
class teller final : public answer_sink {
 public:
  teller(const inventory& inv, const std::map<std::uint32_t, check_index>& tickets) : inv_(inv), tickets_(tickets) {}

  void answered(std::uint32_t ticket, const answer& a) override {
    const auto it = tickets_.find(ticket);
    if (it == tickets_.end() || !done_.insert({ticket, a.what}).second) return;
    fmt::print("{:<28} {:<4}", inv_.checks[it->second].id,
               a.what == outcome::good  ? "通"
               : a.what == outcome::bad ? "断"
                                        : "未测");
    if (a.what == outcome::good)
      fmt::print(" {:.3f} ms", std::chrono::duration<double, std::milli>(a.rtt).count());
    else
      fmt::print(" {} ({})", chinese(a.why), english(a.why));
    if (!a.detail.empty()) fmt::print("  {}", a.detail);
    fmt::print("\n");
    for (const fact& f : a.facts) print(f);
  }
  [[nodiscard]] bool all() const { return done_.size() == tickets_.size(); }
  [[nodiscard]] bool has(std::uint32_t ticket) const { return done_.contains(ticket); }
  [[nodiscard]] bool none_bad() const {
    return std::all_of(done_.begin(), done_.end(), [](const auto& d) { return d.second == outcome::good; });
  }

 private:
  static void print(const fact& f) {
    if (f.index > 0)
      fmt::print("    {}[{}] = {}\n", name_of(f.name), f.index, f.value);
    else
      fmt::print("    {} = {}\n", name_of(f.name), f.value);
  }
  const inventory& inv_;
  const std::map<std::uint32_t, check_index>& tickets_;
  std::map<std::uint32_t, outcome> done_;
};

}  // namespace

int check_command(const std::string& config, const std::optional<std::string>& against) {
  const auto loaded = load(config);
  if (!loaded) return print_problems(loaded.error());
  if (!against) {
    fmt::print("{}", describe(*loaded));
    return exit_ok;
  }
  const auto other = load(*against);
  if (!other) return print_problems(other.error());
  const auto changes = compare(other->value, loaded->value);
  for (const change& c : changes) fmt::print("{}\n", c.text);
  if (changes.empty()) fmt::print("没有变化 / no change\n");
  return exit_ok;
}

int probe_command(const std::string& config, const std::string& id) {
  const auto loaded = load(config);
  if (!loaded) return print_problems(loaded.error());
  const inventory& inv = *loaded->value.targets;
  const target* who = inv.find(id);
  if (who == nullptr) return fail(exit_usage, fmt::format("{} 中没有 '{}' / no such line or site", config, id));
  boost::asio::io_context io;
  std::map<std::uint32_t, check_index> tickets;
  teller tell(inv, tickets);
  std::map<kind_index, std::unique_ptr<collector>> by_kind;
  std::map<std::uint32_t, mono_t> deadlines;
  fmt::print("{} {}\n", who->id, who->name);
  for (std::uint32_t i = 0; i < who->check_count; ++i) {
    const check& c = inv.checks[who->first_check + i];
    auto& one = by_kind[c.kind];
    if (!one) one = kinds()[c.kind].entry.make(io, tell);
    tickets[i] = who->first_check + i;
    question q{.ticket = i, .what = &c, .deadline = std::chrono::steady_clock::now() + c.when.timeout};
    deadlines[i] = q.deadline;
    one->ask(std::span(&q, 1));
  }
  while (!tell.all()) {
    io.restart();
    io.poll();
    for (const auto& [k, c] : by_kind) c->drain();
    for (const auto& [ticket, deadline] : deadlines) {
      if (tell.has(ticket) || std::chrono::steady_clock::now() < deadline) continue;
      const cause why = by_kind[inv.checks[tickets[ticket]].kind]->forget(ticket);
      tell.answered(ticket,
                    {.what = class_of(why) == cause_class::own ? outcome::not_measured : outcome::bad, .why = why});
    }
    std::this_thread::sleep_for(milliseconds{1});  // drain() is asked, never told
  }
  return tell.none_bad() ? exit_ok : exit_no;
}

int availability_command(const books_options& o) {
  auto books = open_books(o);
  if (!books) return fail(books.error());
  const auto by = ledger::grouping_named(o.by);
  if (!by) return fail(exit_usage, by.error().text);
  std::vector<availability::availability_row> rows;
  if (o.formula == "R1") {
    rows = ledger::books(*books->reader, books->when, books->now, *by);
  } else {
    auto found = rows_by_formula(*books, o, *by);
    if (!found) return fail(found.error());
    rows = std::move(*found);
  }
  if (o.format == "xlsx")
    return hand_out_workbook(report::books_document(rows, books->when, books->reader->zone()), o.out);
  fmt::print("{}", report::write_availability(rows, books->format, books->reader->zone()));
  return exit_ok;
}

int outages_command(const books_options& o) {
  auto books = open_books(o);
  if (!books) return fail(books.error());
  const auto rows = books->reader->outages(books->when, o.line, 1'000'000);
  if (o.format == "xlsx")
    return hand_out_workbook(report::outages_document(rows, books->when, books->reader->zone()), o.out);
  fmt::print("{}", report::write_outages(rows, books->format, books->reader->zone()));
  return exit_ok;
}

int ledger_rebuild_command(const std::string& path) {
  const auto n = ledger::rebuild(path, progress("重建"));
  if (!n) return fail(exit_cannot, to_string(n.error()));
  fmt::print("已由 {} 条账目重建 / rebuilt from {} entries\n", *n, *n);
  return exit_ok;
}

}  // namespace changtong
