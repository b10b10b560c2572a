#include "daemon/cli/alerts_rehearsal.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <stop_token>

#include "daemon/cli/ending.h"
#include "daemon/cli/options.h"
#include "daemon/core/phrase.h"
#include "daemon/host/clocks.h"
#include "daemon/host/post.h"
#include "daemon/ledger/windows.h"
#include "daemon/publish/alerts/channels.h"
#include "daemon/publish/alerts/message_json.h"
#include "daemon/publish/alerts/own_faults.h"
#include "daemon/run/alert_doors.h"
#include "daemon/run/channel_trials.h"
#include "daemon/run/duty_roster.h"
#include "daemon/run/planned_outages.h"
#include "daemon/settings/alert_words.h"
#include "daemon/settings/settings.h"

namespace changtong {

namespace {

constexpr std::size_t most_outages = 1'000'000;

// -- test ------------------------------------------------------------------------------------------------------------

/** False: it was not taken. */
bool tried(const alert_channel& c, const alerts::receivers& to, const settings& s) {
  const wall_t now = host::wall_now();
  const std::stop_source never;
  bool all = true;
  for (const alerts::outgoing& one :
       alerts::outgoing_of(c, trial_message(s, c, now, "由命令 changtong alerts test 发出"), to, now, s.zone)) {
    const auto end = host::post(post_of(c, one), never.get_token());
    const auto how = end ? alerts::answer_of(c, end->status, end->body) : alerts::answer_of(c, 0, end.error().text);
    const bool taken = how.how == alerts::channel_answer::end::taken;
    fmt::print("{}（{}）：{} {}\n", c.id, channel_kind_names[static_cast<std::size_t>(c.kind)],
               taken                                           ? "已送达"
               : how.how == alerts::channel_answer::end::later ? "未送达，可稍后再试"
                                                               : "未送达，对方拒绝",
               how.text);
    all = all && taken;
  }
  return all;
}

// -- simulate --------------------------------------------------------------------------------------------------------

/** Without a configuration: everything at once, to nobody in particular. */
alert_settings to_nobody() {
  alert_settings s;
  alert_channel all_of_them;
  all_of_them.id = "-";
  all_of_them.per_minute = all_of_them.burst = 1'000'000;
  s.channels.push_back(std::move(all_of_them));
  telling_rule all;
  all.steps.push_back({.after = milliseconds{0}, .tell = {}, .by = {"-"}});
  s.rules.push_back(std::move(all));
  return s;
}

std::string receivers_text(const alerts::sending& s) {
  return s.people.empty() ? s.channel : fmt::format("{}（{}）", s.channel, fmt::join(s.people, "、"));
}

}  // namespace

int alert_test_command(const alert_test_options& o) {
  const auto loaded = load(o.config);
  if (!loaded) return fail(as(problem_class::cannot, loaded.error()));
  const settings& s = loaded->value;
  if (s.alerts.channels.empty())
    return fail(said(both("{} 没有 alerts：没有渠道可试", "{} has no alerts: there is no channel to try", o.config)));
  if (!o.channel.empty() && s.alerts.channel(o.channel) == nullptr) {
    std::vector<std::string> names;
    for (const alert_channel& c : s.alerts.channels) names.push_back(c.id);
    return fail(said(both("没有渠道 {}：有 {}", "there is no channel {}: there are {}", o.channel, listed(names)),
                     problem_class::usage));
  }
  bool all = true;
  for (const alert_channel& c : s.alerts.channels) {
    if (!o.channel.empty() && c.id != o.channel) continue;
    const auto to = trial_receivers(c, o.to, s);
    if (!to && !o.channel.empty()) return fail(to.error());
    if (!to) fmt::print("{}：{}\n", c.id, to.error().text);
    all = to && tried(c, *to, s) && all;
  }
  return all ? exit_ok : exit_no;
}

std::shared_ptr<const inventory> inventory_of(const ledger::reader& books) {
  auto inv = std::make_shared<inventory>();
  for (const ledger::known_target& k : books.targets()) {
    target t;
    t.id = k.id;
    t.kind = k.kind == "site" ? target_kind::site : target_kind::line;
    t.name = k.name;
    t.category = k.category;
    t.unit = k.unit;
    t.town = k.town;
    t.carrier = k.carrier;
    t.circuit = k.circuit;
    t.parent = k.parent;
    t.grade = k.grade;
    t.accepted = k.accepted;
    t.closed = k.closed;
    inv->add(std::move(t));
  }
  for (target& t : inv->targets)
    if (const auto up = inv->index_of(t.parent); up != no_index) t.parent_index = up;
  for (const auto& [id, name] : books.categories()) inv->categories.push_back({id, name});
  return inv;
}

/** What people acknowledged, what was wrong with ourselves, what was up and not well: outages are told anew from the
 * books, this is only where it was entered. */
void add_steps(const ledger::reader& books, period p, std::vector<alerts::happening>& all) {
  std::map<std::string, alert_record> opened;
  for (alert_record& s : books.declared<alert_record>()) {
    const bool of_ours = s.subject == alert_subject::own && alerts::own_fault_named(s.name) != nullptr &&
                         s.name != "nobody";  // who was reachable follows from the configuration of now
    if (s.step == alert_step::opened || s.step == alert_step::grown) opened.insert_or_assign(s.alert, s);
    const bool unwell = s.subject == alert_subject::degraded || s.subject == alert_subject::certificate;
    const bool step =
        s.step == alert_step::opened || s.step == alert_step::resolved || (unwell && s.step == alert_step::grown);
    if ((of_ours || unwell) && step && p.holds(s.at)) all.push_back({s.at, std::move(s)});
  }
  for (acknowledgement& a : books.declared<acknowledgement>()) {
    if (!p.holds(a.at)) continue;
    const auto about = opened.find(a.alert);
    const wall_t at = a.at;
    all.push_back({at, std::move(a), about == opened.end() ? std::nullopt : std::optional(about->second)});
  }
}

/** Less what the daemon holds back: an outage inside an approved window is told when that is over, if it lasts then. */
std::vector<alerts::happening> as_told(std::vector<alerts::happening> all, const ledger::reader& books) {
  std::vector<window_record> records;
  for (ledger::window_entry& e : books.windows()) records.push_back(std::move(e.what));
  ledger::excluded_times agreed = ledger::all_excluded(records, books.policies());
  if (agreed.empty()) return all;
  std::set<wall_t> ends;  // of what holds an outage back
  for (const auto& [target, periods] : agreed)
    for (const period& p : periods) ends.insert(p.to);
  for (const alerts::happening& h : all)
    if (std::holds_alternative<transition>(h.what)) ends.insert(h.known + planned_outages::waits_for_above);
  planned_outages planned(inventory_of(books));
  planned.know(std::move(agreed));
  std::vector<alerts::happening> told;
  const auto look = [&](wall_t at) {
    for (record& r : planned.due(at)) told.push_back({at, std::move(r)});
  };
  auto next = ends.begin();
  for (alerts::happening& h : all) {
    for (; next != ends.end() && *next < h.known; ++next) look(*next);
    const auto* t = std::get_if<transition>(&h.what);
    const auto* c = std::get_if<cause_found>(&h.what);
    const wall_t known = h.known;
    if ((t == nullptr || !planned.take(*t, known)) && (c == nullptr || !planned.take(*c))) told.push_back(std::move(h));
    look(known);
  }
  for (; next != ends.end() && *next <= books.heartbeat(); ++next) look(*next);
  return told;
}

std::vector<alerts::happening> happened_in(const ledger::reader& books, period p) {
  std::vector<alerts::happening> all;
  for (const availability::outage& o : books.outages(p, {}, most_outages)) {
    transition down;
    down.target = o.target;
    down.to = line_state::down;
    down.at = o.began;
    down.edge = o.began_edge;
    down.confirmed = std::max(o.confirmed, o.began);
    down.why = o.why;
    down.after_own_uplink = o.after_own_uplink;
    all.push_back({down.confirmed, down});
    if (o.found != cause::none)
      all.push_back(
          {down.confirmed, cause_found{.target = o.target, .began = o.began, .why = o.found, .upstream = o.upstream}});
    if (o.ended == wall_max) continue;
    transition up;
    up.target = o.target;
    up.to = line_state::up;
    up.at = up.confirmed = std::max(o.ended, down.confirmed);
    all.push_back({up.at, up});
  }
  add_steps(books, p, all);
  const auto add_seen = [&](auto some, auto when) {
    for (auto& one : some)
      if (const wall_t at = std::invoke(when, one); p.holds(at)) all.push_back({at, std::move(one)});
  };
  add_seen(books.declared<trace_record>(), &trace_record::at);
  add_seen(books.declared<trap_record>(), &trap_record::at);
  std::ranges::sort(all, [](const alerts::happening& a, const alerts::happening& b) {
    return std::pair(a.known, a.what.index()) < std::pair(b.known, b.what.index());
  });
  return as_told(std::move(all), books);
}

int alert_simulate_command(const alert_simulate_options& o) {
  auto books = open_books(o.ledger, {}, false);
  if (!books) return fail(books.error());
  const civil_zone& zone = books->reader->zone();
  const auto when = period_between(zone, o.from, o.to);
  if (!when) return fail(when.error());
  alerts::simulation world{.targets = inventory_of(*books->reader),
                           .zone = zone,
                           .words = nullptr,
                           .settings = to_nobody(),
                           .people = {},
                           .on_duty = [](wall_t) { return alerts::on_duty{}; },
                           .until = books->reader->heartbeat()};
  auto words = built_in_words();
  if (!o.config.empty()) {
    const auto loaded = load(o.config);
    if (!loaded) return fail(as(problem_class::cannot, loaded.error()));
    world.settings = loaded->value.alerts;
    world.people = loaded->value.people;
    words = loaded->value.words;
    world.on_duty = duty_roster_of([path = o.ledger] { return ledger::reader::open(path); }, loaded->value);
  }
  world.words = words.get();
  const bool json = o.format == "json";
  bool first = true;
  const auto tell = [&](const alerts::would_tell& w) {
    if (json) {
      fmt::print("{}{{\"at\":\"{}\",\"channel\":\"{}\",\"message\":{}}}", first ? "[" : ",\n", zone.format(w.at),
                 w.to.channel, alerts::to_json(w.what, zone));
      first = false;
    } else {
      fmt::print("{}  {}  {}\n", zone.format_short(w.at), receivers_text(w.to), w.what.title);
    }
  };
  const auto done = alerts::simulate(world, happened_in(*books->reader, *when), {}, tell);
  if (json)
    fmt::print("{}]\n", first ? "[" : "");
  else
    fmt::print(
        "告警 {} 个，消息 {} 条{}\n质量下降、证书：账本只记当时发出过的告警，照此重演；限值改动后会怎样无从得知 / "
        "degraded lines "
        "and certificates: only as they were told then\n",
        done.alerts, done.messages, o.config.empty() ? "；未给 --config，不列接收人" : "");
  return exit_ok;
}

void rehearsal_arguments(grammar alerts, int& code) {
  const auto t = std::make_shared<alert_test_options>();
  auto test = alerts.add_subcommand("test", "立即发一条测试消息 / one message now");
  test.add_option("channel", t->channel, "渠道编号；不写则逐个试 / id of a channel; without it all, one by one");
  test.add_option("--config", t->config, "配置文件 / configuration").required().existing_file();
  test.add_option("--to", t->to, "发给谁（api.people 中的姓名）/ a name among api.people");
  test.footer("例 / example:\n  changtong alerts test sms --to 王工 --config /etc/changtong/changtong.yaml");
  test.callback([t, &code] { code = alert_test_command(*t); });
  const auto s = std::make_shared<alert_simulate_options>();
  auto simulate =
      alerts.add_subcommand("simulate", "按账本重演：当时会发出哪些消息、发给谁 / what would have been told, to whom");
  ledger_option(simulate, s->ledger);
  period_options(simulate, s->from, s->to, true);
  simulate.add_option("--config", s->config, "按此配置的渠道与规则 / channels and rules of this configuration")
      .existing_file();
  format_option(simulate, s->format, {"table", "json"});
  simulate.footer(
      "例 / example:\n  changtong alerts simulate --ledger ledger.db --from 2026-03 --to 2026-03 --config "
      "changtong.yaml");
  simulate.callback([s, &code] { code = alert_simulate_command(*s); });
}

}  // namespace changtong
