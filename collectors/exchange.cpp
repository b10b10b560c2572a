#include "collectors/exchange.h"

#include <fmt/format.h>

#include <charconv>

#include "collectors/net/clock.h"
#include "collectors/net/failure.h"
#include "daemon/core/phrase.h"

namespace changtong {
namespace {
constexpr std::size_t drain_every = 256;
}

exchange::exchange(answer_sink& sink, dialect& how, const net::syscalls& calls, net::datagram_port::sizes longest)
    : sink_(sink),
      how_(how),
      sides_{side{net::datagram_port(calls, longest)}, side{net::datagram_port(calls, longest)}} {}

void exchange::ask(std::span<question> burst) {
  for (side& s : sides_) s.open_error = 0;
  std::size_t asked = 0;
  for (question& q : burst) {
    put(q);
    ++asked;
    if (asked % drain_every == 0 && asked != burst.size()) drain();
  }
  for (side& s : sides_) flush(s);
}

void exchange::put(question& q) {
  const bool v6 = q.what->address.v6;
  side& s = sides_[v6 ? 1 : 0];
  if (!s.port.is_open() && s.open_error == 0) s.open_error = how_.open(s.port, v6);
  if (!s.port.is_open()) return refuse(q, s.open_error);
  const std::uint32_t index = flights_.take_off(q.ticket, *q.what, cookies_.next());
  if (index == net::flights::none) {
    q.sent = net::mono_now();
    return sink_.answered(q.ticket, {outcome::not_measured, cause::own_overload});
  }
  flights_.at(index)->deadline = q.deadline;
  stage(s, index, &q);
  if (s.port.full()) flush(s);
}

void exchange::stage(side& s, std::uint32_t index, question* q) {
  net::flight& f = *flights_.at(index);
  const std::size_t length = how_.write(f, index, s.port.next());
  s.port.push(f.to, f.port, length, index);
  s.staged[s.staged_count++] = q;
}

bool exchange::again(std::uint32_t index) {
  side& s = sides_[flights_.at(index)->to.v6 ? 1 : 0];
  if (!s.port.is_open() || s.port.full()) return false;
  stage(s, index, nullptr);
  return true;
}

void exchange::refuse(question& q, int error) {
  q.sent = net::mono_now();
  const net::failure why = net::failure_of(error, net::stage::call);
  sink_.answered(q.ticket, {why.what, why.why});
}

void exchange::flush(side& s) {
  if (s.staged_count == 0) return;
  s.staged_count = 0;
  std::size_t i = 0;
  for (const net::departure& d : s.port.flush()) {
    if (question* q = s.staged[i++]; q != nullptr) q->sent = d.sent;
    flights_.at(d.tag)->sent = d.sent;
    if (d.error == 0) continue;
    const net::failure why = net::failure_of(d.error, net::stage::call);
    answer_flight(d.tag, {why.what, why.why});
  }
}

void exchange::drain() {
  drain(sides_[0], false);
  drain(sides_[1], true);
}

void exchange::drain(side& s, bool v6) {
  if (!s.port.is_open()) return;
  flush(s);  // an answer is never read before its question is known to have left
  for (bool more = true; more;) {
    const auto arrivals = s.port.receive();
    more = arrivals.size() == net::datagram_port::batch;
    for (const net::arrival& a : arrivals) how_.read(a, v6);
    for (side& staged : sides_) flush(staged);  // what again() has staged, before its flight can land
  }
  for (const net::rejection& r : s.port.rejections()) how_.rejected(r, v6);
}

cause exchange::forget(std::uint32_t ticket) {
  const std::uint32_t index = flights_.with_ticket(ticket);
  if (index == net::flights::none) return cause::timeout;
  const net::flight& f = *flights_.at(index);
  const cause heard =
      f.heard_elsewhere ? cause::other_source : strays_.from(f.to, f.port, f.sent).value_or(cause::timeout);
  flights_.land(index, net::flight::phase::forgotten);
  return heard;
}

std::optional<ignored_reason> exchange::mismatch(std::uint32_t index, std::uint64_t cookie, const ip_address& from,
                                                 std::uint16_t port) {
  net::flight* f = flights_.at(index);
  if (f == nullptr || f->now == net::flight::phase::unused) return ignored_reason::unknown_id;
  if (f->cookie != cookie) return ignored_reason::wrong_cookie;
  if ((f->to != from || f->port != port) && !f->any_source) {
    f->heard_elsewhere = true;
    return ignored_reason::wrong_source;
  }
  if (f->now == net::flight::phase::answered) return ignored_reason::duplicate;
  if (f->now == net::flight::phase::forgotten) return ignored_reason::late;
  return std::nullopt;
}

net::flight* exchange::claim(std::uint32_t index, std::uint64_t cookie, const ip_address& from, std::uint16_t port) {
  const auto why = mismatch(index, cookie, from, port);
  if (!why) return flights_.at(index);
  ignore(*why);
  return nullptr;
}

void exchange::answer_flight(std::uint32_t index, const answer& a) {
  const std::uint32_t ticket = flights_.at(index)->ticket;
  flights_.land(index, net::flight::phase::answered);
  sink_.answered(ticket, a);
}

std::vector<ignored_packets> exchange::ignored() const {
  static constexpr std::array names{"malformed",    "oversized", "unknown_id", "wrong_cookie",
                                    "wrong_source", "duplicate", "late"};
  static_assert(names.size() == static_cast<std::size_t>(ignored_reason::count));
  std::vector<ignored_packets> all;
  all.reserve(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) all.push_back({names[i], ignored_[i]});
  return all;
}

result<std::uint64_t> bounded_number(std::string_view key, std::string_view text, std::uint64_t least,
                                     std::uint64_t greatest) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value < least || value > greatest)
    return said(both("{} 应为 {} 至 {} 的数，而不是 `{}`", "{}: a number from {} to {} is needed, not `{}`", key, least,
                     greatest, text));
  return value;
}

}  // namespace changtong
