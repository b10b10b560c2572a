#include "daemon/audit/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <set>

#include "daemon/audit/cells.h"
#include "daemon/core/csv.h"
#include "daemon/core/phrase.h"
#include "daemon/core/utf8.h"
#include "daemon/reading/csv.h"

namespace changtong::audit {
namespace {

namespace json = boost::json;

/** Collects findings of one file up to the bound. */
class collected {
 public:
  explicit collected(std::string file) : file_(std::move(file)) {}
  void add(std::string text) {
    if (all_.size() < most_findings_a_file)
      all_.push_back({file_, 0, std::move(text)});
    else
      ++more_;
  }
  void differ(const std::string& where, std::string_view stated, std::string_view computed) {
    add(fmt::format("{}：所列为 {}，由账目算得 {} / stated and recomputed differ", where, shown(stated),
                    shown(computed)));
  }
  [[nodiscard]] bool none() const { return all_.empty(); }
  [[nodiscard]] std::vector<finding> take() && {
    if (more_ > 0) all_.push_back({file_, 0, fmt::format("另有 {} 处不符 / and {} more", more_, more_)});
    return std::move(all_);
  }

 private:
  /** As much of a value as a line can show, cut where a character begins. */
  static std::string shown(std::string_view value) {
    if (value.empty()) return "（空）";
    if (value.size() <= 80) return std::string(value);
    return std::string(shortened(value, 77)) + "…";
  }

