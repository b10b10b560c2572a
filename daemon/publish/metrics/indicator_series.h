#pragma once
/** The series of the evaluation that is kept in view: each indicator's present value, points and what is expected. */
#include <string>

#include "daemon/evaluate/evaluation.h"
#include "daemon/publish/metrics/text.h"

namespace changtong::metrics {

/** Families with HELP and TYPE. What has no value has no sample. */
void append_evaluation(const evaluate::evaluation& e, format f, std::string& out);

}  // namespace changtong::metrics
