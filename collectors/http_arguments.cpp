// What a site's settings say, checked (collectors/http.h lists the keys).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "changtong_version.h"
#include "collectors/exchange.h"
#include "collectors/http.h"
#include "collectors/net/trust.h"
#include "daemon/core/ascii.h"
#include "daemon/core/phrase.h"
#include "daemon/core/utf8.h"

namespace changtong {
namespace {

constexpr std::uint64_t greatest_limit = 64ULL << 20U, most_redirects = 20;
constexpr std::size_t longest_text = 4096, most_texts = 32, longest_header = 1024, most_headers = 16;
/** Looks like a browser's, for filters that let nobody else in, and names us, for whoever reads the site's log. */
constexpr const char* usual_user_agent =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 "
    "Changtong/" CHANGTONG_VERSION;

using maybe = std::optional<problem>;

maybe take_address(http_settings& s, std::string_view key, std::string_view text) {
  auto address = wire::parse_web_address(text);
  if (!address) return said(both("http: {}：{}", "http: {}: {}", key, words_of(address.error())));
  s.at = std::move(*address);
  return std::nullopt;
}

maybe take_number(std::string_view key, std::string_view text, std::uint64_t least, std::uint64_t greatest, auto& out) {
  const auto n = bounded_number(key, text, least, greatest);
  if (!n) return n.error();
  out = static_cast<std::remove_reference_t<decltype(out)>>(*n);
  return std::nullopt;
}

maybe take_allow(std::string_view key, std::string_view text, bool& out) {
  if (text != "allow" && text != "refuse")
    return said(both("http: {} 应为 allow 或 refuse，而不是 `{}`", "http: {}: allow or refuse, not `{}`", key, text));
  out = text == "allow";
  return std::nullopt;
}

maybe take_text(std::string_view key, const std::string& text, std::vector<std::string>& out) {
  if (text.empty() || text.size() > longest_text)
    return said(
        both("http: {} 应为 1 至 {} 字节的文字", "http: {}: a text of 1 to {} bytes is needed", key, longest_text));
  if (out.size() >= most_texts) return said(both("http: {} 最多 {} 条", "http: {}: at most {} texts", key, most_texts));
  out.push_back(text);
  return std::nullopt;
}

maybe take_ca(const std::string& path, http_settings& s) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error) || !std::ifstream(path))
    return said(both("http: ca 文件 `{}` 无法读取", "http: ca: the file `{}` cannot be read", path));
  if (!net::trust{}.store_for(path))
    return said(both("http: ca 文件 `{}` 里没有可用的证书：应为 PEM 格式的根证书",
                     "http: ca: no certificate in the file `{}`: root certificates in PEM are needed", path));
  s.tls.ca_file = path;
  return std::nullopt;
}

maybe take_status(std::string_view text, http_settings& s) {
  auto ranges = wire::status_ranges::parse(text);
  if (!ranges) return said(both("http: status：{}", "http: status: {}", words_of(ranges.error())));
  s.status = std::move(*ranges);
  return std::nullopt;
}

maybe take_yes(std::string_view key, std::string_view text, bool& out) {
  const bool yes = text == "yes" || text == "true", no = text == "no" || text == "false";
  if (!yes && !no)
    return said(both("http: {} 应为 yes 或 no，而不是 `{}`", "http: {}: yes or no, not `{}`", key, text));
  out = yes;
  return std::nullopt;
}

maybe take_least_tls(std::string_view text, http_settings& s) {
  static constexpr std::array<std::string_view, 4> known{"1.0", "1.1", "1.2", "1.3"};
  const auto found = std::ranges::find(known, text);
  if (found == known.end())
    return said(both("http: tls.min 应为 1.0、1.1、1.2 或 1.3，而不是 `{}`",
                     "http: tls.min: 1.0, 1.1, 1.2 or 1.3, not `{}`", text));
  s.tls.least = static_cast<std::uint8_t>(10 + (found - known.begin()));
  return std::nullopt;
}

maybe take_families(std::string_view text, http_settings& s) {
  if (text == "v4" || text == "v6" || text == "both")
    return s.over = text == "v4" ? families::v4 : text == "v6" ? families::v6 : families::both, std::nullopt;
  return said(both("http: resolve 应为 v4、v6 或 both，而不是 `{}`", "http: resolve: v4, v6 or both, not `{}`", text));
}

