#include "daemon/sheets/sheet.h"

#include <algorithm>

#include "daemon/core/column_letters.h"
#include "daemon/core/plain_text.h"
#include "daemon/core/utf8.h"
#include "daemon/reading/words.h"
#include "daemon/settings/lines.h"

namespace changtong::sheets {
namespace {

using column = line_columns::column;
using what = remark::kind;
using reading::trim;

/** What a merged cell usually holds, and what a line may well not state. */
constexpr std::array filled_down{column::category, column::unit, column::town, column::carrier};

class rows_reader {
 public:
  rows_reader(const grid& g, const word_list& words, const std::vector<category>& categories, sheet& into)
      : grid_(g), words_(words), categories_(categories), out_(into) {}

  void read() {
    doubt_category();
    tell_of_headings();
    for (std::size_t i = 0; i < out_.heads.row; ++i)
      if (first_of(grid_.rows[i]) != nullptr)
        skipped(grid_.rows[i], {"表头之上，不读", "stands above the headings and is not read"});
    for (std::size_t i = out_.heads.row + 1; i < grid_.rows.size(); ++i) {
      const grid_row& row = grid_.rows[i];
      if (const grid_cell* first = first_of(row); first != nullptr && !no_line(row, *first)) read_line(row);
    }
  }

 private:
  /** The first cell that says something; null: the row is blank. */
  static const grid_cell* first_of(const grid_row& row) {
    const auto it =
        std::ranges::find_if(row.cells, [](const grid_cell& c) { return !c.merged && !bare_word(c.text).empty(); });
    return it == row.cells.end() ? nullptr : &*it;
  }

  /** 类型 may as well be what kind of circuit it is: then no cell is a category. */
  void doubt_category() {
    auto& where = out_.heads.columns[column::category];
    auto& told = out_.heads.by_other_words;
    const auto by_word =
        std::ranges::find(told, column::category, &std::pair<std::string, line_columns::column>::second);
    if (!where || by_word == told.end()) return;
    for (std::size_t i = out_.heads.row + 1; i < grid_.rows.size(); ++i) {
      const cell_value r = read_cell(column::category, cell_at(grid_.rows[i], where->place), {categories_, words_});
      if (!r.value.empty()) return;
    }
    out_.heads.unread.push_back({where->place, where->heading, {"里面没有一个是类别", "no cell of it is a category"}});
    where.reset();
    told.erase(by_word);
  }

  void tell_of_headings() {
    const std::size_t at = out_.heading_row;
    for (const auto& [heading, c] : out_.heads.by_other_words) {
      const auto& own = line_columns::headings()[c];
      const bool number = c == column::id && out_.heads.running_number;
      out_.guesses.push_back(
          {at, heading,
           number ? both("当作编号：是流水号，行的次序变了编号也会变，请尽量另设编号一列",
                         "is taken for the id: a running number changes with the order of the rows, so better have ids")
                  : both("读作「{}」", "is read as '{}'", own.words()),
           what::heading});
    }
    for (const unread_column& u : out_.heads.unread)
      out_.guesses.push_back({at, u.heading, both("这一列不读：{}", "is not read: {}", u.why), what::aside});
  }

  void skipped(const grid_row& row, const phrase& why) {
    const grid_cell* first = first_of(row);
    const auto text = first == nullptr ? std::string() : as_seen(trim(first->text), 60);
    out_.guesses.push_back({row.number, {}, both("「{}」{}", "'{}': {}", text, why), what::skipped});
    above_ = {};
  }

  /** Totals, headings printed again on each page, headings of groups, what stands below the table. */
  bool no_line(const grid_row& row, const grid_cell& first) {
    if (words_.tells_a_total(first.text) && text_at(row, column::address).empty()) {
      skipped(row, {"是合计行，不是专线", "adds up others and is no line"});
    } else if (counts_columns(row)) {
      skipped(row, {"是列号", "numbers the columns"});
    } else if (repeats_headings(row)) {
      skipped(row, {"是重复的表头", "is the headings again"});
    } else if (words_.tells_a_footer(first.text) && text_at(row, column::address).empty()) {
      skipped(row, {"是表尾说明", "stands below the table"});
    } else if (only_one_cell(row) && (!in_column(row, first, column::id) || reading::bad_id(trim(first.text)))) {
      skipped(row, {"是小标题，不是专线", "is the heading of a group"});
    } else {
      return false;
    }
    return true;
  }

