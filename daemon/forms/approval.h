#pragma once
/** The table of a 批复 -> what it approves: a form of targets (绩效目标申报表), or any table with a column of names
 * beside one of figures (批复金额, 预算数, 指标值). Texts and days are none. Pure. */
#include <vector>

#include "daemon/core/approved_figure.h"
#include "daemon/core/result.h"
#include "daemon/reading/office_file.h"

namespace changtong::forms {

/** At least one. Problem: no such table, or more than the bounds of read_forms. */
[[nodiscard]] result<std::vector<plans::approved_figure>> approved_figures(
    const std::vector<reading::office_table>& tables);

}  // namespace changtong::forms
