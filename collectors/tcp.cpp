#include "collectors/tcp.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "collectors/exchange.h"
#include "collectors/net/clock.h"
#include "collectors/net/dial.h"
#include "collectors/net/failure.h"
#include "collectors/net/flights.h"
#include "collectors/net/ready_set.h"
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
    ready_.drain([this](std::uint32_t index) { finish(index); });
    if (!answering_.empty()) end_what_is_due(net::mono_now());
  }

  cause forget(std::uint32_t ticket) override {
    const std::uint32_t index = flights_.with_ticket(ticket);
    if (index == net::flights::none) return cause::timeout;
    const cause why = has_heard(index) ? cause::wrong_answer : cause::timeout;
    talks_.erase(index);
    close(*flights_.at(index));
    flights_.land(index, net::flight::phase::forgotten);
    return why;
  }

  [[nodiscard]] std::string describe() const override { return "connect, closed by reset"; }

 private:
  /** A service that has opened and is listened to. */
  struct conversation {
    tcp_talk talk;
    nanoseconds handshake;
  };

  void put(question& q) {
    q.sent = net::mono_now();
    const std::uint32_t index = flights_.take_off(q.ticket, *q.what, 0);
    if (index == net::flights::none) return sink_.answered(q.ticket, {outcome::not_measured, cause::own_overload});
    net::flight& f = *flights_.at(index);
    f.sent = q.sent;
    f.port = settings_of(f).port;
    net::dialled d = net::dial(calls_, f.to, f.port);
    f.fd = d.fd.release();
    if (d.error == EINPROGRESS) {
      d.error = ready_.watch(f.fd, index, EPOLLOUT);
      if (d.error == 0) return;
    }
    connected(index, d.error, net::stage::call);
  }

  void finish(std::uint32_t index) {
    const net::flight& f = *flights_.at(index);
    // An answer may have made the schedule forget others whose events were fetched together with this one.
    if (f.now != net::flight::phase::under_way) return;
    if (settings_of(f).talks() && talks_.contains(index)) return go_on(index);
    const int error = net::connect_result(f.fd);
    if (error != EINPROGRESS) connected(index, error, net::stage::network);
  }

  /** The handshake is over, well or not. */
  void connected(std::uint32_t index, int error, net::stage where) {
    const net::flight& f = *flights_.at(index);
    const tcp_settings& settings = settings_of(f);
    answer a{outcome::good, cause::none, net::mono_now() - f.sent};
    if (error == 0) {
      const nanoseconds kernels = net::handshake_time(f.fd);
      if (kernels.count() > 0 && kernels < a.rtt) a.rtt = kernels;
      if (settings.talks()) {
        talks_.insert_or_assign(index, conversation{tcp_talk(settings.script), a.rtt});
        return go_on(index);
      }
    } else if ((error == ECONNREFUSED || error == ECONNRESET) && settings.reset_is_good) {
      a.detail = "端口关闭也算可达，除非另有设置 / a closed port counts as reachable unless told otherwise";
    } else {
      const net::failure why = net::failure_of(error, where);
      a = {why.what, why.why};
    }
    conclude(index, a);
  }

  /** Says what is left to say and reads what is there; the answer that follows, if one does, ends the flight. */
  void go_on(std::uint32_t index) {
    conversation& c = talks_.at(index);
    const int fd = flights_.at(index)->fd;
    if (const auto left = c.talk.unsent(); !left.empty()) {
      // A peer that has hung up may have said why before: what is to be read tells.
      const ssize_t sent = ::send(fd, left.data(), left.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0) c.talk.sent(static_cast<std::size_t>(sent));
    }
    std::array<char, tcp_talk::most_heard> chunk;
    while (true) {
      const ssize_t got = ::recv(fd, chunk.data(), chunk.size(), MSG_DONTWAIT);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
      if (got <= 0) return hung_up(index, got < 0 ? errno : 0);
      if (c.talk.heard_nothing()) answering_.push_back(index);
      const auto seen = c.talk.hear({chunk.data(), static_cast<std::size_t>(got)});
      if (seen == tcp_talk::match::expected) return conclude(index, {outcome::good, cause::none, c.handshake});
      if (seen == tcp_talk::match::other) return conclude_wrong(index);
    }
    const int error = ready_.watch(fd, index, c.talk.unsent().empty() ? EPOLLIN : EPOLLIN | EPOLLOUT);
    if (error == 0) return;
    const net::failure why = net::failure_of(error, net::stage::call);
    conclude(index, {why.what, why.why});
  }

  /** The peer ended it: `error` 0 in good order. */
  void hung_up(std::uint32_t index, int error) {
    if (has_heard(index)) return conclude_wrong(index);
    if (error == 0) return conclude(index, {outcome::bad, cause::closed_early});
    const net::failure why = net::failure_of(error, net::stage::network);
    conclude(index, {why.what, why.why});
  }

  [[nodiscard]] bool has_heard(std::uint32_t index) const {
    const auto c = talks_.find(index);
    return c != talks_.end() && !c->second.talk.heard_nothing();
  }

  void conclude_wrong(std::uint32_t index) {
    const std::string detail = talks_.at(index).talk.complaint();
    conclude(index, {outcome::bad, cause::wrong_answer, {}, {}, detail});
  }

  /** What answers something else and stays would otherwise be forgotten without a word of what it said. */
  void end_what_is_due(mono_t now) {
    std::vector<std::uint32_t> due;
    std::erase_if(answering_, [&](std::uint32_t index) {
      if (!has_heard(index)) return true;  // it is over, and its place may be another's
      const net::flight& f = *flights_.at(index);
      if (now < f.sent + f.what->when.timeout) return false;
      due.push_back(index);
      return true;
    });
    // Outside, since an answer may make the schedule forget others.
    for (const std::uint32_t index : due)
      if (has_heard(index)) conclude_wrong(index);
  }

  void conclude(std::uint32_t index, const answer& a) {
    net::flight& f = *flights_.at(index);
    close(f);
    const std::uint32_t ticket = f.ticket;
    if (settings_of(f).talks()) talks_.erase(index);
    flights_.land(index, net::flight::phase::answered);
    sink_.answered(ticket, a);
  }

  static void close(net::flight& f) {
    if (f.fd >= 0) net::hang_up(net::owned_fd(std::exchange(f.fd, -1)));
  }

  answer_sink& sink_;
  const net::syscalls& calls_;
  net::flights flights_;
  net::ready_set ready_;
  std::unordered_map<std::uint32_t, conversation> talks_;  ///< by flight; those of checks that expect an answer
  std::vector<std::uint32_t> answering_;                   ///< of these, who has said something, and some that are over
};