  [[nodiscard]] bool repeats_headings(const grid_row& row) const {
    std::size_t same = 0, other = 0;
    for (const auto& c : out_.heads.columns)
      if (c && c->place < row.cells.size() && !bare_word(row.cells[c->place].text).empty())
        ++(bare_word(row.cells[c->place].text) == bare_word(c->heading) ? same : other);
    return same >= 2 && other == 0;
  }

  /** Forms number their columns in a row of their own: 1, 2, 3 … */
  static bool counts_columns(const grid_row& row) {
    std::size_t next = 1;
    for (const grid_cell& c : row.cells)
      if (const std::string_view text = trim(c.text); !text.empty() && text != std::to_string(next++)) return false;
    return next > 4;
  }

  static bool only_one_cell(const grid_row& row) {
    return std::ranges::count_if(row.cells,
                                 [](const grid_cell& c) { return !c.merged && !bare_word(c.text).empty(); }) == 1;
  }

  [[nodiscard]] bool in_column(const grid_row& row, const grid_cell& cell, column c) const {
    return out_.heads.columns[c] && out_.heads.columns[c]->place == static_cast<std::size_t>(&cell - row.cells.data());
  }

  [[nodiscard]] static const grid_cell& cell_at(const grid_row& row, std::size_t place) {
    static const grid_cell none{};
    return place < row.cells.size() ? row.cells[place] : none;
  }
  [[nodiscard]] std::string text_at(const grid_row& row, column c) const {
    return out_.heads.columns[c] ? std::string(trim(cell_at(row, out_.heads.columns[c]->place).text)) : std::string();
  }

  void read_line(const grid_row& row) {
    sheet_line& line = out_.lines.emplace_back();
    line.row = row.number;
    if (row.hidden)
      out_.guesses.push_back({row.number,
                              {},
                              {"这一行在表格里是隐藏的，照样读入", "is hidden in the sheet and read all the same"},
                              what::read});
    for (std::size_t c = 0; c < line_columns::columns; ++c)
      if (out_.heads.columns[c]) read_cell_of(line, row, static_cast<column>(c));
    line.said_id = text_at(row, column::id);
    if (out_.heads.status) {
      const std::string status(trim(cell_at(row, out_.heads.status->place).text));
      for (const char* word : {"停", "拆", "撤", "注销", "销户", "退租", "关"})
        if (status.find(word) != std::string::npos) line.status = shortened(status, 64);
    }
    tell_of_columns_without_heading(row);
    for (const unread_column& u : out_.heads.unread) line.aside.push_back(cell_at(row, u.place).text);
  }

  /** Said once a column, at the first row that has something in it. */
  void tell_of_columns_without_heading(const grid_row& row) {
    if (headed_.empty()) {
      headed_.resize(most_grid_columns);
      for (const auto& c : out_.heads.columns)
        if (c) headed_[c->place] = true;
      for (const unread_column& u : out_.heads.unread) headed_[u.place] = true;
      if (out_.heads.status) headed_[out_.heads.status->place] = true;
    }
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      if (headed_[i] || trim(row.cells[i].text).empty()) continue;
      headed_[i] = true;
      out_.guesses.push_back(
          {row.number, column_letters(i),
           both("「{}」所在的列没有表头，不读", "'{}' stands in a column without a heading and is not read",
                as_seen(trim(row.cells[i].text), 60)),
           what::aside});
    }
  }