/** One line of text that can stand in a request. */
bool fits_a_header(std::string_view text) {
  return !text.empty() && text.size() <= longest_header &&
         std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

maybe take_user_agent(const std::string& text, http_settings& s) {
  if (!fits_a_header(text))
    return said({"http: user_agent 应为一行文字，最多 1024 字节", "http: user_agent: one line of at most 1024 bytes"});
  s.user_agent = text;
  return std::nullopt;
}

/** What says how the answer is framed, or who answers, stays ours. */
maybe take_header(const std::string& text, http_settings& s) {
  static constexpr std::array<std::string_view, 8> ours{
      "host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "accept-encoding", "cookie2"};
  const std::size_t colon = text.find(':');
  const std::string name = ascii::lower(text.substr(0, colon));
  const bool token = !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  if (!fits_a_header(text) || colon == std::string::npos || !token)
    return said(both("http: header 应写作 `名称: 值`，而不是 `{}`", "http: header: write `Name: value`, not `{}`",
                     shortened(text.substr(0, colon), 64)));
  if (std::ranges::find(ours, name) != ours.end())
    return said(both("http: 报头 {} 由程序自己决定，不能设置", "http: the header {} is not yours to set", name));
  if (s.headers.size() >= most_headers)
    return said(both("http: header 最多 {} 个", "http: at most {} headers", most_headers));
  s.headers.push_back(text);
  return std::nullopt;
}

/** A key, and what is done with its value. */
struct argument {
  std::string_view key;
  maybe (*take)(const std::string& value, http_settings& s);
};

constexpr std::array arguments_table{
    argument{"url", [](const std::string& v, http_settings& s) { return take_address(s, "url", v); }},
    argument{"ca", take_ca},
    argument{"redirects",
             [](const std::string& v, http_settings& s) {
               return take_number("http: redirects", v, 0, most_redirects, s.redirects);
             }},
    argument{"max_bytes",
             [](const std::string& v, http_settings& s) {
               return take_number("http: max_bytes", v, 1, greatest_limit, s.limit);
             }},
    argument{"downgrade",
             [](const std::string& v, http_settings& s) { return take_allow("downgrade", v, s.downgrade_allowed); }},
    argument{"local_redirects", [](const std::string& v,
                                   http_settings& s) { return take_allow("local_redirects", v, s.local_redirects); }},
    argument{"empty", [](const std::string& v, http_settings& s) { return take_allow("empty", v, s.empty_allowed); }},
    argument{"status", [](const std::string& v, http_settings& s) { return take_status(v, s); }},
    argument{"contains", [](const std::string& v, http_settings& s) { return take_text("contains", v, s.contains); }},
    argument{"forbids", [](const std::string& v, http_settings& s) { return take_text("forbids", v, s.forbids); }},
    argument{"user_agent", take_user_agent},
    argument{"header", take_header},
    argument{"resolve", [](const std::string& v, http_settings& s) { return take_families(v, s); }},
    argument{"tls.min", [](const std::string& v, http_settings& s) { return take_least_tls(v, s); }},
    argument{"tls.legacy_renegotiation",
             [](const std::string& v, http_settings& s) {
               return take_yes("tls.legacy_renegotiation", v, s.tls.legacy_renegotiation);
             }},
    argument{"tls.verify",
             [](const std::string& v, http_settings& s) { return take_yes("tls.verify", v, s.tls.verify); }},
};

maybe take(const kind_arguments::pair& p, http_settings& s) {
  const auto known = std::ranges::find(arguments_table, p.key, &argument::key);
  if (known != arguments_table.end()) return known->take(p.value, s);
  std::string keys;
  for (const argument& a : arguments_table)
    fmt::format_to(std::back_inserter(keys), "{}{}=", keys.empty() ? "" : "、", a.key);
  return said(both("http: 键 `{}` 无法识别（可用 {}）", "http: unknown key `{}` ({} are known)", p.key, keys));
}

result<std::shared_ptr<const check_settings>> parse(const kind_arguments& arguments) {
  auto s = std::make_shared<http_settings>();
  s->user_agent = usual_user_agent;
  s->name_servers = arguments.name_servers;
  if (!arguments.url.empty())
    if (auto wrong = take_address(*s, "url", arguments.url)) return *wrong;
  for (const auto& p : arguments.pairs) {
    if (p.key == "url" && !arguments.url.empty())
      return said({"http: url：网站已有地址", "http: url: the site has its address already"});
    if (p.key == "header" && arguments.url.empty())
      return said({"http: header 只能写在 sites 的网站里：专线的检查会原样保存和显示",
                   "http: header is for sites alone: the checks of a line are stored and shown as they are written"});
    if (auto wrong = take(p, *s)) return *wrong;
  }
  if (s->at.host.empty()) return said({"http: 缺少 url=", "http: url= is missing"});
  return std::shared_ptr<const check_settings>(std::move(s));
}

}  // namespace

kind_entry http_kind() {
  return {parse, [](boost::asio::io_context&, answer_sink& sink) { return make_http(sink); }, false,
          "url=URL, status=200-399, contains=TEXT, forbids=TEXT, ca=FILE, redirects=20, max_bytes=8388608, "
          "downgrade=allow|refuse, local_redirects=allow|refuse, empty=allow|refuse, user_agent=TEXT, "
          "header=NAME: VALUE, resolve=v4|v6|both, tls.min=1.2, tls.legacy_renegotiation=yes|no, tls.verify=yes|no"};
}

}  // namespace changtong
