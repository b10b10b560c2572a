#include "daemon/report/grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "daemon/core/column_letters.h"
#include "daemon/core/utf8.h"

namespace changtong::report {
namespace {

constexpr double highest = 400;        // a row of a spreadsheet ends at 409 points
constexpr double narrow = 0.58;        // of an em: the widest of the usual Latin digits
constexpr double line_spacing = 1.46;  // of the size: Chinese fonts lie between 1.2 and 1.45

/** One line of text set in `room` ems. */
int wrapped(std::string_view line, double room) {
  int lines = 1;
  double at = 0, word = 0;
  const auto end_word = [&] {
    if (at + word > room && at > 0) {
      ++lines;
      at = 0;
    }
    while (word > room) {
      ++lines;
      word -= room;
    }
    at += word;
    word = 0;
  };
  while (!line.empty()) {
    const std::size_t n = std::max<std::size_t>(utf8_length(line), 1);
    const bool wide = n > 1;  // of East Asian ambiguous width (≥, “, —) Chinese fonts make an em too
    if (wide || line[0] == ' ') end_word();
    word += wide ? 1 : narrow;
    if (wide || line[0] == ' ') end_word();
    line.remove_prefix(n);
  }
  end_word();
  return lines;
}

/** The last place at or before `at` where a piece of text may end: between characters, and not before punctuation that
 * may not begin a line. */
std::size_t before(std::string_view text, std::size_t at) {
  at = std::max<std::size_t>(1, whole_characters(text, at));
  for (std::size_t cut = at, tries = 0; cut > 4 && cut < text.size() && tries < 4; ++tries) {
    static constexpr std::string_view closing = "，。；：、！？）》”";  // three bytes each
    const std::size_t found = closing.find(text.substr(cut, 3));
    if (found == std::string_view::npos || found % 3 != 0) return cut;
    cut = whole_characters(text, cut - 1);
  }
  return at;
}

}  // namespace

int lines_of(std::string_view text, double width, double points) {
  const double em = points * 96 / 72;
  // a digit is 7 pixels and a cell has 5 more, of which 6 are its borders' distance; punctuation that may not begin a
  // line takes a character with it, for which half an em is kept
  const double room = std::max(1.0, (width * 7 - 1) / em - (width * 7 > 6 * em ? 0.5 : 0));
  int lines = 0;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t to = std::min(text.find('\n', from), text.size());
    lines += wrapped(text.substr(from, to - from), room);
    from = to + 1;
  }
  return lines;
}

std::string address_of(int row, int column) {
  return fmt::format("{}{}", column_letters(static_cast<std::size_t>(column)), row + 1);
}

int decimals_of(std::string_view number) {
  const auto point = number.find('.');
  return point == std::string_view::npos ? 0 : static_cast<int>(number.size() - point - 1);
}

void keep_off_page_breaks(grid& g) {
  constexpr double page_width = 7.07 * 96, page_height = 10.2 * 72;  // of A4 within the margins: pixels, points
  double width = 0;
  for (const double w : g.widths) width += w * 7 + 5;
  const double capacity = page_height * std::max(1.0, width / page_width), doubt = capacity * 0.08;
  const double head = g.repeated ? g.heights[static_cast<std::size_t>(*g.repeated)] : 0;
  for (grid_cell& c : g.cells) {
    if (c.rows == 1) continue;
    const auto from = g.heights.begin() + c.row;
    const double top = std::accumulate(g.heights.begin(), from, 0.0),
                 bottom = std::accumulate(from, from + c.rows, top);
    for (double edge = capacity; edge - doubt < bottom; edge += capacity - head)
      if (edge + doubt > top) c.style.top = true;
  }
}

double pen::width_of(const grid_cell& c) const {
  const auto from = grid_.widths.begin() + c.column;
  // merged columns keep the five pixels of each
  return std::accumulate(from, from + c.columns, 0.0) + (c.columns - 1) * 5.0 / 7;
}

double pen::height_of(const grid_cell& c) const {
  return lines_of(c.text, width_of(c), c.style.points) * c.style.points * line_spacing + 4;
}

std::vector<grid_cell> pen::pieces_of(const grid_cell& whole) const {
  const double width = width_of(whole);
  const int most = static_cast<int>((highest - 4) / (whole.style.points * line_spacing));
  std::vector<grid_cell> out{whole};
  std::string_view rest = whole.text;
  while (lines_of(rest, width, whole.style.points) > most) {
    std::size_t fits = 0, next = 0;  // the longest beginning that does, found by halving
    for (std::size_t low = 1, high = rest.size(); low <= high;) {
      next = low + (high - low) / 2;
      if (lines_of(rest.substr(0, next), width, whole.style.points) <= most)
        low = (fits = next) + 1;
      else
        high = next - 1;
    }
    fits = before(rest, fits);
    out.back().style.top = true;
    out.back().text = rest.substr(0, fits);
    rest.remove_prefix(fits);
    out.push_back(out.back());
    out.back().text = rest;
  }
  return out;
}

int pen::row(const std::vector<grid_cell>& cells, double least) {
  const int first = next();
  std::vector<std::vector<grid_cell>> pieces;
  std::size_t rows = static_cast<std::size_t>(std::ceil(std::max(least, 1.0) / highest));
  for (const grid_cell& c : cells) rows = std::max(rows, pieces.emplace_back(pieces_of(c)).size());
  grid_.heights.insert(grid_.heights.end(), rows, least / static_cast<double>(rows));
  for (std::vector<grid_cell>& parts : pieces) {
    // a text that fits is one cell over all rows, a longer one a cell in each: page breaks fall between rows
    if (parts.size() == 1) parts[0].rows = static_cast<int>(rows);
    while (parts.size() > 1 && parts.size() < rows) {
      parts.push_back(parts.back());
      parts.back().text.clear();
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
      parts[i].row = first + static_cast<int>(i);
      double& height = grid_.heights[static_cast<std::size_t>(first) + i];
      if (parts.size() == rows) height = std::max(height, height_of(parts[i]));
      grid_.cells.push_back(std::move(parts[i]));
    }
  }
  return first;
}

void pen::over(int first_row, int last_row, grid_cell c) {
  c.row = first_row;
  c.rows = last_row - first_row + 1;
  grid_.cells.push_back(std::move(c));
}

}  // namespace changtong::report
