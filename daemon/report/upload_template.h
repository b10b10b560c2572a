#pragma once
/** The sheet 上传模板: the columns and rows from which the Anhui provincial budget-performance system reads a project's
 * form (rules.md E-6, template ahxmzczpmb). Money from row 9, the goals in row 13, indicators from row 15; no merges,
 * each indicator with its levels written out. Pure. */
#include "daemon/evaluate/evaluation.h"
#include "daemon/report/grid.h"

namespace changtong::report {

/** Rows of money beyond the four that fit are left out, which row 3 then says. */
[[nodiscard]] grid upload_template(const evaluate::evaluation& e);

}  // namespace changtong::report
