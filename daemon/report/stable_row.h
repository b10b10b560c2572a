#pragma once
/** A row of the stable formats, JSON and CSV: its fields once, in order; both texts and the headings follow. Pure. */
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/core/json.h"

namespace changtong::report {

struct stable_field {
  std::string_view name;
  std::string json;   ///< the value as JSON text
  std::string plain;  ///< and for CSV, not yet quoted
};
using stable_row = std::vector<stable_field>;

[[nodiscard]] stable_field text_field(std::string_view name, std::string_view value);
/** Nothing: null, and empty in CSV. */
[[nodiscard]] stable_field number_field(std::string_view name, std::optional<double> value);
[[nodiscard]] stable_field count_field(std::string_view name, std::int64_t value);
[[nodiscard]] stable_field truth_field(std::string_view name, bool value);
[[nodiscard]] stable_field instant_field(std::string_view name, std::optional<wall_t> at, const civil_zone& zone);
[[nodiscard]] std::string joined(const std::vector<std::string>& words, std::string_view between);
/** An array; in CSV one after another with `between`. */
[[nodiscard]] stable_field list_field(std::string_view name, const std::vector<std::string>& words,
                                      std::string_view between);

/** An array of objects, one a line. Rows are made one at a time: a district has as many as it has lines. */
template <class Rows, class ToRow>
std::string rows_as_json(const Rows& rows, const ToRow& to_row) {
  std::string out = "[";
  for (const auto& r : rows) {
    json_object o;
    for (const stable_field& f : to_row(r)) o.add_raw(f.name, f.json);
    out += (out.size() > 1 ? ",\n" : "") + o.text();
  }
  return out + "]\n";
}

/** What stands over a column of that name. */
using heading_of_field = std::string (*)(std::string_view name);
[[nodiscard]] inline std::string same_name(std::string_view name) { return std::string(name); }

/** Without a line end. */
[[nodiscard]] std::string csv_headings(const stable_row& row, heading_of_field heading);
[[nodiscard]] std::string csv_values(const stable_row& row);

/** Headings are those of a row of nothing. */
template <class Rows, class ToRow>
std::string rows_as_csv(const Rows& rows, const ToRow& to_row, std::string_view line_end,
                        heading_of_field heading = same_name) {
  std::string out = csv_headings(to_row({}), heading);
  out += line_end;
  for (const auto& r : rows) (out += csv_values(to_row(r))) += line_end;
  return out;
}

}  // namespace changtong::report
