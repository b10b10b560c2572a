#include "daemon/cli/alerts_command.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>

#include "daemon/cli/alerts_rehearsal.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/entry_door.h"
#include "daemon/cli/list_request.h"
#include "daemon/cli/options.h"
#include "daemon/core/phrase.h"

namespace changtong {
namespace {

/** A20260314-0007; no line is called so. */
bool is_alert(const std::string& id) {
  if (id.size() < 11 || id[0] != 'A' || id[9] != '-') return false;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return std::all_of(id.begin() + 1, id.begin() + 9, digit) && std::all_of(id.begin() + 10, id.end(), digit);
}

result<std::optional<wall_t>> instant(const civil_zone& zone, const std::string& text, const char* option) {
  if (text.empty()) return std::optional<wall_t>();
  const auto at = zone.parse_instant(text);
  if (!at) return about_option(option, at.error());
  return std::optional(*at);
}

void list_arguments(grammar sub, const lists::kind& which, const char* open, int& code) {
  const auto o = std::make_shared<list_options>();
  list_place_options(sub, *o);
  period_options(sub, o->from, o->to, false);
  sub.add_option("--line", o->line, "只列一条线路的：编号、名称、电路编号或地址 / of one target");
  sub.add_flag("--open", o->open, open);
  format_option(sub, o->format, {"table", "json", "csv"});
  sub.callback([o, &which, &code] { code = list_command(which, *o); });
}

void ack_arguments(grammar app, int& code) {
  struct ack_options {
    entry_place place;
    std::string what, note;
  };
  const auto o = std::make_shared<ack_options>();
  auto sub = app.add_subcommand("ack", "接手一次中断或一个告警 / take care of an outage or an alert");
  sub.add_option("outage", o->what,
                 "线路或网站的编号、名称、电路编号或地址（其未恢复的中断），outages 所列的中断编号，或告警编号 / line, "
                 "outage or alert")
      .required();
  words_option(sub, o->note, "备注 / note");
  place_options(sub, o->place);
  sub.footer(
      "例 / examples:\n"
      "  changtong ack V014 --text 已派人 --api http://127.0.0.1:8080 --token-file ~/.changtong.token\n"
      "  changtong ack A20260314-0007 --api http://127.0.0.1:8080 --token-file ~/.changtong.token\n"
      "  changtong ack V014@2026-03-14T02:41:07 --ledger ledger.db --by 王工\n"
      "需要权限 acknowledge / needs the right acknowledge");
  sub.callback([o, &code] { code = ack_command(o->place, o->what, o->note); });
}

void step_arguments(grammar ticket, const char* name, const char* step, const char* help, int& code) {
  const auto o = std::make_shared<ticket_options>();
  o->what.step = step;
  const bool first = o->what.step == "reported";
  auto sub = ticket.add_subcommand(name, help);
  if (first) {
    sub.add_option("line", o->what.targets,
                   "线路的编号、名称、电路编号或地址，同一运营商的一条或多条 / lines of one carrier");
    sub.add_option("--alert", o->what.alert, "告警编号；不写线路时报它的全部线路 / id of an alert");
    sub.add_option("--began", o->began, "中断的开始；已恢复的要写 / beginning of an outage that is over");
  } else {
    sub.add_option("number", o->what.number, "报障单号，如 T20260314-0003 / number of the ticket").required();
  }
  sub.add_option("--theirs", o->what.theirs, "运营商单号 / the carrier's number");
  sub.add_option("--cause", o->what.cause, "故障原因：光缆、停电、设备、迁改、数据配置、用户侧、其他 / cause");
  words_option(sub, o->what.text, "说明 / text");
  place_options(sub, o->place);
  sub.footer(first ? "例 / example:\n  changtong ticket add V014 V015 --theirs 10086-2231 --api http://127.0.0.1:8080 "
                     "--token-file ~/.changtong.token"
                   : fmt::format("例 / example:\n  changtong ticket {} T20260314-0003 --cause 光缆 --text "
                                 "施工挖断，已熔接 --api http://127.0.0.1:8080 --token-file ~/.changtong.token",
                                 name));
  sub.callback([o, &code] { code = ticket_step_command(*o); });
}

void ticket_arguments(grammar app, int& code) {
  auto ticket = app.add_subcommand("ticket", "报障单：报给运营商的故障与其答复 / faults reported to carriers");
  ticket.needs_subcommand();
  ticket.footer(
      "例 / examples:\n"
      "  changtong ticket add V014 --api http://127.0.0.1:8080 --token-file ~/.changtong.token\n"
      "  changtong ticket reply T20260314-0003 --theirs 10086-2231 --cause 光缆 --ledger ledger.db --by 王工\n"
      "  changtong ticket list --ledger ledger.db --open");
  step_arguments(ticket, "add", "reported", "报障 / report", code);
  step_arguments(ticket, "reply", "reply", "登记运营商的单号、答复、原因 / what the carrier answers", code);
  step_arguments(ticket, "close", "closed", "办结 / close", code);
  const auto due = std::make_shared<list_options>();
  due->format = "text";
  auto now = ticket.add_subcommand("due", "此刻应自动报障的内容，只显示 / what would be reported by itself now");
  list_place_options(now, *due);
  format_option(now, due->format, {"text", "html", "csv"});
  now.footer("例 / example:\n  changtong ticket due --ledger ledger.db --format html > 报障单.html");
  now.callback([due, &code] { code = list_command(lists::due_tickets, *due); });
  auto list = ticket.add_subcommand("list", "报障单清单 / the tickets");
  list_arguments(list, lists::tickets, "只列未办结的 / only those that are not closed", code);
  list.footer("例 / example:\n  changtong ticket list --ledger ledger.db --from 2026-03 --to 2026-03 --format csv");
}

}  // namespace

result<acknowledgement_command> acknowledgement_of(const std::string& what, const civil_zone& zone) {
  acknowledgement_command c;
  if (is_alert(what)) {
    c.alert = what;
    return c;
  }
  const std::size_t sign = what.find('@');
  c.line = what.substr(0, sign);
  if (sign == std::string::npos) return c;
  const auto began = instant(zone, what.substr(sign + 1), "outage");
  if (!began) return began.error();
  if (!*began) return said("outage：@ 后应为开始时间", "outage: @ needs an instant", problem_class::usage);
  c.began = *began;
  return c;
}

int ack_command(const entry_place& place, const std::string& what, const std::string& note) {
  auto door = entry_door::open(place);
  if (!door) return fail(door.error());
  auto c = acknowledgement_of(what, (*door)->zone());
  if (!c) return fail(c.error());
  c->text = note;
  return (*door)->enter({*c}, "cli").print();
}

int ticket_step_command(const ticket_options& o) {
  auto door = entry_door::open(o.place);
  if (!door) return fail(door.error());
  const auto began = instant((*door)->zone(), o.began, "--began");
  if (!began) return fail(began.error());
  ticket_command t = o.what;
  t.began = *began;
  return (*door)->enter({t}, "cli").print();
}

void alert_arguments(grammar app, int& code) {
  ack_arguments(app, code);
  ticket_arguments(app, code);
  auto alerts = app.add_subcommand("alerts", "告警：发给了谁、谁接手 / alerts that were sent");
  alerts.footer(
      "例 / examples:\n"
      "  changtong alerts list --open --api http://127.0.0.1:8080 --token-file ~/.changtong.token\n"
      "  changtong alerts test --config changtong.yaml");
  alerts.needs_subcommand();
  auto list = alerts.add_subcommand("list", "告警清单 / the alerts");
  list_arguments(list, lists::alerts, "只列未恢复的 / only those that are not over", code);
  list.footer("例 / example:\n  changtong alerts list --ledger ledger.db --from 2026-03 --to 2026-03 --open");
  rehearsal_arguments(alerts, code);
}

}  // namespace changtong
