#include "daemon/plans/files.h"

#include <algorithm>
#include <set>

#include "daemon/core/utf8.h"
#include "daemon/reading/table.h"
#include "daemon/reading/words.h"

namespace changtong {
namespace {

using namespace reading;

template <class Row>
rows_result<Row> done(table& from, std::vector<Row> all) {
  if (auto found = from.problems_found(all.size())) return std::move(*found);
  return rows_result<Row>(boost::system::in_place_value, std::move(all));
}

std::string day_in(table& from, const csv_field& cell) {
  static const civil_zone utc = civil_zone::named("UTC").value();
  std::string day = plain_day(trim(cell.text));
  if (day.size() != 10 || !utc.parse(day))
    from.error(cell, both("{} 不是日期：写作 2026-03-14", "is no day", quote(trim(cell.text))));
  return day;
}

std::string words_in(table& from, const csv_field& cell) {
  const std::string_view text = trim(cell.text);
  if (text.size() > 1000 || has_control_characters(text))
    from.error(cell, {"超过 1000 字节，或含换行、控制字符", "too long, or with control characters"});
  return std::string(shortened(text, 1000));
}

/** A day speaks for its end: that is when a counter of the day is read. */
std::optional<wall_t> instant_in(table& from, const csv_field& cell, const civil_zone& zone) {
  const std::string text(trim(cell.text));
  const std::string day = plain_day(text);
  if (day.size() == 10)
    if (const auto p = zone.parse_period(day)) return p->to;
  const auto at = zone.parse_instant(text);
  if (at) return *at;
  from.error(cell, words_of(at.error()));
  return std::nullopt;
}

}  // namespace

rows_result<plans::counter_value> read_counter_csv(std::string bytes, const std::string& file, const civil_zone& zone) {
  table from(std::move(bytes), file, {{"at", {"时间", "日期"}}, {"value", {"数值", "累计"}}});
  std::vector<plans::counter_value> all;
  std::set<wall_t> seen;
  from.read([&](const table::cells& row) {
    const auto at = instant_in(from, row[0], zone);
    const auto value = parse_exact(trim(row[1].text));
    if (!value) from.error(row[1], both("{} 不是数：写作 12345", "is no number", quote(trim(row[1].text))));
    if (!at || !value) return;
    if (!seen.insert(*at).second)
      return from.error(row[0], both("{} 已有数值：同一时间只能有一个", "stands twice", trim(row[0].text)));
    all.push_back({.at = *at, .value = *value, .written = std::string(trim(row[0].text))});
  });
  std::ranges::sort(all, {}, &plans::counter_value::at);
  return done(from, std::move(all));
}

rows_result<plans::survey_answer> read_survey_csv(std::string bytes, const std::string& file) {
  table from(std::move(bytes), file,
             {{"date", {"日期"}},
              {"channel", {"方式", "渠道"}, false},
              {"question", {"问题"}, false},
              {"answer", {"回答", "答案", "分数"}}});
  std::vector<plans::survey_answer> all;
  from.read([&](const table::cells& row) {
    plans::survey_answer a{.day = day_in(from, row[0]),
                           .channel = words_in(from, row[1]),
                           .question = words_in(from, row[2]),
                           .answer = words_in(from, row[3]),
                           .score = {}};
    a.score = parse_exact(a.answer);
    if (a.answer.empty()) from.error(row[3], {"回答是空的：未作答的不列入", "an empty answer: leave the row out"});
    all.push_back(std::move(a));
  });
  return done(from, std::move(all));
}

rows_result<plans::dated_id> read_dated_ids_csv(std::string bytes, const std::string& file) {
  table from(std::move(bytes), file, {{"id", {"编号"}}, {"date", {"日期", "更新日期", "due", "计划日期"}}});
  std::vector<plans::dated_id> all;
  from.read([&](const table::cells& row) {
    plans::dated_id d{.id = words_in(from, row[0]), .day = day_in(from, row[1])};
    if (d.id.empty()) from.error(row[0], {"编号是空的", "the id is empty"});
    all.push_back(std::move(d));
  });
  return done(from, std::move(all));
}

}  // namespace changtong
