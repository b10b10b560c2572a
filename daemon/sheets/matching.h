#pragma once
/** Which line of the inventory a row of the sheet is. Internal to daemon/sheets. */
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/sheets/preview.h"

namespace changtong::sheets {

struct match {
  std::optional<std::size_t> row;  ///< of table_file; none: the line is new
  std::string id;                  ///< what it goes by from now on; empty: nobody can know
  bool ignored = false;            ///< the same line stands further up
};

/** One for each of the sheet's lines; by id, then by circuit number. What is guessed or wrong goes to the lists. */
[[nodiscard]] std::vector<match> match_lines(const sheet& from, const table_file& inventory, const import_wish& wish,
                                             std::vector<bool>& bad, preview& out);

/** Replaces what names a parent otherwise than by its id; `bad`: likewise. Gives the parent of each line. */
[[nodiscard]] std::vector<std::string> find_parents(const sheet& from, const table_file& inventory,
                                                    const std::vector<match>& matches, std::vector<bool>& bad,
                                                    preview& out);

/** Circuit numbers and addresses that stand twice are pointed out. */
void tell_of_duplicates(const sheet& from, const table_file& inventory, const std::vector<match>& matches,
                        const import_wish& wish, preview& out);

}  // namespace changtong::sheets
