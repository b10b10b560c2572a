#include "daemon/plans/files.h"

#include <algorithm>
#include <array>
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
    from.error(cell, both("{} 不是日期：写作 2026-03-14", "{} is no day: write 2026-03-14", quote(trim(cell.text))));
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
    if (!value)
      from.error(row[1], both("{} 不是数：写作 12345", "{} is no number: write 12345", quote(trim(row[1].text))));
    if (!at || !value) return;
    if (!seen.insert(*at).second)
      return from.error(
          row[0], both("{} 已有数值：同一时间只能有一个", "{} stands twice: one value an instant", trim(row[0].text)));
    all.push_back({.at = *at, .value = *value, .written = std::string(trim(row[0].text))});
  });
  std::ranges::sort(all, {}, &plans::counter_value::at);
  return done(from, std::move(all));
}

namespace {

/** Of a questionnaire's own export: they are no questions. */
constexpr std::array<std::string_view, 16> about_the_sheet{"序号",   "编号", "答卷编号", "答题序号", "姓名", "单位",
                                                           "电话",   "手机", "联系电话", "联系方式", "来源", "来源详情",
                                                           "来自IP", "IP",   "所用时间", "用时"};
const heading survey_day{"date", {"日期", "提交时间", "提交答卷时间", "答题时间", "填写时间"}};
const heading survey_channel{"channel", {"方式", "渠道"}, false};
const heading survey_answer_words{"answer", {"回答", "答案", "分数"}};

bool is(const heading& h, std::string_view word) {
  return h.english == word || std::ranges::find(h.chinese, word) != h.chinese.end();
}

/** The questions of a sheet that has a column for each; none: a row is one answer. */
std::vector<std::string> questions_in(const std::string& bytes) {
  const auto text = to_utf8(bytes);
  if (!text) return {};
  csv_reader csv(*text);
  std::vector<csv_field> first;
  const auto more = csv.next(first);
  std::vector<std::string> out;
  if (!more || !*more) return out;
  for (const csv_field& f : first) {
    const std::string_view word = trim(f.text);
    if (is(survey_answer_words, word) || word == "问题" || word == "question") return {};
    if (word.empty() || is(survey_day, word) || is(survey_channel, word)) continue;
    constexpr std::array<std::string_view, 6> known{"date", "channel", "question", "answer", "日期", "回答"};
    if (!nearest(word, known).empty()) return {};  // a slip of the pen
    out.emplace_back(word);
  }
  return out;
}

/** 2026/3/14 10:22:31 -> its day. */
std::string answer_day_in(table& from, csv_field cell) {
  cell.text = cell.text.substr(0, trim(cell.text).find(' '));
  return day_in(from, cell);
}

rows_result<plans::survey_answer> read_wide_survey(std::string bytes, const std::string& file,
                                                   const std::vector<std::string>& questions) {
  std::vector<heading> headings{survey_day, survey_channel};
  for (const std::string& q : questions) headings.push_back({q, {}, false});
  table from(std::move(bytes), file, headings);
  std::vector<plans::survey_answer> all;
  from.read([&](const table::cells& row) {
    const std::string day = answer_day_in(from, row[0]), channel = words_in(from, row[1]);
    for (std::size_t k = 0; k < questions.size(); ++k) {
      if (std::ranges::find(about_the_sheet, questions[k]) != about_the_sheet.end()) continue;
      plans::survey_answer a{
          .day = day, .channel = channel, .question = questions[k], .answer = words_in(from, row[2 + k]), .score = {}};
      a.score = parse_exact(a.answer);
      if (!a.answer.empty()) all.push_back(std::move(a));
    }
  });
  return done(from, std::move(all));
}

}  // namespace

rows_result<plans::survey_answer> read_survey_csv(std::string bytes, const std::string& file) {
  if (const auto questions = questions_in(bytes); !questions.empty())
    return read_wide_survey(std::move(bytes), file, questions);
  table from(std::move(bytes), file, {survey_day, survey_channel, {"question", {"问题"}, false}, survey_answer_words});
  std::vector<plans::survey_answer> all;
  from.read([&](const table::cells& row) {
    plans::survey_answer a{.day = answer_day_in(from, row[0]),
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

rows_result<plans::accepted_row> read_acceptance_csv(std::string bytes, const std::string& file) {
  table from(std::move(bytes), file,
             {{"name", {"项目", "名称", "项目名称", "内容", "任务"}},
              {"date", {"验收日期", "验收时间", "日期"}},
              {"result", {"结论", "验收结论", "结果", "验收结果"}, false},
              {"id", {"编号", "序号"}, false},
              {"note", {"备注"}, false}});
  std::vector<plans::accepted_row> all;
  from.read([&](const table::cells& row) {
    plans::accepted_row a{.name = words_in(from, row[0]), .day = {}, .result = words_in(from, row[2])};
    if (!trim(row[1].text).empty()) a.day = day_in(from, row[1]);
    if (a.name.empty()) from.error(row[0], {"项目是空的", "the name is empty"});
    all.push_back(std::move(a));
  });
  return done(from, std::move(all));
}

}  // namespace changtong
