#include "daemon/report/windows.h"

#include <fmt/format.h>

#include "daemon/core/json.h"
#include "daemon/core/window_state.h"
#include "daemon/report/columns.h"
#include "daemon/report/declared_list.h"

namespace changtong::report {
namespace {

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  return fmt::format("{}", fmt::join(words, between));
}

double seconds_of(milliseconds ms) { return static_cast<double>(ms.count()) / 1000; }

/** First few of many: the whole list is in JSON and CSV. */
std::string shortened(const std::vector<std::string>& targets) {
  if (targets.size() <= 3) return joined(targets, " ");
  return fmt::format("{} {} … ({})", targets[0], targets[1], targets.size());
}

/** Whose token from where asked for it, revised and approved it; what says the same as the one before is left out. */
std::string via_text(const window_story& s) {
  std::vector<std::string> all;
  for (const std::string& via : {s.requested_via, s.revised_via, s.approved_via})
    if (!via.empty() && (all.empty() || all.back() != via)) all.push_back(via);
  return joined(all, " → ");
}

std::string marks(const listed_window& r) {
  std::vector<std::string> all;
  if (r.story.late || r.story.late_request) all.emplace_back("迟");
  if (r.short_notice) all.emplace_back("提前量不足");
  for (const std::string& f : r.story.flags) all.emplace_back(chinese_flag(f));
  return joined(all, " ");
}

std::vector<std::string> table_row(const listed_window& r, const civil_zone& zone) {
  const window_story& s = r.story;
  const bool whole = r.excluded == s.when;
  return {s.id,
          shortened(s.targets),
          zone.format_short(s.when.from),
          zone.format_short(s.when.to),
          std::string(chinese(s.state)),
          s.requested_by,
          joined(s.revisers, "、"),
          s.approved_by,
          via_text(s),
          marks(r),
          r.excluded.empty() ? "不剔除"
          : whole            ? "全部"
                             : "至 " + zone.format_short(r.excluded.to),
          r.overrun > milliseconds{0}
              ? fmt::format("{} s（{}）", r.overrun.count() / 1000, shortened(r.overrun_targets))
              : ""};
}

std::string json_row(const listed_window& r, const civil_zone& zone) {
  const window_story& s = r.story;
  json_object o;
  o.add("id", s.id)
      .add("state", name_of(s.state))
      .add("from", zone.format(s.when.from))
      .add("to", zone.format(s.when.to));
  o.add_raw("targets", json_list(s.targets));
  o.add("requested_by", s.requested_by).add("requested_at", zone.format(s.requested_at));
  o.add("revised_by", s.revised_by).add("approved_by", s.approved_by).add("cancelled_by", s.cancelled_by);
  o.add_bool("late", s.late).add_bool("late_request", s.late_request);
  if (r.excluded.empty())
    o.add_null("excluded_from").add_null("excluded_to");
  else
    o.add("excluded_from", zone.format(r.excluded.from)).add("excluded_to", zone.format(r.excluded.to));
  o.add("excluded_targets", static_cast<std::int64_t>(r.excluded_targets));
  o.add("overrun_s", seconds_of(r.overrun)).add_raw("overrun_targets", json_list(r.overrun_targets));
  o.add("text", s.text).add("requested_via", s.requested_via).add("approved_via", s.approved_via);
  o.add_raw("flags", json_list(s.flags)).add_bool("short_notice", r.short_notice);
  return o.add_raw("revisers", json_list(s.revisers)).add("revised_via", s.revised_via).text();
}

std::string csv_row(const listed_window& r, const civil_zone& zone) {
  const window_story& s = r.story;
  const bool none = r.excluded.empty();
  std::string out;
  for (const std::string& f : {s.id,
                               std::string(name_of(s.state)),
                               zone.format(s.when.from),
                               zone.format(s.when.to),
                               joined(s.targets, " "),
                               s.requested_by,
                               zone.format(s.requested_at),
                               s.revised_by,
                               s.approved_by,
                               s.cancelled_by,
                               std::string(s.late ? "true" : "false"),
                               std::string(s.late_request ? "true" : "false"),
                               none ? "" : zone.format(r.excluded.from),
                               none ? "" : zone.format(r.excluded.to),
                               std::to_string(r.excluded_targets),
                               fmt::format("{}", seconds_of(r.overrun)),
                               joined(r.overrun_targets, " "),
                               s.text,
                               s.requested_via,
                               s.approved_via,
                               joined(s.flags, " "),
                               std::string(r.short_notice ? "true" : "false"),
                               joined(s.revisers, "、"),
                               s.revised_via})
    out += csv_field(f) + ",";
  out.back() = '\n';
  return out;
}

std::string coverage_text(const availability::duty_day& d) {
  const auto [part, whole] = availability::coverage_of(d.sums);
  return availability::truncated_percent(part, whole, 3);
}

/** Why it counts or not, for the table and in English. */
std::pair<std::string_view, std::string_view> said(availability::duty_verdict v) {
  using enum availability::duty_verdict;
  switch (v) {
    case counts:
      return {"计入", "counts"};
    case not_over:
      return {"未结束", "not over"};
    case not_measured:
      return {"无监测", "not measured"};
    case low_coverage:
      return {"覆盖率不足", "coverage below the limit"};
    case no_record:
      break;
  }
  return {"无值班记录", "no duty record"};
}

}  // namespace

