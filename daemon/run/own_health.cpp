#include "daemon/run/own_health.h"

#include <algorithm>
#include <cstdlib>

#include "daemon/core/label_clock.h"
#include "daemon/core/sample.h"

namespace changtong {

/** Whether something has been wrong for at least so long. */
bool own_health::lasts(std::string_view name, bool wrong, wall_t now, milliseconds least) {
  if (!wrong) {
    since_.erase(name);
    return false;
  }
  wall_t& since = since_.try_emplace(name, now).first->second;
  if (since > now) since = now;  // the clock was set back
  return now - since >= least;
}

/** By the last whole minute. */
bool own_health::late(const daemon_tallies& c, wall_t now) {
  if (minute_ != wall_min && now >= minute_ && now - minute_ < std::chrono::minutes{1}) return late_;
  std::uint64_t samples = 0;
  for (const auto& kind : c.samples)
    for (const auto& n : kind) samples += n.load(std::memory_order_relaxed);
  const std::uint64_t slots = c.late_slots.load(std::memory_order_relaxed);
  const std::uint64_t late = slots - late_before_, all = samples - samples_before_;
  late_ = minute_ != wall_min && late >= most_late && late * 10 >= all;
  late_before_ = slots;
  samples_before_ = samples;
  late_since_ = minute_ == wall_min ? now : minute_;
  minute_ = now;
  return late_;
}

/** Our own interface is down, our own socket is refused: nothing can be asked, so rule 10 has nothing to judge. */
bool own_health::blind(const daemon_tallies& c, wall_t now) {
  std::uint64_t measured = 0, unmeasured = 0;
  for (const auto& kind : c.samples)
    for (std::size_t how = 0; how < kind.size(); ++how)
      (how == static_cast<std::size_t>(outcome::not_measured) ? unmeasured : measured) +=
          kind[how].load(std::memory_order_relaxed);
  if (measured != measured_ || measured_at_ == wall_min || now < measured_at_) {
    measured_ = measured;
    unmeasured_then_ = unmeasured;
    measured_at_ = now;
  }
  return unmeasured - unmeasured_then_ >= most_blind && now - measured_at_ >= least_blind;
}

/** True with the look that finds it over: what was late then, and what was not measured, is no other fault. */
bool own_health::paused(const daemon_tallies& c) {
  const std::int64_t until = c.paused_until_ms.load(std::memory_order_acquire);
  const pause last{wall_from_ms(c.paused_from_ms.load(std::memory_order_relaxed)), wall_from_ms(until)};
  const bool news = until != 0 && last != known_pause_;
  known_pause_ = last;
  if (!news) return false;
  pauses_.push_back(last);
  if (pauses_.size() > most_pauses) pauses_.pop_front();
  minute_ = wall_min;
  measured_at_ = wall_min;
  return true;
}

std::optional<wall_t> own_health::pause_ended(wall_t began) const {
  const auto at = std::find_if(pauses_.rbegin(), pauses_.rend(), [&](const pause& p) { return p.began == began; });
  return at == pauses_.rend() ? std::nullopt : std::optional(at->ended);
}

/** Of what has to last before it is told. */
own_health::fault own_health::since(std::string_view name, bool wrong, wall_t now) const {
  const auto began = since_.find(name);
  return {name, wrong, began == since_.end() ? now : began->second};
}

std::vector<own_health::fault> own_health::look(const daemon_tallies& c, std::optional<std::uint64_t> free_bytes,
                                                bool nobody_reachable, wall_t now) {
  if (!kept_since_) kept_since_ = now;
  const auto is = [](const auto& a) { return a.load(std::memory_order_relaxed); };
  const auto trust = static_cast<clock_trust>(is(c.clock_synchronised));
  was_synchronised_ = was_synchronised_ || trust == clock_trust::synchronised;
  const bool astray = std::llabs(is(c.clock_offset_ms)) > 2000;
  const bool unsynchronised_now =
      lasts("unsynchronised", was_synchronised_ && trust == clock_trust::unsynchronised, now, unsynchronised);
  const bool clock = lasts("clock", astray, now, milliseconds{5'000}) || unsynchronised_now;
  const wall_t sealed = std::max(wall_from_ms(is(c.sealed_until_ms)), *kept_since_);
  const bool stood_still = paused(c);
  const bool uplink = lasts("uplink", is(c.own_uplink_silent), now, least_silence);
  const bool ledger = lasts("ledger", !is(c.ledger_writable), now, least_away);
  const bool blind_now = blind(c, now) && !is(c.own_uplink_silent);
  const bool late_now = late(c, now);
  const bool audit = lasts("audit", !is(c.audit_writable), now, least_away);
  std::vector<fault> all{since("uplink", uplink, now),
                         {"blind", blind_now, blind_now ? measured_at_ : now},
                         {"anchors", is(c.anchors_contradicted), now},
                         since("ledger", ledger, now),
                         {"clock", clock, since(astray ? "clock" : "unsynchronised", clock, now).since},
                         {"disk", free_bytes && *free_bytes < least_free, now},
                         {"verification", is(c.ledger_verified_ok) == 0, now},
                         since("audit", audit, now),
                         {"seals", lasts("seals", now - sealed > unsealed, now, catches_up), now},
                         {"late", late_now, late_since_},
                         {"nobody", nobody_reachable, now}};
  if (stood_still) all.push_back({"paused", true, pauses_.back().began});
  all.push_back({"paused", false, pauses_.empty() ? now : pauses_.back().ended});
  return all;
}

}  // namespace changtong
