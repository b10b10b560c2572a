#pragma once
/** Our own report under the rules that we hold others to: its chapters are read for contradictions before anything is
 * written. Pure. */
#include "daemon/evaluate/evaluation.h"

namespace changtong::evaluate {

/** The chapters together with what the report prints of each indicator. What is found goes to `findings`; it blocks the
 * final form only where all of its figures are our own, because a person's text may mean more than it says. */
void check_own_report(evaluation& e);

}  // namespace changtong::evaluate