std::string write_windows(const std::vector<listed_window>& rows, format f, const civil_zone& zone) {
  if (f == format::table) {
    std::vector<std::vector<std::string>> cells;
    for (const listed_window& r : rows) cells.push_back(table_row(r, zone));
    return in_columns({{"编号"},
                       {"线路"},
                       {"起"},
                       {"止"},
                       {"状态"},
                       {"申请人"},
                       {"修改人"},
                       {"批准人"},
                       {"途径"},
                       {"标记"},
                       {"剔除"},
                       {"超时中断"}},
                      cells);
  }
  std::string out =
      f == format::json
          ? "["
          : "id,state,from,to,targets,requested_by,requested_at,revised_by,approved_by,cancelled_by,late,"
            "late_request,excluded_from,excluded_to,excluded_targets,overrun_s,overrun_targets,text,requested_via,"
            "approved_via,flags,short_notice,revisers,revised_via\n";
  for (const listed_window& r : rows)
    out += f == format::csv ? csv_row(r, zone) : (out.size() > 1 ? ",\n" : "") + json_row(r, zone);
  return f == format::json ? out + "]\n" : out;
}

std::string write_duty_records(const std::vector<duty_record>& records, format f, const civil_zone& zone) {
  std::vector<bool> late;
  for (const duty_record& d : records) {
    const auto day = zone.parse(d.day);
    late.push_back(day && entered_late(d, day->to));
  }
  return declared_list(records, {"late", "迟登", "迟登", "", std::move(late)}, f, zone,
                       {"day", "person", "source", "author", "at", "text", "via", "late"},
                       {"day", "person", "source", "author", "at", "late", "via", "text"});
}

std::string write_duty(const std::vector<availability::duty_day>& days, format f) {
  std::int64_t counted = 0;
  std::vector<std::vector<std::string>> cells;
  std::string json, csv = "day,coverage,persons,counts,why,late\n";
  for (const availability::duty_day& d : days) {
    const bool counts = d.verdict == availability::duty_verdict::counts;
    const auto [why, why_en] = said(d.verdict);
    const auto [part, whole] = availability::coverage_of(d.sums);
    counted += counts;
    cells.push_back({d.day, coverage_text(d), joined(d.persons, " "), std::string(why) + (d.late ? "（迟登）" : "")});
    json_object o;
    o.add("day", d.day);
    if (whole > 0)
      o.add("coverage", static_cast<double>(part) / static_cast<double>(whole));
    else
      o.add_null("coverage");
    o.add_raw("persons", json_list(d.persons)).add_bool("counts", counts).add("why", why_en).add_bool("late", d.late);
    json += (json.empty() ? "" : ",\n") + o.text();
    csv += fmt::format("{},{},{},{},{},{}\n", d.day,
                       whole > 0 ? fmt::format("{}", static_cast<double>(part) / static_cast<double>(whole)) : "",
                       csv_field(joined(d.persons, " ")), counts, why_en, d.late);
  }
  if (f == format::csv) return csv;
  if (f == format::json)
    return json_object()
               .add("days_of_operation", counted)
               .add("days", static_cast<std::int64_t>(days.size()))
               .add_raw("rows", "[" + json + "]")
               .text() +
           "\n";
  return in_columns({{"日期"}, {"覆盖率 %", true}, {"值班"}, {"结论"}}, cells) +
         fmt::format("运维保障天数 / days of operation: {}/{}\n", counted, days.size());
}

}  // namespace changtong::report