/** The bytes of a text with escapes; no more than `most`. */
result<std::string> bytes_of(std::string_view key, std::string_view text, std::size_t most) {
  auto bytes = unescaped(text);
  if (!bytes) return about(fmt::format("tcp: {}", key), bytes.error());
  if (bytes->empty() || bytes->size() > most)
    return said(both("tcp: {} 应为 1 至 {} 字节", "tcp: {}: 1 to {} bytes", key, most));
  return bytes;
}

/** Takes one argument; `reset` is what was said of it. */
result<void> take(tcp_settings& into, std::optional<bool>& reset, const std::string& key, const std::string& value) {
  if (key == "port") {
    const auto n = bounded_number("tcp: port", value, 1, 65535);
    if (!n) return n.error();
    into.port = static_cast<std::uint16_t>(*n);
  } else if (key == "reset") {
    if (value != "good" && value != "bad")
      return said(both("tcp: reset 应为 good 或 bad，而不是 `{}`", "tcp: reset: good or bad, not `{}`", value));
    reset = value == "good";
  } else if (key == "send" || key == "expect") {
    const bool sends = key == "send";
    auto bytes = bytes_of(key, value, sends ? tcp_script::most_sent : tcp_script::most_expected);
    if (!bytes) return bytes.error();
    (sends ? into.script.send : into.script.expect) = std::move(*bytes);
  } else {
    return said(both("tcp: 键 `{}` 无法识别（可用 port=、reset=、send=、expect=）",
                     "tcp: unknown key `{}` (port=, reset=, send=, expect= are known)", key));
  }
  return {};
}

result<std::shared_ptr<const check_settings>> parse(const kind_arguments& arguments) {
  auto s = std::make_shared<tcp_settings>();
  std::optional<bool> reset;
  for (const auto& [key, value] : arguments.pairs)
    if (const auto taken = take(*s, reset, key, value); !taken) return taken.error();
  if (s->port == 0) return said({"tcp: 缺少 port=", "tcp: port= is missing"});
  if (!s->script.send.empty() && !s->talks())
    return said({"tcp: 写了 send 也要写 expect=：要等什么应答", "tcp: send needs expect=: which answer to wait for"});
  s->reset_is_good = reset.value_or(!s->talks());
  return std::shared_ptr<const check_settings>(std::move(s));
}

}  // namespace

std::unique_ptr<collector> make_tcp(answer_sink& sink, const net::syscalls& calls) {
  return std::make_unique<tcp_collector>(sink, calls);
}

kind_entry tcp_kind() {
  return {parse, [](boost::asio::io_context&, answer_sink& sink) { return make_tcp(sink, net::syscalls::kernel()); },
          true, "port=PORT, reset=good|bad, send=TEXT, expect=TEXT"};
}

}  // namespace changtong
