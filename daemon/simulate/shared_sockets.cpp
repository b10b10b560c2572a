// One UDP and one TCP socket for all lines, on the loopback device only: for more lines than there are descriptors.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstring>
#include <set>
#include <unordered_map>
#include <vector>

#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"
#include "daemon/simulate/agents.h"
#include "daemon/simulate/dice.h"
#include "daemon/simulate/socket_filter.h"

namespace changtong::simulate {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using error_code = boost::system::error_code;

/** A datagram with the address it was sent to, and the way back from that address. */
struct letter {
  std::array<std::uint8_t, 2048> bytes{};
  std::size_t size = 0;
  sockaddr_in from{};
  std::uint32_t to = 0;

  bool receive(int socket) {
    alignas(cmsghdr) std::array<char, 256> control{};
    iovec part{bytes.data(), bytes.size()};
    msghdr m{};
    m.msg_name = &from;
    m.msg_namelen = sizeof from;
    m.msg_iov = &part;
    m.msg_iovlen = 1;
    m.msg_control = control.data();
    m.msg_controllen = control.size();
    const ssize_t got = recvmsg(socket, &m, MSG_DONTWAIT);
    if (got < 0) return false;
    size = static_cast<std::size_t>(got);
    to = 0;
    for (cmsghdr* c = CMSG_FIRSTHDR(&m); c != nullptr; c = CMSG_NXTHDR(&m, c)) {
      if (c->cmsg_level != IPPROTO_IP || c->cmsg_type != IP_PKTINFO) continue;
      in_pktinfo about{};
      std::memcpy(&about, CMSG_DATA(c), sizeof about);
      to = ntohl(about.ipi_addr.s_addr);
    }
    return true;
  }
};

void reply(int socket, sockaddr_in to, std::uint32_t as, const std::uint8_t* bytes, std::size_t size) {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(in_pktinfo))> control{};
  iovec part{const_cast<std::uint8_t*>(bytes), size};
  msghdr m{};
  m.msg_name = &to;
  m.msg_namelen = sizeof to;
  m.msg_iov = &part;
  m.msg_iovlen = 1;
  m.msg_control = control.data();
  m.msg_controllen = control.size();
  cmsghdr* c = CMSG_FIRSTHDR(&m);
  c->cmsg_level = IPPROTO_IP;
  c->cmsg_type = IP_PKTINFO;
  c->cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
  in_pktinfo about{};
  about.ipi_spec_dst.s_addr = htonl(as);
  std::memcpy(CMSG_DATA(c), &about, sizeof about);
  sendmsg(socket, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/** Without this the wildcard address would be open to the network; so it is not optional. */
bool only_loopback(int socket) { return setsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, "lo", 2) == 0; }

class shared_sockets final : public agents {
 public:
  shared_sockets(asio::io_context& io, agent_world world)
      : io_(io), world_(std::move(world)), dice_(world_.where->seed), udp_(io), tcp_(io) {
    conditions_.resize(world_.lines.size());
    for (std::uint32_t n = 0; n < world_.lines.size(); ++n) by_address_[world_.where->lines[n].address] = n;
  }
  ~shared_sockets() override { *alive_ = false; }