  std::string file_;
  std::vector<finding> all_;
  std::size_t more_ = 0;
};

struct csv_table {
  std::vector<std::string> headings;
  std::vector<std::vector<std::string>> rows;  ///< each as long as `headings`
};

/** Every byte of the text is in a row. Cells are no formulas (core/csv.h), whether the text has them so or not.
 */
result<csv_table> table_in(std::string_view text) {
  reading::csv_reader csv(text, reading::written_by_a_program);
  csv_table t;
  std::vector<reading::csv_field> fields;
  for (std::int64_t number = 1;; ++number) {
    const auto more = csv.next(fields);
    if (!more) return said(both("第 {} 行：{}", "line {}: {}", more.error().line, words_of(more.error())));
    if (!*more) return t;
    std::vector<std::string> row;
    for (const reading::csv_field& f : fields) row.push_back(no_formula(f.text));
    if (t.headings.empty())
      t.headings = std::move(row);
    else if (row.size() == t.headings.size())
      t.rows.push_back(std::move(row));
    else
      return said(both("第 {} 条记录有 {} 列，而表头有 {} 列", "record {} has {} fields and the headings have {}",
                       number, row.size(), t.headings.size()));
  }
}

/** CSV as versions before 0.5.0 wrote it: what would be a formula stands in it as it was entered. */
std::string with_formulas(std::string_view csv) {
  std::string out;
  bool quoted = false, begins = true;
  for (std::size_t at = 0; at < csv.size(); ++at) {
    const char c = csv[at];
    const std::string_view rest = csv.substr(at + 1, 4);  // its first character
    if (begins && c == '\'' && no_formula(rest) != rest) continue;
    begins = (!quoted && (c == ',' || c == '\n')) || (begins && c == '"');
    if (c == '"') quoted = !quoted;
    out += c;
  }
  return out;
}

/** Outages are named by line and beginning, everything else by its first column. */
std::string key_of(const std::vector<std::string>& row, bool by_two) {
  if (row.empty()) return {};
  return by_two && row.size() > 1 ? row[0] + " " + row[1] : row[0];
}

/** The columns that are stated are the first ones of those that are computed. */
bool begins_with(const std::vector<std::string>& computed, const std::vector<std::string>& stated) {
  return !stated.empty() && stated.size() <= computed.size() &&
         std::equal(stated.begin(), stated.end(), computed.begin());
}

void compare_csv(const csv_table& s, const csv_table& c, columns wanted, bool by_two, collected& found) {
  if (s.headings != c.headings && !(wanted == columns::first_ones && begins_with(c.headings, s.headings)))
    return found.add("列名不符 / the columns are other ones");
  std::multimap<std::string, const std::vector<std::string>*> missing;
  for (const auto& row : c.rows) missing.emplace(key_of(row, by_two), &row);
  for (const auto& row : s.rows) {
    const std::string key = key_of(row, by_two);
    const auto own = missing.find(key);
    if (own == missing.end()) {
      found.add(fmt::format("行 {}：账目中没有 / row {} is not in the books", key, key));
      continue;
    }
    for (std::size_t i = 0; i < row.size(); ++i)
      if (row[i] != (*own->second)[i])
        found.differ(fmt::format("行 {} 的 {} / row {}, {}", key, s.headings[i], key, s.headings[i]), row[i],
                     (*own->second)[i]);
    missing.erase(own);
  }
  for (const auto& [key, row] : missing) found.add(fmt::format("缺少行 {} / row {} is missing", key, key));
}

void compare_json(const json::value& s, const json::value& c, const std::string& path, collected& found) {
  if (s.is_object() && c.is_object()) {
    const json::object &so = s.get_object(), &co = c.get_object();
    for (const auto& [key, value] : co) {
      const std::string below = path + (path.empty() ? "" : ".") + std::string(key);
      if (const json::value* own = so.if_contains(key))
        compare_json(*own, value, below, found);
      else
        found.add(fmt::format("缺少 {} / {} is missing", below, below));
    }
    for (const auto& [key, value] : so)
      if (!co.contains(key)) found.add(fmt::format("多出 {}.{} / is not in the books", path, std::string(key)));
  } else if (s.is_array() && c.is_array()) {
    const json::array &sa = s.get_array(), &ca = c.get_array();
    if (sa.size() != ca.size())
      found.differ(path + " 的行数 / number of rows", std::to_string(sa.size()), std::to_string(ca.size()));
    for (std::size_t i = 0; i < std::min(sa.size(), ca.size()); ++i) {
      const json::value* key = ca[i].is_object() ? ca[i].get_object().if_contains("key") : nullptr;
      const std::string name = key != nullptr && key->is_string() ? std::string(key->get_string()) : std::to_string(i);
      compare_json(sa[i], ca[i], fmt::format("{}[{}]", path, name), found);
    }
  } else if (s != c) {
    found.differ(path, json::serialize(s), json::serialize(c));
  }
}

void compare_lines(std::string_view stated, std::string_view computed, collected& found) {
  const auto at = static_cast<std::size_t>(std::ranges::mismatch(stated, computed).in1 - stated.begin());
  const auto line = std::count(stated.begin(), stated.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
  found.add(fmt::format("第 {} 行与由账目生成的不同 / line {} differs from what the books give", line, line));
}

/** Sheet and column of a cell: "sheet1!AB12" -> "sheet1!AB". */
std::string column_of(const std::string& cell) { return cell.substr(0, cell.find_last_not_of("0123456789") + 1); }

void compare_cells(const std::map<std::string, std::string>& s, const std::map<std::string, std::string>& c,
                   columns wanted, collected& found) {
  std::set<std::string> there;
  for (const auto& [where, value] : s) there.insert(column_of(where));
  for (const auto& [where, value] : c) {
    const auto it = s.find(where);
    if (it == s.end() && wanted == columns::first_ones && !there.contains(column_of(where))) continue;
    if (it == s.end() || it->second != value)
      found.differ(where, it == s.end() ? std::string_view() : it->second, value);
  }
  for (const auto& [where, value] : s)
    if (!c.contains(where)) found.differ(where, value, {});
}

}  // namespace

std::vector<finding> compare_text(const std::string& name, std::string_view stated, std::string_view computed,
                                  columns wanted) {
  if (stated == computed) return {};
  collected found(name);
  if (name.ends_with(".csv")) {
    if (stated == with_formulas(computed)) return {};
    const auto s = table_in(stated), c = table_in(computed);
    if (!s) found.add(to_string(s.error()));
    if (s && c) compare_csv(*s, *c, wanted, name.ends_with("outages.csv"), found);
    if (s && c && s->headings != c->headings) return std::move(found).take();
  } else if (name.ends_with(".json")) {
    boost::system::error_code failed;
    const json::value s = json::parse(stated, failed);
    if (failed)
      found.add("不是 JSON / it is no JSON");
    else
      compare_json(s, json::parse(computed), {}, found);
  }
  if (found.none()) compare_lines(stated, computed, found);
  return std::move(found).take();
}

std::vector<finding> compare_workbooks(const std::string& name, const zip_reader& stated, const zip_reader& computed,
                                       columns wanted) {
  collected found(name);
  std::vector<std::string> other_parts;
  std::uint64_t expected = 1 << 20;
  for (const zip_member& m : computed.members()) expected += m.size;
  for (const zip_member& m : stated.members())
    if (computed.find(m.name) == nullptr) found.add(fmt::format("多出部件 {} / there is a part too many", m.name));
  for (const zip_member& m : computed.members()) {
    const zip_member* own = stated.find(m.name);
    const auto s =
        own == nullptr ? result<std::string>(said({"缺失", "it is missing"})) : stated.text(*own, 2 * expected);
    const auto c = computed.text(m, m.size);
    if (!s) found.add(to_string(both("部件 {}：{}", "part {}: {}", m.name, words_of(s.error()))));
    if (s && c && *s != *c) other_parts.push_back(m.name);
  }
  if (other_parts.empty()) return std::move(found).take();
  const auto s = read_cells(stated, 2 * expected), c = read_cells(computed, 2 * expected);
  if (!s) found.add(to_string(s.error()));
  if (s && c) compare_cells(*s, *c, wanted, found);
  if (found.none() && wanted == columns::all)
    for (const std::string& part : other_parts)
      found.add(fmt::format("部件 {} 与重新生成的不同 / this part differs from what the books give", part));
  return std::move(found).take();
}

}  // namespace changtong::audit
