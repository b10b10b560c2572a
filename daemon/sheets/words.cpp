#include "daemon/sheets/words.h"

#include <algorithm>

#include "daemon/core/ascii.h"
#include "daemon/core/json.h"
#include "daemon/core/phrase.h"
#include "daemon/core/utf8.h"
#include "daemon/reading/days.h"
#include "daemon/reading/words.h"
#include "daemon/reading/yaml.h"

namespace changtong::sheets {

std::string bare_word(std::string_view text) {
  std::string out;
  int depth = 0;
  for (const char c : reading::half_width(text)) {
    if (c == '(' || c == '[') ++depth;
    const bool dropped = depth > 0 || std::string_view(" \t\r\n*:").find(c) != std::string_view::npos;
    if ((c == ')' || c == ']') && depth > 0) --depth;
    if (!dropped) out += ascii::lower(c);
  }
  return out;
}

std::string in_parentheses(std::string_view text) {
  const std::string plain = reading::half_width(text);
  const auto open = plain.rfind('('), close = plain.rfind(')');
  if (open == std::string::npos || close == std::string::npos || close < open) return {};
  return std::string(reading::trim(std::string_view(plain).substr(open + 1, close - open - 1)));
}

result<void> word_list::add(const std::string& yaml, const std::string& file, bool confirmed) {
  const auto tree = reading::parse_yaml(yaml);
  const auto placed = [&file](problem p) {
    p.file = file;
    return p;
  };
  if (!tree) return placed(tree.error());
  using shape = reading::yaml_node::shape;
  if (tree->what == shape::nothing) return {};
  if (tree->what != shape::mapping)
    return placed(said_at({"应为一行一个：词: 含义", "write one a line: word: meaning"}, tree->line, tree->column));
  for (std::size_t i = 0; i + 1 < tree->children.size(); i += 2) {
    const reading::yaml_node &word = tree->children[i], &meaning = tree->children[i + 1];
    entry e{.meanings = {}, .confirmed = confirmed};
    for (const std::string_view m : reading::split(meaning.scalar, " ,")) e.meanings.emplace_back(m);
    if (word.what != shape::scalar || meaning.what != shape::scalar || e.meanings.empty() || word.scalar.empty())
      return placed(said_at({"应为 词: 含义", "write word: meaning"}, word.line, word.column));
    words_[bare_word(word.scalar)] = std::move(e);
  }
  return {};
}

const word_list::entry* word_list::find(std::string_view word) const {
  const auto it = words_.find(bare_word(word));
  return it == words_.end() ? nullptr : &it->second;
}

std::string word_list::meaning_within(std::string_view text, const std::vector<std::string>& of) const {
  const std::string bare = bare_word(text);
  std::size_t longest = 0;
  std::string found;
  for (const auto& [word, e] : words_) {
    if (word.size() < longest || bare.find(word) == std::string::npos) continue;
    const auto m = std::ranges::find_first_of(e.meanings, of);
    if (m == e.meanings.end()) continue;
    if (word.size() > longest)
      found = *m;
    else if (found != *m)
      found.clear();
    longest = word.size();
  }
  return found;
}

namespace {

std::string without_blanks(std::string_view text) {
  std::string bare = reading::half_width(text);
  std::erase_if(bare, [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; });
  return bare;
}

}  // namespace

bool word_list::tells_a_total(std::string_view text) const {
  constexpr std::size_t short_text = 36;
  const std::string bare = without_blanks(text);
  // 龙河镇小计, 合计：; 龙河镇综合计生站 is a line
  return bare.size() <= short_text && std::ranges::any_of(words_, [&](const auto& w) {
           return w.second.meanings.front() == "total" && (bare.starts_with(w.first) || bare.ends_with(w.first));
         });
}

bool word_list::tells_a_footer(std::string_view text) const {
  constexpr std::size_t one_character = 3;  // 注 begins many a name
  const std::string bare = without_blanks(text);
  return std::ranges::any_of(words_, [&](const auto& w) {
    return w.second.meanings.front() == "footer" && bare.starts_with(w.first) &&
           (w.first.size() > one_character || bare.substr(w.first.size()).starts_with(':'));
  });
}

std::string with_words(std::string text, const std::map<std::string, std::string>& more) {
  if (text.empty()) text = "# 本单位表格里的用词，import lines 已确认 / words of this office's sheets\n";
  if (!text.ends_with('\n')) text += '\n';
  for (const auto& [word, meaning] : more) {
    append_json_string(text, word);
    text += ": " + meaning + "\n";
  }
  return text;
}

}  // namespace changtong::sheets
