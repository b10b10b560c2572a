#include "daemon/run/seal_post.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <charconv>

#include "changtong_version.h"
#include "collectors/net/trust.h"
#include "daemon/core/log.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/seal.h"

namespace changtong {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr milliseconds longest_retry = std::chrono::hours{1};

/** How many lines have been taken; nothing readable means none: a receiver may get a line twice. */
std::size_t posted_before(const std::string& file) {
  const auto text = host::read_plain_file(file, 64);
  std::size_t count = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), count);
  return count;
}

http::request<http::string_body> request_of(const seal_post_options& o, const std::string& line) {
  http::request<http::string_body> r(http::verb::post, o.to.target, 11);
  r.set(http::field::host, wire::host_header(o.to));
  r.set(http::field::user_agent, "changtong/" CHANGTONG_VERSION);
  r.set(http::field::content_type, "application/json");
  r.set(http::field::connection, "close");
  if (!o.token.empty()) r.set(http::field::authorization, "Bearer " + o.token.reveal());
  r.body() = line;
  r.prepare_payload();
  return r;
}

/** Sends and reads the status. What goes wrong is thrown as boost::system::system_error. */
template <class Stream>
asio::awaitable<unsigned> exchange(Stream& stream, const http::request<http::string_body>& request) {
  co_await http::async_write(stream, request, asio::use_awaitable);
  beast::flat_buffer buffer(64 << 10);
  http::response_parser<http::string_body> answer;
  answer.header_limit(16 << 10);
  co_await http::async_read_header(stream, buffer, answer, asio::use_awaitable);
  co_return answer.get().result_int();
}

asio::awaitable<unsigned> visit(const seal_post_options& o, const http::request<http::string_body>& request,
                                asio::ssl::context& tls) {
  const auto executor = co_await asio::this_coro::executor;
  asio::ip::tcp::resolver resolver(executor);
  const auto found = co_await resolver.async_resolve(o.to.host, std::to_string(o.to.port), asio::use_awaitable);
  beast::ssl_stream<beast::tcp_stream> stream(executor, tls);
  beast::tcp_stream& socket = beast::get_lowest_layer(stream);
  socket.expires_after(o.timeout);
  co_await socket.async_connect(found, asio::use_awaitable);
  if (!o.to.tls) co_return co_await exchange(socket, request);
  stream.set_verify_callback(asio::ssl::host_name_verification(o.to.host));
  SSL_set_tlsext_host_name(stream.native_handle(), o.to.host.c_str());
  co_await stream.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
  co_return co_await exchange(stream, request);
}

}  // namespace

seal_post::seal_post(seal_post_options o, daemon_counters& counters)
    : options_(std::move(o)),
      counters_(counters),
      thread_([this](const std::stop_token& stop) { return round(stop); }) {}

host::background::pause seal_post::round(const std::stop_token& stop) {
  const auto done = post_all(stop);
  if (stop.stop_requested()) return {};
  if (done) {
    if (retry_ > milliseconds{0}) log::info("封存已补发 / the seals have been posted after all");
    retry_ = milliseconds{0};
    return {};
  }
  counters_.seal_post_failures.fetch_add(1, std::memory_order_relaxed);
  if (retry_ == milliseconds{0})
    log::error("封存发不到 seal.url，稍后再发 / a seal could not be posted and will be tried again: {}",
               done.error().text);
  retry_ = retry_ == milliseconds{0} ? options_.first_retry : std::min(2 * retry_, longest_retry);
  return {retry_, retry_};
}

result<void> seal_post::post_all(const std::stop_token& stop) {
  if (!host::plain_file_exists(options_.seals_file)) return {};
  const auto text = host::read_plain_file(options_.seals_file, ledger::most_seals_file_bytes);
  if (!text) return text.error();
  // Only whole lines: the last may still be under way.
  const auto lines = ledger::lines_in(std::string_view(*text).substr(0, text->rfind('\n') + 1));
  std::size_t posted = posted_before(options_.posted_file);
  if (posted > lines.size()) posted = 0;  // the file was begun anew
  for (; posted < lines.size(); ++posted) {
    if (const auto done = post(lines[posted], stop); !done) return done.error();
    if (const auto noted = host::replace_plain_file(options_.posted_file, std::to_string(posted + 1) + "\n", 0640);
        !noted)
      return problem{.text = noted.error().text, .file = options_.posted_file};
  }
  return {};
}

result<void> seal_post::post(const std::string& line, const std::stop_token& stop) {
  net::trust trust;
  const auto tls = trust.context_for(options_.ca_file);
  if (!tls && options_.to.tls) return tls.error();
  asio::ssl::context none(asio::ssl::context::tls_client);
  asio::io_context io{1};
  const std::stop_callback ended(stop, [&io] { io.stop(); });
  unsigned status = 0;
  std::string failed = "no answer in time";
  const auto request = request_of(options_, line);
  asio::co_spawn(io, visit(options_, request, tls ? **tls : none), [&](const std::exception_ptr& e, unsigned answered) {
    status = answered;
    try {
      if (e) std::rethrow_exception(e);
    } catch (const std::exception& why) {
      failed = why.what();
    }
  });
  io.run_for(2 * options_.timeout);  // resolving has no timeout of its own
  if (status >= 200 && status <= 299) return {};
  return problem{.text = status != 0 ? fmt::format("HTTP status {}", status) : failed};
}

}  // namespace changtong
