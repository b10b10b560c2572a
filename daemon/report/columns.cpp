#include "daemon/report/columns.h"

#include <algorithm>
#include <numeric>
#include <type_traits>

namespace changtong::report {
namespace {

/** Decodes one character of UTF-8 that core has already made valid; a stray byte counts as one character. */
char32_t next_character(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned b = byte(at);
  const std::size_t length = b < 0x80 ? 1 : b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : b >= 0xc0 ? 2 : 1;
  char32_t c = length == 1 ? b : b & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) c = (c << 6U) | (byte(at + i) & 0x3fU);
  at += length;
  return c;
}

/** The blocks that Unicode's EastAsianWidth calls wide and that appear in names; the rest of the table is not needed.
 */
bool is_wide(char32_t c) {
  return (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0x303e) || (c >= 0x3041 && c <= 0xa4cf) ||
         (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) || (c >= 0xfe30 && c <= 0xfe6f) ||
         (c >= 0xff00 && c <= 0xff60) || (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1f64f) ||
         (c >= 0x20000 && c <= 0x3fffd);
}

bool is_combining(char32_t c) { return (c >= 0x300 && c <= 0x36f) || c == 0x200b || (c >= 0xfe00 && c <= 0xfe0f); }

void append_line(std::string& out, const std::vector<column>& columns, const std::vector<std::string>& fields,
                 const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string blanks(widths[i] - cells_of(fields[i]), ' ');
    if (i > 0) line += "  ";
    line += columns[i].right ? blanks + fields[i] : fields[i] + blanks;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  out += line + '\n';
}

std::vector<std::size_t> widths_of(const std::vector<column>& columns,
                                   const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const column& c : columns) widths.push_back(cells_of(c.heading));
  for (const auto& row : rows)
    for (std::size_t i = 0; i < columns.size(); ++i) widths[i] = std::max(widths[i], cells_of(row[i]));
  return widths;
}

std::size_t whole(const std::vector<std::size_t>& widths) {
  return std::accumulate(widths.begin(), widths.end(), widths.empty() ? 0 : 2 * (widths.size() - 1));
}

}  // namespace

std::size_t cells_of(std::string_view text) {
  std::size_t cells = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_character(text, at);
    cells += is_wide(c) ? 2U : is_combining(c) ? 0U : 1U;
  }
  return cells;
}

std::string in_columns(const std::vector<column>& columns, const std::vector<std::vector<std::string>>& rows) {
  const std::vector<std::size_t> widths = widths_of(columns, rows);
  std::vector<std::string> headings;
  for (const column& c : columns) headings.push_back(c.heading);
  std::string out;
  append_line(out, columns, headings, widths);
  out += std::string(whole(widths), '-') + '\n';
  for (const auto& row : rows) append_line(out, columns, row, widths);
  return out;
}

fitted fitted_columns(const std::vector<column>& columns, const std::vector<std::vector<std::string>>& rows,
                      std::size_t most) {
  std::vector<std::size_t> widths = widths_of(columns, rows);
  std::vector<bool> shown(columns.size(), true);
  std::vector<std::string> left_out;
  const auto leave = [&](std::size_t i) { shown[i] = false, widths[i] = 0; };
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].spare > 0 && std::ranges::all_of(rows, [&](const auto& row) { return row[i].empty(); })) leave(i);
  const auto room = [&] {
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (shown[i]) kept.push_back(widths[i]);
    return whole(kept) <= most;
  };
  while (!room()) {
    std::size_t next = columns.size();
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (shown[i] && columns[i].spare > 0 && (next == columns.size() || columns[i].spare > columns[next].spare))
        next = i;
    if (next == columns.size()) break;
    leave(next);
    left_out.push_back(columns[next].heading);
  }
  const auto kept = [&](const auto& all) {
    std::remove_cvref_t<decltype(all)> some;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (shown[i]) some.push_back(all[i]);
    return some;
  };
  std::vector<std::vector<std::string>> lines;
  for (const auto& row : rows) lines.push_back(kept(row));
  return {in_columns(kept(columns), lines), std::move(left_out)};
}

}  // namespace changtong::report
