#include "daemon/centre/standing_check.h"

#include <fmt/format.h>

#include <utility>

#include "daemon/centre/pg_tables.h"
#include "daemon/centre/standing_rows.h"
#include "daemon/core/plain_text.h"

namespace changtong::centre {
namespace {

constexpr std::size_t most_word_bytes = 120;

phrase words_of_place(std::uint16_t place, const std::vector<steady_lines>& cells) {
  if (place == standing::no_line) return {"不计", "not counted"};
  if (place == standing::to_be_read) return {"逐条照账算", "read from the books"};
  const std::size_t at = place - std::size_t{standing::first_cell};
  if (at >= cells.size()) return {"无此格", "in no cell"};
  const auto& [words, state] = cells[at];
  return as_written(fmt::format(
      "{} {}", name_of(state),
      as_seen(fmt::format("{}/{}/{}", words.category, words.town.value_or("-"), words.carrier.value_or("-")),
              most_word_bytes)));
}

/** Marks one of them. */
void mark(std::vector<bool>& of, std::int64_t number) {
  const auto place = static_cast<std::size_t>(number - 1);
  if (of.size() <= place) of.resize(place + 1);
  of[place] = true;
}

bool is_marked(const std::vector<bool>& of, std::int64_t number) {
  const auto place = static_cast<std::size_t>(number - 1);
  return place < of.size() && of[place];
}

}  // namespace

standing_check::standing_check(database& db, const folded_head& of, row_differences& into) : into_(into) {
  const branch_of_node branch{of.number, of.branch};
  kept_ = kept_standing(db, branch);
  if (!kept_) return;
  if (kept_->seq > of.folded)
    into_.add(both("表 standing：照前 {} 条算成，而只折算到第 {} 条", "standing: made of {} entries, and {} are folded",
                   kept_->seq, of.folded));
  if (kept_->at > of.folded_to)
    into_.add(both("表 standing：自 {} 起，而数字只知道到 {}（毫秒）",
                   "standing: from {} on, and figures know all up to {} (ms)", ms_of(kept_->at), ms_of(of.folded_to)));
  const auto since = lines_said_since(db, branch, kept_->seq, of.folded);
  if (!since) {  // it has ended, for good
    kept_.reset();
    return;
  }
  numbers_ = numbers_of_targets(db, branch);
  for (const std::string& id : *since)
    if (const auto at = numbers_.find(id); at != numbers_.end()) mark(said_, at->second);
  check_cells(db, branch);
}

/** Figures find them by their order alone. */
void standing_check::check_cells(database& db, branch_of_node of) {
  const auto rows = db.ask(fmt::format(
      "SELECT cell, state FROM standing_cells WHERE node = {} AND branch = {} ORDER BY cell", of.node, of.branch));
  if (!rows) throw database_refusal(words_of(rows.error()));
  std::vector<bool> used;
  for (const std::uint16_t place : kept_->lines)
    if (place >= standing::first_cell) mark(used, place - standing::first_cell + 1);
  for (std::size_t i = 0; i < rows->front().size(); ++i) {
    const table_row& row = rows->front()[i];
    const auto number = static_cast<std::int64_t>(i);
    const std::string_view state = name_of(kept_->cells.at(i).state);
    if (whole_in(row[0]) != number)
      into_.add(both("表 standing_cells 的一行被改动：cell 应为 {}，库里是 {}",
                     "a row of standing_cells was changed: cell should be {} and is {}", number, whole_in(row[0])));
    if (row[1] != state)
      into_.add(both("表 standing_cells 的一行被改动：cell={}：没有“{}”这种状态",
                     "a row of standing_cells was changed: cell={}: there is no state {}", number,
                     as_seen(row[1].value_or(""), most_word_bytes)));
    if (!is_marked(used, number + 1))
      into_.add(both("表 standing_cells 多出一行，没有这样的线：cell={}",
                     "a row of standing_cells is of no line: cell={}", number));
  }
}

std::uint16_t standing_check::place_of(std::int64_t number) const {
  const auto place = static_cast<std::size_t>(number - 1);
  return place < kept_->lines.size() ? kept_->lines[place] : standing::no_line;
}

bool standing_check::is_as(std::int64_t number, std::uint16_t should, const std::vector<steady_lines>& cells) const {
  const std::uint16_t is = place_of(number);
  if (is == standing::no_line || should == standing::no_line) return is == should;
  if (is_marked(said_, number)) return true;  // its books are read, wherever it stands
  if (is < standing::first_cell && kept_->cells.size() >= standing::most_cells) return true;  // there was no room
  if (is < standing::first_cell || should < standing::first_cell) return is == should;
  const auto at = static_cast<std::size_t>(is - standing::first_cell);
  return at < kept_->cells.size() && kept_->cells[at] == cells.at(should - std::size_t{standing::first_cell});
}

void standing_check::add(const ledger::known_target& t, const availability::target_history& h) {
  const auto target = numbers_.find(t.id);
  if (!kept_ || target == numbers_.end()) return;
  const std::int64_t number = target->second;
  mark(seen_, number);
  standing_made alone(kept_->at, kept_->seq);
  alone.add(1, t, h);
  const standing made = alone.taken();
  if (!is_as(number, made.lines.front(), made.cells))
    tell(number, t.id, words_of_place(made.lines.front(), made.cells));
}

void standing_check::finish() {
  if (!kept_) return;
  for (std::int64_t number = 1; number <= std::ssize(kept_->lines); ++number)
    if (!is_marked(seen_, number) && !is_as(number, standing::no_line, {}))
      tell(number, "", words_of_place(standing::no_line, {}));
}

void standing_check::tell(std::int64_t number, std::string_view id, const phrase& should) {
  into_.add(both("表 standing：target={}（{}）应为 {}，库里是 {}", "standing: target={}（{}） should be {} and is {}",
                 number, as_seen(id, most_word_bytes), should, words_of_place(place_of(number), kept_->cells)));
}

}  // namespace changtong::centre
