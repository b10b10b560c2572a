#include "collectors/net/path_tracer.h"

#include <algorithm>

#include "collectors/wire/icmp.h"

namespace changtong::net {
namespace {

constexpr std::size_t payload = 24;
constexpr std::size_t longest_answer = 1500;  // some quote all that they have seen
constexpr nanoseconds kept_open = std::chrono::seconds{2}, tried_again = std::chrono::seconds{10};

/** Names path and step in sixteen bits: some routers quote no more than the sequence number. */
std::uint32_t index_of(std::size_t slot, unsigned step) { return static_cast<std::uint32_t>(slot << 8U) | step; }

/** A ping socket first: with a raw one every answer to every probe would be read twice. */
icmp_opening open_for_paths(datagram_port& port, bool v6) {
  const int protocol = v6 ? int{IPPROTO_ICMPV6} : int{IPPROTO_ICMP};
  if (port.open(v6, SOCK_DGRAM, protocol, true) == 0) return {icmp_mode::ping, 0};
  return open_icmp(port, v6);
}

path_search::word word_of(cause why) {
  return why == cause::ttl_exceeded ? path_search::word::passed : path_search::word::no_way;
}

}  // namespace

path_tracer::path_tracer(const syscalls& calls, unsigned a_second, path_limits limits)
    : sides_{side{.port = datagram_port(calls, {wire::echo_header + payload, longest_answer}),
                  .how = {},
                  .wanted = {},
                  .no_sooner = {}},
             side{.port = datagram_port(calls, {wire::echo_header + payload, longest_answer}),
                  .how = {},
                  .wanted = {},
                  .no_sooner = {}}},
      limits_(limits),
      a_second_(a_second),
      id_(static_cast<std::uint16_t>(cookies_.next())) {}

bool path_tracer::has_room() const {
  return std::ranges::any_of(paths_, [](const auto& p) { return !p; });
}

void path_tracer::start(std::uint32_t tag, const ip_address& to, unsigned expected) {
  const auto free = std::ranges::find_if(paths_, [](const auto& p) { return !p; });
  if (free == paths_.end()) return;
  free->emplace(under_way{.tag = tag, .to = to, .search = path_search(expected, limits_), .cookie = cookies_.next()});
}

bool path_tracer::ready(side& s, bool v6, mono_t now) {
  s.wanted = now;
  if (s.port.is_open()) return true;
  if (now < s.no_sooner) return false;
  s.how = open_for_paths(s.port, v6);
  if (s.how.error != 0) s.no_sooner = now + tried_again;
  return s.how.error == 0;
}

/** False: our own fault, so the path says nothing. */
bool path_tracer::ask(std::size_t slot, unsigned step, mono_t now) {
  under_way& p = *paths_[slot];
  const bool v6 = p.to.v6;
  side& s = sides_[v6 ? 1 : 0];
  if (!ready(s, v6, now)) return false;
  const int ttl = static_cast<int>(step);
  if (::setsockopt(s.port.native(), v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_UNICAST_HOPS : IP_TTL, &ttl,
                   sizeof ttl) != 0)
    return false;
  const std::uint32_t index = index_of(slot, step);
  s.port.push(p.to, 0, wire::write_echo(s.port.next(), {id_, index, p.cookie}, payload, v6), index);
  return s.port.flush().front().error == 0;
}

void path_tracer::tick(mono_t now, const told& followed) {
  for (const bool v6 : {false, true}) {
    side& s = sides_[v6 ? 1 : 0];
    if (!s.port.is_open()) continue;
    read(s, v6);
    if (now - s.wanted > kept_open) s.port.close();
  }
  allowance_ = std::min(allowance_ + std::chrono::duration<double>(now - allowed_).count() * a_second_,
                        static_cast<double>(most_at_once));
  allowed_ = now;
  for (std::size_t slot = 0; slot < paths_.size(); ++slot) {
    if (!paths_[slot]) continue;
    under_way& p = *paths_[slot];
    sides_[p.to.v6 ? 1 : 0].wanted = now;
    const bool done = p.search.done(now);
    if (!done && ask_due(slot, now)) continue;
    const std::uint32_t tag = p.tag;
    const seen_path seen = p.search.path();
    paths_[slot].reset();
    followed(tag, done ? &seen : nullptr);
  }
}

bool path_tracer::ask_due(std::size_t slot, mono_t now) {
  steps_.clear();
  paths_[slot]->search.due(now, static_cast<std::size_t>(std::max(allowance_, 0.0)), steps_);
  allowance_ -= static_cast<double>(steps_.size());
  return std::ranges::all_of(steps_, [&](std::uint8_t step) { return ask(slot, step, now); });
}

void path_tracer::read(side& s, bool v6) {
  for (bool more = true; more;) {
    const auto arrivals = s.port.receive();
    for (const arrival& a : arrivals) read(a, s, v6);
    more = arrivals.size() == datagram_port::batch;
  }
  for (const rejection& r : s.port.rejections()) {
    const auto about = wire::read_own_request({r.bytes.data(), r.length}, v6);
    if (!about || !r.by) continue;
    const cause why = v6 ? wire::cause_of_icmp6(r.type, r.code) : wire::cause_of_icmp4(r.type, r.code);
    if (why != cause::none) take(about->index, about->cookie, r.to, *r.by, word_of(why));
  }
}

void path_tracer::read(const arrival& a, const side& s, bool v6) {
  const bool raw = s.how.mode == icmp_mode::raw;
  const auto id = raw ? std::optional(id_) : std::nullopt;
  const wire::icmp_news news = v6    ? wire::read_icmp6(a.bytes, id)
                               : raw ? wire::read_icmp4_packet(a.bytes, id_)
                                     : wire::read_icmp4(a.bytes, id);
  if (news.what == wire::icmp_news::sort::reply)
    take(news.about.index, news.about.cookie, a.from, a.from, path_search::word::arrived);
  else if (news.what == wire::icmp_news::sort::refusal)
    take(news.about.index, news.whole ? std::optional(news.about.cookie) : std::nullopt, news.to, a.from,
         word_of(news.why));
}

/** `to`: where the echo was going, as the answer tells it. */
void path_tracer::take(std::uint32_t index, std::optional<std::uint64_t> cookie, const std::optional<ip_address>& to,
                       const ip_address& from, path_search::word what) {
  const std::size_t slot = (index & 0xffffU) >> 8U;
  if (slot >= paths_.size() || !paths_[slot]) return;
  under_way& p = *paths_[slot];
  if ((cookie && *cookie != p.cookie) || to != p.to) return;
  p.search.heard(index & 0xffU, from, what);
}

}  // namespace changtong::net
