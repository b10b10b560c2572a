#include "collectors/dns.h"

#include <array>
#include <cerrno>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "collectors/dns_question.h"
#include "collectors/net/clock.h"
#include "collectors/net/cookies.h"
#include "collectors/net/failure.h"
#include "collectors/net/flights.h"
#include "collectors/net/ready_set.h"
#include "collectors/net/single_datagram.h"

namespace changtong {
namespace {

constexpr std::size_t longest_message = 65535, length_bytes = 2;
constexpr std::size_t most_at_once = 16;  ///< datagrams to one question that are read in a row

const dns_settings& settings_of(const net::flight& f) { return static_cast<const dns_settings&>(*f.what->settings); }
std::uint16_t id_of(const net::flight& f) { return static_cast<std::uint16_t>(f.cookie); }

/** A socket a question, so that each has a source port of its own: with the 16 bits of the id that is what a forger off
 * the path must guess (RFC 5452), and nobody but the server asked is heard. They wait in an epoll set that is only
 * looked at when drained. */
class dns_collector final : public collector {
 public:
  dns_collector(answer_sink& sink, const net::syscalls& calls) : sink_(sink), calls_(calls), room_(longest_message) {}
  ~dns_collector() override {
    for (std::uint32_t i = 0; i < flights_.size(); ++i) close(*flights_.at(i));
  }

  void ask(std::span<question> burst) override {
    for (question& q : burst) put(q);
  }

  void drain() override {
    ready_.drain([this](std::uint32_t index) { go_on(index); });
  }

  cause forget(std::uint32_t ticket) override {
    const std::uint32_t index = flights_.with_ticket(ticket);
    if (index == net::flights::none) return cause::timeout;
    const auto t = talks_.find(index);
    const bool begun = t != talks_.end() && !t->second.heard.empty();
    const cause why = begun ? cause::cut_short : t != talks_.end() ? t->second.instead : cause::timeout;
    end(index, net::flight::phase::forgotten);
    return why;
  }

  [[nodiscard]] std::string describe() const override { return "one UDP socket a question, TCP for long answers"; }
  [[nodiscard]] std::vector<ignored_packets> ignored() const override {
    return {{"malformed", illegible_}, {"unknown_id", another_}};
  }

 private:
  /** What a question needs beyond its flight, once anything but the answer has come, or over TCP. */
  struct talk {
    bool tcp = false, connected = false, after_truncation = false;
    std::size_t sent = 0;
    std::string heard{};             ///< over TCP, the length too
    cause instead = cause::timeout;  ///< what to say if nothing else comes
  };

  void put(question& q) {
    q.sent = net::mono_now();
    const std::uint32_t index = flights_.take_off(q.ticket, *q.what, random_.next());
    if (index == net::flights::none) return sink_.answered(q.ticket, {outcome::not_measured, cause::own_overload});
    net::flight& f = *flights_.at(index);
    f.sent = q.sent;
    f.port = settings_of(f).port;
    if (settings_of(f).by_tcp) return dial(index, false);
    net::dialled d = net::dial_datagram(calls_, f.to, f.port);
    f.fd = d.fd.release();
    std::array<std::uint8_t, wire::longest_domain_question> bytes;
    const std::size_t length = wire::write_domain_question(bytes, id_of(f), settings_of(f).what);
    if (d.error == 0) d.error = net::send_datagram(calls_, f.fd, {bytes.data(), length});
    if (d.error == 0) d.error = ready_.watch(f.fd, index, EPOLLIN);
    if (d.error != 0) fail(index, d.error, net::stage::call);
  }

  void dial(std::uint32_t index, bool after_truncation) {
    net::flight& f = *flights_.at(index);
    talks_.insert_or_assign(index, talk{.tcp = true, .after_truncation = after_truncation});
    net::dialled d = net::dial(calls_, f.to, f.port);
    f.fd = d.fd.release();
    if (d.error == EINPROGRESS || d.error == 0) d.error = ready_.watch(f.fd, index, EPOLLOUT);
    if (d.error != 0) fail(index, d.error, net::stage::call);
  }

  void go_on(std::uint32_t index) {
    // An answer may have made the schedule forget others whose events were fetched together with this one.
    if (flights_.at(index)->now != net::flight::phase::under_way) return;
    const auto t = talks_.find(index);
    t != talks_.end() && t->second.tcp ? go_on_by_tcp(index, t->second) : read_datagrams(index);
  }

  void read_datagrams(std::uint32_t index) {
    const net::flight& f = *flights_.at(index);
    for (std::size_t looks = 0; looks < most_at_once; ++looks) {
      const net::received_datagram r = net::receive_datagram(calls_, f.fd, room_);
      if (r.error == EAGAIN || r.error == EWOULDBLOCK) break;
      if (r.error == ECONNREFUSED) return conclude(index, {outcome::bad, cause::port_unreachable});
      if (r.error != 0) return fail(index, r.error, net::stage::network);
      const wire::bytes message{room_.data(), std::min(r.length, room_.size())};
      if (weigh(index, message, net::round_trip(f.sent, r.at))) return;
    }
    if (const int error = ready_.watch(f.fd, index, EPOLLIN); error != 0) fail(index, error, net::stage::call);
  }

