#pragma once
/** Lists of what people declare (core/declaration.h): a list says which fields it has and in which order; headings,
 * and how each type of field is written, follow. Pure; formats as in books.h. */
#include <algorithm>
#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/core/csv.h"
#include "daemon/core/declaration.h"
#include "daemon/core/field_name.h"
#include "daemon/core/json.h"
#include "daemon/report/book_text.h"
#include "daemon/report/columns.h"

namespace changtong::report {

/** The place in a list of what was judged. */
struct judged_word {};
inline constexpr judged_word the_word{};

/** A field of T by its name, any other does not compile; or what was judged. */
template <class T>
struct list_column {
  std::string_view name;  ///< empty: what was judged
  template <std::convertible_to<std::string_view> Name>
  consteval list_column(const Name& field) : name(field_name<T>(field).text) {}
  constexpr list_column(judged_word /*it*/) {}
};

/** A column that no record says: what is known of each from the others, or from the calendar. */
struct judged {
  std::string_view name, chinese;  ///< as of a field
  std::string_view yes, no;        ///< words of the table; JSON and CSV say true and false
  std::vector<bool> is;            ///< of each record
};

struct list_cell {
  std::string plain;  ///< JSON and CSV
  std::string shown;  ///< in the table
};

// How a type of field is written.
inline list_cell cell_of(const std::string& text, const civil_zone& /*zone*/) { return {text, text}; }
inline list_cell cell_of(wall_t at, const civil_zone& zone) { return {zone.format(at), zone.format_short(at)}; }
inline list_cell cell_of(std::int64_t number, const civil_zone& /*zone*/) {
  return {std::to_string(number), std::to_string(number)};
}
inline list_cell cell_of(window_state s, const civil_zone& /*zone*/) {
  return {std::string(name_of(s)), std::string(chinese(s))};
}
inline list_cell cell_of(attainment a, const civil_zone& /*zone*/) {
  return {std::string(name_of(a)), std::string(chinese_of(a))};
}

inline list_cell cell_of(ticket_step s, const civil_zone& /*zone*/) {
  return {std::string(name_of(s)), std::string(name_of(s))};
}
inline list_cell cell_of(fault_cause c, const civil_zone& /*zone*/) {
  return {std::string(name_of(c)), std::string(chinese_of(c))};
}

/** The field of that name; in the table digests are shortened. */
template <class T>
list_cell cell_of(const T& record, std::string_view name, const civil_zone& zone) {
  list_cell cell;
  each_field<T>([&](const auto& f) {
    if constexpr (requires { cell_of(f.of(record), zone); })
      if (f.name == name) cell = cell_of(f.of(record), zone);
  });
  if constexpr (std::is_same_v<T, duty_record>)
    if (name == "source" && record.source == withdrawn_duty) cell.shown = "已撤回";
  if (name == "sha256") cell.shown.resize(std::min<std::size_t>(cell.shown.size(), 12));
  return cell;
}

/** Its heading; what is checked when it is read is a number, and stands right. */
template <class T>
column heading_of(std::string_view name) {
  column heading;
  each_field<T>([&](const auto& f) {
    if (f.name == name) heading = {std::string(f.chinese), f.good != nullptr};
  });
  return heading;
}

template <class T>
using list_columns = std::vector<list_column<std::type_identity_t<T>>>;

/** `columns`: of JSON and CSV; `table`: of the table. */
template <class T>
std::string declared_list(const std::vector<T>& records, const judged& more, format f, const civil_zone& zone,
                          const list_columns<T>& columns, const list_columns<T>& table) {
  std::string json, csv;
  std::vector<column> headings;
  std::vector<std::vector<std::string>> rows(records.size());
  for (const auto& c : columns) csv += (csv.empty() ? "" : ",") + std::string(c.name.empty() ? more.name : c.name);
  for (const auto& c : table)
    headings.push_back(c.name.empty() ? column{std::string(more.chinese)} : heading_of<T>(c.name));
  for (std::size_t i = 0; i < records.size(); ++i) {
    json_object o;
    std::string line;
    for (const auto& c : columns) {
      const bool word = c.name.empty();
      const std::string text = word ? (more.is[i] ? "true" : "false") : cell_of(records[i], c.name, zone).plain;
      word ? o.add_raw(more.name, text) : o.add(c.name, text);
      line += (line.empty() ? "\n" : ",") + csv_field(text);
    }
    for (const auto& c : table)
      rows[i].push_back(c.name.empty() ? std::string(more.is[i] ? more.yes : more.no)
                                       : cell_of(records[i], c.name, zone).shown);
    csv += line;
    json += (json.empty() ? "" : ",\n") + o.text();
  }
  if (f == format::csv) return csv + "\n";
  return f == format::json ? "[" + json + "]\n" : in_columns(headings, rows);
}

}  // namespace changtong::report
