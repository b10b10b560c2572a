#pragma once
/** Receivers on loopback whose every word is the test's: one that accepts and is silent, one that speaks raw bytes, a
 * mail server that can stop answering anywhere. */
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace changtong::test {

using boost::asio::ip::tcp;

/** What a peer's thread writes and the test reads. */
class noted {
 public:
  void operator=(std::string text) {
    const std::lock_guard lock(mutex_);
    text_ = std::move(text);
  }
  [[nodiscard]] std::string text() {
    const std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  std::mutex mutex_;
  std::string text_;
};

/** Each visitor is given to `converse` on a thread of its own; the socket is shut when this goes. */
class tcp_peer {
 public:
  using conversation = std::function<void(tcp::socket&)>;
  explicit tcp_peer(conversation converse)
      : converse_(std::move(converse)),
        acceptor_(io_, {boost::asio::ip::make_address("127.0.0.1"), 0}),
        port_(acceptor_.local_endpoint().port()),
        thread_([this] { serve(); }) {}
  ~tcp_peer() {
    over_ = true;
    boost::system::error_code ignored;
    tcp::socket wake(io_);
    wake.connect(acceptor_.local_endpoint(), ignored);
    thread_.join();
    {
      const std::scoped_lock lock(mutex_, closes());
      for (tcp::socket& s : visitors_) s.shutdown(tcp::socket::shutdown_both, ignored);
    }
    for (std::thread& t : threads_) t.join();
  }
  [[nodiscard]] std::string port() const { return std::to_string(port_); }
  [[nodiscard]] std::string at(const std::string& scheme, const std::string& rest = "") const {
    return scheme + "://127.0.0.1:" + port() + rest;
  }
  [[nodiscard]] int visits() const { return visits_; }

  /** Hangs up so that what the other side still writes is an error. */
  static void reset(tcp::socket& s) {
    const std::lock_guard lock(closes());
    s.set_option(boost::asio::socket_base::linger(true, 0));
    s.close();
  }
  /** To the end of the conversation, whoever makes it. */
  static void be_silent(tcp::socket& s) {
    boost::system::error_code gone;
    std::string ignored(4096, ' ');
    while (!gone) s.read_some(boost::asio::buffer(ignored), gone);
  }

 private:
  static std::mutex& closes() {
    static std::mutex one;
    return one;
  }
  void serve() {
    while (!over_) {
      boost::system::error_code error;
      tcp::socket s(io_);
      acceptor_.accept(s, error);
      if (error || over_) continue;
      ++visits_;
      const std::lock_guard lock(mutex_);
      tcp::socket& kept = visitors_.emplace_back(std::move(s));
      threads_.emplace_back([this, &kept] {
        converse_(kept);
        boost::system::error_code ignored;
        kept.shutdown(tcp::socket::shutdown_both, ignored);
      });
    }
  }

  conversation converse_;
  boost::asio::io_context io_;
  tcp::acceptor acceptor_;
  std::uint16_t port_;
  std::atomic<bool> over_{false};
  std::atomic<int> visits_{0};
  std::mutex mutex_;
  std::list<tcp::socket> visitors_;
  std::list<std::thread> threads_;
  std::thread thread_;
};

/** SMTP as far as it goes: EHLO, STARTTLS, AUTH PLAIN, MAIL, RCPT, DATA, QUIT. What it answers to a command can be set;
 * "" means that it is silent from there on. */
class mail_peer {
 public:
  struct behaviour {
    boost::asio::ssl::context* tls = nullptr;  ///< STARTTLS is offered, or all of it is TLS
    bool tls_from_the_start = false;
    bool login = false;
    std::string to_login = "235 2.7.0 ok", to_receiver = "250 2.1.5 ok", to_second_receiver = "250 2.1.5 ok";
    std::string to_body = "250 2.0.0 queued as 4711", to_farewell = "221 2.0.0 bye";
  };
  explicit mail_peer(behaviour b) : how_(std::move(b)), door_([this](tcp::socket& s) { converse(s); }) {}

  [[nodiscard]] std::string at(const std::string& scheme) const { return door_.at(scheme); }
  /** Lines of the client; one that came by TLS has a "!" before it. */
  std::vector<std::string> lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  std::string body() {
    const std::lock_guard lock(mutex_);
    return body_;
  }

 private:
  template <class Stream>
  std::string line(Stream& s, boost::asio::streambuf& in, bool encrypted) {
    boost::asio::read_until(s, in, "\r\n");
    std::istream text(&in);
    std::string one;
    std::getline(text, one);
    if (!one.empty()) one.pop_back();
    const std::lock_guard lock(mutex_);
    lines_.push_back((encrypted ? "!" : "") + one);
    return one;
  }
  template <class Stream>
  void say(Stream& s, const std::string& reply, tcp::socket& below) {
    if (reply.empty()) {
      tcp_peer::be_silent(below);
      throw std::runtime_error("silent");
    }
    boost::asio::write(s, boost::asio::buffer(reply + "\r\n"));
  }
  void converse(tcp::socket& s) try {
    if (how_.tls != nullptr && how_.tls_from_the_start) return encrypted(s, true);
    boost::asio::streambuf in;
    if (!talk(s, in, false, true, s)) encrypted(s, false);
  } catch (const std::exception&) {  // the client has gone
  }
  void encrypted(tcp::socket& s, bool greet) {
    boost::asio::ssl::stream<tcp::socket&> stream(s, *how_.tls);
    stream.handshake(boost::asio::ssl::stream_base::server);
    boost::asio::streambuf in;
    talk(stream, in, true, greet, s);
  }
  /** False: TLS begins now. */
  template <class Stream>
  bool talk(Stream& s, boost::asio::streambuf& in, bool tls, bool greet, tcp::socket& below) {
    if (greet) say(s, "220 mail.test ESMTP", below);
    int receivers = 0;
    for (;;) {
      const std::string command = line(s, in, tls);
      if (command.starts_with("EHLO")) {
        std::string offers = "250-mail.test\r\n250-8BITMIME";
        if (how_.tls != nullptr && !tls) offers += "\r\n250-STARTTLS";
        if (how_.login) offers += "\r\n250-AUTH PLAIN";
        say(s, offers + "\r\n250 SIZE 1000000", below);
      } else if (command == "STARTTLS") {
        say(s, "220 go ahead", below);
        return false;
      } else if (command.starts_with("AUTH")) {
        if (command == "AUTH PLAIN") {
          say(s, "334 ", below);
          line(s, in, tls);
        }
        say(s, how_.to_login, below);
      } else if (command.starts_with("RCPT")) {
        say(s, ++receivers == 1 ? how_.to_receiver : how_.to_second_receiver, below);
      } else if (command == "DATA") {
        say(s, "354 go on", below);
        read_body(s, in);
        say(s, how_.to_body, below);
      } else if (command == "QUIT") {
        say(s, how_.to_farewell, below);
        return true;
      } else {
        say(s, "250 ok", below);
      }
    }
  }
  template <class Stream>
  void read_body(Stream& s, boost::asio::streambuf& in) {
    const std::size_t size = boost::asio::read_until(s, in, "\r\n.\r\n");
    std::string all(size, ' ');
    std::istream(&in).read(all.data(), static_cast<std::streamsize>(size));
    const std::lock_guard lock(mutex_);
    body_ = all;
  }

  behaviour how_;
  std::mutex mutex_;
  std::vector<std::string> lines_;
  std::string body_;
  tcp_peer door_;
};

}  // namespace changtong::test
