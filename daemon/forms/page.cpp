#include "daemon/forms/page.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/core/column_letters.h"
#include "daemon/core/phrase.h"
#include "daemon/core/utf8.h"
#include "daemon/reading/words.h"

namespace changtong::forms {
namespace {

/** What is no UTF-8, or a character that nobody sees, never gets into a plan or onto a terminal. */
std::string valid(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t n = utf8_length(text);
    const bool control = reading::has_control_characters(text.substr(0, n));
    out += n == 0 ? std::string_view("\uFFFD") : control ? std::string_view(" ") : text.substr(0, n);
    text.remove_prefix(std::max<std::size_t>(n, 1));
  }
  return out;
}

}  // namespace

page::page(const reading::office_table& table, std::size_t number) : title_(valid(table.title)), number_(number) {
  for (const cell& c : table.cells) all_rows_ = std::max(all_rows_, c.row + 1);
  by_row_.resize(std::min(all_rows_, most_form_rows));
  tall_.resize(by_row_.size());
  for (const cell& c : table.cells) {
    if (c.row >= by_row_.size()) continue;
    if (by_row_[c.row].size() == most_form_cells) {
      if (wide_row_ == 0) wide_row_ = c.row + 1;
      continue;
    }
    by_row_[c.row].push_back(&c);
    constexpr std::size_t most_tall = 64;  // in one row: a hostile sheet may have any number
    for (std::size_t r = c.row + 1; r < std::min(c.row + c.rows, by_row_.size()); ++r)
      if (tall_[r].size() < most_tall) tall_[r].push_back(&c);
  }
}

result<void> page::whole() const {
  if (all_rows_ > most_form_rows)
    return said(both("表格超过 {} 行：只读绩效表，请去掉其余内容",
                     "the table has more than {} rows: keep the form alone", most_form_rows));
  if (wide_row_ > 0)
    return said(both("{}：一行超过 {} 格：只读绩效表，请去掉其余内容",
                     "{}: a row of more than {} cells: keep the form alone", address(wide_row_ - 1, 0),
                     most_form_cells));
  return {};
}

const page::cell* page::at(std::size_t row, std::size_t column) const {
  if (row >= by_row_.size()) return nullptr;
  for (const auto* list : {&by_row_[row], &tall_[row]})
    for (const cell* c : *list)
      if (c->column <= column && column < c->column + c->columns) return c;
  return nullptr;
}

spot page::spot_of(const cell& c) const {
  std::string_view text = c.text;
  for (std::size_t before = 0; before != text.size();) {  // as written, but for blanks of either width around it
    before = text.size();
    text = reading::trim(text);
    constexpr std::string_view wide = "\u3000";
    if (text.starts_with(wide)) text.remove_prefix(wide.size());
    if (text.ends_with(wide)) text.remove_suffix(wide.size());
  }
  return {valid(text), address(c.row, c.column)};
}

spot page::within(std::size_t row, std::size_t from, std::size_t to) const {
  if (row >= by_row_.size()) return {};
  spot first;
  for (const cell* c : by_row_[row]) {
    if (c->column < from || c->column >= to) continue;
    spot s = spot_of(*c);
    if (!s.blank()) return s;
    if (!first.there()) first = std::move(s);
  }
  if (!first.there()) first.at = address(row, from);  // a sheet keeps no empty cells
  return first;
}

spot page::over(std::size_t row, std::size_t column) const {
  const cell* c = at(row, column);
  return c == nullptr ? spot{.text = {}, .at = address(row, column)} : spot_of(*c);
}

spot page::beside(const cell& c) const {
  const auto& row = by_row_[c.row];
  for (auto other = std::ranges::lower_bound(row, c.column + c.columns, {}, &cell::column); other != row.end();
       ++other) {
    spot s = spot_of(**other);
    if (!s.blank()) return s;
  }
  return {};
}

std::string page::address(std::size_t row, std::size_t column) const {
  if (number_ > 0) return fmt::format("表{} 第{}行第{}列", number_, row + 1, column + 1);
  const std::string place = fmt::format("{}{}", column_letters(column), row + 1);
  return title_.empty() ? place : fmt::format("「{}」{}", title_, place);
}

}  // namespace changtong::forms
