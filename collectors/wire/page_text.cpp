#include "collectors/wire/page_text.h"

#include <unicode/ucnv.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "daemon/core/ascii.h"
#include "daemon/core/utf8.h"

namespace changtong::wire {
namespace {

constexpr std::size_t meta_within = 4096;      ///< a browser looks at the first 1,024 bytes at least
constexpr std::size_t refresh_within = 65536;  ///< bytes of a page in which a refresh is looked for
constexpr double longest_refresh = 5;          ///< seconds: a reader who waits longer reads this page

bool is_space(char c) { return ascii::html_blanks.find(c) != std::string_view::npos; }
std::string_view trimmed(std::string_view text) { return ascii::trimmed(text, ascii::html_blanks); }

std::size_t find_any_case(std::string_view text, std::string_view lower_case, std::size_t from = 0) {
  if (from > text.size()) return std::string_view::npos;
  const auto found = std::search(text.begin() + static_cast<std::ptrdiff_t>(from), text.end(), lower_case.begin(),
                                 lower_case.end(), [](char a, char b) { return ascii::lower(a) == b; });
  return found == text.end() ? std::string_view::npos : static_cast<std::size_t>(found - text.begin());
}

// -- encodings -------------------------------------------------------------------------------------------------------

/** A label as pages write it -> ICU's name; empty: nobody knows it. */
std::string encoding_named(std::string_view label) {
  const std::string name = ascii::lower(trimmed(label));
  if (name.empty() || name.size() > 40) return {};
  const auto is_one_of = [&](std::initializer_list<std::string_view> names) {
    return std::ranges::find(names, name) != names.end();
  };
  if (is_one_of({"utf-8", "utf8", "unicode-1-1-utf-8", "x-unicode20utf8"})) return "UTF-8";
  if (is_one_of({"gb2312", "gbk", "gb18030", "gb_2312", "gb_2312-80", "x-gbk", "csgb2312", "chinese", "cp936", "ms936",
                 "gb-2312", "gb2312-80", "euc-cn"}))
    return "gb18030";
  if (is_one_of({"utf-16", "utf-16le", "utf16", "unicode", "ucs-2", "iso-10646-ucs-2", "csunicode"})) return "UTF-16LE";
  if (is_one_of({"utf-16be", "unicodefffe"})) return "UTF-16BE";
  if (is_one_of({"iso-8859-1", "latin1", "ascii", "us-ascii", "l1", "cp1252"})) return "windows-1252";
  if (name.find(',') != std::string::npos) return {};  // ICU takes options behind a comma
  UErrorCode status = U_ZERO_ERROR;
  UConverter* known = ::ucnv_open(name.c_str(), &status);
  if (known == nullptr) return {};
  ::ucnv_close(known);
  return name;
}

std::string_view charset_in(std::string_view content_type) {
  for (std::size_t at = 0; (at = find_any_case(content_type, "charset", at)) != std::string_view::npos;) {
    std::string_view rest = trimmed(content_type.substr(at += 7));
    if (!rest.starts_with('=')) continue;
    rest = trimmed(rest.substr(1));
    if (rest.starts_with('"') || rest.starts_with('\'')) {
      const std::size_t end = rest.find(rest.front(), 1);
      return end == std::string_view::npos ? std::string_view{} : rest.substr(1, end - 1);
    }
    return rest.substr(0, rest.find_first_of("; \t,"));
  }
  return {};
}

std::optional<std::string> by_mark(std::string_view page) {
  if (page.starts_with("\xef\xbb\xbf")) return "UTF-8";
  if (page.starts_with("\xfe\xff")) return "UTF-16BE";
  if (page.starts_with("\xff\xfe")) return "UTF-16LE";
  return std::nullopt;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t n = utf8_length(text);
    // The last character may be cut where a page was not read to its end.
    if (n == 0) return text.size() < 4 && static_cast<unsigned char>(text[0]) >= 0xc2 && text.size() > 0;
    text.remove_prefix(n);
  }
  return true;
}

// -- tags ------------------------------------------------------------------------------------------------------------

struct attribute {
  std::string name;  ///< lower case
  std::string_view value;
};

/** Attributes of the tag whose name ends at `at`; `at` moves behind the tag. */
std::vector<attribute> attributes_of(std::string_view page, std::size_t& at) {
  constexpr std::size_t most = 32;
  std::vector<attribute> all;
  while (at < page.size() && page[at] != '>') {
    if (is_space(page[at]) || page[at] == '/') {
      ++at;
      continue;
    }
    const std::size_t name_end = std::min(page.find_first_of("=> \t\r\n\f/", at + 1), page.size());
    attribute one{ascii::lower(page.substr(at, std::min<std::size_t>(name_end - at, 64))), {}};
    at = name_end;
    while (at < page.size() && is_space(page[at])) ++at;
    if (at < page.size() && page[at] == '=') {
      do ++at;
      while (at < page.size() && is_space(page[at]));
      if (at < page.size() && (page[at] == '"' || page[at] == '\'')) {
        const std::size_t end = std::min(page.find(page[at], at + 1), page.size());
        one.value = page.substr(at + 1, end - at - 1);
        at = std::min(end + 1, page.size());
      } else {
        const std::size_t end = std::min(page.find_first_of("> \t\r\n\f", at), page.size());
        one.value = page.substr(at, end - at);
        at = end;
      }
    }
    if (all.size() < most) all.push_back(std::move(one));
  }
  return all;
}

std::string_view value_of(const std::vector<attribute>& all, std::string_view name) {
  const auto found = std::ranges::find(all, name, &attribute::name);
  return found == all.end() ? std::string_view{} : found->value;
}

/** Behind the element that begins at `at`, if it is one whose text is no part of the page. */
std::optional<std::size_t> behind_hidden(std::string_view page, std::size_t at) {
  if (page.substr(at).starts_with("<!--")) return std::min(page.find("-->", at + 4), page.size());
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> hidden{
      {{"<script", "</script"}, {"<noscript", "</noscript"}, {"<style", "</style"}, {"<title", "</title"}}};
  for (const auto& [begin, end] : hidden)
    if (ascii::lower(page.substr(at, begin.size())) == begin)
      return std::min(find_any_case(page, end, at + begin.size()), page.size());
  return std::nullopt;
}

/** The first thing that `take` makes of a <meta> tag. */
template <class Take>
auto first_of_metas(std::string_view page, Take take) -> decltype(take(std::vector<attribute>{})) {
  for (std::size_t at = 0; (at = page.find('<', at)) != std::string_view::npos;) {
    if (const auto behind = behind_hidden(page, at)) {
      at = std::max(*behind, at + 1);
      continue;
    }
    const std::string_view tag = page.substr(at, 6);
    if (tag.size() == 6 && ascii::lower(tag.substr(0, 5)) == "<meta" && (is_space(tag[5]) || tag[5] == '/')) {
      at += 5;
      if (auto taken = take(attributes_of(page, at))) return taken;
    } else {
      ++at;
    }
  }
  return std::nullopt;
}

std::optional<std::string> by_meta(std::string_view page) {
  return first_of_metas(page.substr(0, meta_within),
                        [](const std::vector<attribute>& all) -> std::optional<std::string> {
                          std::string_view label = value_of(all, "charset");
                          if (label.empty() && ascii::lower(value_of(all, "http-equiv")) == "content-type")
                            label = charset_in(value_of(all, "content"));
                          std::string name = encoding_named(label);
                          if (name.empty()) return std::nullopt;
                          if (name.starts_with("UTF-16")) name = "UTF-8";  // it could not have been read
                          return name;
                        });
}

// -- references ------------------------------------------------------------------------------------------------------

void append_character(std::string& out, std::uint32_t c) {
  if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) c = 0xfffd;
  const auto byte = [&](std::uint32_t b) { out += static_cast<char>(static_cast<unsigned char>(b)); };
  if (c < 0x80) return byte(c);
  if (c < 0x800) {
    byte(0xc0 | c >> 6U);
  } else {
    if (c < 0x10000) {
      byte(0xe0 | c >> 12U);
    } else {
      byte(0xf0 | c >> 18U);
      byte(0x80 | (c >> 12U & 0x3f));
    }
    byte(0x80 | (c >> 6U & 0x3f));
  }
  byte(0x80 | (c & 0x3f));
}

