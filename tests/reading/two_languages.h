#pragma once
/** What a problem says in each of its languages. The rules' tests know the English word for word; of the Chinese they
 * ask that it says as much. */
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <string>
#include <utility>

#include "daemon/core/result.h"

namespace changtong::fakes {

/** `file:line:column: English`, as it stands in the first line of the files in tests/invalid. */
inline std::string english(problem p) {
  if (!p.text_en.empty()) p.text = std::exchange(p.text_en, {});
  return to_string(p);
}

inline bool has_chinese(const std::string& text) {
  return std::ranges::any_of(text, [](char c) { return c >= '\xe4' && c <= '\xe9'; });  // U+4000 .. U+9FFF
}

/** Empty if the Chinese is there and names every value that the English names: what it quotes and every number. */
inline std::string missing_in_chinese(const problem& p) {
  if (!has_chinese(p.text)) return "there is no Chinese: " + p.text;
  static const std::regex values(R"((?:^|[\s(=:])'([^']+)'|`([^`]+)`|([0-9]+))");
  for (std::sregex_iterator at(p.text_en.begin(), p.text_en.end(), values), end; at != end; ++at)
    for (std::size_t group = 1; group <= 3; ++group)
      if (const std::string value = (*at)[group]; p.text.find(value) == std::string::npos)
        return "'" + value + "' is not in: " + p.text;
  return {};
}

/** `expected` is the English, or both languages where the file states both. */
inline void expect_says(const problem& p, const std::string& expected) {
  const auto joined = [](std::string both) { return std::regex_replace(both, std::regex(" */ "), "/ "); };
  EXPECT_TRUE(has_chinese(p.text)) << p.text;
  EXPECT_FALSE(has_chinese(p.text_en) && p.text_en.find(" / ") != std::string::npos) << p.text_en;
  if (joined(to_string(p)) == joined(expected)) return;
  EXPECT_EQ(english(p), expected);
  EXPECT_EQ(missing_in_chinese(p), "");
}

}  // namespace changtong::fakes
