#include "daemon/core/csv.h"

#include <charconv>
#include <cmath>

namespace changtong {
namespace {

/** -12.5, -1e-07. */
bool is_negative_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && std::isfinite(value);
}

bool is_formula(std::string_view text) {
  if (text.empty() || is_negative_number(text)) return false;
  if (std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos) return true;
  for (const std::string_view wide : {"＝", "＋", "－", "＠"})
    if (text.starts_with(wide)) return true;
  return false;
}

}  // namespace

std::string no_formula(std::string_view text) { return (is_formula(text) ? "'" : "") + std::string(text); }

std::string_view read_back(std::string_view cell) {
  return cell.starts_with('\'') && is_formula(cell.substr(1)) ? cell.substr(1) : cell;
}

std::string csv_field(std::string_view cell) { return csv_quoted(no_formula(cell)); }

std::string csv_quoted(std::string_view text) {
  if (text.find_first_of("\",\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace changtong
