#pragma once
/** Indicators that missed their target or have no points, in sentences; the statement of how points and rates were
 * made. Shared by form and written report, so that both say the same. Pure. */
#include <string>
#include <vector>

#include "daemon/evaluate/evaluation.h"

namespace changtong::report {

struct shortfall {
  const evaluate::indicator_result* indicator = nullptr;
  std::string what;  ///< 目标≥365天，实际364天，得4.99分（分值5）
  std::string why;   ///< the reason, what is missing, or that no reason is given
};
[[nodiscard]] std::vector<shortfall> shortfalls_of(const evaluate::evaluation& e);

/** Period, rules of the points, formula of rates, remarks on single indicators, warnings, software and ledger; one
 * sentence a line, numbered by who prints it. */
[[nodiscard]] std::vector<std::string> statement_of(const evaluate::evaluation& e);

/** Paragraphs of the chapter whose title ends with `ending`; empty if the plan has none. */
[[nodiscard]] std::vector<std::string> paragraphs_of(const evaluate::evaluation& e, std::string_view ending);

/** 自评总分99.98分，等级为优。 Or what keeps it from a total; mid-year there is none. */
[[nodiscard]] std::string conclusion_of(const evaluate::evaluation& e);

}  // namespace changtong::report
