#include "daemon/centre/standing_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/centre/pg_cells.h"
#include "daemon/centre/pg_tables.h"
#include "daemon/centre/rows_of_branch.h"
#include "daemon/core/line_state_named.h"

namespace changtong::centre {
namespace {

constexpr std::int64_t most_said_since = 20'000;  // entries: a tenth of a second
constexpr std::int64_t said_at_once = 2'000;
constexpr std::int16_t columns_of_standing = 5, columns_of_cells = 7;

/** Two bytes each, the greater one first. */
std::string packed(const std::vector<std::uint16_t>& lines) {
  std::string out;
  out.reserve(2 * lines.size());
  for (const std::uint16_t n : lines) {
    out += static_cast<char>(n >> 8);
    out += static_cast<char>(n & 0xff);
  }
  return out;
}

std::vector<std::uint16_t> unpacked(std::string_view bytes) {
  std::vector<std::uint16_t> out;
  out.reserve(bytes.size() / 2);
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
    out.push_back(static_cast<std::uint16_t>(byte(i) << 8 | byte(i + 1)));
  return out;
}

/** Those of them that a target has. */
std::vector<std::int64_t> numbers_of(database& db, branch_of_node of, const std::unordered_set<std::string>& ids) {
  std::vector<std::int64_t> out;
  if (ids.empty()) return out;
  std::string list = "{";
  for (const std::string& id : ids)
    fmt::format_to(std::back_inserter(list), "{}\"\\{}\"", list.size() == 1 ? "" : ",", as_bytea(id));
  for (const table_row& row :
       asked(db, fmt::format("SELECT target FROM targets WHERE {} AND id = ANY ($1::bytea[])", here(of)), {list + "}"}))
    out.push_back(whole_in(row[0]));
  return out;
}

std::vector<standing_now::counted> cells_of(database& db, branch_of_node of) {
  std::vector<standing_now::counted> out;
  for (const table_row& row :
       asked(db,
             fmt::format("SELECT state, category, town, carrier FROM standing_cells WHERE {} ORDER BY cell", here(of))))
    out.push_back({.of = {.words = {.category = bytes_in(row[1]), .town = text_in(row[2]), .carrier = text_in(row[3])},
                          .state = line_state_named(row[0].value_or(""))}});
  return out;
}

}  // namespace

std::unordered_map<std::string, std::int64_t> numbers_of_targets(database& db, branch_of_node of) {
  std::unordered_map<std::string, std::int64_t> out;
  for (const table_row& row : asked(db, fmt::format("SELECT id, target FROM targets WHERE {}", here(of))))
    out.emplace(bytes_in(row[0]), whole_in(row[1]));
  return out;
}

std::int64_t folded_up_to(database& db, branch_of_node of) {
  const auto rows = asked(db, fmt::format("SELECT seq FROM folded WHERE {}", here(of)));
  return rows.empty() ? 0 : whole_in(rows[0][0]);
}

void keep_standing(database& db, branch_of_node of, const standing& s) {
  for (const std::string_view table : {"standing", "standing_cells"})
    (void)asked(db, fmt::format("DELETE FROM {} WHERE {}", table, here(of)));
  copied_rows one(columns_of_standing), cells(columns_of_cells);
  one.row().cell(of.node).cell(of.branch).cell(ms_of(s.at)).cell(s.seq).cell(packed(s.lines));
  std::int32_t number = 0;
  for (const steady_lines& cell : s.cells) {
    cells.row().cell(of.node).cell(of.branch).cell(number++).cell(name_of(cell.state)).cell(cell.words.category);
    text(text(cells, cell.words.town), cell.words.carrier);
  }
  copy(db, "standing", std::move(one));
  copy(db, "standing_cells", std::move(cells));
}

std::optional<standing> kept_standing(database& db, branch_of_node of) {
  const auto row = asked(db, fmt::format("SELECT at, seq, lines FROM standing WHERE {}", here(of)));
  if (row.empty()) return std::nullopt;
  standing out{.at = instant_in(row[0][0]), .seq = whole_in(row[0][1]), .cells = {}, .lines = {}};
  out.lines = unpacked(bytes_in(row[0][2]));
  for (standing_now::counted& cell : cells_of(db, of)) out.cells.push_back(std::move(cell.of));
  return out;
}

std::optional<std::unordered_set<std::string>> lines_said_since(database& db, branch_of_node of, std::int64_t seq,
                                                                std::int64_t folded) {
  if (folded < seq || folded - seq > most_said_since) return std::nullopt;
  std::unordered_set<std::string> ids;
  for (std::int64_t last = seq; last < folded; last += said_at_once)
    for (const table_row& row :
         asked(db, fmt::format("SELECT kind, at, body FROM journal WHERE {} AND seq > {} AND seq <= {} ORDER BY seq",
                               here(of), last, std::min(folded, last + said_at_once)))) {
      const auto e = ledger::decode(row[0].value_or(""), instant_in(row[1]), row[2].value_or(""));
      const auto lines = e ? lines_of(*e) : std::nullopt;
      if (!lines) return std::nullopt;
      for (const std::string_view id : *lines) ids.emplace(id);
    }
  return ids;
}

std::optional<standing_now> standing_up_to(database& db, branch_of_node of, std::int64_t folded, wall_t end) {
  const auto row =
      asked(db, fmt::format("SELECT at, seq, lines FROM standing WHERE {} AND at < {}", here(of), ms_of(end)));
  if (row.empty()) return std::nullopt;
  const auto said = lines_said_since(db, of, whole_in(row[0][1]), folded);
  if (!said) return std::nullopt;
  std::vector<std::uint16_t> lines = unpacked(bytes_in(row[0][2]));
  for (const std::int64_t number : numbers_of(db, of, *said))
    if (const auto place = static_cast<std::size_t>(number - 1); place < lines.size())
      lines[place] = lines[place] == standing::no_line ? standing::no_line : standing::to_be_read;
  standing_now out{.at = instant_in(row[0][0]), .steady = cells_of(db, of), .read = {}};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i] == standing::to_be_read) out.read.push_back(static_cast<std::int64_t>(i) + 1);
    if (lines[i] >= standing::first_cell)
      ++out.steady.at(static_cast<std::size_t>(lines[i] - standing::first_cell)).lines;
  }
  return out;
}

std::optional<wall_t> standing_from(database& db, branch_of_node of, std::int64_t folded) {
  const auto row = asked(db, fmt::format("SELECT at, seq FROM standing WHERE {}", here(of)));
  if (row.empty() || !lines_said_since(db, of, whole_in(row[0][1]), folded)) return std::nullopt;
  return instant_in(row[0][0]);
}

}  // namespace changtong::centre
