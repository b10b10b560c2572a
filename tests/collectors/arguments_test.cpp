// The page of every argument against what the kinds really take, and against the page in config/.
#include "collectors/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <utility>

namespace changtong {
namespace {

using words = std::set<std::string>;

bool in_a_key(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.'; }

/** Every word that stands before a `=`. */
words keys_in(std::string_view text) {
  words all;
  for (std::size_t i = text.find('='); i != std::string_view::npos; i = text.find('=', i + 1)) {
    std::size_t begin = i;
    while (begin > 0 && in_a_key(text[begin - 1])) --begin;
    if (begin < i) all.emplace(text.substr(begin, i - begin));
  }
  return all;
}

/** "unknown key `x` (port=, if= are known)" */
words known_by(std::string_view sentence) {
  words all;
  const std::size_t open = sentence.rfind('(');
  std::string word;
  for (const char c : sentence.substr(open == std::string_view::npos ? sentence.size() : open)) {
    if (in_a_key(c)) {
      word += c;
    } else if (!word.empty()) {
      all.insert(std::exchange(word, {}));
    }
  }
  for (const char* other : {"is", "are", "known"}) all.erase(other);
  return all;
}

words explained(std::string_view kind) {
  words all;
  for (const argument_row& a : arguments())
    if (a.kind == kind) all.emplace(a.key);
  return all;
}

TEST(Arguments, EveryOneThatAKindTakesIsExplainedAndNoOther) {
  for (const kind& k : kinds()) {
    kind_arguments a;
    a.pairs = {{"no_such_key", "1"}};
    const auto refused = k.entry.parse(a);
    ASSERT_FALSE(refused) << k.name;
    EXPECT_EQ(explained(k.name), known_by(refused.error().text_en)) << k.name << ": collectors/arguments.def";
    for (const std::string& key : keys_in(k.entry.arguments_help))
      EXPECT_TRUE(explained(k.name).contains(key)) << k.name << ": " << key;
  }
}

TEST(Arguments, TheRowsAreOfKindsThatAreThere) {
  words known{"any"};
  for (const kind& k : kinds()) known.emplace(k.name);
  for (const argument_row& a : arguments()) {
    EXPECT_TRUE(known.contains(std::string(a.kind))) << a.kind;
    EXPECT_FALSE(a.chinese.empty() || a.english.empty()) << a.key;
  }
}

TEST(Arguments, ThePageInConfigIsTheOneThatTheProgramPrints) {
  const std::string file = std::string(CHANGTONG_SOURCE_DIR) + "/config/checks.md";
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  const std::string page = arguments_page(kinds());
  EXPECT_NE(text.str().find("```text\n" + page + "```\n"), std::string::npos)
      << file << " is not what `changtong check --help` ends with; put this between its fences:\n"
      << page;
}

}  // namespace
}  // namespace changtong
