#include "daemon/sheets/edit.h"

#include <set>
#include <utility>

#include "daemon/reading/words.h"

namespace changtong::sheets {
namespace {

using rows_by_id = std::map<std::string, std::size_t, std::less<>>;

rows_by_id rows_of(const table_file& table) {
  rows_by_id rows;
  for (std::size_t r = 0; r < table.count(); ++r) rows.emplace(table.cell(r, table.columns().id), r);
  rows.erase("");
  return rows;
}

class editing {
 public:
  explicit editing(table_file table) : table_(std::move(table)), rows_(rows_of(table_)) {}

  void take(const row_edit& e) {
    const std::string id = stated(e, of_.id).value_or("");
    if (id.empty())
      return wrong(id, both("没有写编号：用字母、数字、点、横线，如 {}",
                            "there is no id: write one of letters, digits, dots and dashes, as {}", of_.like));
    const auto known = rows_.find(id);
    if (!named_.insert(id).second)
      return wrong(id, both("编号 {} 出现两次：请改其中一个", "id {} stands twice: change one of them", id));
    if (e.fresh && known != rows_.end())
      return wrong(id, both("编号 {0} 已有{1}：请换一个，或去修改已有的",
                            "there is a {1} {0} already: take another id, or change that {1}", id, of_.one));
    if (!e.fresh && known == rows_.end())
      return wrong(id, both("清单里没有 {}：它可能刚被删去，请刷新",
                            "the inventory has no {}: it may have been removed just now, load the page again", id));
    if (e.fresh)
      add(e);
    else
      change(id, known->second, e);
  }

  edit_preview held_to(const std::function<verdict(const std::string&)>& check, wall_t now) {
    out_.text = table_.text();
    if (!check) return std::move(out_);
    const verdict said = check(out_.text);
    for (const problem& p : said.problems) out_.problems.push_back(of_a_row(p));
    for (const problem& p : said.warnings)
      if (cell_problem w = of_a_row(p); named_.contains(w.id)) out_.warnings.push_back(std::move(w));
    if (said.made) warn_of_the_past(*said.made, now);
    if (said.made && said.shared) warn_of_other_nodes(*said.made);
    return std::move(out_);
  }

 private:
  void warn_of_the_past(const inventory& made, wall_t now) {
    const auto warn = [&](const std::string& id) {
      const target_index at = made.index_of(id);
      if (at == no_index || !made.targets[at].closed || *made.targets[at].closed >= now) return;
      out_.warnings.push_back({id,
                               of_.closed,
                               {"停用日期已过：从那时起记下的畅通、中断和未观测都不再计入畅通率（已结账的期间不变）",
                                "this day is over: what was recorded since it began, up, down or unknown, is in no "
                                "figure any more (but for "
                                "closed periods)"}});
    };
    for (const closed_row& c : out_.closed) warn(c.id);
    for (const edited_cell& c : out_.changed)
      if (c.what == of_.closed) warn(c.id);
  }

  /** What stands in a list that several nodes share and is not ours. */
  void warn_of_other_nodes(const inventory& made) {
    for (const std::string& id : named_)
      if (made.index_of(id) == no_index)
        out_.warnings.push_back({id,
                                 of_.id,
                                 {"按 nodes 的划分归别的节点：本机不监测它；写入后请把同一份清单放到那台",
                                  "by nodes it is another node's: it is not watched here; bring the same list to that "
                                  "node"}});
  }

  static std::optional<std::string> stated(const row_edit& e, std::size_t c) {
    const auto cell = e.cells.find(c);
    if (cell == e.cells.end()) return std::nullopt;
    return std::string(reading::trim(cell->second));
  }

  [[nodiscard]] cell_problem of_a_row(const problem& p) const {
    const auto spot = p.file.empty() ? table_.at(p.line, p.column) : std::nullopt;
    if (spot) return {table_.cell(spot->row, of_.id), spot->what, of_.without_keys(words_of(p))};
    return {{}, std::nullopt, placed_words_of(p)};
  }

  /** Whether a column says where what is kept back is sent, and who may read it there. */
  [[nodiscard]] bool guarded(std::size_t c) const {
    static const std::set<std::string_view> where{"url", "tls", "ca", "downgrade"};
    return where.contains(of_.headings[c].english);
  }
  [[nodiscard]] bool keeps_back(std::size_t row) const {
    for (std::size_t c = 0; c < of_.headings.size(); ++c)
      if (of_.headings[c].kept_back && !table_.cell(row, c).empty()) return true;
    return false;
  }

  void wrong(const std::string& id, phrase text) { out_.problems.push_back({id, of_.id, std::move(text)}); }

  void add(const row_edit& e) {
    row_cells cells(of_.headings.size());
    for (std::size_t c = 0; c < cells.size(); ++c) cells[c] = stated(e, c).value_or(std::string());
    table_.add(cells);
    out_.added.push_back(std::move(cells));
  }

  void change(const std::string& id, std::size_t row, const row_edit& e) {
    for (std::size_t c = 0; c < of_.headings.size(); ++c) {
      const auto to = stated(e, c);
      if (c == of_.id || !to) continue;
      const std::string from = table_.cell(row, c);
      if (from == *to) continue;
      if (guarded(c) && keeps_back(row))
        return wrong(id,
                     both("{0} 的这一行还有不在这里显示的内容（可能是口令）：网址与加密请直接在 {1} 中改",
                          "the row of {0} holds what is not shown here, perhaps a secret: change its address and TLS "
                          "in {1} itself",
                          id, of_.file));
      table_.set(row, c, *to);
      if (c == of_.closed && from.empty())
        out_.closed.push_back({id, *to});
      else
        out_.changed.push_back({id, c, from, *to});
    }
  }

  table_file table_;
  const table_columns& of_ = table_.columns();
  rows_by_id rows_;
  std::set<std::string> named_;
  edit_preview out_;
};

}  // namespace

edit_preview edited(table_file table, const std::vector<row_edit>& edits,
                    const std::function<verdict(const std::string& text)>& check, wall_t now) {
  editing all(std::move(table));
  for (const row_edit& e : edits) all.take(e);
  return all.held_to(check, now);
}

std::vector<row_difference> differences(const table_file& was, const table_file& now, std::size_t most) {
  using kind = row_difference::kind;
  const table_columns& of = now.columns();
  std::vector<row_difference> out;
  rows_by_id before = rows_of(was);
  for (std::size_t r = 0; r < now.count(); ++r) {
    const std::string& id = now.cell(r, of.id);
    if (id.empty()) continue;
    const auto known = before.find(id);
    if (known == before.end()) {
      out.push_back({.id = id, .what = kind::added});
      continue;
    }
    for (std::size_t c = 0; c < of.headings.size(); ++c) {
      const std::string &from = was.cell(known->second, c), &to = now.cell(r, c);
      if (from == to) continue;
      const bool shown = !of.headings[c].kept_back;
      out.push_back({id, kind::changed, c, shown ? from : std::string(), shown ? to : std::string()});
    }
    before.erase(known);
  }
  for (const auto& [id, row] : before) out.push_back({.id = id, .what = kind::removed});
  if (out.size() > most) out.erase(out.begin() + static_cast<std::ptrdiff_t>(most), out.end());
  return out;
}

}  // namespace changtong::sheets
