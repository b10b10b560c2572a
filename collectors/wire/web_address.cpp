#include "collectors/wire/web_address.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "collectors/wire/host_name.h"
#include "daemon/core/address.h"
#include "daemon/core/ascii.h"
#include "daemon/core/phrase.h"
#include "daemon/core/url.h"
#include "daemon/core/utf8.h"

namespace changtong::wire {
namespace {

constexpr std::size_t longest = 8192, most_ranges = 32;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/** A decimal number of its whole text within bounds, or -1. */
int number_in(std::string_view text, int least, int greatest) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = !text.empty() && is_digit(text[0]) && error == std::errc{} && end == text.data() + text.size();
  return whole && value >= least && value <= greatest ? value : -1;
}

/** Host and port, which is the scheme's own where none is written. */
bool take_host(const url_origin& from, web_address& out) {
  if (from.literal) {
    const auto literal = parse_address(from.host);
    if (!literal || !literal->v6) return false;
    out.host = to_string(*literal);
  } else {
    auto name = host_name(from.host);
    if (!name) return false;
    out.host = std::move(*name);
  }
  out.port = out.tls ? 443 : 80;
  if (!from.port || from.port->empty()) return true;
  const auto given = port_number(*from.port);
  out.port = given.value_or(0);
  return given.has_value();
}

/** As browsers send it; false for control characters. */
bool take_target(std::string_view text, web_address& out) {
  if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) return false;
  out.target = (text.starts_with('/') ? "" : "/") + url_encoded(text);
  return true;
}

std::string_view without_fragment(std::string_view text) { return text.substr(0, text.find('#')); }

/** RFC 3986, 5.2.4, on a path that begins with a slash. By hand, and so is all of 5.2: Boost 1.81 refuses locations
 * that sites do send (中文, `|`) and leaves `..` above the root. */
std::string without_dots(std::string_view path) {
  std::vector<std::string_view> parts;
  bool ends_open = false;
  for (std::size_t at = 1; at <= path.size();) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    const std::string_view part = path.substr(at, slash - at);
    ends_open = part == "." || part == "..";
    if (part == ".." && !parts.empty()) parts.pop_back();
    if (!ends_open) parts.push_back(part);
    at = slash + 1;
  }
  std::string out;
  for (const auto part : parts) (out += '/') += part;
  return ends_open || out.empty() ? out + "/" : out;
}

bool has_scheme(std::string_view text) {
  const std::size_t colon = text.find_first_of(":/?#");
  const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.'; };
  return colon != std::string_view::npos && colon > 0 && text[colon] == ':' && is_letter(text[0]) &&
         std::ranges::all_of(text.substr(0, colon), fits);
}

/** The address that a relative reference means, as text. */
std::string resolved(const web_address& from, std::string_view location) {
  const std::string authority = fmt::format("{}://{}", from.tls ? "https" : "http", host_header(from));
  if (location.starts_with("//")) return fmt::format("{}:{}", from.tls ? "https" : "http", location);
  const std::string_view base = std::string_view(from.target).substr(0, from.target.find('?'));
  if (location.starts_with('?')) return fmt::format("{}{}{}", authority, base, location);
  if (location.empty()) return fmt::format("{}{}", authority, from.target);
  const std::size_t query = std::min(location.find('?'), location.size());
  const std::string_view path = location.substr(0, query);
  const std::string whole =
      path.starts_with('/') ? std::string(path) : fmt::format("{}{}", base.substr(0, base.rfind('/') + 1), path);
  return fmt::format("{}{}{}", authority, without_dots(whole), location.substr(query));
}

}  // namespace

