#include "daemon/reading/yaml.h"

#include <fmt/format.h>
#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>

#include "daemon/core/utf8.h"
#include "daemon/reading/words.h"

namespace changtong::reading {
namespace {

constexpr std::size_t most_depth = 12;
constexpr std::size_t most_nodes = 500'000;

struct refused {
  std::string text;
  YAML::Mark at;
};

/** Builds the tree from events; throws `refused` through yaml-cpp, which is exception-safe. */
class builder final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& at, YAML::anchor_t anchor) override { add(at, anchor, yaml_node::shape::nothing); }
  void OnAlias(const YAML::Mark& at, YAML::anchor_t) override { refuse_alias(at); }
  void OnScalar(const YAML::Mark& at, const std::string&, YAML::anchor_t anchor, const std::string& value) override {
    add(at, anchor, yaml_node::shape::scalar).scalar = value;
  }
  void OnSequenceStart(const YAML::Mark& at, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(at, anchor, yaml_node::shape::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& at, const std::string&, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(at, anchor, yaml_node::shape::mapping);
  }
  void OnMapEnd() override { close(); }

  yaml_node root;

 private:
  [[noreturn]] static void refuse_alias(const YAML::Mark& at) {
    throw refused{"anchors (&) and aliases (*) are not supported: write the value out, or put it in quotes", at};
  }

  yaml_node& add(const YAML::Mark& at, YAML::anchor_t anchor, yaml_node::shape what) {
    if (anchor != YAML::NullAnchor) refuse_alias(at);
    if (++nodes_ > most_nodes) throw refused{"too many values in one file: use lines.csv for lines", at};
    yaml_node& made = open_.empty() ? root : open_.back().children.emplace_back();
    made.what = what;
    made.line = at.line + 1;
    made.column = at.column + 1;
    return made;
  }

  /** Nodes under construction are kept by value and moved into their parent when they close. */
  void open(const YAML::Mark& at, YAML::anchor_t anchor, yaml_node::shape what) {
    if (anchor != YAML::NullAnchor) refuse_alias(at);
    if (open_.size() == most_depth) throw refused{"nested too deeply", at};
    if (++nodes_ > most_nodes) throw refused{"too many values in one file: use lines.csv for lines", at};
    open_.push_back({.what = what, .line = at.line + 1, .column = at.column + 1});
  }

  void close() {
    yaml_node done = std::move(open_.back());
    open_.pop_back();
    if (open_.empty())
      root = std::move(done);
    else
      open_.back().children.push_back(std::move(done));
  }

  std::vector<yaml_node> open_;
  std::size_t nodes_ = 0;
};

problem at_mark(std::string text, const YAML::Mark& at) {
  const bool known = !at.is_null();
  return {.text = std::move(text), .line = known ? at.line + 1 : 1, .column = known ? at.column + 1 : 1};
}

/** yaml-cpp counts bytes in a line, people count characters. */
void count_characters(yaml_node& node, const std::vector<std::string_view>& lines) {
  const auto line = static_cast<std::size_t>(node.line - 1);
  if (line < lines.size())
    node.column = 1 + static_cast<int>(characters(lines[line].substr(0, static_cast<std::size_t>(node.column - 1))));
  for (yaml_node& child : node.children) count_characters(child, lines);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

/** What yaml-cpp says, without what it quotes from the file. */
std::string sentence(const std::string& message) { return "no valid YAML: " + message.substr(0, message.find(':')); }

}  // namespace

std::string_view yaml_node::shape_name() const {
  switch (what) {
    case shape::nothing:
      return "nothing";
    case shape::scalar:
      return "a text";
    case shape::list:
      return "a list";
    case shape::mapping:
      return "a mapping";
  }
  return "";
}

result<yaml_node> parse_yaml(const std::string& text) {
  if (text.size() > most_yaml_bytes)
    return problem{.text = "longer than 4 MB: put the lines into the inventory (lines.csv)", .line = 1, .column = 1};
  if (const std::size_t bad = first_bad_utf8(text); bad != std::string::npos) {
    const line_column at = position(text, bad);
    return problem{.text = "this byte is not UTF-8: save the file as UTF-8", .line = at.line, .column = at.column};
  }
  std::string_view body = text;
  if (body.starts_with("\xef\xbb\xbf")) body.remove_prefix(3);
  if (const std::size_t nul = body.find('\0'); nul != std::string_view::npos) {
    const line_column at = position(body, nul);
    return problem{.text = "a zero byte: this is no text file", .line = at.line, .column = at.column};
  }
  const auto lines = lines_of(body);
  builder tree;
  problem found;
  try {
    std::istringstream in{std::string(body)};
    YAML::Parser parser(in);
    parser.HandleNextDocument(tree);
    builder second;
    if (parser.HandleNextDocument(second) && second.root.what != yaml_node::shape::nothing)
      return problem{.text = "a second document: keep everything in one", .line = second.root.line, .column = 1};
    count_characters(tree.root, lines);
    return std::move(tree.root);
  } catch (const refused& e) {
    found = at_mark(e.text, e.at);
  } catch (const YAML::Exception& e) {
    found = at_mark(sentence(e.msg), e.mark);
  }
  yaml_node spot{.line = found.line, .column = found.column};
  count_characters(spot, lines);
  found.column = spot.column;
  return found;
}

}  // namespace changtong::reading
