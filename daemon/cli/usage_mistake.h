#pragma once
/** What was wrong with the words of a command line, for whoever typed them. Pure: knows no parser. */
#include <cstddef>
#include <string>
#include <vector>

namespace changtong {

/** What a command may be given. */
struct known_option {
  std::vector<std::string> names;  ///< `--config`, `-h`; of an argument by its place first its own word
  bool by_place = false;
  bool required = false;
  bool given = false;
  std::size_t values = 0;  ///< how many words may follow its name, or stand in its place
};
struct known_command {
  std::string name;  ///< empty: the program itself
  std::vector<known_option> options;
  std::vector<known_command> commands;
};

enum class complaint {
  missing,       ///< an option or a command
  unknown_word,  ///< one too many
  wrong_count,   ///< of an option's values
  wrong_value,   ///< a sentence of ours, in both languages
  unreadable,    ///< no number where one has to stand
  other,
};

/** `words`: as given, without the program's name; `said`: the parser's own sentence. Chinese first, what was probably
 * meant, and where help is. The parser complains of what is missing before what it does not know, so a word that
 * nobody knows is looked for first. */
[[nodiscard]] std::string usage_mistake(const known_command& program, const std::vector<std::string>& words,
                                        complaint what, const std::string& said);

}  // namespace changtong
