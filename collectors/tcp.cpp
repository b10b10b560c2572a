#include "collectors/tcp.h"

#include <fmt/format.h>
#include <sys/epoll.h>

#include <array>
#include <cerrno>

#include "collectors/exchange.h"
#include "collectors/net/clock.h"
#include "collectors/net/dial.h"
#include "collectors/net/failure.h"
#include "collectors/net/flights.h"
#include "daemon/core/phrase.h"

namespace changtong {
namespace {

const tcp_settings& settings_of(const net::flight& f) { return static_cast<const tcp_settings&>(*f.what->settings); }

/** Connects wait in an epoll set that is only looked at when drained: no wake-up a connect. The round trip of a good
 * connect is the kernel's; a refusal is timed by when we look, so it may read up to a tick too long. */
class tcp_collector final : public collector {
 public:
  tcp_collector(answer_sink& sink, const net::syscalls& calls) : sink_(sink), calls_(calls) {}
  ~tcp_collector() override {
    for (std::uint32_t i = 0; i < flights_.size(); ++i)
      if (flights_.at(i)->now == net::flight::phase::under_way) close(*flights_.at(i));
  }

  void ask(std::span<question> burst) override {
    for (question& q : burst) put(q);
  }

  void drain() override {
    if (!ready_) return;
    std::array<epoll_event, 256> events;
    while (true) {
      const int n = ::epoll_wait(ready_.get(), events.data(), static_cast<int>(events.size()), 0);
      for (int i = 0; i < n; ++i) finish(events[static_cast<std::size_t>(i)].data.u32);
      if (n < static_cast<int>(events.size())) return;
    }
  }

  cause forget(std::uint32_t ticket) override {
    const std::uint32_t index = flights_.with_ticket(ticket);
    if (index == net::flights::none) return cause::timeout;
    close(*flights_.at(index));
    flights_.land(index, net::flight::phase::forgotten);
    return cause::timeout;
  }

  [[nodiscard]] std::string describe() const override { return "connect, closed by reset"; }

 private:
  void put(question& q) {
    q.sent = net::mono_now();
    const std::uint32_t index = flights_.take_off(q.ticket, *q.what, 0);
    if (index == net::flights::none) return sink_.answered(q.ticket, {outcome::not_measured, cause::own_overload});
    net::flight& f = *flights_.at(index);
    f.sent = q.sent;
    f.port = settings_of(f).port;
    net::dialled d = net::dial(calls_, f.to, f.port);
    f.fd = d.fd.release();
    if (d.error == EINPROGRESS) d.error = watch(f.fd, index);
    if (d.error != EINPROGRESS) conclude(index, d.error, net::stage::call);
  }

  /** EINPROGRESS, or why it cannot be watched. */
  int watch(int fd, std::uint32_t index) {
    if (!ready_) ready_ = net::owned_fd(::epoll_create1(EPOLL_CLOEXEC));
    epoll_event want{};
    want.events = EPOLLOUT | EPOLLONESHOT;
    want.data.u32 = index;
    return !ready_ || ::epoll_ctl(ready_.get(), EPOLL_CTL_ADD, fd, &want) != 0 ? errno : EINPROGRESS;
  }

  void finish(std::uint32_t index) {
    const net::flight& f = *flights_.at(index);
    // An answer may have made the schedule forget others whose events were fetched together with this one.
    if (f.now != net::flight::phase::under_way) return;
    const int error = net::connect_result(f.fd);
    if (error != EINPROGRESS) conclude(index, error, net::stage::network);
  }

  void conclude(std::uint32_t index, int error, net::stage where) {
    net::flight& f = *flights_.at(index);
    answer a{outcome::good, cause::none, net::mono_now() - f.sent};
    if (error == 0) {
      const nanoseconds kernels = net::handshake_time(f.fd);
      if (kernels.count() > 0 && kernels < a.rtt) a.rtt = kernels;
    } else if ((error != ECONNREFUSED && error != ECONNRESET) || !settings_of(f).reset_is_good) {
      const net::failure why = net::failure_of(error, where);
      a = {why.what, why.why};
    }
    close(f);
    const std::uint32_t ticket = f.ticket;
    flights_.land(index, net::flight::phase::answered);
    sink_.answered(ticket, a);
  }

  static void close(net::flight& f) {
    if (f.fd >= 0) net::hang_up(net::owned_fd(std::exchange(f.fd, -1)));
  }

  answer_sink& sink_;
  const net::syscalls& calls_;
  net::flights flights_;
  net::owned_fd ready_;
};

result<std::shared_ptr<const check_settings>> parse(const kind_arguments& arguments) {
  auto s = std::make_shared<tcp_settings>();
  for (const auto& [key, value] : arguments.pairs) {
    if (key == "port") {
      const auto n = bounded_number("tcp: port", value, 1, 65535);
      if (!n) return n.error();
      s->port = static_cast<std::uint16_t>(*n);
    } else if (key == "reset") {
      if (value != "good" && value != "bad")
        return said(both("tcp: reset 应为 good 或 bad，而不是 `{}`", "tcp: reset: good or bad, not `{}`", value));
      s->reset_is_good = value == "good";
    } else {
      return said(
          both("tcp: 键 `{}` 无法识别（可用 port=、reset=）", "tcp: unknown key `{}` (port=, reset= are known)", key));
    }
  }
  if (s->port == 0) return said({"tcp: 缺少 port=", "tcp: port= is missing"});
  return std::shared_ptr<const check_settings>(std::move(s));
}

}  // namespace

std::unique_ptr<collector> make_tcp(answer_sink& sink, const net::syscalls& calls) {
  return std::make_unique<tcp_collector>(sink, calls);
}

kind_entry tcp_kind() {
  return {parse, [](boost::asio::io_context&, answer_sink& sink) { return make_tcp(sink, net::syscalls::kernel()); },
          true, "port=PORT, reset=good|bad"};
}

}  // namespace changtong
