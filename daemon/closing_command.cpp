#include "daemon/closing_command.h"

#include <fmt/core.h>

#include <algorithm>

#include "daemon/commands.h"
#include "daemon/core/json.h"
#include "daemon/ledger/closing.h"
#include "daemon/ledger/writer.h"
#include "daemon/watch.h"

namespace changtong {
namespace {

int fail(int code, const std::string& text) {
  fmt::print(stderr, "changtong: {}\n", text);
  return code;
}

/** `2026`, `2026-03` or `2026-03-14`, or `2026-Q1`: what is closed is a civil period. */
result<period> civil_period(const civil_zone& zone, const std::string& text) {
  if (text.size() == 7 && text[4] == '-' && text[5] == 'Q' && text[6] >= '1' && text[6] <= '4') {
    const int first = (text[6] - '1') * 3 + 1;
    const auto from = zone.parse(fmt::format("{}-{:02}", text.substr(0, 4), first));
    const auto to = zone.parse(fmt::format("{}-{:02}", text.substr(0, 4), first + 2));
    if (!from) return from.error();
    return period{from->from, to->to};
  }
  const auto p = zone.parse(text);
  if (!p) return p.error();
  if (p->empty()) return problem{"须为 2026、2026-Q1、2026-03 或 2026-03-14 / a year, quarter, month or day"};
  return *p;
}

void print(const period_closed& c, const civil_zone& zone, const char* what) {
  fmt::print("{} {} 至 {}，第 {} 版，经办人 {}{}\n", what, zone.format_short(c.when.from), zone.format_short(c.when.to),
             c.version, c.author, c.reason.empty() ? "" : "，原因：" + c.reason);
  fmt::print("  分线路明细摘要 / digest of the rows of all lines: {}\n", c.sheet);
  if (c.version > 1) fmt::print("  与上一版的差异 / differences from the version before: {}\n", c.changes);
}

}  // namespace

int ledger_close_command(const closing_options& o) {
  auto opened = ledger::writer::open(o.ledger);  // first of all: nobody else may write between reading and closing
  if (!opened) return fail(exit_cannot, to_string(opened.error()));
  auto closed = ledger::reader::open(o.ledger);
  auto now = ledger::reader::open(o.ledger, {.frozen = false});
  if (!closed) return fail(exit_cannot, to_string(closed.error()));
  if (!now) return fail(exit_cannot, to_string(now.error()));
  const auto when = civil_period((*closed)->zone(), o.period);
  if (!when) return fail(exit_usage, "--period: " + when.error().text);
  const auto entry = ledger::closing_of(**closed, **now, {.when = *when, .author = o.by, .reason = o.reason},
                                        (*closed)->now(system_clocks().wall()));
  if (!entry) return fail(exit_no, entry.error().text);
  if (!o.dry_run)
    if (const auto done = (*opened)->commit({.heartbeat = {}, .records = {*entry}, .memory = {}}); !done)
      return fail(exit_cannot, to_string(done.error()));
  print(*entry, (*closed)->zone(), o.dry_run ? "将结账 / would close" : "已结账 / closed");
  return exit_ok;
}

int ledger_closings_command(const closing_options& o) {
  if (o.format != "table" && o.format != "json") return fail(exit_usage, "--format: table 或/or json");
  const auto reader = ledger::reader::open(o.ledger);
  if (!reader) return fail(exit_cannot, to_string(reader.error()));
  const civil_zone& zone = (*reader)->zone();
  const auto wrong = ledger::closings_that_disagree(**reader);
  std::string list;
  for (const period_closed& c : (*reader)->closings()) {
    if (o.format == "table") {
      print(c, zone, "结账");
      continue;
    }
    json_object row;
    row.add("from", zone.format(c.when.from)).add("to", zone.format(c.when.to)).add("version", c.version);
    row.add("at", zone.format(c.at)).add("author", c.author).add("reason", c.reason).add("sheet", c.sheet);
    row.add_raw("figures", c.figures).add_raw("changes", c.changes);
    list += (list.empty() ? "" : ",") + row.text();
  }
  if (o.format == "json") fmt::print("[{}]\n", list);
  for (const std::string& text : wrong) fmt::print(stderr, "{}\n", text);
  return wrong.empty() ? exit_ok : exit_no;
}

}  // namespace changtong
