#include "daemon/cli/api_client.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace changtong {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::uint64_t most_body = 16 * 1024 * 1024;

http::request<http::string_body> request_of(const api_address& to, const secret& token, const std::string& path,
                                            const std::string& body) {
  http::request<http::string_body> request(http::verb::post, path, 11);
  const bool v6 = to.host.find(':') != std::string::npos;
  request.set(http::field::host, (v6 ? "[" + to.host + "]" : to.host) + ":" + to.port);
  request.set(http::field::authorization, "Bearer " + token.reveal());
  request.set(http::field::content_type, "application/json");
  request.set(http::field::connection, "close");
  request.body() = body;
  request.prepare_payload();
  return request;
}

asio::awaitable<api_answer> exchange(api_address to, http::request<http::string_body> request, milliseconds patience) {
  const auto executor = co_await asio::this_coro::executor;
  asio::ip::tcp::resolver resolver(executor);
  const auto found = co_await resolver.async_resolve(to.host, to.port, asio::use_awaitable);
  beast::tcp_stream stream(executor);
  stream.expires_after(patience);
  co_await stream.async_connect(found, asio::use_awaitable);
  co_await http::async_write(stream, request, asio::use_awaitable);
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(most_body);
  co_await http::async_read(stream, buffer, parser, asio::use_awaitable);
  co_return api_answer{.status = static_cast<int>(parser.get().result_int()), .body = std::move(parser.get().body())};
}

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
  asio::io_context io{1};
  api_answer answer;
  std::exception_ptr failed;
  asio::co_spawn(io, exchange(*to, request_of(*to, token, path, body), patience),
                 [&](std::exception_ptr e, api_answer a) {
                   failed = e;
                   answer = std::move(a);
                 });
  io.run();
  if (!failed) return result<api_answer>(boost::system::in_place_value, std::move(answer));
  try {
    std::rethrow_exception(failed);
  } catch (const boost::system::system_error& e) {
    return problem{"无法访问 / cannot reach " + url + ": " + e.code().message()};
  }
}

}  // namespace changtong
