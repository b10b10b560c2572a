#include "collectors/icmp.h"

#include <fmt/format.h>

#include <system_error>

#include "collectors/exchange.h"
#include "collectors/net/clock.h"
#include "collectors/net/failure.h"
#include "collectors/net/icmp_socket.h"
#include "collectors/wire/icmp.h"
#include "daemon/core/log.h"
#include "daemon/core/phrase.h"

namespace changtong {
namespace {

class icmp_collector final : public collector, private dialect {
 public:
  icmp_collector(answer_sink& sink, const net::syscalls& calls)
      : exchange_(sink, *this, calls, {wire::echo_header + wire::echo_payload_max, 2048}) {
    net::cookies random;
    id_ = static_cast<std::uint16_t>(random.next());
  }

  void ask(std::span<question> burst) override { exchange_.ask(burst); }
  void drain() override { exchange_.drain(); }
  cause forget(std::uint32_t ticket) override { return exchange_.forget(ticket); }
  [[nodiscard]] std::vector<ignored_packets> ignored() const override { return exchange_.ignored(); }
  [[nodiscard]] std::string describe() const override {
    return fmt::format("IPv4 {}, IPv6 {}", describe(openings_[0]), describe(openings_[1]));
  }

 private:
  int open(net::datagram_port& port, bool v6) override {
    const net::icmp_opening before = openings_[v6];
    openings_[v6] = net::open_icmp(port, v6);
    const bool news = before.mode != openings_[v6].mode || before.error != openings_[v6].error;
    if (news) log::info("icmp: IPv{} {}", v6 ? 6 : 4, describe(openings_[v6]));
    return openings_[v6].error;
  }

  std::size_t write(net::flight& f, std::uint32_t index, std::uint8_t* out) override {
    const auto& settings = static_cast<const icmp_settings&>(*f.what->settings);
    return wire::write_echo(out, {id_, index, f.cookie}, settings.payload, f.to.v6);
  }

  void read(const net::arrival& a, bool v6) override {
    if (a.oversized) return exchange_.ignore(ignored_reason::oversized);
    const wire::icmp_news news = understand(a.bytes, v6);
    switch (news.what) {
      case wire::icmp_news::sort::foreign:
        return exchange_.ignore(ignored_reason::unknown_id);
      case wire::icmp_news::sort::malformed:
        return exchange_.ignore(ignored_reason::malformed);
      case wire::icmp_news::sort::refusal:
        return refused(news);
      case wire::icmp_news::sort::reply:
        break;
    }
    net::flight* f = exchange_.claim(news.about.index, news.about.cookie, a.from, 0);
    if (f == nullptr) return;
    exchange_.answer_flight(news.about.index, {outcome::good, cause::none, net::round_trip(f->sent, a.at)});
  }

  [[nodiscard]] wire::icmp_news understand(wire::bytes packet, bool v6) const {
    const bool raw = openings_[v6].mode == net::icmp_mode::raw;
    const auto id = raw ? std::optional(id_) : std::nullopt;
    if (v6) return wire::read_icmp6(packet, id);
    return raw ? wire::read_icmp4_packet(packet, id_) : wire::read_icmp4(packet, id);
  }

  void refused(const wire::icmp_news& news) {
    if (!news.whole) return refused_in_short(news);
    if (exchange_.claim(news.about.index, news.about.cookie, news.to, 0) != nullptr)
      exchange_.answer_flight(news.about.index, {outcome::bad, news.why});
  }

  /** The router quoted only eight bytes: our random id, the low half of the index and the address must do. */
  void refused_in_short(const wire::icmp_news& news) {
    for (std::uint32_t index = news.about.index; index < exchange_.table().size(); index += 0x10000) {
      const net::flight& f = *exchange_.table().at(index);
      if (f.now == net::flight::phase::under_way && f.to == news.to)
        return exchange_.answer_flight(index, {outcome::bad, news.why});
    }
    exchange_.ignore(ignored_reason::unknown_id);
  }

  void rejected(const net::rejection& r, bool v6) override {
    const auto about = wire::read_own_request({r.bytes.data(), r.length}, v6);
    if (!about) return exchange_.ignore(ignored_reason::unknown_id);
    const net::failure why = net::failure_of_rejection(r, v6);
    if (why.why == cause::none) return exchange_.ignore(ignored_reason::unknown_id);
    if (exchange_.claim(about->index, about->cookie, r.to, 0) != nullptr)
      exchange_.answer_flight(about->index, {why.what, why.why});
  }

  static std::string describe(const net::icmp_opening& o) {
    if (o.mode == net::icmp_mode::raw) return "raw socket";
    if (o.mode == net::icmp_mode::ping) return "ping socket (no CAP_NET_RAW)";
    if (o.error == 0) return "not asked yet";
    return fmt::format("not possible: {} (give CAP_NET_RAW, or widen net.ipv4.ping_group_range)",
                       std::generic_category().message(o.error));
  }

  exchange exchange_;
  std::uint16_t id_ = 0;
  std::array<net::icmp_opening, 2> openings_{};
};

result<std::shared_ptr<const check_settings>> parse(const kind_arguments& arguments) {
  auto s = std::make_shared<icmp_settings>();
  for (const auto& [key, value] : arguments.pairs) {
    if (key != "size")
      return said(both("icmp: 键 `{}` 无法识别（可用 size=）", "icmp: unknown key `{}` (size= is known)", key));
    const auto n = bounded_number("icmp: size", value, wire::echo_payload_min, wire::echo_payload_max);
    if (!n) return n.error();
    s->payload = *n;
  }
  return std::shared_ptr<const check_settings>(std::move(s));
}

}  // namespace

std::unique_ptr<collector> make_icmp(answer_sink& sink, const net::syscalls& calls) {
  return std::make_unique<icmp_collector>(sink, calls);
}

kind_entry icmp_kind() {
  return {parse, [](boost::asio::io_context&, answer_sink& sink) { return make_icmp(sink, net::syscalls::kernel()); },
          true, "size=56"};
}

}  // namespace changtong
