#pragma once
/** A small CSV table as offices keep them: UTF-8 or GB18030, headings in any order, Chinese or English, every row with
 * as many fields. */
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/reading/csv.h"
#include "daemon/reading/place.h"

namespace changtong::reading {

struct heading {
  std::string_view english;
  std::vector<std::string_view> chinese;
  bool required = true;
};

/** A first row against the headings that may stand in it. Faults go to `tell`; a required heading is missed only where
 * every other is good. */
struct heading_row {
  std::vector<std::size_t> order;  ///< position of a field -> which of the headings; past them: none
  std::vector<const heading*> missing;
  bool good = true;  ///< each is known and stands once; `missing` is another matter
};
using cell_fault = std::function<void(const csv_field& cell, phrase why)>;
[[nodiscard]] heading_row read_heading_row(const std::vector<csv_field>& fields, const std::vector<heading>& headings,
                                           const cell_fault& tell, bool any_case = false);
[[nodiscard]] phrase missing_words(const heading& h);
/** What is wrong with a row of so many fields under so many headings; empty: nothing. */
[[nodiscard]] phrase width_fault(std::size_t fields, std::size_t headings);
/** No cell of it says anything. */
[[nodiscard]] bool is_blank(const std::vector<csv_field>& fields);

/** Its rows are cells in the order of `headings`. `file` must outlive it. */
class table {
 public:
  table(std::string bytes, const std::string& file, std::vector<heading> headings);

  using cells = std::vector<csv_field>;
  /** Calls `each` once a row that is not blank; an absent column is an empty cell. */
  void read(const std::function<void(const cells&)>& each);
  /** Call only from inside `each`. */
  void error(const csv_field& cell, phrase text);
  /** What was wrong; no entries at all are wrong too. */
  [[nodiscard]] std::optional<problems> problems_found(std::size_t entries);

 private:
  bool read_headings(const cells& fields);
  [[nodiscard]] cells in_order(const cells& fields) const;

  const std::string& file_;
  std::vector<heading> headings_;
  std::string text_;
  findings found_;
  std::vector<std::size_t> order_;
  csv_reader* reader_ = nullptr;
};

/** 2026/3/4 as spreadsheets write it -> 2026-03-04; anything else stays. */
[[nodiscard]] std::string plain_day(std::string_view text);

}  // namespace changtong::reading
