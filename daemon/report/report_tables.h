#pragma once
/** The tables of the written report, as HTML that a page and pandoc both understand. Pure; text is escaped. */
#include <string>

#include "daemon/evaluate/evaluation.h"

namespace changtong::report {

/** 一级指标, 分值, 得分 with the total. */
[[nodiscard]] std::string levels_table(const evaluate::evaluation& e, const std::string& caption);
[[nodiscard]] std::string funds_table(const evaluate::evaluation& e, const std::string& caption);
/** Every indicator: target, actual value, points (mid-year: forecast and light), last year's value where one is known.
 */
[[nodiscard]] std::string indicators_table(const evaluate::evaluation& e, const std::string& caption);
/** Where each value comes from, how its points were made, what it covers, which file proves it. */
[[nodiscard]] std::string sources_table(const evaluate::evaluation& e, const std::string& caption);

}  // namespace changtong::report
