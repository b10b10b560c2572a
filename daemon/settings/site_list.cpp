#include "daemon/settings/site_list.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "daemon/core/csv.h"
#include "daemon/core/phrase.h"
#include "daemon/reading/words.h"
#include "daemon/reading/yaml.h"
#include "daemon/settings/table_columns.h"

namespace changtong {
namespace {

using namespace reading;

/** A word of YAML that is what it says, quoted where it would be something else. */
std::string yaml_word(std::string_view text) {
  const auto plain = [](char c) { return name_character(c) || c == '.'; };
  if (!text.empty() && std::ranges::all_of(text, plain)) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string cell_of(const yaml_node& value) {
  std::vector<std::string> lines;
  if (value.what == yaml_node::shape::list)
    for (const yaml_node& one : value.children) lines.push_back(one.scalar);
  else if (value.what == yaml_node::shape::mapping)
    for (std::size_t i = 0; i + 1 < value.children.size(); i += 2)
      lines.push_back(yaml_word(value.children[i].scalar) + ": " + yaml_word(value.children[i + 1].scalar));
  else
    return value.scalar;
  return fmt::format("{}", fmt::join(lines, "\n"));
}

const yaml_node* member(const yaml_node& of, std::string_view key) {
  for (std::size_t i = 0; i + 1 < of.children.size(); i += 2)
    if (of.children[i].scalar == key) return &of.children[i + 1];
  return nullptr;
}

}  // namespace

result<std::string> site_list_as_csv(const std::string& yaml) {
  const auto tree = parse_yaml(yaml);
  if (!tree) return tree.error();
  const yaml_node* list = tree->what == yaml_node::shape::mapping ? member(*tree, "sites") : nullptr;
  if (list != nullptr && list->what == yaml_node::shape::scalar)
    return said(both("网站已在文件 {0} 里（sites: {0}），不用再导出：直接改它，或在控制台“网站”页里改",
                     "the sites are in the file {0} already (sites: {0}), there is nothing to export: change it there, "
                     "or in the console under 网站",
                     list->scalar));
  if (list == nullptr || list->what != yaml_node::shape::list || list->children.empty())
    return said({"配置里没有网站，没有可导出的：要从文件开始，就写 sites: sites.csv，文件第一行写 编号,名称,网址",
                 "the configuration has no sites, so there is nothing to export: to begin with a file, write sites: "
                 "sites.csv, whose first row is id,name,url"});
  const auto headings = columns_of_sites().headings;
  std::vector<const table_columns::heading*> used;
  for (const auto& h : headings)
    if (std::ranges::any_of(list->children, [&](const yaml_node& s) { return member(s, h.english) != nullptr; }))
      used.push_back(&h);
  std::string out = "\xef\xbb\xbf";  // without it a spreadsheet takes UTF-8 for the local encoding
  const auto row = [&](const auto& cell) {
    for (const auto* h : used) out += (h == used.front() ? "" : ",") + cell(*h);
    out += "\r\n";
  };
  row([](const auto& h) { return std::string(h.chinese); });
  for (const yaml_node& site : list->children)
    row([&](const auto& h) {
      const yaml_node* value = member(site, h.english);
      return value == nullptr ? std::string() : csv_field(cell_of(*value));
    });
  return result<std::string>(boost::system::in_place_value, std::move(out));
}

}  // namespace changtong
