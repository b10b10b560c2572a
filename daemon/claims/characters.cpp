#include "daemon/claims/characters.h"

#include <algorithm>
#include <string>

#include "daemon/core/utf8.h"

namespace changtong::claims {

std::size_t char_bytes(std::string_view text, std::size_t at) {
  return std::max<std::size_t>(1, utf8_length(text.substr(at)));
}

std::size_t char_before(std::string_view text, std::size_t at) { return whole_characters(text, at - 1); }

std::size_t length_of(std::string_view text) { return characters(text); }

std::string_view first_of(std::string_view text, const word_list& list) {
  for (const std::string& w : list)
    if (text.find(w) != std::string_view::npos) return w;
  return {};
}

std::string_view first_of(std::string_view text, std::initializer_list<std::string_view> list) {
  const auto* found =
      std::ranges::find_if(list, [&](std::string_view w) { return text.find(w) != std::string_view::npos; });
  return found == list.end() ? std::string_view() : *found;
}

bool has_any(std::string_view text, const word_list& list) { return !first_of(text, list).empty(); }
bool has_any(std::string_view text, std::initializer_list<std::string_view> list) {
  return !first_of(text, list).empty();
}

bool mentions(std::string_view text, std::string_view noun) {
  std::size_t pairs = 0, found = 0;
  for (std::size_t i = 0; i < noun.size();) {
    const std::size_t second = i + char_bytes(noun, i);
    if (second >= noun.size()) break;
    ++pairs;
    if (text.find(noun.substr(i, second + char_bytes(noun, second) - i)) != std::string_view::npos) ++found;
    i = second;
  }
  return pairs > 0 && 2 * found >= pairs;
}

}  // namespace changtong::claims
