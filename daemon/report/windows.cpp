#include "daemon/report/windows.h"

#include <fmt/format.h>

#include "daemon/core/json.h"
#include "daemon/core/window_state.h"
#include "daemon/report/columns.h"
#include "daemon/report/declared_list.h"
#include "daemon/report/stable_row.h"

namespace changtong::report {
namespace {

double seconds_of(milliseconds ms) { return static_cast<double>(ms.count()) / 1000; }

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
          first_of(s.targets),
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
          r.overrun > milliseconds{0} ? fmt::format("{} s（{}）", r.overrun.count() / 1000, first_of(r.overrun_targets))
                                      : ""};
}

/** Spreadsheets get small and large numbers without an exponent. */
stable_field decimal_field(std::string_view name, std::optional<double> value) {
  stable_field f = number_field(name, value);
  if (value) f.plain = fmt::format("{}", *value);
  return f;
}

stable_row fields_of(const listed_window& r, const civil_zone& zone) {
  const window_story& s = r.story;
  const auto edge = [&](wall_t at) { return r.excluded.empty() ? std::nullopt : std::optional(at); };
  return {text_field("id", s.id),
          text_field("state", name_of(s.state)),
          instant_field("from", s.when.from, zone),
          instant_field("to", s.when.to, zone),
          list_field("targets", s.targets, " "),
          text_field("requested_by", s.requested_by),
          instant_field("requested_at", s.requested_at, zone),
          text_field("revised_by", s.revised_by),
          text_field("approved_by", s.approved_by),
          text_field("cancelled_by", s.cancelled_by),
          truth_field("late", s.late),
          truth_field("late_request", s.late_request),
          instant_field("excluded_from", edge(r.excluded.from), zone),
          instant_field("excluded_to", edge(r.excluded.to), zone),
          count_field("excluded_targets", static_cast<std::int64_t>(r.excluded_targets)),
          decimal_field("overrun_s", seconds_of(r.overrun)),
          list_field("overrun_targets", r.overrun_targets, " "),
          text_field("text", s.text),
          text_field("requested_via", s.requested_via),
          text_field("approved_via", s.approved_via),
          list_field("flags", s.flags, " "),
          truth_field("short_notice", r.short_notice),
          list_field("revisers", s.revisers, "、"),
          text_field("revised_via", s.revised_via)};
}

std::string coverage_text(const availability::operation_day& d) {
  const auto [part, whole] = availability::coverage_of(d.sums);
  return availability::truncated_percent(part, whole, 3);
}

/** Why it counts or not, for the table and in English. */
std::pair<std::string_view, std::string_view> said(availability::operation_judgement v) {
  using enum availability::operation_judgement;
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

stable_row fields_of_day(const availability::operation_day& d) {
  const auto [part, whole] = availability::coverage_of(d.sums);
  const auto coverage =
      whole > 0 ? std::optional(static_cast<double>(part) / static_cast<double>(whole)) : std::nullopt;
  return {text_field("day", d.day),
          decimal_field("coverage", coverage),
          list_field("persons", d.persons, " "),
          truth_field("counts", d.judgement == availability::operation_judgement::counts),
          text_field("why", said(d.judgement).second),
          truth_field("late", d.late)};
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
  const auto to_row = [&](const listed_window& r) { return fields_of(r, zone); };
  return f == format::json ? rows_as_json(rows, to_row) : rows_as_csv(rows, to_row, "\n");
}

std::string write_duty_records(const std::vector<duty_record>& records, format f, const civil_zone& zone) {
  std::vector<bool> late;
  for (const duty_record& d : records) {
    const auto day = zone.parse(d.day);
    late.push_back(day && entered_late(d, day->to));
  }
  return declared_list(records, {"late", "迟登", "迟登", "", std::move(late)}, f, zone,
                       {"day", "person", "source", "author", "at", "text", "via", the_word},
                       {"day", "person", "source", "author", "at", the_word, "via", "text"});
}

std::string write_duty(const std::vector<availability::operation_day>& days, format f) {
  if (f == format::csv) return rows_as_csv(days, fields_of_day, "\n");
  std::int64_t counted = 0;
  std::vector<std::vector<std::string>> cells;
  for (const availability::operation_day& d : days) {
    counted += d.judgement == availability::operation_judgement::counts;
    const auto [why, why_en] = said(d.judgement);
    cells.push_back({d.day, coverage_text(d), joined(d.persons, " "), std::string(why) + (d.late ? "（迟登）" : "")});
  }
  if (f == format::json) {
    std::string rows = rows_as_json(days, fields_of_day);
    rows.pop_back();  // its line feed
    return json_object()
               .add("days_of_operation", counted)
               .add("days", static_cast<std::int64_t>(days.size()))
               .add_raw("rows", rows)
               .text() +
           "\n";
  }
  return in_columns({{"日期"}, {"覆盖率 %", true}, {"值班"}, {"结论"}}, cells) +
         fmt::format("运维保障天数 / days of operation: {}/{}\n", counted, days.size());
}

}  // namespace changtong::report
