#pragma once
/** One table as a person sees it: which cell covers a place, which stands to the right. Values; any thread. */
#include <cstddef>
#include <string>
#include <vector>

#include "daemon/forms/form.h"

namespace changtong::forms {

class page {
 public:
  /** `number`: of the table in its document, from 1; 0: a sheet. `table` must outlive it. */
  page(const reading::office_table& table, std::size_t number);

  /** Problem: the table has more than most_form_rows, or a row more than most_form_cells; the rest is not here. */
  [[nodiscard]] result<void> whole() const;

  [[nodiscard]] std::size_t rows() const { return by_row_.size(); }
  using cell = reading::office_cell;
  /** Cells that begin in the row, by column. */
  [[nodiscard]] const std::vector<const cell*>& row(std::size_t n) const { return by_row_[n]; }
  /** The cell that covers the place, merged ones too; none: null. */
  [[nodiscard]] const cell* at(std::size_t row, std::size_t column) const;
  /** The first cell of the row that begins in [from, to) and says something; else the first there; else none. */
  [[nodiscard]] spot within(std::size_t row, std::size_t from, std::size_t to) const;
  /** The cell that covers the place, if it says something. */
  [[nodiscard]] spot over(std::size_t row, std::size_t column) const;
  /** What stands to the right of the cell in its row: the next cell that says something and is no label itself. */
  [[nodiscard]] spot beside(const cell& c) const;
  [[nodiscard]] spot spot_of(const cell& c) const;
  /** F12, 「自评表」F12 or 表1 第12行第6列. */
  [[nodiscard]] std::string address(std::size_t row, std::size_t column) const;

 private:
  std::string title_;
  std::size_t number_;
  std::size_t all_rows_ = 0, wide_row_ = 0;  ///< wide: from 1, the first with too many cells; 0: none
  std::vector<std::vector<const cell*>> by_row_;
  std::vector<std::vector<const cell*>> tall_;  ///< by row: cells of earlier rows that reach it
};

}  // namespace changtong::forms
