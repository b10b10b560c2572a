#include "daemon/cli/api_client.h"

#include <algorithm>

#include "daemon/host/plain_file.h"
#include "daemon/publish/http/post.h"

namespace changtong {
namespace {

constexpr std::uint64_t most_body = 16 * 1024 * 1024;

}  // namespace
result<api_address> parse_api_url(const std::string& url) {
  const problem bad = said("--api: 须为 http://主机:端口", "write http://HOST:PORT, such as http://127.0.0.1:8080",
                           problem_class::usage);
  constexpr std::string_view scheme = "http://";
  if (url.starts_with("https://"))
    return said("--api: 守护进程只用 http；请在本机或经隧道访问",
                "the daemon speaks plain http: ask it on this host or through a tunnel", problem_class::usage);
  if (!url.starts_with(scheme)) return bad;
  std::string_view rest = std::string_view(url).substr(scheme.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.empty() || rest.find_first_of("/?#@ ") != std::string_view::npos) return bad;
  api_address out{.host = {}, .port = "80"};
  if (rest.starts_with('[')) {
    const std::size_t close = rest.find(']');
    if (close == std::string_view::npos) return bad;
    out.host = rest.substr(1, close - 1);
    rest.remove_prefix(close + 1);
  } else {
    const std::size_t colon = std::min(rest.find(':'), rest.size());
    out.host = rest.substr(0, colon);
    rest.remove_prefix(colon);
  }
  if (!rest.empty()) {
    if (rest.size() < 2 || rest.size() > 6 || rest[0] != ':' ||
        !std::ranges::all_of(rest.substr(1), [](char c) { return c >= '0' && c <= '9'; }))
      return bad;
    out.port = rest.substr(1);
  }
  if (out.host.empty()) return bad;
  return out;
}

result<api_answer> api_post(const std::string& url, const secret& token, const std::string& path,
                            const std::string& body, milliseconds patience) {
  const auto to = parse_api_url(url);
  if (!to) return to.error();
  const std::string host = to->host.find(':') != std::string::npos ? "[" + to->host + "]" : to->host;
  const http::post_request request{.host = to->host,
                                   .port = to->port,
                                   .host_header = host + ":" + to->port,
                                   .target = path,
                                   .token = token,
                                   .body = body,
                                   .patience = patience,
                                   .most_body = most_body};
  auto answer = http::post(request, nullptr, {});
  if (!answer) return problem{"无法访问 / cannot reach " + url + ": " + answer.error().text};
  return api_answer{.status = static_cast<int>(answer->status), .body = std::move(answer->body)};
}

result<secret> token_in(const std::string& file) {
  auto token = host::read_document(file);
  if (!token) return token.error();
  while (!token->empty() && (token->back() == '\n' || token->back() == '\r' || token->back() == ' ')) token->pop_back();
  if (token->empty() || token->size() > 4096 || token->find_first_of("\r\n") != std::string::npos)
    return problem{.text = "须为一行令牌 / it must hold the token on one line", .file = file};
  return secret(std::move(*token));
}

}  // namespace changtong
