#pragma once
/** lines.csv -> line drafts. Knows headings, cells and their rules; what concerns several lines (ids, parents, checks)
 * is decided by whoever holds all of them. Internal to daemon/settings. */
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/settings/draft.h"
#include "daemon/settings/line_columns.h"
#include "daemon/settings/table_rows.h"
#include "daemon/settings/whole_list.h"

namespace changtong::reading {

inline constexpr std::size_t most_lines = 200'000;
inline constexpr std::size_t most_addresses = 8;
inline constexpr std::size_t most_spellings = 20'000;  ///< of other nodes' checks that are looked at

class line_table : public line_columns {
 public:
  struct spot {
    int line = 0;
    std::size_t offset = 0;
  };
  struct row {
    target what;
    std::string checks;  ///< as written
    spot id_at, parent_at, checks_at, circuit_at, address_at;
  };

  /** `bytes` is the file as read, `file` its path; both it and `draft` must outlive the table. Where `shared`, the list
   * is that of all the nodes of draft.value.nodes, which then says how many lines each has: every row is read, and
   * ours are kept. */
  line_table(std::string bytes, std::string_view file, config_draft& draft, bool shared, findings& found);
  line_table(const line_table&) = delete;
  line_table& operator=(const line_table&) = delete;

  [[nodiscard]] std::vector<row>& rows() { return rows_; }
  /** The list with the lines of other nodes; null where all are ours. */
  [[nodiscard]] const whole_list* whole() const { return whole_ ? &*whole_ : nullptr; }
  /** Cells of other nodes' lines, each spelling where it stands first. */
  [[nodiscard]] const std::unordered_map<std::string, spot>& checks_of_others() const { return checks_of_others_; }
  /** `skip` bytes further. */
  [[nodiscard]] place at(spot s, std::size_t skip = 0) const;

 private:
  [[nodiscard]] row_rules rules() const;
  void read();
  void divide(node_division& by);
  void read_row(row_cells cells);
  void read_addresses(target& into, const csv_field& cell);
  void read_category(target& into, const csv_field& cell);
  void read_bandwidth(target& into, const csv_field& cell);
  void read_witness(target& into, const csv_field& cell);
  void read_scope(target& into, const csv_field& from, const csv_field& to);
  [[nodiscard]] std::string words(const csv_field& cell, column which, std::size_t most);
  void error(const csv_field& cell, phrase text);

  std::string text_;
  std::string_view file_;
  const config_draft& draft_;
  findings& found_;
  std::unordered_map<std::string, result<wall_t>> dates_;       ///< few distinct ones, and reading one is slow
  std::map<std::string, std::string, std::less<>> categories_;  ///< id or Chinese name -> id
  std::optional<whole_list> whole_;
  std::unordered_map<std::string, spot> checks_of_others_;
  std::size_t read_ = 0;  ///< rows, ours and others'
  std::vector<row> rows_;
};

}  // namespace changtong::reading
