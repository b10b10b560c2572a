// The options of `changtong window`, `annotate`, `duty`, `counter` and `verdict`, and of each command that its table
// (core/declaration.h) names.
#include <fmt/format.h>

#include <memory>
#include <type_traits>

#include "daemon/cli/arguments.h"
#include "daemon/cli/entry_commands.h"
#include "daemon/cli/list_request.h"
#include "daemon/cli/options.h"

namespace changtong {

void place_options(grammar sub, entry_place& o) {
  sub.add_option("--ledger", o.ledger, "账本文件（监测未运行时）/ the ledger, while no daemon runs").plain_file();
  sub.add_option("--by", o.by, "登记人，与 --ledger 同用 / who enters it, with --ledger");
  api_options(sub, o.api, "本人的令牌，与 --api 同用 / your token, with --api");
  sub.add_option("--zone", o.zone, "时区，与 --api 同用 / zone of times, with --api").shows_default();
}

namespace {

void format_option(grammar sub, std::string& into) { format_option(sub, into, {"table", "json", "csv"}); }

/** What is narrowed to a period, where `period` says so. */
std::shared_ptr<list_options> list_arguments(grammar sub, const lists::kind& which, bool period, int& code) {
  const auto o = std::make_shared<list_options>();
  list_place_options(sub, *o);
  if (period) period_options(sub, o->from, o->to, false);
  format_option(sub, o->format);
  sub.callback([o, &which, &code] { code = list_command(which, *o); });
  return o;
}

void import_arguments(grammar sub, entry_file holds, const char* columns, int& code) {
  const auto o = std::make_shared<import_options>();
  o->holds = holds;
  auto import = sub.add_subcommand("import", "由 CSV 批量登记，全部或全不 / from a CSV file, all or nothing");
  import.add_option("file", o->file, columns).required();
  import.add_flag("--dry-run", o->dry_run, "只预览，不登记 / show what would be entered, enter nothing");
  place_options(import, o->place);
  import.callback([o, &code] { code = import_command(*o); });
}

void step_arguments(grammar window, const char* name, const char* text, window_command::act act, int& code) {
  const auto o = std::make_shared<window_options>();
  o->act = act;
  auto sub = window.add_subcommand(name, text);
  const bool request = act == window_command::act::request, revise = act == window_command::act::revise;
  auto id = sub.add_option(request ? "--id" : "id", o->ids, "窗口编号 / id of the window");
  if (!request) id.required();
  if (request || revise) {
    id.at_most_one();
    auto targets = sub.add_option("--targets", o->targets,
                                  "线路或网站的编号、名称、电路编号或地址，* 为全部 / lines and sites, * for all")
                       .separated_by(',');
    sub.add_flag("--below", o->below, "连同其下各级线路 / with all lines below them, by parent");
    auto from = sub.add_option("--from", o->from, "开始：\"2026-03-14 22:00\" 或带时区的 ISO 8601");
    auto to = sub.add_option("--to", o->to, "结束 / end");
    for (grammar::option one : {targets, from, to}) one.required(request);
  }
  if (request) {
    sub.add_option("--every", o->every, "每天、每周、每月同一时刻：day、week、month / the same hours again")
        .one_of({"day", "week", "month"});
    sub.add_option(
           "--times", o->times,
           fmt::format("与 --every 同用：共几次，缺省 {0} / with --every: how often in all, default {0}", usual_times))
        .within(2, 60);
    sub.add_flag("--dry-run", o->dry_run, "只预览，不登记 / show what would be entered, enter nothing");
    sub.footer(
        "例 / examples:\n  changtong window request --id weekly --targets V012 --from \"2026-12-05 01:00\" --to "
        "\"2026-12-05 "
        "03:00\" \\\n      --every week --times 8 --api http://127.0.0.1:8080 --token-file li.token\n"
        "  changtong window approve weekly-01 weekly-02 --api … --token-file wang.token");
  }
  words_option(sub, o->text, "事由 / why");
  place_options(sub, o->place);
  sub.callback([o, &code] { code = window_command_line(*o); });
}

void window_arguments(grammar app, int& code) {
  using act = window_command::act;
  auto window = app.add_subcommand("window", "停机窗口（计划停机、割接）/ maintenance windows");
  window.footer(
      "例 / examples:\n"
      "  changtong window approve W20260314-01 --api http://127.0.0.1:8080 --token-file ~/.changtong.token\n"
      "  changtong window list --ledger ledger.db --from 2026-03 --to 2026-03");
  window.needs_subcommand();
  step_arguments(window, "request", "申请 / request", act::request, code);
  step_arguments(window, "approve", "批准，须另一人 / approve, a second person", act::approve, code);
  step_arguments(window, "revise", "修改，须重新批准 / revise, needs a new approval", act::revise, code);
  step_arguments(window, "cancel", "取消或提前结束 / cancel, or end now", act::cancel, code);
  import_arguments(window, entry_file::windows, "编号,线路,开始,结束,事由", code);
  auto list = window.add_subcommand("list", "清单：剔除了什么、超时多久 / with what they exclude and overrun");
  const auto o = list_arguments(list, lists::windows, true, code);
  list.add_option("--line", o->line, "只列一条线路的：编号、名称、电路编号或地址 / of one target");
  list.footer(
      "例 / examples:\n  changtong window list --ledger ledger.db --from 2026-03 --to 2026-03\n"
      "  changtong window list --line V012 --api https://monitor.example.gov.cn:8080 --token-file ~/.changtong.token");
}

void duty_arguments(grammar app, int& code) {
  auto duty = app.add_subcommand("duty", "值班记录与运维保障天数 / duty records, days of operation");
  duty.footer(
      "例 / examples:\n"
      "  changtong duty add --day 2026-03-14 --person 王工 --api http://127.0.0.1:8080 --token-file "
      "~/.changtong.token\n"
      "  changtong duty report --ledger ledger.db --year 2026");
  duty.needs_subcommand();
  const auto add = std::make_shared<entry_options<duty_command>>();
  auto sub = duty.add_subcommand("add", "登记值班 / enter one");
  sub.add_option("--day", add->what.day, "日期 2026-03-14，缺省今天 / default today");
  sub.add_option("--person", add->what.person, "值班人，缺省登记人 / default: who enters it");
  words_option(sub, add->what.text, "备注 / note");
  place_options(sub, add->place);
  sub.callback([add, &code] { code = enter_command(add->place, add->what); });
  const auto back = std::make_shared<entry_options<duty_command>>();
  back->what.withdraw = true;
  sub = duty.add_subcommand("withdraw", "撤回尚未开始的一天的排班 / take back the roster of a day to come");
  sub.add_option("--day", back->what.day, "日期 / 2026-03-14").required();
  sub.add_option("--person", back->what.person, "值班人，缺省登记人 / default: who enters it");
  words_option(sub, back->what.text, "事由 / why");
  place_options(sub, back->place);
  sub.callback([back, &code] { code = enter_command(back->place, back->what); });
  import_arguments(duty, entry_file::duty, "日期,值班人,备注", code);

  list_arguments(duty.add_subcommand("list", "值班记录 / the records"), lists::duty, true, code);
  sub = duty.add_subcommand("report", "运维保障天数，逐日 / days of operation of a year");
  const auto report = list_arguments(sub, lists::duty_days, false, code);
  sub.add_option("--year", report->of, "2026").required();
}

void counter_arguments(grammar app, int& code) {
  auto counter =
      app.add_subcommand("counter", "其他系统的计数器读数（公众号服务人数、网站点击）/ readings of counters");
  counter.footer(
      "例 / examples:\n"
      "  changtong counter add wechat 51234 --unit 人 --api http://127.0.0.1:8080 --token-file ~/.changtong.token\n"
      "  changtong counter list --ledger ledger.db --counter wechat");
  counter.needs_subcommand();
  const auto add = std::make_shared<entry_options<counter_command>>();
  auto sub = counter.add_subcommand("add", "登记读数 / enter one");
  sub.add_option("name", add->what.counter, "计数器名：A-Z a-z 0-9 - _ / its name").required();
  sub.add_option("value", add->what.value, "数值，如 51234 或 1234.5 / a decimal number").required();
  sub.add_option("--at", add->about, "读数的时刻，缺省现在 / the instant, default now: \"2026-03-14 22:00\"");
  sub.add_option("--unit", add->what.unit, "单位，如 人 / unit");
  sub.add_option("--source", add->what.source, "来源，如 平台后台 / where it stands");
  place_options(sub, add->place);
  sub.callback([add, &code] { code = enter_command(add->place, add->what, add->about, "--at"); });
  import_arguments(counter, entry_file::counters, "计数器,时间,数值,单位,来源", code);

  sub = counter.add_subcommand("list", "读数清单；同一时刻以后登记的为准 / the readings");
  const auto list = list_arguments(sub, lists::counters, true, code);
  sub.add_option("--counter", list->of, "只列一个计数器 / of one counter");
}

void verdict_add_arguments(grammar verdict, int& code) {
  const auto o = std::make_shared<verdict_options>();
  auto sub = verdict.add_subcommand("add", "登记结论 / enter one");
  sub.add_option("--plan", o->plan, "方案：年度或名称 / the year, or the plan's name").required();
  sub.add_option("--indicator", o->indicator, "指标编号 / id of the indicator").required();
  sub.add_option("--verdict", o->verdict, "achieved 达成、partly 部分达成、missed 未达成")
      .required()
      .one_of({"achieved", "partly", "missed", "达成", "部分达成", "未达成"});
  sub.add_option("--points", o->points,
                 "得分，如 4.5；不写则评分方案里仍是未评定 / points; without them the evaluation leaves it undecided");
  sub.add_option("--document", o->document, "依据文件：登记文件名与 SHA-256，文件不动 / file: its name and SHA-256")
      .plain_file();
  words_option(sub, o->text, "理由 / why");
  place_options(sub, o->place);
  sub.callback([o, &code] { code = verdict_add_command(*o); });
}

void verdict_arguments(grammar app, int& code) {
  auto verdict = app.add_subcommand("verdict", "人对绩效指标的结论 / verdicts of people on indicators");
  verdict.footer(
      "例 / examples:\n"
      "  changtong verdict add --plan 2026 --indicator Q-3 --verdict achieved --api http://127.0.0.1:8080 --token-file "
      "~/.changtong.token\n"
      "  changtong verdict list --ledger ledger.db --plan 2026");
  verdict.needs_subcommand();
  verdict_add_arguments(verdict, code);
  auto sub = verdict.add_subcommand("list", "结论清单；同一指标以后登记的为准 / the verdicts");
  const auto o = list_arguments(sub, lists::verdicts, false, code);
  sub.add_option("--plan", o->of, "只列一个方案的 / of one plan");
}

/** A command that its table names: what has to be said stands alone, the rest are options. */
template <class Command>
void command_arguments(grammar app, int& code) {
  const auto o = std::make_shared<entry_options<Command>>();
  auto sub = app.add_subcommand(std::string(description<Command>::cli), std::string(description<Command>::cli_means));
  sub.footer(
      "例 / example:\n"
      "  changtong annotate V012 施工挖断 --api http://127.0.0.1:8080 --token-file ~/.changtong.token");
  each_field<Command>([&]<class F>(const F& f) {
    const bool needed = f.stands == presence::always;
    std::string name = (needed ? "" : "--") + std::string(f.name);
    if (name == "text") name += ",--text,--note,--reason";  // as options.h has it, also without its place
    if constexpr (std::is_same_v<typename F::value, std::string>)
      sub.add_option(name, f.of(o->what), fmt::format("{} / {}", f.chinese, f.english)).required(needed);
    else
      sub.add_option(name, o->about, fmt::format("{}，缺省现在 / {}, default now", f.chinese, f.english));
  });
  place_options(sub, o->place);
  sub.callback([o, &code] { code = enter_command(o->place, o->what, o->about, "--about"); });
}

template <class... Command>
void named_arguments(grammar app, int& code, types<Command...> /*all*/) {
  const auto one = [&]<class C>(types<C>) {
    if constexpr (requires { description<C>::cli; }) command_arguments<C>(app, code);
  };
  (one(types<Command>{}), ...);
}

}  // namespace

void entry_arguments(grammar app, int& code) {
  window_arguments(app, code);
  named_arguments(app, code, commands_of(declarations{}));
  duty_arguments(app, code);
  counter_arguments(app, code);
  verdict_arguments(app, code);
}

}  // namespace changtong
