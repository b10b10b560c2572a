#include "daemon/settings/table_rows.h"

#include <algorithm>

#include "daemon/reading/days.h"
#include "daemon/reading/table.h"
#include "daemon/reading/words.h"

namespace changtong::reading {
namespace {

/** Spreadsheets write columns that have nothing in them: behind the last heading, empty cells are none. */
void drop_empty_end(std::vector<csv_field>& fields, std::size_t least) {
  while (fields.size() > std::max<std::size_t>(least, 1) && trim(fields.back().text).empty()) fields.pop_back();
}

}  // namespace

void read_rows(std::string_view text, std::string_view file, const row_rules& rules, findings& found,
               const std::function<void(row_cells cells)>& each) {
  const auto error = [&](const csv_field& cell, phrase why) {
    found.error({file, cell.line, column_at(text, cell.offset)}, std::move(why));
  };
  std::vector<heading> known;
  for (const table_columns::heading& h : rules.columns.headings)
    known.push_back({.english = h.english, .chinese = {h.chinese}, .required = false});
  for (const std::size_t c : rules.required) known[c].required = true;
  csv_reader csv(text);
  std::vector<csv_field> fields, cells(known.size());
  std::vector<std::size_t> order;  // position of a field -> column
  std::size_t rows = 0;
  while (true) {
    const auto more = csv.next(fields);
    if (!more) return found.error(file, more.error());
    if (!*more) break;
    drop_empty_end(fields, order.size());
    if (order.empty()) {
      if (trim(fields[0].text).starts_with('#')) continue;  // a comment that a spreadsheet has put in quotes
      heading_row row = read_heading_row(fields, known, error, true);
      if (!row.missing.empty()) error(fields[0], missing_words(*row.missing.front()));
      if (!row.good || !row.missing.empty()) return;
      order = std::move(row.order);
    } else if (rows == rules.most) {
      return error(fields[0], rules.too_many);
    } else if (phrase why = width_fault(fields.size(), order.size()); !why.empty()) {
      error(fields[0], std::move(why));
    } else if (!is_blank(fields)) {
      std::ranges::fill(cells, csv_field{.text = {}, .line = fields[0].line, .offset = fields[0].offset});
      for (std::size_t i = 0; i < fields.size(); ++i) cells[order[i]] = fields[i];
      each(cells);
      ++rows;
    }
  }
  if (order.empty()) found.error({file, 1, 1}, rules.no_headings);
}

std::string day_of_cell(std::string_view text) {
  const auto day = read_day(text);
  return day && !day->had_time ? day->iso : std::string(text);
}

}  // namespace changtong::reading
