#include "daemon/entries/entry_words.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "daemon/core/plain_text.h"
#include "daemon/core/utf8.h"

namespace changtong::entries {
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

refused unknown_target(std::string_view id) {
  const std::string shown(shortened(id, 64));
  return {.why = refused::reason::unknown,
          .code = "unknown_target",
          .text = "清单中没有线路或网站 " + shown,
          .text_en = "no line or site " + shown + " in the inventory",
          .nth = 0};
}

refused unknown_alert(std::string_view id) {
  const std::string shown(shortened(id, 64));
  return {.why = refused::reason::unknown,
          .code = "unknown_alert",
          .text = "没有告警 " + shown,
          .text_en = "there is no alert " + shown,
          .nth = 0};
}

bool plain(std::string_view text) { return !first_odd(text); }

odd_words odd_in(std::string_view text) {
  const auto odd = first_odd(text);
  if (!odd) return {};
  const std::string nth = std::to_string(odd->nth);
  if (odd->code == 0xffffffff) return {"第 " + nth + " 个字符不是 UTF-8", "character " + nth + " is not UTF-8"};
  std::array<char, 16> code{};
  (void)std::snprintf(code.data(), code.size(), "U+%04X", static_cast<unsigned>(odd->code));
  return {"第 " + nth + " 个字符是 " + code.data() + "（" + std::string(chinese(odd->what)) + "），请删去",
          "character " + nth + " is " + code.data() + ", " + std::string(english(odd->what)) + ": delete it"};
}

bool good_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-';
  });
}

std::optional<refused> bad_words(std::string_view name, std::string_view text) {
  if (const odd_words odd = odd_in(name); !odd.text.empty())
    return invalid("bad_name", "姓名：" + odd.text, "the name: " + odd.text_en);
  if (const odd_words odd = odd_in(text); !odd.text.empty())
    return invalid("bad_text", "说明：" + odd.text, "the text: " + odd.text_en);
  if (name.empty() || name.size() > most_name || name.front() == ' ' || name.back() == ' ')
    return invalid("bad_name", "姓名为空、过长或首尾有空格",
                   "a name is empty, longer than 64 bytes, or has blanks around it");
  if (name == automatic)
    return invalid("reserved_name", "automatic 是监测系统自动检查的名字，不能用作姓名",
                   "'automatic' is the name of the monitor's own daily check");
  if (text.size() > most_text)
    return invalid("bad_text", "说明超过 1000 字节，请缩短", "the text is longer than 1000 bytes: shorten it");
  return std::nullopt;
}

}  // namespace changtong::entries
