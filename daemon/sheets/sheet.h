#pragma once
/** A sheet of an office -> rows of lines.csv, with what was guessed and what is a problem. Knows no inventory. Pure. */
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/sheets/cell_text.h"
#include "daemon/sheets/headings.h"

namespace changtong::sheets {

/** What is said of a place in the sheet. Row 0: of the whole file or sheet. */
struct remark {
  enum class kind : std::uint8_t { read, filled, heading, aside, skipped, duplicate, category, line, carrier };
  std::size_t row = 0;
  std::string heading;  ///< as the sheet writes it; may be empty
  phrase text;
  kind what = kind::read;    ///< of a guess
  std::string to_confirm{};  ///< a word that the office has not confirmed yet …
  std::string meaning{};     ///< … and the category that it is taken for
};

struct row_cell {
  std::string value;    ///< canonical; empty: nothing is stated
  bool wrong = false;   ///< it has a problem
  bool filled = false;  ///< from the row above, since blank cells of CSV may have been merged ones
};

struct sheet_line {
  std::size_t row = 0;
  std::array<row_cell, line_columns::columns> cells;
  std::string said_id;             ///< as the sheet has it, also where it is none
  std::string status;              ///< says that it is out of use; else empty
  bool bad = false;                ///< has a problem
  std::vector<std::string> aside;  ///< cells of the unread columns
};

struct sheet {
  std::string title;
  headings heads;
  std::size_t heading_row = 1;  ///< as a spreadsheet counts
  std::vector<sheet_line> lines;
  std::vector<remark> guesses;   ///< in no order
  std::vector<remark> problems;  ///< likewise
};

/** Reads the first visible sheet that has headings, or that of this title. What is not read of the others is said. */
[[nodiscard]] sheet read_sheet(const std::vector<grid>& grids, const std::string& title, const word_list& words,
                               const std::vector<category>& categories);

}  // namespace changtong::sheets
