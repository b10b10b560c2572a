#include "daemon/publish/alerts/channel_text.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "daemon/core/utf8.h"

namespace changtong::alerts {
namespace {

constexpr std::string_view cut_mark = "…";
constexpr std::size_t most_said = 200;   ///< bytes of an answer that are kept
constexpr std::size_t least_secret = 6;  ///< bytes: a shorter part of an address is no key, and would blot out words

std::string left_out(std::size_t lines) { return fmt::format("（篇幅所限，另有 {} 行未列出）", lines); }

std::size_t lines_in(std::string_view text) {
  if (text.empty()) return 0;
  return static_cast<std::size_t>(std::ranges::count(text, '\n')) + (text.back() == '\n' ? 0 : 1);
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
}

/** `text` and what stands in it between blanks and signs of JSON and of forms, but for the places of facts. */
void add_words(std::vector<std::string>& all, const std::string& text) {
  all.push_back(text);
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find_first_of(" \t\r\n\"'{}[]:,;=&<>", from), text.size());
    const std::string word = text.substr(from, to - from);
    const bool plain = word.find_first_of("0123456789") == std::string::npos && word.size() < 12;  // a field's name
    if (!plain && word.find('$') == std::string::npos) all.push_back(word);
    from = to + 1;
  }
}

/** Parts of a channel's settings that must not be repeated, longest first. Keys of robots are values of a query, or
 * parts of a path that no word of a language looks like. */
std::vector<std::string> secrets_of(const alert_channel& c) {
  std::vector<std::string> all{c.key.reveal(), c.url.reveal()};
  for (const auto& [name, value] : c.headers) add_words(all, value.reveal());
  add_words(all, c.body);  // a gateway's password stands there
  const std::string& url = c.url.reveal();
  const std::size_t scheme = url.find("://");
  std::size_t from = scheme == std::string::npos ? 0 : scheme + 3;
  if (const std::size_t at = url.find_first_of("/?#@", from); at != std::string::npos && url[at] == '@')
    all.push_back(url.substr(url.find(':', from) + 1, at - url.find(':', from) - 1));
  for (from = url.find_first_of("/?", from); from != std::string::npos;) {
    const std::size_t to = url.find_first_of("/?&=#", from + 1);
    const std::string part = url.substr(from + 1, to == std::string::npos ? to : to - from - 1);
    const bool digits = part.size() >= 8 && part.find_first_of("0123456789") != std::string::npos;
    if (url[from] == '=' || digits) all.push_back(part);
    from = to;
  }
  std::erase_if(all, [](const std::string& s) { return s.size() < least_secret; });
  std::ranges::sort(all, std::greater<>{}, &std::string::size);
  return all;
}

}  // namespace

std::string fitted(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  // As if all but nothing were left out: the longest note that there can be.
  const std::size_t note = left_out(lines_in(text)).size() + 1;
  if (most > note) {
    const std::size_t end = text.rfind('\n', most - note);
    if (end != std::string_view::npos && end > 0)
      return fmt::format("{}\n{}", text.substr(0, end), left_out(lines_in(text.substr(end + 1))));
  }
  const std::string_view first = text.substr(0, text.find('\n'));
  const std::size_t others = lines_in(text) - 1;
  const bool say = others > 0 && most > 2 * note;
  if (most < cut_mark.size()) return "";
  const std::size_t room = most - cut_mark.size() - (say ? note : 0);
  std::string out = fmt::format("{}{}", shortened(first, room), cut_mark);
  return say ? fmt::format("{}\n{}", out, left_out(others)) : out;
}

std::string whole_text(const message& m, std::size_t most) {
  std::string title = fitted(m.title, most);
  std::string link = m.link.empty() || m.text.find(m.link) != std::string::npos ? "" : "\n" + m.link;
  if (title.size() + link.size() > most) link.clear();
  std::string_view text = m.text;
  while (text.ends_with('\n')) text.remove_suffix(1);
  const std::size_t room = most - title.size() - link.size();
  if (!text.empty() && room > 1) {
    const std::string kept = fitted(text, room - 1);
    if (!kept.empty()) title += "\n" + kept;
  }
  return title + link;
}

std::string one_line(std::string_view text) {
  constexpr std::array marks{"。", "；", "，", "、", "：", "！", "？", ".", ";", ",", ":", "!", "?"};
  while (text.ends_with('\n')) text.remove_suffix(1);
  std::string out;
  for (const char c : text) {
    const bool ended =
        out.empty() || std::ranges::any_of(marks, [&out](const char* mark) { return out.ends_with(mark); });
    if (c == '\n')
      out += ended ? "" : "；";
    else
      out += is_control(c) ? ' ' : c;
  }
  return out;
}

std::vector<std::string> each_once(const std::vector<std::string>& some, const std::vector<std::string>& more,
                                   std::size_t most) {
  std::vector<std::string> out;
  for (const auto* list : {&some, &more})
    for (std::string one : *list) {
      std::erase(one, ' ');
      const bool fit = !one.empty() && std::ranges::none_of(one, [](char c) {
        return is_control(c) || c == '"' || c == '<' || c == '>';
      });
      if (fit && out.size() < most && std::ranges::find(out, one) == out.end()) out.push_back(std::move(one));
    }
  return out;
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  if (::HMAC(::EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, text.size(), out.data(), &size) ==
      nullptr)
    throw std::runtime_error("OpenSSL 不能计算签名 / OpenSSL cannot sign");
  return {reinterpret_cast<const char*>(out.data()), size};
}

std::string base64(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // and OpenSSL's own end
  const int size =
      ::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string hex_digits(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    if (plain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string without_secrets(const alert_channel& c, std::string_view said) {
  std::string all(said.substr(0, 20 * most_said));
  for (const std::string& s : secrets_of(c)) {
    replace_all(all, s, "***");
    replace_all(all, percent_encoded(s), "***");
  }
  std::string out;
  for (std::size_t i = 0; i < all.size() && out.size() < most_said;) {
    const std::size_t size = utf8_length(std::string_view(all).substr(i));
    if (size == 0)
      out += '?';
    else if (size == 1 && is_control(all[i]))
      out += out.empty() || out.back() == ' ' ? "" : " ";
    else
      out.append(all, i, size);
    i += std::max<std::size_t>(size, 1);
  }
  out.resize(whole_characters(out, most_said));
  return out;
}

}  // namespace changtong::alerts
