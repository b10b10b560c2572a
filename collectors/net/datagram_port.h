#pragma once
/** One datagram socket for thousands of peers: packets go out and come in by the batch, without allocation.
 *
 * Use: write into next(), push(), and flush() when full() or done; receive() until it returns fewer than `batch`.
 * Arrivals carry the kernel's receive time, turned monotonic. Spans are valid until the next call. Never blocks, but
 * for at most 2 ms a flush when the send buffer is full. One thread. */
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "collectors/net/failure.h"
#include "collectors/net/owned_fd.h"
#include "collectors/net/socket_address.h"
#include "collectors/net/syscalls.h"
#include "daemon/core/address.h"
#include "daemon/core/instant.h"

namespace changtong::net {

struct arrival {
  std::span<const std::uint8_t> bytes;
  ip_address from;
  std::uint16_t port = 0;
  mono_t at;
  std::size_t whole = 0;   ///< its length as it came
  bool oversized = false;  ///< longer than any answer we take; `bytes` is its beginning
};

/** What became of a pushed packet. */
struct departure {
  std::uint32_t tag = 0;
  int error = 0;  ///< errno of our own system call, 0 = left
  mono_t sent;    ///< just before the system call
};

/** The network refused a packet of ours; from the socket's error queue. */
struct rejection {
  std::array<std::uint8_t, 160> bytes{};  ///< our packet's beginning, as far as it was quoted
  std::size_t length = 0;
  ip_address to;
  std::uint16_t port = 0;
  std::optional<ip_address> by;  ///< who refused it, where an ICMP message said so
  bool from_icmp = false;        ///< `type` and `code` hold; otherwise `error` is an errno of our own stack
  std::uint8_t type = 0, code = 0;
  int error = 0;
};

class datagram_port {
 public:
  static constexpr std::size_t batch = 64;

  struct sizes {
    std::size_t send, receive;
  };
  explicit datagram_port(const syscalls& calls, sizes longest);
  ~datagram_port();

  /** Opens non-blocking with receive time stamps, large buffers and, if asked, an error queue. 0 or errno. */
  int open(bool v6, int type, int protocol, bool error_queue);
  void close() { fd_ = owned_fd(); }
  [[nodiscard]] bool is_open() const { return static_cast<bool>(fd_); }
  [[nodiscard]] int native() const { return fd_.get(); }

  [[nodiscard]] std::uint8_t* next();
  void push(const ip_address& to, std::uint16_t port, std::size_t length, std::uint32_t tag);
  [[nodiscard]] bool full() const { return staged_ == batch; }
  /** Sends what was pushed; one departure for each, in the order of pushing. */
  [[nodiscard]] std::span<const departure> flush();

  [[nodiscard]] std::span<const arrival> receive();
  /** Empties the error queue (at most 1,024 at a time). */
  [[nodiscard]] std::span<const rejection> rejections();

 private:
  struct buffers;
  static constexpr std::size_t always_fits = 1200;  ///< bytes; below every MTU that we meet
  void set_path_mtu_discovery(int how);
  bool resend_after(int error, int& waits, int& excuses);
  void collect_rejections();

  const syscalls& calls_;
  sizes longest_;
  owned_fd fd_;
  bool error_queue_ = false;
  bool small_only_ = false;  ///< nothing longer than always_fits has been pushed
  std::size_t staged_ = 0;
  std::unique_ptr<buffers> b_;
  std::vector<rejection> rejections_, handed_out_;
};

/** Whose fault a rejection is; cause::none where it says nothing about the target (path MTU). */
[[nodiscard]] failure failure_of_rejection(const rejection& r, bool v6);

/** As large as this host allows; logs once a process if that is less than the 4 MiB which a large district needs. */
void grow_buffers(int fd);

}  // namespace changtong::net
