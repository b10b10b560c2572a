// `changtong centre`: what the centre itself enters: seal, close, closings.
#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "daemon/centre/closings.h"
#include "daemon/centre/schema.h"
#include "daemon/centre/seal_key.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/centre_closing_text.h"
#include "daemon/cli/centre_commands.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/open_centre.h"
#include "daemon/cli/options.h"
#include "daemon/cli/output.h"
#include "daemon/cli/progress.h"
#include "daemon/core/json.h"
#include "daemon/core/plain_text.h"
#include "daemon/host/clocks.h"
#include "daemon/host/digest.h"
#include "daemon/run/centre_closings.h"
#include "daemon/run/centre_nodes.h"

namespace changtong {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t listed_closings = 240;
constexpr milliseconds patience_with_folding{30'000}, looked_every{500};

struct own_options {
  std::string config, month, quarter, year, by, why, format = "table";
  bool over_ahead = false;
};

int seal(const own_options& o) {
  if (o.over_ahead != !o.by.empty() || o.over_ahead != !o.why.empty())
    return fail(said({"--over-ahead、--by、--text 三项要一起写", "--over-ahead, --by and --text go together"},
                     problem_class::usage));
  const auto from = opened_centre(o.config);
  if (!from) return fail(from.error());
  const centre_file& s = from->settings;
  const auto key = centre::seal_key(s.seal_key_file);
  if (!key) return fail(key.error());
  if (o.over_ahead)
    if (const auto told = centre::explain_ahead(from->books->conversation(), o.by, o.why, system_clocks().wall());
        !told)
      return fail(told.error());
  const auto done = centre::seal_heads(from->books->conversation(), {.key = *key, .centre = s.name, .zone = s.zone},
                                       centre::sealed_when::at_once, system_clocks().wall());
  if (!done) return fail(done.error());
  if (*done) print(**done, s.zone);
  return exit_ok;
}

std::vector<centre::asked_node> placed(const centre_file& s, std::vector<centre::folded_head> heads) {
  return nodes_asked_for(s.nodes, web_request{}, std::move(heads));
}

/** What of the three options is given, as closings call it; none is given: none. */
result<std::optional<std::string>> named_period(const own_options& o) {
  std::string name = o.month.empty() ? (o.quarter.empty() ? o.year : o.quarter) : o.month;
  if (!o.month.empty() + !o.quarter.empty() + !o.year.empty() > 1)
    return said({"--month、--quarter、--year 只写一个", "one of --month, --quarter, --year alone"},
                problem_class::usage);
  const std::string_view option = !o.month.empty() ? "--month" : !o.quarter.empty() ? "--quarter" : "--year";
  const auto zone = civil_zone::named("Asia/Shanghai");  // any: whether it is one is the same in all
  const auto when = zone ? zone->parse_period(name) : zone.error();
  if (name.empty()) return std::optional<std::string>();
  if (zone && when && centre::closed_name(*zone, *when) == name && option_of_closed(name) == option)
    return std::optional(name);
  return about_option(option, said({"应如 --month 2026-10、--quarter 2026-Q3、--year 2026",
                                    "as --month 2026-10, --quarter 2026-Q3, --year 2026"},
                                   problem_class::usage));
}

/** Of a busy centre something is folded all the time, mostly within a second. */
std::function<bool(const std::string&)> patient() {
  return [until = system_clocks().mono() + patience_with_folding](const std::string& node) {
    const mono_t now = system_clocks().mono();
    if (now >= until || interrupted()) return false;
    (void)progress(fmt::format("等 {} 折算 / waiting until it is folded, s", as_seen(node)).c_str(),
                   (patience_with_folding - std::chrono::duration_cast<milliseconds>(until - now)) / 1s,
                   patience_with_folding / 1s);
    // Another process folds, and tells nobody when it is done: the database is asked again.
    std::this_thread::sleep_for(looked_every);
    return true;
  };
}

int close(const own_options& o) {
  const auto name = named_period(o);
  if (!name) return fail(name.error());
  if (!*name)
    return fail(
        said({"请写 --month、--quarter 或 --year", "name it by --month, --quarter or --year"}, problem_class::usage));
  const auto from = opened_centre(o.config);
  if (!from) return fail(from.error());
  centre::database& db = from->books->conversation();
  if (const auto set = centre::ask_by_index(db); !set) return fail(set.error());
  notice_interrupts();
  const auto done = centre::close_month(
      db,
      {.month = **name,
       .author = o.by,
       .reason = o.why,
       .zone = from->settings.zone,
       .nodes = [&](std::vector<centre::folded_head> heads) { return placed(from->settings, std::move(heads)); },
       .waits = patient()},
      system_clocks().wall());
  if (!done) return fail(done.error());
  fmt::print("{}", closing_text(*done, from->settings));
  seal_what_was_entered(*from);
  return exit_ok;
}

int closings(const own_options& o) {
  const auto name = named_period(o);
  if (!name) return fail(name.error());
  const auto from = opened_centre(o.config);
  if (!from) return fail(from.error());
  const auto all = centre::closings(from->books->conversation(), name->value_or(""), listed_closings);
  if (!all) return fail(all.error());
  json_array list;
  for (const centre::told_closing& c : *all) {
    if (o.format == "json")
      list.add_raw(to_json(c, from->settings.zone, true));
    else if (!c.unread.en.empty())
      fmt::print("{} 于 {} 结账，但读不出 / closed, but it cannot be read: {}\n", as_seen(c.what.month),
                 from->settings.zone.format_short(c.what.at), to_string(c.unread));
    else
      fmt::print("{}", closing_text(c.what, from->settings));
  }
  if (o.format == "json") fmt::print("{}\n", list.text());
  if (o.format != "json" && all->empty()) fmt::print("还没有结过账 / nothing is closed yet\n");
  return exit_ok;
}

}  // namespace

void print(const centre::last_seal& s, const civil_zone& zone) {
  fmt::print("第 {} 次封存 {} / seal {}：{} 个账头 / heads\n  摘要 / hash {}\n  密钥指纹 / key {}\n", s.number,
             zone.format_short(s.at), s.number, s.heads, host::hex(ledger::bytes_of(s.hash)),
             ledger::short_form(s.key));
}

void seal_what_was_entered(const open_centre& from) {
  const centre_file& s = from.settings;
  centre::database& db = from.books->conversation();
  if (const auto key = ledger::signing_key::load(s.seal_key_file)) {
    const auto done = centre::seal_heads(db, {.key = *key, .centre = s.name, .zone = s.zone},
                                         centre::sealed_when::at_once, system_clocks().wall());
    if (done && *done) return print(**done, s.zone);
  }
  const auto head = centre::own_head(db);
  if (!head) return;
  fmt::print(
      "还没有封存（本机读不到密钥 {}），请把这个摘要抄存在别处：第 {} 条 / not sealed yet, the key cannot be read "
      "here: "
      "keep this hash of entry {} elsewhere\n  {}\n",
      s.seal_key_file, head->seq, head->seq, host::hex(ledger::bytes_of(head->hash)));
}

void centre_books_arguments(grammar centre, int& code) {
  const auto o = std::make_shared<own_options>();
  const auto config_option = [&o](grammar& of) {
    of.add_option("--config", o->config, "中心的配置文件 / the centre's configuration").required();
  };
  auto sealing = centre.add_subcommand("seal", "立即封存各节点的账头 / seal the heads of all nodes now");
  config_option(sealing);
  sealing.add_flag("--over-ahead", o->over_ahead,
                   "说明：时刻在现在之后的封存是时钟快过 / seals that are labelled later than now are a clock's fault");
  sealing.add_option("--by", o->by, "经办人 / by whom");
  words_option(sealing, o->why, "原因 / why");
  sealing.footer(
      "例 / example:\n  changtong centre seal --config centre.yaml\n"
      "  changtong centre seal --config centre.yaml --over-ahead --by 王工 --text 时钟曾设错一年\n"
      "退出码 / exit codes: 0 已封存 / sealed, 1 没有这样的封存 / there is no such seal, 2 用法或配置 / usage, 3 "
      "做不到 / it could not be done");
  sealing.callback([o, &code] { code = seal(*o); });
  const auto period_options = [&o](grammar& of) {
    of.add_option("--month", o->month, "一个月，如 2026-10 / a month");
    of.add_option("--quarter", o->quarter, "一个季度，如 2026-Q3 / a quarter");
    of.add_option("--year", o->year, "一年，如 2026 / a year");
  };
  auto closing = centre.add_subcommand(
      "close", "结账：已过完的一个月、季度或年的数从此不变 / the figures of a period that is over stand from now on");
  config_option(closing);
  period_options(closing);
  closing.add_option("--by", o->by, "经办人 / by whom").required();
  words_option(closing, o->why, "原因；重新结账时必填 / required for a new version");
  closing.footer(
      "例 / example:\n  changtong centre close --config centre.yaml --month 2026-10 --by 王工\n"
      "退出码 / exit codes: 0 已结账 / closed, 1 不能结 / refused, 2 用法 / usage, 3 做不到 / it could not be done");
  closing.callback([o, &code] { code = close(*o); });
  auto list = centre.add_subcommand("closings", "结账记录 / what was closed");
  config_option(list);
  period_options(list);
  format_option(list, o->format, {"table", "json"});
  list.footer(
      "例 / example:\n  changtong centre closings --config centre.yaml --month 2026-10 --format json\n"
      "退出码 / exit codes: 0 已列出 / listed, 2 用法 / usage, 3 做不到 / it could not be done");
  list.callback([o, &code] { code = closings(*o); });
}

}  // namespace changtong
