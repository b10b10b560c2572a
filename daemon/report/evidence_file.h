#pragma once
/** One indicator's evidence (E-7, E-30) as an HTML file for the file list of its row: definition, formula, period,
 * objects, numerator, denominator, times, excluded intervals with their approval, unknown time, files with their
 * SHA-256, journal and seal, software. Needs nothing else to be read; well-formed as XML. Pure. */
#include <string>

#include "daemon/evaluate/evaluation.h"

namespace changtong::report {

/** `i` is one of `e`'s. Instants are printed in the evaluation's zone. */
[[nodiscard]] std::string write_evidence(const evaluate::evaluation& e, const evaluate::indicator_result& i);
/** Relative to the folder of the evaluation: evidence/ID.html. */
[[nodiscard]] std::string evidence_path(const std::string& indicator_id);

}  // namespace changtong::report
