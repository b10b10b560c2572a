// The rows of what people declared, as core/declaration.h describes it: a table a kind, a column a field that every
// entry has (`whole_rows`: every field). A field that only newer entries have is read from the entry itself, so that
// the tables of a ledger stay as they are.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "daemon/ledger/schema.h"
#include "daemon/ledger/sql_tables.h"

namespace changtong::ledger {
namespace {

template <class T>
constexpr bool names_target = requires(const T& t) { t.target; };
template <class T>
constexpr bool has_about = requires(const T& t) { t.about; };
template <class T>
constexpr bool has_key = requires { description<T>::key; };

/** Whether a field of T that stands so has a column. */
template <class T>
constexpr bool in_row(presence stands) {
  return stands != presence::if_any || requires { description<T>::whole_rows; };
}

/** SQL has a use of its own for some names. */
std::string_view column_of(std::string_view field) {
  return field == "from" ? "begins" : field == "to" ? "ends" : field == "by" ? "author" : field;
}

// ---- the tables

template <class Value>
std::string column(std::string_view field) {
  const bool number = std::is_same_v<Value, wall_t> || std::is_same_v<Value, std::int64_t> || field == "target";
  return fmt::format("{} {} NOT NULL", column_of(field), number ? "INTEGER" : "TEXT");
}

template <class T>
constexpr auto stored_by() {
  if constexpr (requires { description<T>::rows_by; })
    return description<T>::rows_by;
  else
    return std::array<std::string_view, 0>{};
}

/** Those that are wanted by their field's name, each after a comma. */
template <class T, class Wanted>
std::string columns(Wanted wanted) {
  std::string sql;
  each_field<T>([&]<class F>(const F& f) {
    if (in_row<T>(f.stands) && wanted(f.name)) sql += ", " + column<typename F::value>(f.name);
  });
  return sql;
}

/** First the columns by which rows are stored, then the entry's number, then the others. */
template <class T>
std::string creation() {
  constexpr auto by = stored_by<T>();
  const std::string others = columns<T>([&](std::string_view name) { return std::ranges::find(by, name) == by.end(); });
  if constexpr (by.empty())
    return fmt::format("CREATE TABLE {}(seq INTEGER PRIMARY KEY{}) STRICT;\n", description<T>::table, others);
  std::string first, key;
  for (const std::string_view one : by) {
    first += columns<T>([&](std::string_view name) { return name == one; });
    key += fmt::format("{}, ", column_of(one));
  }
  return fmt::format("CREATE TABLE {}({}, seq INTEGER NOT NULL{}, PRIMARY KEY({}seq)) STRICT, WITHOUT ROWID;\n",
                     description<T>::table, first.substr(std::min<std::size_t>(2, first.size())), others, key);
}

template <class... T>
std::string creations(types<T...> /*all*/) {
  std::string sql;
  const auto add = [&]<class D>(types<D>) {
    if constexpr (has_table<D>) sql += creation<D>();
  };
  (add(types<T>{}), ...);
  return sql;
}

template <class... T>
void add_tables(std::vector<kept_table>& to, types<T...> /*all*/) {
  const auto add = [&]<class D>(types<D>) {
    if constexpr (has_table<D>) to.push_back({description<D>::table, since_format<D>()});
  };
  (add(types<T>{}), ...);
}

// ---- in

std::string bound(const std::string& text) { return text; }
wall_t bound(wall_t at) { return at; }
std::int64_t bound(std::int64_t number) { return number; }
template <named_value E>
std::string_view bound(E one) {
  return name_of(one);
}

/** What its column takes; nothing for a field without one. */
template <std::size_t I, class T>
auto value_of(std::int64_t number, const T& what) {
  constexpr auto& f = std::get<I>(description<T>::fields);
  if constexpr (!in_row<T>(f.stands))
    return std::tuple<>();
  else if constexpr (f.name == "target")
    return std::tuple(number);
  else
    return std::tuple(bound(f.of(what)));
}

template <class T>
std::string insertion() {
  std::string columns = "seq", marks = "?";
  each_field<T>([&](const auto& f) {
    if (!in_row<T>(f.stands)) return;
    columns += fmt::format(", {}", column_of(f.name));
    marks += ", ?";
  });
  return fmt::format("INSERT INTO {}({}) VALUES({})", description<T>::table, columns, marks);
}

template <class T>
void insert(store& s, std::int64_t seq, std::int64_t number, const T& what) {
  static const std::string sql = insertion<T>();
  const auto run = [&](const auto&... values) { s.prepared(sql.c_str()).run(seq, values...); };
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    std::apply(run, std::tuple_cat(value_of<I>(number, what)...));
  }(std::make_index_sequence<std::tuple_size_v<decltype(description<T>::fields)>>{});
}

// ---- out

void take(const statement& row, int column, std::string& into) { into = row.text(column); }
void take(const statement& row, int column, wall_t& into) { into = row.instant(column); }
void take(const statement& row, int column, std::int64_t& into) { into = row.integer(column); }
/** A row that was tampered with reads as the last value, which claims least; `ledger verify` finds it. */
template <named_value E>
void take(const statement& row, int column, E& into) {
  into = value_named<E>(row.text(column)).value_or(values_of<E>::all.back());
}

/** `exact`: of one key, so that its rows are one stretch of pages also by `about`. */
template <class T>
std::string selection(bool exact) {
  std::string columns = names_target<T> ? "x.seq, x.target" : "x.seq, 0", from(description<T>::table), where = "1";
  bool entry = false;
  each_field<T>([&](const auto& f) {
    if (!in_row<T>(f.stands))
      columns += fmt::format(
          ", CASE WHEN json_valid(j.body) THEN coalesce(json_extract(j.body, '$.{}'), '') ELSE '' END", f.name);
    else if (f.name == "target")
      columns += ", t.id";
    else
      columns += fmt::format(", x.{}", column_of(f.name));
    entry = entry || !in_row<T>(f.stands);
  });
  from += names_target<T> ? " x JOIN targets t USING(target)" : " x";
  if (entry) from += " LEFT JOIN journal j ON j.seq = x.seq";
  if constexpr (names_target<T>) where += " AND (? = 0 OR x.target = ?)";
  if constexpr (has_key<T>)
    where += fmt::format(" AND x.{0} {1} ? AND x.{0} <= ?", description<T>::key, exact ? "=" : ">=");
  if constexpr (has_about<T>) where += " AND x.about >= ? AND x.about < ?";
  std::string order = "x.seq";
  if constexpr (requires { description<T>::order; }) order = fmt::format("x.{}, x.seq", description<T>::order);
  return fmt::format("SELECT {} FROM {} WHERE {} ORDER BY {}", columns, from, where, order);
}

/** In the order of the marks in selection(). */
template <class T>
auto values_of(const declared_query& q, std::int64_t target) {
  const auto keys = q.keys.value_or(std::pair<std::string, std::string>("", "\xff"));
  std::tuple<> none;
  return std::tuple_cat(
      [&] {
        if constexpr (names_target<T>)
          return std::tuple(target, target);
        else
          return none;
      }(),
      [&] {
        if constexpr (has_key<T>)
          return std::tuple(keys.first, keys.second);
        else
          return none;
      }(),
      [&] {
        if constexpr (has_about<T>)
          return std::tuple(q.about.from, q.about.to);
        else
          return none;
      }());
}

template <class T>
void select(store& s, const declared_query& q, std::int64_t target,
            const std::function<void(std::int64_t, std::int64_t, record&&)>& each) {
  static const std::string any = selection<T>(false), one = selection<T>(true);
  statement& row = s.prepared(q.keys && q.keys->first == q.keys->second ? one.c_str() : any.c_str());
  std::apply([&](const auto&... values) { row.rows(values...); }, values_of<T>(q, target));
  while (row.step()) {
    T what{};
    int column = 2;
    each_field<T>([&](const auto& f) { take(row, column++, f.of(what)); });
    each(row.integer(0), row.integer(1), std::move(what));
  }
  row.reset();
}

template <class... T>
void select_kind(store& s, std::string_view kind, const declared_query& q, std::int64_t target,
                 const std::function<void(std::int64_t, std::int64_t, record&&)>& each, types<T...> /*all*/) {
  const auto one = [&]<class D>(types<D>) {
    if constexpr (has_table<D>)
      if (kind == description<D>::kind && s.format() >= since_format<D>()) select<D>(s, q, target, each);
  };
  (one(types<T>{}), ...);
}

}  // namespace

const std::string& projection_schema() {
  static const std::string sql = monitored_schema + creations(declarations{});
  return sql;
}

const std::vector<kept_table>& kept_tables() {
  static const std::vector<kept_table> all = [] {
    std::vector<kept_table> out(monitored_tables.begin(), monitored_tables.end());
    add_tables(out, declarations{});
    return out;
  }();
  return all;
}

void sql_tables::add_declared(std::int64_t seq, std::int64_t number, const record& what) {
  std::visit(
      [&]<class T>(const T& one) {
        if constexpr (has_table<T>) insert(store_, seq, number, one);
      },
      what);
}

void sql_tables::declared(std::string_view kind, const declared_query& q, std::int64_t target,
                          const std::function<void(std::int64_t, std::int64_t, record&&)>& each) const {
  select_kind(store_, kind, q, target, each, declarations{});
}

}  // namespace changtong::ledger
