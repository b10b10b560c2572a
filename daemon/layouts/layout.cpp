#include "daemon/layouts/layout.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "daemon/core/exact.h"
#include "daemon/reading/block.h"
#include "daemon/reading/words.h"

namespace changtong::layouts {
namespace {

using reading::block;
using reading::yaml_node;

constexpr int most_columns = 26;

constexpr std::array<std::string_view, static_cast<std::size_t>(shown::grade) + 1> words_of_shown{
    "nothing", "side",     "name",           "initial", "budget", "executed", "rate",   "expected",
    "reached", "level1",   "level2",         "level3",  "target", "sign",     "number", "unit",
    "actual",  "forecast", "forecast_score", "light",   "weight", "score",    "reason", "grade"};

/** A or B-D; none: it is something else. */
std::optional<area> area_of(std::string_view key) {
  const auto letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (key.size() == 1 && letter(key[0])) return area{key[0] - 'A', 1};
  if (key.size() == 3 && letter(key[0]) && key[1] == '-' && letter(key[2]) && key[2] > key[0])
    return area{key[0] - 'A', key[2] - key[0] + 1};
  return std::nullopt;
}

class layout_reader {
 public:
  layout_reader(const yaml_node& root, std::string_view file, reading::findings& found)
      : file_(file),
        found_(found),
        from_(root, {"版式", "the layout"}, file, found,
              {"title", "tab", "status", "source", "level", "points", "actual", "upload", "widths", "head", "money",
               "goals", "indicators", "total", "tail"}) {}

  layout read() {
    take("title", l_.title);
    take("tab", l_.tab);
    take("source", l_.source);
    l_.verified = word("status", {"unverified", "verified"}) == 1;
    if (const yaml_node* n = from_.find("level")) l_.level = n->scalar;  // of two lines
    from_.require("level", "level: {name}");
    l_.short_points = word("points", {"places", "shortest"}) == 1;
    l_.actual = static_cast<actual_form>(word("actual", {"with_unit", "number_or_percent", "number"}));
    l_.upload = word("upload", {"no", "yes"}) == 1;
    widths();
    rows("head", l_.head);
    for (const auto& [key, into] : {std::pair<std::string_view, row*>{"money", &l_.money},
                                    {"goals", &l_.goals},
                                    {"indicators", &l_.indicators},
                                    {"total", &l_.total}})
      if (const yaml_node* n = from_.find(key)) *into = whole_row(*n, key);
    rows("tail", l_.tail);
    return std::move(l_);
  }

 private:
  void take(std::string_view key, std::string& into) {
    from_.require(key, std::string(key) + ": …");
    if (auto t = from_.text(key, 1024)) into = std::move(t->value);
  }

  std::size_t word(std::string_view key, const std::vector<std::string_view>& words) {
    from_.require(key, std::string(key) + ": " + std::string(words.front()));
    const auto t = from_.text(key);
    if (!t) return 0;
    const auto known = std::ranges::find(words, t->value);
    if (known == words.end()) found_.error(t->at, reading::unknown_word(as_written(key), t->value, words));
    return known == words.end() ? 0 : static_cast<std::size_t>(known - words.begin());
  }

  void widths() {
    from_.require("widths", "widths: [10, 20]");
    for (const auto& w : from_.texts("widths", {.least = 1,
                                                .most = most_columns,
                                                .most_bytes = 8,
                                                .no_list = {"widths 应为列表", "widths must be a list"},
                                                .no_text = {"列宽应为数", "a width is a number"}})) {
      const auto n = parse_exact(w.value);
      if (!n || *n < 1 || *n > 200)
        found_.error(w.at, {"列宽应为 1 至 200", "a width is 1 to 200"});
      else
        l_.widths.push_back(n->convert_to<double>());
    }
  }

  void rows(std::string_view key, std::vector<row>& into) {
    const yaml_node* n = from_.find(key);
    if (n == nullptr) return;
    if (n->what != yaml_node::shape::list)
      return found_.error(from_.at(*n), both("{} 应为列表", "{} must be a list", key));
    for (const yaml_node& one : n->children)
      into.push_back(one.what == yaml_node::shape::scalar
                         ? row{column{.at = {.column = 0, .columns = 0}, .words = one.scalar}}
                         : cells(one, key));
  }

  row cells(const yaml_node& node, std::string_view key) {
    row out;
    int next = 0;
    const block from = block::of_names(node, key, file_, found_);
    for (const block::member& m : from.members()) {
      const auto at = area_of(m.key);
      const reading::place here{file_, m.key_node->line, m.key_node->column};
      if (!at || at->column < next || at->column + at->columns > static_cast<int>(l_.widths.size())) {
        found_.error(here, both("“{}”不是可用的列：写作 A 或 B-D，从左到右，不超出 widths",
                                "“{}” are no columns: write A or B-D, from left to right, within widths", m.key));
        continue;
      }
      next = at->column + at->columns;
      out.push_back({.at = *at, .words = {}});
      say(*m.value, out.back());
    }
    return out;
  }

  /** A row of a block, which leaves no column out. */
  row whole_row(const yaml_node& node, std::string_view key) {
    row out = cells(node, key);
    int next = 0;
    for (const column& c : out) next += c.at.columns;
    if (next != static_cast<int>(l_.widths.size()))
      found_.error({file_, node.line, node.column}, both("{} 的列没有占满整行", "the columns of {} leave a hole", key));
    return out;
  }

  /** Words, or [words, what is shown below them]. */
  void say(const yaml_node& value, column& into) {
    const reading::place here{file_, value.line, value.column};
    using shape = yaml_node::shape;
    if (value.what == shape::scalar || value.what == shape::nothing) {
      into.words = value.scalar;
      return;
    }
    const auto is_text = [](const yaml_node& n) { return n.what == shape::scalar || n.what == shape::nothing; };
    if (value.what != shape::list || value.children.size() != 2 || !std::ranges::all_of(value.children, is_text))
      return found_.error(here, {"应为文字，或 [文字, 内容]", "write words, or [words, what is shown]"});
    into.words = value.children[0].scalar;
    const auto known = std::ranges::find(words_of_shown, value.children[1].scalar);
    if (known == words_of_shown.end())
      return found_.error(here,
                          reading::unknown_word({"内容", "what is shown"}, value.children[1].scalar, words_of_shown));
    into.what = static_cast<shown>(known - words_of_shown.begin());
  }

  std::string_view file_;
  reading::findings& found_;
  block from_;
  layout l_;
};

}  // namespace

const column* layout::showing(const row& r, shown what) {
  const auto c = std::ranges::find(r, what, &column::what);
  return c == r.end() ? nullptr : &*c;
}

std::vector<std::string> layout::boxes() const {
  constexpr std::string_view open = "{tick ";
  std::vector<std::string> out;
  for (const std::vector<row>* rows : {&head, &tail})
    for (const row& r : *rows)
      for (const column& c : r)
        for (auto at = c.words.find(open); at != std::string::npos; at = c.words.find(open, at + 1))
          out.push_back(c.words.substr(at + open.size(), c.words.find('}', at) - at - open.size()));
  return out;
}

result<layout> read_layout(const std::string& yaml, const std::string& file) {
  reading::findings found;
  const auto tree = reading::parse_yaml(yaml);
  layout l;
  if (tree)
    l = layout_reader(*tree, file, found).read();
  else
    found.error(file, tree.error());
  if (found.errors() == 0) return l;
  problem all = found.sorted_errors(file).front();
  return all;
}

}  // namespace changtong::layouts
