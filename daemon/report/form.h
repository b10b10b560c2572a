#pragma once
/** The form of an evaluation (项目支出绩效自评表; mid-year: 绩效运行监控表) as XLSX: rules.md 3.4, E-5 to E-9, E-20 to
 * E-22. Which cell stands where is the layout's (daemon/layouts); where the layout has it, a second sheet 上传模板 has
 * the columns and rows of the provincial upload (E-6). Pure but for the file; any thread. */
#include <string>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/evaluate/evaluation.h"
#include "daemon/report/grid.h"

namespace changtong::report {

/** Writes `path` whole or not at all. */
[[nodiscard]] result<void> write_form(const evaluate::evaluation& e, const std::string& path);

/** The sheets of that file. A formula stands only where it gives exactly what is printed; a draft says so in its first
 * lines, with what blocks it (mid-year: what the year's end will need); an indicator without points shows why, never a
 * number. */
[[nodiscard]] std::vector<grid> form_sheets(const evaluate::evaluation& e);

}  // namespace changtong::report
