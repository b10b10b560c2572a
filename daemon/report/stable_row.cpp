#include "daemon/report/stable_row.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/core/csv.h"
#include "daemon/core/json.h"

namespace changtong::report {

stable_field text_field(std::string_view name, std::string_view value) {
  std::string json;
  append_json_string(json, value);
  return {name, json, std::string(value)};
}

stable_field number_field(std::string_view name, std::optional<double> value) {
  const std::string all = json_object().add(name, value.value_or(0)).text();
  std::string number = all.substr(name.size() + 4, all.size() - name.size() - 5);  // {"name":…}
  return value ? stable_field{name, number, number} : stable_field{name, "null", ""};
}

stable_field count_field(std::string_view name, std::int64_t value) {
  return {name, std::to_string(value), std::to_string(value)};
}

stable_field truth_field(std::string_view name, bool value) {
  const std::string text = value ? "true" : "false";
  return {name, text, text};
}

stable_field instant_field(std::string_view name, std::optional<wall_t> at, const civil_zone& zone) {
  return at ? text_field(name, zone.format(*at)) : stable_field{name, "null", ""};
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  return fmt::format("{}", fmt::join(words, between));
}

stable_field list_field(std::string_view name, const std::vector<std::string>& words, std::string_view between) {
  return {name, json_list(words), joined(words, between)};
}

std::string csv_headings(const stable_row& row, heading_of_field heading) {
  std::string out;
  for (const stable_field& f : row) (out += out.empty() ? "" : ",") += csv_field(heading(f.name));
  return out;
}

std::string csv_values(const stable_row& row) {
  std::string out;
  for (std::size_t i = 0; i < row.size(); ++i) out += (i > 0 ? "," : "") + csv_field(row[i].plain);
  return out;
}

}  // namespace changtong::report
