#pragma once
/** A small web server on loopback, in a thread of its own, plain or TLS, whose every answer is the test's bytes. */
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <string>
#include <thread>

namespace changtong::test {

class web_peer {
 public:
  using answer_to = std::function<std::string(const std::string& request)>;

  /** `tls` may be null. An empty answer closes the connection without a word. */
  explicit web_peer(answer_to how, boost::asio::ssl::context* tls = nullptr, const char* address = "127.0.0.1")
      : how_(std::move(how)),
        tls_(tls),
        acceptor_(io_, {boost::asio::ip::make_address(address), 0}),
        port_(acceptor_.local_endpoint().port()),
        thread_([this] { serve(); }) {}
  ~web_peer() {
    over_ = true;
    boost::system::error_code ignored;
    boost::asio::ip::tcp::socket wake(io_);
    wake.connect(acceptor_.local_endpoint(), ignored);
    thread_.join();
  }
  /** Answers before it is asked, as servers of other protocols do. Set before the first visit. */
  std::atomic<bool> speaks_first{false};
  [[nodiscard]] std::string port() const { return std::to_string(port_); }

  static std::string ok(const std::string& body, const std::string& headers = "") {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
  }
  static std::string moved(const std::string& where) {
    return "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + where + "\r\n\r\n";
  }

 private:
  void serve() {
    while (!over_) {
      boost::system::error_code error;
      boost::asio::ip::tcp::socket s(io_);
      acceptor_.accept(s, error);
      if (error || over_) continue;
      if (tls_ == nullptr) {
        converse(s);
        continue;
      }
      boost::asio::ssl::stream<boost::asio::ip::tcp::socket&> stream(s, *tls_);
      stream.handshake(boost::asio::ssl::stream_base::server, error);
      if (!error) converse(stream);
    }
  }
  template <class Stream>
  void converse(Stream& s) {
    boost::system::error_code error;
    boost::asio::streambuf request;
    if (!speaks_first) boost::asio::read_until(s, request, "\r\n\r\n", error);
    if (error) return;
    const auto bytes = request.data();
    const std::string answer = how_({boost::asio::buffers_begin(bytes), boost::asio::buffers_end(bytes)});
    boost::asio::write(s, boost::asio::buffer(answer), error);
  }

  answer_to how_;
  boost::asio::ssl::context* tls_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

}  // namespace changtong::test
