#include "daemon/cli/closing_command.h"

#include <fmt/core.h>

#include <algorithm>

#include "daemon/cli/books_command.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/entry_door.h"
#include "daemon/core/json.h"
#include "daemon/entries/closing.h"

namespace changtong {
namespace {

void print(const period_closed& c, const civil_zone& zone) {
  fmt::print("{} 至 {}，第 {} 版，经办人 {}{}{}\n", zone.format_short(c.when.from), zone.format_short(c.when.to),
             c.version, c.author, c.via.empty() ? "" : "（" + c.via + "）",
             c.reason.empty() ? "" : "，原因：" + c.reason);
  fmt::print("  分线路明细摘要 / digest of the rows of all lines: {}\n", c.sheet);
  if (c.version > 1) fmt::print("  与上一版的差异 / differences from the version before: {}\n", c.changes);
}

}  // namespace

int ledger_close_command(const closing_options& o) {
  auto counter = entry_counter::open(o.place);
  if (!counter) return fail(counter.error());
  const std::vector<command> what{close_command{.period = o.period, .reason = o.reason}};
  counted done = o.dry_run ? (*counter)->preview(what, "cli") : (*counter)->enter(what, "cli");
  done.dry_run = o.dry_run;
  return done.print();
}

int ledger_closings_command(const closing_options& o) {
  if (o.format != "table" && o.format != "json") return fail(exit_usage, "--format: table 或/or json");
  const auto reader = ledger::reader::open(o.place.ledger);
  if (!reader) return fail(exit_cannot, to_string(reader.error()));
  const civil_zone& zone = (*reader)->zone();
  const auto wrong = ledger::closings_that_disagree(**reader);
  std::string list;
  for (const period_closed& c : (*reader)->closings()) {
    if (o.format == "table") {
      print(c, zone);
      continue;
    }
    json_object row;
    row.add("from", zone.format(c.when.from)).add("to", zone.format(c.when.to)).add("version", c.version);
    row.add("at", zone.format(c.at)).add("author", c.author).add("reason", c.reason).add("sheet", c.sheet);
    row.add("via", c.via);
    row.add_raw("figures", c.figures).add_raw("changes", c.changes);
    list += (list.empty() ? "" : ",") + row.text();
  }
  if (o.format == "json") fmt::print("[{}]\n", list);
  for (const std::string& text : wrong) fmt::print(stderr, "{}\n", text);
  return wrong.empty() ? exit_ok : exit_no;
}

}  // namespace changtong