namespace {

result<web_address> read_address(std::string_view text, bool user_is_refused) {
  if (text.size() > longest) return said({"地址超过 8 KiB", "the address is longer than 8 KiB"});
  const std::string scheme = ascii::lower(text.substr(0, text.find("://")));
  if ((scheme != "http" && scheme != "https") || scheme.size() == text.size())
    return said({"地址应以 http:// 或 https:// 开头", "the address must begin with http:// or https://"});
  const auto origin = url_origin_of(text);
  if (origin && origin->user && user_is_refused)
    return said({"地址中不能有用户名或口令", "the address must not hold a user name or password"});
  web_address out;
  out.tls = scheme == "https";
  if (!origin || !take_host(*origin, out))
    return said({"地址须有主机名或 IP，端口为 1 至 65535",
                 "the address needs a host name or an IP, and a port from 1 to 65535"});
  if (!take_target(without_fragment(origin->rest), out))
    return said({"地址中有控制字符", "the address holds a control character"});
  return out;
}

/** Of `http:/x` and `https:///host`: what a browser takes it for. The scheme it has already makes an address relative
 * unless two slashes follow; more than two are two (WHATWG URL, 4.4). */
std::string whole_address(const web_address& from, std::string_view location) {
  if (!has_scheme(location)) {
    const std::size_t slashes = std::min(location.find_first_not_of('/'), location.size());
    return slashes > 2 ? resolved(from, location.substr(slashes - 2)) : resolved(from, location);
  }
  const std::size_t colon = location.find(':');
  const std::string scheme = ascii::lower(location.substr(0, colon));
  if (scheme != "http" && scheme != "https") return std::string(location);
  const std::string_view rest = location.substr(colon + 1);
  const std::size_t slashes = std::min(rest.find_first_not_of('/'), rest.size());
  if (slashes < 2 && from.tls == (scheme == "https")) return resolved(from, rest);
  return fmt::format("{}://{}", scheme, rest.substr(slashes));
}

/** As a browser reads an address before it takes it apart: without blanks around it, tabs and line ends, and with
 * `\` for `/` before the query. */
std::string as_browsers_read(std::string_view location) {
  while (!location.empty() && static_cast<unsigned char>(location.front()) <= 0x20) location.remove_prefix(1);
  while (!location.empty() && static_cast<unsigned char>(location.back()) <= 0x20) location.remove_suffix(1);
  std::string out;
  bool path = true;
  for (const char c : location) {
    if (c == '\t' || c == '\r' || c == '\n') continue;
    if (c == '?' || c == '#') path = false;
    out += path && c == '\\' ? '/' : c;
  }
  return out;
}

}  // namespace

result<web_address> parse_web_address(std::string_view text) { return read_address(text, true); }

result<web_address> next_hop(const web_address& from, std::string_view location, bool allow_downgrade) {
  if (location.size() > longest) return said({"重定向地址超过 8 KiB", "the redirect's address is longer than 8 KiB"});
  const std::string read = as_browsers_read(location);
  const std::string_view to_text = without_fragment(read);
  auto to = read_address(whole_address(from, to_text), false);
  if (!to) return said(both("重定向：{}", "redirect: {}", words_of(to.error())));
  if (from.tls && !to->tls && !allow_downgrade) return said({"从 https 重定向到 http", "redirect from https to http"});
  return to;
}

bool same_origin(const web_address& a, const web_address& b) {
  return a.tls == b.tls && a.host == b.host && a.port == b.port;
}

std::string host_header(const web_address& a) {
  std::string host = a.host.find(':') == std::string::npos ? a.host : fmt::format("[{}]", a.host);
  return a.port == (a.tls ? 443 : 80) ? host : fmt::format("{}:{}", host, a.port);
}

result<status_ranges> status_ranges::parse(std::string_view text) {
  status_ranges out;
  out.ranges_.clear();
  const problem wrong =
      said(both("应为状态码列表，如 200-399 或 200,301，而不是 `{}`",
                "a status list such as 200-399 or 200,301 is needed, not `{}`", shortened(text, 100)));
  while (true) {
    const std::size_t end = std::min(text.find_first_of(",+"), text.size());
    const std::string_view part = text.substr(0, end);
    const std::size_t dash = part.find('-');
    const int from = number_in(part.substr(0, dash), 100, 599);
    const int to = dash == std::string_view::npos ? from : number_in(part.substr(dash + 1), 100, 599);
    if (from < 0 || to < from || out.ranges_.size() >= most_ranges) return wrong;
    out.ranges_.emplace_back(from, to);
    if (end == text.size()) return out;
    text.remove_prefix(end + 1);
  }
}

bool status_ranges::holds(unsigned status) const {
  return std::any_of(ranges_.begin(), ranges_.end(), [&](auto r) { return r.first <= status && status <= r.second; });
}

bool is_redirect(unsigned status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace changtong::wire
