#include "daemon/sheets/preview.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "daemon/core/csv.h"
#include "daemon/core/utf8.h"
#include "daemon/sheets/matching.h"

namespace changtong::sheets {
namespace {

using column = line_columns::column;
using what = remark::kind;

/** In the order of their rows, those of one row as they came. */
void by_row(std::vector<remark>& list) {
  std::vector<std::pair<std::size_t, std::size_t>> order;
  for (std::size_t i = 0; i < list.size(); ++i) order.emplace_back(list[i].row, i);
  std::ranges::sort(order);
  std::vector<remark> sorted;
  for (const auto& [row, i] : order) sorted.push_back(std::move(list[i]));
  list = std::move(sorted);
}

class comparison {
 public:
  comparison(const sheet& from, table_file inventory, const import_wish& wish)
      : from_(from), inventory_(std::move(inventory)), wish_(wish), world_{wish.categories, wish.words} {}

  preview made() {
    out_.title = from_.title;
    out_.guessed = from_.guesses;
    out_.problems = from_.problems;
    for (const sheet_line& line : from_.lines) bad_.push_back(line.bad);
    const auto matches = match_lines(from_, inventory_, wish_, bad_, out_);
    const auto parents = find_parents(from_, inventory_, matches, bad_, out_);
    tell_of_duplicates(from_, inventory_, matches, wish_, out_);
    tell_of_missing_columns(matches);
    const std::size_t before = inventory_.count();
    for (std::size_t i = 0; i < matches.size(); ++i)
      if (!matches[i].ignored) matches[i].row ? change(i, matches[i], parents[i]) : add(i, matches[i].id, parents[i]);
    for (const match& m : matches)
      if (m.row) in_sheet_.insert(*m.row);
    for (std::size_t r = 0; r < before; ++r) miss(r);
    forget_bad_parents(matches, parents);
    if (from_.lines.empty() && out_.problems.empty())
      out_.problems.push_back({from_.heading_row, {}, {"表头之下没有专线", "there is no line below the headings"}});
    std::erase_if(out_.guessed, [this](const remark& g) {
      return g.what == what::filled && not_filled_.contains({g.row, g.heading});
    });
    ask();
    tell_of_carriers();
    keep_aside(matches);
    for (const remark& g : out_.guessed)
      if (!g.to_confirm.empty()) out_.to_confirm[g.to_confirm] = g.meaning;
    by_row(out_.guessed);
    by_row(out_.problems);
    out_.lines_csv = inventory_.text();
    return std::move(out_);
  }

 private:
  void wrong(std::size_t i, column c, phrase text) {
    bad_[i] = true;
    out_.problems.push_back({from_.lines[i].row, from_.heads.name_of(c), std::move(text)});
  }

  /** As lines.csv writes it: a category by its Chinese name. */
  [[nodiscard]] std::string written(column c, const std::string& value) const {
    if (c == column::category)
      for (const category& known : wish_.categories)
        if (known.id == value) return known.name;
    return value;
  }

  /** Columns without which no line can be added; said once. */
  void tell_of_missing_columns(const std::vector<match>& matches) {
    if (std::ranges::none_of(matches, [](const match& m) { return !m.row && !m.ignored; })) return;
    for (const column c : {column::category, column::address})
      if (!from_.heads.columns[c])
        out_.problems.push_back({from_.heading_row,
                                 from_.heads.name_of(c),
                                 {"表里没有这一列，新的专线要有：请增加这一列",
                                  "the sheet has no such column, and new lines need it: add it"}});
  }

  /** What a new line needs; a cell that is wrong was told of already. */
  void need(std::size_t i, column c, phrase otherwise) {
    const row_cell& cell = from_.lines[i].cells[c];
    if (!from_.heads.columns[c]) bad_[i] = true;
    if (from_.heads.columns[c] && cell.value.empty() && !cell.wrong) wrong(i, c, std::move(otherwise));
  }