  /** True if the question is answered by it, or goes on by TCP. */
  bool weigh(std::uint32_t index, wire::bytes message, nanoseconds rtt) {
    const net::flight& f = *flights_.at(index);
    const dns_match how = match(settings_of(f), id_of(f), message);
    if (how != dns_match::answers) {
      ++(how == dns_match::another ? another_ : illegible_);
      talks_[index].instead = how == dns_match::another ? cause::other_question : cause::protocol;
      return false;
    }
    const dns_finding v = judge(settings_of(f), message);
    if (!v.truncated) {
      conclude(index, v, rtt);
    } else if (const auto t = talks_.find(index); t != talks_.end() && t->second.tcp) {
      conclude(index, {outcome::bad, cause::protocol, {}, {}, "TCP 应答也标为截断 / truncated by TCP too"});
    } else {
      close(*flights_.at(index));
      dial(index, true);
    }
    return true;
  }

  void go_on_by_tcp(std::uint32_t index, talk& t) {
    const net::flight& f = *flights_.at(index);
    if (!t.connected) {
      const int error = net::connect_result(f.fd);
      if (error == EINPROGRESS) return;
      if (error != 0) return fail(index, error, net::stage::network);
      t.connected = true;
    }
    if (const int error = send(f, t); error != 0) return fail(index, error, net::stage::network);
    std::array<char, 4096> chunk;
    while (true) {
      const ssize_t got = ::recv(f.fd, chunk.data(), chunk.size(), MSG_DONTWAIT);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
      if (got < 0) return fail(index, errno, net::stage::network);
      if (got == 0) return conclude(index, {outcome::bad, t.heard.empty() ? cause::closed_early : cause::cut_short});
      t.heard.append(chunk.data(), static_cast<std::size_t>(got));
      if (whole(t.heard)) return heard_all(index, t);
    }
    const bool all_sent = t.sent == segment(f).second;
    const int error = ready_.watch(f.fd, index, all_sent ? EPOLLIN : EPOLLIN | EPOLLOUT);
    if (error != 0) fail(index, error, net::stage::call);
  }

  static bool whole(std::string_view heard) {
    if (heard.size() < length_bytes) return false;
    return heard.size() - length_bytes >= wire::get16(wire::bytes_of(heard).data());
  }

  void heard_all(std::uint32_t index, const talk& t) {
    const wire::bytes heard = wire::bytes_of(t.heard);
    const wire::bytes message = heard.subspan(length_bytes, wire::get16(heard.data()));
    // A stream carries nobody else's answers: what is none there will not become one.
    if (weigh(index, message, net::mono_now() - flights_.at(index)->sent)) return;
    conclude(index, {outcome::bad, talks_[index].instead});
  }

  /** The question as TCP carries it, after its length. */
  static std::pair<std::array<std::uint8_t, length_bytes + wire::longest_domain_question>, std::size_t> segment(
      const net::flight& f) {
    std::array<std::uint8_t, wire::longest_domain_question> bytes;
    const std::size_t length = wire::write_domain_question(bytes, id_of(f), settings_of(f).what);
    std::pair<std::array<std::uint8_t, length_bytes + wire::longest_domain_question>, std::size_t> out;
    wire::put16(out.first.data(), static_cast<std::uint16_t>(length));
    std::copy_n(bytes.begin(), length, out.first.begin() + length_bytes);
    out.second = length_bytes + length;
    return out;
  }

  /** 0 or errno. */
  static int send(const net::flight& f, talk& t) {
    const auto [bytes, length] = segment(f);
    if (t.sent == length) return 0;
    const ssize_t n = ::send(f.fd, bytes.data() + t.sent, length - t.sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0) t.sent += static_cast<std::size_t>(n);
    const bool waits = n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
    return n < 0 && !waits ? errno : 0;
  }

  void fail(std::uint32_t index, int error, net::stage where) {
    const net::failure why = net::failure_of(error, where);
    const auto t = talks_.find(index);
    const bool truncated = t != talks_.end() && t->second.after_truncation;
    conclude(index,
             {why.what,
              why.why,
              {},
              {},
              truncated ? "UDP 应答被截断，改用 TCP 时失败 / the UDP answer was truncated, and TCP failed" : ""});
  }

  void conclude(std::uint32_t index, const dns_finding& v, nanoseconds rtt) {
    const fact records{fact_name::records, 0, v.records};
    const bool good = v.what == outcome::good;
    conclude(index, {v.what, v.why, good ? rtt : nanoseconds{0}, {&records, good ? 1U : 0U}, v.detail});
  }

  void conclude(std::uint32_t index, const answer& a) {
    const std::uint32_t ticket = flights_.at(index)->ticket;
    end(index, net::flight::phase::answered);
    sink_.answered(ticket, a);
  }

  void end(std::uint32_t index, net::flight::phase how) {
    close(*flights_.at(index));
    talks_.erase(index);
    flights_.land(index, how);
  }

  static void close(net::flight& f) {
    if (f.fd >= 0) net::hang_up(net::owned_fd(std::exchange(f.fd, -1)));
  }

  answer_sink& sink_;
  const net::syscalls& calls_;
  std::vector<std::uint8_t> room_;  ///< for one datagram
  net::flights flights_;
  net::cookies random_;
  net::ready_set ready_;
  std::unordered_map<std::uint32_t, talk> talks_;  ///< by flight
  std::uint64_t illegible_ = 0, another_ = 0;
};

}  // namespace

std::unique_ptr<collector> make_dns(answer_sink& sink, const net::syscalls& calls) {
  return std::make_unique<dns_collector>(sink, calls);
}

kind_entry dns_kind() {
  return {parse_dns,
          [](boost::asio::io_context&, answer_sink& sink) { return make_dns(sink, net::syscalls::kernel()); }, true,
          "name=www.example.gov.cn, type=A, expect=192.0.2.80, match=all, recursive=yes, transport=udp, port=53"};
}

}  // namespace changtong
