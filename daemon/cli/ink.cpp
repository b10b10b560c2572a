#include "daemon/cli/ink.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace changtong {
namespace {

bool takes_colours(std::FILE* to) {
  const auto is_set = [](const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody here calls setenv
    return value == nullptr ? std::string_view() : std::string_view(value);
  };
  return is_set("NO_COLOR").empty() && is_set("TERM") != "dumb" && isatty(fileno(to)) != 0;
}

}  // namespace

std::string inked(ink colour, std::string_view words, std::FILE* to) { return inked(colour, words, takes_colours(to)); }

std::string inked(ink colour, std::string_view words, bool coloured) {
  constexpr std::array<std::string_view, 3> begin{"\x1b[32m", "\x1b[1;33m", "\x1b[1;31m"};
  if (!coloured || words.empty()) return std::string(words);
  return fmt::format("{}{}\x1b[0m", begin.at(static_cast<std::size_t>(colour)), words);
}

}  // namespace changtong
