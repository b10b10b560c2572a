#include "daemon/entries/fault_entries.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "daemon/books/alert_stories.h"
#include "daemon/books/tickets.h"
#include "daemon/core/utf8.h"
#include "daemon/entries/entry_words.h"

namespace changtong::entries {
namespace {

constexpr std::size_t most_number = 64;                   // characters of a carrier's number
constexpr milliseconds farthest = std::chrono::days{31};  // an alert that grows is open no longer
constexpr milliseconds late_message = std::chrono::hours{1};
constexpr std::size_t most_outages = 10'000;  // of one line that touch an instant: one, and room

refused unknown(std::string code, phrase why) {
  return {refused::reason::unknown, std::move(code), std::move(why.cn), std::move(why.en), 0};
}
refused conflict(std::string code, phrase why) {
  return {refused::reason::conflict, std::move(code), std::move(why.cn), std::move(why.en), 0};
}

/** Of the same alert; of an outage of which nobody was told, the same outage. */
bool is_of_the_same(const acknowledgement& o, const acknowledgement& a) {
  return a.alert.empty() ? o.line == a.line && o.began == a.began : o.alert == a.alert;
}

entered one(record r) {
  entered out;
  out.records.push_back(std::move(r));
  return out;
}

bool names_target(const alert_record& step, const std::string& id) {
  const bool adds = step.step == alert_step::opened || step.step == alert_step::grown;
  return adds && is_among(ids_in(step.targets), id);
}

std::optional<ticket_step> step_named(const ticket_command& c) {
  if (c.step.empty()) return c.number.empty() ? ticket_step::reported : ticket_step::reply;
  return value_named<ticket_step>(c.step);
}

std::optional<refused> bad_ticket(const ticket_command& c) {
  const auto step = step_named(c);
  if (!step || *step == ticket_step::sent)
    return invalid("bad_step", "步骤须为 reported（报障）、reply（答复）或 closed（办结）",
                   "the step must be reported, reply or closed");
  if ((*step == ticket_step::reported) != c.number.empty())
    return invalid("bad_step", "新报障单不写单号，答复和办结要写单号",
                   "a new ticket has no number yet; a reply and a closing name one");
  if (!c.number.empty() && (!c.targets.empty() || !c.alert.empty() || c.began))
    return invalid("ticket_has_lines", "报障单的线路、告警和开始时间在报障时已定",
                   "lines, alert and beginning of a ticket were settled when it was reported");
  if (!fault_cause_named(c.cause))
    return invalid("bad_cause", "故障原因须为 光缆、停电、设备、迁改、数据配置、用户侧 或 其他",
                   "the cause must be fibre, power, equipment, relocation, configuration, user or other");
  if (!plain(c.theirs) || characters(c.theirs) > most_number)
    return invalid("bad_theirs", "运营商单号最多 64 个字符，无控制字符",
                   "the carrier's number is longer than 64 characters, or has control characters");
  return std::nullopt;
}

}  // namespace

std::optional<fault_desk::named_alert> fault_desk::alert(const std::string& id) const {
  books::alert_fold fold;
  for (alert_record& step : books_.declared<alert_record>({.keys = ledger::only(id)}))
    fold.take(record(std::move(step)));
  std::vector<books::alert_story> all = std::move(fold).stories();
  if (all.empty()) return std::nullopt;
  return named_alert{.targets = std::move(all[0].targets),
                     .began = all[0].began,
                     .over = all[0].resolved,
                     .subject = all[0].subject,
                     .name = std::move(all[0].name)};
}

/** The last alert that named the line before its next outage began, and at most an hour after this one ended: as
 * books::outage_notes has it. */
std::string fault_desk::alert_of(const std::string& line, wall_t began) const {
  wall_t until = wall_max;
  for (const availability::outage& o : books_.outages({began, wall_max}, line, most_outages))
    if (o.began > began)
      until = std::min(until, o.began);
    else if (o.began == began && o.ended != wall_max)
      until = std::min(until, o.ended + late_message);
  std::string day = zone_.key(began - farthest, civil_zone::unit::day), last;
  std::erase(day, '-');
  books_.declared(description<alert_record>::kind, {.keys = std::pair("A" + day, std::string("A~"))}, {},
                  [&](record&& r) {
                    const auto& step = std::get<alert_record>(r);
                    if (step.at >= began && step.at < until && names_target(step, line)) last = step.alert;
                  });
  return last;
}

boost::system::result<wall_t, refused> fault_desk::outage(const std::string& line,
                                                          const std::optional<wall_t>& began) const {
  const wall_t at = began.value_or(now_);
  using std::chrono::floor, std::chrono::seconds;
  const bool to_the_second = began && floor<seconds>(at) == at;  // as lists and messages show it
  std::optional<wall_t> found;
  for (const availability::outage& o :
       books_.outages({at, at + (to_the_second ? milliseconds{1'000} : milliseconds{1})}, line, most_outages)) {
    if (began ? o.began == at : o.ended == wall_max) return o.began;
    if (to_the_second && floor<seconds>(o.began) == at) found = o.began;
  }
  if (found) return *found;
  if (began)
    return unknown("unknown_outage",
                   both("{} 没有于 {} 开始的中断", "{} has no outage that began at {}", line, zone_.format(*began)));
  const auto last = books_.outages({wall_min, now_}, line, 1);
  phrase example;
  if (!last.empty()) {
    const std::string id = fmt::format("{}@{}", line, zone_.format(floor<seconds>(last.front().began)));
    example = {"，如 " + id, ", such as " + id};
  }
  return conflict("no_open_outage",
                  both("{} 此刻没有中断；已结束的请写明开始时间 began{}",
                       "{} has no open outage; name one that is over by its beginning{}", line, example));
}

bool fault_desk::known(const acknowledgement& a) {
  if (!acknowledged_) acknowledged_ = books_.declared<acknowledgement>();
  bool found = false;
  for (const acknowledgement& o : *acknowledged_) {
    if (is_of_the_same(o, a) && o.author != a.author) found = false;  // who takes it back from another says it anew
    const bool same = o.alert == a.alert && o.line == a.line && o.began == a.began && o.author == a.author;
    found = found || (same && (o.text == a.text || a.text.empty()));
  }
  return found;
}

entering fault_desk::acknowledge(acknowledgement_command c) {
  if (auto bad = bad_words(who_.name, c.text)) return *bad;
  if (c.alert.empty() && c.line.empty())
    return invalid("nothing_acknowledged", "请写明告警 alert 或线路 line", "say which alert, or which line");
  if (c.line.empty() && c.began)
    return invalid("began_without_line", "began 须与线路 line 同写", "began is of a line's outage: name the line");
  if (!c.line.empty()) {
    auto line = names_.id_of(c.line);
    if (!line) return line.error();
    c.line = std::move(*line);
  }
  acknowledgement a{
      .at = now_, .alert = c.alert, .line = c.line, .began = {}, .author = who_.name, .text = c.text, .via = who_.via};
  if (!c.alert.empty()) {
    const auto named = alert(c.alert);
    if (!named) return unknown_alert(c.alert);
    if (!c.line.empty() && !is_among(named->targets, c.line)) return unknown_target(c.line);
    a.began = named->began;
  }
  if (!c.line.empty()) {
    const auto began = outage(c.line, c.began);
    if (!began) return began.error();
    a.began = *began;
    if (a.alert.empty()) a.alert = alert_of(a.line, a.began);
  }
  if (known(a)) {
    entered nothing;
    nothing.notices.push_back({"acknowledgement_known", a.author + " 已接手，未重复登记",
                               a.author + " has acknowledged it already; it was not entered again"});
    return nothing;
  }
  std::vector<notice> said = look_whether_over(a);
  if (said.empty()) {
    said = look_who_has_it(a);
    for (notice& n : look_what_it_is(a)) said.push_back(std::move(n));
  }
  acknowledged_->push_back(a);
  entered out = one(std::move(a));
  out.notices = std::move(said);
  return out;
}

std::vector<notice> fault_desk::look_whether_over(const acknowledgement& a) const {
  if (a.alert.empty()) return {};
  const auto named = alert(a.alert);
  if (!named || !named->over) return {};
  const std::string when = zone_.format_short(*named->over);
  return {{"alert_over", fmt::format("告警 {} 已于 {} 结束，无需接手；只登记备注", a.alert, when),
           fmt::format("alert {} was over already at {}: there is nothing to take over, the note alone was entered",
                       a.alert, when)}};
}

std::vector<notice> fault_desk::look_who_has_it(const acknowledgement& a) const {
  const acknowledgement* last = nullptr;
  for (const acknowledgement& o : *acknowledged_)
    if (is_of_the_same(o, a)) last = &o;
  if (last == nullptr || last->author == a.author) return {};
  const std::string when = zone_.format_short(last->at);
  return {{"taken_already", fmt::format("此前 {} 已于 {} 接手，现由 {} 接替", last->author, when, a.author),
           fmt::format("{} has had it since {}; {} takes it over", last->author, when, a.author)}};
}

std::vector<notice> fault_desk::look_what_it_is(const acknowledgement& a) {
  const auto named = a.alert.empty() || a.line.empty() ? std::nullopt : alert(a.alert);
  if (!named || named->targets.size() < 2) return {};
  std::string whose = named->name;  // of a carrier or a town; of an uplink its id
  const auto uplink = names_.all().find(whose);
  if (named->subject == alert_subject::upstream && uplink != names_.all().end())
    whose = (uplink->second->name.empty() ? whose : uplink->second->name) + " 及其下，";
  const std::string title =
      fmt::format("{}{}共 {} 条", whose, whose.empty() || whose.ends_with("，") ? "" : " ", named->targets.size());
  return {{"alert_of_many", fmt::format("接手的是整个告警 {}：{}", a.alert, title),
           fmt::format("the whole alert {} is taken over: {} lines", a.alert, named->targets.size())}};
}

std::vector<ticket_record>& fault_desk::tickets() {
  if (!tickets_) tickets_ = books_.declared<ticket_record>();
  return *tickets_;
}

std::optional<refused> fault_desk::lines_of(const ticket_command& c, ticket_record& into) {
  const auto named_lines = names_.ids_of(c.targets);
  if (!named_lines) return named_lines.error();
  std::set<std::string> ids(named_lines->begin(), named_lines->end());
  const bool all_of_alert = ids.empty() && !c.alert.empty();
  if (!c.alert.empty()) {
    const auto named = alert(c.alert);
    if (!named) return unknown_alert(c.alert);
    if (all_of_alert) ids.insert(named->targets.begin(), named->targets.end());
  }
  std::vector<std::string> lines;
  for (const std::string& id : ids) {
    const auto there = names_.all().find(id);
    if (there == names_.all().end()) return unknown_target(id);
    const std::string& carrier = there->second->carrier;
    if (carrier.empty()) return invalid("no_carrier", id + " 没有写运营商", id + " names no carrier in the inventory");
    if (into.carrier.empty()) into.carrier = carrier;
    if (carrier != into.carrier)
      return invalid("several_carriers", "一张报障单只能报一家运营商的线路：" + into.carrier + "、" + carrier,
                     "the lines of one ticket are of one carrier: " + into.carrier + ", " + carrier);
    lines.push_back(id);
  }
  if (lines.empty()) return invalid("no_lines", "请写明线路 targets 或告警 alert", "say which lines, or which alert");
  into.targets = list_of_ids(lines);
  return std::nullopt;
}

std::optional<refused> fault_desk::begin(const ticket_command& c, ticket_record& into) {
  const auto policies = books::read_policies(books_.policies());
  std::optional<wall_t> first, discovered;
  for (const std::string& id : ids_in(into.targets)) {
    const wall_t at = c.began.value_or(now_);
    for (const availability::outage& o : books_.outages({at, now_ + milliseconds{1}}, id, most_outages)) {
      if (c.began ? o.began < *c.began : o.ended != wall_max) continue;
      if (!first || o.began < *first) first = o.began, discovered = o.confirmed;
    }
  }
  if (!first)
    return conflict("no_open_outage", {"所列线路此刻没有中断；已结束的请写明开始时间 began",
                                       "none of the lines has an open outage; name one that is over by its beginning"});
  into.began = *first;
  const auto line = names_.all().find(ids_in(into.targets).front());
  if (policies)
    if (const auto until = books::report_deadline(*policies, *line->second, *discovered)) into.deadline = *until;
  return std::nullopt;
}

/** What whoever enters a step has said, now. */
ticket_record fault_desk::said_in(const ticket_command& c) const {
  ticket_record t;
  t.at = now_;
  t.author = who_.name;
  t.theirs = c.theirs;
  t.cause = *fault_cause_named(c.cause);
  t.text = c.text;
  t.via = who_.via;
  return t;
}

entering fault_desk::report(const ticket_command& c) {
  ticket_record t = said_in(c);
  t.step = ticket_step::reported;
  t.alert = c.alert;
  if (auto bad = lines_of(c, t)) return *bad;
  if (auto bad = begin(c, t)) return *bad;
  for (const books::ticket& there : books::fold_tickets(tickets()))
    if (!there.closed && there.began == t.began && list_of_ids(there.targets) == t.targets)
      return conflict("ticket_exists", both("已有报障单 {}", "there is a ticket {} already", there.number));
  t.number = books::next_number(zone_, now_, tickets(), false, rank_);
  tickets().push_back(t);
  return one(std::move(t));
}

entering fault_desk::step(const ticket_command& c) {
  const auto all = books::fold_tickets(tickets());
  const auto there = std::ranges::find(all, c.number, &books::ticket::number);
  if (there == all.end()) {
    const std::string shown(shortened(c.number, most_number));
    return unknown("unknown_ticket", both("没有报障单 {}", "there is no ticket {}", shown));
  }
  ticket_record t = said_in(c);
  t.at = std::max(now_, there->steps.back().at);
  t.number = c.number;
  t.step = *step_named(c);
  t.carrier = there->carrier;
  t.targets = list_of_ids(there->targets);
  t.began = there->began;
  t.alert = there->alert;
  if (t.step == ticket_step::closed && there->closed)
    return conflict("ticket_closed", both("报障单 {} 已办结；补充原因请用答复",
                                          "the ticket {} is closed: what is "
                                          "learnt later is a reply",
                                          c.number));
  const bool silent = t.theirs.empty() && t.cause == fault_cause::unstated && t.text.empty();
  if (t.step == ticket_step::reply && silent)
    return invalid("empty_reply", "答复没有内容：请写运营商单号、原因或说明",
                   "the reply says nothing: give the carrier's number, a cause or a text");
  tickets().push_back(t);
  return one(std::move(t));
}

entering fault_desk::take(const ticket_command& c) {
  if (auto bad = bad_words(who_.name, c.text)) return *bad;
  if (auto bad = bad_ticket(c)) return *bad;
  return c.number.empty() ? report(c) : step(c);
}

}  // namespace changtong::entries
