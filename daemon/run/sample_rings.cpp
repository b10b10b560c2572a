#include "daemon/run/sample_rings.h"

#include <algorithm>

#include "daemon/core/declared_samples.h"

namespace changtong {
namespace {

constexpr std::size_t least = 4, spare = 16, most = 0xffff;
constexpr auto rtt_unit = std::chrono::microseconds{10};
constexpr std::int64_t most_rtt = (1 << 24) - 1;

/** Slots are spread by a tenth of the interval, so that ten minutes hold up to a ninth more. */
std::size_t wanted(const check& c) {
  const std::int64_t regular = samples_nearness / std::max(c.when.interval, milliseconds{1});
  return std::min(static_cast<std::size_t>(regular + regular / 9) + spare, most);
}

#define CAUSE(name, cls, zh, en) +1
constexpr int causes = 0
#include "daemon/core/cause.def"
    ;
#undef CAUSE
static_assert(causes <= 64, "a ring's sample has six bits for its cause");

}  // namespace

ring_sample ring_sample_of(const sample& s) {
  ring_sample out;
  out.at = static_cast<std::uint32_t>(ms_of(s.at));
  const std::int64_t rtt = s.what == outcome::good ? s.rtt / rtt_unit : 0;
  out.rtt = static_cast<std::uint32_t>(std::clamp<std::int64_t>(rtt, 0, most_rtt)) & most_rtt;
  out.what = static_cast<std::uint32_t>(s.what) & 3U;
  out.why = static_cast<std::uint32_t>(s.why) & 63U;
  return out;
}

kept_sample kept_from(ring_sample s, wall_t near) {
  const auto apart = static_cast<std::int32_t>(s.at - static_cast<std::uint32_t>(ms_of(near)));
  return {.at = near + milliseconds{apart},
          .what = static_cast<outcome>(s.what),
          .why = static_cast<cause>(s.why),
          .rtt = s.rtt};
}

sample_rings::sample_rings(const inventory& inv, std::size_t most_bytes) : rings_(inv.checks.size()) {
  const auto kept = [&](const check& c) { return inv.targets[c.target].kind != target_kind::anchor; };
  std::size_t all = 0;
  if (rings_.size() > most_checks) {
    rings_ = {};
    return;
  }
  for (const check& c : inv.checks) all += kept(c) ? wanted(c) : 0;
  const std::size_t room = most_bytes / sizeof(ring_sample);
  for (std::size_t c = 0; c < rings_.size(); ++c) {
    if (!kept(inv.checks[c])) continue;
    const std::size_t size = all <= room ? wanted(inv.checks[c]) : wanted(inv.checks[c]) * room / all;
    rings_[c].first = static_cast<std::uint32_t>(total_);
    rings_[c].size = static_cast<std::uint16_t>(std::max(size, least));
    total_ += rings_[c].size;
  }
  slots_ = std::make_unique_for_overwrite<ring_sample[]>(total_);
}

void sample_rings::carry(const inventory& inv, const sample_rings& before, const inventory& was) {
  for (check_index c = 0; c < rings_.size(); ++c) {
    const target_index old = was.index_of(inv.targets[inv.checks[c].target].id);
    if (rings_[c].size == 0 || old == no_index) continue;
    const target& t = was.targets[old];
    for (check_index o = t.first_check; o < t.first_check + t.check_count; ++o)
      if (was.checks[o].id == inv.checks[c].id) before.each(o, [&](const ring_sample& s) { put(c, s); });
  }
}

}  // namespace changtong
