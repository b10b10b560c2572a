#pragma once
/** The books as text: table (Chinese, for people), JSON and CSV (fields of design.md 6). Knows no formula: rows come
 * computed. */
#include <string>
#include <string_view>
#include <vector>

#include "daemon/availability/figures.h"
#include "daemon/core/civil.h"
#include "daemon/core/result.h"

namespace changtong::report {

struct availability_row {
  std::string key;    ///< line id, category, carrier, town, 2026-03-14 or 2026-03
  std::string title;  ///< Chinese name of the key, for the table
  availability::seconds sums;
  availability::figures values;
};

enum class format { table, json, csv };
[[nodiscard]] result<format> format_named(std::string_view name);

[[nodiscard]] std::string write_availability(const std::vector<availability_row>& rows, format f, const civil_zone& zone);
[[nodiscard]] std::string write_outages(const std::vector<availability::outage>& rows, format f, const civil_zone& zone);

}  // namespace changtong::report
