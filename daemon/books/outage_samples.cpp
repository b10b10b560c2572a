#include "daemon/books/outage_samples.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace changtong::books {
namespace {

constexpr std::size_t most_neighbours = 1000;  // of one line within twenty minutes and an outage: each lasts seconds

auto order(const kept_sample& s) { return std::tuple(s.at, s.what, s.why, s.rtt); }

}  // namespace

outage_samples samples_of(const ledger::reader& from, const availability::outage& o) {
  const wall_t end = o.ended == wall_max ? wall_max : o.ended + samples_nearness;
  const period near{o.began - samples_nearness, end};
  std::vector<availability::outage> around = from.outages(near, o.target, most_neighbours);
  std::ranges::sort(around, {}, &availability::outage::began);
  outage_samples out;
  std::map<std::string, std::vector<kept_sample>> checks;
  for (const availability::outage& one : around)
    for (samples_record& r :
         from.declared<samples_record>({.keys = {}, .about = {one.began, one.began + milliseconds{1}}}, o.target)) {
      const auto stretches = unpack(r.packed);
      out.unreadable = out.unreadable || !stretches;
      bool any = r.about == o.began;
      for (const kept_stretch& s : stretches ? *stretches : std::vector<kept_stretch>{})
        for (const kept_sample& x : s.samples)
          if (near.holds(x.at)) checks[s.check].push_back(x), any = true;
      r.packed.clear();
      if (any) out.entries.push_back(std::move(r));
    }
  for (auto& [check, samples] : checks) {
    std::ranges::sort(samples, {}, order);  // pieces meet at a seam, where some are in both
    const auto twice = std::ranges::unique(samples, {}, order);
    samples.erase(twice.begin(), twice.end());
    out.checks.push_back({.check = check, .samples = std::move(samples)});
  }
  return out;
}

}  // namespace changtong::books
