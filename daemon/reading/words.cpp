#include "daemon/reading/words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>

#include "daemon/core/plain_text.h"
#include "daemon/core/utf8.h"

namespace changtong::reading {
namespace {

/** Typing errors between two words: insert, remove, replace, swap of neighbours (optimal string alignment). */
std::size_t typing_errors(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  std::iota(last.begin(), last.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) now[j] = std::min(now[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(now);
  }
  return last[b.size()];
}

bool blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

std::string quote(std::string_view text) {
  constexpr std::size_t most = 64;
  std::string out = "'";
  const std::size_t end = whole_characters(text, most);
  for (const char c : text.substr(0, end)) {
    const auto u = static_cast<unsigned char>(c);
    if (u < 0x20 || u == 0x7f)
      out += fmt::format("\\x{:02x}", u);
    else
      out += c;
  }
  return out + (end < text.size() ? "…'" : "'");
}

std::string_view nearest(std::string_view wrong, std::span<const std::string_view> known) {
  if (wrong.empty() || wrong.size() > 64) return {};
  std::string_view best;
  for (const std::string_view word : known)  // 'warning' for 'warn', 'community' for 'comm'
    if (std::min(word.size(), wrong.size()) >= 4 && (word.starts_with(wrong) || wrong.starts_with(word))) return word;
  std::size_t least = std::max<std::size_t>(1, wrong.size() / 3) + 1;
  for (const std::string_view word : known)
    if (const std::size_t n = typing_errors(wrong, word); n < least) {
      least = n;
      best = word;
    }
  return best;
}

phrase unknown_word(const phrase& what, std::string_view wrong, std::span<const std::string_view> known) {
  if (const std::string_view meant = nearest(wrong, known); !meant.empty())
    return both("{} {} 无法识别：是否应为 '{}'？", "unknown {} {}: did you mean '{}'?", what, quote(wrong), meant);
  return both("{} {} 无法识别：可用 {}", "unknown {} {}: use one of {}", what, quote(wrong), listed(known));
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    if (end > 0) out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

bool has_control_characters(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto u = static_cast<unsigned char>(text[i]);
    if (u < 0x20 || u == 0x7f) return true;
    if (u == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;  // C1
  }
  return false;
}

std::optional<phrase> unseen_character(std::string_view text) {
  std::size_t before = 0;
  for (auto odd = first_odd(text); odd; odd = first_odd(text)) {
    if (odd->what == oddity::unseen)
      return both("第 {} 个字符 U+{:04X} 不可见或会改变书写方向：请删去",
                  "character {} is U+{:04X}, which nobody sees or which turns the direction of writing: delete it",
                  before + odd->nth, static_cast<std::uint32_t>(odd->code));
    for (std::size_t i = 0; i < odd->nth; ++i) text.remove_prefix(std::max<std::size_t>(utf8_length(text), 1));
    before += odd->nth;
  }
  return std::nullopt;
}

result<milliseconds> parse_duration(std::string_view text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_whole(text.substr(0, digits), 999'999'999);
  const std::string_view unit = text.substr(digits);
  if (number && unit.empty())
    return said(both("{} 没有单位：秒写作 {}s，也可用 ms、m、h", "{} has no unit: write {}s for seconds, or ms, m, h",
                     quote(text), *number));
  struct known {
    std::string_view name;
    std::int64_t ms;
  };
  constexpr std::array units{known{"ms", 1}, known{"s", 1000}, known{"m", 60'000}, known{"h", 3'600'000}};
  for (const known& u : units)
    if (number && u.name == unit) return milliseconds{static_cast<std::int64_t>(*number) * u.ms};
  return said(both("{} 不是时长：请写整数加单位，如 500ms、10s、5m、1h",
                   "{} is no duration: write a whole number with its unit, as 500ms, 10s, 5m or 1h", quote(text)));
}

std::string duration_text(milliseconds d) {
  const auto ms = d.count();
  if (ms != 0 && ms % 3'600'000 == 0) return fmt::format("{}h", ms / 3'600'000);
  if (ms != 0 && ms % 60'000 == 0) return fmt::format("{}m", ms / 60'000);
  if (ms % 1000 == 0) return fmt::format("{}s", ms / 1000);
  return fmt::format("{}ms", ms);
}

std::optional<std::uint64_t> parse_whole(std::string_view text, std::uint64_t most) {
  std::uint64_t value = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || bad != std::errc{} || end != text.data() + text.size() || value > most) return std::nullopt;
  return value;
}

std::optional<double> parse_decimal(std::string_view text) {
  const bool percent = text.ends_with('%');
  if (percent) text.remove_suffix(1);
  if (text.empty() || text.size() > 20 || text.find_first_not_of("0123456789.") != std::string_view::npos)
    return std::nullopt;
  double value = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (bad != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return percent ? value / 100 : value;
}

line_column position(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  return {1 + static_cast<int>(std::ranges::count(before, '\n')), column_at(text, offset)};
}

int column_at(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const std::size_t start = before.rfind('\n') + 1;  // npos + 1 = 0
  return 1 + static_cast<int>(characters(before.substr(start)));
}

bool name_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

std::optional<phrase> bad_id(std::string_view id) {
  if (id.empty()) return phrase{"为空：请取一个简短、不再改变的编号", "is empty: give a short one that never changes"};
  if (id.size() > 64) return phrase{"超过 64 个字符：请缩短", "is longer than 64 characters: shorten it"};
  if (!std::ranges::all_of(id, [](char c) { return name_character(c) || c == '.' || c == '-'; }))
    return phrase{"含有 A-Z a-z 0-9 . _ - 以外的字符：给人看的文字请写在名称里",
                  "has other characters than A-Z a-z 0-9 . _ - : put what people read into the name"};
  return std::nullopt;
}

}  // namespace changtong::reading
