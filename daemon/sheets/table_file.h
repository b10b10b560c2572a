#pragma once
/** lines.csv, or the file of sites, as text that keeps what nobody changes, to the byte: comments, order, quotes,
 * columns that nobody knows. Pure. */
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/settings/table_columns.h"

namespace changtong::sheets {

using reading::table_columns;
/** By the places of the table's columns. */
using row_cells = std::vector<std::string>;

class table_file {
 public:
  /** `bytes`: a file that load() takes, or nothing at all. */
  [[nodiscard]] static result<table_file> read(std::string bytes,
                                               const table_columns& columns = reading::columns_of_lines());

  [[nodiscard]] const table_columns& columns() const { return *columns_; }

  [[nodiscard]] std::size_t count() const { return rows_.size(); }
  [[nodiscard]] const std::string& cell(std::size_t row, std::size_t c) const { return rows_[row].values[c]; }
  void set(std::size_t row, std::size_t c, const std::string& value);
  /** At the end; gives its place. */
  std::size_t add(std::span<const std::string> values);

  /** UTF-8; with a byte order mark unless the file that was read had no need of one. */
  [[nodiscard]] std::string text() const;
  /** Which row and column stand at a line and column of text(), as a problem counts them; none: no row does. */
  struct spot {
    std::size_t row;
    std::optional<std::size_t> what;
  };
  [[nodiscard]] std::optional<spot> at(int line, int column_number) const;

 private:
  struct record {
    std::vector<std::string> pieces;  ///< as they are written, with their quotes
    std::string tail;                 ///< the line's end and blank lines
    row_cells values;                 ///< without
  };

  explicit table_file(const table_columns& columns) : columns_(&columns) {}
  [[nodiscard]] result<void> read_text(std::string_view text);
  [[nodiscard]] std::size_t place_of(std::size_t c);
  [[nodiscard]] static std::string as_line(const record& r);

  const table_columns* columns_;
  bool marked_ = true;  ///< begins with a byte order mark
  std::string line_end_ = "\r\n";
  std::string before_;                             ///< comments above the headings
  record head_;                                    ///< no pieces: there are no headings yet
  std::vector<std::optional<std::size_t>> order_;  ///< of head_'s pieces
  std::vector<record> rows_;
};

}  // namespace changtong::sheets
