#include "daemon/sheets/cell_address.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "daemon/core/address.h"
#include "daemon/core/utf8.h"
#include "daemon/reading/words.h"

namespace changtong::sheets {
namespace {

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
}

/** Why a piece is no address, and what to do. */
phrase told(std::string_view piece) {
  const auto text = shortened(piece, 64);
  const auto first = piece.substr(0, piece.find_first_of(":-~"));
  const bool begins_well = first.size() < piece.size() && parse_address(first).has_value();
  if (piece.find("://") != std::string_view::npos)
    return both("「{}」是网址：请只写 IP 地址", "'{}' is the address of a website: write the IP address alone", text);
  if (begins_well && piece[first.size()] == ':')
    return both("「{}」带有端口：这里只写地址，端口写在检查里（tcp:port=443）",
                "'{}' has a port: write the address alone, the port belongs to the checks (tcp:port=443)", text);
  if (begins_well)
    return both("「{}」是一段地址：请写要探测的那一个", "'{}' is a range: write the one that is to be asked", text);
  return both("「{}」不是 IP 地址：请写成 10.66.1.2 的样子", "'{}' is no IP address: write it like 10.66.1.2", text);
}

/** 10.66.3.2/24 -> 10.66.3.2 */
std::string_view without_mask(std::string_view piece) {
  const auto slash = piece.find('/');
  if (slash == std::string_view::npos || !parse_address(piece.substr(0, slash))) return piece;
  const auto mask = piece.substr(slash + 1);
  constexpr std::uint64_t most_bits = 128;
  const bool bits = reading::parse_whole(mask, most_bits).has_value();
  return bits || mask.starts_with("255.") ? piece.substr(0, slash) : piece;
}

/** 10.66.1.2(主) -> 10.66.1.2; what has a digit in it may be an address. */
std::string without_notes(std::string text) {
  for (std::size_t open = 0; (open = text.find('(', open)) != std::string::npos;) {
    const auto close = text.find(')', open);
    if (close == std::string::npos) break;
    if (text.substr(open, close - open).find_first_of("0123456789") == std::string::npos)
      text.replace(open, close - open + 1, " ");
    else
      open = close;
  }
  return text;
}

}  // namespace

cell_value read_addresses(const std::string& text) {
  constexpr std::size_t most_kept = 64;  // a line takes far fewer, which is said elsewhere
  std::string plain = without_notes(text);
  for (const std::string_view separator : {"、", "\xc2\xa0"}) replace_all(plain, separator, " ");
  replace_all(plain, "。", ".");
  std::vector<std::string> made;
  bool changed = plain != text, plain_list = true;
  for (std::string_view piece : reading::split(plain, " ,;|\t\r\n")) {
    const std::string_view bare = without_mask(piece);
    changed = changed || bare.size() != piece.size();
    std::vector<std::string_view> several{bare};
    if (!parse_address(bare) && bare.find('/') != std::string_view::npos) several = reading::split(bare, "/");
    for (const std::string_view one : several) {
      const auto read = parse_address(one);
      if (!read) return {.problem = told(one)};
      const std::string address = to_string(*read);
      if (std::ranges::find(made, address) != made.end())
        changed = true;
      else if (made.size() < most_kept)
        made.push_back(address);
    }
    plain_list = plain_list && several.size() == 1;
  }
  cell_value r{.value = fmt::format("{}", fmt::join(made, " "))};
  changed = changed || !plain_list || plain.find_first_of(",|\t\r\n") != std::string::npos;
  if (changed)
    r.guess = both("「{}」读作 {}", "'{}' is read as {}",
                   fmt::format("{}", fmt::join(reading::split(text, "\r\n"), " ")), r.value);
  return r;
}

}  // namespace changtong::sheets
