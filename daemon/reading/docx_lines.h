#pragma once
/** The body of a DOCX as lines: a paragraph or a row of a table each, in the order in which they are read. The one door
 * to a document's XML, for who reads it (office_file) and who writes beside it (docx_comments). Pure. */
#include <cstddef>
#include <functional>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/reading/office_package.h"

namespace changtong::reading {

inline constexpr int deepest_element = 100;  ///< of elements in each other: what is below is not read

/** Tags and attributes of a part: each costs many times its bytes. A report of a thousand pages has a million. */
inline constexpr std::size_t most_markup = 4'000'000;

/** Parses a part. Document types and entities are not taken: a hostile part must not grow; more than `most_markup` is
 * refused. `whole`: with all that a copy has to keep. */
[[nodiscard]] result<void> parse_part(office_package& parts, const std::string& name, bool whole,
                                      pugi::xml_document& into);
[[nodiscard]] pugi::xml_node body_of(const pugi::xml_document& document);

/** A w:t and the byte of its line's text at which it begins. */
struct text_piece {
  pugi::xml_node node;
  std::size_t at = 0;
};

/** Words of a paragraph or cell on one line; what was struck out or moved away is none, line ends, tabs and paragraphs
 * are blanks. `base`: counted into the places of `pieces`. */
[[nodiscard]] std::string words_under(const pugi::xml_node& node, std::vector<text_piece>* pieces = nullptr,
                                      std::size_t base = 0);
/** Of a w:p its words, of a w:tr its cells between tabs: a tab more where a cell is merged into its neighbour. */
[[nodiscard]] std::string line_of(const pugi::xml_node& node, std::vector<text_piece>* pieces = nullptr);
/** Calls for each w:p and w:tr that is a line. */
void each_line(const pugi::xml_node& body, const std::function<void(const pugi::xml_node&)>& take);

}  // namespace changtong::reading
