#pragma once
/** One connection: reads requests, has them answered, writes answers, one after the other. Included by server.cpp only.
 */
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>

#include "daemon/publish/http/dispatch.h"
#include "daemon/publish/http/server.h"

namespace changtong::http {

class session {
 public:
  /** `options`, `routes` and `stopping` outlive every session (the server joins its threads first). */
  session(boost::asio::ip::tcp::socket socket, const server_options& options, const dispatcher& routes,
          const std::atomic<bool>& stopping);

  /** Runs until the peer leaves, breaks the rules, is too slow, or the server stops. */
  boost::asio::awaitable<void> run();
  /** From any thread: closes the connection unless an answer is under way, which then is its last. */
  static void close_if_idle(const std::shared_ptr<session>& self);

 private:
  using incoming = boost::beast::http::request<boost::beast::http::string_body>;

  boost::asio::awaitable<bool> read(incoming& request);
  boost::asio::awaitable<bool> write(const incoming& request, web_response response);
  boost::asio::awaitable<bool> write_whole(const incoming& request, web_response response, bool keep);
  boost::asio::awaitable<bool> write_stream(const incoming& request, web_response response, bool keep);
  boost::asio::awaitable<void> refuse(boost::system::error_code why);
  boost::asio::awaitable<void> linger();

  boost::beast::tcp_stream stream_;
  std::string peer_;  ///< its address; empty where it has left already
  boost::beast::flat_buffer buffer_{64 * 1024};
  const server_options& options_;
  const dispatcher& routes_;
  const std::atomic<bool>& stopping_;
  bool busy_ = false;  ///< on the strand only: an answer is under way
};

}  // namespace changtong::http
