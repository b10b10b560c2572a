#include "daemon/report/workbook.h"

#include <fmt/format.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>

namespace changtong::report {
namespace {

constexpr std::size_t most_rows = LXW_ROW_MAX - 1;  // below the heading
constexpr std::size_t most_cell_bytes = 32'767;     // Excel counts characters; bytes are never fewer

/** `text` cut where a character begins. */
std::string cell_text(const std::string& text) {
  if (text.size() <= most_cell_bytes) return text;
  std::size_t end = most_cell_bytes - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

void write_part(lxw_workbook* book, lxw_format* bold, const sheet& s, const std::string& name, std::size_t from) {
  lxw_worksheet* page = workbook_add_worksheet(book, name.c_str());
  if (page == nullptr) return;
  for (std::size_t c = 0; c < s.columns.size(); ++c)
    worksheet_write_string(page, 0, static_cast<lxw_col_t>(c), s.columns[c].heading.c_str(), bold);
  const std::size_t to = std::min(s.rows.size(), from + most_rows);
  for (std::size_t r = from; r < to; ++r) {
    const auto row = static_cast<lxw_row_t>(r - from + 1);
    for (std::size_t c = 0; c < s.columns.size(); ++c) {
      const std::string& text = s.rows[r][c];
      const auto column = static_cast<lxw_col_t>(c);
      double number = 0;
      if (text.empty()) continue;
      if (s.columns[c].number && std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc{})
        worksheet_write_number(page, row, column, number, nullptr);
      else
        worksheet_write_string(page, row, column, cell_text(text).c_str(), nullptr);
    }
  }
  worksheet_freeze_panes(page, 1, 1);
  worksheet_set_column(page, 0, static_cast<lxw_col_t>(s.columns.size() - 1), 16, nullptr);
}

}  // namespace

result<void> write_workbook(const std::string& path, const std::vector<sheet>& sheets, wall_t created) {
  std::string scratch = std::filesystem::path(path).parent_path().string();
  lxw_workbook_options options{
      .constant_memory = LXW_TRUE, .tmpdir = scratch.empty() ? nullptr : scratch.data(), .use_zip64 = LXW_FALSE};
  lxw_workbook* book = workbook_new_opt(path.c_str(), &options);
  lxw_doc_properties about{};
  about.created = ms_of(created) / 1000;
  workbook_set_properties(book, &about);
  lxw_format* bold = workbook_add_format(book);
  format_set_bold(bold);
  for (const sheet& s : sheets)
    for (std::size_t from = 0, part = 1; from == 0 || from < s.rows.size(); from += most_rows, ++part)
      write_part(book, bold, s, part == 1 ? s.name : fmt::format("{} ({})", s.name, part), from);
  if (const lxw_error e = workbook_close(book); e != LXW_NO_ERROR)
    return problem{fmt::format("XLSX 写不了：{} / cannot be written", lxw_strerror(e))};
  return {};
}

}  // namespace changtong::report
