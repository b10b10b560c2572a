#include "daemon/ledger/table_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <compare>

namespace changtong::ledger {
namespace {

constexpr std::size_t most_told = 5;

/** A file of format 3 has not these columns. */
bool came_with_format_4(std::string_view table, std::string_view column) {
  return table == "outages" && (column == "after_own_uplink" || column == "rules");
}

/** As SQLite orders values: by kind, then by number or by bytes. */
std::strong_ordering order(const statement& a, const statement& b, int column) {
  if (const auto kinds = a.type(column) <=> b.type(column); kinds != 0) return kinds;
  if (a.type(column) == 1) return a.integer(column) <=> b.integer(column);
  return a.text(column).compare(b.text(column)) <=> 0;
}

/** A view, or a column that is computed, may say something else when nobody compares it. */
bool is_plain_table(store& s, const std::string& name) {
  const auto row = s.prepare(
      "SELECT (SELECT type FROM pragma_table_list WHERE schema = 'main' AND name = ?1) = 'table' AND "
      "NOT EXISTS(SELECT 1 FROM pragma_table_xinfo(?1) WHERE hidden <> 0)");
  return row && row->rows(name).step() && row->integer(0) == 1;
}

std::string list_of(const std::vector<std::string>& names) { return fmt::format("{}", fmt::join(names, ", ")); }

}  // namespace

table_check::table_check()
    : store_({}, store::mode::scratch), tables_(store_), fold_(tables_), filling_(store_, "BEGIN") {}

void table_check::fold(std::int64_t seq, std::string_view kind, wall_t at, std::string_view body) {
  if (bad_ != 0) return;
  const result<entry> e = decode(kind, at, body);
  problem_ = e ? phrase{} : words_of(e.error());
  try {
    if (e) fold_.apply(seq, *e), spoken_.step(seq, at, *e);
  } catch (const refusal& r) {
    problem_ = r.words();
  }
  if (!problem_.empty()) bad_ = seq;
}

std::string table_check::zone() const {
  const auto all = tables_.policies();
  return all.empty() ? std::string() : all.back().zone;
}

table_differences table_check::compare(store& s) {
  table_differences out;
  for (const kept_table& t : kept_tables())
    if (s.format() >= t.since)
      compare_table(s, std::string(t.name), out);
    else if (t.since > 4)  // a start stands in a file of format 3 too
      expect_none(t, s.format(), out);
  return out;
}

/** Who set the mark of the format back hides what only a newer one has a table for. */
void table_check::expect_none(const kept_table& t, std::int64_t format, table_differences& into) {
  const std::int64_t rows = store_.number(fmt::format("SELECT count(*) FROM {}", t.name).c_str());
  if (rows == 0 || ++into.count > static_cast<std::int64_t>(most_told)) return;
  into.first.push_back(fmt::format(
      "格式标记为 {}，而账目里有 {} 条只有格式 {} 才有的内容（{}）：标记被改动过 / the file says that it is of "
      "format {}, but its journal has {} entries of format {} ({}): the mark was changed",
      format, rows, t.since, t.name, format, rows, t.since, t.name));
}

/** Both in the order of the table's key, side by side. */
void table_check::compare_table(store& s, const std::string& name, table_differences& into) {
  const auto differ = [&](std::string text) {
    if (++into.count <= static_cast<std::int64_t>(most_told)) into.first.push_back(std::move(text));
  };
  std::vector<std::string> columns, keys;
  std::vector<int> places;  // of the keys among the columns
  const auto about = store_.prepare("SELECT name, pk FROM pragma_table_info(?) ORDER BY pk = 0, pk, cid");
  for (about->rows(name); about->step();) {
    if (s.format() < 4 && came_with_format_4(name, about->text(0))) continue;
    if (about->integer(1) > 0) keys.emplace_back(about->text(0)), places.push_back(static_cast<int>(columns.size()));
    columns.emplace_back(about->text(0));
  }
  const std::string all = fmt::format("SELECT {} FROM {} ORDER BY {}", list_of(columns), name, list_of(keys));
  const auto expected = store_.prepare(all), there = s.prepare(all);
  if (there && !is_plain_table(s, name))
    return differ(
        fmt::format("{} 不是普通的表，它的行可随时间而变 / {} is no plain table: its rows may change by "
                    "themselves",
                    name, name));
  if (!there)
    return differ(fmt::format("表 {} 不在，或列被改动 / table {} is not there or has other columns", name, name));
  bool wanted = expected->step(), found = there->step();
  while (wanted || found) {
    std::strong_ordering keys_are = wanted ? std::strong_ordering::equal : std::strong_ordering::greater;
    if (wanted && !found) keys_are = std::strong_ordering::less;
    for (const int k : places)
      if (keys_are == 0 && wanted && found) keys_are = order(*expected, *there, k);
    if (keys_are < 0) {
      const std::string row = name_of_row(*expected, keys, places);
      differ(fmt::format("{} 缺少一行：{} / a row of {} is missing: {}", name, row, name, row));
    } else if (keys_are > 0) {
      const std::string row = name_of_row(*there, keys, places);
      differ(fmt::format("{} 多出一行：{} / a row of {} is not in the journal: {}", name, row, name, row));
    } else {
      std::vector<std::string> other;
      for (std::size_t c = 0; c < columns.size(); ++c)
        if (order(*expected, *there, static_cast<int>(c)) != 0) other.push_back(columns[c]);
      const std::string row = other.empty() ? std::string() : name_of_row(*expected, keys, places);
      if (!other.empty())
        differ(fmt::format("{} 的一行被改动（{}）：{} / a row of {} was changed ({}): {}", name, list_of(other), row,
                           name, list_of(other), row));
    }
    if (keys_are <= 0) wanted = expected->step();
    if (keys_are >= 0) found = there->step();
  }
}

/** "target=3（L3） began=1773417650000". */
std::string table_check::name_of_row(const statement& row, const std::vector<std::string>& keys,
                                     const std::vector<int>& places) {
  std::string out;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    out += fmt::format("{}{}={}", i > 0 ? " " : "", keys[i], row.text(places[i]));
    if (keys[i] != "target") continue;
    statement& id = store_.prepared("SELECT id FROM targets WHERE target = ?");
    if (id.rows(row.integer(places[i])).step()) out += fmt::format("（{}）", id.text(0));
    id.reset();
  }
  return out;
}

}  // namespace changtong::ledger
