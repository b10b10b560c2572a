#pragma once
/** Our own report under the rules that we hold others to: its chapters are read for contradictions before anything is
 * written. Pure. */
#include "daemon/evaluate/evaluation.h"

namespace changtong::evaluate {

/** The chapters together with what the report prints of each indicator. Figures that contradict each other (矛盾
 * between amounts, rates, counts, claims) block the final form; questions and slips of wording are warnings. Targets
 * are not compared: the form says which were missed. */
void check_own_report(evaluation& e);

}  // namespace changtong::evaluate
