#include "daemon/forms/yaml_edit.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "daemon/core/phrase.h"
#include "daemon/core/utf8.h"

namespace changtong::forms {
namespace {

using reading::yaml_node;

problem several_lines(const yaml_node& at, std::string_view key) {
  return said_at(
      both("{} 的值写成了几行：请在方案里手工修改", "the value of {} goes over several lines: change it by hand", key),
      at.line, at.column);
}

/** Byte of a node's beginning. */
class places {
 public:
  explicit places(std::string_view text) : text_(text) {
    const std::string_view mark = "\xef\xbb\xbf";
    lines_.push_back(text.starts_with(mark) ? mark.size() : 0);
    for (std::size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1)) lines_.push_back(at + 1);
  }
  [[nodiscard]] std::size_t of(const yaml_node& node) const {
    std::size_t at = lines_.at(std::min<std::size_t>(static_cast<std::size_t>(node.line - 1), lines_.size() - 1));
    for (int k = 1; k < node.column && at < text_.size(); ++k)
      at += std::max<std::size_t>(utf8_length(text_.substr(at)), 1);
    return at;
  }

 private:
  std::string_view text_;
  std::vector<std::size_t> lines_;
};

/** Behind the quoted scalar that begins at `at`; npos: it has no end on its line. */
std::size_t end_of_quotes(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size() && text[i] != '\n'; ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      if (quote == '\'' && i + 1 < text.size() && text[i + 1] == '\'')
        ++i;
      else
        return i + 1;
    }
  }
  return std::string_view::npos;
}

/** Behind the flow mapping or list. */
std::size_t end_of_flow(std::string_view text, std::size_t at) {
  int depth = 0;
  for (std::size_t i = at; i < text.size() && text[i] != '\n'; ++i) {
    const char c = text[i];
    const bool begins = i == at || std::string_view(" {[,:").find(text[i - 1]) != std::string_view::npos;
    if ((c == '"' || c == '\'') && begins) {
      const std::size_t end = end_of_quotes(text, i);
      if (end == std::string_view::npos) return end;
      i = end - 1;
    } else if (c == '#' && i > at && text[i - 1] == ' ') {
      return std::string_view::npos;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && --depth == 0) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

std::size_t end_of_plain(std::string_view text, std::size_t at, bool in_flow) {
  std::size_t i = at;
  for (; i < text.size() && text[i] != '\n' && text[i] != '\r'; ++i) {
    if (text[i] == '#' && i > at && text[i - 1] == ' ') break;
    if (in_flow && std::string_view(",}]").find(text[i]) != std::string_view::npos) break;
  }
  while (i > at && text[i - 1] == ' ') --i;
  return i;
}

std::optional<std::size_t> end_of_value(std::string_view text, std::size_t at, const yaml_node& value, bool in_flow) {
  if (at >= text.size()) return std::nullopt;
  std::size_t end = std::string_view::npos;
  if (text[at] == '{' || text[at] == '[')
    end = end_of_flow(text, at);
  else if (value.what != yaml_node::shape::scalar)
    return std::nullopt;  // a block
  else if (text[at] == '"' || text[at] == '\'')
    end = end_of_quotes(text, at);
  else if (text[at] != '|' && text[at] != '>')
    end = end_of_plain(text, at, in_flow);
  return end == std::string_view::npos ? std::nullopt : std::optional(end);
}

struct edit {
  std::size_t from = 0, to = 0;
  std::string text;
};

result<edit> edit_for(std::string_view text, const places& where, const yaml_change& c) {
  const yaml_node& m = *c.mapping;
  if (m.what != yaml_node::shape::mapping || m.children.empty()) return several_lines(m, c.key);
  const bool in_flow = text.substr(where.of(m)).starts_with("{");
  if (const yaml_node* value = value_of(m, c.key)) {
    const std::size_t from = where.of(*value);
    if (value->what == yaml_node::shape::nothing) return several_lines(*value, c.key);
    const auto to = end_of_value(text, from, *value, in_flow);
    if (!to) return several_lines(*value, c.key);
    return edit{from, *to, c.value};
  }
  const yaml_node& first = m.children.front();
  const std::size_t at = where.of(first);
  if (in_flow) return edit{at, at, c.key + ": " + c.value + ", "};
  return edit{at, at, c.key + ": " + c.value + "\n" + std::string(static_cast<std::size_t>(first.column - 1), ' ')};
}

using touched = std::map<const yaml_node*, std::set<std::string, std::less<>>>;

/** The same tree but for the keys that were changed. */
bool same_but(const yaml_node& was, const yaml_node& is, const touched& keys) {
  if (was.what != is.what || was.scalar != is.scalar) return false;
  const auto changed = keys.find(&was);
  const auto kept = [&](const yaml_node& mapping) {
    std::vector<const yaml_node*> out;
    for (std::size_t i = 0; i + 1 < mapping.children.size(); i += 2)
      if (changed == keys.end() || !changed->second.contains(mapping.children[i].scalar)) {
        out.push_back(&mapping.children[i]);
        out.push_back(&mapping.children[i + 1]);
      }
    return out;
  };
  if (was.what == yaml_node::shape::mapping) {
    const auto a = kept(was), b = kept(is);
    return std::ranges::equal(a, b, [&](const yaml_node* x, const yaml_node* y) { return same_but(*x, *y, keys); });
  }
  return std::ranges::equal(was.children, is.children,
                            [&](const yaml_node& x, const yaml_node& y) { return same_but(x, y, keys); });
}

}  // namespace

const yaml_node* value_of(const yaml_node& mapping, std::string_view key) {
  if (mapping.what != yaml_node::shape::mapping) return nullptr;
  for (std::size_t i = 0; i + 1 < mapping.children.size(); i += 2)
    if (mapping.children[i].scalar == key) return &mapping.children[i + 1];
  return nullptr;
}

result<std::string> with_changes(const std::string& text, const yaml_node& tree,
                                 const std::vector<yaml_change>& changes) {
  const places where(text);
  std::vector<edit> edits;
  touched keys;
  for (const yaml_change& c : changes) {
    auto e = edit_for(text, where, c);
    if (!e) return e.error();
    edits.push_back(std::move(*e));
    keys[c.mapping].insert(c.key);
  }
  std::ranges::sort(edits,
                    [](const edit& a, const edit& b) { return a.from != b.from ? a.from < b.from : a.text < b.text; });
  std::string out;
  std::size_t at = 0;
  for (const edit& e : edits) {
    if (e.from < at) return said({"两处修改相交，没有写入", "two changes overlap: nothing was written"});
    out += text.substr(at, e.from - at) + e.text;
    at = e.to;
  }
  out += text.substr(at);
  const auto again = reading::parse_yaml(out);
  if (!again || !same_but(tree, *again, keys))
    return said({"方案的写法不能安全地就地修改：请手工修改", "the plan cannot be changed safely: change it by hand"});
  return result<std::string>(boost::system::in_place_value, std::move(out));
}

}  // namespace changtong::forms