  void ask_for_the_day(std::size_t i, bool closed_before) {
    const sheet_line& line = from_.lines[i];
    if (line.status.empty() || closed_before || !line.cells[column::closed].value.empty()) return;
    bad_[i] = true;
    out_.problems.push_back(
        {line.row, from_.heads.status->heading,
         both("「{}」，但没有写停用日期：请补上，或改为在用",
              "'{}', but no day of closing is stated: write it, or that the line is in use", line.status)});
  }

  void add(std::size_t i, const std::string& id, const std::string& parent) {
    need(i, column::category, {"没有写类别：请补上", "no category is stated: write it"});
    need(i, column::address, {"没有写地址：请补上要探测的 IP 地址", "no address is stated: write the one to be asked"});
    ask_for_the_day(i, false);
    line_cells cells;
    for (std::size_t c = 0; c < line_columns::columns; ++c) cells[c] = from_.lines[i].cells[c].value;
    cells[column::id] = id;
    cells[column::parent] = parent;
    if (bad_[i]) return;
    name_by_unit(cells);
    const std::string category = written(column::category, cells[column::category]);
    out_.added.push_back({from_.lines[i].row, from_.heads.name_of(column::id), cells, category});
    cells[column::category] = category;
    row_of_[inventory_.add(cells)] = i;
  }

  /** Many a sheet knows units alone, and a line is better called after its unit than by its number. */
  void name_by_unit(line_cells& cells) {
    if (from_.heads.columns[column::name] || cells[column::unit].empty()) return;
    cells[column::name] = cells[column::unit];
    if (!named_by_unit_)
      out_.guessed.push_back(
          {from_.heading_row,
           from_.heads.name_of(column::unit),
           {"没有名称一列，新的专线以单位为名称", "there are no names: new lines are called after their unit"},
           what::heading});
    named_by_unit_ = true;
  }

  void change(std::size_t i, const match& m, const std::string& parent) {
    const sheet_line& line = from_.lines[i];
    const std::size_t row = *m.row;
    ask_for_the_day(i, !inventory_.cell(row, column::closed).empty());
    forget_filled(line);
    std::vector<changed_cell> changed;
    for (std::size_t k = 0; k < line_columns::columns; ++k) {
      const auto c = static_cast<column>(k);
      const std::string& to = c == column::parent ? parent : line.cells[c].value;
      if (c == column::id || to.empty() || line.cells[c].filled) continue;
      const std::string from = canonical(c, inventory_.cell(row, c), world_);
      if (from == to || from.starts_with(to + "T00:00")) continue;
      changed.push_back({line.row, from_.heads.name_of(c), m.id, c, from, to});
    }
    if (bad_[i]) return;
    if (changed.empty()) ++out_.unchanged;
    row_of_[row] = i;
    for (changed_cell& c : changed) {
      inventory_.set(row, c.what, written(c.what, c.to));
      if (c.what == column::closed && c.from.empty())
        out_.closed.push_back({c.row, c.heading, c.id, c.to});
      else
        out_.changed.push_back(std::move(c));
    }
  }

  /** A blank cell of a line that is known leaves what is known. */
  void forget_filled(const sheet_line& line) {
    for (std::size_t c = 0; c < line_columns::columns; ++c)
      if (line.cells[c].filled) not_filled_.emplace(line.row, from_.heads.name_of(static_cast<column>(c)));
  }

  void miss(std::size_t row) {
    const std::string& id = inventory_.cell(row, column::id);
    if (id.empty() || in_sheet_.contains(row) || !inventory_.cell(row, column::closed).empty()) return;
    if (wish_.close_missing.empty()) return out_.missing.push_back(id);
    inventory_.set(row, column::closed, wish_.close_missing);
    out_.closed.push_back({0, std::string(line_columns::headings()[column::closed].chinese), id, wish_.close_missing});
  }

  /** Whoever hangs below a row with a problem is shown all the same: that problem is told once. */
  void forget_bad_parents(const std::vector<match>& matches, const std::vector<std::string>& parents) {
    std::set<std::string> gone;
    for (std::size_t i = 0; i < matches.size(); ++i)
      if (bad_[i] && !matches[i].row) gone.insert({matches[i].id, from_.lines[i].said_id});
    if (gone.empty()) return;
    for (const auto& [row, i] : row_of_)
      if (gone.contains(parents[i])) inventory_.set(row, column::parent, "");
  }

