#include "daemon/cli/api_client.h"

#include <fmt/format.h>

#include <utility>

#include "daemon/core/phrase.h"
#include "daemon/core/url.h"
#include "daemon/host/plain_file.h"
#include "daemon/host/post.h"

namespace changtong {
namespace {

constexpr std::size_t most_body = 16 * 1024 * 1024;

/** `http://[fe80::1%eth0]:8080` in two, for Boost.URL knows no zone of an address: without it, and `%eth0`. */
std::pair<std::string, std::string> without_zone(const std::string& url) {
  const std::size_t zone = url.find('%'), close = url.find(']');
  if (!url.starts_with("http") || url.find("://[") == std::string::npos || close == std::string::npos || zone >= close)
    return {url, ""};
  if (url.find_first_of("/?#@ ", zone) < close) return {url, ""};
  return {url.substr(0, zone) + url.substr(close), url.substr(zone, close - zone)};
}

}  // namespace

result<api_address> parse_api_url(const std::string& url) {
  const problem bad =
      said("--api: 须为 http://主机:端口 或 https://主机:端口",
           "write http://HOST:PORT or https://HOST:PORT, such as http://127.0.0.1:8080", problem_class::usage);
  const bool tls = url.starts_with("https://");
  if (!tls && !url.starts_with("http://")) return bad;
  const auto [plain, zone] = without_zone(url);
  const auto origin = url_origin_of(plain);
  if (!origin || origin->user || origin->host.empty() || origin->host.find(' ') != std::string::npos) return bad;
  if (!origin->rest.empty() && origin->rest != "/") return bad;
  if (origin->port && (origin->port->empty() || origin->port->size() > 5)) return bad;
  return api_address{.host = origin->host + zone, .port = origin->port.value_or(tls ? "443" : "80"), .tls = tls};
}

namespace {

/** `path` and what goes there, to the daemon at `url`. */
result<api_answer> sent(const std::string& url, const secret& token, const std::string& path, host::http_post what,
                        milliseconds patience) {
  const auto to = parse_api_url(url);
  if (!to) return to.error();
  std::string host = to->host;
  if (const std::size_t zone = host.find('%'); zone != std::string::npos) host.replace(zone, 1, "%25");  // RFC 6874
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  what.url = secret((to->tls ? "https://" : "http://") + host + ":" + to->port + path);
  if (!token.empty()) what.headers = {{"Authorization", secret("Bearer " + token.reveal())}};
  auto answer = host::post({.what = std::move(what), .patience = patience, .most_body = most_body}, {});
  if (!answer) return said(both("无法访问 {}：{}", "cannot reach {}: {}", url, words_of(answer.error())));
  return api_answer{.status = static_cast<int>(answer->status), .body = std::move(answer->body)};
}

/** RFC 3986: what is not unreserved, byte by byte. */
std::string escaped(std::string_view text) {
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string out;
  for (const char c : text)
    out += plain.find(c) != plain.npos ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return out;
}

}  // namespace

result<api_answer> api_post(const std::string& url, const secret& token, const std::string& path,
                            const std::string& body, milliseconds patience) {
  return sent(url, token, path, {.url = {}, .headers = {}, .body = body}, patience);
}

result<api_answer> api_get(const std::string& url, const secret& token, std::string path,
                           const std::vector<std::pair<std::string, std::string>>& parameters) {
  char between = '?';
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    path += std::exchange(between, '&') + escaped(name) + "=" + escaped(value);
  }
  return sent(url, token, path, {.url = {}, .headers = {}, .body = {}, .asks = true}, std::chrono::seconds{30});
}

result<secret> token_in(const std::string& file) {
  auto token = host::read_document(file);
  if (!token) return token.error();
  while (!token->empty() && (token->back() == '\n' || token->back() == '\r' || token->back() == ' ')) token->pop_back();
  if (token->empty() || token->size() > 4096 || token->find_first_of("\r\n") != std::string::npos) {
    problem p = said({"须为一行令牌", "it must hold the token on one line"});
    p.file = file;
    return p;
  }
  return secret(std::move(*token));
}

}  // namespace changtong
