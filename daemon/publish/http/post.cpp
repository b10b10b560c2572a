#include "daemon/publish/http/post.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include "changtong_version.h"
#include "daemon/core/phrase.h"

namespace changtong::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using message = beast::http::request<beast::http::string_body>;

constexpr std::size_t most_buffered = 64 << 10;
constexpr std::uint32_t most_header = 16 << 10;

message message_of(const post_request& r) {
  using beast::http::field;
  message m(beast::http::verb::post, r.target, 11);
  m.set(field::host, r.host_header);
  m.set(field::user_agent, "changtong/" CHANGTONG_VERSION);
  m.set(field::content_type, "application/json");
  m.set(field::connection, "close");
  if (!r.token.empty()) m.set(field::authorization, "Bearer " + r.token.reveal());
  m.body() = r.body;
  m.prepare_payload();
  return m;
}

/** Sends and reads. What goes wrong is thrown as boost::system::system_error. */
template <class Stream>
asio::awaitable<post_answer> exchange(Stream& stream, const message& m, std::uint64_t most_body) {
  co_await beast::http::async_write(stream, m, asio::use_awaitable);
  beast::flat_buffer buffer(most_buffered);
  beast::http::response_parser<beast::http::string_body> answer;
  answer.header_limit(most_header);
  answer.body_limit(most_body > 0 ? boost::optional<std::uint64_t>(most_body) : boost::none);
  co_await beast::http::async_read_header(stream, buffer, answer, asio::use_awaitable);
  if (most_body > 0) co_await beast::http::async_read(stream, buffer, answer, asio::use_awaitable);
  co_return post_answer{.status = answer.get().result_int(), .body = std::move(answer.get().body())};
}

asio::awaitable<post_answer> visit(const post_request& r, const message& m, asio::ssl::context& tls, bool encrypted) {
  const auto executor = co_await asio::this_coro::executor;
  asio::ip::tcp::resolver resolver(executor);
  const auto found = co_await resolver.async_resolve(r.host, r.port, asio::use_awaitable);
  beast::ssl_stream<beast::tcp_stream> stream(executor, tls);
  beast::tcp_stream& socket = beast::get_lowest_layer(stream);
  socket.expires_after(r.patience);
  co_await socket.async_connect(found, asio::use_awaitable);
  if (!encrypted) co_return co_await exchange(socket, m, r.most_body);
  stream.set_verify_callback(asio::ssl::host_name_verification(r.host));
  SSL_set_tlsext_host_name(stream.native_handle(), r.host.c_str());
  co_await stream.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
  co_return co_await exchange(stream, m, r.most_body);
}

std::string words_of(const std::exception_ptr& failed) {
  try {
    std::rethrow_exception(failed);
  } catch (const boost::system::system_error& e) {
    return e.code().message();
  } catch (const std::exception& e) {
    return e.what();
  }
}

}  // namespace

result<post_answer> post(const post_request& request, asio::ssl::context* tls, const std::stop_token& stop) {
  const message m = message_of(request);
  asio::ssl::context nobody(asio::ssl::context::tls_client);
  result<post_answer> out = said({"限时内没有应答", "no answer in time"});
  asio::io_context io{1};
  const std::stop_callback ended(stop, [&io] { io.stop(); });
  asio::co_spawn(io, visit(request, m, tls != nullptr ? *tls : nobody, tls != nullptr),
                 [&](const std::exception_ptr& failed, post_answer answer) {
                   if (failed)
                     out = problem{words_of(failed)};
                   else
                     out = std::move(answer);
                 });
  io.run_for(2 * request.patience);
  return out;
}

}  // namespace changtong::http
