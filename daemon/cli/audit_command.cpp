// `changtong audit`: the audit log of logins, reads of evidence and changes.
#include <fmt/format.h>

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "daemon/accounts/outcome_words.h"
#include "daemon/accounts/trail.h"
#include "daemon/cli/accounts_place.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/options.h"
#include "daemon/core/plain_text.h"
#include "daemon/report/columns.h"

namespace changtong {
namespace {

namespace ac = accounts;

struct audit_options {
  accounts_place place;
  std::string from, to, who, format = "table", zone = "Asia/Shanghai";
};

/** In the order of deed. */
constexpr std::array<std::string_view, ac::deed_names.size()> deeds{"登录", "退出",     "改密码", "查阅",
                                                                    "更改", "用户管理", "启动",   "清除旧记录"};

std::vector<std::string> row_of(const ac::trail_entry& e, const civil_zone& zone) {
  return {std::to_string(e.number),
          zone.format_short(e.at),
          e.who.empty() ? "-" : as_seen(e.who),
          e.peer.empty() ? "本机" : as_seen(e.peer),
          std::string(deeds.at(static_cast<std::size_t>(e.what))),
          e.of.empty() ? "-" : as_seen(e.of),
          ac::words_of_outcome(e.outcome).cn};
}

int show(const audit_options& o) {
  const auto at = find_accounts(o.place);
  if (!at) return fail(at.error());
  const auto zone = civil_zone::named(o.zone);
  if (!zone) return fail(about_option("--zone", zone.error()));
  const auto when = period_between(*zone, o.from, o.to);
  if (!when) return fail(when.error());
  const ac::trail log(at->ledger, {});
  std::vector<std::vector<std::string>> rows;
  const auto read = log.each_line([&](std::string_view line) {
    const auto found = ac::entry_in(line);
    if (!found || !when->holds(found->entry.at) || (!o.who.empty() && found->entry.who != o.who)) return;
    if (o.format == "json")
      fmt::print("{}\n", line);
    else
      rows.push_back(row_of(found->entry, *zone));
  });
  if (!read) return fail(read.error());
  if (o.format == "table")
    fmt::print("{}",
               report::in_columns({{"号", true}, {"时间"}, {"姓名"}, {"来自"}, {"事项"}, {"对象"}, {"结果"}}, rows));
  return exit_ok;
}

int verify(const audit_options& o) {
  const auto at = find_accounts(o.place);
  if (!at) return fail(at.error());
  const ac::trail log(at->ledger, {});
  ac::chain_walk walk;
  if (const auto read = log.each_line([&](std::string_view line) { walk.take(line); }); !read)
    return fail(read.error());
  if (walk.cut_short() > 0)
    fmt::print("{}\n", to_string(both("{} 条因断电或中断而不完整，链条不受影响",
                                      "{} lines were cut short by a crash; the chain holds", walk.cut_short())));
  if (walk.broken())
    return fail(
        said(both("审计日志的链条断了：{}", "the audit log's chain is broken: {}", *walk.broken()), problem_class::no));
  if (walk.last() == 0)
    return fail(said({"审计日志里没有一条完整的记录", "the audit log has no whole line"}, problem_class::no));
  fmt::print("{}\n{}\n",
             to_string(both("链条完整：第 {} 至 {} 条", "the chain holds: lines {} to {}", walk.first(), walk.last())),
             to_string(both("最后一条的摘要 {}：与 syslog 中的末条对照，可知末尾未被截去",
                            "digest of the last line {}: held against syslog it shows that none is missing behind it",
                            walk.digest())));
  return exit_ok;
}

}  // namespace

void audit_arguments(grammar app, int& code) {
  auto audit =
      app.add_subcommand("audit", "审计日志：登录、查阅证据、更改 / who signed in, read evidence, changed what");
  audit.footer(
      "例 / examples:\n"
      "  changtong audit show --from 2026-03 --to 2026-03 --config changtong.yaml\n"
      "  changtong audit verify --config changtong.yaml");
  audit.needs_subcommand();
  const auto o = std::make_shared<audit_options>();
  auto list = audit.add_subcommand("show", "列出 / lists it");
  accounts_options(list, o->place);
  period_options(list, o->from, o->to, false);
  list.add_option("--who", o->who, "只列此人的 / of one person");
  list.add_option("--zone", o->zone, "时区 / zone of the times").shows_default();
  format_option(list, o->format, {"table", "json"});
  list.callback([o, &code] { code = show(*o); });
  const auto v = std::make_shared<audit_options>();
  auto check = audit.add_subcommand("verify", "核验链条 / checks its chain");
  accounts_options(check, v->place);
  check.callback([v, &code] { code = verify(*v); });
}

}  // namespace changtong
