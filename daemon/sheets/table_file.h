#pragma once
/** lines.csv as text that keeps what nobody changes, to the byte: comments, order, quotes, columns that a sheet does
 * not have. Pure. */
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/settings/line_columns.h"

namespace changtong::sheets {

using line_cells = std::array<std::string, reading::line_columns::columns>;

class lines_file {
 public:
  using column = reading::line_columns::column;

  /** `bytes`: a file that load() takes, or nothing at all. */
  [[nodiscard]] static result<lines_file> read(std::string bytes);

  [[nodiscard]] std::size_t count() const { return rows_.size(); }
  [[nodiscard]] const std::string& cell(std::size_t row, column c) const { return rows_[row].values[c]; }
  void set(std::size_t row, column c, const std::string& value);
  /** At the end; gives its place. */
  std::size_t add(const line_cells& values);

  /** UTF-8; with a byte order mark unless the file that was read had no need of one. */
  [[nodiscard]] std::string text() const;
  /** Which row and column stand at a line and column of text(), as a problem counts them; none: no row does. */
  struct spot {
    std::size_t row;
    std::optional<column> what;
  };
  [[nodiscard]] std::optional<spot> at(int line, int column_number) const;

 private:
  struct record {
    std::vector<std::string> pieces;  ///< as they are written, with their quotes
    std::string tail;                 ///< the line's end and blank lines
    line_cells values;                ///< without
  };

  [[nodiscard]] result<void> read_text(std::string_view text);
  [[nodiscard]] std::size_t place_of(column c);
  [[nodiscard]] static std::string as_line(const record& r);

  bool marked_ = true;  ///< begins with a byte order mark
  std::string line_end_ = "\r\n";
  std::string before_;                        ///< comments above the headings
  record head_;                               ///< no pieces: there are no headings yet
  std::vector<std::optional<column>> order_;  ///< of head_'s pieces
  std::vector<record> rows_;
};

}  // namespace changtong::sheets
