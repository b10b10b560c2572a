#include "collectors/snmp_meter.h"

#include "daemon/core/up_time.h"

namespace changtong {
namespace {

using namespace std::chrono_literals;

constexpr nanoseconds least_counted = 9s;  ///< a 10 s interval is kept within a tenth
constexpr nanoseconds longest_still = 60s;
constexpr nanoseconds forgotten_after = 3h;  ///< longer than any interval
constexpr nanoseconds swept_every = 60s;     ///< for the whole table is looked through
constexpr std::uint64_t turn = std::uint64_t{1} << 32U;
constexpr double slack = 1.1;

/** Octets between; empty: the count went back, or may have turned more than once. */
std::optional<std::uint64_t> between(std::uint64_t before, std::uint64_t after, const snmp_meter::counted& now,
                                     double seconds) {
  if (!now.narrow) return after >= before ? std::optional(after - before) : std::nullopt;
  const double most = static_cast<double>(now.speed_mbps) * 125e3 * seconds;
  if (most >= static_cast<double>(turn)) return std::nullopt;
  if (after >= before) return after - before;
  return now.speed_mbps == 0 ? std::nullopt : std::optional(after + turn - before);
}

}  // namespace

snmp_meter::state snmp_meter::kept(const counted& r, std::optional<rates> last) {
  return {.sent = r.sent,
          .in = r.in,
          .out = r.out,
          .up_time = static_cast<std::uint32_t>(r.up_time.value_or(0)),
          .discontinuity = static_cast<std::uint32_t>(r.discontinuity.value_or(0)),
          .in_rate = last ? static_cast<float>(last->in) : 0,
          .out_rate = last ? static_cast<float>(last->out) : 0,
          .narrow = r.narrow,
          .has_up_time = r.up_time.has_value(),
          .has_discontinuity = r.discontinuity.has_value(),
          .known = last.has_value()};
}

bool snmp_meter::same_count(const state& before, const counted& now) {
  if (before.narrow != now.narrow || before.has_discontinuity != now.discontinuity.has_value() ||
      before.discontinuity != static_cast<std::uint32_t>(now.discontinuity.value_or(0)))
    return false;
  return !before.has_up_time || !now.up_time || !restarted(before.up_time, *now.up_time, now.sent - before.sent);
}

bool snmp_meter::has_room(mono_t now) {
  if (interfaces_.size() < most_) return true;
  if (now - swept_ < swept_every) return false;
  swept_ = now;
  std::erase_if(interfaces_, [&](const auto& i) { return now - i.second.sent > forgotten_after; });
  return interfaces_.size() < most_;
}

std::optional<snmp_meter::rates> snmp_meter::take(std::uint64_t who, const counted& now) {
  if (!interfaces_.contains(who) && !has_room(now.sent)) return std::nullopt;
  const auto [at, fresh] = interfaces_.try_emplace(who, kept(now, std::nullopt));
  state& s = at->second;
  if (fresh) return std::nullopt;
  const auto told = [&s]() -> std::optional<rates> {
    if (!s.known) return std::nullopt;
    return rates{static_cast<double>(s.in_rate), static_cast<double>(s.out_rate)};
  };
  const auto anew = [&]() -> std::optional<rates> {
    s = kept(now, std::nullopt);
    return std::nullopt;
  };
  const nanoseconds gone = now.sent - s.sent;
  if (gone.count() < 0 || !same_count(s, now)) return anew();
  const double seconds = std::chrono::duration<double>(gone).count();
  const auto in = between(s.in, now.in, now, seconds), out = between(s.out, now.out, now, seconds);
  if (!in || !out) return anew();
  if (gone < least_counted || (*in == 0 && *out == 0 && gone < longest_still)) return told();
  const rates r{static_cast<double>(*in) * 8 / seconds, static_cast<double>(*out) * 8 / seconds};
  const double most_bits = static_cast<double>(now.speed_mbps) * 1e6 * slack;
  if (now.speed_mbps != 0 && (r.in > most_bits || r.out > most_bits)) return gone < longest_still ? told() : anew();
  s = kept(now, r);
  return r;
}

}  // namespace changtong
