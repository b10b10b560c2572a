#include "daemon/settings/site_file.h"

#include <algorithm>
#include <initializer_list>

#include "daemon/core/csv.h"
#include "daemon/reading/words.h"
#include "daemon/settings/table_rows.h"

namespace changtong::reading {
namespace {

bool is_one_of(std::string_view key, std::initializer_list<std::string_view> keys) {
  return std::ranges::find(keys, key) != keys.end();
}
/** Keys that take several texts: a cell has them one a line. */
bool takes_list(std::string_view key) { return is_one_of(key, {"contains", "forbids", "status"}); }
/** Keys that take a mapping: a cell has it as YAML does, one `key: value` a line or in braces. */
bool takes_mapping(std::string_view key) { return is_one_of(key, {"tls", "headers"}); }

class site_rows {
 public:
  site_rows(std::string_view text, std::string_view file, std::span<const category_draft> categories, findings& found)
      : text_(text), file_(file), categories_(categories), found_(found) {}

  [[nodiscard]] yaml_node read(row_cells cells) const {
    const auto headings = columns_of_sites().headings;
    yaml_node site{.what = yaml_node::shape::mapping, .line = cells[0].line, .column = column_of(cells[0])};
    for (std::size_t i = 0; i < headings.size(); ++i) {
      site.children.push_back(scalar(std::string(headings[i].english), cells[i]));
      site.children.push_back(value(headings[i].english, cells[i]));
    }
    return site;
  }

 private:
  [[nodiscard]] int column_of(const csv_field& cell) const { return column_at(text_, cell.offset); }

  [[nodiscard]] yaml_node scalar(std::string text, const csv_field& cell) const {
    return {.what = yaml_node::shape::scalar, .line = cell.line, .column = column_of(cell), .scalar = std::move(text)};
  }

  [[nodiscard]] yaml_node value(std::string_view key, const csv_field& cell) const {
    const std::string text(read_back(trim(cell.text)));
    if (text.empty()) return {.line = cell.line, .column = column_of(cell)};
    if (key == "category") return scalar(category(text), cell);
    if (key == "accepted" || key == "closed") return scalar(day_of_cell(text), cell);
    if (takes_list(key)) return list(text, cell);
    if (takes_mapping(key)) return mapping(key, text, cell);
    return scalar(text, cell);
  }

  [[nodiscard]] std::string category(const std::string& text) const {
    for (const category_draft& c : categories_)
      if (c.what.name == text) return c.what.id;
    return text;
  }

  [[nodiscard]] yaml_node list(const std::string& text, const csv_field& cell) const {
    const auto lines = split(text, "\r\n");
    if (lines.size() == 1) return scalar(text, cell);
    yaml_node all = scalar({}, cell);
    all.what = yaml_node::shape::list;
    for (const std::string_view line : lines)
      if (!trim(line).empty()) all.children.push_back(scalar(std::string(trim(line)), cell));
    return all;
  }

  [[nodiscard]] yaml_node mapping(std::string_view key, const std::string& text, const csv_field& cell) const {
    auto tree = parse_yaml(text);
    if (!tree) {
      found_.error({file_, cell.line, column_of(cell)},
                   columns_of_sites().in_their_words(both("{}：{}", "{}: {}", key, words_of(tree.error()))));
      return {.line = cell.line, .column = column_of(cell)};
    }
    stand_at(*tree, cell);
    return std::move(*tree);
  }

  /** All of it stands in the cell. */
  void stand_at(yaml_node& node, const csv_field& cell) const {
    node.line = cell.line;
    node.column = column_of(cell);
    for (yaml_node& child : node.children) stand_at(child, cell);
  }

  std::string_view text_, file_;
  std::span<const category_draft> categories_;
  findings& found_;
};

}  // namespace

std::vector<yaml_node> read_site_rows(std::string bytes, std::string_view file,
                                      std::span<const category_draft> categories, std::size_t most, findings& found) {
  std::vector<yaml_node> sites;
  const auto text = to_utf8(std::move(bytes));
  if (!text) {
    found.error(file, text.error());
    return sites;
  }
  const row_rules rules{.columns = columns_of_sites(),
                        .required = {0, 2},
                        .most = most,
                        .too_many = both("网站超过 {} 个", "more than {} sites", most),
                        .no_headings = {"没有表头：第一行请写 编号,名称,网址（id,name,url）",
                                        "no headings: begin with id,name,url (编号,名称,网址)"}};
  const site_rows rows(*text, file, categories, found);
  read_rows(*text, file, rules, found, [&](row_cells cells) { sites.push_back(rows.read(cells)); });
  return sites;
}

}  // namespace changtong::reading
