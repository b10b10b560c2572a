#include "daemon/sheets/grid.h"

#include <algorithm>
#include <array>

#include "daemon/core/phrase.h"
#include "daemon/reading/csv.h"
#include "daemon/reading/encoding.h"
#include "daemon/reading/office_package.h"
#include "daemon/settings/lines.h"

namespace changtong::sheets {
namespace {

constexpr std::size_t most_rows = reading::most_lines + 1000;  // titles, totals, blank rows
constexpr std::size_t most_cell_bytes = 32'767 * 3;            // what a cell of Excel holds

problem too_many_rows() {
  return said(both("超过 {} 行：请分成几个文件", "more than {} rows: make several files of it", most_rows));
}

/** One row after the other until the end, or as many as `most`; the problem, if one stops it. */
std::optional<problem> read_csv(std::string_view text, char separator, std::size_t most, std::vector<grid_row>& into) {
  reading::csv_reader csv(
      text,
      {.skips = false, .most_field_bytes = most_cell_bytes, .separator = separator, .most_fields = most_grid_columns});
  std::vector<reading::csv_field> fields;
  while (into.size() < most) {
    const auto more = csv.next(fields);
    if (!more) {
      problem p = more.error();
      p.line = static_cast<int>(into.size()) + 1;  // a row of a spreadsheet may be several lines
      return p;
    }
    if (!*more) return std::nullopt;
    grid_row& row = into.emplace_back();
    row.number = into.size();
    for (const reading::csv_field& f : fields) row.cells.push_back({.text = std::string(f.text)});
  }
  return most > most_rows ? std::optional(too_many_rows()) : std::nullopt;
}

result<std::vector<grid>> of_csv(std::string bytes, const std::function<std::size_t(const grid_row&)>& headings_in) {
  constexpr std::size_t looked_at = 60;
  auto text = reading::sheet_to_utf8(std::move(bytes));
  if (!text) return text.error();
  if (text->find('\n') == std::string::npos) std::ranges::replace(*text, '\r', '\n');  // as Excel for Mac did
  char best = ',';
  std::size_t most = 0;
  for (const char separator : {',', '\t', ';'}) {
    std::vector<grid_row> rows;
    (void)read_csv(*text, separator, looked_at, rows);  // with a wrong separator quotes may stand anywhere
    for (const grid_row& r : rows)
      if (const std::size_t n = headings_in(r); n > most) most = n, best = separator;
  }
  std::vector<grid> all(1);
  if (auto no = read_csv(*text, best, most_rows + 1, all[0].rows)) return std::move(*no);
  return all;
}

/** Cells below the first of a merged range say what it says. */
void fill_merged(grid& g, const std::vector<reading::merged_range>& ranges) {
  const auto row_at = [&g](std::size_t number) {
    return std::ranges::lower_bound(g.rows, number, {}, &grid_row::number);
  };
  std::size_t looked_at = 0;  // ranges may lie over each other
  for (const reading::merged_range& m : ranges) {
    const auto first = row_at(m.first_row);
    if (first == g.rows.end() || first->number != m.first_row || m.first_column >= first->cells.size()) continue;
    const grid_cell from = first->cells[m.first_column];
    if (from.text.empty()) continue;
    for (auto row = first + 1; row != g.rows.end() && row->number <= m.last_row && looked_at < most_rows * 16;
         ++row, ++looked_at) {
      if (row->cells.size() <= m.first_column) row->cells.resize(m.first_column + 1);
      grid_cell& cell = row->cells[m.first_column];
      if (cell.text.empty()) cell = {.text = from.text, .what = from.what, .merged = true};
    }
  }
}

result<std::vector<grid>> of_workbook(std::string bytes) {
  auto book = reading::read_xlsx(std::move(bytes));
  if (!book) return book.error();
  std::vector<grid> all;
  for (reading::workbook_sheet& s : book->sheets) {
    grid& g = all.emplace_back();
    g.title = std::move(s.title);
    g.hidden = s.hidden;
    g.knows_merges = true;
    g.from_1904 = book->from_1904;
    if (s.rows.size() > most_rows) return too_many_rows();
    for (reading::sheet_row& r : s.rows) {
      grid_row& row = g.rows.emplace_back();
      row.number = r.number;
      row.hidden = r.hidden;
      for (reading::sheet_cell& c : r.cells) {
        if (c.column >= most_grid_columns) break;
        row.cells.resize(c.column + 1);
        row.cells[c.column] = {.text = std::move(c.text), .what = c.what};
      }
    }
    fill_merged(g, s.merged);
  }
  return all;
}

}  // namespace

result<std::vector<grid>> read_grids(std::string bytes,
                                     const std::function<std::size_t(const grid_row&)>& headings_in) {
  if (reading::looks_like_old_office(bytes))
    return said({"是旧格式（.xls）或加了密码的工作簿：请去掉密码，另存为 .xlsx 或 CSV",
                 "it is of an old format (.xls) or has a password: save it without one as .xlsx or CSV"});
  if (reading::looks_like_package(bytes)) return of_workbook(std::move(bytes));
  return of_csv(std::move(bytes), headings_in);
}

}  // namespace changtong::sheets