  /** The same rules as those of `check`. */
  void ask() {
    if (!wish_.check || inventory_.count() == 0) return;  // an empty inventory is no news beside what is wrong
    std::set<std::size_t> refused;
    for (const problem& p : wish_.check(inventory_.text()).problems) {
      const auto spot = p.file.empty() ? inventory_.at(p.line, p.column) : std::nullopt;
      const auto i = spot ? row_of_.find(spot->row) : row_of_.end();
      if (i == row_of_.end()) {
        out_.problems.push_back({0, {}, placed_words_of(p)});
        continue;
      }
      refused.insert(from_.lines[i->second].row);
      out_.problems.push_back({from_.lines[i->second].row,
                               spot->what ? from_.heads.name_of(static_cast<column>(*spot->what)) : std::string(),
                               words_of(p)});
    }
    const auto gone = [&](const auto& one) { return refused.contains(one.row); };
    std::erase_if(out_.added, gone);
    std::erase_if(out_.changed, gone);
    std::erase_if(out_.closed, gone);
  }

  /** An office writes 移动 where the inventory says 中国移动, and contracts and tickets go by that name: how many lines
   * are called after another carrier is said once, each is among the changes. */
  void tell_of_carriers() {
    constexpr std::size_t most_told = 5;
    std::map<std::pair<std::string, std::string>, std::size_t> renamed;
    std::size_t lines = 0;
    for (const changed_cell& c : out_.changed)
      if (c.what == column::carrier && !c.from.empty()) ++renamed[{c.from, c.to}], ++lines;
    if (renamed.empty()) return;
    phrase told;
    std::size_t n = 0;
    for (const auto& [names, count] : renamed) {
      if (n++ == most_told) break;
      const auto& [from, to] = names;
      told.cn += fmt::format("{}{} → {} {} 条", n > 1 ? "、" : "", shortened(from, 64), shortened(to, 64), count);
      told.en += fmt::format("{}{} -> {}: {}", n > 1 ? ", " : "", shortened(from, 64), shortened(to, 64), count);
    }
    if (renamed.size() > most_told) told.cn += " …", told.en += " …";
    out_.guessed.push_back(
        {from_.heading_row, from_.heads.name_of(column::carrier),
         both("运营商改写 {} 条（{}）：合同与报障按运营商的名称对应，只是写法不同就请在表里改回",
              "{} lines get another carrier ({}): contracts and tickets go by its name, so write it in the sheet as it "
              "was where it is the same one",
              lines, told),
         what::carrier});
  }

  void keep_aside(const std::vector<match>& matches) {
    if (from_.heads.unread.empty()) return;
    std::string text = "\xef\xbb\xbf" + csv_field(from_.heads.name_of(column::id));
    for (const unread_column& u : from_.heads.unread) text += "," + csv_field(u.heading);
    for (std::size_t i = 0; i < matches.size(); ++i) {
      text += "\r\n" + csv_field(matches[i].id.empty() ? from_.lines[i].said_id : matches[i].id);
      for (const std::string& cell : from_.lines[i].aside) text += "," + csv_field(cell);
    }
    out_.aside = text + "\r\n";
  }

  const sheet& from_;
  table_file inventory_;
  const import_wish& wish_;
  cell_world world_;
  std::vector<bool> bad_;
  std::map<std::size_t, std::size_t> row_of_;                 ///< of table_file -> the sheet's line
  std::set<std::size_t> in_sheet_;                            ///< rows of table_file that the sheet has
  std::set<std::pair<std::size_t, std::string>> not_filled_;  ///< rows and headings that were, before they were known
  bool named_by_unit_ = false;
  preview out_;
};

}  // namespace

preview compare(const sheet& from, table_file inventory, const import_wish& wish) {
  return comparison(from, std::move(inventory), wish).made();
}

}  // namespace changtong::sheets
