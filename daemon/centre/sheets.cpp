#include "daemon/centre/sheets.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/centre/pg_cells.h"
#include "daemon/centre/pg_tables.h"
#include "daemon/centre/rows_of_branch.h"

namespace changtong::centre {
namespace {

constexpr milliseconds settled{3'600'000};  // what is decided late, as a run of bad samples, is in the books by then
constexpr milliseconds settled_today{600'000};  // the day that goes on is summed anew before long
constexpr milliseconds step_of_today{300'000};
constexpr std::size_t most_months = 36;
constexpr std::int16_t columns_of_cells = 19, columns_of_outages = 9;

/** The words of a cell that are wanted, as columns. */
std::string words_of_cell(wanted_words by) {
  const auto column = [](bool wanted, std::string_view name) {
    return wanted ? fmt::format("c.{}", name) : std::string("NULL::bytea");
  };
  return fmt::format("{}, {}, {}", column(by.category, "category"), column(by.town, "town"),
                     column(by.carrier, "carrier"));
}

cell_words words_in(const table_row& row, std::size_t first) {
  return {.category = bytes_in(row[first]), .town = text_in(row[first + 1]), .carrier = text_in(row[first + 2])};
}

availability::seconds sums_in_row(const table_row& row, std::size_t column) {
  availability::seconds x;
  for (milliseconds* sum : {&x.up, &x.down, &x.excluded, &x.unknown, &x.down_min, &x.down_mid, &x.down_max})
    *sum = milliseconds{whole_in(row[column++])};
  x.outages = whole_in(row[column]);
  x.unconfirmed = whole_in(row[column + 1]);
  x.scope = period{instant_in(row[column + 2]), instant_in(row[column + 3])};
  return x;
}

/** The cells of those sheets, each with its part; one after the other by the index. */
std::string cells_of_parts(branch_of_node of, wanted_words by) {
  return fmt::format(
      "unnest($1::bigint[], $2::bigint[]) AS p(sheet, part) JOIN sheet_cells c ON c.sheet = p.sheet AND {} AND c.level "
      "= {}",
      here(of, "c"), by.town || by.carrier ? 1 : 0);
}

struct copied_sheets {
  explicit copied_sheets(branch_of_node whose) : of(whose) {}
  void add(std::int64_t sheet, std::int32_t level, const cell_words& words, const cell_sums& one) {
    const availability::seconds& x = one.sums;
    cells.row().cell(of.node).cell(of.branch).cell(sheet).cell(level).cell(++number).cell(words.category);
    text(text(cells, words.town), words.carrier);
    for (const milliseconds sum : {x.up, x.down, x.excluded, x.unknown, x.down_min, x.down_mid, x.down_max})
      cells.cell(sum.count());
    cells.cell(x.outages).cell(x.unconfirmed).cell(ms_of(x.scope->from)).cell(ms_of(x.scope->to));
    for (const edge_outage& o : one.over_edge) {
      edges.row().cell(of.node).cell(of.branch).cell(sheet).cell(number).cell(o.line).cell(ms_of(o.began));
      for (const wall_t since : o.since) edges.cell(ms_of(since));
    }
  }

  branch_of_node of;
  std::int64_t number = 0;  ///< of the last cell
  copied_rows cells{columns_of_cells}, edges{columns_of_outages};
};

std::vector<std::string> values_of(const std::vector<sheet_in_part>& sheets) {
  return {list_of(sheets, [](const sheet_in_part& s) { return s.sheet; }),
          list_of(sheets, [](const sheet_in_part& s) { return s.part; })};
}

}  // namespace

std::vector<period> months_behind(const civil_zone& zone, wall_t known_to) {
  constexpr std::chrono::days month{31};
  const wall_t end = known_to - settled;
  auto all = zone.split({end - most_months * month, end}, civil_zone::unit::month);
  std::erase_if(all, [&](const period& p) { return zone.around(p.from, civil_zone::unit::month) != p; });
  if (all.size() > most_months) all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(most_months));
  return all;
}

std::vector<period> days_behind(const civil_zone& zone, const std::vector<period>& months, wall_t known_to) {
  const wall_t end = wall_from_ms(ms_of(known_to - settled_today) / step_of_today.count() * step_of_today.count());
  if (months.empty()) return zone.split({zone.around(end, civil_zone::unit::month).from, end}, civil_zone::unit::day);
  return zone.split({months.back().from, end}, civil_zone::unit::day);
}

std::vector<ready_sheet> ready_sheets(database& db, branch_of_node of) {
  std::vector<ready_sheet> all;
  for (const table_row& row : asked(
           db,
           fmt::format("SELECT began, till, day, sheet FROM sheets WHERE {} AND ready ORDER BY began, till", here(of))))
    all.push_back({{.when = {instant_in(row[0]), instant_in(row[1])}, .day = row[2] == "t"}, whole_in(row[3])});
  return all;
}

namespace {

/** Of sheets that are gone. */
void forget_sums(database& db, branch_of_node of, const table_rows& gone) {
  if (gone.empty()) return;
  const std::string sheets = list_of(gone, [](const table_row& row) { return whole_in(row[0]); });
  for (const std::string_view table : {"sheet_cells", "sheet_outages"})
    (void)asked(db, fmt::format("DELETE FROM {} WHERE {} AND sheet = ANY ($1::bigint[])", table, here(of)), {sheets});
}

}  // namespace

bool drop_sheets(database& db, branch_of_node of, wall_t from) {
  const auto gone =
      asked(db, fmt::format("DELETE FROM sheets WHERE {} AND till > {} RETURNING sheet", here(of), ms_of(from)));
  forget_sums(db, of, gone);
  return !gone.empty();
}

void begin_sheets(database& db, branch_of_node of, const std::vector<sheet_time>& when) {
  (void)asked(db, fmt::format("DELETE FROM sheets WHERE {} AND NOT ready", here(of)));
  (void)asked(
      db,
      fmt::format("INSERT INTO sheets(node, branch, began, till, ready, day, sheet) SELECT {}, {}, began, till, "
                  "false, day, place + (SELECT coalesce(max(sheet), 0) FROM sheets WHERE {}) FROM "
                  "unnest($1::bigint[], $2::bigint[], $3::boolean[]) WITH ORDINALITY AS m(began, till, day, "
                  "place)",
                  of.node, of.branch, here(of)),
      {list_of(when, [](const sheet_time& s) { return ms_of(s.when.from); }),
       list_of(when, [](const sheet_time& s) { return ms_of(s.when.to); }),
       list_of(when, [](const sheet_time& s) { return s.day; })});
}

bool finish_sheets(database& db, branch_of_node of, const std::vector<sheet>& made) {
  auto still = asked(db, fmt::format("UPDATE sheets SET ready = true WHERE {} AND NOT ready RETURNING began, till, "
                                     "sheet",
                                     here(of)));
  copied_sheets rows(of);
  bool last = false;
  for (const sheet& s : made) {
    const auto row = std::ranges::find_if(
        still, [&](const table_row& r) { return s.when == period{instant_in(r[0]), instant_in(r[1])}; });
    last = row != still.end();
    if (!last) continue;
    const std::int64_t number = whole_in((*row)[2]);
    for (const auto& [words, one] : by_category(s.cells)) rows.add(number, 0, words, one);
    for (const auto& [words, one] : s.cells) rows.add(number, 1, words, one);
    still.erase(row);
  }
  copy(db, "sheet_cells", std::move(rows.cells));
  copy(db, "sheet_outages", std::move(rows.edges));
  forget_sums(
      db, of,
      asked(db, fmt::format("DELETE FROM sheets s WHERE {0} AND s.day AND s.ready AND EXISTS (SELECT 1 FROM sheets "
                            "more WHERE {1} AND more.day AND more.ready AND more.began = s.began AND (more.till, "
                            "more.sheet) > (s.till, s.sheet)) RETURNING s.sheet",
                            here(of, "s"), here(of, "more"))));
  return last;
}

void forget_days(database& db, branch_of_node of, wall_t before) {
  forget_sums(db, of,
              asked(db, fmt::format("DELETE FROM sheets WHERE {} AND day AND began < {} RETURNING sheet", here(of),
                                    ms_of(before))));
}

/** Of a province these are a fiftieth of the cells. */
std::map<cell_words, cell_sums> by_category(const std::map<cell_words, cell_sums>& cells) {
  std::map<cell_words, cell_sums> out;
  for (const auto& [words, one] : cells) {
    cell_sums& to = out[{.category = words.category, .town = {}, .carrier = {}}];
    to.sums += one.sums;
    for (const edge_outage& o : one.over_edge)
      to.over_edge.push_back({.line = o.line, .began = o.began, .since = {o.since[0], wall_min, wall_min}});
  }
  for (auto& [words, one] : out) {
    std::ranges::sort(one.over_edge);
    const auto again = std::ranges::unique(one.over_edge);
    one.over_edge.erase(again.begin(), again.end());
  }
  return out;
}

std::vector<std::pair<cell_words, cell_sums>> cells_of_sheet(database& db, branch_of_node of, std::int64_t sheet,
                                                             int level) {
  const std::string where = fmt::format("{} AND c.sheet = {} AND c.level = {}", here(of, "c"), sheet, level);
  std::vector<std::pair<cell_words, cell_sums>> out;
  std::map<std::int64_t, std::size_t> places;  // by the number of the cell
  for (const table_row& row :
       asked(db, fmt::format("SELECT c.category, c.town, c.carrier, c.up, c.down, c.excluded, c.unknown, c.down_min, "
                             "c.down_mid, c.down_max, c.outages, c.unconfirmed, c.scope_from, c.scope_to, c.cell FROM "
                             "sheet_cells c WHERE {}",
                             where))) {
    places.emplace(whole_in(row[14]), out.size());
    out.emplace_back(words_in(row, 0), cell_sums{.sums = sums_in_row(row, 3), .over_edge = {}});
  }
  for (const table_row& row :
       asked(db,
             fmt::format("SELECT c.cell, o.line, o.began, o.category_since, o.town_since, o.carrier_since FROM "
                         "sheet_cells c JOIN sheet_outages o ON {} AND o.sheet = c.sheet AND o.cell = c.cell WHERE {}",
                         here(of, "o"), where)))
    out[places.at(whole_in(row[0]))].second.over_edge.push_back(
        {.line = bytes_in(row[1]),
         .began = instant_in(row[2]),
         .since = {instant_in(row[3]), instant_in(row[4]), instant_in(row[5])}});
  return out;
}

std::vector<sheet_sum> sums_of_sheets(database& db, branch_of_node of, const std::vector<sheet_in_part>& sheets,
                                      wanted_words by) {
  std::vector<sheet_sum> out;
  const auto rows =
      asked(db,
            fmt::format(
                "SELECT p.part, {}, sum(up), sum(down), sum(excluded), sum(unknown), sum(down_min), sum(down_mid), "
                "sum(down_max), sum(outages), sum(unconfirmed), min(scope_from), max(scope_to) FROM {} GROUP BY 1, 2, "
                "3, 4",
                words_of_cell(by), cells_of_parts(of, by)),
            values_of(sheets));
  for (const table_row& row : rows)
    out.push_back({.part = whole_in(row[0]), .words = words_in(row, 1), .sums = sums_in_row(row, 4)});
  return out;
}

void edges_of_sheets(database& db, branch_of_node of, const std::vector<sheet_in_part>& sheets, wanted_words by,
                     const std::function<void(sheet_edge&&)>& each) {
  std::string since = std::to_string(ms_of(wall_min));
  if (by.category) since += ", o.category_since";
  if (by.town) since += ", o.town_since";
  if (by.carrier) since += ", o.carrier_since";
  const auto rows = asked(
      db,
      fmt::format("SELECT DISTINCT p.part, {}, o.line, o.began, greatest({}) FROM {} JOIN sheet_outages o ON o.sheet = "
                  "c.sheet AND o.cell = c.cell AND {}",
                  words_of_cell(by), since, cells_of_parts(of, by), here(of, "o")),
      values_of(sheets));
  for (const table_row& row : rows)
    each({.part = whole_in(row[0]),
          .words = words_in(row, 1),
          .line = bytes_in(row[4]),
          .began = instant_in(row[5]),
          .since = instant_in(row[6])});
}

wall_t since_of(const words_since& since, wanted_words by) {
  wall_t last = wall_min;
  if (by.category) last = std::max(last, since[0]);
  if (by.town) last = std::max(last, since[1]);
  if (by.carrier) last = std::max(last, since[2]);
  return last;
}

}  // namespace changtong::centre
