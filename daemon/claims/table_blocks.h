#pragma once
/** The tables of a report: blocks of neighbouring rows, each section under its own head. Pure; any thread. */
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/claims/document.h"
#include "daemon/claims/quantities.h"

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

/** Sections of one block of rows, each with its own head: funds, then indicators. */
using block = std::vector<section>;

/** The one figure of a cell; nothing where there is none, or more. */
[[nodiscard]] std::optional<quantity> figure_of(std::string_view cell);

/** Of all lines whose cells are parted by bars or tabs, or by blanks below a head that is known. */
[[nodiscard]] std::vector<block> blocks_of(const written_report& report);

/** A figure of a table under its full label. */
struct table_figure {
  std::string row;   ///< what the row is of: 专线租赁费
  std::string head;  ///< what its column says, without unit: 2023年支出
  column is;         ///< the column
  quantity what;     ///< in the unit of its cell, else of the head, the row, the unit column or the line above
  int line;          ///< of the row, from 1
  std::string_view as_written{};  ///< the cell; lives as long as the blocks
};

/** Of the rows that are no totals, those of one row behind each other. */
[[nodiscard]] std::vector<table_figure> figures_of(const written_report& report, const std::vector<block>& blocks);

}  // namespace changtong::claims
