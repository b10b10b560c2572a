#pragma once
/** A row of the books: the sums of one line, or of a group, and what follows from them. */
#include <string>

#include "daemon/availability/figures.h"

namespace changtong::availability {

struct availability_row {
  std::string key;    ///< line id, category, carrier, town, 2026-03-14 or 2026-03
  std::string title;  ///< Chinese name of the key, for the table
  seconds sums;
  figures values;
};

}  // namespace changtong::availability
