#pragma once
/** What was wrong with the words of a command line, for whoever typed them. Only grammar.cpp and this pair know the
 * parser. */
#include <string>
#include <vector>

namespace CLI {
class App;
class Error;
}  // namespace CLI

namespace changtong {

/** `words`: as given, without the program's name. Chinese first, what was probably meant, and where help is. The parser
 * complains of what is missing before what it does not know, so a word that it does not know is looked for first. */
[[nodiscard]] std::string usage_mistake(const CLI::App& app, const std::vector<std::string>& words,
                                        const CLI::Error& e);

}  // namespace changtong
