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
bool own_health::late(const daemon_counters& c, wall_t now) {
  if (minute_ != wall_min && now >= minute_ && now - minute_ < std::chrono::minutes{1}) return late_;
  std::uint64_t samples = 0;
  for (const auto& kind : c.samples)
    for (const auto& n : kind) samples += n.load(std::memory_order_relaxed);
  const std::uint64_t slots = c.late_slots.load(std::memory_order_relaxed);
  const std::uint64_t late = slots - late_before_, all = samples - samples_before_;
  late_ = minute_ != wall_min && late >= most_late && late * 10 >= all;
  late_before_ = slots;
  samples_before_ = samples;
  minute_ = now;
  return late_;
}

/** Our own interface is down, our own socket is refused: nothing can be asked, so rule 10 has nothing to judge. */
bool own_health::blind(const daemon_counters& c, wall_t now) {
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

std::vector<std::pair<std::string_view, bool>> own_health::look(const daemon_counters& c,
                                                                std::optional<std::uint64_t> free_bytes,
                                                                bool nobody_reachable, wall_t now) {
  if (!first_) first_ = now;
  const auto is = [](const auto& a) { return a.load(std::memory_order_relaxed); };
  const auto trust = static_cast<clock_trust>(is(c.clock_synchronised));
  was_synchronised_ = was_synchronised_ || trust == clock_trust::synchronised;
  const bool astray = std::llabs(is(c.clock_offset_ms)) > 2000;
  const bool unsynchronised_now =
      lasts("unsynchronised", was_synchronised_ && trust == clock_trust::unsynchronised, now, unsynchronised);
  const wall_t sealed = std::max(wall_from_ms(is(c.sealed_until_ms)), *first_);
  return {{"uplink", lasts("uplink", is(c.own_uplink_silent), now, least_silence)},
          {"blind", blind(c, now) && !is(c.own_uplink_silent)},
          {"anchors", is(c.anchors_contradicted)},
          {"ledger", lasts("ledger", !is(c.ledger_writable), now, least_away)},
          {"clock", lasts("clock", astray, now, milliseconds{5'000}) || unsynchronised_now},
          {"disk", free_bytes && *free_bytes < least_free},
          {"verification", is(c.ledger_verified_ok) == 0},
          {"seals", now - sealed > unsealed},
          {"late", late(c, now)},
          {"nobody", nobody_reachable}};
}

}  // namespace changtong
