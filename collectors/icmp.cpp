#include "collectors/icmp.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "collectors/echo_bursts.h"
#include "collectors/exchange.h"
#include "collectors/net/clock.h"
#include "collectors/net/failure.h"
#include "collectors/net/icmp_socket.h"
#include "collectors/wire/icmp.h"
#include "daemon/core/log.h"
#include "daemon/core/phrase.h"

namespace changtong {
namespace {

constexpr milliseconds least_gap{10}, most_gap{1000};

class icmp_collector final : public collector, private dialect {
 public:
  icmp_collector(answer_sink& sink, const net::syscalls& calls)
      : sink_(sink),
        bursts_(sink),
        exchange_(bursts_, *this, calls, {wire::echo_header + wire::echo_payload_max, 2048}) {
    net::cookies random;
    id_ = static_cast<std::uint16_t>(random.next());
  }

  void ask(std::span<question> burst) override {
    if (std::ranges::none_of(burst, is_burst)) [[likely]]
      return exchange_.ask(burst);
    ask_with_bursts(burst);
  }
  void drain() override {
    exchange_.drain();
    if (bursts_.under_way() == 0) return;
    auto echoes = bursts_.move_on(net::mono_now());
    forget_given_up();
    if (!echoes.empty()) exchange_.ask(echoes);
  }
  cause forget(std::uint32_t ticket) override {
    const auto why = bursts_.forget(ticket);
    if (!why) return exchange_.forget(ticket);
    forget_given_up();
    return *why;
  }
  [[nodiscard]] std::vector<ignored_packets> ignored() const override { return exchange_.ignored(); }
  [[nodiscard]] std::string describe() const override {
    return fmt::format("IPv4 {}, IPv6 {}", describe(openings_[0]), describe(openings_[1]));
  }

 private:
  static bool is_burst(const question& q) { return static_cast<const icmp_settings&>(*q.what->settings).is_burst(); }

  /** Single echoes and the first one of each burst leave together. */
  void ask_with_bursts(std::span<question> asked) {
    forget_given_up();
    std::vector<question> echoes;
    std::vector<question*> whose;
    for (question& q : asked) {
      auto echo = is_burst(q) ? bursts_.begin(q) : std::optional(q);
      if (echo) {
        echoes.push_back(*echo);
        whose.push_back(&q);
        continue;
      }
      q.sent = net::mono_now();
      sink_.answered(q.ticket, {outcome::not_measured, cause::own_overload});
    }
    exchange_.ask(echoes);
    for (std::size_t i = 0; i < echoes.size(); ++i) {
      whose[i]->sent = echoes[i].sent;
      if (is_burst(echoes[i])) bursts_.sent(echoes[i]);
    }
  }

  void forget_given_up() {
    for (const std::uint32_t echo : bursts_.given_up()) (void)exchange_.forget(echo);
    bursts_.given_up().clear();
  }

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

  answer_sink& sink_;
  echo_bursts bursts_;
  exchange exchange_;
  std::uint16_t id_ = 0;
  std::array<net::icmp_opening, 2> openings_{};
};

/** `50ms` or `1s`. */
result<milliseconds> gap_of(std::string_view text) {
  const bool in_ms = text.ends_with("ms");
  const std::string_view number = text.substr(0, text.size() - std::min<std::size_t>(text.size(), in_ms ? 2 : 1));
  const auto n = bounded_number("", number, 1, 1000);
  const milliseconds gap{n ? static_cast<std::int64_t>(*n) * (in_ms ? 1 : 1000) : 0};
  if (!text.ends_with('s') || gap < least_gap || gap > most_gap)
    return said(both("icmp: gap 应为 10ms 至 1s，而不是 `{}`", "icmp: gap: 10ms to 1s, not `{}`", text));
  return gap;
}

/** Takes one argument. */
result<void> take(icmp_settings& into, const std::string& key, const std::string& value) {
  if (key == "gap") {
    const auto gap = gap_of(value);
    if (!gap) return gap.error();
    into.gap = *gap;
    return {};
  }
  const bool size = key == "size";
  if (!size && key != "count" && key != "least")
    return said(both("icmp: 键 `{}` 无法识别（可用 size=、count=、gap=、least=）",
                     "icmp: unknown key `{}` (size=, count=, gap=, least= are known)", key));
  const auto n = size ? bounded_number("icmp: size", value, wire::echo_payload_min, wire::echo_payload_max)
                      : bounded_number("icmp: " + key, value, 1, icmp_settings::most_echoes);
  if (!n) return n.error();
  (size ? into.payload : key == "count" ? into.count : into.least) = *n;
  return {};
}

result<std::shared_ptr<const check_settings>> parse(const kind_arguments& arguments) {
  auto s = std::make_shared<icmp_settings>();
  for (const auto& [key, value] : arguments.pairs) {
    if (const auto taken = take(*s, key, value); !taken) return taken.error();
  }
  const auto of_bursts = [](const kind_arguments::pair& p) { return p.key == "gap" || p.key == "least"; };
  if (!s->is_burst() && std::ranges::any_of(arguments.pairs, of_bursts))
    return said(
        {"icmp: gap、least 只用于一次多个回显：还要写 count=10", "icmp: gap and least are for bursts: add count=10"});
  if (s->least > s->count)
    return said(both("icmp: least 最多为 count（{}）", "icmp: least is at most count ({})", s->count));
  return std::shared_ptr<const check_settings>(std::move(s));
}

}  // namespace

std::vector<fact_place> icmp_settings::facts() const {
  if (!is_burst()) return {};
  return {{fact_name::burst_loss}, {fact_name::burst_median_nanoseconds}, {fact_name::burst_jitter_nanoseconds}};
}

check_settings::habit icmp_settings::usual() const {
  if (!is_burst()) return {};
  return {check_role::health, milliseconds{60'000}, asking_takes() + milliseconds{1000}};
}

std::unique_ptr<collector> make_icmp(answer_sink& sink, const net::syscalls& calls) {
  return std::make_unique<icmp_collector>(sink, calls);
}

kind_entry icmp_kind() {
  return {parse, [](boost::asio::io_context&, answer_sink& sink) { return make_icmp(sink, net::syscalls::kernel()); },
          true, "size=56, count=10, gap=50ms, least=1"};
}

}  // namespace changtong
