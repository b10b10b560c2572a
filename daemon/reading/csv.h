#pragma once
/** RFC 4180 with bounds, and with another separator where one is named. Knows rows and fields, nothing of lines. */
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/phrase.h"
#include "daemon/reading/words.h"

namespace changtong::reading {

struct csv_field {
  std::string_view text{};  ///< unquoted; into the reader's text, or into its scratch until the next row
  int line = 0;
  std::size_t offset = 0;  ///< of its first byte, inside the quotes if it has them
};

/** What people write by hand, or every byte of what a program wrote. */
struct csv_manners {
  bool skips = true;  ///< blank rows, and lines that begin with '#' before the first row; else they are rows too
  std::size_t most_field_bytes = 4096;
  char separator = ',';
  std::size_t most_fields = 64;
};
inline constexpr csv_manners written_by_a_program{.skips = false, .most_field_bytes = 1 << 20};

/** Reads rows one at a time. Accepts CRLF, LF and a last row without either. After a problem the reader is at its end.
 */
class csv_reader {
 public:
  /** `utf8` must outlive the reader. */
  explicit csv_reader(std::string_view utf8, csv_manners how = {}) : text_(utf8), how_(how) {}
  csv_reader(const csv_reader&) = delete;
  csv_reader& operator=(const csv_reader&) = delete;

  /** False at the end. The row is valid until the next call. */
  [[nodiscard]] result<bool> next(std::vector<csv_field>& row);
  /** In characters, from 1. Asked only for messages: counting it for every field would cost more than reading. */
  [[nodiscard]] int column_of(const csv_field& field) const { return reading::column_at(text_, field.offset); }

 private:
  [[nodiscard]] std::optional<problem> plain_field(csv_field& field);
  [[nodiscard]] std::optional<problem> quoted_field(csv_field& field);
  [[nodiscard]] bool at_row_end() const;
  void skip_row_end();
  void skip_comments();
  problem fail(phrase text, int line, std::size_t offset);

  std::string_view text_;
  csv_manners how_;
  std::size_t at_ = 0;
  int line_ = 1;
  bool begun_ = false;
  std::vector<std::string> scratch_;  ///< fields with doubled quotes; reserved once a row so that views stay valid
};

}  // namespace changtong::reading
