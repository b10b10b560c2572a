#include "daemon/report/alerts.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/core/json.h"
#include "daemon/report/columns.h"
#include "daemon/report/stable_row.h"

namespace changtong::report {
namespace {

using books::alert_story;
using books::ticket;

void add_once(std::vector<std::string>& to, const std::string& word) {
  if (!word.empty() && !is_among(to, word)) to.push_back(word);
}

/** Of messages that a channel took, in the order of the first one. */
std::vector<std::string> channels_of(const alert_story& a) {
  std::vector<std::string> all;
  for (const alert_record& r : a.told)
    if (r.step == alert_step::told) add_once(all, r.channel);
  return all;
}

std::vector<std::string> takers_of(const alert_story& a) {
  std::vector<std::string> all;
  for (const acknowledgement& one : a.taken) add_once(all, one.author);
  return all;
}

std::string tellings(const alert_story& a, bool escalations, const civil_zone& zone) {
  json_array all;
  for (const alert_record& r : a.told) {
    if ((r.step == alert_step::escalated) != escalations) continue;
    json_object o;
    o.add("at", zone.format(r.at));
    if (!escalations) o.add("of", r.of);
    o.add("person", r.person);
    if (!escalations) o.add("channel", r.channel).add_bool("taken", r.step == alert_step::told).add("answer", r.answer);
    all.add_raw(o.text());
  }
  return all.text();
}

/** 已派人（王工） */
std::vector<std::string> words_of(const std::vector<acknowledgement>& said) {
  std::vector<std::string> all;
  for (const acknowledgement& one : said)
    if (!one.text.empty()) add_once(all, fmt::format("{}（{}）", one.text, one.author));
  return all;
}

std::string sayings(const std::vector<acknowledgement>& said, const civil_zone& zone) {
  json_array all;
  for (const acknowledgement& t : said)
    all.add_raw(json_object()
                    .add("at", zone.format(t.at))
                    .add("author", t.author)
                    .add("line", t.line)
                    .add("text", t.text)
                    .add("via", t.via)
                    .text());
  return all.text();
}

std::string people_of(const alert_story& a) {
  std::vector<std::string> all;
  for (const alert_record& r : a.told)
    if (r.step == alert_step::escalated) add_once(all, r.person);
  return fmt::format("{}", fmt::join(all, " "));
}

stable_row fields_of(const alert_story& a, const civil_zone& zone) {
  const std::vector<std::string> channels = channels_of(a), takers = takers_of(a);
  return {text_field("id", a.id),
          text_field("subject", name_of(a.subject)),
          text_field("name", a.name),
          instant_field("began", a.began, zone),
          instant_field("opened", a.opened, zone),
          instant_field("resolved", a.resolved, zone),
          truth_field("open", !a.resolved),
          list_field("targets", a.targets, " "),
          list_field("down", a.open, " "),
          {"told", tellings(a, false, zone), fmt::format("{}", fmt::join(channels, " "))},
          {"escalated", tellings(a, true, zone), people_of(a)},
          {"acknowledged", sayings(a.taken, zone), fmt::format("{}", fmt::join(takers, " "))},
          list_field("tickets", a.tickets, " "),
          {"remarks", sayings(a.remarks, zone), fmt::format("{}", fmt::join(words_of(a.remarks), "；"))}};
}

/** Of messages that no channel took, for good. */
std::size_t untold(const alert_story& a) {
  return static_cast<std::size_t>(std::ranges::count(a.told, alert_step::untold, &alert_record::step));
}

std::vector<std::string> table_row(const alert_story& a, const civil_zone& zone) {
  std::string told = fmt::format("{}", fmt::join(channels_of(a), " "));
  if (const std::size_t failed = untold(a); failed > 0)
    told += fmt::format("{}未送达 {}", told.empty() ? "" : " ", failed);
  std::vector<std::string> said = words_of(a.taken);
  for (const std::string& words : words_of(a.remarks)) add_once(said, words);
  return {a.id,
          std::string(chinese(a.subject)),
          a.name,
          zone.format_short(a.began),
          a.resolved ? zone.format_short(*a.resolved) : "未恢复",
          first_of(a.targets),
          told,
          fmt::format("{}", fmt::join(takers_of(a), "、")),
          fmt::format("{}", fmt::join(a.tickets, " ")),
          fmt::format("{}", fmt::join(said, "；"))};
}

std::string steps_of(const ticket& t, const civil_zone& zone) {
  json_array all;
  for (const ticket_record& s : t.steps)
    all.add_raw(json_object()
                    .add("at", zone.format(s.at))
                    .add("step", name_of(s.step))
                    .add("author", s.author)
                    .add("theirs", s.theirs)
                    .add("cause", name_of(s.cause))
                    .add("text", s.text)
                    .add("answer", s.answer)
                    .add("via", s.via)
                    .text());
  return all.text();
}

stable_row fields_of(const ticket& t, const civil_zone& zone) {
  return {text_field("number", t.number),
          text_field("carrier", t.carrier),
          text_field("alert", t.alert),
          list_field("targets", t.targets, " "),
          instant_field("began", t.began, zone),
          instant_field("reported", t.reported, zone),
          text_field("reported_by", t.reported_by),
          instant_field("deadline", t.deadline, zone),
          t.deadline ? truth_field("late", t.reported > *t.deadline) : stable_field{"late", "null", ""},
          instant_field("sent", t.sent, zone),
          text_field("answer", t.answer),
          text_field("theirs", t.theirs),
          text_field("cause", name_of(t.cause)),
          text_field("cause_text", chinese_of(t.cause)),
          text_field("reply", t.reply),
          instant_field("closed", t.closed, zone),
          truth_field("open", !t.closed)};
}

std::vector<std::string> table_row(const ticket& t, const civil_zone& zone) {
  const bool late = t.deadline && t.reported > *t.deadline;
  return {t.number,
          t.carrier,
          first_of(t.targets),
          zone.format_short(t.began),
          zone.format_short(t.reported) + (late ? "（超时）" : ""),
          t.sent             ? "已送达"
          : t.answer.empty() ? ""
                             : "未送达",
          t.theirs,
          std::string(chinese_of(t.cause)),
          t.closed ? zone.format_short(*t.closed) : "未办结",
          t.reply};
}

}  // namespace

std::string_view chinese(alert_subject s) {
  constexpr std::string_view names[]{"线路",     "网站", "上级",     "运营商",   "乡镇",
                                     "多条线路", "自身", "反复通断", "质量下降", "证书"};
  return names[static_cast<std::size_t>(s)];
}

std::string_view chinese(ticket_step s) {
  constexpr std::string_view names[]{"报障", "送达", "答复", "办结"};
  return names[static_cast<std::size_t>(s)];
}

std::string write_alerts(const std::vector<alert_story>& rows, format f, const civil_zone& zone) {
  if (f == format::table) {
    std::vector<std::vector<std::string>> cells;
    for (const alert_story& a : rows) cells.push_back(table_row(a, zone));
    return in_columns(
        {{"告警"}, {"类型"}, {"名称"}, {"开始"}, {"恢复"}, {"线路"}, {"已告知"}, {"接手"}, {"报障单"}, {"备注"}},
        cells);
  }
  const auto to_row = [&](const alert_story& a) { return fields_of(a, zone); };
  return f == format::json ? rows_as_json(rows, to_row) : rows_as_csv(rows, to_row, "\n");
}

std::string write_tickets(const std::vector<ticket>& rows, format f, const civil_zone& zone) {
  if (f == format::table) {
    std::vector<std::vector<std::string>> cells;
    for (const ticket& t : rows) cells.push_back(table_row(t, zone));
    return in_columns(
        {{"报障单"}, {"运营商"}, {"线路"}, {"开始"}, {"报障"}, {"送达"}, {"运营商单号"}, {"原因"}, {"办结"}, {"答复"}},
        cells);
  }
  if (f != format::json) return rows_as_csv(rows, [&](const ticket& t) { return fields_of(t, zone); }, "\n");
  return rows_as_json(rows, [&](const ticket& t) {
    stable_row row = fields_of(t, zone);
    row.push_back({"steps", steps_of(t, zone), ""});
    return row;
  });
}

}  // namespace changtong::report
