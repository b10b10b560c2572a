#pragma once
/** The tables of a report: blocks of neighbouring rows, each section under its own head. Pure; any thread. */
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/claims/claims.h"

namespace changtong::claims {

/** What a column holds, by the words of its head. */
enum class column : std::uint8_t {
  name,
  weight,
  got,
  target,
  actual,
  rate,
  initial,
  budget,
  executed,
  amount,
  price,
  count,
  total,
  share,
  other
};

struct row {
  int line = 0;
  std::vector<std::string> cells;
  std::vector<std::optional<quantity>> figures;
  bool total = false, part = false, subtotal = false;
  [[nodiscard]] const quantity* at(std::size_t i) const {
    return i < figures.size() && figures[i] ? &*figures[i] : nullptr;
  }
  [[nodiscard]] std::string_view name() const {
    for (const std::string& c : cells)
      if (!c.empty()) return c;
    return {};
  }
};

struct section {
  int line = 0;  ///< of its head
  std::vector<column> columns;
  std::vector<std::string> heads;
  std::vector<row> rows;
  [[nodiscard]] std::size_t find(column c) const {
    return static_cast<std::size_t>(std::ranges::find(columns, c) - columns.begin());
  }
  [[nodiscard]] bool has_column(column c) const { return find(c) < columns.size(); }
};

[[nodiscard]] inline bool of_points(column c) { return c == column::weight || c == column::got; }
/** Whether two cells can be added, subtracted and divided by each other; one without a unit takes the other's. */
[[nodiscard]] bool comparable(const quantity& a, const quantity& b);
[[nodiscard]] inline std::string shown(const quantity& q) { return in_unit(q.value, q); }

/** The year that a head begins with, which is cut off: 2022 of 2022年, 1 and 2 of 上年 and 本年; 0 for none. */
[[nodiscard]] int year_of_head(std::string& head);

/** Sections of one block of rows, each with its own head: funds, then indicators. */
using block = std::vector<section>;

/** The one figure of a cell; nothing where there is none, or more. */
[[nodiscard]] std::optional<quantity> figure_of(std::string_view cell);

/** Of all lines whose cells are parted by bars or tabs: what stands below what is not guessed from blanks. */
[[nodiscard]] std::vector<block> blocks_of(const written_report& report);

/** The noun of a claim that is the total of its column. */
inline constexpr std::string_view whole_row = "合计";

/** The figures of rows as claims under their full label: 上年专线租赁费支出 where the row is of 专线租赁费 and the head
 * says 上年支出(万元). A column of targets is planned; of the budgets of a row the first counts, which may have been
 * changed in the year. Rates and prices say nothing, and of points only what a table of
 * a hundred comes to: 总分. */
[[nodiscard]] std::vector<claim> claims_of_tables(const written_report& report);

}  // namespace changtong::claims
