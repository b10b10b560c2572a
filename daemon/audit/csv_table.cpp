#include "daemon/audit/csv_table.h"

#include "daemon/report/columns.h"

namespace changtong::audit {
namespace {

/** One field from `at` on; leaves `at` behind the separator. True: the row ends with it. */
bool take_field(std::string_view text, std::size_t& at, std::string& field) {
  bool quoted = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"' && quoted && at + 1 < text.size() && text[at + 1] == '"') {
      field += text[++at];
    } else if (c == '"' && (quoted || field.empty())) {
      quoted = !quoted;
    } else if (!quoted && c == ',') {
      ++at;
      return false;
    } else if (!quoted && c == '\n') {
      ++at;
      if (!field.empty() && field.back() == '\r') field.pop_back();
      return true;
    } else {
      field += c;
    }
  }
  return true;
}

}  // namespace

csv_table read_csv(std::string_view text) {
  csv_table t;
  std::vector<std::string> row;
  for (std::size_t at = 0; at < text.size();) {
    std::string field;
    const bool last = take_field(text, at, field);
    row.push_back(report::no_formula(field));
    if (!last && at < text.size()) continue;
    if (t.headings.empty()) {
      t.headings = std::move(row);
    } else {
      row.resize(t.headings.size());
      t.rows.push_back(std::move(row));
    }
    row.clear();
  }
  return t;
}

std::string with_formulas(std::string_view csv) {
  std::string out;
  bool quoted = false, begins = true;
  for (std::size_t at = 0; at < csv.size(); ++at) {
    const char c = csv[at];
    const std::string_view rest = csv.substr(at + 1, 4);  // its first character
    if (begins && c == '\'' && report::no_formula(rest) != rest) continue;
    begins = (!quoted && (c == ',' || c == '\n')) || (begins && c == '"');
    if (c == '"') quoted = !quoted;
    out += c;
  }
  return out;
}

}  // namespace changtong::audit
