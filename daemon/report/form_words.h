#pragma once
/** Words in braces of a layout's texts, and what they stand for in an evaluation. Pure. */
#include <map>
#include <string>
#include <string_view>

#include "daemon/evaluate/evaluation.h"

namespace changtong::report {

/** By the word without its braces. */
using meanings = std::map<std::string, std::string, std::less<>>;

/** year, project, department, unit, office, budget (全年预算数), money_unit (万元), as_of, period, execution_points,
 * indicator_points; conclusion, problems, measures, reasons in sentences; `tick BOX` of each box that is ticked. */
[[nodiscard]] meanings form_words(const evaluate::evaluation& e);

/** The text with its words replaced. An unknown word is left out, but for a box, which is empty (□); a brace that is
 * not closed ends the text. */
[[nodiscard]] std::string filled(std::string_view text, const meanings& known);

}  // namespace changtong::report