  result<void> open() {
    error_code e;
    udp_.open(udp::v4(), e);
    if (!e) udp_.non_blocking(true, e);
    const int on = 1, room = 8 << 20;
    if (!e && (!only_loopback(udp_.native_handle()) ||
               setsockopt(udp_.native_handle(), IPPROTO_IP, IP_PKTINFO, &on, sizeof on) != 0))
      e = error_code(errno, boost::system::system_category());
    if (!e) setsockopt(udp_.native_handle(), SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    if (!e) udp_.bind({asio::ip::address_v4::any(), world_.where->ports.snmp}, e);
    if (!e) tcp_.open(tcp::v4(), e);
    if (!e && !only_loopback(tcp_.native_handle())) e = error_code(errno, boost::system::system_category());
    if (!e) tcp_.set_option(asio::socket_base::reuse_address(true), e);
    if (!e) tcp_.bind({asio::ip::address_v4::any(), world_.where->ports.tcp}, e);
    if (!e) tcp_.listen(4096, e);
    if (!e) tcp_.non_blocking(true, e);
    if (e)
      return said(both("lo:{}、lo:{}：{}", "lo:{}, lo:{}: {}", world_.where->ports.snmp, world_.where->ports.tcp,
                       system_words(e.value())));
    wait_for_question();
    wait_for_caller();
    return {};
  }

  result<void> set(std::uint32_t line, const line_condition& to) override {
    const std::uint32_t address = world_.where->lines[line].address;
    if (!to.snmp) answer_waiting();
    conditions_[line] = to;
    const bool changed = to.tcp ? silent_.erase(address) > 0 : silent_.insert(address).second;
    if (!changed) return {};
    const std::vector<std::uint32_t> all(silent_.begin(), silent_.end());
    if (all.empty())
      lose_nothing(tcp_.native_handle());
    else if (!lose_addresses(tcp_.native_handle(), all))
      return said({"内核不接受套接字过滤器", "the kernel refuses the filter of a socket"});
    return {};
  }

  void restart(std::uint32_t line) override { world_.restart(line); }
  std::string describe() const override {
    return "描述符不足，所有线路共用一个 UDP 和一个 TCP 套接字（只在 lo 上），断线时按目的地址丢弃（无应答而非拒绝）";
  }

 private:
  void wait_for_question() {
    udp_.async_wait(udp::socket::wait_read, [this, alive = alive_](const error_code& e) {
      if (e || !*alive) return;
      answer_waiting();
      wait_for_question();
    });
  }

  void answer_waiting() {
    for (int n = 0; n < 4096 && question_.receive(udp_.native_handle()); ++n) {
      const auto it = by_address_.find(question_.to);
      if (it == by_address_.end()) continue;
      const line_condition& now = conditions_[it->second];
      if (!now.snmp || (now.loss > 0 && dice_.share() < now.loss)) continue;
      const std::size_t length = world_.answer(it->second, {question_.bytes.data(), question_.size}, answer_);
      if (length == 0) continue;
      ++answered_;
      if (now.delay.count() == 0)
        reply(udp_.native_handle(), question_.from, question_.to, answer_.data(), length);
      else
        reply_later(now.delay, length);
    }
  }

  void reply_later(milliseconds delay, std::size_t length) {
    auto timer = std::make_shared<asio::steady_timer>(io_, delay);
    std::vector<std::uint8_t> bytes(answer_.begin(), answer_.begin() + static_cast<std::ptrdiff_t>(length));
    timer->async_wait([this, alive = alive_, timer, from = question_.from, as = question_.to,
                       bytes = std::move(bytes)](const error_code& e) {
      if (!e && *alive) reply(udp_.native_handle(), from, as, bytes.data(), bytes.size());
    });
  }

  void wait_for_caller() {
    tcp_.async_wait(tcp::acceptor::wait_read, [this, alive = alive_](const error_code& e) {
      if (e || !*alive) return;
      for (int n = 0; n < 1024; ++n) {
        error_code none_left;
        tcp::socket caller(io_);
        tcp_.accept(caller, none_left);
        if (none_left) break;
      }
      wait_for_caller();
    });
  }

  asio::io_context& io_;
  agent_world world_;
  dice dice_;
  udp::socket udp_;
  tcp::acceptor tcp_;
  std::vector<line_condition> conditions_;
  std::unordered_map<std::uint32_t, std::uint32_t> by_address_;
  std::set<std::uint32_t> silent_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  letter question_;
  std::array<std::uint8_t, most_response_bytes> answer_{};
};

}  // namespace

result<std::unique_ptr<agents>> open_shared_sockets(asio::io_context& io, agent_world world) {
  auto all = std::make_unique<shared_sockets>(io, std::move(world));
  if (auto opened = all->open(); !opened) return opened.error();
  return result<std::unique_ptr<agents>>(std::move(all));
}

}  // namespace changtong::simulate
