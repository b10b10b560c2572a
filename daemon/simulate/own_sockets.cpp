// Two sockets a line: what is cut is closed.
#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
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

problem cannot_open(std::uint32_t address, std::uint16_t port, std::string_view what, const error_code& why) {
  return said(both("{} {}:{}：{}", "{} {}:{}: {}", what, dotted(address), port, system_words(why.value())));
}

class own_sockets final : public agents {
 public:
  own_sockets(asio::io_context& io, agent_world world) : io_(io), world_(std::move(world)), dice_(world_.where->seed) {
    lines_.reserve(world_.lines.size());
    for (std::size_t n = 0; n < world_.lines.size(); ++n) lines_.emplace_back(io);
  }
  ~own_sockets() override { *alive_ = false; }

  result<void> set(std::uint32_t line, const line_condition& to) override {
    line_sockets& l = lines_[line];
    if (!to.tcp) l.tcp.close(ignored_);
    if (!to.snmp && l.udp.is_open()) {
      answer_waiting(line);
      l.udp.close(ignored_);
    }
    l.now = to;
    if (to.snmp && !l.udp.is_open())
      if (auto opened = open_udp(line); !opened) return opened;
    if (to.tcp && !l.tcp.is_open())
      if (auto opened = open_tcp(line); !opened) return opened;
    if (to.tcp) {
      if (to.loss > 0)
        lose_share(l.tcp.native_handle(), to.loss);
      else
        lose_nothing(l.tcp.native_handle());
    }
    return {};
  }

  void restart(std::uint32_t line) override { world_.restart(line); }
  std::string describe() const override {
    return fmt::format("每条线路有自己的 UDP 和 TCP 套接字（共 {} 个），断线即关闭", 2 * lines_.size());
  }

 private:
  struct line_sockets {
    explicit line_sockets(asio::io_context& io) : udp(io), tcp(io) {}
    udp::socket udp;
    tcp::acceptor tcp;
    line_condition now;
    std::uint32_t udp_turn = 0, tcp_turn = 0;  ///< counts openings: a wait of an earlier one must not go on
  };

  result<void> open_udp(std::uint32_t line) {
    auto& s = lines_[line].udp;
    const auto [address, port] = std::pair(world_.where->lines[line].address, world_.where->ports.snmp);
    error_code e;
    s.open(udp::v4(), e);
    if (!e) s.non_blocking(true, e);
    if (!e) s.bind({asio::ip::address_v4(address), port}, e);
    if (e) {
      s.close(ignored_);
      return cannot_open(address, port, "UDP", e);
    }
    wait_for_question(line, ++lines_[line].udp_turn);
    return {};
  }

  result<void> open_tcp(std::uint32_t line) {
    auto& s = lines_[line].tcp;
    const auto [address, port] = std::pair(world_.where->lines[line].address, world_.where->ports.tcp);
    error_code e;
    s.open(tcp::v4(), e);
    if (!e) s.set_option(asio::socket_base::reuse_address(true), e);
    if (!e) s.bind({asio::ip::address_v4(address), port}, e);
    if (!e) s.listen(64, e);
    if (e) {
      s.close(ignored_);
      return cannot_open(address, port, "TCP", e);
    }
    wait_for_caller(line, ++lines_[line].tcp_turn);
    return {};
  }

  void wait_for_question(std::uint32_t line, std::uint32_t turn) {
    lines_[line].udp.async_wait(udp::socket::wait_read, [this, line, turn, alive = alive_](const error_code& e) {
      if (e || !*alive || lines_[line].udp_turn != turn) return;
      answer_waiting(line);
      wait_for_question(line, turn);
    });
  }

  /** Answers what the kernel holds now; bounded, so that one flooded line does not starve the others. */
  void answer_waiting(std::uint32_t line) {
    auto& l = lines_[line];
    for (int n = 0; n < 32; ++n) {
      udp::endpoint from;
      error_code e;
      const std::size_t got = l.udp.receive_from(asio::buffer(question_), from, 0, e);
      if (e) return;
      if (l.now.loss > 0 && dice_.share() < l.now.loss) continue;
      const std::size_t length = world_.answer(line, {question_.data(), got}, answer_);
      if (length == 0) continue;
      if (l.now.delay.count() > 0) {
        send_later(line, from, {answer_.begin(), answer_.begin() + static_cast<std::ptrdiff_t>(length)});
      } else {
        l.udp.send_to(asio::buffer(answer_.data(), length), from, 0, e);
        ++answered_;
      }
    }
  }

  void send_later(std::uint32_t line, const udp::endpoint& to, std::vector<std::uint8_t> bytes) {
    auto timer = std::make_shared<asio::steady_timer>(io_, lines_[line].now.delay);
    timer->async_wait([this, alive = alive_, timer, line, to, bytes = std::move(bytes)](const error_code& e) {
      if (e || !*alive || !lines_[line].udp.is_open()) return;
      error_code ignored;
      lines_[line].udp.send_to(asio::buffer(bytes), to, 0, ignored);
      ++answered_;
    });
  }

  /** A caller only wants to see the handshake; the kernel has done it. */
  void wait_for_caller(std::uint32_t line, std::uint32_t turn) {
    lines_[line].tcp.async_accept([this, line, turn, alive = alive_](const error_code& e, tcp::socket caller) {
      if (e == asio::error::operation_aborted || !*alive || lines_[line].tcp_turn != turn) return;
      error_code ignored;
      caller.close(ignored);
      if (!e) return wait_for_caller(line, turn);
      auto timer = std::make_shared<asio::steady_timer>(io_, milliseconds{100});  // out of descriptors
      timer->async_wait([this, alive, timer, line, turn](const error_code&) {
        if (*alive && lines_[line].tcp_turn == turn && lines_[line].tcp.is_open()) wait_for_caller(line, turn);
      });
    });
  }

  asio::io_context& io_;
  agent_world world_;
  dice dice_;
  std::vector<line_sockets> lines_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::array<std::uint8_t, 2048> question_{};
  std::array<std::uint8_t, most_response_bytes> answer_{};
  error_code ignored_;
};

}  // namespace

result<std::unique_ptr<agents>> open_own_sockets(asio::io_context& io, agent_world world) {
  const auto count = static_cast<std::uint32_t>(world.lines.size());
  auto all = std::make_unique<own_sockets>(io, std::move(world));
  for (std::uint32_t n = 0; n < count; ++n)
    if (auto opened = all->set(n, {}); !opened) return opened.error();
  return result<std::unique_ptr<agents>>(std::move(all));
}

}  // namespace changtong::simulate
