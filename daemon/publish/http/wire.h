#pragma once
/** A connection's bytes, in clear or inside TLS: what Asio and Beast read from and write to. Writes end at the deadline
 * that was set; a read waits until its socket is cancelled. */
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <optional>
#include <utility>

#include "daemon/core/instant.h"
#include "daemon/publish/http/tls.h"

namespace changtong::http {

class wire {
 public:
  using executor_type = boost::beast::tcp_stream::executor_type;

  /** `tls` null: in clear. */
  wire(boost::asio::ip::tcp::socket socket, tls_context tls) : plain_(std::move(socket)), context_(std::move(tls)) {
    if (context_) inside_.emplace(plain_, *context_);
  }

  [[nodiscard]] executor_type get_executor() { return plain_.get_executor(); }
  [[nodiscard]] boost::asio::ip::tcp::socket& socket() { return plain_.socket(); }
  [[nodiscard]] bool tls() const { return inside_.has_value(); }
  /** After the handshake. */
  [[nodiscard]] std::vector<std::string> names_of_client() {
    return inside_ ? http::names_of_client(inside_->native_handle()) : std::vector<std::string>{};
  }
  void expires_at(mono_t when) { plain_.expires_at(when); }
  void expires_never() { plain_.expires_never(); }
  void close() { plain_.close(); }

  /** Only of a connection with TLS. */
  template <class Token>
  auto async_handshake(Token&& token) {
    return inside_->async_handshake(boost::asio::ssl::stream_base::server, std::forward<Token>(token));
  }
  template <class Token>
  auto async_farewell(Token&& token) {
    return inside_->async_shutdown(std::forward<Token>(token));
  }
  template <class Buffers, class Token>
  auto async_read_some(const Buffers& into, Token&& token) {
    if (inside_) return inside_->async_read_some(into, std::forward<Token>(token));
    return plain_.async_read_some(into, std::forward<Token>(token));
  }
  /** What comes, not decrypted: of who is not listened to any more. */
  template <class Buffers, class Token>
  auto async_read_raw(const Buffers& into, Token&& token) {
    return plain_.async_read_some(into, std::forward<Token>(token));
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& from, Token&& token) {
    if (inside_) return inside_->async_write_some(from, std::forward<Token>(token));
    return plain_.async_write_some(from, std::forward<Token>(token));
  }

 private:
  boost::beast::tcp_stream plain_;
  tls_context context_;  ///< outlives what was made of it
  std::optional<boost::asio::ssl::stream<boost::beast::tcp_stream&>> inside_;
};

}  // namespace changtong::http
