#include "daemon/ledger/entry_words.h"

#include <algorithm>

#include "daemon/core/json.h"

namespace changtong::ledger {
namespace {

constexpr std::size_t most_name = 64, most_text = 1000;  // bytes
constexpr std::string_view automatic = "automatic";      // who makes the daily check where nobody does

}  // namespace

refused invalid(std::string code, std::string text, std::string text_en) {
  return {.why = refused::reason::invalid,
          .code = std::move(code),
          .text = std::move(text),
          .text_en = std::move(text_en),
          .nth = 0};
}

bool plain(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto u = static_cast<unsigned char>(text[i]);
    const std::size_t n = utf8_length(text.substr(i));
    if (n == 0 || u < 0x20 || u == 0x7f) return false;
    i += n;
  }
  return true;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

bool good_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-';
  });
}

std::optional<refused> bad_words(std::string_view name, std::string_view text) {
  if (name.empty() || name.size() > most_name || !plain(name) || name.front() == ' ' || name.back() == ' ')
    return invalid("bad_name", "姓名为空、过长、首尾有空格或含有控制字符",
                   "a name is empty, longer than 64 bytes, has blanks around it or control characters");
  if (name == automatic)
    return invalid("reserved_name", "automatic 是监测系统自动检查的名字，不能用作姓名",
                   "'automatic' is the name of the monitor's own daily check");
  if (text.size() > most_text || !plain(text))
    return invalid("bad_text", "说明超过 1000 字节或含有控制字符、换行",
                   "the text is longer than 1000 bytes or has control characters or line breaks");
  return std::nullopt;
}

}  // namespace changtong::ledger
