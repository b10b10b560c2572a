#pragma once
/** A row of the books: the sums of one line, or of a group, and what follows from them. */
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/availability/figures.h"

namespace changtong::availability {

struct availability_row {
  std::string key;    ///< line id, category, carrier, town, 2026-03-14 or 2026-03
  std::string title;  ///< Chinese name of the key, for the table
  seconds sums;
  figures values;
  /** Value, lower and upper bound as percentages for the table, where they do not follow from the sums (R2 to R4). */
  std::vector<std::string> printed{};
  std::optional<std::int64_t> units{};  ///< then: the value as a fraction of 10^15 (availability::part)
};

}  // namespace changtong::availability