/** The character that `&…;` at the beginning of `text` stands for, and the reference's length; 0: it is none. */
std::pair<std::uint32_t, std::size_t> reference_at(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::uint32_t>, 6> named{
      {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&nbsp;", ' '}}};
  for (const auto& [name, c] : named)
    if (text.starts_with(name)) return {c, name.size()};
  if (!text.starts_with("&#")) return {0, 0};
  const bool hex = text.size() > 2 && ascii::lower(text[2]) == 'x';
  const char* first = text.data() + (hex ? 3 : 2);
  const char* last = text.data() + std::min<std::size_t>(text.size(), 12);
  std::uint32_t c = 0;
  const auto [end, error] = std::from_chars(std::min(first, last), last, c, hex ? 16 : 10);
  if (error != std::errc{}) return {0, 0};
  const auto length = static_cast<std::size_t>(end - text.data());
  return {c, length < text.size() && text[length] == ';' ? length + 1 : length};
}

}  // namespace

std::string page_encoding(std::string_view page, std::string_view content_type) {
  if (auto mark = by_mark(page)) return *mark;
  if (std::string named = encoding_named(charset_in(content_type)); !named.empty()) return named;
  if (auto meta = by_meta(page)) return *meta;
  return is_utf8(page) ? "UTF-8" : "gb18030";
}

std::string page_text(std::string_view page, std::string_view content_type) {
  const std::string from = page_encoding(page, content_type);
  if (const auto mark = by_mark(page)) page.remove_prefix(*mark == "UTF-8" ? 3 : 2);
  if (from == "UTF-8" && is_utf8(page)) return std::string(page);
  std::string out(page.size() * 3 + 16, '\0');
  UErrorCode status = U_ZERO_ERROR;
  const auto length = ::ucnv_convert("UTF-8", from.c_str(), out.data(), static_cast<std::int32_t>(out.size()),
                                     page.data(), static_cast<std::int32_t>(page.size()), &status);
  if (U_FAILURE(status)) return std::string(page);
  out.resize(static_cast<std::size_t>(length));
  return out;
}

std::string without_references(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t next = std::min(utf8.find('&', at), utf8.size());
    out += utf8.substr(at, next - at);
    at = next;
    if (at == utf8.size()) break;
    const auto [c, length] = reference_at(utf8.substr(at));
    if (length == 0)
      out += utf8[at++];
    else
      append_character(out, c), at += length;
  }
  return out;
}

