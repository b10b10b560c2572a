#include "daemon/reading/yaml.h"

#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "daemon/core/utf8.h"
#include "daemon/reading/words.h"

namespace changtong::reading {
namespace {

constexpr std::size_t most_depth = 12;
constexpr std::size_t most_nodes = 500'000;

phrase too_many() {
  return {"一个文件中的值过多：专线请写入 lines.csv", "too many values in one file: use lines.csv for lines"};
}

struct refused {
  phrase text;
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
    throw refused{{"不支持 YAML 的锚点（&）和别名（*）：请写出值，或给它加引号",
                   "anchors (&) and aliases (*) are not supported: write the value out, or put it in quotes"},
                  at};
  }

  yaml_node& add(const YAML::Mark& at, YAML::anchor_t anchor, yaml_node::shape what) {
    if (anchor != YAML::NullAnchor) refuse_alias(at);
    if (++nodes_ > most_nodes) throw refused{too_many(), at};
    yaml_node& made = open_.empty() ? root : open_.back().children.emplace_back();
    made.what = what;
    made.line = at.line + 1;
    made.column = at.column + 1;
    return made;
  }

  /** Nodes under construction are kept by value and moved into their parent when they close. */
  void open(const YAML::Mark& at, YAML::anchor_t anchor, yaml_node::shape what) {
    if (anchor != YAML::NullAnchor) refuse_alias(at);
    if (open_.size() == most_depth) throw refused{{"嵌套层数过多", "nested too deeply"}, at};
    if (++nodes_ > most_nodes) throw refused{too_many(), at};
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

problem at_mark(phrase text, const YAML::Mark& at) {
  const bool known = !at.is_null();
  return said_at(std::move(text), known ? at.line + 1 : 1, known ? at.column + 1 : 1);
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

struct library_words {
  std::string_view en, cn;
};
/** What people's files make yaml-cpp say; anything rarer stays in its own words. */
constexpr std::array common_words{
    library_words{"end of sequence flow not found", "方括号 [ 没有闭合"},
    library_words{"end of map flow not found", "花括号 { 没有闭合"},
    library_words{"end of sequence not found", "列表没有正常结束，请检查缩进"},
    library_words{"end of map not found", "键值对没有正常结束，请检查缩进"},
    library_words{"illegal map key", "此处不能是键，请检查缩进"},
    library_words{"illegal map value", "此处不能是键值对，请检查缩进（不能用制表符），或给含冒号的值加引号"},
    library_words{"illegal block entry", "此处不能是列表项，请检查缩进（不能用制表符）"},
    library_words{"illegal flow end", "多出的 ] 或 }"},
    library_words{"illegal EOF in scalar", "引号没有闭合"},
    library_words{"illegal document indicator in scalar", "引号没有闭合"},
    library_words{"illegal tab when looking for indentation", "缩进请用空格，不能用制表符"},
    library_words{"invalid flow map", "花括号内应为 key: value，以逗号分隔"},
    library_words{"unknown escape character", "双引号内的转义无法识别，反斜杠请写两个，或改用单引号"},
    library_words{"the referenced anchor is not defined", "不支持 YAML 的别名（*），请写出值，或给它加引号"},
    library_words{"unexpected character in block scalar", "| 或 > 之后有多余的字符"},
    library_words{"unknown token", "此字符不能用在这里，请给值加引号"},
};

/** What yaml-cpp says, without what it quotes from the file. */
phrase sentence(const std::string& message) {
  const std::string_view said = std::string_view(message).substr(0, message.find(':'));
  const auto known = std::ranges::find_if(common_words, [&](const auto& w) { return said.starts_with(w.en); });
  const phrase words{std::string(known == common_words.end() ? said : known->cn), std::string(said)};
  return both("不是有效的 YAML：{}", "no valid YAML: {}", words);
}

}  // namespace

phrase yaml_node::shape_name() const {
  switch (what) {
    case shape::nothing:
      return {"空", "nothing"};
    case shape::scalar:
      return {"文字", "a text"};
    case shape::list:
      return {"列表", "a list"};
    case shape::mapping:
      return {"键值对", "a mapping"};
  }
  return {};
}

result<yaml_node> parse_yaml(const std::string& text) {
  if (text.size() > most_yaml_bytes)
    return said_at({"文件超过 4 MB：专线请写入清单（lines.csv）",
                    "longer than 4 MB: put the lines into the inventory (lines.csv)"},
                   1, 1);
  if (text.starts_with("PK\x03\x04"))
    return said_at(
        {"这是表格或文档（XLSX、DOCX、ZIP），不是 YAML：命令里的几个文件是否写反了",
         "this is a sheet or a document (XLSX, DOCX, ZIP), not YAML: are the files of the command in the wrong order"},
        1, 1);
  if (const std::size_t bad = first_bad_utf8(text); bad != std::string::npos) {
    const line_column at = position(text, bad);
    return said_at({"此字节不是 UTF-8：请将文件存为 UTF-8", "this byte is not UTF-8: save the file as UTF-8"}, at.line,
                   at.column);
  }
  std::string_view body = text;
  if (body.starts_with("\xef\xbb\xbf")) body.remove_prefix(3);
  if (const std::size_t nul = body.find('\0'); nul != std::string_view::npos) {
    const line_column at = position(body, nul);
    return said_at({"含有零字节：这不是文本文件", "a zero byte: this is no text file"}, at.line, at.column);
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
      return said_at({"出现第二个文档：请都写在一个文档里", "a second document: keep everything in one"},
                     second.root.line, 1);
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
