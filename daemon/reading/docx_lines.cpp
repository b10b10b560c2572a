#include "daemon/reading/docx_lines.h"

#include <algorithm>
#include <string_view>

#include "daemon/core/phrase.h"

namespace changtong::reading {
namespace {

void gather(const pugi::xml_node& node, std::string& out, std::vector<text_piece>* pieces, std::size_t base,
            int depth) {
  if (depth > deepest_element) return;
  for (const pugi::xml_node& child : node.children()) {
    const std::string_view name = child.name();
    if (name == "w:t") {
      if (pieces != nullptr) pieces->push_back({child, base + out.size()});
      out += child.child_value();
    } else if (name == "w:tab" || name == "w:br" || name == "w:cr") {
      out += ' ';
    } else if (name != "w:del" && name != "w:moveFrom" && name != "w:instrText" && name != "mc:Fallback" &&
               name != "w:pPr") {
      if (name == "w:p" && !out.empty()) out += ' ';
      gather(child, out, pieces, base, depth + 1);
    }
  }
}

void lines_under(const pugi::xml_node& node, const std::function<void(const pugi::xml_node&)>& take, int depth) {
  if (depth > deepest_element) return;
  for (const pugi::xml_node& child : node.children()) {
    const std::string_view name = child.name();
    if (name == "w:p" || name == "w:tr")
      take(child);
    else if (name == "w:tbl" || name == "w:sdt" || name == "w:sdtContent")
      lines_under(child, take, depth + 1);
  }
}

}  // namespace

result<void> parse_part(office_package& parts, const std::string& name, bool whole, pugi::xml_document& into) {
  const auto part = parts.part(name);
  if (!part) return part.error();
  const auto parts_of_markup = std::ranges::count_if(*part, [](char c) { return c == '<' || c == '='; });
  if (static_cast<std::size_t>(parts_of_markup) > most_markup)
    return said(both("{} 里有 {} 个标记，至多 {} 个：请把正文另存为一份新文档",
                     "{} has {} tags and attributes, {} are the most: save the text as a new document", name,
                     parts_of_markup, most_markup));
  constexpr unsigned text = pugi::parse_minimal | pugi::parse_escapes | pugi::parse_ws_pcdata;
  constexpr unsigned rest = pugi::parse_declaration | pugi::parse_pi | pugi::parse_comments | pugi::parse_cdata;
  if (!into.load_buffer(part->data(), part->size(), whole ? text | rest : text))
    return said({"文件已损坏，请在 Word 或 WPS 中打开后另存", "damaged: open it and save it anew"});
  return {};
}

pugi::xml_node body_of(const pugi::xml_document& document) { return document.child("w:document").child("w:body"); }

std::string words_under(const pugi::xml_node& node, std::vector<text_piece>* pieces, std::size_t base) {
  std::string out;
  gather(node, out, pieces, base, 0);
  std::ranges::replace_if(out, [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  return out;
}

std::string line_of(const pugi::xml_node& node, std::vector<text_piece>* pieces) {
  if (std::string_view(node.name()) == "w:p") return words_under(node, pieces);
  std::string out;
  bool first = true;
  for (const pugi::xml_node& cell : node.children("w:tc")) {
    if (!first) out += '\t';
    first = false;
    out += words_under(cell, pieces, out.size());
    const int span = std::min(cell.child("w:tcPr").child("w:gridSpan").attribute("w:val").as_int(1), 64);
    for (int i = 1; i < span; ++i) out += '\t';
  }
  return out;
}

void each_line(const pugi::xml_node& body, const std::function<void(const pugi::xml_node&)>& take) {
  lines_under(body, take, 0);
}

}  // namespace changtong::reading