std::optional<std::string> refresh_in(std::string_view content) {
  content = trimmed(content);
  double delay = 0;
  const auto [end, error] = std::from_chars(content.data(), content.data() + content.size(), delay);
  if (error != std::errc{} || !(delay >= 0) || delay > longest_refresh) return std::nullopt;
  std::string_view rest = trimmed(content.substr(static_cast<std::size_t>(end - content.data())));
  if (rest.empty() || (rest.front() != ';' && rest.front() != ',')) return std::nullopt;
  rest = trimmed(rest.substr(1));
  if (ascii::lower(rest.substr(0, 3)) == "url") {
    const std::string_view behind = trimmed(rest.substr(3));
    if (behind.starts_with('=')) rest = trimmed(behind.substr(1));
  }
  if (rest.starts_with('"') || rest.starts_with('\'')) rest = rest.substr(1, rest.find(rest.front(), 1) - 1);
  if (rest.empty()) return std::nullopt;
  return std::string(rest);
}

std::optional<std::string> refresh_target(std::string_view utf8) {
  return first_of_metas(utf8.substr(0, refresh_within),
                        [](const std::vector<attribute>& all) -> std::optional<std::string> {
                          if (ascii::lower(value_of(all, "http-equiv")) != "refresh") return std::nullopt;
                          const auto leads = refresh_in(value_of(all, "content"));
                          return leads ? std::optional(without_references(*leads)) : std::nullopt;
                        });
}

}  // namespace changtong::wire
