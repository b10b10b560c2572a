#include "daemon/reading/docx_comments.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

#include "daemon/core/phrase.h"
#include "daemon/reading/docx_lines.h"

namespace changtong::reading {
namespace {

const std::string document_part = "word/document.xml", relations_part = "word/_rels/document.xml.rels",
                  types_part = "[Content_Types].xml";
constexpr std::string_view relation_end = "/relationships/comments";

std::string text_of(const pugi::xml_document& xml) {
  std::ostringstream out;
  xml.save(out, "", pugi::format_raw, pugi::encoding_utf8);
  return std::move(out).str();
}

/** Children of paragraphs between which a comment stands. */
struct anchor {
  pugi::xml_node first, last;
};

/** The child of the outermost paragraph of `line` that holds `piece`: inside text boxes a comment is not allowed. */
pugi::xml_node holder(const pugi::xml_node& line, const pugi::xml_node& piece) {
  pugi::xml_node found, below = piece;
  for (pugi::xml_node at = piece.parent(); at; below = at, at = at.parent()) {
    if (std::string_view(at.name()) == "w:p") found = below;
    if (at == line) break;
  }
  return found;
}

/** Beside the pieces that hold the quote, within the paragraph where it begins. */
anchor beside(const pugi::xml_node& line, const std::string& quote) {
  std::vector<text_piece> pieces;
  const std::string text = line_of(line, &pieces);
  const std::size_t found = quote.empty() ? std::string::npos : text.find(quote);
  const std::size_t from = found == std::string::npos ? 0 : found;
  const std::size_t to = found == std::string::npos ? text.size() : found + quote.size();
  anchor out;
  for (const text_piece& p : pieces) {
    const std::size_t end = p.at + std::string_view(p.node.child_value()).size();
    if (end <= from || p.at >= to) continue;
    const pugi::xml_node h = holder(line, p.node);
    if (!out.first) out.first = h;
    if (h && h.parent() == out.first.parent()) out.last = h;
  }
  return out;
}

class commenter {
 public:
  commenter(office_package& parts, std::string_view author) : parts_(parts), author_(author) {}

  result<std::size_t> place(const std::vector<line_comment>& comments) {
    for (const auto& [part, into] : {std::pair(&document_part, &document_), {&types_part, &types_}})
      if (const auto read = parse_part(parts_, *part, true, *into); !read) return read.error();
    if (const auto read = open_comments(); !read) return read.error();
    std::multimap<int, const line_comment*> by_line;
    for (const line_comment& c : comments) by_line.emplace(c.line, &c);
    std::vector<std::pair<pugi::xml_node, const line_comment*>> places;  // a walk must not meet what it puts in
    int line = 0;
    each_line(body_of(document_), [&](const pugi::xml_node& node) {
      const auto [from, to] = by_line.equal_range(++line);
      for (auto at = from; at != to; ++at) places.emplace_back(node, at->second);
    });
    for (const auto& [node, comment] : places) put(node, *comment);
    return placed_;
  }

  [[nodiscard]] std::vector<std::pair<std::string, std::string>> changed() const {
    std::vector<std::pair<std::string, std::string>> out{{document_part, text_of(document_)},
                                                         {comments_part_, text_of(comments_)}};
    if (!had_comments_) out.insert(out.end(), {{relations_part, text_of(relations_)}, {types_part, text_of(types_)}});
    return out;
  }

 private:
  /** The document's comments, or a new part with its relationship and content type. */
  result<void> open_comments() {
    if (parts_.has(relations_part))
      if (const auto read = parse_part(parts_, relations_part, true, relations_); !read) return read.error();
    pugi::xml_node list = relations_.child("Relationships");
    for (const pugi::xml_node& r : list.children("Relationship"))
      if (std::string_view(r.attribute("Type").value()).ends_with(relation_end)) {
        const std::string target = r.attribute("Target").value();
        comments_part_ = target.starts_with('/') ? target.substr(1) : "word/" + target;
      }
    had_comments_ = !comments_part_.empty();
    if (!had_comments_) return make_comments(list);
    if (const auto read = parse_part(parts_, comments_part_, true, comments_); !read) return read.error();
    for (const pugi::xml_node& c : comments_.child("w:comments").children("w:comment"))
      next_ = std::max(next_, c.attribute("w:id").as_int() + 1);
    return {};
  }

  result<void> make_comments(pugi::xml_node list) {
    comments_part_ = "word/comments.xml";
    const std::string words = document_.child("w:document").attribute("xmlns:w").value();
    pugi::xml_node declared = comments_.append_child(pugi::node_declaration);
    declared.append_attribute("version") = "1.0";
    declared.append_attribute("encoding") = "UTF-8";
    declared.append_attribute("standalone") = "yes";
    comments_.append_child("w:comments").append_attribute("xmlns:w") = words.c_str();
    if (!list) {
      list = relations_.append_child("Relationships");
      list.append_attribute("xmlns") = "http://schemas.openxmlformats.org/package/2006/relationships";
    }
    const bool strict = words.find("purl.oclc.org") != std::string::npos;
    std::string id = "rIdComments";
    while (list.find_child_by_attribute("Id", id.c_str())) id += "1";
    pugi::xml_node relation = list.append_child("Relationship");
    relation.append_attribute("Id") = id.c_str();
    relation.append_attribute("Type") = (std::string(strict ? "http://purl.oclc.org/ooxml/officeDocument"
                                                            : "http://schemas.openxmlformats.org/officeDocument/2006") +
                                         std::string(relation_end))
                                            .c_str();
    relation.append_attribute("Target") = "comments.xml";
    pugi::xml_node type = types_.child("Types").append_child("Override");
    type.append_attribute("PartName") = "/word/comments.xml";
    type.append_attribute("ContentType") =
        "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml";
    return {};
  }

  void put(const pugi::xml_node& line, const line_comment& c) {
    anchor at = beside(line, c.quote);
    if (!at.first || !at.last) return;
    const std::string id = std::to_string(next_++);
    const auto mark = [&](pugi::xml_node n) { n.append_attribute("w:id") = id.c_str(); };
    mark(at.first.parent().insert_child_before("w:commentRangeStart", at.first));
    pugi::xml_node end = at.last.parent().insert_child_after("w:commentRangeEnd", at.last);
    mark(end);
    mark(end.parent().insert_child_after("w:r", end).append_child("w:commentReference"));
    pugi::xml_node made = comments_.child("w:comments").append_child("w:comment");
    mark(made);
    made.append_attribute("w:author") = author_.c_str();
    pugi::xml_node words = made.append_child("w:p").append_child("w:r").append_child("w:t");
    words.append_attribute("xml:space") = "preserve";
    words.append_child(pugi::node_pcdata).set_value(c.text.c_str());
    ++placed_;
  }

  office_package& parts_;
  std::string author_, comments_part_;
  pugi::xml_document document_, types_, relations_, comments_;
  bool had_comments_ = false;
  int next_ = 0;
  std::size_t placed_ = 0;
};

}  // namespace

result<commented> with_comments(std::string bytes, const std::vector<line_comment>& comments, std::string_view author) {
  if (comments.size() > most_comments) return said(both("超过 {} 条批注", "more than {} comments", most_comments));
  auto parts = office_package::over(bytes);
  if (!parts) return parts.error();
  if (!parts->has(document_part)) return said({"不是 .docx 文档", "no .docx document"});
  commenter c(*parts, author);
  const auto placed = c.place(comments);
  if (!placed) return placed.error();
  auto made = with_parts(std::move(bytes), c.changed());
  if (!made) return made.error();
  return commented{std::move(*made), *placed};
}

}  // namespace changtong::reading
