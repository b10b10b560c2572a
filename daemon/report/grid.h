#pragma once
/** A sheet cell by cell: merged areas, looks, formulas, heights in which every text fits. Layouts of forms draw it with
 * a pen; workbook writes it. Values, any thread.
 *
 * Rows and columns count from 0, widths are in digits of the book's normal font, heights in points. */
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changtong::report {

enum class face : std::uint8_t { song, fangsong, hei, xiaobiaosong };
enum class side : std::uint8_t { left, center, right };

struct look {
  face font = face::song;
  double points = 10.5;
  bool bold = false, framed = true;
  side align = side::center;
  bool top = false;                               ///< text at the upper edge instead of the middle
  std::uint32_t ink = 0x000000, fill = 0xFFFFFF;  ///< fill of white is none
  std::string numbers;                            ///< number format of the spreadsheet; empty: general
  std::partial_ordering operator<=>(const look&) const = default;
};

struct grid_cell {
  int column = 0, columns = 1;
  std::string text;  ///< any bytes; '\n' breaks the line. Never read as a formula
  look style;
  bool number = false;  ///< `text` is a decimal number; anything else stays text
  std::string formula;  ///< "=SUM(G9:G20)"; `text` is its value for readers that do not compute
  int row = 0, rows = 1;
};

struct grid {
  std::string name;             ///< of the tab
  std::vector<double> widths;   ///< a column each
  std::vector<double> heights;  ///< a row each, at most 400
  std::vector<grid_cell> cells;
  std::optional<int> repeated;  ///< this row stands on top of each printed page
  bool landscape = false;
  std::string header;  ///< in the middle of each printed page's head
};

/** Lines that `text` takes in `width` digits, counted so that it fits with any of the usual fonts: a Chinese character
 * is an em, a run of Latin letters is not broken unless it is longer than a line. At least 1. */
[[nodiscard]] int lines_of(std::string_view text, double width, double points);

/** Spreadsheet address: (0, 0) -> A1. */
[[nodiscard]] std::string address_of(int row, int column);

/** Digits behind the point: "9.98" -> 2, "10" -> 0. */
[[nodiscard]] int decimals_of(std::string_view number);

/** Puts the text of merged areas that a page break may run through at their top, so that no line of it is cut: their
 * first row is never broken. Breaks are estimated for A4 fit to one page wide, with room for other fonts. */
void keep_off_page_breaks(grid& g);

/** Draws a grid from top to bottom. */
class pen {
 public:
  explicit pen(grid& g) : grid_(g) {}
  /** A row as high as its highest text; its cells' row is set here. A text higher than a row can be makes it several
   * rows, over which it is spread, a piece in each; the others' cells are merged. Returns the first of them. */
  int row(const std::vector<grid_cell>& cells, double least = 21);
  /** A cell over rows that stand already; who made them gave them the height that it needs. */
  void over(int first_row, int last_row, grid_cell c);
  /** What the text of `c` needs in its columns. */
  [[nodiscard]] double height_of(const grid_cell& c) const;
  [[nodiscard]] int next() const { return static_cast<int>(grid_.heights.size()); }

 private:
  [[nodiscard]] double width_of(const grid_cell& c) const;
  /** The cell, or cells with the pieces of its text that rows can hold. */
  [[nodiscard]] std::vector<grid_cell> pieces_of(const grid_cell& whole) const;
  grid& grid_;
};

}  // namespace changtong::report
