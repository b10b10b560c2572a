#pragma once
// A sheet that was drawn, as a file would bring it back.
#include "daemon/reading/office_file.h"
#include "daemon/report/grid.h"

namespace changtong::forms {

inline reading::office_table table_of(const report::grid& g) {
  reading::office_table t{.title = g.name, .hidden = false, .cells = {}};
  for (const report::grid_cell& c : g.cells)
    if (!c.text.empty())
      t.cells.push_back({.row = static_cast<std::size_t>(c.row),
                         .column = static_cast<std::size_t>(c.column),
                         .rows = static_cast<std::size_t>(c.rows),
                         .columns = static_cast<std::size_t>(c.columns),
                         .text = c.text + (c.style.numbers.find('%') == std::string::npos ? "" : "%")});
  std::ranges::sort(t.cells, {}, [](const auto& c) { return std::pair(c.row, c.column); });
  return t;
}

}  // namespace changtong::forms
