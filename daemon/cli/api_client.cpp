#include "daemon/cli/api_client.h"

#include <fmt/format.h>

#include <utility>

#include "daemon/core/phrase.h"
#include "daemon/core/url.h"
#include "daemon/host/plain_file.h"
#include "daemon/host/post.h"

namespace changtong {
namespace {

constexpr std::size_t most_body = 33 << 20;

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

/** What to do where a certificate does not hold. */
phrase remedy(const api_peer& peer) {
  if (peer.ca.empty())
    return {"；证书由单位自己的 CA 签发，或是自签的，请用 --ca 文件 写明所信任的证书",
            "; if it is of your own CA, or signed by itself, name whom to believe with --ca FILE"};
  return {"；请核对：--ca 的文件是签发这张证书的 CA，--api 的主机名写在证书里",
          "; --ca has to name the CA that signed it, and --api a host that stands in it"};
}

/** `path` and what goes there. */
result<api_answer> sent(const api_peer& peer, const std::string& path, host::http_post what, milliseconds patience) {
  const auto to = parse_api_url(peer.url);
  if (!to) return to.error();
  std::string host = to->host;
  if (const std::size_t zone = host.find('%'); zone != std::string::npos) host.replace(zone, 1, "%25");  // RFC 6874
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  what.url = secret((to->tls ? "https://" : "http://") + host + ":" + to->port + path);
  if (!peer.token.empty()) what.headers = {{"Authorization", secret("Bearer " + peer.token.reveal())}};
  auto answer = host::post({.what = std::move(what),
                            .ca_file = peer.ca,
                            .untrusted = remedy(peer),
                            .patience = patience,
                            .most_body = most_body},
                           {});
  if (!answer) return said(both("无法访问 {}：{}", "cannot reach {}: {}", peer.url, words_of(answer.error())));
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

result<api_peer> peer_at(const api_place& place) {
  const auto url = parse_api_url(place.url);
  if (!url) return url.error();
  if (!place.ca.empty() && !url->tls)
    return said("--ca 只与 --api https://… 同用", "--ca goes with --api https://…", problem_class::usage);
  api_peer out{.url = place.url, .ca = place.ca};
  if (place.token_file.empty()) return out;
  auto token = token_in(place.token_file);
  if (!token) return token.error();
  out.token = std::move(*token);
  return out;
}

result<api_answer> api_post(const api_peer& to, const std::string& path, const std::string& body,
                            milliseconds patience) {
  return sent(to, path, {.url = {}, .headers = {}, .body = body}, patience);
}

result<api_answer> api_get(const api_peer& to, std::string path,
                           const std::vector<std::pair<std::string, std::string>>& parameters, milliseconds patience) {
  char between = '?';
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    path += std::exchange(between, '&') + escaped(name) + "=" + escaped(value);
  }
  return sent(to, path, {.url = {}, .headers = {}, .body = {}, .asks = true}, patience);
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
