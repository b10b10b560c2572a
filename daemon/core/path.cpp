#include "daemon/core/path.h"

#include <algorithm>

namespace changtong {

std::string to_text(const std::vector<hop>& hops) {
  std::string text;
  for (const hop& h : hops) {
    if (!text.empty()) text += ' ';
    text += h ? to_string(*h) : "*";
  }
  return text;
}

std::optional<std::vector<hop>> hops_in(std::string_view text) {
  std::vector<hop> all;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word == "*") {
      all.emplace_back();
      continue;
    }
    const auto address = parse_address(word);
    if (!address) return std::nullopt;
    all.emplace_back(*address);
  }
  return all;
}

}  // namespace changtong
