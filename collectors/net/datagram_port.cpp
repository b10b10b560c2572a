#include "collectors/net/datagram_port.h"

#include <linux/errqueue.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <poll.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>

#include "collectors/net/clock.h"
#include "collectors/wire/icmp.h"
#include "daemon/core/log.h"

namespace changtong::net {
namespace {

constexpr std::size_t control_size = 256;
constexpr std::size_t most_rejections = 1024;
constexpr int wanted_buffer = 16 << 20, enough_buffer = 4 << 20;

template <class T>
T value_of(const cmsghdr* c) {
  T v;
  std::memcpy(&v, CMSG_DATA(c), sizeof v);
  return v;
}

/** The address that stands behind an error in its control message. */
std::optional<ip_address> offender_of(const cmsghdr* c) {
  const std::size_t behind = sizeof(sock_extended_err);
  const std::size_t there = c->cmsg_len - CMSG_LEN(0);
  socket_address from{};
  if (there < behind + sizeof(sockaddr_in)) return std::nullopt;
  std::memcpy(&from, CMSG_DATA(c) + behind, std::min(there - behind, sizeof from));
  ip_address address;
  std::uint16_t port = 0;
  read_socket_address(from, address, port);
  return address;
}

}  // namespace

/** All memory of a port, allocated once. */
struct datagram_port::buffers {
  std::vector<std::uint8_t> out, in, control;
  std::array<mmsghdr, batch> out_headers{}, in_headers{};
  std::array<iovec, batch> out_parts{}, in_parts{};
  std::array<socket_address, batch> to{}, from{};
  std::array<departure, batch> departures{};
  std::array<arrival, batch> arrivals{};

  explicit buffers(sizes longest)
      : out(batch * longest.send), in(batch * longest.receive), control(batch * control_size) {
    for (std::size_t i = 0; i < batch; ++i) {
      out_parts[i] = {out.data() + i * longest.send, 0};
      in_parts[i] = {in.data() + i * longest.receive, longest.receive};
      out_headers[i].msg_hdr.msg_iov = &out_parts[i];
      out_headers[i].msg_hdr.msg_iovlen = 1;
      out_headers[i].msg_hdr.msg_name = &to[i];
      in_headers[i].msg_hdr.msg_iov = &in_parts[i];
      in_headers[i].msg_hdr.msg_iovlen = 1;
      in_headers[i].msg_hdr.msg_name = &from[i];
      in_headers[i].msg_hdr.msg_control = control.data() + i * control_size;
    }
  }
  /** The kernel writes into these lengths: set them before every receive. */
  void ready_to_receive() {
    for (auto& h : in_headers) {
      h.msg_hdr.msg_namelen = sizeof(socket_address);
      h.msg_hdr.msg_controllen = control_size;
    }
  }
};

void grow_buffers(int fd) {
  for (const auto [forced, plain] : {std::pair{SO_RCVBUFFORCE, SO_RCVBUF}, std::pair{SO_SNDBUFFORCE, SO_SNDBUF}})
    if (::setsockopt(fd, SOL_SOCKET, forced, &wanted_buffer, sizeof wanted_buffer) != 0)
      ::setsockopt(fd, SOL_SOCKET, plain, &wanted_buffer, sizeof wanted_buffer);
  int got = 0;
  socklen_t length = sizeof got;
  ::getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &got, &length);
  static bool warned = false;  // sockets are opened on the probe thread only
  if (got < enough_buffer && !warned) {
    warned = true;
    log::warn(
        "probe sockets get a receive buffer of {} KiB only; answers of large bursts may be lost. "
        "Set net.core.rmem_max to {} or give CAP_NET_ADMIN.",
        got / 1024, wanted_buffer);
  }
}

failure failure_of_rejection(const rejection& r, bool v6) {
  if (!r.from_icmp) return failure_of(r.error, stage::call);
  return {outcome::bad, v6 ? wire::cause_of_icmp6(r.type, r.code) : wire::cause_of_icmp4(r.type, r.code)};
}

datagram_port::datagram_port(const syscalls& calls, sizes longest) : calls_(calls), longest_(longest) {}
datagram_port::~datagram_port() = default;

int datagram_port::open(bool v6, int type, int protocol, bool error_queue) {
  owned_fd fd(calls_.socket(v6 ? AF_INET6 : AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol));
  if (!fd) return errno;
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  if (v6) ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (error_queue)
    ::setsockopt(fd.get(), v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_RECVERR : IP_RECVERR, &on, sizeof on);
  grow_buffers(fd.get());
  error_queue_ = error_queue;
  small_only_ = !v6;
  if (!b_) b_ = std::make_unique<buffers>(longest_);
  fd_ = std::move(fd);
  if (small_only_) set_path_mtu_discovery(IP_PMTUDISC_PROBE);
  return 0;
}

/** Packets that fit go out with "don't fragment" either way; but only where the kernel may never fragment does it save
 * choosing an identification for each (15 % of what a ping costs). Longer ones may be fragmented: then it must choose.
 */
void datagram_port::set_path_mtu_discovery(int how) {
  ::setsockopt(fd_.get(), IPPROTO_IP, IP_MTU_DISCOVER, &how, sizeof how);
}

std::uint8_t* datagram_port::next() {
  assert(!full());
  return static_cast<std::uint8_t*>(b_->out_parts[staged_].iov_base);
}

