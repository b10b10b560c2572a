#include "daemon/audit/cells.h"

#include <fmt/format.h>

#include <charconv>
#include <pugixml.hpp>
#include <vector>

#include "daemon/core/phrase.h"

namespace changtong::audit {
namespace {

/** No document type and no entities are read: a workbook has none, and a hostile one must not grow here. */
result<void> parse(const zip_reader& workbook, const zip_member& part, std::uint64_t most, pugi::xml_document& into) {
  const auto text = workbook.text(part, most);
  if (!text) return said(both("部件 {}：{}", "part {}: {}", part.name, words_of(text.error())));
  if (!into.load_buffer(text->data(), text->size(), pugi::parse_minimal | pugi::parse_escapes | pugi::parse_ws_pcdata))
    return said(both("部件 {} 不是 XML", "part {} is no XML", part.name));
  return {};
}

/** The text of a string, plain or in runs. */
std::string text_under(const pugi::xml_node& node) {
  std::string text = node.child_value("t");
  for (const pugi::xml_node& run : node.children("r")) text += run.child_value("t");
  return text;
}

std::string value_of(const pugi::xml_node& cell, const std::vector<std::string>& shared) {
  const std::string_view type = cell.attribute("t").value();
  if (cell.child("f")) return std::string("=") + cell.child_value("f");
  if (type == "inlineStr") return text_under(cell.child("is"));
  const std::string_view value = cell.child_value("v");
  if (type != "s") return std::string(value);
  std::size_t place = shared.size();
  std::from_chars(value.data(), value.data() + value.size(), place);
  return place < shared.size() ? shared[place] : "（无此字符串）";
}

}  // namespace

result<std::map<std::string, std::string>> read_cells(const zip_reader& workbook, std::uint64_t most) {
  std::map<std::string, std::string> cells;
  std::vector<std::string> shared;
  if (const zip_member* part = workbook.find("xl/sharedStrings.xml")) {
    pugi::xml_document xml;
    if (const auto read = parse(workbook, *part, most, xml); !read) return read.error();
    for (const pugi::xml_node& si : xml.child("sst").children("si")) shared.push_back(text_under(si));
  }
  constexpr std::string_view folder = "xl/worksheets/", end = ".xml";
  for (const zip_member& part : workbook.members()) {
    const bool titles = part.name == "xl/workbook.xml";
    if (!titles && !(part.name.starts_with(folder) && part.name.ends_with(end))) continue;
    pugi::xml_document xml;
    if (const auto read = parse(workbook, part, most, xml); !read) return read.error();
    for (const pugi::xml_node& s : xml.child("workbook").child("sheets").children("sheet"))
      cells["workbook!" + std::string(s.attribute("sheetId").value())] = s.attribute("name").value();
    if (titles) continue;
    const std::string sheet = part.name.substr(folder.size(), part.name.size() - folder.size() - end.size());
    for (const pugi::xml_node& row : xml.child("worksheet").child("sheetData").children("row"))
      for (const pugi::xml_node& cell : row.children("c"))
        cells[sheet + "!" + cell.attribute("r").value()] = value_of(cell, shared);
  }
  return result<std::map<std::string, std::string>>(boost::system::in_place_value, std::move(cells));
}

}  // namespace changtong::audit
