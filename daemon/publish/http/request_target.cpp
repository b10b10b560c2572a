#include "daemon/publish/http/request_target.h"

#include <optional>
#include <utility>

#include "daemon/core/phrase.h"
#include "daemon/core/url.h"
#include "daemon/core/utf8.h"

namespace changtong::http {
namespace {

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

/** `http://host:port/a?b#c` -> `/a?b`; none: what stands before the path is no host. */
std::optional<std::string_view> path_and_query(std::string_view text) {
  const bool absolute = text.starts_with("http://") || text.starts_with("https://");
  if (absolute) {
    const auto origin = url_origin_of(text);
    if (!origin) return std::nullopt;
    text = origin->rest;
  }
  text = text.substr(0, text.find('#'));
  return absolute && text.empty() ? "/" : text;
}

}  // namespace

result<request_target> parse_target(std::string_view text) {
  if (text.size() > target_limit) return said({"地址过长", "request target too long"});
  const auto target = path_and_query(text);
  if (!target) return said({"请求地址里没有主机名", "the request target names no host"});
  if (!target->starts_with('/')) return said({"地址须以 / 开头", "the request target must begin with '/'"});
  auto read = url_target_of(*target);
  if (!read) return said({"百分号编码不完整", "broken percent-encoding"});
  if (read->query.size() > parameter_limit) return said({"参数过多", "too many parameters"});
  const problem odd = said({"有控制字符或不是 UTF-8", "control character or invalid UTF-8"});
  if (!is_plain_text(read->path)) return odd;
  if (has_dot_segment(read->path)) return said({"路径中不能有 . 或 ..", "'.' and '..' are not accepted in a path"});
  request_target out{.path = std::move(read->path), .query = {}};
  for (auto& [name, value] : read->query) {
    if (!is_plain_text(name) || !is_plain_text(value)) return odd;
    out.query.emplace(std::move(name), std::move(value));
  }
  return out;
}

}  // namespace changtong::http
