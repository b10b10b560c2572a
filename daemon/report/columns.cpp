#include "daemon/report/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
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

std::size_t width_of(char32_t c) { return is_wide(c) ? 2U : is_combining(c) ? 0U : 1U; }

/** What may not begin a line. */
bool closes(char32_t c) { return std::u32string_view(U"，。；：、！？）》”").find(c) != std::u32string_view::npos; }

/** One line of a table; `fields` are no wider than their columns. */
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

/** One row, in as many lines as its longest cell needs. */
void append_row(std::string& out, const std::vector<column>& columns, const std::vector<std::string>& fields,
                const std::vector<std::size_t>& widths) {
  std::vector<std::vector<std::string>> cells;
  std::size_t lines = 1;
  for (std::size_t i = 0; i < columns.size(); ++i)
    lines = std::max(lines, cells.emplace_back(wrapped(fields[i], std::max<std::size_t>(widths[i], 2))).size());
  for (std::size_t n = 0; n < lines; ++n) {
    std::vector<std::string> line;
    for (const auto& c : cells) line.push_back(n < c.size() ? c[n] : std::string());
    append_line(out, columns, line, widths);
  }
}

/** Cells of the longest piece that is better not broken: a word, or the day and time of an instant. */
std::size_t longest_piece(std::string_view text) {
  const auto digit = [&](std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
  std::size_t longest = 0, piece = 0;
  for (std::size_t at = 0; at < text.size();) {
    const bool ends = text[at] == ' ' && !(at > 0 && digit(at - 1) && digit(at + 1));
    const char32_t c = next_character(text, at);
    if (ends || is_wide(c)) piece = 0;
    if (!ends) piece += width_of(c);
    longest = std::max(longest, piece);
    if (is_wide(c)) piece = 0;
  }
  return longest;
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

/** Takes from the widest column until all have room: first from headings, then from texts between words, then inside
 * words, then from numbers too. */
void narrow(std::vector<std::size_t>& widths, const std::vector<column>& columns,
            const std::vector<std::vector<std::string>>& rows, std::size_t most) {
  constexpr std::size_t long_word = 24;                    // what is longer is no word
  const std::vector<std::size_t> least(widths.size(), 2);  // a Chinese character
  std::vector<std::size_t> cells(widths.size(), 4), words = cells;
  for (const auto& row : rows)
    for (std::size_t i = 0; i < widths.size(); ++i) {
      cells[i] = std::max(cells[i], cells_of(row[i]));
      words[i] = std::max(words[i], std::min(longest_piece(row[i]), long_word));
    }
  const std::vector<std::size_t>* const stages[]{&cells, &words, &least, &least};
  for (std::size_t stage = 0; stage < std::size(stages); ++stage) {
    const auto spare = [&](std::size_t i) {
      const std::size_t floor = columns[i].right && stage < 3 ? cells[i] : (*stages[stage])[i];
      return widths[i] > floor ? widths[i] : 0;
    };
    while (whole(widths) > most) {
      std::size_t widest = 0;
      for (std::size_t i = 1; i < widths.size(); ++i)
        if (spare(i) > spare(widest)) widest = i;
      if (spare(widest) == 0) break;
      --widths[widest];
    }
  }
}

}  // namespace

std::size_t cells_of(std::string_view text) {
  std::size_t cells = 0;
  for (std::size_t at = 0; at < text.size();) cells += width_of(next_character(text, at));
  return cells;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  while (cells_of(text) > width) {
    std::size_t at = 0, cells = 0, fits = 0, good = 0;  // bytes that have room, and up to the last good place
    for (char32_t before = 0; at < text.size();) {
      std::size_t next = at;
      const char32_t c = next_character(text, next);
      if (at > 0 && (c == ' ' || ((is_wide(before) || is_wide(c) || before == ' ') && !closes(c)))) good = at;
      if (cells + width_of(c) > width) break;
      cells += width_of(c);
      before = c;
      at = fits = next;
    }
    const std::size_t cut = good > 0 ? good : fits;
    std::string_view line = text.substr(0, cut);
    lines.emplace_back(line.substr(0, line.find_last_not_of(' ') + 1));
    text.remove_prefix(cut);
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  }
  if (lines.empty() || !text.empty()) lines.emplace_back(text);
  return lines;
}

std::string first_of(const std::vector<std::string>& ids) {
  if (ids.size() <= 3) return fmt::format("{}", fmt::join(ids, " "));
  return fmt::format("{} {} … ({})", ids[0], ids[1], ids.size());
}

std::string in_columns(const std::vector<column>& columns, const std::vector<std::vector<std::string>>& rows,
                       std::size_t most) {
  std::vector<std::size_t> widths = widths_of(columns, rows);
  const bool broken = whole(widths) > most;
  if (broken) narrow(widths, columns, rows, most);
  const auto append = broken ? append_row : append_line;
  std::vector<std::string> headings;
  for (const column& c : columns) headings.push_back(c.heading);
  std::string out;
  append(out, columns, headings, widths);
  out += std::string(whole(widths), '-') + '\n';
  for (const auto& row : rows) append(out, columns, row, widths);
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
  return {in_columns(kept(columns), lines, most), std::move(left_out)};
}

}  // namespace changtong::report
