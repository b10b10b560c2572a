#include "daemon/publish/http/request_target.h"

#include "daemon/core/phrase.h"
#include "daemon/core/utf8.h"

namespace changtong::http {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/** Control characters end up in logs and headers, invalid UTF-8 in JSON: neither has a use in a name. */
bool is_plain_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7f) return false;
    const std::size_t n = utf8_length(text.substr(i));
    if (n == 0) return false;
    i += n;
  }
  return true;
}

result<std::string> decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
      const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
      if (low < 0) return said({"百分号编码不完整", "broken percent-encoding"});
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  if (!is_plain_text(out)) return said({"有控制字符或不是 UTF-8", "control character or invalid UTF-8"});
  return result<std::string>(boost::system::in_place_value, std::move(out));
}

bool has_dot_segment(std::string_view path) {
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    if (segment == "." || segment == "..") return true;
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  return false;
}

result<std::multimap<std::string, std::string>> parse_query(std::string_view text) {
  std::multimap<std::string, std::string> out;
  while (!text.empty()) {
    const std::size_t end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (pair.empty()) continue;
    if (out.size() == parameter_limit) return said({"参数过多", "too many parameters"});
    const std::size_t equals = pair.find('=');
    auto name = decode(pair.substr(0, equals), true);
    if (!name) return name.error();
    auto value = decode(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), true);
    if (!value) return value.error();
    out.emplace(std::move(*name), std::move(*value));
  }
  return out;
}

/** `http://host:port/a?b` -> `/a?b`. */
std::string_view without_authority(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!text.starts_with(scheme)) continue;
    const std::size_t begin = text.find_first_of("/?", scheme.size());
    return begin == std::string_view::npos ? std::string_view("/") : text.substr(begin);
  }
  return text;
}

}  // namespace

result<request_target> parse_target(std::string_view text) {
  if (text.size() > target_limit) return said({"地址过长", "request target too long"});
  text = without_authority(text);
  text = text.substr(0, text.find('#'));
  const std::size_t mark = text.find('?');
  auto path = decode(text.substr(0, mark), false);
  if (!path) return path.error();
  if (path->empty() || path->front() != '/') return said({"地址须以 / 开头", "the request target must begin with '/'"});
  if (has_dot_segment(*path)) return said({"路径中不能有 . 或 ..", "'.' and '..' are not accepted in a path"});
  auto query = parse_query(mark == std::string_view::npos ? std::string_view{} : text.substr(mark + 1));
  if (!query) return query.error();
  return request_target{std::move(*path), std::move(*query)};
}

}  // namespace changtong::http
