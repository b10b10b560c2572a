#pragma once
/** The series of groups and contracts: a few hundred, whatever the number of lines. */
#include <string>

#include "daemon/core/series_group.h"
#include "daemon/publish/metrics/period_books.h"
#include "daemon/publish/metrics/text.h"

namespace changtong::metrics {

/** Families with HELP and TYPE; those of a group or contract that has no value in a window have no sample there. */
void append_books(const period_books& books, series_groups without, format f, std::string& out);

}  // namespace changtong::metrics
