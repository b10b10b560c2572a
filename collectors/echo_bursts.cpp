#include "collectors/echo_bursts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "daemon/core/phrase.h"

namespace changtong {

burst_figures figures_of(std::span<const nanoseconds> round_trips) {
  burst_figures out;
  double jitter = 0;
  for (std::size_t i = 1; i < round_trips.size(); ++i) {
    const auto d = static_cast<double>(std::chrono::abs(round_trips[i] - round_trips[i - 1]).count());
    jitter += (d - jitter) / 16;
  }
  out.jitter = nanoseconds{static_cast<std::int64_t>(jitter)};
  std::vector<nanoseconds> sorted(round_trips.begin(), round_trips.end());
  const std::size_t middle = sorted.size() / 2;
  std::ranges::sort(sorted);
  out.median = sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return out;
}

const icmp_settings& echo_bursts::settings_of(const burst& b) {
  return static_cast<const icmp_settings&>(*b.what->settings);
}

std::optional<question> echo_bursts::begin(const question& asked) {
  if (free_.empty() && bursts_.size() >= most_bursts) return std::nullopt;
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(bursts_.size()));
    bursts_.emplace_back();
  }
  const std::uint32_t place = free_.back();
  free_.pop_back();
  burst& b = bursts_[place];
  std::vector<echo> echoes = std::move(b.echoes);  // its memory is used again
  const std::uint32_t serial = b.serial + 1;
  b = {};
  b.now = true;
  b.ticket = asked.ticket;
  b.serial = serial;
  b.what = asked.what;
  b.deadline = asked.deadline;
  echoes.assign(settings_of(b).count, {});
  b.echoes = std::move(echoes);
  by_ticket_.emplace(asked.ticket, place);
  return echo_of(place);
}

question echo_bursts::echo_of(std::uint32_t place) {
  burst& b = bursts_[place];
  const auto position = static_cast<std::uint32_t>(b.asked++);
  b.echoes[position].now = echo_state::under_way;
  ++b.open;
  return {.ticket = burst_ticket | (place << echo_bits) | position, .what = b.what, .deadline = b.deadline};
}

void echo_bursts::sent(const question& first_echo) {
  const std::uint32_t place = (first_echo.ticket & ~burst_ticket) >> echo_bits;
  burst& b = bursts_[place];
  if (!b.now) return;  // it could not be put
  b.first = first_echo.sent;
  b.deadline = b.first + b.what->when.timeout;
  moments_.push({b.first + settings_of(b).gap, place, b.serial, false});
  moments_.push({b.deadline, place, b.serial, true});
}

std::vector<question> echo_bursts::move_on(mono_t now) {
  std::vector<moment> turns;
  while (!moments_.empty() && moments_.top().at <= now) {
    const moment m = moments_.top();
    moments_.pop();
    if (!is_still(m)) continue;
    m.ends ? conclude(m.place) : turns.push_back(m);
  }
  // Afterwards, since an answer may end others.
  std::vector<question> out;
  for (const moment& m : turns) {
    if (!is_still(m)) continue;
    burst& b = bursts_[m.place];
    out.push_back(echo_of(m.place));
    if (b.asked == b.echoes.size()) continue;
    moments_.push({b.first + static_cast<std::int64_t>(b.asked) * settings_of(b).gap, m.place, m.serial, false});
  }
  return out;
}

void echo_bursts::keep(std::uint32_t ticket, const answer& a) {
  const std::uint32_t place = (ticket & ~burst_ticket) >> echo_bits;
  const std::size_t position = ticket & ((1U << echo_bits) - 1);
  if (place >= bursts_.size()) return;
  burst& b = bursts_[place];
  if (!b.now || position >= b.echoes.size() || b.echoes[position].now != echo_state::under_way) return;
  echo& e = b.echoes[position];
  --b.open;
  if (a.what == outcome::good) {
    e = {echo_state::back, a.rtt};
  } else if (a.what == outcome::bad) {
    e.now = echo_state::lost;
    b.why_lost = a.why;
  } else {
    e.now = echo_state::not_put;
    b.why_not_put = a.why;
    if (position == 0) return conclude(place);  // as a single echo: nothing of it left
  }
  if (b.open == 0 && b.asked == b.echoes.size()) conclude(place);
}

void echo_bursts::conclude(std::uint32_t place) {
  const burst& b = bursts_[place];
  std::vector<nanoseconds> back;
  std::size_t lost = 0;
  for (const echo& e : b.echoes) {
    if (e.now == echo_state::back) back.push_back(e.rtt);
    lost += e.now == echo_state::lost || e.now == echo_state::under_way;
  }
  const std::size_t put = back.size() + lost;
  const cause ours = b.why_not_put == cause::none ? cause::late : b.why_not_put;
  answer a{.what = outcome::good, .why = cause::none};
  if (put == 0 || (!back.empty() && back.size() < settings_of(b).least && put < b.echoes.size()))
    a = {.what = outcome::not_measured, .why = ours};  // what was not put might have come back
  else if (back.size() < settings_of(b).least)
    a = {.what = outcome::bad, .why = b.why_lost};
  std::array<fact, 3> facts{};
  std::size_t known = 0;
  if (a.what != outcome::not_measured)
    facts[known++] = {fact_name::burst_loss, 0, static_cast<std::int64_t>(lost * 1'000'000 / put)};
  if (a.what == outcome::good) {
    const burst_figures f = figures_of(back);
    a.rtt = f.median;
    facts[known++] = {fact_name::burst_median_nanoseconds, 0, f.median.count()};
    facts[known++] = {fact_name::burst_jitter_nanoseconds, 0, f.jitter.count()};
  }
  a.facts = {facts.data(), known};
  const std::string said =
      lost == 0 || back.empty() ? "" : to_string(both("{} 个回来 {} 个", "{1} of {0} came back", put, back.size()));
  a.detail = said;
  const std::uint32_t ticket = b.ticket;
  release(place);
  out_->answered(ticket, a);
}

void echo_bursts::release(std::uint32_t place) {
  burst& b = bursts_[place];
  for (std::size_t i = 0; i < b.echoes.size(); ++i)
    if (b.echoes[i].now == echo_state::under_way)
      given_up_.push_back(burst_ticket | (place << echo_bits) | static_cast<std::uint32_t>(i));
  by_ticket_.erase(b.ticket);
  b.now = false;
  free_.push_back(place);
}

std::optional<cause> echo_bursts::forget(std::uint32_t ticket) {
  const auto at = by_ticket_.find(ticket);
  if (at == by_ticket_.end()) return std::nullopt;
  const cause why = bursts_[at->second].why_lost;
  release(at->second);
  return why;
}

}  // namespace changtong
