#pragma once
/** The parts of an evaluation after its values are found: each indicator judged, sums, what blocks, chapters. Pure;
 * internal to daemon/evaluate. */
#include "daemon/evaluate/evaluate.h"

namespace changtong::evaluate {

/** A budget of 0 is a problem (E-10). */
[[nodiscard]] result<execution_result> money_row(const plans::plan& plan, const occasion& o);
/** Points, colour, reason, forecast and texts of one indicator. */
[[nodiscard]] indicator_result judge(const plans::plan& plan, const plans::indicator& i, finding f, const occasion& o,
                                     const year_before& before);
/** Levels, totals, grade. */
void add_up(evaluation& e, const plans::plan& plan);
void note_what_blocks(evaluation& e, const plans::plan& plan, const evidence& found, const occasion& o);
/** The plan's chapters with their placeholders replaced; what has no value is —. */
void write_chapters(evaluation& e, const plans::plan& plan);

}  // namespace changtong::evaluate
