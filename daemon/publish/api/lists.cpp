// The lists of the command line, for one that has a running daemon and no ledger.
#include "daemon/lists/lists.h"

#include <algorithm>

#include "daemon/core/phrase.h"
#include "daemon/publish/api/answers.h"
#include "daemon/publish/api/routes.h"

namespace changtong::api {
namespace {

constexpr std::size_t most_text = 8 << 20;  // it leaves from memory, and the command line takes twice as much

bool takes(const route& r, std::string_view name) {
  return std::ranges::find(r.parameters, name, &parameter::name) != r.parameters.end();
}

template <const lists::kind& Kind>
web_response write(context& from, const question& q) {
  const auto reader = from.readers.borrow();
  if (!reader) return no_ledger(reader.error());
  const auto when = period_parameters(q.request, (*reader)->zone(), {wall_min, wall_max});
  if (!when) return bad_parameter(when.error());
  lists::wanted what;
  what.when = *when;
  what.line = q.line;
  if (!Kind.of.empty()) what.of = q.text(Kind.of);
  if (takes(q.of, "open")) what.open = q.flag("open");
  if (!q.text("format").empty()) what.format = q.text("format");
  const auto text = Kind.write(**reader, what, (*reader)->now(from.from.now()));
  if (!text) return bad_parameter(Kind.of.empty() ? text.error() : about(Kind.of, text.error()));
  if (text->size() > most_text)
    return problem_answer(413, "too_long", "清单超过 8 MiB：请写明较短的期间（from、to），或在主机上对账本运行",
                          "the list is longer than 8 MiB: ask for a shorter period, or run it on the ledger");
  json_object out;
  out.add("text", *text);
  if (Kind.doubts != nullptr) out.add_raw("doubts", json_list(Kind.doubts(**reader)));
  return json_answer(out.text());
}

route list(decltype(route::function) write, std::string_view path, std::string_view summary,
           std::vector<parameter> parameters) {
  return {.path = path,
          .summary = summary,
          .about = "The text that the command line prints of the ledger; without from and to of all of time.",
          .evidence = true,
          .parameters = std::move(parameters),
          .answer = "ListText",
          .refusals = {{413, "The list is longer than 8 MiB"}, {503, "The ledger cannot be read just now"}},
          .function = write};
}

}  // namespace

std::vector<route> list_routes() {
  const parameter from{"from", "as in /api/v1/outages; default: the beginning"};
  const parameter to{"to", "as from, but its end; default: the end"};
  const parameter format = word("format", "默认 table", {"table", "json", "csv"});
  const parameter open = flag("open", "1: only those that are still open");
  const parameter shape = word("format", "默认 table；sheet：表格软件用的 csv", {"table", "json", "csv", "sheet"});
  route closings = list(write<lists::closings>, "/api/v1/lists/closings", "结账记录及其核对",
                        {word("format", "默认 table", {"table", "json"})});
  closings.lane = web_lane::making;  // the books of all that was closed are computed anew
  return {
      closings,
      list(write<lists::outages>, "/api/v1/lists/outages", "中断清单", {from, to, one_line(), shape}),
      list(write<lists::availability>, "/api/v1/lists/availability", "畅通率账目",
           {from, to, word("by", "分组；默认 line", {"line", "category", "carrier", "town", "day", "month"}), shape}),
      list(write<lists::windows>, "/api/v1/lists/windows", "停机窗口清单", {from, to, one_line(), format}),
      list(write<lists::duty>, "/api/v1/lists/duty", "值班清单", {from, to, format}),
      list(write<lists::duty_days>, "/api/v1/lists/duty_days", "运维保障天数", {{"year", "年份，如 2026"}, format}),
      list(write<lists::counters>, "/api/v1/lists/counters", "计数器读数清单",
           {{"counter", "计数器名"}, from, to, format}),
      list(write<lists::verdicts>, "/api/v1/lists/verdicts", "人工结论清单", {{"plan", "方案：年度或名称"}, format}),
      list(write<lists::alerts>, "/api/v1/lists/alerts", "告警清单", {from, to, one_line(), open, format}),
      list(write<lists::tickets>, "/api/v1/lists/tickets", "报障单清单", {from, to, one_line(), open, format}),
      list(write<lists::due_tickets>, "/api/v1/lists/due_tickets", "该报障的中断",
           {word("format", "默认 text", {"text", "html", "csv"})}),
  };
}

}  // namespace changtong::api
