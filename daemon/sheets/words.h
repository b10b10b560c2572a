#pragma once
/** The words of an office's sheet: headings and categories by other names, rows that are no lines
 * (config/words/import.yaml). Pure. */
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/result.h"

namespace changtong::sheets {

/** The built-in file. */
[[nodiscard]] std::string_view built_in_import_words();

/** How words are compared: half width, lower case, without blanks, line breaks, marks and what stands in parentheses.
 */
[[nodiscard]] std::string bare_word(std::string_view text);
/** What stands in the last parentheses, half width; empty without. */
[[nodiscard]] std::string in_parentheses(std::string_view text);

/** Meanings of a word: headings of lines.csv, category ids, `number`, `status`, `total`, `footer`. */
class word_list {
 public:
  struct entry {
    std::vector<std::string> meanings;
    bool confirmed = false;  ///< the office itself says so
  };

  /** YAML, `word: meaning meaning`; words of a later call stand above those of an earlier one. */
  [[nodiscard]] result<void> add(const std::string& yaml, const std::string& file, bool confirmed);
  /** Null if nobody knows the word. */
  [[nodiscard]] const entry* find(std::string_view word) const;
  /** The one meaning `of` which the longest word has that the text holds; empty where none or two are as long. */
  [[nodiscard]] std::string meaning_within(std::string_view text, const std::vector<std::string>& of) const;
  /** 合计, 龙河镇小计 …: whether a cell says that its row adds up others. */
  [[nodiscard]] bool tells_a_total(std::string_view text) const;
  /** 制表人：…: whether a cell begins what stands below a table. */
  [[nodiscard]] bool tells_a_footer(std::string_view text) const;

 private:
  std::map<std::string, entry, std::less<>> words_;  ///< by bare_word
};

/** The office's file with more words, as it is written: `word: meaning`, each on a line of its own. */
[[nodiscard]] std::string with_words(std::string text, const std::map<std::string, std::string>& more);

}  // namespace changtong::sheets
