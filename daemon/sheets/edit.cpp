#include "daemon/sheets/edit.h"

#include <map>
#include <set>
#include <utility>

#include "daemon/reading/words.h"

namespace changtong::sheets {
namespace {

using column = line_columns::column;
using rows_by_id = std::map<std::string, std::size_t, std::less<>>;

rows_by_id rows_of(const lines_file& inventory) {
  rows_by_id rows;
  for (std::size_t r = 0; r < inventory.count(); ++r) rows.emplace(inventory.cell(r, column::id), r);
  rows.erase("");
  return rows;
}

class editing {
 public:
  explicit editing(lines_file inventory) : inventory_(std::move(inventory)), rows_(rows_of(inventory_)) {}

  void take(const line_edit& e) {
    const std::string id = stated(e, column::id).value_or("");
    if (id.empty())
      return wrong(id, {"没有写编号：用字母、数字、点、横线，如 V001",
                        "there is no id: write one of letters, digits, dots and dashes, as V001"});
    const auto known = rows_.find(id);
    if (!named_.insert(id).second)
      return wrong(id, both("编号 {} 出现两次：请改其中一个", "id {} stands twice: change one of them", id));
    if (e.fresh && known != rows_.end())
      return wrong(id, both("编号 {} 已有专线：请换一个，或去修改那条专线",
                            "there is a line {} already: take another id, or change that line", id));
    if (!e.fresh && known == rows_.end())
      return wrong(id, both("清单里没有 {}：它可能刚被删去，请刷新",
                            "the inventory has no {}: it may have been removed just now, load the page again", id));
    if (e.fresh)
      add(e);
    else
      change(id, known->second, e);
  }

  edit_preview held_to(const std::function<std::vector<problem>(const std::string&)>& check) {
    out_.lines_csv = inventory_.text();
    if (!check) return std::move(out_);
    for (const problem& p : check(out_.lines_csv)) {
      const auto spot = p.file.empty() ? inventory_.at(p.line, p.column) : std::nullopt;
      if (spot)
        out_.problems.push_back({inventory_.cell(spot->row, column::id), spot->what, words_of(p)});
      else
        out_.problems.push_back({{}, std::nullopt, placed_words_of(p)});
    }
    return std::move(out_);
  }

 private:
  static std::optional<std::string> stated(const line_edit& e, column c) {
    if (!e.cells[c]) return std::nullopt;
    return std::string(reading::trim(*e.cells[c]));
  }

  void wrong(const std::string& id, phrase text) { out_.problems.push_back({id, column::id, std::move(text)}); }

  void add(const line_edit& e) {
    line_cells cells;
    for (std::size_t c = 0; c < line_columns::columns; ++c)
      cells[c] = stated(e, static_cast<column>(c)).value_or(std::string());
    inventory_.add(cells);
    out_.added.push_back(std::move(cells));
  }

  void change(const std::string& id, std::size_t row, const line_edit& e) {
    for (std::size_t k = 0; k < line_columns::columns; ++k) {
      const auto c = static_cast<column>(k);
      const auto to = stated(e, c);
      if (c == column::id || !to) continue;
      const std::string from = inventory_.cell(row, c);
      if (from == *to) continue;
      inventory_.set(row, c, *to);
      if (c == column::closed && from.empty())
        out_.closed.push_back({0, {}, id, *to});
      else
        out_.changed.push_back({0, {}, id, c, from, *to});
    }
  }

  lines_file inventory_;
  rows_by_id rows_;
  std::set<std::string> named_;
  edit_preview out_;
};

}  // namespace

edit_preview edited(lines_file inventory, const std::vector<line_edit>& edits,
                    const std::function<std::vector<problem>(const std::string& lines_csv)>& check) {
  editing all(std::move(inventory));
  for (const line_edit& e : edits) all.take(e);
  return all.held_to(check);
}

std::vector<line_difference> differences(const lines_file& was, const lines_file& now, std::size_t most) {
  using kind = line_difference::kind;
  std::vector<line_difference> out;
  rows_by_id before = rows_of(was);
  for (std::size_t r = 0; r < now.count(); ++r) {
    const std::string& id = now.cell(r, column::id);
    if (id.empty()) continue;
    const auto known = before.find(id);
    if (known == before.end()) {
      out.push_back({.id = id, .what = kind::added});
      continue;
    }
    for (std::size_t k = 0; k < line_columns::columns; ++k) {
      const auto c = static_cast<column>(k);
      if (was.cell(known->second, c) != now.cell(r, c))
        out.push_back({id, kind::changed, c, was.cell(known->second, c), now.cell(r, c)});
    }
    before.erase(known);
  }
  for (const auto& [id, row] : before) out.push_back({.id = id, .what = kind::removed});
  if (out.size() > most) out.erase(out.begin() + static_cast<std::ptrdiff_t>(most), out.end());
  return out;
}

}  // namespace changtong::sheets
