#include "daemon/sheets/matching.h"

#include <algorithm>
#include <array>

#include "daemon/core/utf8.h"
#include "daemon/reading/words.h"

namespace changtong::sheets {
namespace {

using column = line_columns::column;
using what = remark::kind;

/** The one row that says it; none if several do. */
using index = std::map<std::string, std::optional<std::size_t>>;

index rows_by(const table_file& inventory, column c, const cell_world& world) {
  index out;
  for (std::size_t r = 0; r < inventory.count(); ++r) {
    const std::string value = canonical(c, inventory.cell(r, c), world);
    if (value.empty()) continue;
    const auto [at, fresh] = out.emplace(value, r);
    if (!fresh) at->second.reset();
  }
  return out;
}

std::optional<std::size_t> one_in(const index& rows, const std::string& value) {
  const auto at = value.empty() ? rows.end() : rows.find(value);
  return at == rows.end() ? std::nullopt : at->second;
}

class matcher {
 public:
  matcher(const sheet& from, const table_file& inventory, const cell_world& world, std::vector<bool>& bad, preview& out)
      : from_(from),
        inventory_(inventory),
        bad_(bad),
        out_(out),
        ids_(rows_by(inventory, column::id, world)),
        circuits_(rows_by(inventory, column::circuit, world)),
        used_(inventory.count()),
        made_(from.lines.size()) {}

  std::vector<match> made() {
    const bool by_circuit_first = from_.heads.running_number;
    if (!by_circuit_first) by_id();
    by_circuit();
    if (by_circuit_first) by_id();
    for (std::size_t i = 0; i < made_.size(); ++i)
      if (!made_[i].row) made_[i].id = new_id(i);
    refuse_twice();
    return std::move(made_);
  }

 private:
  [[nodiscard]] const std::string& cell(std::size_t i, column c) const { return from_.lines[i].cells[c].value; }
  [[nodiscard]] std::string heading(column c) const { return from_.heads.name_of(c); }

  void wrong(std::size_t i, column c, phrase text) {
    bad_[i] = true;
    out_.problems.push_back({from_.lines[i].row, heading(c), std::move(text)});
  }

  void is_row(std::size_t i, std::size_t row) {
    used_[row] = true;
    made_[i].row = row;
    made_[i].id = inventory_.cell(row, column::id);
  }

  void by_id() {
    for (std::size_t i = 0; i < made_.size(); ++i) {
      const auto row = one_in(ids_, cell(i, column::id));
      if (made_[i].row || !row || used_[*row]) continue;
      const std::string& theirs = inventory_.cell(*row, column::circuit);
      const bool another = from_.heads.running_number && !theirs.empty() && !cell(i, column::circuit).empty() &&
                           theirs != cell(i, column::circuit);
      if (!another) is_row(i, *row);
    }
  }

  void by_circuit() {
    for (std::size_t i = 0; i < made_.size(); ++i) {
      const auto row = one_in(circuits_, cell(i, column::circuit));
      const sheet_line& line = from_.lines[i];
      if (made_[i].row || !row || used_[*row] || line.cells[column::id].wrong) continue;
      if (ids_.contains(cell(i, column::id)) && !from_.heads.running_number) continue;  // it is another line
      is_row(i, *row);
      if (made_[i].id == cell(i, column::id)) continue;
      out_.guessed.push_back({line.row, heading(column::id),
                              both("电路编号 {0} 在清单里是 {1}：当作同一条专线，编号仍为 {1}",
                                   "circuit {0} is {1} in the inventory: taken for the same line, which stays {1}",
                                   cell(i, column::circuit), made_[i].id),
                              what::line});
    }
  }

  /** Of a line that the inventory does not have. */
  std::string new_id(std::size_t i) {
    const sheet_line& line = from_.lines[i];
    const std::string& id = cell(i, column::id);
    if (line.cells[column::id].wrong) return {};
    if (!id.empty() && from_.heads.running_number && ids_.contains(id)) {
      wrong(i, column::id,
            both("{} 在清单里是另一条专线：流水号不能当编号，请另设编号一列",
                 "{} is another line in the inventory: a running number is no id, make a column of ids", id));
      return {};
    }
    if (!id.empty()) return id;
    if (!from_.heads.columns[column::id]) return id_of_circuit(i);
    wrong(i, column::id,
          {"没有编号：请补上，用字母、数字、点、横线，如 V001",
           "there is no id: write one of letters, digits, dots and dashes, as V001"});
    return {};
  }

  /** Where the sheet has no ids at all. */
  std::string id_of_circuit(std::size_t i) {
    const std::string& circuit = cell(i, column::circuit);
    if (!circuit.empty() && !reading::bad_id(circuit)) {
      out_.guessed.push_back({from_.lines[i].row, heading(column::id),
                              both("表里没有编号一列，以电路编号 {} 为编号",
                                   "the sheet has no ids: the circuit number {} is taken for it", circuit),
                              what::line});
      return circuit;
    }
    wrong(i, column::id,
          {"表里没有编号一列，电路编号也不能当编号：请增加一列编号",
           "the sheet has no ids and the circuit number can be none: add a column 编号 (id)"});
    return {};
  }

  [[nodiscard]] bool same(const sheet_line& a, const sheet_line& b) const {
    return std::ranges::equal(a.cells, b.cells, {}, &row_cell::value, &row_cell::value);
  }