void datagram_port::push(const ip_address& to, std::uint16_t port, std::size_t length, std::uint32_t tag) {
  if (small_only_ && length > always_fits) {
    small_only_ = false;
    set_path_mtu_discovery(IP_PMTUDISC_WANT);
  }
  assert(length <= longest_.send);
  b_->out_headers[staged_].msg_hdr.msg_namelen = write_socket_address(b_->to[staged_], to, port);
  b_->out_parts[staged_].iov_len = length;
  b_->departures[staged_] = {tag, 0, {}};
  ++staged_;
}

/** True if the same packet may be tried again: the send buffer was full for a moment, or the error belonged to an
 * earlier packet (sockets with an error queue report those on the next call). */
bool datagram_port::resend_after(int error, int& waits, int& excuses) {
  if (error == EINTR) return true;
  if (error == EAGAIN) {
    if (waits-- <= 0) return false;
    pollfd room{fd_.get(), POLLOUT, 0};
    ::poll(&room, 1, 1);
    return true;
  }
  if (!error_queue_ || excuses-- <= 0) return false;
  collect_rejections();
  return true;
}

std::span<const departure> datagram_port::flush() {
  const std::size_t count = std::exchange(staged_, 0);
  int waits = 2, excuses = 3;
  for (std::size_t done = 0; done < count;) {
    const mono_t now = mono_now();
    const int sent = calls_.sendmmsg(fd_.get(), &b_->out_headers[done], static_cast<unsigned>(count - done), 0);
    if (sent > 0) {
      for (const std::size_t end = done + static_cast<std::size_t>(sent); done < end; ++done)
        b_->departures[done].sent = now;
      excuses = 3;
      continue;
    }
    const int error = sent == 0 ? EAGAIN : errno;
    if (resend_after(error, waits, excuses)) continue;
    b_->departures[done].sent = now;
    b_->departures[done++].error = error;
    excuses = 3;
  }
  return {b_->departures.data(), count};
}

std::span<const arrival> datagram_port::receive() {
  b_->ready_to_receive();
  int got = -1;
  for (int tries = 0; got < 0 && tries < 8; ++tries) {
    got = calls_.recvmmsg(fd_.get(), b_->in_headers.data(), batch, MSG_DONTWAIT | MSG_TRUNC, nullptr);
    if (got < 0 && (errno == EAGAIN || (errno != EINTR && !error_queue_))) break;
  }
  if (got <= 0) return {};
  const nanoseconds offset = wall_minus_mono();
  const mono_t now = mono_now();
  for (std::size_t i = 0; i < static_cast<std::size_t>(got); ++i) {
    msghdr& h = b_->in_headers[i].msg_hdr;
    arrival& a = b_->arrivals[i];
    a.whole = b_->in_headers[i].msg_len;  // by MSG_TRUNC the length that it had
    a.bytes = {static_cast<const std::uint8_t*>(b_->in_parts[i].iov_base), std::min(a.whole, longest_.receive)};
    a.oversized = (h.msg_flags & MSG_TRUNC) != 0;
    a.at = now;
    read_socket_address(b_->from[i], a.from, a.port);
    for (const cmsghdr* c = CMSG_FIRSTHDR(&h); c != nullptr; c = CMSG_NXTHDR(&h, const_cast<cmsghdr*>(c)))
      if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
        const auto t = value_of<timespec>(c);
        a.at = std::min(now, mono_t{nanoseconds{t.tv_sec * 1'000'000'000LL + t.tv_nsec} - offset});
      }
  }
  return {b_->arrivals.data(), static_cast<std::size_t>(got)};
}

void datagram_port::collect_rejections() {
  while (rejections_.size() < most_rejections) {
    b_->ready_to_receive();
    const int got = calls_.recvmmsg(fd_.get(), b_->in_headers.data(), batch, MSG_ERRQUEUE | MSG_DONTWAIT, nullptr);
    if (got <= 0) return;
    for (std::size_t i = 0; i < static_cast<std::size_t>(got); ++i) {
      msghdr& h = b_->in_headers[i].msg_hdr;
      rejection r;
      r.length = std::min<std::size_t>(b_->in_headers[i].msg_len, r.bytes.size());
      std::memcpy(r.bytes.data(), b_->in_parts[i].iov_base, r.length);
      read_socket_address(b_->from[i], r.to, r.port);
      bool known = false;
      for (const cmsghdr* c = CMSG_FIRSTHDR(&h); c != nullptr; c = CMSG_NXTHDR(&h, const_cast<cmsghdr*>(c))) {
        if (!(c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) &&
            !(c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR))
          continue;
        const auto e = value_of<sock_extended_err>(c);
        r.from_icmp = e.ee_origin == SO_EE_ORIGIN_ICMP || e.ee_origin == SO_EE_ORIGIN_ICMP6;
        r.type = e.ee_type;
        r.code = e.ee_code;
        r.error = static_cast<int>(e.ee_errno);
        if (r.from_icmp) r.by = offender_of(c);
        known = true;
      }
      if (known) rejections_.push_back(r);
    }
  }
}

std::span<const rejection> datagram_port::rejections() {
  handed_out_.clear();
  if (!error_queue_ || !fd_) return {};
  collect_rejections();
  std::swap(handed_out_, rejections_);
  return handed_out_;
}

}  // namespace changtong::net
