#pragma once
/** A raw TCP client: tests say exactly which bytes go out, when, and what came back. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace changtong::http {

class raw_client {
 public:
  /** `from`: an address of loopback. */
  explicit raw_client(std::uint16_t port, const char* from = "127.0.0.1")
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in own{};
    own.sin_family = AF_INET;
    ::inet_pton(AF_INET, from, &own.sin_addr);
    // NOLINTNEXTLINE: the socket API wants it
    if (std::string_view(from) != "127.0.0.1") ::bind(fd_, reinterpret_cast<const sockaddr*>(&own), sizeof own);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // NOLINTNEXTLINE: the socket API wants it
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }
  ~raw_client() { ::close(fd_); }
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  void finish_sending() { ::shutdown(fd_, SHUT_WR); }

  /** One piece of what arrives within half a minute; empty at the end or when nothing comes. */
  std::string piece() {
    pollfd one{fd_, POLLIN, 0};
    if (::poll(&one, 1, 30'000) <= 0) return {};
    std::string out(64 * 1024, '\0');
    const auto n = ::recv(fd_, out.data(), out.size(), 0);
    closed_ = n <= 0;
    out.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return out;
  }
  /** Whether nothing comes, not even the end, for so long. */
  [[nodiscard]] bool quiet_for(std::chrono::milliseconds time) const {
    pollfd one{fd_, POLLIN, 0};
    return ::poll(&one, 1, static_cast<int>(time.count())) == 0;
  }
  /** Everything until the server closes. */
  std::string rest() {
    std::string out = std::move(pending_);
    pending_.clear();
    for (std::string p = piece(); !p.empty(); p = piece()) out += p;
    return out;
  }
  /** Up to and with `mark`; what follows stays for the next call. */
  std::string until(std::string_view mark) {
    std::size_t at = 0;
    while ((at = pending_.find(mark)) == std::string::npos) {
      const std::string p = piece();
      if (p.empty()) return std::exchange(pending_, {});
      pending_ += p;
    }
    std::string out = pending_.substr(0, at + mark.size());
    pending_.erase(0, at + mark.size());
    return out;
  }
  /** True once the server has closed its side. */
  [[nodiscard]] bool closed() const { return closed_; }

 private:
  int fd_;
  bool connected_ = false;
  bool closed_ = false;
  std::string pending_;
};

}  // namespace changtong::http
