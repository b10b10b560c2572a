// The lists behind `changtong window list`, `duty list`, `duty report`, `counter list` and `verdict list`: read only,
// also while a daemon writes.
#include <fmt/core.h>

#include "daemon/books/operation_days.h"
#include "daemon/books/window_list.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/entry_commands.h"
#include "daemon/cli/list_request.h"
#include "daemon/cli/options.h"
#include "daemon/host/clocks.h"
#include "daemon/report/evaluation_lists.h"
#include "daemon/report/windows.h"

namespace changtong {

int window_list_command(const entry_list_options& o) {
  const auto list = open_list(o);
  if (!list) return fail(list.error());
  const auto rows =
      books::list_windows(*list->reader, list->when, list->line, list->reader->now(host::wall_now()), 1'000'000);
  fmt::print("{}", report::write_windows(rows, list->format, list->reader->zone()));
  return exit_ok;
}

int duty_list_command(const entry_list_options& o) {
  const auto list = open_list(o);
  if (!list) return fail(list.error());
  const auto day = [&](wall_t at) { return list->reader->zone().key(at, civil_zone::unit::day); };
  const auto records = list->reader->duties(o.from.empty() ? "" : day(list->when.from),
                                            o.to.empty() ? "9999-12-31" : day(list->when.to - milliseconds{1}));
  fmt::print("{}", report::write_duty_records(records, list->format, list->reader->zone()));
  return exit_ok;
}

int counter_list_command(const entry_list_options& o, const std::string& counter) {
  const auto list = open_list(o);
  if (!list) return fail(list.error());
  const auto readings = list->reader->counters(counter, list->when);
  fmt::print("{}", write_counters(readings, list->format, list->reader->zone()));
  return exit_ok;
}

int verdict_list_command(const std::string& path, const std::string& plan, const std::string& format) {
  const auto list = open_list({.ledger = path, .from = {}, .to = {}, .line = {}, .format = format});
  if (!list) return fail(list.error());
  fmt::print("{}", write_verdicts(list->reader->verdicts(plan), list->format, list->reader->zone()));
  return exit_ok;
}

int duty_report_command(const std::string& path, const std::string& year, const std::string& format) {
  const auto list = open_list({.ledger = path, .from = year, .to = year, .line = {}, .format = format});
  if (!list) return fail(list.error());
  if (list->when != list->reader->zone().around(list->when.from, civil_zone::unit::year))
    return fail(about_option("--year", said(both("{} 不是一个年份：写作 2026", "{} is no year: write 2026", year))));
  const auto days = books::days_of_operation(*list->reader, list->when, list->reader->now(host::wall_now()));
  fmt::print("{}", report::write_duty(days, list->format));
  return exit_ok;
}

}  // namespace changtong
