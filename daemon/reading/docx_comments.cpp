#include "daemon/reading/docx_comments.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include "daemon/core/phrase.h"
#include "daemon/reading/docx_lines.h"

namespace changtong::reading {
namespace {

const std::string document_part = "word/document.xml", relations_part = "word/_rels/document.xml.rels",
                  types_part = "[Content_Types].xml";
constexpr std::string_view relation_end = "/relationships/comments";
constexpr int most_usual_id = 1'000'000'000;  ///< beyond, numbers are somebody's joke: ours fill gaps

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

/** A number that a comment may have; nothing: it is none, and stands in nobody's way. */
std::optional<int> id_of(const pugi::xml_node& node) {
  const std::string_view text = node.attribute("w:id").value();
  int id = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), id);
  return failed == std::errc{} && end == text.data() + text.size() && id >= 0 ? std::optional(id) : std::nullopt;
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
        if (had_comments_)
          return said({"有两份批注：请在 Word 或 WPS 中打开后另存", "two parts of comments: open it and save it anew"});
        const std::string target = r.attribute("Target").value();
        comments_part_ = target.starts_with('/') ? target.substr(1) : "word/" + target;
        had_comments_ = true;
      }
    if (const auto read = had_comments_ ? read_comments() : make_comments(list); !read) return read;
    keep_ids();
    return {};
  }

  result<void> read_comments() {
    if (const auto read = parse_part(parts_, comments_part_, true, comments_); !read) return read.error();
    if (comments_.child("w:comments")) return {};
    return said(both("{} 不是批注：请在 Word 或 WPS 中打开后另存", "{} holds no comments: open it and save it anew",
                     comments_part_));
  }

  /** What is there keeps its number, and so does a mark in the document whose comment is gone: ours is none of theirs.
   */
  void keep_ids() {
    const auto look = [&](const pugi::xml_node& n) {
      if (!std::string_view(n.name()).starts_with("w:comment")) return false;
      if (const auto id = id_of(n)) taken_.insert(*id);
      return false;
    };
    comments_.find_node(look);
    document_.find_node(look);
    if (!taken_.empty() && *taken_.rbegin() < most_usual_id) next_ = *taken_.rbegin() + 1;
  }
  int next_id() {
    while (taken_.contains(next_)) ++next_;
    return next_++;
  }

  result<void> make_comments(pugi::xml_node list) {
    std::string name = "comments.xml";  // one that nothing leads to may be there, and stays what it is
    for (int n = 1; parts_.has("word/" + name); ++n) name = fmt::format("comments{}.xml", n);
    comments_part_ = "word/" + name;
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
    relation.append_attribute("Target") = name.c_str();
    pugi::xml_node type = types_.child("Types").append_child("Override");
    type.append_attribute("PartName") = ("/" + comments_part_).c_str();
    type.append_attribute("ContentType") =
        "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml";
    return {};
  }

  void put(const pugi::xml_node& line, const line_comment& c) {
    anchor at = beside(line, c.quote);
    if (!at.first || !at.last) return;
    const std::string id = std::to_string(next_id());
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
  std::set<int> taken_;  ///< numbers of comments
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
