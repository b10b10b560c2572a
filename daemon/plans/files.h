#pragma once
/** The CSV files beside a plan, as offices keep them: UTF-8 or GB18030, headings in Chinese or English; all rows, or
 * every problem with file:line:column. Pure: the bytes are an argument. Any bytes are safe. */
#include <string>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/core/plan_rows.h"
#include "daemon/core/result.h"

namespace changtong {

template <class Row>
using rows_result = boost::system::result<std::vector<Row>, problems>;

/** Headings: at 时间 (2026-03-14 - the day's end - or 2026-03-14 09:00, or ISO 8601), value 数值. The rows come back in
 * order of time; the same time twice is a problem. */
[[nodiscard]] rows_result<plans::counter_value> read_counter_csv(std::string bytes, const std::string& file,
                                                                 const civil_zone& zone);
/** Headings: date 日期, channel 方式 (may be left out), question 问题 (likewise), answer 回答. */
[[nodiscard]] rows_result<plans::survey_answer> read_survey_csv(std::string bytes, const std::string& file);
/** Headings: id 编号, date 日期 (of updates.csv), due 计划日期 (of planned.csv); either name of the day is understood.
 */
[[nodiscard]] rows_result<plans::dated_id> read_dated_ids_csv(std::string bytes, const std::string& file);
/** Headings: name 项目, date 验收日期 (blank: not accepted yet), result 结论 (may be left out), id 编号 and note 备注,
 * which are not read. */
[[nodiscard]] rows_result<plans::accepted_row> read_acceptance_csv(std::string bytes, const std::string& file);

}  // namespace changtong