  void read_cell_of(sheet_line& line, const grid_row& row, column c) {
    const sheet_column& where = *out_.heads.columns[c];
    const grid_cell& cell = cell_at(row, where.place);
    const cell_world world{categories_, words_, grid_.from_1904, where.factor};
    cell_value r = read_cell(c, cell, world);
    row_cell& into = line.cells[c];
    into.value = std::move(r.value);
    if (r.problem) {
      line.bad = into.wrong = true;
      out_.problems.push_back({row.number, where.heading, std::move(*r.problem)});
    } else if (cell.merged && !into.value.empty()) {
      out_.guesses.push_back({row.number, where.heading,
                              both("合并单元格，填作「{}」", "a merged cell, filled with '{}'", shown(c, into.value)),
                              what::filled});
    } else if (r.guess) {
      out_.guesses.push_back({row.number, where.heading, std::move(*r.guess),
                              r.to_confirm.empty() ? what::read : what::category, r.to_confirm,
                              r.to_confirm.empty() ? std::string() : into.value});
    }
    fill_down(into, c, where, row.number, r.problem.has_value());
  }

  /** Who saves merged cells as CSV keeps the text of the first alone. */
  void fill_down(row_cell& into, column c, const sheet_column& where, std::size_t row, bool wrong) {
    if (grid_.knows_merges || std::ranges::find(filled_down, c) == filled_down.end()) return;
    if (wrong) {
      above_[c].clear();
    } else if (!into.value.empty()) {
      above_[c] = into.value;
    } else if (!above_[c].empty()) {
      into = {.value = above_[c], .filled = true};
      out_.guesses.push_back({row, where.heading,
                              both("空白，按合并单元格填作「{}」", "blank, filled with '{}' as a merged cell would be",
                                   shown(c, into.value)),
                              what::filled});
    }
  }

  [[nodiscard]] std::string shown(column c, const std::string& value) const {
    if (c == column::category)
      for (const category& known : categories_)
        if (known.id == value) return known.name;
    return as_seen(value, 64);
  }

  const grid& grid_;
  const word_list& words_;
  const std::vector<category>& categories_;
  sheet& out_;
  std::vector<bool> headed_;  ///< columns that have a heading, or of which it was said that they have none
  std::array<std::string, line_columns::columns> above_;  ///< what a blank below would be filled with
};

/** The sheet to read; null if none has headings. */
const grid* chosen(const std::vector<grid>& grids, const std::string& title, const word_list& words, headings& heads) {
  for (const bool hidden : {false, true})
    for (const grid& g : grids) {
      if (title.empty() ? g.hidden != hidden : g.title != title) continue;
      if (auto found = find_headings(g, words)) {
        heads = std::move(*found);
        return &g;
      }
    }
  return nullptr;
}

/** A second list beside the first is a question; what is no list is only said. */
void tell_of_others(const std::vector<grid>& grids, const grid& read, bool named, const word_list& words, sheet& out) {
  for (const grid& g : grids) {
    if (&g == &read || g.rows.empty()) continue;
    if (!named && !g.hidden && find_headings(g, words))
      out.problems.push_back({0, g.title,
                              both("这张工作表也像专线清单：请用 --sheet 写明读哪一张",
                                   "this sheet looks like a list of lines too: say by --sheet which to read")});
    else
      out.guesses.push_back({0, g.title, both("这张工作表不读", "this sheet is not read"), what::skipped});
  }
}

}  // namespace

sheet read_sheet(const std::vector<grid>& grids, const std::string& title, const word_list& words,
                 const std::vector<category>& categories) {
  sheet out;
  const grid* g = chosen(grids, title, words, out.heads);
  if (g == nullptr) {
    const bool unknown = !title.empty() && std::ranges::find(grids, title, &grid::title) == grids.end();
    out.problems.push_back(
        {unknown ? std::size_t{0} : std::size_t{1}, title,
         unknown ? both("没有这张工作表", "there is no such sheet")
                 : phrase{"找不到表头：应有一行写着 编号、名称、类别、地址 等",
                          "no headings are found: one row has to name the columns, 编号 名称 类别 地址 (id, name, "
                          "category, address)"}});
    return out;
  }
  out.title = g->title;
  out.heading_row = g->rows[out.heads.row].number;
  tell_of_others(grids, *g, !title.empty(), words, out);
  rows_reader(*g, words, categories, out).read();
  if (out.lines.size() > reading::most_lines)
    out.problems.push_back(
        {0, {}, both("专线超过 {} 条：请分开部署", "more than {} lines: split the district", reading::most_lines)});
  return out;
}

}  // namespace changtong::sheets
