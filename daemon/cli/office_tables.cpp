#include "daemon/cli/office_tables.h"

#include <filesystem>
#include <utility>

#include "daemon/cli/ending.h"
#include "daemon/core/phrase.h"
#include "daemon/forms/form.h"
#include "daemon/host/plain_file.h"
#include "daemon/reading/csv.h"
#include "daemon/reading/encoding.h"
#include "daemon/reading/words.h"

namespace changtong {
namespace {

result<std::string> bytes_of(const std::string& path) {
  auto bytes = host::read_any_file(path, forms::most_form_bytes);
  if (!bytes) return about(path, said(both("无法读取：{}", "cannot be read: {}", words_of(bytes.error()))));
  return bytes;
}

result<std::vector<reading::office_table>> tables_of(const std::string& path, std::string bytes) {
  auto tables = reading::office_tables(std::move(bytes));
  if (!tables) return about(path, tables.error());
  return tables;
}

/** Every row is one, so that addresses are those that a spreadsheet shows. */
result<reading::office_table> csv_table(const std::string& text, std::string title) {
  reading::office_table t{.title = std::move(title), .hidden = false, .cells = {}};
  reading::csv_reader rows(text, {.skips = false, .most_fields = forms::most_form_cells});
  std::vector<reading::csv_field> fields;
  for (std::size_t row = 0;; ++row) {
    const auto more = rows.next(fields);
    if (!more) return more.error();
    if (!*more) return t;
    if (t.cells.size() + fields.size() > reading::most_table_cells)
      return said(
          both("表格太大：超过 {} 格", "the tables are too large: more than {} cells", reading::most_table_cells));
    for (std::size_t column = 0; column < fields.size(); ++column)
      t.cells.push_back(
          {.row = row, .column = column, .rows = 1, .columns = 1, .text = std::string(fields[column].text)});
  }
}

}  // namespace

result<std::vector<reading::office_table>> read_tables(const std::string& path) {
  auto bytes = bytes_of(path);
  if (!bytes) return bytes.error();
  return tables_of(path, std::move(*bytes));
}

result<std::vector<reading::office_table>> read_tables_or_csv(const std::string& path) {
  auto bytes = bytes_of(path);
  if (!bytes) return bytes.error();
  if (reading::office_kind_of(*bytes) != reading::office_kind::none) return tables_of(path, std::move(*bytes));
  const auto text = reading::sheet_to_utf8(std::move(*bytes));
  if (!text) return about(path, text.error());
  auto table = csv_table(*text, std::filesystem::path(path).filename().string());
  if (!table) return about(path, table.error());
  return std::vector{std::move(*table)};
}

}  // namespace changtong
