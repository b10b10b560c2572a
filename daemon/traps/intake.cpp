#include "daemon/traps/intake.h"

#include <algorithm>

namespace changtong::traps {
namespace {

constexpr double seconds_an_hour = 3600;
constexpr double most_gasps = 4;
constexpr std::string_view several = "other";

}  // namespace

intake::line& intake::of(const std::string& target, mono_t now) {
  const auto at = lines_.find(target);
  if (at != lines_.end()) return at->second;
  return lines_
      .emplace(target, line{.taking = token_bucket(most_a_second, most_a_second, now),
                            .entries = token_bucket(limits_.burst, limits_.per_hour / seconds_an_hour, now),
                            .checks = token_bucket(most_in_vain, most_in_vain, now),
                            .reports = token_bucket(most_reports, most_reports, now),
                            .gasps = token_bucket(most_gasps, limits_.per_hour / seconds_an_hour, now),
                            .asked = {},
                            .ever_asked = false,
                            .sums = {},
                            .informs = {}})
      .first->second;
}

void intake::adopt(const limits& l) {
  if (l == limits_) return;
  limits_ = l;
  for (auto& [id, one] : lines_) one.entries = token_bucket(l.burst, l.per_hour / seconds_an_hour, mono_t{});
}

bool intake::may_check(const std::string& target, mono_t now) { return of(target, now).checks.ready(now); }
void intake::in_vain(const std::string& target, mono_t now) { (void)of(target, now).checks.take(now); }
bool intake::may_report(const std::string& target, mono_t now) { return of(target, now).reports.take(now); }
bool intake::may_take(const std::string& target, mono_t now) { return of(target, now).taking.take(now); }

/** To the sum of its kind, or of those that are too many. */
intake::sum& intake::add(line& l, const trap_record& r) const {
  const auto kind = [](const sum& s) -> const std::string& { return s.entry.trap; };
  auto at = std::ranges::find(l.sums, r.trap, kind);
  if (at == l.sums.end() && l.sums.size() < most_kinds) return l.sums.emplace_back(sum{.entry = r, .informs = {}});
  if (at == l.sums.end()) at = std::ranges::find(l.sums, several, kind);
  if (at == l.sums.end()) {
    at = std::prev(l.sums.end());
    at->entry.trap = several;
    at->entry.what = trap_class::other;
    at->entry.text.clear();
  }
  ++at->entry.more;
  at->entry.last = r.about;
  return *at;
}

/** Many that are summed push out none that is being entered, nor the other way round. */
void intake::remember(line& l, const remembered_inform& i) {
  const auto alike = [&](const remembered_inform& one) { return one.what == i.what; };
  const std::size_t most = i.what == fate::waiting ? most_informs : most_summed;
  if (static_cast<std::size_t>(std::ranges::count_if(l.informs, alike)) >= most)
    l.informs.erase(std::ranges::find_if(l.informs, alike));
  l.informs.push_back(i);
}

decision intake::take(const trap_record& r, std::optional<std::uint64_t> inform, mono_t now) {
  line& l = of(r.target, now);
  std::erase_if(l.informs, [&](const remembered_inform& i) { return i.what != fate::sum && now - i.at > remembered; });
  if (inform)
    if (const auto known = std::ranges::find(l.informs, *inform, &remembered_inform::key); known != l.informs.end())
      return {.what = known->what == fate::sum ? fate::waiting : known->what, .ask = false};
  // What waits to be entered has the next token, else it would wait as long as the storm lasts.
  const bool decides = r.what == trap_class::power || r.what == trap_class::restart;
  const bool alone = (decides && l.gasps.take(now)) || (l.sums.empty() && l.entries.take(now));
  decision d{.what = alone ? fate::keep : fate::sum, .ask = !l.ever_asked || now - l.asked >= ask_pause};
  if (d.ask) {
    l.asked = now;
    l.ever_asked = true;
  }
  sum* part_of = d.what == fate::sum ? &add(l, r) : nullptr;
  if (!inform) return d;
  remember(l, {.key = *inform, .at = now, .what = part_of != nullptr ? fate::sum : fate::waiting});
  if (part_of != nullptr && part_of->informs.size() < most_summed) part_of->informs.push_back(*inform);
  return d;
}

void intake::entered(const std::string& target, std::uint64_t inform, bool durable, mono_t now) {
  const auto l = lines_.find(target);
  if (l == lines_.end()) return;
  const auto known = std::ranges::find(l->second.informs, inform, &remembered_inform::key);
  if (known == l->second.informs.end()) return;
  const remembered_inform is{.key = inform, .at = known->what == fate::sum ? now : known->at, .what = fate::kept};
  l->second.informs.erase(known);
  if (durable) remember(l->second, is);
}

std::vector<intake::sum> intake::due(mono_t now, wall_t at, bool all) {
  std::vector<sum> out;
  for (auto& [id, l] : lines_)
    while (!l.sums.empty() && (all || l.entries.take(now))) {
      l.sums.front().entry.at = at;
      out.push_back(std::move(l.sums.front()));
      l.sums.pop_front();
    }
  return out;
}

}  // namespace changtong::traps