  void refuse_twice() {
    std::map<std::string, std::size_t> first;
    for (std::size_t i = 0; i < made_.size(); ++i) {
      const std::string& id = made_[i].id;
      if (id.empty()) continue;
      const auto [at, fresh] = first.emplace(id, i);
      if (fresh) continue;
      const std::size_t row = from_.lines[at->second].row;
      if (same(from_.lines[at->second], from_.lines[i])) {
        made_[i].ignored = true;
        out_.guessed.push_back({from_.lines[i].row, heading(column::id),
                                both("与第{}行完全相同，不再读", "is the same as row {} and not read again", row),
                                what::skipped});
      } else {
        wrong(i, column::id,
              both("编号 {} 与第{}行重复：请改其中一个，或删去一行",
                   "id {} stands in row {} too: change one of them, or delete a row", id, row));
      }
    }
  }

  const sheet& from_;
  const table_file& inventory_;
  std::vector<bool>& bad_;
  preview& out_;
  index ids_, circuits_;
  std::vector<bool> used_;
  std::vector<match> made_;
};

/** What a parent may be called besides its id. */
std::map<std::string, std::string> other_names(const sheet& from, const table_file& inventory,
                                               const std::vector<match>& matches) {
  std::map<std::string, std::string> names;
  const auto add = [&names](const std::string& name, const std::string& id) {
    if (name.empty() || id.empty()) return;
    const auto [at, fresh] = names.emplace(name, id);
    if (!fresh && at->second != id) at->second.clear();
  };
  for (const column c : {column::name, column::unit, column::circuit}) {
    for (std::size_t i = 0; i < matches.size(); ++i) add(from.lines[i].cells[c].value, matches[i].id);
    for (std::size_t r = 0; r < inventory.count(); ++r) add(inventory.cell(r, c), inventory.cell(r, column::id));
  }
  return names;
}

}  // namespace

std::vector<match> match_lines(const sheet& from, const table_file& inventory, const import_wish& wish,
                               std::vector<bool>& bad, preview& out) {
  return matcher(from, inventory, {wish.categories, wish.words}, bad, out).made();
}

std::vector<std::string> find_parents(const sheet& from, const table_file& inventory, const std::vector<match>& matches,
                                      std::vector<bool>& bad, preview& out) {
  std::map<std::string, std::string> ids;  // as the sheet says them -> as they are
  for (std::size_t r = 0; r < inventory.count(); ++r)
    ids.emplace(inventory.cell(r, column::id), inventory.cell(r, column::id));
  for (std::size_t i = 0; i < matches.size(); ++i)
    if (const std::string& said = from.lines[i].said_id; !said.empty())
      ids[from.lines[i].cells[column::id].value.empty() ? said : from.lines[i].cells[column::id].value] =
          matches[i].id.empty() ? said : matches[i].id;
  const auto names = other_names(from, inventory, matches);
  std::vector<std::string> parents;
  for (std::size_t i = 0; i < matches.size(); ++i) {
    const row_cell& cell = from.lines[i].cells[column::parent];
    std::string& parent = parents.emplace_back();
    if (cell.value.empty()) continue;
    if (const auto known = ids.find(cell.value); known != ids.end()) {
      parent = known->second;
    } else if (const auto named = names.find(cell.value); named != names.end() && !named->second.empty()) {
      parent = named->second;
      out.guessed.push_back({from.lines[i].row, from.heads.name_of(column::parent),
                             both("「{}」当作 {}", "'{}' is taken for {}", shortened(cell.value, 64), parent),
                             what::read});
    } else if (!cell.wrong) {
      bad[i] = true;
      out.problems.push_back({from.lines[i].row, from.heads.name_of(column::parent),
                              both("「{}」不在表里，也不在清单里：请写上级的编号，或留空",
                                   "'{}' is neither in the sheet nor in the inventory: write the id, or nothing",
                                   shortened(cell.value, 64))});
    }
  }
  return parents;
}

void tell_of_duplicates(const sheet& from, const table_file& inventory, const std::vector<match>& matches,
                        const import_wish& wish, preview& out) {
  const cell_world world{wish.categories, wish.words};
  std::vector<bool> in_sheet(inventory.count());
  for (const match& m : matches)
    if (m.row) in_sheet[*m.row] = true;
  for (const column c : {column::circuit, column::address}) {
    std::map<std::string, phrase> first;  // a circuit number or an address -> who has it
    const auto each = [c](const std::string& value) {
      return c == column::circuit ? std::vector<std::string_view>{value} : reading::split(value, " ");
    };
    for (std::size_t r = 0; r < inventory.count(); ++r)
      if (!in_sheet[r] && inventory.cell(r, column::closed).empty()) {
        const std::string value = canonical(c, inventory.cell(r, c), world);
        for (const std::string_view one : each(value))
          first.emplace(one, both("清单里的 {}", "{} of the inventory", inventory.cell(r, column::id)));
      }
    for (std::size_t i = 0; i < matches.size(); ++i) {
      const sheet_line& line = from.lines[i];
      const std::string& value = line.cells[c].value;
      if (matches[i].ignored || value.empty() || !line.cells[column::closed].value.empty()) continue;
      for (const std::string_view one : each(value)) {
        const auto [at, fresh] = first.emplace(one, both("第{}行", "row {}", line.row));
        if (!fresh)
          out.guessed.push_back({line.row, from.heads.name_of(c),
                                 both("{} 与{}重复，请核对", "{} is that of {} too, please look", one, at->second),
                                 what::duplicate});
      }
    }
  }
}

}  // namespace changtong::sheets
